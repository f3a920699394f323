"""Cached tables: made once under a key of their inputs, all of them or none."""

from __future__ import annotations

import pandas as pd
import pytest

from framing.analysis.tables import cached_table, cached_tables, read_tables, table_folder, write_tables
from framing.errors import FramingError

TABLES = {"a": pd.DataFrame({"x": [1, 2]}), "b": pd.DataFrame({"y": ["p", "q"]})}


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("FRAMING_CACHE", str(tmp_path))
    return tmp_path


class Maker:
    """Makes tables and counts how often."""

    def __init__(self, tables):
        self.tables, self.n_calls = tables, 0

    def __call__(self):
        self.n_calls += 1
        return self.tables


def test_tables_are_made_once_for_the_same_inputs(cache):
    maker = Maker(TABLES)
    for _ in range(2):
        tables = cached_tables("kind", ["hash", {"words": 90, "level": 0.95}], maker)
        assert list(tables) == ["a", "b"]
        pd.testing.assert_frame_equal(tables["a"], TABLES["a"])
    cached_tables("kind", ["hash", {"level": 0.95, "words": 90}], maker)  # order of keys does not matter
    assert maker.n_calls == 1


@pytest.mark.parametrize(("kind", "inputs"), [("other", ["hash", 90]), ("kind", ["hash", 91]), ("kind", [90, "hash"])])
def test_other_inputs_are_other_tables(cache, kind, inputs):
    maker = Maker(TABLES)
    cached_tables("kind", ["hash", 90], maker)
    cached_tables(kind, inputs, maker)
    assert maker.n_calls == 2
    assert table_folder(kind, inputs) != table_folder("kind", ["hash", 90])


def test_a_folder_without_facts_is_not_complete(cache):
    maker = Maker(TABLES)
    folder = table_folder("kind", 1)
    folder.mkdir(parents=True)
    TABLES["a"].to_parquet(folder / "a.parquet")
    assert list(cached_tables("kind", 1, maker)) == ["a", "b"]
    assert maker.n_calls == 1


def test_tables_that_another_process_made_meanwhile_stay(cache):
    folder = table_folder("kind", 1)
    write_tables(folder, {"a": TABLES["a"]}, {})
    write_tables(folder, {"a": TABLES["a"] * 10}, {})
    assert read_tables(folder, ["a"])["a"]["x"].to_list() == [1, 2]


def test_one_table_in_one_file_is_made_once(tmp_path):
    maker = Maker(TABLES["a"])
    for _ in range(2):
        pd.testing.assert_frame_equal(cached_table(tmp_path / "a.parquet", maker), TABLES["a"])
    assert maker.n_calls == 1


def test_a_table_that_cannot_be_written_is_an_error(tmp_path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(FramingError, match=r"The table a\.parquet could not be written to .*file: "):
        cached_table(tmp_path / "file" / "a.parquet", Maker(TABLES["a"]))
