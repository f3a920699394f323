"""Gold files with their marked words, as codings of coders or as settled labels."""

from __future__ import annotations

import pytest

from framing.coding.decisions import Span
from framing.coding.tool_files.conversion import read_coded_file
from framing.errors import InputError
from tests.coding.coded_sheets import MANY

GOLD = """passage_id,text,frames,coder_anna,coder_2
p1,Tanks came. Wine rose.,trade,war,trade
'12e4,She won.,none,none,not coded
p3,A day.,,chess,not coded
"""
SPANS = """passage_id,coder,frame,start,end,text
p1,anna,war,0,5,Tanks
p1,coder_2,trade,12,16,Wine
p1,coder_2,trade,12,99,Wine
"""


@pytest.fixture
def gold(tmp_path):
    path = tmp_path / "gold.csv"
    path.write_text(GOLD, encoding="utf-8")
    (tmp_path / "gold_spans.csv").write_text(SPANS, encoding="utf-8")
    return path


def test_settled_labels_take_the_words_that_mark_a_settled_frame(gold):
    read = read_coded_file(gold, MANY)
    assert [(item.passage_id, item.coder, item.frames, item.spans) for item in read.codings] == [
        ("p1", "gold", ("trade",), (Span("trade", 12, 16),)),
        ("12e4", "gold", (), ()),
    ]
    assert (read.n_rows, [row.line for row in read.refused]) == (3, [4])
    assert read.refused[0].reason == "not coded; write none where there is no frame"
    assert [row.reason for row in read.refused_spans] == ["marked words: the place is outside the text"]


def test_labels_of_coders_take_their_own_words(gold):
    read = read_coded_file(gold, MANY, whose="coders")
    assert [(item.passage_id, item.coder, item.frames, item.spans) for item in read.codings] == [
        ("p1", "anna", ("war",), (Span("war", 0, 5),)),
        ("p1", "coder_2", ("trade",), (Span("trade", 12, 16),)),
        ("12e4", "anna", (), ()),
    ]
    assert [(row.line, row.reason[:43]) for row in read.refused] == [(4, "column coder_anna: unknown frame 'chess'; e")]
    assert read.n_rows == len(read.codings) + len(read.refused)


def test_a_gold_file_without_coders_has_settled_labels_alone(tmp_path):
    path = tmp_path / "gold.csv"
    path.write_text("passage_id,text,frames\np1,Tanks.,war\n", encoding="utf-8")
    assert [item.frames for item in read_coded_file(path, MANY).codings] == [("war",)]
    with pytest.raises(InputError, match=r"gold\.csv has no columns of coders \(coder_…\); take the settled labels"):
        read_coded_file(path, MANY, whose="coders")


def test_a_place_that_is_no_number_is_an_error_with_its_line(gold):
    gold.with_name("gold_spans.csv").write_text(SPANS.replace("99", "end"), encoding="utf-8")
    with pytest.raises(InputError, match=r"gold_spans\.csv, line 4: end is 'end'; expected a whole number"):
        read_coded_file(gold, MANY)
