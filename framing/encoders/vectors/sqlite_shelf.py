"""Vectors in one SQLite file: appended in the order of their numbers, found by an index of their keys.

Vectors of one model stored on one day share a batch: 4096 numbers, so that the batch of a vector is known from its
number. Each batch has the day of its last use, which reading changes at most once a day.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from framing.encoders.vectors.earlier import EARLIER, count_earlier, find_earlier, remove_earlier
from framing.encoders.vectors.reading import BATCH, fetch_vectors, read_damaged, read_rows
from framing.encoders.vectors.rows import (
    KEY_BYTES,
    Bytes,
    Floats,
    Found,
    Words,
    find_wrong,
    make_keys,
    order_keys,
    pack_vectors,
)
from framing.encoders.vectors.shelf import Batch, Checked, Kind, Shelf, choose_evicted, today
from framing.files.damage import DamageError, is_damage
from framing.files.sqlite_file import open_sqlite, use_file

__all__ = ["open_file"]

_WHAT = "store of vectors"
_PAGE = 8192  # holds five vectors of 384 dimensions; larger pages cost more where few of a page are wanted
_PER_COMMIT = 1 << 15
_WRITE_CACHE = 2**26
_CHECK_BYTES = 2**26  # stored by this process between two looks at the limit
_VACUUM_PAGES = 4096
_TABLES = (
    "CREATE TABLE IF NOT EXISTS models (model INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL, encoder TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS batches (batch INTEGER PRIMARY KEY, model INTEGER NOT NULL, used INTEGER NOT NULL, "
    "filled INTEGER NOT NULL, n_vectors INTEGER NOT NULL, n_bytes INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS vectors (number INTEGER PRIMARY KEY, key BLOB UNIQUE NOT NULL, vector BLOB NOT NULL)",
)
_FIND = f"""WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?2)
SELECT v.number, i FROM n CROSS JOIN vectors v ON v.key = substr(?1, n.i * {KEY_BYTES} + 1, {KEY_BYTES})"""


def open_file(path: Path) -> Shelf:
    """Open a store of vectors in one file.

    Parameters
    ----------
    path : Path
        The SQLite file, on a local disk; it need not exist. Vectors that an earlier version stored in it are found
        too, and move to the new table when they are.

    Returns
    -------
    Shelf
        The store; nothing is made before the first vector.
    """
    return _SqliteShelf(path)


class _SqliteShelf(Shelf):
    kind: Kind = "sqlite"

    def __init__(self, path: Path) -> None:
        self._path = path
        self._unchecked = _CHECK_BYTES  # the first put of a process looks at the limit

    @property
    def place(self) -> Path:
        return self._path

    def exists(self) -> bool:
        return self._path.exists()

    def find(self, model: str, digests: Bytes) -> Found:
        nothing = Found(np.zeros(0, dtype=np.intp), np.zeros((0, 0), dtype=np.float32))
        if not self.exists() or not len(digests):
            return nothing
        return use_file(self.place, _WHAT, lambda: self._find(model, digests), salvage=self._salvage, otherwise=nothing)

    def add(self, model: str, encoder: str, digests: Bytes, vectors: Floats) -> None:
        keys = make_keys(digests)
        words = pack_vectors(keys, vectors)
        model, encoder = (name.encode("utf-8", "backslashreplace").decode() for name in (model, encoder))
        for start in range(0, len(keys), _PER_COMMIT):
            part = slice(start, start + _PER_COMMIT)
            use_file(
                self.place, _WHAT,
                lambda part=part: self._insert(model, encoder, keys[part], words[part]),  # type: ignore[misc]
                salvage=self._salvage, otherwise=None,
            )  # fmt: skip
        self._unchecked += words.nbytes
        if self._unchecked >= _CHECK_BYTES:
            self._unchecked = 0
            self.remove(choose_evicted(self))

    def list_batches(self) -> list[Batch]:
        def read() -> list[Batch]:
            with self._open() as connection:
                rows = connection.execute(
                    "SELECT b.batch, m.name, m.encoder, b.used, b.n_vectors, b.n_bytes "
                    "FROM batches b JOIN models m USING (model)"
                ).fetchall()
                batches = [Batch(str(row[0]), *row[1:]) for row in rows]
                n_vectors, n_bytes = count_earlier(connection)
            return batches + ([Batch(EARLIER, "", EARLIER, 0, n_vectors, n_bytes)] if n_vectors else [])

        return use_file(self.place, _WHAT, read, salvage=self._salvage, otherwise=[]) if self.exists() else []

    def remove(self, batches: Sequence[Batch]) -> None:
        def delete() -> None:
            with self._open() as connection:
                for batch in batches:
                    connection.execute("BEGIN IMMEDIATE")
                    if batch.name == EARLIER:
                        connection.execute(f"DROP TABLE IF EXISTS {EARLIER}")
                    elif self._is_unused_since(connection, batch):
                        first = int(batch.name) * BATCH
                        numbers = (first, first + BATCH)
                        connection.execute("DELETE FROM vectors WHERE number >= ? AND number < ?", numbers)
                        connection.execute("DELETE FROM batches WHERE batch = ?", (int(batch.name),))
                    connection.execute("COMMIT")
                _shrink(connection)

        if batches:
            use_file(self.place, _WHAT, delete, salvage=self._salvage, otherwise=None)

    def size(self) -> int:
        def measure() -> int:
            with self._open() as connection:
                pages, free, size = (_value(connection, f"PRAGMA {name}") for name in _SIZES)
                return (pages - free) * size

        return use_file(self.place, _WHAT, measure, salvage=self._salvage, otherwise=0) if self.exists() else 0

    def count(self) -> int:
        return sum(batch.n_vectors for batch in self.list_batches())

    def check(self) -> Checked:
        if not self.exists():
            return Checked(0, [])
        problems: list[str] = []
        n_read = 0
        try:
            with self._open() as connection:
                connection.execute("BEGIN")  # others may write meanwhile
                problems += [str(row[0]) for row in connection.execute("PRAGMA quick_check(20)") if row[0] != "ok"]
                for keys, words in read_rows(connection, 0, 1 << 62):
                    n_wrong = int(find_wrong(keys, words).sum())
                    n_read += len(keys)
                    problems += [f"{n_wrong} vectors differ from their checksum"] if n_wrong else []
                n_indexed = _value(connection, "SELECT count(*) FROM vectors INDEXED BY sqlite_autoindex_vectors_1")
                if n_indexed != n_read:
                    problems.append(f"{n_read} vectors, but {n_indexed} keys")
                n_earlier, _ = count_earlier(connection)
        except (sqlite3.Error, DamageError, UnicodeDecodeError) as error:
            if not is_damage(error):
                raise
            return Checked(n_read, [*problems, str(error)])
        return Checked(n_read + n_earlier, problems)

    def salvage(self) -> None:

        def fail() -> None:
            if self.check().problems:
                raise DamageError("its content is not what was stored")

        use_file(self.place, _WHAT, fail, salvage=self._salvage, otherwise=None)

    def _find(self, model: str, digests: Bytes) -> Found:
        keys = make_keys(digests)
        order, _ = order_keys(keys)
        with self._open() as connection:
            connection.execute("BEGIN")  # both queries see one state of the file
            found = connection.execute(_FIND, (keys[order].tobytes(), len(keys))).fetchall()
            pairs = np.array(found, dtype=np.int64).reshape(-1, 2)
            pairs = pairs[np.argsort(pairs[:, 0], kind="stable")]  # in the order of the file
            rows = order[pairs[:, 1]]
            vectors = fetch_vectors(connection, pairs[:, 0], keys[rows])
            connection.execute("COMMIT")
            self._mark_used(connection, pairs[:, 0])
            missing = np.setdiff1d(np.arange(len(keys)), rows) if len(rows) < len(keys) else np.zeros(0, dtype=np.intp)
            earlier = find_earlier(connection, digests, missing) if len(missing) else None
        if earlier is None:
            return Found(rows, vectors)
        self._insert(model, "", keys[earlier.rows], pack_vectors(keys[earlier.rows], earlier.vectors))
        with self._open() as connection:
            remove_earlier(connection, digests[earlier.rows])
        if not len(rows):
            return earlier
        return Found(np.concatenate([rows, earlier.rows]), np.concatenate([vectors, earlier.vectors]))

    def _mark_used(self, connection: sqlite3.Connection, numbers: NDArray[np.int64]) -> None:
        """Note the day of use of the batches of vectors, unless it is noted; nothing depends on it but the eviction."""
        wanted = "[" + ",".join(map(str, np.unique(numbers // BATCH))) + "]"
        which = "used < ? AND batch IN (SELECT value FROM json_each(?))"
        if connection.execute(f"SELECT 1 FROM batches WHERE {which} LIMIT 1", (today(), wanted)).fetchone():
            with suppress(sqlite3.OperationalError):
                connection.execute(f"UPDATE batches SET used = ? WHERE {which}", (today(), today(), wanted))

    def _is_unused_since(self, connection: sqlite3.Connection, batch: Batch) -> bool:
        """Whether a batch that is to go was used by nobody in the meantime."""
        row = connection.execute("SELECT used FROM batches WHERE batch = ?", (int(batch.name),)).fetchone()
        return row is not None and row[0] <= batch.used

    def _insert(self, model: str, encoder: str, keys: Bytes, words: Words) -> int:
        """Insert rows of `pack_vectors` in one transaction; returns how many were new."""
        content, width = memoryview(words.tobytes()), words.shape[1] * 4
        names, day, n_new = keys.tobytes(), today(), 0
        with self._open(cache_bytes=_WRITE_CACHE) as connection:
            connection.execute("BEGIN IMMEDIATE")
            number = _find_model(connection, model, encoder)
            start = 0
            while start < len(keys):
                batch, filled = _find_batch(connection, number, day)
                stop = min(start + BATCH - filled, len(keys))
                first = batch * BATCH + filled - start
                cursor = connection.executemany(
                    "INSERT OR IGNORE INTO vectors VALUES (?, ?, ?)",
                    (
                        (first + i, names[i * KEY_BYTES : (i + 1) * KEY_BYTES], content[i * width : (i + 1) * width])
                        for i in range(start, stop)
                    ),
                )
                inserted = max(cursor.rowcount, 0)
                connection.execute(
                    "UPDATE batches SET filled = filled + ?, n_vectors = n_vectors + ?, n_bytes = n_bytes + ? "
                    "WHERE batch = ?",
                    (stop - start if inserted else 0, inserted, inserted * (width + 2 * KEY_BYTES + 24), batch),
                )
                n_new += inserted
                start = stop
            connection.execute("DELETE FROM batches WHERE n_vectors = 0 AND filled = 0")
            connection.execute("COMMIT")
        return n_new

    def _salvage(self, damaged: Path) -> int:
        n_saved, waiting = 0, list[tuple[str, str, Bytes, Words]]()
        for found in read_damaged(damaged):
            n_waiting = sum(len(keys) for _, _, keys, _ in waiting)
            if waiting and (n_waiting >= _PER_COMMIT or _describe(found) != _describe(waiting[0])):
                n_saved += self._insert_joined(waiting)
                waiting = []
            waiting.append(found)
        return n_saved + (self._insert_joined(waiting) if waiting else 0)

    def _insert_joined(self, found: Sequence[tuple[str, str, Bytes, Words]]) -> int:
        keys, words = (np.concatenate(arrays) for arrays in zip(*(item[2:] for item in found), strict=True))
        return self._insert(found[0][0], found[0][1], keys, words)

    @contextmanager
    def _open(self, *, cache_bytes: int = 2**23) -> Iterator[sqlite3.Connection]:
        with open_sqlite(self.place, page_size=_PAGE, cache_bytes=cache_bytes) as connection:
            if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'vectors'").fetchone():
                connection.execute("BEGIN IMMEDIATE")
                for statement in _TABLES:
                    connection.execute(statement)
                connection.execute("COMMIT")
            yield connection


_SIZES = ("page_count", "freelist_count", "page_size")


def _describe(found: tuple[str, str, Bytes, Words]) -> tuple[str, str, int]:
    """Model, encoder and length, which rows share that are inserted together."""
    model, encoder, _, words = found
    return model, encoder, words.shape[1]


def _value(connection: sqlite3.Connection, query: str) -> int:
    return int(connection.execute(query).fetchone()[0])


def _find_model(connection: sqlite3.Connection, model: str, encoder: str) -> int:
    connection.execute("INSERT OR IGNORE INTO models(name, encoder) VALUES (?, ?)", (model, encoder))
    if encoder:
        connection.execute("UPDATE models SET encoder = ? WHERE name = ? AND encoder = ''", (encoder, model))
    return int(connection.execute("SELECT model FROM models WHERE name = ?", (model,)).fetchone()[0])


def _find_batch(connection: sqlite3.Connection, model: int, day: int) -> tuple[int, int]:
    """Number of a batch of this model and day that is not full, and how much of it is filled."""
    row = connection.execute(
        "SELECT batch, filled FROM batches WHERE model = ? AND used = ? AND filled < ? ORDER BY batch DESC LIMIT 1",
        (model, day, BATCH),
    ).fetchone()
    if row is not None:
        return int(row[0]), int(row[1])
    number = _value(connection, "SELECT max(coalesce((SELECT max(batch) FROM batches), 0), "
                                f"coalesce((SELECT max(number) FROM vectors), 0) / {BATCH}) + 1")  # fmt: skip
    connection.execute("INSERT INTO batches VALUES (?, ?, ?, 0, 0, 0)", (number, model, day))
    return number, 0


def _shrink(connection: sqlite3.Connection) -> None:
    """Give free pages back to the disk. A file of an earlier version cannot shrink; its free pages are used again."""
    if _value(connection, "PRAGMA auto_vacuum") != 2:
        return
    while (n_free := _value(connection, "PRAGMA freelist_count")) > 0:
        connection.execute(f"PRAGMA incremental_vacuum({_VACUUM_PAGES})").fetchall()
        if _value(connection, "PRAGMA freelist_count") >= n_free:
            return
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
