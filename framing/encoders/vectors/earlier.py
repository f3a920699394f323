"""Vectors in the table of earlier versions: found by their whole digest, without checksums, models or days of use."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from framing.encoders.vectors.rows import Bytes, Found, Words, make_keys, pack_vectors

__all__ = ["EARLIER", "count_earlier", "find_earlier", "read_earlier", "remove_earlier"]

EARLIER = "embeddings"
_PER_QUERY = 900  # the lowest limit of any SQLite on variables is 999


def count_earlier(connection: sqlite3.Connection) -> tuple[int, int]:
    """Count the vectors of earlier versions.

    Parameters
    ----------
    connection : Connection
        Of the file.

    Returns
    -------
    n_vectors : int
        Their number.
    n_bytes : int
        Bytes of vectors and keys.
    """
    if not _has_earlier(connection):
        return 0, 0
    row = connection.execute(f"SELECT count(*), coalesce(sum(length(vector) + 32), 0) FROM {EARLIER}").fetchone()
    return int(row[0]), int(row[1])


def find_earlier(connection: sqlite3.Connection, digests: Bytes, rows: NDArray[np.intp]) -> Found | None:
    """Find vectors of earlier versions.

    Parameters
    ----------
    connection : Connection
        Of the file.
    digests : ndarray of uint8, shape (n, 32)
        sha256 of model and text.
    rows : ndarray of int
        Rows of the digests to look for.

    Returns
    -------
    Found or None
        None where there is none. A vector of another length than the first is left out.
    """
    if not _has_earlier(connection):
        return None
    row_of = {digests[row].tobytes(): int(row) for row in rows}
    keys, found = list(row_of), list[tuple[int, bytes]]()
    for start in range(0, len(keys), _PER_QUERY):
        part = keys[start : start + _PER_QUERY]
        query = f"SELECT key, vector FROM {EARLIER} WHERE key IN ({','.join('?' * len(part))})"
        found += [(row_of[key], vector) for key, vector in connection.execute(query, part) if _is_vector(vector)]
    found = [item for item in found if len(item[1]) == len(found[0][1])]
    if not found:
        return None
    vectors = np.frombuffer(b"".join(vector for _, vector in found), dtype="<f4").reshape(len(found), -1)
    return Found(np.array([row for row, _ in found], dtype=np.intp), vectors)


def remove_earlier(connection: sqlite3.Connection, digests: Bytes) -> None:
    """Remove vectors of earlier versions, which are in the new table now.

    Parameters
    ----------
    connection : Connection
        Of the file.
    digests : ndarray of uint8, shape (n, 32)
        Their keys.
    """
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(f"DELETE FROM {EARLIER} WHERE key = ?", ((digest.tobytes(),) for digest in digests))
    connection.execute("COMMIT")


def read_earlier(connection: sqlite3.Connection, direction: str) -> Iterator[tuple[Bytes, Words]]:
    """Read all vectors of earlier versions.

    Parameters
    ----------
    connection : Connection
        Of the file.
    direction : {"ASC", "DESC"}
        Order of the keys.

    Yields
    ------
    tuple of ndarray
        Keys, and rows of `pack_vectors` of one length. Those that were read before an error come before it.
    """
    if not _has_earlier(connection):
        return
    same: list[tuple[bytes, bytes]] = []
    try:
        for key, vector in connection.execute(f"SELECT key, vector FROM {EARLIER} ORDER BY key {direction}"):
            if not isinstance(key, bytes) or len(key) != 32 or not _is_vector(vector):
                continue
            if same and (len(same) == _PER_QUERY or len(vector) != len(same[0][1])):
                yield _pack(same)
                same = []
            same.append((key, vector))
    finally:
        if same:
            yield _pack(same)


def _pack(rows: Sequence[tuple[bytes, bytes]]) -> tuple[Bytes, Words]:
    """Keys and rows of `pack_vectors` of vectors of one length."""
    keys = make_keys(np.frombuffer(b"".join(key for key, _ in rows), dtype=np.uint8).reshape(len(rows), -1))
    vectors = np.frombuffer(b"".join(vector for _, vector in rows), dtype="<f4").reshape(len(rows), -1)
    return keys, pack_vectors(keys, vectors)


def _has_earlier(connection: sqlite3.Connection) -> bool:
    query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
    return connection.execute(query, (EARLIER,)).fetchone() is not None


def _is_vector(value: object) -> bool:
    return isinstance(value, bytes) and len(value) >= 4 and len(value) % 4 == 0
