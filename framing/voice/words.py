"""Word lists of reported speech: verbs with all their forms, and the roles of those who speak."""

from __future__ import annotations

__all__ = [
    "ATTITUDE", "EXPERTS", "JUDGING", "MEDIA", "NOBODY", "OFFICIALS", "PEOPLE", "PERSONS", "QUOTE_ONLY",
    "RESIDENTS", "SAYING", "TITLES", "VERBS", "word_set",
]  # fmt: skip


def word_set(text: str) -> frozenset[str]:
    """The words of `text`.

    >>> sorted(word_set("said told"))
    ['said', 'told']
    """
    return frozenset(text.split())


_IRREGULAR = {
    "say": "says said saying", "tell": "tells told telling", "write": "writes wrote written writing",
    "think": "thinks thought thinking", "swear": "swears swore sworn swearing", "put": "puts putting",
    "foresee": "foresees foresaw foreseeing", "admit": "admits admitted admitting",
    "quip": "quips quipped quipping", "reply": "replies replied replying", "deny": "denies denied denying",
    "hold": "holds held holding", "begin": "begins began", "go": "goes went", "fear": "fears feared fearing",
    "read": "reads", "decry": "decries decried decrying", "label": "labels labelled",
    "testify": "testifies testified testifying", "forecast": "forecasts", "speak": "speaks spoke spoken speaking",
    "see": "sees saw", "find": "finds found", "rebut": "rebuts rebutted rebutting", "beg": "begs begged begging",
    "signal": "signals signalled signaled signalling signaling", "concur": "concurs concurred concurring",
    "counsel": "counsels counselled counseled counselling", "marvel": "marvels marvelled marveled",
    "brag": "brags bragged bragging", "refer": "refers referred", "grin": "grins grinned grinning",
    "sob": "sobs sobbed sobbing", "blog": "blogs blogged", "beseech": "beseeches besought beseeched",
    "snarl": "snarls snarled", "foretell": "foretells foretold", "retell": "retells retold", "jab": "jabs jabbed",
    "prophesy": "prophesies prophesied", "weep": "weeps wept",
}  # fmt: skip

# With a clause or a quotation they report speech; without, they mostly do something else ("reported a profit").
SAYING = word_set(
    """say tell add note argue claim insist warn stress state declare announce explain acknowledge concede
    confirm reveal suggest maintain contend assert allege remark observe recall reply answer respond retort
    write report predict estimate complain joke quip reckon conclude assure caution emphasise emphasize
    underline underscore reiterate repeat comment vow pledge promise threaten propose demand deny signal
    indicate disclose testify protest lament inform advise recommend counter object point admit swear assess
    remind calculate opine posit affirm attest clarify boast muse mention claim hint imply lecture forecast
    recount relate narrate specify elaborate summarise summarize urge recount confess wonder speculate surmise
    guess suppose plead counsel concur divulge pronounce relay confide grant judge scoff marvel gripe work
    volunteer reason venture brief rejoin gloat brag bluster rant rage fume bemoan deadpan jest moan groan whine
    enthuse preach pontificate theorise theorize hypothesise postulate forewarn prophesy foretell stipulate decree
    rule instruct request beseech implore beg exhort certify tweet post blog rumour apologise apologize dictate
    lobby retell proclaim profess avow attribute credit mumble mutter bellow editorialise chide
    reprimand deplore denounce complain contradict demur project radio dissent interject expound extrapolate verify"""
)
ATTITUDE = word_set(
    """find believe think expect fear hope consider hold agree foresee doubt suspect regard worry deem anticipate
    reckon envisage envision"""
)
# A statement of their own, whatever follows.
JUDGING = word_set(
    """see consider view express voice reaffirm stress reiterate emphasise emphasize underline accuse blame
    condemn criticise criticize denounce decry slam praise hail urge reject dismiss deny demand describe call
    brand label vow pledge threaten warn dispute deplore ridicule mock welcome refute rebut rebuke lambast
    lambaste castigate protest regard caution commend laud applaud rubbish object brand characterise
    characterize portray recommend insist complain advise speak implore beseech exhort beg chide berate scold
    chastise deride disparage belittle downplay champion extol tout lament bemoan decry deplore excoriate savage
    skewer vilify malign pillory liken interpret perceive disavow repudiate rebuff admonish upbraid advocate"""
)
# They carry a quotation and nothing else.
QUOTE_ONLY = word_set(
    """ask continue begin go shout whisper laugh smile shrug sigh grumble cry exclaim post tweet read offer
    put call describe joke murmur mutter snap nod interject chuckle conclude thunder quote dub
    grin beam fume sob scream yell roar bark growl hiss wail weep intone drawl croak mumble stammer crow gush
    sniff snort blurt tease interrupt press bellow chirp sneer smirk wince chime wisecrack text email message
    lash vent rail rap carp argue chant recite bluster swear curse add"""
)
_ALL = SAYING | ATTITUDE | JUDGING | QUOTE_ONLY


def _forms(lemma: str) -> list[str]:
    if lemma in _IRREGULAR:
        return [lemma, *_IRREGULAR[lemma].split()]
    if lemma.endswith("y") and lemma[-2] not in "aeiou":
        stem = lemma[:-1]
        return [lemma, f"{stem}ies", f"{stem}ied", f"{lemma}ing"]
    if lemma.endswith("e"):
        return [lemma, f"{lemma}s", f"{lemma}d", f"{lemma[:-1]}ing"]
    doubled = {"slam": "slamm", "nod": "nodd", "shrug": "shrugg", "dub": "dubb", "snap": "snapp"}.get(lemma, lemma)
    s = "es" if lemma.endswith(("s", "sh", "ch", "x")) else "s"
    return [lemma, f"{lemma}{s}", f"{doubled}ed", f"{doubled}ing"]


VERBS: dict[str, str] = {form: lemma for lemma in sorted(_ALL) for form in _forms(lemma)}

NOBODY = word_set(
    """it this that there nobody none nothing neither which what something anything everything no-one
    everybody everyone whoever us me anybody anyone somebody someone few i we you who some many"""
)

OFFICIALS = word_set(
    """minister ministers ministry ministries president presidents presidency premier chancellor spokesman
    spokeswoman spokesperson spokespeople spokesmen official officials officer officers diplomat diplomats
    ambassador ambassadors envoy envoys government governments governor governors mayor mayors deputy deputies
    senator senators lawmaker lawmakers legislator legislators congressman congresswoman commissioner
    secretary secretaries general generals colonel lieutenant admiral admirals sergeant commander commanders
    attaché attache prosecutor prosecutors police army navy military force forces embassy consul consulate
    council parliament cabinet administration authorities authority kremlin delegation negotiator negotiators
    mp mps pm aide aides adviser advisers advisor advisors department bureau committee king queen prince judge
    court regulator investigators inspectors intelligence councillor alderman congress senate treasury
    lawmaking delegate delegates emissary soldier soldiers brigade troops regime inspectorate coastguard
    firefighters firefighter policeman sheriff junta statesman undersecretary ombudsman prosecution
    ministerial politician politicians whip palace tribunal inquiry speaker regulators generals constable coroner
    magistrate magistrates tsar czar watchdog governorate prefect
    prefecture procurator marshal brigadier"""
)
EXPERTS = word_set(
    """analyst analysts expert experts professor professors historian historians economist economists scholar
    scholars researcher researchers scientist scientists fellow academic academics lecturer strategist
    strategists observers commentator commentators think-tank thinktank pundits pundit specialist specialists
    institute university demographer sociologist criminologist lectures teaches studies college polytechnic
    forecaster forecasters physicist engineer-in-residence pollster pollsters columnist research study studies
    survey poll seismologist seismologists epidemiologist epidemiologists climatologist virologist geologist
    geologists biologist biologists meteorologist meteorologists psychologist psychologists psychiatrist linguist
    statistician archaeologist archaeologists ecologist ecologists astronomer physicists
    chemist criminologists demographers sociologists anthropologist philosopher"""
)
RESIDENTS = word_set(
    """owner owners resident residents witness witnesses eyewitness eyewitnesses villager villagers survivor
    survivors passenger passengers refugee refugees mother father grandmother grandfather neighbour neighbor
    neighbours neighbors locals farmer farmers nurse nurses priest shepherd pensioner pensioners teacher
    teachers student students shopkeeper shopkeepers worker workers woman women man men girl boy widow baker
    bystander bystanders evacuee evacuees civilian civilians pedestrian commuter demonstrator demonstrators
    protester protesters driver drivers bookkeeper housewife people families family cook fisherman fishermen
    waiter waitress cleaner tenant onlooker onlookers miner miners sister doctor doctors surgeon medic medics
    paramedic paramedics landlady landlord barber hairdresser carpenter electrician welder plumber butcher
    mechanic couple parents relatives relative schoolgirl schoolboy motorist motorists holidaymaker tourists
    tourist traveller cyclist hostage hostages schoolteacher schoolteachers grocer pharmacist vendor stallholder
    beekeeper housekeeper caretaker midwife carer"""
)
# Others who speak: by these a subject is somebody and no thing.
PEOPLE = word_set(
    """group groups critics critic opposition activists activist leader leaders operator operators company companies
    side sides union unions junta rebels rebel militants insurgents separatists fighters opponents opponent
    supporters supporter campaigners campaigner sceptics skeptics advocates defenders detractors lawyer lawyers
    attorney attorneys trader traders broker brokers investors executive executives banker bankers bank firm
    firms manufacturer manufacturers makers charity charities church clerics cleric bishop bishops archbishop pope
    pastor rabbi imam parents relatives doctor doctors surgeon surgeons medic medics paramedics workers organiser
    organisers organizers party parties conservatives coalition bloc alliance club coach manager captain players
    player boss bosses chief chiefs chairman chairwoman chair chairperson head heads director directors founder
    founders insider insiders source sources campaign watchdog watchdogs agency agencies body office organisation
    organization organisations organizations ngo ngos network federation association chamber panel jury judges
    courts tribunal defendant suspect victim victims author authors writer writers blogger bloggers whistleblower
    mediator mediators prosecution defence defense monitors observers mission brothers tenants customers users
    patients veterans veteran pilots pilot sailors crew guards guard friend friends colleague colleagues rival
    rivals allies ally partners hardliners moderates reformers dissidents exiles prisoners detainees migrants
    creditors lenders insurers airlines airline exporters importers producers growers retailers shops landlords
    landlord builder builders teachers scientists campaigners republicans democrats liberals socialists greens
    nationalists mourners volunteers volunteer rescuers electricians engineers engineer
    negotiators captors gunmen singer actor actress director artist poet novelist filmmaker designer chef
    striker goalkeeper champion runner cyclist trainer referee fans fan state states nation nations country
    countries neighbourhood guerrillas faction factions militia militias tribe elders elder community speaker
    speakers premier statement letter memo communique note editorial bulletin website"""
)
MEDIA = word_set(
    """media newspaper newspapers report reports journalist journalists outlet outlets broadcaster magazine
    press agency reporter reporters daily weekly correspondent tv television reuters bloomberg afp bbc cnn"""
)
PERSONS = OFFICIALS | EXPERTS | RESIDENTS | MEDIA | PEOPLE
TITLES = word_set(
    """Mr Mrs Ms Miss Dr Prof Professor General Colonel Major Captain Lieutenant Sergeant Admiral Commander
    Governor Senator Congressman Congresswoman Lord Lady Sir Dame Father Sister Brother Rabbi Imam Bishop
    Archbishop Cardinal Pope King Queen Prince Princess Judge Justice President Chancellor Ambassador Mayor
    Gen Col Lt Capt Adm Sgt Maj Sen Rep Gov Brigadier Marshal Vice Rear"""
)
