"""Files that are no sheets are refused whole, and no row of an export is lost."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.coding.filled_sheets import read_sheet
from framing.errors import InputError
from tests.coding.coded_sheets import MANY


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.csv", "passage_id,text\np1,b\n", r"neither a column frames nor one for each frame; missing: war, tr"),
        ("a.csv", "passage_id,text,war,sport\np1,b,x,\n", r"missing: trade\. It has: passage_id, text, war, sport"),
        ("a.csv", "text,frames\nb,war\n", r"lacks the column\(s\) passage_id"),
        ("a.csv", "passage_id,text,war,War,trade,sport\np,b,x,,,\n", r"several columns are for war; delete all but"),
        ("a.csv", "passage_id;body;frames\np;b;war\n", r"\(s\) text of a sheet .* It has: passage_id, body, frames\.$"),
        ("a.csv", "", r"a\.csv is empty; expected a header line with"),
        ("a.json", "{", r"a\.json is not valid JSON"),
        ("a.json", "{}", r"a\.json: expected a list of tasks"),
        ("a.parquet", "", r"expected a filled sheet, \.xlsx, \.csv, \.tsv, \.txt, or a Label Studio export"),
        ("a.ods", "", r"expected a filled sheet.* Save it as \.xlsx"),
        ("", "", r"There is no file .*gone\.csv"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_sheet_is_refused_whole(tmp_path, name, content, expected):
    path = tmp_path / (name or "gone.csv")
    if name:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=expected):
        list(read_sheet(path, MANY).rows)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["data", "passage_id", "text", "annotations", "result", "value", "choices", "from_name"]),
        inner | st.just("frames"), max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=4 * settings.default.max_examples)  # junk seldom comes near a sheet
@given(tasks=st.lists(JUNK, max_size=4))
def test_no_export_is_lost_or_crashes(tmp_path_factory, tasks):
    path = tmp_path_factory.mktemp("junk") / "a.json"
    path.write_text(json.dumps(tasks), encoding="utf-8")
    rows = list(read_sheet(path, MANY).rows)
    assert {row.line for row in rows} == set(range(1, len(tasks) + 1))
