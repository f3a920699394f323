"""Decisions as a sheet: cells that come back, and spans that must fit."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from framing.coding.decision_file import DecisionFile
from framing.coding.decision_sheet import format_spans, make_decision_sheet
from framing.coding.decisions import About, Decision, Span
from framing.coding.spans import check_spans
from tests.tiny import codebook

BOOK = codebook(multi_label=True)


def test_a_sheet_has_a_row_a_passage_in_the_order_of_the_coder(tmp_path):
    passages = [("12e4", "1", "Tanks came."), ("p2", "2", "Wine rose."), ("p3", "3", "Nothing.")]
    about = About("draw", "anna", "tiny 1.0.0", "rules")
    with DecisionFile.create(tmp_path / "anna.sqlite", about, passages) as file:
        file.add(Decision("p3", (), unsure=True, seconds=2.04))
        file.add(Decision("12e4", ("war", "trade"), remark="Both.", spans=(Span("war", 0, 5),)))
        rows = make_decision_sheet(file, BOOK).to_dict("records")
    cells = [(row["passage_id"], row["frames"], row["notes"], row["unsure"], row["seconds"]) for row in rows]
    assert cells == [
        ("'12e4", "war;trade", "Both.", "", 0.0), ("p2", "not coded", "", "", 0.0), ("p3", "none", "", "x", 2.0),
    ]  # fmt: skip
    assert rows[0]["spans"] == '[{"frame": "war", "start": 0, "end": 5, "text": "Tanks"}]'
    assert rows[1]["decided_at"] == ""


@given(text=st.text(min_size=2, max_size=30), data=st.data())
def test_spans_come_back(text, data):
    ends = st.lists(st.integers(0, len(text)), min_size=2, max_size=2, unique=True).map(sorted)
    places = data.draw(st.lists(st.tuples(st.sampled_from(BOOK.frame_ids), ends), max_size=4))
    spans = {Span(frame, start, end) for frame, (start, end) in places}
    cell = format_spans(sorted(spans), text)
    kept, refused = check_spans(cell, came=text, drawn=text, frames=BOOK.frame_ids, codebook=BOOK)
    assert (set(kept), refused) == (spans, [])
