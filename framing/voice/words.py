"""Word lists of reported speech: verbs with all their forms, and the roles of those who speak."""

from __future__ import annotations

__all__ = [
    "ATTITUDE", "EXPERTS", "JUDGING", "MEDIA", "NOBODY", "OFFICIALS", "QUOTE_ONLY", "RESIDENTS", "SAYING", "TITLES",
    "VERBS", "word_set",
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
    "see": "sees saw", "find": "finds found", "rebut": "rebuts rebutted rebutting", "beg": "begs begged",
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
    volunteer reason venture"""
)
ATTITUDE = word_set("find believe think expect fear hope consider hold agree foresee doubt suspect regard")
# A statement of their own, whatever follows.
JUDGING = word_set(
    """see consider view express voice reaffirm stress reiterate emphasise emphasize underline accuse blame
    condemn criticise criticize denounce decry slam praise hail urge reject dismiss deny demand describe call
    brand label vow pledge threaten warn dispute deplore ridicule mock welcome refute rebut rebuke lambast
    lambaste castigate protest regard caution commend laud applaud rubbish object brand characterise
    characterize portray recommend insist complain advise speak"""
)
# They carry a quotation and nothing else.
QUOTE_ONLY = word_set(
    """ask continue begin go shout whisper laugh smile shrug sigh grumble cry exclaim post tweet read offer
    put call describe joke murmur mutter snap nod interject chuckle conclude thunder quote dub"""
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
    firefighters firefighter policeman sheriff"""
)
EXPERTS = word_set(
    """analyst analysts expert experts professor professors historian historians economist economists scholar
    scholars researcher researchers scientist scientists fellow academic academics lecturer strategist
    strategists observers commentator commentators think-tank thinktank pundits pundit specialist specialists
    institute university demographer sociologist criminologist lectures teaches studies college polytechnic
    forecaster forecasters physicist engineer-in-residence pollster pollsters columnist research study studies
    survey poll"""
)
RESIDENTS = word_set(
    """owner owners resident residents witness witnesses eyewitness eyewitnesses villager villagers survivor
    survivors passenger passengers refugee refugees mother father grandmother grandfather neighbour neighbor
    neighbours neighbors locals farmer farmers nurse nurses priest shepherd pensioner pensioners teacher
    teachers student students shopkeeper shopkeepers worker workers woman women man men girl boy widow baker
    bystander bystanders evacuee evacuees civilian civilians pedestrian commuter demonstrator demonstrators
    protester protesters driver drivers bookkeeper housewife people families family cook fisherman fishermen
    waiter waitress cleaner tenant onlooker onlookers miner miners sister"""
)
MEDIA = word_set(
    """media newspaper newspapers report reports journalist journalists outlet outlets broadcaster magazine
    press agency reporter reporters daily weekly correspondent tv television reuters bloomberg afp bbc cnn"""
)
TITLES = word_set(
    """Mr Mrs Ms Miss Dr Prof Professor General Colonel Major Captain Lieutenant Sergeant Admiral Commander
    Governor Senator Congressman Congresswoman Lord Lady Sir Dame Father Sister Brother Rabbi Imam Bishop
    Archbishop Cardinal Pope King Queen Prince Princess Judge Justice President Chancellor Ambassador Mayor
    Gen Col Lt Capt Adm Sgt Maj Sen Rep Gov Brigadier Marshal Vice Rear"""
)
