"""Cells of labels become numbers, and what is no label is refused with column and row."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from framing.codebook import Codebook, Frame
from framing.coding.labels import format_cells, parse_codings, parse_labels
from framing.errors import InputError

NAN = np.nan


def codebook(*, multi_label: bool) -> Codebook:
    frames = tuple(
        Frame(id=name.lower(), name=f"The {name}", definition=name, seeds=(f"{name}.",)) for name in ("War", "Trade")
    )
    return Codebook(codebook="tiny", version="1.0.0", description="d", multi_label=multi_label, frames=frames)


def test_cells_of_several_frames():
    table = pd.DataFrame(
        {"ann": ["war; The Trade", "none", "Not Coded", None], "bob": ["TRADE", "war;war", " war ", "not coded"]}
    )
    codings = parse_codings(table, ["ann", "bob"], codebook(multi_label=True), source="gold.csv")
    expected = [[[1, 1], [0, 0], [NAN, NAN], [NAN, NAN]], [[0, 1], [1, 0], [1, 0], [NAN, NAN]]]
    assert np.array_equal(codings, np.array(expected), equal_nan=True)


def test_cells_of_one_frame():
    table = pd.DataFrame({"ann": ["war", "", "NOT CODED"], "bob": ["the war; war", np.nan, "trade"]})
    codings = parse_codings(table, ["ann", "bob"], codebook(multi_label=False), source="gold.csv")
    expected = [[[1, 0], [NAN, NAN], [NAN, NAN]], [[1, 0], [NAN, NAN], [0, 1]]]
    assert np.array_equal(codings, np.array(expected), equal_nan=True)


def test_codings_errors_say_what_is_wrong():
    table = pd.DataFrame({"ann": ["war", "war;trade"], "bob": ["war", "chess"]})
    with pytest.raises(InputError, match=r"gold\.csv, column ann: 2 frames; tiny has exactly one a passage \(row 2\)"):
        parse_codings(table, ["ann", "bob"], codebook(multi_label=False), source="gold.csv")
    with pytest.raises(InputError, match=r"gold\.csv, column bob: .* no frame\(s\) 'chess'.* The first is in row 2\."):
        parse_codings(table, ["ann", "bob"], codebook(multi_label=True), source="gold.csv")
    for columns, got in ((["ann"], "ann"), ([], "none"), (["ann", "ann"], "ann, ann"), (["ann", "bob", "ann"], "")):
        with pytest.raises(InputError, match=f"at least two coders, each named once; got {got}"):
            parse_codings(table, columns, codebook(multi_label=True), source="gold.csv")
    with pytest.raises(InputError, match=r"gold\.csv lacks the column\(s\) eve"):
        parse_codings(table, ["ann", "eve"], codebook(multi_label=True), source="gold.csv")


def test_cells_that_are_written_are_read_back():
    book = codebook(multi_label=True)
    codings = np.array([[1, 1], [0, 0], [NAN, NAN], [0, 1]], dtype=float)
    cells = format_cells(codings, book)
    assert cells == ["war;trade", "none", "not coded", "trade"]
    table = pd.DataFrame({"ann": cells, "bob": cells})
    assert np.array_equal(parse_codings(table, ["ann", "bob"], book, source="x")[1], codings, equal_nan=True)


def test_labels_of_the_second_row_and_column_come_in_the_order_of_the_codebook():
    table = pd.DataFrame({"frames": ["none", "trade;WAR", "The Trade", ""]})
    labels = parse_labels(table, "frames", codebook(multi_label=True), source="gold.csv")
    assert labels[:3].tolist() == [[0, 0], [1, 1], [0, 1]]
    assert np.isnan(labels[3]).all()


def test_an_empty_cell_of_an_old_gold_file_is_none():
    table = pd.DataFrame({"frames": ["", "not coded"]})
    labels = parse_labels(table, "frames", codebook(multi_label=True), source="gold.csv", blank_is_none=True)
    assert np.array_equal(labels, [[0, 0], [NAN, NAN]], equal_nan=True)


def test_the_first_row_with_an_unknown_frame_is_named():
    table = pd.DataFrame({"frames": ["war", "", "The War; chess", "golf"], "file_line": [2, 3, 5, 6]})
    with pytest.raises(
        InputError, match=r"no frame\(s\) 'chess', 'golf'\..* The first is in row 3, line 5 of the file\."
    ):
        parse_labels(table, "frames", codebook(multi_label=True), source="gold.csv")
    with pytest.raises(InputError, match=r"The first is in row 3\."):
        parse_labels(table[["frames"]], "frames", codebook(multi_label=True), source="gold.csv")


def test_none_beside_frames_is_named_with_its_line():
    table = pd.DataFrame({"frames": ["none", "none;war"], "file_line": [2, 5]})
    with pytest.raises(InputError, match=r"none stands beside frames: war \(row 2, line 5 of the file\)"):
        parse_labels(table, "frames", codebook(multi_label=True), source="gold.csv")


def test_a_missing_label_column_is_named():
    with pytest.raises(InputError, match=r"gold\.csv lacks the column\(s\) frames\. It has: text\."):
        parse_labels(pd.DataFrame({"text": ["One."]}), "frames", codebook(multi_label=True), source="gold.csv")
