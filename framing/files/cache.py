"""What can be computed again, kept under keys in one SQLite file; one writer at a time.

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

_CHUNK = 900  # keys a query; SQLite's oldest limit on variables is 999
_ATTEMPTS = 250


class KeptValues:
    """Values by key, safe under a crash and two writers; the first value stored for a key stays.

    Subclasses name the `table` with the type of its `value`, and `what` it is in the words of an error.
    """

    table: ClassVar[str]
    value: ClassVar[str]
    what: ClassVar[str]

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)

    def known(self, keys: Sequence[bytes]) -> Iterator[tuple[bytes, Any]]:
        """Key and value of those `keys` that are there."""
        if not self.path.exists():
            return
        with self._open() as connection:
            for start in range(0, len(keys), _CHUNK):
                part = keys[start : start + _CHUNK]
                marks = ",".join("?" * len(part))
                query = f"SELECT key, {self.value.split()[0]} FROM {self.table} WHERE key IN ({marks})"
                yield from connection.execute(query, part)

    def keep(self, rows: Iterable[tuple[bytes, Any]]) -> None:
        """Store keys with their values; those already there stay as they are."""
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
            connection = sqlite3.connect(self.path, timeout=60)
        except (OSError, sqlite3.Error) as error:
            raise self._failure(error) from None
        try:
            _use_wal(connection)
            connection.execute("PRAGMA synchronous=NORMAL")
            connection.execute(
                f"CREATE TABLE IF NOT EXISTS {self.table} (key BLOB PRIMARY KEY, {self.value} NOT NULL) WITHOUT ROWID"
            )
            with connection:
                yield connection
        except sqlite3.Error as error:
            raise self._failure(error) from None
        finally:
            connection.close()

    def _failure(self, error: Exception) -> FramingError:
        return FramingError(
            f"The {self.what} {self.path} cannot be used: {error}. It holds only what can be computed "
            "again: delete the file, or set FRAMING_CACHE to a folder on a local disk that can be written."
        )


def _use_wal(connection: sqlite3.Connection) -> None:
    """Switch to WAL; SQLite does not wait its timeout for this, so the first writers of a new file may meet."""
    for attempt in range(_ATTEMPTS):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or attempt == _ATTEMPTS - 1:
                raise
            time.sleep(0.02)
