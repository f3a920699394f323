"""A cache: computed values under keys in one SQLite file, with one writer at a time."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, ClassVar

from framing.files.damage import DamageError, is_damage
from framing.files.sqlite_file import open_damaged, open_sqlite, use_file

__all__ = ["KeptValues"]

_KEYS_PER_QUERY = 900  # the lowest limit of any SQLite on variables is 999


class KeptValues:
    """Values by key, safe under a crash and two writers; the first value stored under a key stays.

    A damaged file is set aside with a warning, and what can be read of it is kept. Where the file cannot be used, for
    instance on a full disk, nothing is known and nothing is stored, with a warning.

    Parameters
    ----------
    path : str or Path
        The SQLite file; made with the first value.

    Attributes
    ----------
    table : str
        Name of the table, set by a subclass.
    value : str
        Name and SQL type of the column of values, set by a subclass.
    what : str
        What the file is, in a warning, set by a subclass.
    """

    table: ClassVar[str]
    value: ClassVar[str]
    what: ClassVar[str]

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)

    def known(self, keys: Sequence[bytes]) -> Iterator[tuple[bytes, Any]]:
        """Find the values that are stored.

        Parameters
        ----------
        keys : sequence of bytes
            Keys to look for.

        Yields
        ------
        tuple
            Key and value of each key that is stored.

        Raises
        ------
        FramingError
            If the file is no cache of this kind.
        """

        def find() -> list[tuple[bytes, Any]]:
            rows: list[tuple[bytes, Any]] = []
            with self._open() as connection:
                for start in range(0, len(keys), _KEYS_PER_QUERY):
                    part = keys[start : start + _KEYS_PER_QUERY]
                    marks = ",".join("?" * len(part))
                    rows += map(_check, connection.execute(f"{self._select} WHERE key IN ({marks})", part))
            return rows

        nothing: list[tuple[bytes, Any]] = []
        if self.path.exists():
            yield from use_file(self.path, self.what, find, salvage=self._salvage, otherwise=nothing)

    def keep(self, rows: Iterable[tuple[bytes, Any]]) -> None:
        """Store values; a key that is stored keeps its value.

        Parameters
        ----------
        rows : iterable of tuple
            Keys with their values.

        Raises
        ------
        FramingError
            If the file is no cache of this kind.
        """
        whole = list(rows)
        use_file(self.path, self.what, lambda: self._insert(whole), salvage=self._salvage, otherwise=None)

    def __len__(self) -> int:
        def count() -> int:
            with self._open() as connection:
                return int(connection.execute(f"SELECT count(*) FROM {self.table}").fetchone()[0])

        if not self.path.exists():
            return 0
        return use_file(self.path, self.what, count, salvage=self._salvage, otherwise=0)

    @property
    def _select(self) -> str:
        return f"SELECT key, {self.value.split()[0]}, checksum FROM {self.table}"

    def _insert(self, rows: Sequence[tuple[bytes, Any]]) -> None:
        with self._open() as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(
                f"INSERT OR IGNORE INTO {self.table} VALUES (?, ?, ?)",
                ((key, value, _sum(key, value)) for key, value in rows),
            )
            connection.execute("COMMIT")

    def _salvage(self, damaged: Path) -> int:
        """Put the values of a damaged file that can be read into the new one; returns their number.

        The table is read from both ends, each up to where the damage begins.
        """
        found: dict[bytes, Any] = {}
        for direction in ("ASC", "DESC"):
            try:
                with open_damaged(damaged) as connection:
                    for row in connection.execute(f"{self._select} ORDER BY key {direction}"):
                        with suppress(DamageError):
                            key, value = _check(row)
                            found[key] = value
            except sqlite3.Error as error:
                if not is_damage(error):
                    raise
        self._insert(list(found.items()))
        return len(found)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with open_sqlite(self.path) as connection:
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({self.table})")]
            if not columns:
                connection.execute(
                    f"CREATE TABLE IF NOT EXISTS {self.table} "
                    f"(key BLOB PRIMARY KEY, {self.value} NOT NULL, checksum INTEGER) WITHOUT ROWID"
                )
            elif len(columns) == 2:  # of an earlier version; its values have no checksum
                with suppress(sqlite3.OperationalError):  # another process adds it
                    connection.execute(f"ALTER TABLE {self.table} ADD COLUMN checksum INTEGER")
            yield connection


def _check(row: tuple[bytes, Any, int | None]) -> tuple[bytes, Any]:
    key, value, checksum = row
    if checksum is not None and checksum != _sum(key, value):
        raise DamageError("a value is not what was stored (its checksum differs)")
    return key, value


def _sum(key: bytes, value: Any) -> int:
    return zlib.crc32(repr(value).encode("utf-8", "surrogatepass"), zlib.crc32(key))
