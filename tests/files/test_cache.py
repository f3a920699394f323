"""The cache gives back what was stored first under a key, from any number of keys, and names a file that is none."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from framing.errors import FramingError
from framing.files.cache import KeptValues


class Lengths(KeptValues):
    table, value, what = "lengths", "length INTEGER", "store of lengths"


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


def test_a_file_that_is_no_cache_is_named_with_the_remedy(tmp_path: Path) -> None:
    path, content = tmp_path / "lengths.sqlite", b"no database at all, and too long to be a header" * 20
    path.write_bytes(content)
    with pytest.raises(FramingError, match=r"The store of lengths .*lengths\.sqlite cannot be used: .*delete the file"):
        list(Lengths(path).known([b"a"]))
    with pytest.raises(FramingError, match="cannot be used"):
        Lengths(path).keep([(b"a", 1)])
    assert path.read_bytes() == content
