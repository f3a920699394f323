"""Who says a quotation: over paragraphs, in exchanges, split by its verb, in any print."""

from __future__ import annotations

import pandas as pd
import pytest

from framing import find_voice_segments
from framing.corpus.passages import split_text
from framing.voice.block import DocumentBlocks
from framing.voice.mentions import Mentions
from framing.voice.parsed.noun_phrases import Mention


def _passages(text: str) -> pd.DataFrame:
    return pd.DataFrame({"passage_id": ["p"], "text": [text]})


def _find(text: str, voice: str = "quoted") -> list[tuple[str, str]]:
    rows = find_voice_segments(_passages(text)).itertuples()
    return [(text[row.start : row.end], row.speaker) for row in rows if row.voice == voice]


PARTS = ("The dam leaks.", "It has leaked all year.", "And it will break")


@pytest.mark.parametrize(
    ("opens", "closes"),
    [
        ("“", ",” Eva Brandt said."),
        ("‘", ",’ Eva Brandt said."),
        ('"', '," Eva Brandt said.'),
        ("'", ",' Eva Brandt said."),
        ("``", ",'' Eva Brandt said."),
        ("„", "“, Eva Brandt said."),
        ("»", "«, Eva Brandt said."),
        ("«", "», Eva Brandt said."),
        ("« ", " », Eva Brandt said."),
        ("“", ",” the engineer, Eva Brandt, told the council."),
        ("“", ",” said Eva Brandt, 54, of Lund."),
    ],
)
@pytest.mark.parametrize("gap", ["\n\n", "\n"])
def test_all_paragraphs_of_a_quotation_have_the_speaker_named_in_the_last(opens, closes, gap):
    text = gap.join(opens + part for part in PARTS) + closes + " The night was cold."
    found = _find(text)
    assert [speaker for _, speaker in found] == ["Eva Brandt"] * 3
    assert [part in span for part, (span, _) in zip(PARTS, found, strict=True)] == [True] * 3
    assert all(span.startswith(opens.strip()) for span, _ in found)
    assert _find(text, "reported") == []


@pytest.mark.parametrize(
    ("opens", "closes"), [("“", ".”"), ("‘", ".’"), ('"', '."'), ("„", ".“"), ("«", ".»"), ("``", ".''")]
)
def test_all_paragraphs_of_a_quotation_have_the_speaker_named_in_the_first(opens, closes):
    text = "\n\n".join(opens + part for part in PARTS) + closes
    text = f"Eva Brandt told the council: {text} Nils Holm said later that the night was cold."
    assert [speaker for _, speaker in _find(text)] == ["Eva Brandt"] * 3
    assert [speaker for _, speaker in _find(text, "reported")] == ["Nils Holm"]


def test_a_name_counts_more_than_a_pronoun_of_another_paragraph():
    text = "Nils Holm came late.\n\n“The dam leaks,” she said. “It is old.\n\n“It will break,” said Eva Brandt."
    assert _find(text)[1:] == [("“It is old.", "Eva Brandt"), ("“It will break,”", "Eva Brandt")]


def test_a_quotation_goes_on_from_passage_to_passage_of_a_document():
    long = "“" + "The dam leaks and nobody mends it, whatever we write to the ministry. " * 3
    text = f"{long.rstrip()}\n\n{long.rstrip()}\n\n“It will break,” Eva Brandt said. The night was cold."
    bounds = split_text(text, max_words=40)
    passages = pd.DataFrame(
        [(str(start), "d", text[start:end], start, end) for start, end in bounds],
        columns=["passage_id", "document_id", "text", "start", "end"],
    )
    assert len(passages) > 2
    found = find_voice_segments(passages, pd.DataFrame({"document_id": ["d"], "text": [text]}))
    assert set(found["passage_id"]) == set(passages["passage_id"])
    assert set(found["speaker"]) == {"Eva Brandt"}
    assert set(found["voice"]) == {"quoted"}


def test_a_lone_mark_opens_nothing():
    assert _find("“The first rule of the dam is that nobody opens it at night\n\nThe night was cold.") == []


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        ("“Does it leak?” asked Holm. “Yes!” replied Brandt. “No,” countered Berg.", ["Holm", "Brandt", "Berg"]),
        ("'Does it leak?' asked Holm. 'Yes!' replied Brandt.", ["Holm", "Brandt"]),
        ("“Does it leak?” Holm asked.\n\n“Yes.” Brandt nodded. “Since May,” she said.", ["Holm", "Brandt", "Brandt"]),
        ("Holm asked: “Does it leak?” Brandt replied: “Yes!”", ["Holm", "Brandt"]),
        ("“Yes,” said Holm, “No,” said Brandt.", ["Holm", "Brandt"]),
        (
            "“Leaks?” asked Holm. “Leaks,” said Brandt. “When?” “Now,” said Brandt.",
            ["Holm", "Brandt", "Holm", "Brandt"],
        ),
        (
            "“Does it leak?” Holm asked. “Yes,” Brandt said. “Since when?” Holm asked. “Since May.”",
            ["Holm", "Brandt", "Holm", "Brandt"],
        ),
        ("“Why would it leak?” Holm asked. “Nobody has told us.”", ["Holm", "Holm"]),
    ],
)
def test_in_an_exchange_each_answer_has_its_speaker(text, speakers):
    assert [speaker for _, speaker in _find(text)] == speakers


@pytest.mark.parametrize(
    ("reporting", "speaker"),
    [
        ("Brandt, 54, of North Harbour, said in an interview", "Brandt"),
        ("Eva Brandt, an engineer from Lund, said on Friday", "Eva Brandt"),
        ("said Eva Brandt, 54, of Lund", "Eva Brandt"),
        ("Eva Brandt (54) said", "Eva Brandt"),
        ("Brandt, D-Calif., said", "Brandt"),
        ("Olaf Brandt Jr., 54, of St. Mary’s, said", "Olaf Brandt Jr."),
        ("Sen. Eva Brandt (D-N.Y.) told reporters", "Eva Brandt"),
        ("the engineer, Eva Brandt, said", "Eva Brandt"),
        ("Eva Brandt, the engineer, said", "Eva Brandt"),
        ("said the engineer, Eva Brandt, on Friday", "Eva Brandt"),
        ("Brandt – 54, an engineer – said", "Brandt"),
        ("a person briefed on the works said", "a person briefed on the works"),
    ],
)
def test_age_home_and_office_may_stand_before_the_verb(reporting, speaker):
    quoted = "“The dam leaks,”"
    assert _find(f"{quoted} {reporting}.") == [(quoted, speaker)]
    assert _find(f"{quoted} {reporting}.", "reported") == []


@pytest.mark.parametrize(
    "quoted",
    [
        "“[The dam] leaks … and breaks,”",
        "“… leaks and breaks,”",
        "“The dam leaks . . . and breaks,”",
        "“The dam [in the valley] leaks. … It breaks,”",
        "“(The dam) leaks badly,”",
        "“Let [them] mend … the dam,”",
    ],
)
def test_brackets_and_omissions_within_a_quotation(quoted):
    assert _find(f"{quoted} Brandt said.") == [(quoted, "Brandt")]


@pytest.mark.parametrize(
    ("text", "halves"),
    [
        ("“The dam,” Brandt said, “leaks.”", ["“The dam,”", "“leaks.”"]),
        ("“The dam,” said Mr. Brandt on Friday, “leaks.”", ["“The dam,”", "“leaks.”"]),
        ("‘The dam’, Brandt said, ‘leaks’.", ["‘The dam’", "‘leaks’"]),
        ("“The dam” – Brandt said – “leaks.”", ["“The dam”", "“leaks.”"]),
        ("``The dam,'' Brandt said, ``leaks.''", ["``The dam,''", "``leaks.''"]),
        ("«The dam», Brandt said on Friday, «leaks».", ["«The dam»", "«leaks»"]),
        ("„The dam“, Brandt said, „leaks.“", ["„The dam“", "„leaks.“"]),
        ("«The dam leaks, Brandt said on Friday, and it breaks.»", ["«The dam leaks", "and it breaks.»"]),
    ],
)
def test_both_halves_of_a_split_quotation_are_quoted(text, halves):
    found = _find(text)
    assert [span for span, _ in found] == halves
    assert {speaker.removeprefix("Mr. ") for _, speaker in found} == {"Brandt"}
    assert _find(text, "reported") == []


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Said Brandt: “The dam leaks.”", "Brandt"),
        ("Said Brandt, 54, of Lund: “The dam leaks.”", "Brandt"),
        ("The night was cold. Says the engineer, Eva Brandt: “The dam leaks.”", "Eva Brandt"),
        ("Said Brandt in a telephone interview: “The dam leaks.”", "Brandt"),
        ("Wrote Brandt, “The dam leaks.”", "Brandt"),
    ],
)
def test_a_verb_may_stand_before_its_speaker(text, speaker):
    assert _find(text) == [("“The dam leaks.”", speaker)]


def test_the_reporting_clause_is_no_speech():
    text = "«We will not sign», the minister Eva Brandt said on Friday. At noon Holm said: “The dam leaks.”"
    assert _find(text) == [("«We will not sign»", "Eva Brandt"), ("“The dam leaks.”", "Holm")]
    assert _find(text, "reported") == []


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("According to Brandt the dam leaks.", "Brandt"),
        ("According to the minister the dam leaks.", "the minister"),
        ("According to engineers studying the dam, it leaks.", "engineers studying the dam"),
        (
            "According to the deputy head of the department of dams and rivers in charge of the northern valleys and "
            "all the villages below the dam with their mills the dam leaks.",
            "the deputy head of the department of dams and rivers in charge",
        ),
    ],
)
def test_a_name_behind_according_to_has_an_end(text, speaker):
    assert [found for _, found in _find(text, "reported")] == [speaker]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "n_quoted"),
    [
        ("a" * 1_000_000, 0),
        ("“" * 200_000, 0),
        ("`" * 200_000, 0),
        ("'" * 200_000, 0),
        ("“‘\"'«»”’" * 20_000, 0),
        ("[" * 100_000 + "]" * 100_000, 0),
        (" " * 200_000, 0),
        ("\n" * 200_000, 0),
        ("1" * 300_000, 0),
        ("“Go.\n" * 20_000, 20_000),
    ],
    ids=[
        "letters",
        "marks",
        "graves",
        "apostrophes",
        "all marks",
        "brackets",
        "spaces",
        "lines",
        "digits",
        "paragraphs",
    ],
)
def test_a_long_strange_text_is_read_at_once(text, n_quoted):
    # many minutes, where time grows with the square of the length
    blocks = DocumentBlocks(text)
    assert sum(quote.n_words for _, block in blocks.read() for quote in block.quotes) == n_quoted


def test_an_antecedent_is_looked_for_among_the_last_names():
    mentions = Mentions()
    for number in range(20_000):
        mentions.add(Mention(0, 4, f"Ana {number}", "", True, False), 10 * number)
    asked: list[str] = []
    found = mentions.find_latest(10**6, lambda key: bool(asked.append(key.name)))
    assert found is None
    assert 100 < len(asked) < 1000  # and not each of the names at each pronoun
    assert mentions.find_latest(10**6).name == "Ana 19999"
