"""Reading vectors of a SQLite file: some, all, and of a damaged one every vector whose checksum is right."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from framing.encoders.vectors.earlier import EARLIER, read_earlier
from framing.encoders.vectors.rows import KEY_BYTES, Bytes, Floats, Words, find_wrong, join_rows, unpack_vectors
from framing.errors import FramingError
from framing.files.damage import DamageError, is_damage
from framing.files.sqlite_file import open_damaged

__all__ = ["BATCH", "fetch_vectors", "read_damaged", "read_rows"]

BATCH = 4096  # numbers of one batch: the batch of a vector is its number // BATCH
_PER_FETCH = 512
_HIGHEST = 1 << 40  # a higher number of a batch is damage
_UNNAMED = 50_000  # batches that are looked for without a name: more would take hours
_FETCH = "SELECT vector FROM vectors WHERE number IN (SELECT value FROM json_each(?)) ORDER BY number"


def read_rows(connection: sqlite3.Connection, first: int, end: int) -> Iterator[tuple[Bytes, Words]]:
    """Read vectors with numbers in a range.

    Parameters
    ----------
    connection : Connection
        Of a file of vectors.
    first : int
        First number.
    end : int
        The number after the last.

    Yields
    ------
    tuple of ndarray
        Keys, and rows of `pack_vectors` of one length; a row that cannot be one is left out.
    """
    query = "SELECT key, vector FROM vectors WHERE number >= ? AND number < ? ORDER BY number"
    cursor = connection.execute(query, (first, end))
    while rows := cursor.fetchmany(_PER_FETCH):
        by_length: dict[int, list[tuple[bytes, bytes]]] = {}
        for key, vector in rows:
            if not isinstance(key, bytes) or not isinstance(vector, bytes) or len(key) != KEY_BYTES:
                continue
            by_length.setdefault(len(vector), []).append((key, vector))
        for same in by_length.values():
            words = join_rows([vector for _, vector in same])
            if words is not None:
                yield np.frombuffer(b"".join(key for key, _ in same), dtype=np.uint8).reshape(-1, KEY_BYTES), words


def fetch_vectors(connection: sqlite3.Connection, numbers: NDArray[np.int64], keys: Bytes) -> Floats:
    """Read vectors by their numbers.

    Parameters
    ----------
    connection : Connection
        Of a file of vectors.
    numbers : ndarray of int, shape (n,)
        Ascending; may repeat.
    keys : ndarray of uint8, shape (n, 16)
        Their keys.

    Returns
    -------
    ndarray of float32, shape (n, d)
        In the order of the numbers.

    Raises
    ------
    DamageError
        Where one is not what was stored.
    FramingError
        Where they have several lengths.
    """
    if not len(numbers):
        return np.zeros((0, 0), dtype=np.float32)
    unique, inverse = np.unique(numbers, return_inverse=True)
    cursor = connection.execute(_FETCH, ("[" + ",".join(map(str, unique.tolist())) + "]",))
    keys = keys[np.searchsorted(numbers, unique)]
    vectors = np.zeros((0, 0), dtype=np.float32)
    start = 0
    while rows := cursor.fetchmany(_PER_FETCH):
        words = join_rows([row[0] for row in rows])
        stop = start + len(rows)
        if words is None or (start and words.shape[1] != vectors.shape[1] + 1):
            raise _describe_lengths(keys[start:stop], rows)
        if find_wrong(keys[start:stop], words).any():
            raise DamageError("a vector is not what was stored (its checksum differs)")
        if not start:
            vectors = np.empty((len(unique), words.shape[1] - 1), dtype=np.float32)
        vectors[start:stop] = unpack_vectors(words)
        start = stop
    if start != len(unique):
        raise DamageError(f"{len(unique)} keys have {start} vectors")
    return vectors if len(unique) == len(numbers) else vectors[inverse]


def _describe_lengths(keys: Bytes, rows: Sequence[tuple[Any]]) -> Exception:
    """The error for vectors of several lengths: damage, unless each is what was stored."""
    for key, (vector,) in zip(keys, rows, strict=True):
        words = join_rows([vector])
        if words is None or find_wrong(key[None, :], words).any():
            return DamageError("a vector has not the length that was stored")
    return FramingError("vectors: expected one length for all texts of a model, found several; give each its own name.")


def read_damaged(path: Path) -> Iterator[tuple[str, str, Bytes, Words]]:
    """Read a damaged file of vectors.

    Parameters
    ----------
    path : Path
        The file.

    Yields
    ------
    tuple
        Name of the model, name of the encoder (both empty where they cannot be read), keys, and rows of `pack_vectors`
        whose checksums are right.

    Notes
    -----
    A damaged page hides what it holds, or what lies below it in the tree of the table. So a range of numbers that
    cannot be read is halved until the damage is confined to single vectors.
    """
    try:
        with open_damaged(path) as connection:
            for first, end, model, encoder in _find_ranges(connection):
                for keys, words in _read_range(connection, first, end):
                    right = ~find_wrong(keys, words)
                    if right.any():
                        yield model, encoder, keys[right], words[right]
            for direction in ("ASC", "DESC"):  # without numbers: from both ends, each up to the damage
                try:
                    for keys, words in read_earlier(connection, direction):
                        yield "", EARLIER, keys, words
                except sqlite3.Error as error:
                    _check_damage(error)
    except sqlite3.Error as error:
        _check_damage(error)


def _find_ranges(connection: sqlite3.Connection) -> list[tuple[int, int, str, str]]:
    """First number, end, model and encoder of each batch; the models are missing where their table is damaged."""
    models: dict[int, tuple[str, str]] = {}
    batches: dict[int, int] = {}
    for query, read in (
        ("SELECT model, name, encoder FROM models", lambda row: models.update({row[0]: (str(row[1]), str(row[2]))})),
        ("SELECT batch, model FROM batches", lambda row: batches.update({row[0]: row[1]})),
        (f"SELECT max(number) / {BATCH} FROM vectors", lambda row: batches.setdefault(row[0] or 0, 0)),
    ):
        try:
            for row in connection.execute(query):
                read(row)
        except sqlite3.Error as error:
            _check_damage(error)
    numbers = {number for number in batches if isinstance(number, int) and 0 <= number < _HIGHEST}
    if max(numbers, default=0) < len(numbers) + _UNNAMED:  # batches that the damaged table does not name
        numbers |= set(range(max(numbers, default=0) + 1))
    named = ((number, *models.get(batches.get(number, 0), ("", ""))) for number in sorted(numbers))
    return [(number * BATCH, (number + 1) * BATCH, model, encoder) for number, model, encoder in named]


def _read_range(connection: sqlite3.Connection, first: int, end: int) -> Iterator[tuple[Bytes, Words]]:
    try:
        found = list(read_rows(connection, first, end))
    except sqlite3.Error as error:
        _check_damage(error)
        if end - first > 1:
            middle = (first + end) // 2
            yield from _read_range(connection, first, middle)
            yield from _read_range(connection, middle, end)
        return
    yield from found


def _check_damage(error: sqlite3.Error) -> None:
    if not is_damage(error) and "no such table" not in str(error):
        raise error
