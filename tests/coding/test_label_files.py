"""Files of labels: what nobody has coded is refused with its line, and is no negative."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from framing.coding.label_files import read_label_file
from framing.errors import InputError
from tests.coding.coded_sheets import MANY, ONE

TEXTS = [f"Passage {k}." for k in range(4)]
DESIGN = {"inclusion_probability": 0.5, "stratum": "A", "unit": "passage"}


def write(path, **columns):
    pd.DataFrame({"text": TEXTS, **columns}).to_csv(path, index=False)
    return path


def test_rows_that_nobody_coded_are_refused_with_the_reason(tmp_path):
    path = write(tmp_path / "a.csv", frames=["war", "", "none", "not coded"])
    labelled = read_label_file(path).read(MANY)
    assert labelled.passages["text"].to_list() == ["Passage 0.", "Passage 2."]
    assert labelled.labels.tolist() == [[True, False, False], [False, False, False]]
    assert labelled.labels.dtype == bool
    assert labelled.n_not_coded == 2
    assert labelled.refused[["file", "line"]].to_numpy().tolist() == [["a.csv", 3], ["a.csv", 5]]
    assert (
        labelled.refused["reason"].to_list()
        == ["not coded: the column frames is empty; write none where there is no frame"] * 2
    )


def test_rows_without_text_and_rows_not_coded_are_listed_in_the_order_of_the_file(tmp_path):
    path = tmp_path / "a.csv"
    pd.DataFrame({"text": ["One.", " ", "Two."], "frames": ["", "war", "war"]}).to_csv(path, index=False)
    labelled = read_label_file(path).read(ONE)
    assert labelled.refused["reason"].to_list() == ["not coded: the column frames is empty", "no text"]
    assert (len(labelled.passages), labelled.n_not_coded) == (1, 1)


def test_codings_are_those_of_the_coded_rows(tmp_path):
    path = write(tmp_path / "a.csv", frames=["", "war", "", "none"], c1=["war"] * 4, c2=["", "none", "war", "war"])
    labelled = read_label_file(path, coders=["c1", "c2"]).read(MANY)
    assert labelled.codings[:, :, 0].tolist() == [[1, 1], [0, 1]]


def test_a_file_in_which_nothing_is_coded_is_refused(tmp_path):
    path = write(tmp_path / "a.csv", frames=["", "", " ", "not coded"])
    with pytest.raises(InputError, match=r"a\.csv: none of 4 rows is coded: the column frames is empty"):
        read_label_file(path).read(MANY)


def test_empty_cells_of_a_gold_file_of_version_0_1_are_none_and_it_is_said(tmp_path):
    columns = {"frames": ["war", "", "", "war"], "coder_a": ["war", "", "not coded", "war"], "coder_b": ["war"] * 4}
    old = read_label_file(write(tmp_path / "old.csv", **columns, **DESIGN), coders=["coder_a", "coder_b"])
    labelled = old.read(MANY)
    assert labelled.labels[:, 0].tolist() == [True, False, False, True]
    assert np.array_equal(labelled.codings[0, :, 0], [1, 0, np.nan, 1], equal_nan=True)
    assert "empty cells count as none" in old.remark


@pytest.mark.parametrize("change", [{"frames": ["war", "", "none", "war"]}, {"coder_b": ["none"] * 4}, {"unit": None}])
def test_with_the_word_none_or_without_a_design_empty_cells_are_not_coded(tmp_path, change):
    columns = {"frames": ["war", "", "war", "war"], "coder_a": "war", "coder_b": "war", **DESIGN, **change}
    path = write(tmp_path / "new.csv", **{name: values for name, values in columns.items() if values is not None})
    file = read_label_file(path, coders=["coder_a", "coder_b"])
    assert file.remark == ""
    assert file.read(MANY).n_not_coded == 1


def test_a_gold_file_without_empty_cells_needs_no_remark(tmp_path):
    path = write(tmp_path / "new.csv", frames=["war", "trade", "war", "war"], **DESIGN)
    assert read_label_file(path).remark == ""
