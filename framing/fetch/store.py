"""Store of fetched articles: every version in one SQLite file, and the corpus file that is written from it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from framing.errors import InputError
from framing.files.whole import hold_lock, write_whole

__all__ = ["MAX_TRIES", "Article", "ArticleStore", "open_store"]

STORE, CURRENT, EARLIER = "fetched.sqlite", "fetched.jsonl", "fetched_earlier.jsonl"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS articles (
    url TEXT, version INTEGER, outlet TEXT, published TEXT, title TEXT, text TEXT, sha256 TEXT, fetched TEXT,
    PRIMARY KEY (url, version));
CREATE TABLE IF NOT EXISTS pages (
    asked TEXT PRIMARY KEY, url TEXT, etag TEXT, modified TEXT, reason TEXT, tries INTEGER, fetched TEXT);
CREATE INDEX IF NOT EXISTS by_content ON articles (outlet, sha256);
CREATE TABLE IF NOT EXISTS waiting (
    source TEXT, asked TEXT, url TEXT, title TEXT, published TEXT, seen TEXT, latest TEXT, listed TEXT, place INTEGER,
    PRIMARY KEY (source, asked));
CREATE TABLE IF NOT EXISTS lists (
    source TEXT, url TEXT, parent TEXT, changed TEXT, changed_at_reading TEXT, etag TEXT, modified TEXT, read TEXT,
    tried TEXT, PRIMARY KEY (source, url));
"""
MAX_TRIES = 3  # runs in which an address without an article is requested
_FIELDS = ("url", "version", "outlet", "published", "title", "text", "sha256", "fetched")


@dataclass(frozen=True)
class Article:
    """One version of one article.

    Attributes
    ----------
    url : str
        Normalised address.
    outlet : str
        Name of the outlet.
    published : str
        Day of publication; empty where it is unknown.
    title, text : str
        Title and main text.
    sha256 : str
        Hash of title and text.
    fetched : str
        Moment of the run in UTC, ISO 8601.
    """

    url: str
    outlet: str
    published: str
    title: str
    text: str
    sha256: str
    fetched: str


class ArticleStore:
    """The store of one corpus; `open_store` opens it. Each article is written with its request, in one transaction.

    Parameters
    ----------
    connection : sqlite3.Connection
        Open database with the tables of the store.
    folder : Path
        Folder of the corpus.
    """

    def __init__(self, connection: sqlite3.Connection, folder: Path) -> None:
        self._connection = connection
        self._folder = folder

    @property
    def connection(self) -> sqlite3.Connection:
        """The open database."""
        return self._connection

    def find_request(self, url: str) -> dict[str, object] | None:
        """Find the last request of an address.

        Parameters
        ----------
        url : str
            Address as it was requested.

        Returns
        -------
        dict or None
            `url` after redirects, `etag`, `modified`, `reason` (empty where an article came), `tries`, `fetched`
            (moment of the run); None for an address that was never requested.
        """
        names = ("url", "etag", "modified", "reason", "tries", "fetched")
        row = self._connection.execute(f"SELECT {', '.join(names)} FROM pages WHERE asked = ?", (url,)).fetchone()
        return None if row is None else dict(zip(names, row, strict=True))

    def is_settled(self, url: str) -> bool:
        """Check whether an address need not be requested again.

        Parameters
        ----------
        url : str
            Address as it is requested.

        Returns
        -------
        bool
            Whether it brought an article, or was refused so often that it is given up.
        """
        request = self.find_request(url)
        return request is not None and (not request["reason"] or int(str(request["tries"])) >= MAX_TRIES)

    def note_request(self, asked: str, *, url: str, etag: str, modified: str, reason: str, fetched: str) -> None:
        """Note the outcome of a request.

        Parameters
        ----------
        asked : str
            Address as it was requested.
        url : str
            Address after redirects.
        etag, modified : str
            Validators of the answer, for the next request.
        reason : str
            Why no article came; empty where one did. Tries are counted while there is a reason.
        fetched : str
            Moment of the run in UTC.
        """
        self._connection.execute(
            "INSERT INTO pages VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (asked) DO UPDATE SET url = excluded.url, "
            "etag = excluded.etag, modified = excluded.modified, reason = excluded.reason, "
            "tries = CASE WHEN excluded.reason = '' THEN 0 ELSE pages.tries + 1 END, fetched = excluded.fetched",
            (asked, url, etag, modified, reason, int(bool(reason)), fetched),
        )
        self._connection.commit()

    def add_article(self, article: Article) -> str:
        """Store an article unless it is there; `note_request` or `write_corpus` commits it.

        Parameters
        ----------
        article : Article
            What a page holds now.

        Returns
        -------
        str
            `new`, `version` (the page has changed, and a new version is stored), `known` (the text is in the store), or
            `double` (the same text of the same outlet is in the store under another address).
        """
        latest = self._connection.execute(
            "SELECT version, sha256 FROM articles WHERE url = ? ORDER BY version DESC LIMIT 1", (article.url,)
        ).fetchone()
        if latest is not None and latest[1] == article.sha256:
            return "known"
        if latest is None:
            same = (article.outlet, article.sha256)
            if self._connection.execute("SELECT 1 FROM articles WHERE outlet = ? AND sha256 = ?", same).fetchone():
                return "double"
        version = 1 if latest is None else latest[0] + 1
        values = {**article.__dict__, "version": version}
        marks = ", ".join("?" * len(_FIELDS))
        self._connection.execute(f"INSERT INTO articles VALUES ({marks})", [values[name] for name in _FIELDS])
        return "new" if version == 1 else "version"

    def write_corpus(self) -> int:
        """Write the latest version of each article to `fetched.jsonl`, earlier ones to `fetched_earlier.jsonl`.

        Returns
        -------
        int
            Number of articles in `fetched.jsonl`, which stand in the order in which they were first fetched.
        """
        self._connection.commit()
        order = "ORDER BY (SELECT min(rowid) FROM articles AS first WHERE first.url = a.url), version"
        newest = "(SELECT max(version) FROM articles AS other WHERE other.url = a.url)"
        n_articles = self._write_versions(
            CURRENT, f"SELECT {', '.join(_FIELDS)} FROM articles AS a WHERE version = {newest} {order}"
        )
        self._write_versions(
            EARLIER, f"SELECT {', '.join(_FIELDS)} FROM articles AS a WHERE version < {newest} {order}"
        )
        return n_articles

    def _write_versions(self, name: str, query: str) -> int:
        n_rows = int(self._connection.execute(f"SELECT count(*) FROM ({query})").fetchone()[0])
        if n_rows or name == CURRENT:
            rows = self._connection.execute(query)  # read while written: a corpus need not fit into memory
            lines = (json.dumps(dict(zip(_FIELDS, row, strict=True)), ensure_ascii=False) + "\n" for row in rows)
            write_whole(self._folder / name, lines)
        return n_rows


@contextmanager
def open_store(folder: Path) -> Iterator[ArticleStore]:
    """Open the store of a corpus for one run.

    Parameters
    ----------
    folder : Path
        Folder of the corpus.

    Yields
    ------
    ArticleStore
        The store, closed when the block ends.

    Raises
    ------
    InputError
        If the file is no store, or is damaged.
    LockedError
        If another run has the store open.
    """
    with hold_lock(folder / ".fetch.lock", busy=f"Another run is fetching for {folder.name}; wait for it to end."):
        connection = sqlite3.connect(folder / STORE)
        try:
            connection.executescript(_SCHEMA)
            yield ArticleStore(connection, folder)
        except sqlite3.DatabaseError as error:
            raise InputError(f"{folder / STORE}: not a store of this program, or damaged: {error}.") from None
        finally:
            connection.close()
