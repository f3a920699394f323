"""English: reported speech without marks, announced speech, whose officials speak, and the paragraphs of the press."""

from __future__ import annotations

import pandas as pd
import pytest

from framing import find_voice_segments
from tests.voice_articles import cases_of_paragraphs, figures_of_paragraphs, paragraphs


def _who_says(text: str) -> list[tuple[str, str]]:
    """Speaker and words of each stretch."""
    found = find_voice_segments(pd.DataFrame({"passage_id": ["p"], "text": [text], "language": ["en"]}))
    return [(row.speaker, text[row.start : row.end].strip(" ,.")) for row in found.itertuples()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (  # the clause behind the verb, not what stands before it
            "Council rules require three votes; interpreters report that the third vote was inaudible.",
            [("interpreters", "that the third vote was inaudible")],
        ),
        (
            "It was to visitors, late in May, that the leaders first said publicly that nobody may use the canal.",
            [("the leaders", "that nobody may use the canal")],
        ),
        (
            "Arne Dahl, a pilot, is tired. China, he points out, has never closed the canal.",
            [("Arne Dahl", "has never closed the canal")],
        ),
        (
            "Shipping executives have a simpler explanation. The canal is full because it is cheap.",
            [("Shipping executives", "The canal is full because it is cheap")],
        ),
        ("Participants from Central Asia said they were glad.", [("Participants from Central Asia", "they were glad")]),
        (
            "“It leaks,” said the driver of the van, who gave his name as Taras.",
            [("Taras", "“It leaks,”")],
        ),
        (
            "The reaction from Beijing was swift. Its officials denounced the list as groundless.",
            [("Beijing’s officials", "the list as groundless")],
        ),
        (
            "Bertil Crane and Osman Vail both want the office. The latter thinks the vote should be repeated.",
            [("Osman Vail", "the vote should be repeated")],
        ),
    ],
)
def test_who_says_what(text, expected):
    assert _who_says(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Their fuel comes by sea, their crews sleep in barracks, their bread comes by rail.",  # no verb of speech
        "The scheme answers to a long name that nobody has pronounced twice.",
        "Germany has dismissed workers by the thousand.",
        "Some have a better view. They offered to pay for it.",  # what follows speaks of them
    ],
)
def test_nobody_speaks(text):
    assert _who_says(text) == []


def test_a_quotation_goes_to_no_verb_inside_the_report_of_another():
    text = "A medic said that the wounded ask the same thing everywhere. “They want to know whether it is over by now.”"
    assert {speaker for speaker, _ in _who_says(text)} == {"A medic"}


def test_a_closed_quotation_is_not_that_of_the_sentence_behind_it():
    text = (
        "“They know where we live,” said Petro Savchuk, a mechanic. “This was no mistake at all.” "
        "The ministry stated that its aim had been a depot."
    )
    assert _who_says(text)[1] == ("Petro Savchuk", "“This was no mistake at all.”")


@pytest.mark.parametrize(("read", "n", "right"), [(True, 31, 0.85), (False, 29, 0.7)])
def test_paragraphs_in_the_styles_of_the_press(read, n, right):
    rows = paragraphs(read=read)
    assert all(case["text"] for case in cases_of_paragraphs(rows))
    found = figures_of_paragraphs(rows)
    assert found["n"] == n
    assert found["speaker, all"] >= right
