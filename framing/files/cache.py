"""A cache: computed values under keys in one SQLite file, with one writer at a time.

WAL mode needs a local disk: point FRAMING_CACHE at one where the home folder is on the network.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

from framing.errors import FramingError

__all__ = ["KeptValues"]

_KEYS_PER_QUERY = 900  # the lowest limit of any SQLite on variables is 999
_ATTEMPTS, _PAUSE = 250, 0.02  # to switch to WAL; seconds between two
_TIMEOUT = 60  # seconds to wait for another writer


class KeptValues:
    """Values by key, safe under a crash and two writers; the first value stored under a key stays.

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
        What the file is, in an error message, set by a subclass.
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
            If the file cannot be used.
        """
        if not self.path.exists():
            return
        with self._open() as connection:
            for start in range(0, len(keys), _KEYS_PER_QUERY):
                part = keys[start : start + _KEYS_PER_QUERY]
                marks = ",".join("?" * len(part))
                query = f"SELECT key, {self.value.split()[0]} FROM {self.table} WHERE key IN ({marks})"
                yield from connection.execute(query, part)

    def keep(self, rows: Iterable[tuple[bytes, Any]]) -> None:
        """Store values; a key that is stored keeps its value.

        Parameters
        ----------
        rows : iterable of tuple
            Keys with their values.

        Raises
        ------
        FramingError
            If the file cannot be used.
        """
        with self._open() as connection:
            connection.executemany(f"INSERT OR IGNORE INTO {self.table} VALUES (?, ?)", rows)

    def __len__(self) -> int:
        if not self.path.exists():
            return 0
        with self._open() as connection:
            return int(connection.execute(f"SELECT count(*) FROM {self.table}").fetchone()[0])

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """A connection whose transaction commits on success and rolls back on any error."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(self.path, timeout=_TIMEOUT)
        except (OSError, sqlite3.Error) as error:
            raise self._make_error(error) from None
        try:
            _use_wal(connection)
            connection.execute("PRAGMA synchronous=NORMAL")
            connection.execute(
                f"CREATE TABLE IF NOT EXISTS {self.table} (key BLOB PRIMARY KEY, {self.value} NOT NULL) WITHOUT ROWID"
            )
            with connection:
                yield connection
        except sqlite3.Error as error:
            raise self._make_error(error) from None
        finally:
            connection.close()

    def _make_error(self, error: Exception) -> FramingError:
        return FramingError(
            f"The {self.what} {self.path} cannot be used: {error}. It holds only what can be computed "
            "again: delete the file, or set FRAMING_CACHE to a folder on a local disk that can be written."
        )


def _use_wal(connection: sqlite3.Connection) -> None:
    """Switch to WAL, with retries: SQLite's timeout does not cover this, and first writers of a new file may meet."""
    for attempt in range(_ATTEMPTS):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or attempt == _ATTEMPTS - 1:
                raise
            time.sleep(_PAUSE)
