"""Tables of ActiveTigger."""

from __future__ import annotations

import pandas as pd
import pytest

from framing.coding.filled_sheets import read_sheet
from framing.errors import InputError
from tests.coding.coded_sheets import MANY

EXPORT = """,index,at_id,text,topic,user,timestamp,comment
0,p1,12,Tanks came.,war|trade,anna,2025-07-01 10:00:00,
1,p2,13,Wine rose.,none,ben@example.org,2025-07-01 10:01:00,Sure?
2,p3,14,"A long, quiet day.",,,,
3,p4,15,She won.,chess,anna,2025-07-01 10:02:00,nan
"""


def test_an_export_is_told_by_its_frames(tmp_path):
    path = tmp_path / "data_train.csv"
    path.write_text(EXPORT, encoding="utf-8")
    sheet = read_sheet(path, MANY, texts={"p1": "Tanks came.", "p2": "Wine rose.", "p4": "She won."})
    assert [(row.coder, row.passage_id, row.labels, row.notes) for row in sheet.rows] == [
        ("anna", "p1", ("war", "trade"), ""),
        ("ben@example.org", "p2", ("none",), "Sure?"),
        ("data_train", "", (), ""),
        ("anna", "p4", ("chess",), ""),
    ]
    assert sheet.remarks == ["data_train.csv: frames are read from the column(s) topic"]


def test_parquet_is_read_too(tmp_path):
    path = tmp_path / "anna.parquet"
    pd.DataFrame({"id": ["p1"], "text": ["Tanks came."], "labels": ["war"]}).to_parquet(path)
    (row,) = read_sheet(path, MANY).rows
    assert (row.coder, row.passage_id, row.labels) == ("anna", "p1", ("war",))


def test_several_schemes_are_several_coders(tmp_path):
    path = tmp_path / "all.csv"
    path.write_text("id,text,anna,ben\np1,Tanks.,war,sport\np2,Wine.,trade,\n", encoding="utf-8")
    rows = [(row.coder, row.passage_id, row.labels) for row in read_sheet(path, MANY).rows]
    assert rows == [("anna", "p1", ("war",)), ("ben", "p1", ("sport",)), ("anna", "p2", ("trade",))]


def test_a_table_without_frames_is_no_export(tmp_path):
    path = tmp_path / "anna.csv"
    path.write_text("id,text,topic\np1,Tanks.,chess\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"anna\.csv lacks the column\(s\) passage_id of a sheet for coders"):
        read_sheet(path, MANY)
