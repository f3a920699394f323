"""Embeddings kept by content hash in one SQLite file, safe under a crash and two writers.

WAL mode needs a local disk: point FRAMING_CACHE at one where the home folder is on the network.
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from framing.errors import FramingError

__all__ = ["EmbeddingStore"]

_CHUNK = 900  # keys a query; SQLite's oldest limit on variables is 999
_ATTEMPTS = 250


class EmbeddingStore:
    """Vectors of texts under the fingerprint of the model that made them.

    The first vector stored for a text stays: results differ in the last bits between batch sizes, and a
    rerun must see the same numbers.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)

    def get(self, model: str, texts: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """Vectors, shape `(d,)`, of those `texts` that are known."""
        keys = {_key(model, text): text for text in texts}
        found: dict[str, NDArray[np.float32]] = {}
        listed = list(keys)
        if not self.path.exists():
            return found
        with self._open() as connection:
            for start in range(0, len(listed), _CHUNK):
                part = listed[start : start + _CHUNK]
                marks = ",".join("?" * len(part))
                for key, vector in connection.execute(
                    f"SELECT key, vector FROM embeddings WHERE key IN ({marks})", part
                ):
                    found[keys[key]] = np.frombuffer(vector, dtype="<f4")
        return found

    def put(self, model: str, texts: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Store `vectors`, shape `(n, d)`, of `texts`; those already there stay as they are."""
        if len(texts) != len(vectors):
            raise ValueError(f"{len(texts)} texts, but {len(vectors)} vectors")
        rows = [
            (_key(model, text), np.ascontiguousarray(vector, dtype="<f4").tobytes())
            for text, vector in zip(texts, vectors, strict=True)
        ]
        with self._open() as connection:
            connection.executemany("INSERT OR IGNORE INTO embeddings (key, vector) VALUES (?, ?)", rows)

    def __len__(self) -> int:
        if not self.path.exists():
            return 0
        with self._open() as connection:
            return int(connection.execute("SELECT count(*) FROM embeddings").fetchone()[0])

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
                "CREATE TABLE IF NOT EXISTS embeddings (key BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID"
            )
            with connection:
                yield connection
        except sqlite3.Error as error:
            raise self._failure(error) from None
        finally:
            connection.close()

    def _failure(self, error: Exception) -> FramingError:
        return FramingError(
            f"The embedding store {self.path} cannot be used: {error}. It holds only what can be computed "
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


def _key(model: str, text: str) -> bytes:
    return hashlib.sha256(f"{model}\x1f{text}".encode("utf-8", "surrogatepass")).digest()
