"""Cached tables: made once under a key of their inputs, all of them or none, and again where they are damaged."""

from __future__ import annotations

import errno

import pandas as pd
import pytest

from framing.analysis.tables import cached_table, cached_tables, find_tables, table_folder, write_tables
from framing.errors import FramingError
from framing.files.damage import CacheWarning
from tests.damage import DAMAGES, flip, flip_everywhere

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


@pytest.mark.parametrize("name", ["a.parquet", "b.parquet", "facts.json"])
@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_tables_are_set_aside_with_a_warning_and_made_again(cache, name, damage):
    maker = Maker(TABLES)
    cached_tables("kind", 1, maker)
    folder = table_folder("kind", 1)
    damage(folder / name)
    with pytest.warns(
        CacheWarning, match=rf"{folder} is damaged: .*{name}.* aside as {folder.name}\.damaged-1, and is"
    ):
        tables = cached_tables("kind", 1, maker)
    for key, table in TABLES.items():
        pd.testing.assert_frame_equal(tables[key], table)
    cached_tables("kind", 1, maker)
    assert maker.n_calls == 2


@pytest.mark.filterwarnings("ignore::framing.files.damage.CacheWarning")
@pytest.mark.parametrize("name", ["b.parquet", "facts.json"])
def test_no_flipped_bit_changes_a_table_or_fact(cache, name):
    folder = table_folder("kind", 1)
    write_tables(folder, TABLES, {"threshold": 0.3, "when": "2025-07-01"})
    expected = find_tables(folder)
    for _ in flip_everywhere(folder / name):
        found = find_tables(folder)
        if found is None:  # set aside
            (aside,) = folder.parent.glob("*.damaged-1")
            aside.rename(folder)
        else:  # white space between values
            assert name == "facts.json"
            assert found.facts == expected.facts


@pytest.mark.parametrize("damage", DAMAGES)
def test_one_damaged_table_is_made_again(tmp_path, damage):
    maker = Maker(TABLES["a"])
    cached_table(tmp_path / "a", maker)
    damage(tmp_path / "a" / "table.parquet")
    with pytest.warns(CacheWarning, match=r"a is damaged: .*table\.parquet"):
        pd.testing.assert_frame_equal(cached_table(tmp_path / "a", maker), TABLES["a"])
    assert maker.n_calls == 2


@pytest.mark.parametrize("content", ["a file", "an empty folder", "a folder with one table"])
def test_what_is_no_whole_folder_of_tables_makes_room(cache, content):
    folder = table_folder("kind", 1)
    folder.parent.mkdir(parents=True)
    if content == "a file":
        folder.write_text(content)
    else:
        folder.mkdir()
    if content == "a folder with one table":
        TABLES["a"].to_parquet(folder / "a.parquet")
    with pytest.warns(CacheWarning, match=rf"{folder} is damaged"):
        assert list(cached_tables("kind", 1, Maker(TABLES))) == ["a", "b"]


def test_a_disk_that_damages_everything_ends_in_an_error(cache):
    folder = table_folder("kind", 1)

    def make():
        return {"a": pd.DataFrame({"x": [1]})}

    def damage(*arguments):
        write_tables(*arguments)
        flip(folder / "a.parquet")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("framing.analysis.tables.write_tables", damage)
        with pytest.warns(CacheWarning), pytest.raises(FramingError, match="damaged again and again"):
            cached_tables("kind", 1, make)


def test_an_error_that_may_pass_leaves_the_tables_where_they_are(cache, monkeypatch):
    maker = Maker(TABLES)
    cached_tables("kind", 1, maker)

    def refuse(path):
        raise OSError(errno.EMFILE, "Too many open files")

    with monkeypatch.context() as patch:
        patch.setattr("framing.analysis.tables.file_sha256", refuse)
        with pytest.raises(FramingError, match=r"cannot be used: .*Too many open files"):
            cached_tables("kind", 1, maker)
    cached_tables("kind", 1, maker)
    assert maker.n_calls == 1


def test_tables_that_another_process_made_meanwhile_stay(cache):
    folder = table_folder("kind", 1)
    write_tables(folder, {"a": TABLES["a"]}, {})
    write_tables(folder, {"a": TABLES["a"] * 10}, {})
    assert find_tables(folder).tables["a"]["x"].to_list() == [1, 2]


def test_one_table_in_one_folder_is_made_once(tmp_path):
    maker = Maker(TABLES["a"])
    for _ in range(2):
        pd.testing.assert_frame_equal(cached_table(tmp_path / "a", maker), TABLES["a"])
    assert maker.n_calls == 1


def test_a_table_that_cannot_be_written_is_an_error(tmp_path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(FramingError, match=r"The tables a could not be written to .*file: "):
        cached_table(tmp_path / "file" / "a", Maker(TABLES["a"]))
