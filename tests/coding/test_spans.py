"""Marked words are kept with their place in the drawn text, or refused with the reason."""

from __future__ import annotations

import json

import pytest

from framing.coding.decisions import Span
from framing.coding.spans import check_places, check_spans
from framing.errors import InputError
from tests.coding.coded_sheets import MANY

TEXT = "Tanks came. Wine rose."


def check(*records, frames=("war", "trade"), came=TEXT):
    return check_spans(json.dumps(records), came=came, drawn=TEXT, frames=frames, codebook=MANY)


def test_spans_are_kept_in_their_order_with_ids_of_frames():
    records = [{"frame": "trade", "start": 12, "end": 16, "text": "Wine"}, {"frame": " WAR", "start": 0, "end": 5}]
    assert check(*records) == ([Span("war", 0, 5), Span("trade", 12, 16)], [])


def test_spans_overlap_and_one_stretch_may_show_two_frames():
    records = [{"frame": "war", "start": 0, "end": 10}, {"frame": "trade", "start": 0, "end": 10}]
    assert check(*records).kept == [Span("trade", 0, 10), Span("war", 0, 10)]


@pytest.mark.parametrize(
    ("record", "reason", "words"),
    [
        ({"frame": "wart", "start": 0, "end": 5}, "unknown frame 'wart'. Is war meant by 'wart'?", None),
        (
            {"frame": "sport", "start": 0, "end": 5},
            "sport is marked, and is not among the frames given: war, trade",
            "Tanks",
        ),
        ({"frame": "war", "start": 0, "end": 50}, "0 to 50 is no stretch of the text, which has 22 characters", None),
        (
            {"frame": "war", "start": 0, "end": 4, "text": "Wine"},
            "'Wine' is not at 0 to 4, where 'Tank' stands",
            "Wine",
        ),
        ({"frame": "war", "start": "0", "end": 5}, "expected a frame, and start and end as whole numbers", None),
        ({"frame": "war", "start": True, "end": 5}, "expected a frame, and start and end as whole numbers", None),
        ("junk", "expected a frame, and start and end as whole numbers", "junk"),
    ],
)
def test_a_span_that_is_wrong_is_refused_and_the_others_kept(record, reason, words):
    kept, refused = check(record, {"frame": "war", "start": 0, "end": 5})
    assert kept == [Span("war", 0, 5)]
    ((said, shown),) = refused
    assert said == f"marked words: {reason}"
    assert words in (None, shown)


def test_a_span_that_is_there_twice_counts_once():
    record = {"frame": "war", "start": 0, "end": 5}
    kept, refused = check(record, record)
    assert (kept, refused) == ([Span("war", 0, 5)], [("marked words: marked twice for war; the first counts", "Tanks")])


def test_a_cell_that_is_no_json_is_one_refused_span():
    assert check_spans("[{", came=TEXT, drawn=TEXT, frames=("war",), codebook=MANY).refused == [
        ("marked words: expected a frame, and start and end as whole numbers", "[{")
    ]


def test_labels_of_label_studio_are_one_span_each():
    record = {"start": 0, "end": 5, "text": "Tanks", "labels": ["war", "trade"]}
    assert check(record).kept == [Span("trade", 0, 5), Span("war", 0, 5)]


def test_places_are_those_of_the_drawn_text():
    kept, _ = check({"frame": "trade", "start": 13, "end": 17, "text": "Wine"}, came="Tanks came.\r\nWine rose.")
    assert kept == [Span("trade", 12, 16)]


@pytest.mark.parametrize(
    "span", [Span("peace", 0, 1), Span("war", 3, 3), Span("war", -1, 3), Span("war", 0, len(TEXT) + 1)]
)
def test_a_span_of_the_screen_that_does_not_fit_is_an_error(span):
    with pytest.raises(InputError, match="spans: expected a frame of"):
        check_places([Span("war", 0, 5), span], TEXT, MANY)


def test_spans_of_the_screen_count_once_in_their_order():
    spans = [Span("trade", 12, 16), Span("war", 0, len(TEXT)), Span("war", 0, 5), Span("war", 0, 5)]
    assert check_places(spans, TEXT, MANY) == (Span("war", 0, 5), Span("war", 0, len(TEXT)), Span("trade", 12, 16))
