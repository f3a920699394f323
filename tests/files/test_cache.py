"""The cache gives back what was stored first under a key, from any number of keys, and outlives damage."""

from __future__ import annotations

import sqlite3
import threading
import warnings
from pathlib import Path

import pytest

from framing.files.cache import KeptValues
from framing.files.damage import CacheWarning


class Lengths(KeptValues):
    table, value, what = "lengths", "length INTEGER", "store of lengths"


class Words(KeptValues):
    table, value, what = "words", "word TEXT", "store of words"


def key(number: int) -> bytes:
    return number.to_bytes(4, "big")


def test_the_first_value_of_a_key_stays(tmp_path: Path) -> None:
    lengths = Lengths(tmp_path / "deep" / "lengths.sqlite")
    lengths.keep([(b"a", 1), (b"b", 2), (b"a", 3)])
    Lengths(lengths.path).keep([(b"b", 4), (b"c", 5)])
    assert dict(lengths.known([b"c", b"b", b"a", b"unknown"])) == {b"a": 1, b"b": 2, b"c": 5}
    assert len(lengths) == 3


def test_a_file_that_is_not_there_holds_nothing_and_is_not_made_by_asking(tmp_path: Path) -> None:
    lengths = Lengths(tmp_path / "lengths.sqlite")
    assert list(lengths.known([b"a"])) == []
    assert len(lengths) == 0
    assert not lengths.path.exists()


def test_more_keys_than_a_query_takes_are_looked_up(tmp_path: Path) -> None:
    lengths = Lengths(tmp_path / "lengths.sqlite")
    lengths.keep((key(number), number) for number in range(2001))
    assert dict(lengths.known([key(number) for number in range(1, 2003)])) == {
        key(number): number for number in range(1, 2001)
    }


def test_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    begin = threading.Barrier(4)

    def write(first: int) -> None:
        begin.wait()
        Lengths(tmp_path / "lengths.sqlite").keep((key(number), number) for number in range(first, first + 100))

    writers = [threading.Thread(target=write, args=(100 * number,)) for number in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(Lengths(tmp_path / "lengths.sqlite")) == 400


def test_an_error_while_rows_are_made_stores_none_of_them(tmp_path: Path) -> None:
    lengths = Lengths(tmp_path / "lengths.sqlite")

    def rows():
        yield b"a", 1
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        lengths.keep(rows())
    assert len(lengths) == 0


def test_a_file_that_is_no_cache_is_set_aside(tmp_path: Path) -> None:
    path, content = tmp_path / "lengths.sqlite", b"no database at all, and too long to be a header" * 20
    path.write_bytes(content)
    with pytest.warns(
        CacheWarning, match=r"The store of lengths .* is damaged: .*set aside as lengths\.sqlite\.damaged-1"
    ):
        assert list(Lengths(path).known([b"a"])) == []
    assert (tmp_path / "lengths.sqlite.damaged-1").read_bytes() == content
    Lengths(path).keep([(b"a", 1)])
    assert dict(Lengths(path).known([b"a"])) == {b"a": 1}


def test_of_a_file_with_a_damaged_page_the_rest_is_kept(tmp_path: Path) -> None:
    words = Words(tmp_path / "words.sqlite")
    words.keep((key(number), f"word {number} " * 20) for number in range(1000))
    content = bytearray(words.path.read_bytes())
    middle = len(content) // 4096 // 2 * 4096
    content[middle : middle + 4096] = b"\xa5" * 4096
    words.path.write_bytes(content)
    with pytest.warns(CacheWarning, match="set aside"):
        found = dict(words.known([key(number) for number in range(1000)]))
    assert 900 < len(found) < 1000
    assert all(found[key(number)] == f"word {number} " * 20 for number in range(1000) if key(number) in found)
    words.keep((key(number), f"word {number} " * 20) for number in range(1000))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(dict(words.known([key(number) for number in range(1000)]))) == 1000


@pytest.mark.parametrize("change", [b"wOrd 7 ", b"w\xffrd 7 "], ids=["another letter", "no letter"])
def test_a_value_that_changed_is_not_given_out(tmp_path: Path, change: bytes) -> None:
    words = Words(tmp_path / "words.sqlite")
    words.keep((key(number), f"word {number} ") for number in range(20))
    content = words.path.read_bytes()
    assert content.count(b"word 7 ") == 1
    words.path.write_bytes(content.replace(b"word 7 ", change))
    with pytest.warns(CacheWarning, match="set aside"):
        found = dict(words.known([key(number) for number in range(20)]))
    assert key(7) not in found
    assert len(found) >= 7
    assert all(value == f"word {int.from_bytes(of, 'big')} " for of, value in found.items())


def test_values_of_an_earlier_version_are_found(tmp_path: Path) -> None:
    path = tmp_path / "lengths.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE lengths (key BLOB PRIMARY KEY, length INTEGER NOT NULL) WITHOUT ROWID")
        connection.execute("INSERT INTO lengths VALUES (?, 3)", (b"a",))
    connection.close()
    assert dict(Lengths(path).known([b"a"])) == {b"a": 3}
    Lengths(path).keep([(b"a", 4), (b"b", 5)])
    assert dict(Lengths(path).known([b"a", b"b"])) == {b"a": 3, b"b": 5}


def test_a_folder_that_cannot_be_written_ends_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.warns(CacheWarning, match="cannot be used: .*The work goes on without it"):
        Lengths(tmp_path / "file" / "lengths.sqlite").keep([(b"a", 1)])
