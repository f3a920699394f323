"""Passages cut into spans of one voice: what each speaker says, and what is left to the outlet."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.errors import InputError
from framing.tables import SEGMENTS, VOICE_SPANS
from framing.voice.marking import find_voices
from framing.voice.spans import LEAST_WORDS, cut_spans

TEXT = (
    "The port of Alba is to close. “Nobody asked us before this was settled,” said Ines Moral. The ministry stated "
    "that all papers were sent in May. “Nor were we heard,” she added."
)


def make_passage(text: str, voice: str = "quoted") -> tuple[pd.DataFrame, pd.DataFrame]:
    return (
        pd.DataFrame({"passage_id": ["p"], "text": [text]}),
        pd.DataFrame({"passage_id": ["p"], "voice": [voice]}),
    )


def make_segments(text: str, *parts: tuple[str, str, str]) -> pd.DataFrame:
    """A row a stretch: voice, speaker and the words."""
    rows = []
    for voice, speaker, words in parts:
        start = text.index(words)
        rows.append(("p", start, start + len(words), voice, speaker, f"group of {speaker}", "said"))
    return pd.DataFrame(rows, columns=list(SEGMENTS))


def test_stretches_of_a_speaker_are_joined_and_the_rest_is_the_outlets():
    segments = make_segments(
        TEXT,
        ("quoted", "Ines Moral", "“Nobody asked us before this was settled,”"),
        ("reported", "the ministry", "that all papers were sent in May."),
        ("quoted", "Ines Moral", "“Nor were we heard,”"),
    )
    spans = cut_spans(*make_passage(TEXT), segments)
    assert tuple(spans.columns) == VOICE_SPANS
    assert spans[["span_id", "voice", "speaker", "speaker_group", "text", "n_words"]].to_numpy().tolist() == [
        ["p-0", "own", "", "", "The port of Alba is to close. said Ines Moral. The ministry stated she added.", 15],
        ["p-1", "quoted", "Ines Moral", "group of Ines Moral",
         "“Nobody asked us before this was settled,” “Nor were we heard,”", 11],
        ["p-2", "reported", "the ministry", "group of the ministry", "that all papers were sent in May.", 7],
    ]  # fmt: skip
    assert spans["is_scored"].all()


def test_voices_are_chosen_by_words_as_those_of_passages():
    text = "They said yes to it, “very gladly indeed”, in the end and at last."
    mixed = make_segments(text, ("reported", "they", "yes to it,"), ("quoted", "they", "“very gladly indeed”"))
    assert cut_spans(*make_passage(text), mixed)["voice"].to_list() == ["own", "quoted"]
    text = "one two three four five six seven eight nine ten “yes” and “no” more"
    mostly = make_segments(text, ("reported", "they", text[:48]), ("quoted", "they", "“yes”"))
    assert cut_spans(*make_passage(text), mostly)["voice"].to_list() == ["own", "reported"], "1 of 11 words is quoted"


def test_spans_of_fewer_than_five_words_are_kept_and_not_scored():
    text = "The four ministers met on Friday. “It went well,” said one."
    spans = cut_spans(*make_passage(text), make_segments(text, ("quoted", "one", "“It went well,”")))
    assert spans[["n_words", "is_scored"]].to_numpy().tolist() == [[8, True], [3, False]]
    four, five = "Nobody came to it.", "Nobody came to it then."
    assert [bool(cut_spans(*make_passage(each), make_segments(each))["is_scored"].item()) for each in (four, five)] == [
        False,
        True,
    ]
    assert LEAST_WORDS == 5


def test_words_of_scripts_without_spaces_count_by_their_characters():
    text = "部长周二在首都会见记者。“我们不会接受这个决定，”她说。"
    spans = cut_spans(*make_passage(text), make_segments(text, ("quoted", "她", "“我们不会接受这个决定，”")))
    assert spans["n_words"].to_list() == [8, 6], "13 and 10 characters, 1.7 a word"
    assert spans["is_scored"].all()


def test_a_language_without_rules_stays_apart_and_whole():
    passages, voices = make_passage(TEXT, voice="unknown")
    spans = cut_spans(passages, voices, make_segments(TEXT))
    assert spans[["voice", "text", "speaker"]].to_numpy().tolist() == [["unknown", TEXT, ""]]


def test_every_passage_has_a_span_even_without_words_or_rest():
    passages = pd.DataFrame({"passage_id": ["a", "b"], "text": ["***", "“We are not going to sell it.”"]})
    voices = pd.DataFrame({"passage_id": ["a", "b"], "voice": ["own", "quoted"]})
    segments = pd.DataFrame([("b", 0, 30, "quoted", "they", "other persons", "")], columns=list(SEGMENTS))
    spans = cut_spans(passages, voices, segments)
    assert spans[["span_id", "voice", "is_scored"]].to_numpy().tolist() == [
        ["a-0", "own", False],
        ["b-0", "quoted", True],
    ]


def test_stretches_that_the_rules_found_are_cut():
    text = (
        "The port is to close in May. “Nobody asked us about it,” said Ines Moral. “Nor were we ever heard,” she added."
    )
    passages = pd.DataFrame({"passage_id": ["p"], "text": [text], "language": ["en"]})
    spans = cut_spans(passages, *find_voices(passages))
    assert spans[["voice", "speaker", "text"]].to_numpy().tolist() == [
        ["own", "", "The port is to close in May. said Ines Moral. she added."],
        ["quoted", "Ines Moral", "“Nobody asked us about it,” “Nor were we ever heard,”"],
    ]


def test_what_is_refused():
    passages, voices = make_passage(TEXT)
    segments = make_segments(TEXT, ("quoted", "one", "“Nor were we heard,”"))
    with pytest.raises(InputError, match=r"passages has some passages twice"):
        cut_spans(pd.concat([passages, passages]), voices, segments)
    with pytest.raises(InputError, match=r"1 passage\(s\) have no voice \(the first is p\)"):
        cut_spans(passages, voices.head(0), segments)
    with pytest.raises(InputError, match="A stretch is of passage q, which is not among"):
        cut_spans(passages, voices, segments.assign(passage_id="q"))
    with pytest.raises(InputError, match="stretches that do not overlap, within its 175 characters"):
        cut_spans(passages, voices, segments.assign(end=999))
    with pytest.raises(InputError, match="A stretch of passage p goes from"):
        cut_spans(passages, voices, pd.concat([segments, segments]))
    with pytest.raises(InputError, match=r"segments lacks the column\(s\) speaker"):
        cut_spans(passages, voices, segments.drop(columns="speaker"))


@given(st.text("ab “”.", max_size=40), st.lists(st.integers(0, 40), max_size=8))
def test_no_word_is_lost_or_doubled(text: str, places: list[int]):
    ends = sorted({min(place, len(text)) for place in places})
    rows = [
        ("p", start, end, "quoted", f"speaker {number % 2}", "", "")
        for number, (start, end) in enumerate(zip(ends[::2], ends[1::2], strict=False))
    ]
    spans = cut_spans(*make_passage(text), pd.DataFrame(rows, columns=list(SEGMENTS)))
    letters = [character for character in text if character.isalnum()]
    assert sorted(c for span in spans["text"] for c in span if c.isalnum()) == sorted(letters)
    assert spans["span_id"].is_unique
    assert len(spans) >= 1
