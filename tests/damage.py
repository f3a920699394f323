"""What a disk does to a file: it is cut, emptied, lost, another kind of thing, or one bit of it is another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

__all__ = ["DAMAGES", "flip", "flip_everywhere"]


def flip(path: Path, place: float = 0.5, bit: int = 1) -> None:
    content = bytearray(path.read_bytes())
    content[int(place * len(content))] ^= bit
    path.write_bytes(content)


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-9])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def lose(path: Path) -> None:
    path.unlink()


def replace_by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGES = [pytest.param(damage, id=damage.__name__) for damage in (flip, truncate, empty, lose, replace_by_folder)]


def flip_everywhere(path: Path) -> Iterator[None]:
    """One bit of each byte after the other; the file is as it was after each."""
    whole = path.read_bytes()
    for number in range(len(whole)):
        content = bytearray(whole)
        content[number] ^= 1 << number % 8
        path.write_bytes(content)
        yield
        path.write_bytes(whole)
