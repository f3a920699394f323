"""No pattern is dead: every one that the voice package compiles matches a sentence that it was written for.

`MATCHES` holds, for the name of a pattern (or of a list of patterns), texts with what must match in each: the whole
match or one of its groups. A pattern without a text here fails, and so does a text that nothing of its name matches.
"""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module

import pytest

import framing.voice
from framing.corpus.sentences import split_sentences
from framing.voice.parsed.phrasal import PHRASAL, STATEMENTS
from framing.voice.patterns.nouns import find_noun_cues
from framing.voice.patterns.phrases import find_phrase_cues
from framing.voice.patterns.stances import find_stance_cues
from framing.voice.sides import read_sides
from tests.voice.language_matches import LANGUAGE_MATCHES

NOUNS = [  # what the list of attributions by a noun finds, by the speaker
    ("Per the general staff, nobody crossed.", "the general staff"),
    ("For critics of the deal, that is the problem.", "critics of the deal"),
    ("Exports rose by a tenth, ministry data show.", "ministry"),
    ("Data from the Swedish coastguard show a rise.", "the Swedish coastguard"),
    ("There were warnings by doctors that insulin is short.", "doctors"),
    ("In time, the minister’s claim that the bridge would hold was mocked.", "the minister"),
    ("If the generals are to be believed, the winter will be quiet.", "the generals"),
    ("If you believe the Kremlin, the winter will be quiet.", "the Kremlin"),
    ("As far as Moscow is concerned, the matter is closed.", "Moscow"),
    ("To hear the mayor tell it, the town has never been richer.", "the mayor"),
    ("Ask the fishermen and they will say that the sea has changed.", "the fishermen"),
    ("For Ana Duarte, a nurse in Porto, the night was long.", "Ana Duarte"),
    ("To the villagers, this looks like a retreat.", "the villagers"),
    ("The envoy was adamant that nothing had been signed.", "The envoy"),
    ("Arne Dahl was blunt: the fleet is rusting.", "Arne Dahl"),
    ("The minister’s verdict: too little, too late.", "The minister"),
    ("The union took to the radio to say that it was over.", "The union"),
    ("The ministry was forced to admit that the dam leaks.", "The ministry"),
    ("The generals would have it that the war is won.", "The generals"),
    ("The Kremlin would have us believe that all is well.", "The Kremlin"),
    ("The court was of the view that the law is void.", "The court"),
    ("That is the view of the envoy.", "the envoy"),
    ("The dam will hold, or so the ministry says.", "the ministry"),
    ("The dam will hold, the paper wrote, citing two engineers.", "two engineers"),
    ("“A slow flood” is how the nurse describes it.", "the nurse"),
    ("“Never again” was the minister’s answer.", "the minister"),
    ("“Never again” was the blunt answer of the minister.", "the minister"),
    ("“Regroup” is the word chosen by the ministry.", "the ministry"),
    ("“No entry” read a notice from the council.", "the council"),
]
STANCES = [  # what the list of stances finds, by the speaker
    ("What the treasury dreads is a dry summer.", "the treasury"),
    ("For the fishermen the treaty is a map without fish.", "the fishermen"),
    ("To the villagers the tax looks like a joke.", "the villagers"),
    ("For her the lesson is that nobody comes.", "her"),
    ("The message from the union is simple: no contract, no trains.", "the union"),
    ("The date had not been set, the ministry let it be known.", "the ministry"),
    ("The army gave it to be understood that it would wait.", "The army"),
    ("The ties are old, as officials never tire of stating.", "officials"),
    ("Listen to the minister and the trains run on time.", "the minister"),
    ("Oslo’s position has not changed: troops first, talks later.", "Oslo"),
    ("The delegation let reporters know that it would not sign.", "The delegation"),
    ("Word from the palace was that the king had slept.", "the palace"),
    ("Among the pilots there is a suspicion that the map was drawn later.", "the pilots"),
    ("The judge takes the opposite view: the fence protects the sheep.", "The judge"),
    ("Whoever signs first, the mediator is fond of saying, pays.", "the mediator"),
    ("A woman whose garden borders the camp complained that nobody had asked her.", "A woman"),
]
PHRASES = [  # what the list of attributions by a phrase finds, by the speaker
    ("According to the harbour master, nothing moved.", "the harbour master"),
    ("From Beijing’s perspective, the quarrel is European.", "Beijing"),
    ("In her view, the quarrel is European.", "her"),
    ("In the view of the court, the law is void.", "the court"),
    ("From the perspective of Warsaw, it is late.", "Warsaw"),
    ("As one ambassador put it, shields can be counted.", "one ambassador"),
    ("As the envoy told reporters, nothing was signed.", "the envoy"),
    ("Seen from Warsaw, it is late.", "Warsaw"),
    ("The envoy’s position is that nothing was signed.", "The envoy"),
    ("His position is that nothing was signed.", "His"),
    ("The view in Warsaw is grim.", "Warsaw"),
    ("Oslo has made it clear that it would not pay.", "Oslo"),
]
MATCHES: dict[str, list[tuple[str, str]]] = {
    "_SPEAKER_AFTER": [(" — the envoy", " — t")],
    "_ACTS_AND_SAYS": [("Scholz visits Kyiv on Monday, urges patience from all sides", "urges")],
    "_APPOSED": [("A guest in Reno, Ada Lund, says", "Ada Lund")],
    "_ARTICLE": [("a guest", "a ")],
    "_AS": [("As the envoy said, nothing was signed.", "the envoy"), (" as ", "as ")],
    "_ABOUT": [("an understanding about civilians", " about ")],
    "_GIVEN": [(", who gave his name as Taras.", "Taras")],
    "_ITS": [("One of its members", "One of ")],
    "_THE": [("in the ", "the ")],
    "_OWNER": [("Mr. Lund’s own remedy", "Mr. Lund")],
    "_ANNOUNCING": [("The pilots have another explanation.", "The pilots"), ("Oslo saw it differently.", "Oslo")],
    "_GOES_ON": [("They offered to pay.", "They")],
    "_OWN": [("in my street", "my")],
    "_INSERTED": [(", its chairman, Haldor Brekke, told a rally.", "told")],
    "_BEHIND_NOUN": [("briefed", "briefed")],
    "_PARENTHESIS": [("Prices, she warned on Monday, will fall.", "she")],
    "_LINE": [("\nOne line\n", "One line")],
    "_JOINED": [(" and that it was over", " and that")],
    "_MAY_JOIN": [(" and that it was over", " and ")],
    "_PARENTHESIS_END": [(", will fall", ",")],
    "_SENTENCE_END": [("He left. ", ". "), ("He left.”", ".”")],
    "MARK": [("«", "«")],
    "_TYPED": [
        ("``Go", "``"),
        ("Go,'' ", "''"),
        (",,Go", ",,"),
        ("<<Go", "<<"),
        ("Go.>>", ">>"),
        ("`Go", "`"),
        ("don´t", "´"),
        ("« Oui", "« "),
        ("Oui » ", " »"),
    ],
    "_MAY_NEED": [("``Go", "`")],
    "_SINGLE": [("'Go", "'G")],
    "_REOPENED": [("is late. ", ". ")],
    "_INTERRUPTION": [
        ("«No, the envoy said on Friday, and", ", the envoy said on Friday,"),
        ("«No, said Ana Lopez, and", ", said Ana Lopez,"),
    ],
    "_PERSONAL": [(", Maria Stone, said", "Maria Stone"), (" — Maria Stone — said", "Maria Stone")],
    "_OPENING": [("Said Lopez, 54, of Oslo: “Go.”", "Lopez"), ("Wrote Lopez, “Go.”", "Wrote")],
    "_STOP": [("he said; they", ";")],
    "_COLON_OR_COMMA": [("he said: ", ": ")],
    "_CONTINUES": [(", grinned the driver", ", g")],
    "_PREPOSITION": [("left on the ", "on the ")],
    "_NAME_END": [(" who left", " who"), (", who", ",")],
    "_COLON": [("Kremlin: No talks before autumn", "Kremlin")],
    "_COLON_END": [("No talks: Kremlin", "Kremlin")],
    "CUT": [("the envoy in a telephone interview", " in a telephone interview")],
    "_CUT": [
        ("the envoy who signed it", " who signed it"),
        ("the ministry on Monday", " on Monday"),
        ("the bureau published in May", " published in May"),
    ],
    "_DASH_END": [("Drone downed near port - Ukrainian air force", "Ukrainian air force")],
    "_DOTTED": [("the U.N. envoy", "U.N.")],
    "_EXPLAINS": [("what we know so far", "what ")],
    "_FINDING": [("Study finds bonds fall further", "Study")],
    "_FINITE": [("he had gone", "had")],
    "_FOR_SIDE": [("For Washington, the pause is arithmetic.", "Washington")],
    "_HEAD_VERB": [("Hungary says it will block aid", "Hungary")],
    "_INSIDERS": [("two people familiar with the talks", "people familiar")],
    "_INVERTED": [("“Go,” said a broker in Trieste.", "a broker in Trieste"), ("“Go,” said Maj. Ana Duarte.", "said")],
    "_LAST_WORDS": [("a sign called “", "called")],
    "_LEADING": [("When Oslo", "When ")],
    "_NAME": [("In Oslo Ada B. Lund met", "Ada B. Lund"), ("with Olaf van Brandt Jr., 54", "Olaf van Brandt Jr.")],
    "_NO_WORD": [("x" * 500 + " y", "x" * 500)],
    "_OF_ANOTHER": [("the Merovia’s ministry", "Merovia’s")],
    "OF": [("ministry of defence", " of ")],
    "_OPENS_SENTENCE": [(" We left", " W")],
    "_OTHERS": [("Ada Lund, whose daughter left", "whose")],
    "_OWNED": [("Lund’s letter", "Lund"), ("the ministries’ first report", "the ministries")],
    "_PARTNER": [("Calder & Wray said", " & Wray")],
    "_PATTERNS": [*NOUNS, *STANCES, *PHRASES, ("She repeated her claim that the bridge would hold.", "her claim that")],
    "PHRASAL": [("the minister hit back at critics", "hit back")],
    "_PRONOUN": [("when she left", "she")],
    "_SAYS_END": [("Grain corridor to reopen, says minister", "minister"), ("Fuel moved to border, US claims", "US")],
    "_SERVICES": [("the weather service", "weather service")],
    "_SETTING": [("After the vote, ministers left", "After the vote, ")],
    "_SOURCE": [("the latest figures from the bank", "the latest figures from ")],
    "_SURNAME": [(" Brandt spoke", " Brandt")],
    "_THEIRS": [("in his final warning", "his final warning")],
    "_TITLED": [("Sgt. Eva Brandt said", "Sgt. Eva Brandt")],
    "_TOPIC": [("War latest: Norway pays", "War latest: ")],
    "_TOWARDS": [("an ambassador to the ", "to the ")],
    "_TRAILER": [
        ("Zelensky spoke (17.07.22 13:56) « Society", " (17.07.22 13:56) « Society"),
        ("Fire (VIDEO)", " (VIDEO)"),
    ],
    "_WORD": [("the envoy's", "envoy's"), ("the", "the"), ("think-tank", "think-tank")],
}
SAID = [
    "hit angrily back",
    "lashed out",
    "ruled firmly out",
    "played down",
    "brushed aside those concerns",
    "cast fresh doubt",
    "poured cold water",
    "took issue with",
    "sounded the alarm",
    "raised fresh concerns",
    "called again on",
    "appealed directly to",
    "spoke out against",
    "expressed his deep regret",
    "issued a final warning",
    "made it very clear",
    "left no doubt",
    "drew a red line",
    "painted a grim picture",
    "gave assurances",
    "offered another explanation",
    "set out why",
    "laid the blame",
    "pinned the blame",
    "pointed the finger",
    "told of",
    "wanted to know",
    "defended the new law",
    "poured scorn",
    "heaped praise",
    "paid tribute",
    "apologised for",
    "levelled new accusations",
    "hinted strongly at",
    "alluded to",
    "boasted of",
    "begged to differ",
    "disagreed with",
    "argued against",
    "pushed back against",
    "stood by her",
    "distanced himself",
    "reserved the right",
    "acknowledged that",
    "made no secret",
    "denied any",
    "claimed victory",
    "struck a softer tone",
    "hold the river responsible",
]
LOOKING_AHEAD = {  # statements that what follows them makes
    "aid groups put the toll at ninety": "put the toll",
    "the bank put inflation this spring at 7 per cent": "put",
    "she compared the city to a ship": "compared",
    "the police attributed the delay to fog": "attributed",
    "he attacked the law as a relic": "attacked the",
}


for _name, _texts in LANGUAGE_MATCHES.items():
    MATCHES[_name] = [*MATCHES.get(_name, []), *_texts]


def _named_patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Every compiled pattern that a module of the voice package holds under a name, in lists as well."""
    for module in pkgutil.walk_packages(framing.voice.__path__, "framing.voice."):
        for name, value in vars(import_module(module.name)).items():
            for pattern in _patterns_in(value):
                yield name, pattern


def _patterns_in(value: object) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, tuple | list | frozenset | set):
        for part in value:
            yield from _patterns_in(part)
    elif isinstance(value, dict):
        for part in value.values():
            yield from _patterns_in(part)


def _finds(pattern: re.Pattern[str], text: str, part: str) -> bool:
    return any(part in (match.group(), *match.groups()) for match in pattern.finditer(text))


def test_every_pattern_matches_a_text_written_for_it():
    patterns = list(_named_patterns())
    assert len(patterns) > 70
    dead = [
        f"{name}: {pattern.pattern[:90]}"
        for name, pattern in patterns
        if not any(_finds(pattern, text, part) for text, part in MATCHES.get(name, []))
    ]
    assert dead == []


def test_every_text_is_matched_by_a_pattern_of_its_name():
    patterns = list(_named_patterns())
    idle = [
        (name, text)
        for name, texts in MATCHES.items()
        for text, part in texts
        if not any(_finds(pattern, text, part) for known, pattern in patterns if known == name)
    ]
    assert idle == []


@pytest.mark.parametrize(("text", "speaker"), [*NOUNS, ("She repeated her claim that the bridge would hold.", "her")])
def test_attributions_by_a_noun_have_a_speaker(text, speaker):
    assert speaker in [cue.speaker.name for cue in find_noun_cues(text, split_sentences(text), read_sides())]


@pytest.mark.parametrize(("text", "speaker"), STANCES)
def test_attributions_by_a_stance_have_a_speaker(text, speaker):
    assert speaker in [cue.speaker.name for cue in find_stance_cues(text, split_sentences(text), read_sides())]


@pytest.mark.parametrize("text", ["To the north the road is closed.", "Word of the fire was that nobody slept."])
def test_what_is_nobody_has_no_stance(text):
    assert list(find_stance_cues(text, split_sentences(text), read_sides())) == []


@pytest.mark.parametrize(("text", "speaker"), PHRASES)
def test_attributions_by_a_phrase_have_a_speaker(text, speaker):
    assert speaker in [cue.speaker.name for cue in find_phrase_cues(text, split_sentences(text), read_sides())]


@pytest.mark.parametrize("said", [*zip(SAID, SAID, strict=True), *LOOKING_AHEAD.items()], ids=lambda said: said[1])
def test_statements_of_several_words_are_found_whole(said):
    text, found = said
    match = PHRASAL.search(text)
    assert match is not None
    assert match.group() == found


def test_every_statement_of_several_words_has_a_text():
    texts = [*SAID, *LOOKING_AHEAD]
    assert [each for each in STATEMENTS if not any(re.search(rf"\b(?:{each})\b", text) for text in texts)] == []
