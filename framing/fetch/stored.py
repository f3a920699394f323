"""What was fetched: every version of every article in one SQLite file, and the corpus file made from it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from framing.errors import InputError
from framing.files.whole import hold_lock, write_whole

__all__ = ["Article", "Stored", "open_stored"]

STORE, CURRENT, EARLIER = "fetched.sqlite", "fetched.jsonl", "fetched_earlier.jsonl"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS articles (
    url TEXT, version INTEGER, outlet TEXT, published TEXT, title TEXT, text TEXT, sha256 TEXT, fetched TEXT,
    PRIMARY KEY (url, version));
CREATE TABLE IF NOT EXISTS pages (
    asked TEXT PRIMARY KEY, url TEXT, etag TEXT, modified TEXT, reason TEXT, tries INTEGER, fetched TEXT);
CREATE INDEX IF NOT EXISTS by_content ON articles (outlet, sha256);
"""
_FIELDS = ("url", "version", "outlet", "published", "title", "text", "sha256", "fetched")


@dataclass(frozen=True)
class Article:
    """One version of one article. `published` is a day, empty where unknown; `fetched` a moment in UTC."""

    url: str
    outlet: str
    published: str
    title: str
    text: str
    sha256: str
    fetched: str


class Stored:
    """The store of one corpus; open it with `open_stored`. Each article is written in a transaction of its own."""

    def __init__(self, connection: sqlite3.Connection, folder: Path) -> None:
        self._db = connection
        self._folder = folder

    def page(self, asked: str) -> dict[str, object] | None:
        """What is known of an address that was asked for before: url, etag, modified, reason, tries."""
        names = ("url", "etag", "modified", "reason", "tries")
        row = self._db.execute(f"SELECT {', '.join(names)} FROM pages WHERE asked = ?", (asked,)).fetchone()
        return None if row is None else dict(zip(names, row, strict=True))

    def remember(self, asked: str, *, url: str, etag: str, modified: str, reason: str, fetched: str) -> None:
        """Note the outcome of asking; tries are counted while there is a `reason` for which nothing came."""
        self._db.execute(
            "INSERT INTO pages VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (asked) DO UPDATE SET url = excluded.url, "
            "etag = excluded.etag, modified = excluded.modified, reason = excluded.reason, "
            "tries = CASE WHEN excluded.reason = '' THEN 0 ELSE pages.tries + 1 END, fetched = excluded.fetched",
            (asked, url, etag, modified, reason, int(bool(reason)), fetched),
        )
        self._db.commit()

    def add(self, article: Article) -> str:
        """Keep an article: `new`, `version` (its page changed), `known` (the same text), or `double` (the same text of
        the same outlet under another address, which is not kept twice)."""
        latest = self._db.execute(
            "SELECT version, sha256 FROM articles WHERE url = ? ORDER BY version DESC LIMIT 1", (article.url,)
        ).fetchone()
        if latest is not None and latest[1] == article.sha256:
            return "known"
        if latest is None:
            same = (article.outlet, article.sha256)
            if self._db.execute("SELECT 1 FROM articles WHERE outlet = ? AND sha256 = ?", same).fetchone():
                return "double"
        version = 1 if latest is None else latest[0] + 1
        values = {**article.__dict__, "version": version}
        marks = ", ".join("?" * len(_FIELDS))
        self._db.execute(f"INSERT INTO articles VALUES ({marks})", [values[name] for name in _FIELDS])
        self._db.commit()
        return "new" if version == 1 else "version"

    def write_corpus(self) -> int:
        """Number of articles in `fetched.jsonl`, written whole: the latest version of each, in the order first fetched.

        Earlier versions are in `fetched_earlier.jsonl`.
        """
        order = "ORDER BY (SELECT min(rowid) FROM articles AS first WHERE first.url = a.url), version"
        newest = "(SELECT max(version) FROM articles AS other WHERE other.url = a.url)"
        n = self._write(CURRENT, f"SELECT {', '.join(_FIELDS)} FROM articles AS a WHERE version = {newest} {order}")
        self._write(EARLIER, f"SELECT {', '.join(_FIELDS)} FROM articles AS a WHERE version < {newest} {order}")
        return n

    def _write(self, name: str, query: str) -> int:
        n = int(self._db.execute(f"SELECT count(*) FROM ({query})").fetchone()[0])
        if n or name == CURRENT:
            rows = self._db.execute(query)  # read while written: a corpus need not fit into memory
            lines = (json.dumps(dict(zip(_FIELDS, row, strict=True)), ensure_ascii=False) + "\n" for row in rows)
            write_whole(self._folder / name, lines)
        return n


@contextmanager
def open_stored(folder: Path) -> Iterator[Stored]:
    """The store of the corpus in `folder`, for this run alone; raises `LockedError` where another run has it."""
    with hold_lock(folder / ".fetch.lock", busy=f"Another run is fetching for {folder.name}; wait for it to end."):
        connection = sqlite3.connect(folder / STORE)
        try:
            connection.executescript(_SCHEMA)
            yield Stored(connection, folder)
        except sqlite3.DatabaseError as error:
            raise InputError(f"{folder / STORE}: not a store of this program, or damaged: {error}.") from None
        finally:
            connection.close()
