"""Parts of the voices: quotation marks, forms of verbs, the sides, sentences, headings."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing import mark_voices
from framing.corpus.sentences import split_sentences
from framing.voice.marks import plain_marks
from framing.voice.parsed.phrasal import PHRASAL
from framing.voice.patterns.asides import find_parenthetical_cues
from framing.voice.patterns.headings import find_heading_cues
from framing.voice.patterns.nouns import find_noun_cues
from framing.voice.patterns.phrases import find_phrase_cues, make_mention
from framing.voice.quotes import find_quotes
from framing.voice.sides import read_sides


def _quoted(text: str) -> list[str]:
    return [text[quote.start : quote.end] for quote in find_quotes(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("“Yes,” she said.", ["“Yes,”"]),
        ('He said: "Go." Then "Stay."', ['"Go."', '"Stay."']),
        ("‘It’s late,’ said the Turks’ envoy.", ["‘It’s late,’"]),
        ("'It's late,' said the Turks' envoy.", ["'It's late,'"]),
        ("The boys' coats and the girls' hats", []),
        ("«Da», he said, and „Nein“.", ["«Da»", "„Nein“"]),
        ("“He told me ‘go’ and I went,” she said.", ["“He told me ‘go’ and I went,”"]),
        ("A 6\" pipe and a 4\" pipe", []),
        ("“One.\n\n“Two.”", ["“One.", "“Two.”"]),
        ("“Lost mark. Nothing closes.\n\nNext paragraph.", []),
        ("the end of it.” He left.", ["the end of it.”"]),
        ("‘The boys’ coats.\n\n‘Two,’ he said.", ["‘The boys’ coats.", "‘Two,’"]),
        ("„Eins.\n\n„Zwei“, sagte er.", ["„Eins.", "„Zwei“"]),
        ("« Un.\n\n» Deux », dit-il.", ["« Un.", "» Deux »"]),
        ("»Nein«, sagte er, »und ja«.", ["»Nein«", "»und ja«"]),
        ("”Nej”, sade han.", ["”Nej”"]),
        ("‚Nein‘ und ‹ja›", ["‚Nein‘", "‹ja›"]),
        ("“One\n\nand two,” he said.", ["“One", "and two,”"]),
        ("“One. “Two. “Three,” he said.", ["“One. “Two. “Three,”"]),
        ('“One," he said.', ['“One,"']),
        ('"Two,” he said.', ['"Two,”']),
        ("‘One,' he said.", ["‘One,'"]),
        ('"He said "go" and left," she said.', ['"He said "go" and left,"']),
        ("«No, the envoy said on Friday, and never.» He left.", ["«No", "and never.»"]),
        ("«He, my father said, was late», said Ana.", ["«He, my father said, was late»"]),
    ],
)  # fmt: skip
def test_quotations(text, found):
    assert _quoted(text) == found


@given(st.text(alphabet="“”‘’\"'«»„‚‹›ab., \n", max_size=60))
def test_quotations_are_in_order_and_apart(text):
    place = 0
    for quote in find_quotes(text):
        assert place <= quote.start < quote.end <= len(text)
        assert "\n" not in text[quote.start : quote.end]
        place = quote.end


@given(st.text(alphabet="`´',<>«»“” ab.\n", max_size=40))
def test_each_sign_of_a_plain_text_stands_where_it_is_located(text):
    plain = plain_marks(text)
    places = [plain.locate(place) for place in range(len(plain.text) + 1)]
    assert places == sorted(set(places))
    assert places[0] == 0
    assert places[-1] == len(text)
    for place, sign in enumerate(plain.text):
        original = text[places[place] : places[place + 1]]
        assert original == sign or not (original.isalnum() or sign.isalnum())


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("``Go,'' she said.", '"Go," she said.'),
        ("``He said `no''' and", '"He said ‘no\'" and'),
        ("''Go,'' she said.", '"Go," she said.'),
        ("`Go,' she said, `don´t.'", "‘Go,' she said, ‘don’t.'"),
        (",,Nein,'' sagte er", '„Nein," sagte er'),
        ("<<Da>>, he said", "«Da», he said"),
        ("« Oui », dit-il", "«Oui», dit-il"),
        ("a, b and c >> d", "a, b and c >> d"),
    ],
)
def test_marks_of_typewriters(text, plain):
    assert plain_marks(text).text == plain


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("According to two people briefed on the talks, nothing moved.", "two people briefed on the talks"),
        ("From Beijing’s perspective, the quarrel is European.", "Beijing"),
        ("In Moscow's view, a truce is a gift.", "Moscow"),
        ("As one ambassador put it, shields can be counted.", "one ambassador"),
        ("For Washington, the pause is arithmetic.", "Washington"),
        ("When Oslo let it be known that it would not pay, the room went quiet.", "Oslo"),
    ],
)
def test_phrases(text, speaker):
    assert [cue.speaker.name for cue in find_phrase_cues(text, split_sentences(text), read_sides())] == [speaker]


@pytest.mark.parametrize(
    "text",
    ["Seats go according to rank.", "The club met in the Chamber’s reading room.", "For Anna, the day was long."],
)
def test_phrases_that_attribute_nothing(text):
    assert list(find_phrase_cues(text, split_sentences(text), read_sides())) == []


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Prices, she warned on Monday, will fall.", "she"),
        ("“Go,” said a broker in Trieste.", "a broker in Trieste"),
        ("Trade, say diplomats, has stopped.", "diplomats"),
    ],
)
def test_asides(text, speaker):
    assert [cue.speaker.name for cue in find_parenthetical_cues(text, split_sentences(text), read_sides())] == [speaker]


def test_a_verb_that_is_none_of_speech_sets_nobody_off():
    text = "As he worked, the radio played. At night, they worked, and by day they slept."
    assert list(find_parenthetical_cues(text, split_sentences(text), read_sides())) == []


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Kremlin: No talks before autumn", "Kremlin"),
        ("Grain corridor to reopen, says minister", "minister"),
        ("Russia moving fuel to border, US claims", "US"),
        ("Drone downed near port - Ukrainian air force", "Ukrainian air force"),
        ("Hungary says it will block aid", "Hungary"),
    ],
)
def test_headings(text, speaker):
    assert [cue.speaker.name for cue in find_heading_cues(text, read_sides())] == [speaker]


@pytest.mark.parametrize(
    "text",
    ["Ukraine war: Power cut in Kyiv", "Fire in Tula: Depot burns", "Explainer: What is a drone?", "Rain stops play"],
)
def test_headings_without_a_speaker(text):
    assert list(find_heading_cues(text, read_sides())) == []


def test_sides():
    sides = read_sides()
    assert sides.side_of("the Polish deputy minister") == "Poland"
    assert sides.side_of("an ambassador to Moscow") == "Russia"  # for want of another
    assert sides.side_of("the Dutch ambassador to Moscow") == "Netherlands"
    assert sides.side_of("a Western diplomat in Berlin") == "Germany"
    assert sides.side_of("a harbour master") == ""
    assert len(set(sides.names.values())) > 80
    assert read_sides({"Merovia": "Merovia"}).is_side("Merovia")
    assert not sides.is_side("Merovia")


@pytest.mark.parametrize(
    ("text", "speaker", "said"),
    [
        ("Exports rose by a tenth, ministry data show.", "ministry", "Exports rose by a tenth, ministry data show."),
        ("Data from the Swedish coastguard show a rise.", "the Swedish coastguard", "Data from the Swedish coastguard"),
        ("There were warnings by doctors that insulin is short.", "doctors", " insulin is short."),
        ("Per the general staff, nobody crossed.", "the general staff", "Per the general staff, nobody crossed."),
        ("For critics of the deal, that is the problem.", "critics of the deal", "For critics"),
        ("Arne Dahl was blunt: the fleet is rusting.", "Arne Dahl", " the fleet is rusting."),
        ("The union took to the radio to say that it was over.", "The union", " that it was over."),
    ],
)
def test_attributions_by_a_noun(text, speaker, said):
    cue = next(find_noun_cues(text, split_sentences(text), read_sides()))
    assert cue.speaker.name == speaker
    assert text[cue.content_start : cue.content_end].startswith(said)


@pytest.mark.parametrize(
    "text",
    [
        "Nine per cent have no opinion.",
        "The figures tell a different story.",
        "The claim was settled out of court.",
        "Satellite images show smoke.",
        "The report names nobody.",
    ],
)
def test_no_attribution_by_a_noun(text):
    assert not list(find_noun_cues(text, split_sentences(text), read_sides()))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("the minister hit back at critics", "hit back"),
        ("the palace has ruled out a vote", "ruled out"),
        ("the bank raised fresh concerns about debt", "raised fresh concerns"),
        ("aid groups put the toll at 90", "put the toll"),
        ("the shell hit the back wall", None),
        ("she put the cup on the table", None),
    ],
)
def test_statements_of_several_words(text, found):
    match = PHRASAL.search(text)
    assert (match.group() if match else None) == found


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Grain corridor: ships will sail again - Harbour minister", "Harbour minister"),
        ("War latest: Norway: Envoy says talks are near", "Norway"),
        ("No withdrawal yet, Spanish minister says - BBC", "Spanish minister"),
        ("Bonds fall further, study finds", "study"),
        ("Kharkiv: three dead in strike on market", None),
        ("Troops hold two villages near the river. — Newswire.", None),
        ("Storm: what we know so far", None),
    ],
)
def test_more_headings(text, speaker):
    cues = list(find_heading_cues(text, read_sides()))
    assert [cue.speaker.name for cue in cues] == ([speaker] if speaker else [])


@pytest.mark.parametrize(
    ("name", "speaker"),
    [
        ("President of Ukraine Oleh Hrytsenko", "Oleh Hrytsenko"),
        ("Ambassador of Ukraine to Germany Marta Ellwein", "Marta Ellwein"),
        ("adviser to Ukrainian Red Cross", "adviser to Ukrainian Red Cross"),  # nobody is named
        ("the Minister of Foreign Affairs", "the Minister of Foreign Affairs"),
        ("the Secretary of State for Work and Pensions", "the Secretary of State for Work and Pensions"),
        ("the president of the Supreme Court", "the president of the Supreme Court"),
        ("Minister of Foreign Affairs Ana Lopez", "Ana Lopez"),
        ("Ukrainian President Oleh Hrytsenko", "Ukrainian President Oleh Hrytsenko"),  # no preposition
    ],
)
def test_the_state_of_an_office_is_no_part_of_its_holders_name(name, speaker):
    assert make_mention(name, 0, name, read_sides()).name == speaker


@pytest.mark.parametrize(
    ("name", "speaker", "group"),
    [
        ("President of Ukraine Oleh Hrytsenko", "Oleh Hrytsenko", "Ukraine"),
        ("Ambassador of Ukraine to Germany Marta Ellwein", "Marta Ellwein", "Ukraine"),
    ],
)
def test_the_first_state_of_an_office_is_the_group_of_its_holder(name, speaker, group):
    text = f"According to {name}, the talks will go on."
    row = mark_voices(pd.DataFrame({"passage_id": ["p"], "text": [text]})).iloc[0]
    assert (row["speaker"], row["speaker_group"]) == (speaker, group)
