"""Label cells: one vocabulary for sheets, gold files and files of labels."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.codebook.cells import CellError, parse_cell, write_cell
from tests.tiny import SPORT, TRADE, WAR, codebook, frame

MANY, ONE = codebook(multi_label=True), codebook()
WORDS = codebook(frame("war", WAR), {**frame("way_out", SPORT), "name": "A way out"}, multi_label=True)


@pytest.mark.parametrize(
    ("cell", "frames"),
    [
        ("war", ["war"]),
        (" War ;SPORT; ", ["war", "sport"]),
        ("war;war;War", ["war"]),
        ("war；sport", ["war", "sport"]),
        ("war;\nsport", ["war", "sport"]),
        ("\ufeffwar\u200b;\xa0trade", ["war", "trade"]),
        ("none", []),
        ("None;", []),
        ("", None),
        (" ; ", None),
        ("Not coded", None),
        ('{"choices": ["war", "Sport"]}', ["war", "sport"]),
        ('["none"]', []),
        ('{"choices": []}', None),
    ],
)
def test_a_cell_is_frames_or_none_or_not_coded(cell, frames):
    assert parse_cell(cell, MANY) == frames


@pytest.mark.parametrize("cell", ["A way out", "a\xa0way\u2009out", "A  WAY OUT", "way_out"])
def test_names_are_found_whatever_their_spaces(cell):
    assert parse_cell(cell, WORDS) == ["way_out"]


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("chess", r"^unknown frame 'chess'; expected war, trade, sport, none$"),
        ("war, sport", r"'war, sport'; .*none\. Frames are separated by a semicolon: war; sport$"),
        ("war/none", r"Frames are separated by a semicolon: war; none$"),
        ("war\nsport", r"Frames are separated by a semicolon: war; sport$"),
        ("sprot", r"Is sport meant by 'sprot'\?$"),
        ("none;war", r"^none stands beside frames: war$"),
        ("-", r"unknown frame '-'; expected war, trade, sport, none$"),
        ("no frame", r"unknown frame 'no frame'; expected .*none$"),
        ('{"choices": ["war", 3]}', r"unknown frame '3'"),
        ("{war", r"unknown frame '{war'"),
    ],
)
def test_what_cannot_be_read_says_why_and_what_to_write(cell, reason):
    with pytest.raises(CellError, match=reason):
        parse_cell(cell, MANY)


def test_exactly_one_frame_means_one():
    assert parse_cell("war; WAR", ONE) == ["war"]
    assert parse_cell("", ONE) is None
    with pytest.raises(CellError, match=r"2 frames; tiny has exactly one a passage"):
        parse_cell("war;sport", ONE)
    with pytest.raises(CellError, match=r"unknown frame 'none'; expected war, trade, sport$"):
        parse_cell("none", ONE)


def test_the_frame_for_the_rest_stands_alone():
    rest = codebook(frame("war", WAR), frame("trade", TRADE), frame("other", SPORT, residual=True), multi_label=True)
    assert parse_cell("Other; other", rest) == ["other"]
    assert parse_cell("war;trade", rest) == ["war", "trade"]
    for cell in ("war;other;trade", "other; war; Trade"):
        with pytest.raises(CellError, match=r"^Other stands alone, beside no other frame; here beside war, trade$"):
            parse_cell(cell, rest)


SETS = st.lists(st.sampled_from(MANY.frame_ids), unique=True)


@given(SETS)
def test_cells_come_back(frames):
    assert parse_cell(write_cell(frames, MANY), MANY) == frames
    assert parse_cell(json.dumps({"choices": frames or ["none"]}), MANY) == frames


@given(st.text(max_size=30))
def test_any_cell_is_read_or_refused_with_a_reason(cell):
    result: list[str] | str | None
    try:
        result = parse_cell(cell, MANY)
    except CellError as error:
        result = str(error)
    if isinstance(result, str):
        assert "unknown frame" in result or "none stands beside" in result
    else:
        assert result is None or set(result) <= set(MANY.frame_ids)
