"""Addresses that lists named and that no run has requested yet, and how far each list was read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from framing.fetch.listing import ListedArticle, Part
from framing.fetch.store import MAX_TRIES

__all__ = ["KnownList", "Waiting", "forget_sources"]

_SETTLED = f"SELECT 1 FROM pages WHERE pages.asked = waiting.asked AND (reason = '' OR tries >= {MAX_TRIES})"
_LIST_FIELDS = ("url", "changed", "changed_at_reading", "etag", "modified", "read", "tried")


@dataclass(frozen=True)
class KnownList:
    """A feed, sitemap or part of one, as earlier runs left it.

    Attributes
    ----------
    url : str
        Address.
    changed : str
        Moment of its last change, as the list says that names it; empty where it does not.
    changed_at_reading : str
        The same when it was read last.
    etag, modified : str
        Validators of the last answer.
    read : str
        Moment of the last run that read the whole of it; empty where none did.
    tried : str
        Moment of the last run that requested it; empty where none did.
    """

    url: str
    changed: str = ""
    changed_at_reading: str = ""
    etag: str = ""
    modified: str = ""
    read: str = ""
    tried: str = ""

    @property
    def is_due(self) -> bool:
        """Whether it may hold what was not read: it never was, it changed, or nobody says when it changes."""
        return not self.read or not self.changed or self.changed != self.changed_at_reading


class Waiting:
    """What waits for later runs, of one source.

    Parameters
    ----------
    connection : sqlite3.Connection
        Store of the corpus.
    source : str
        What tells the source from others.
    """

    def __init__(self, connection: sqlite3.Connection, source: str) -> None:
        self._connection, self._source = connection, source

    def add(self, items: Iterable[tuple[str, ListedArticle]], *, listed: str) -> None:
        """Add entries of a list; `note_list` commits them.

        Parameters
        ----------
        items : iterable of tuple
            Normalised address and entry.
        listed : str
            Moment of the run.
        """
        self._connection.executemany(
            "INSERT INTO waiting VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET url = excluded.url, "
            "title = excluded.title, published = excluded.published, seen = excluded.seen, latest = excluded.latest",
            (
                (self._source, asked, item.url, item.title, item.published, item.seen, item.latest, listed, place)
                for place, (asked, item) in enumerate(items)
            ),
        )

    def find(self, most: int) -> tuple[list[tuple[str, ListedArticle]], int]:
        """Find those that come next: never requested before tried in vain, then the latest.

        Parameters
        ----------
        most : int
            Most that are given.

        Returns
        -------
        items : list of tuple
            Normalised address and entry.
        n_waiting : int
            How many wait, with these.
        """
        sql = f"DELETE FROM waiting WHERE source = ? AND EXISTS ({_SETTLED})"
        if self._connection.execute(sql, (self._source,)).rowcount:
            self._connection.commit()
        total = "SELECT count(*) FROM waiting WHERE source = ?"
        n_waiting = int(self._connection.execute(total, (self._source,)).fetchone()[0])
        rows = self._connection.execute(
            "SELECT waiting.asked, waiting.url, title, published, seen FROM waiting "
            "LEFT JOIN pages ON pages.asked = waiting.asked WHERE source = ? "
            "ORDER BY coalesce(tries, 0), latest DESC, listed DESC, place LIMIT ?",
            (self._source, most),
        )
        return [(asked, ListedArticle(url, title, day, seen=seen)) for asked, url, title, day, seen in rows], n_waiting

    def add_parts(self, parent: str, parts: Sequence[Part]) -> None:
        """Note the lists that a list names; those that it named before and no longer does are forgotten.

        `note_list` commits it.

        Parameters
        ----------
        parent : str
            Address of the list.
        parts : sequence of Part
            What it names.
        """
        old = {row[0] for row in self._connection.execute(
            "SELECT url FROM lists WHERE source = ? AND parent = ?", (self._source, parent)
        )}  # fmt: skip
        gone = old - {part.url for part in parts}
        self._connection.executemany(
            "DELETE FROM lists WHERE source = ? AND (url = ? OR parent = ?)", ((self._source, url, url) for url in gone)
        )
        self._connection.executemany(
            "INSERT INTO lists VALUES (?, ?, ?, ?, '', '', '', '', '') "
            "ON CONFLICT DO UPDATE SET parent = excluded.parent, changed = excluded.changed",
            ((self._source, part.url, parent, part.changed) for part in parts),
        )

    def find_lists(self) -> list[KnownList]:
        """Find the lists that are known.

        Returns
        -------
        list of KnownList
            Those of the source.
        """
        rows = self._connection.execute(
            f"SELECT {', '.join(_LIST_FIELDS)} FROM lists WHERE source = ?", (self._source,)
        )
        return [KnownList(*row) for row in rows]

    def note_list(self, url: str, *, tried: str, etag: str = "", modified: str = "", is_whole: bool = False) -> None:
        """Note that a list was requested.

        Parameters
        ----------
        url : str
            Its address.
        tried : str
            Moment of the run.
        etag, modified : str, default ""
            Validators of the answer.
        is_whole : bool, default False
            Whether all of its entries are in the store; else it is requested again as if it were new.
        """
        self._connection.execute(
            "INSERT INTO lists VALUES (?, ?, '', '', '', '', '', '', '') ON CONFLICT DO NOTHING", (self._source, url)
        )
        self._connection.execute(
            "UPDATE lists SET tried = ?, etag = ?, modified = ?, read = ?, changed_at_reading = changed "
            "WHERE source = ? AND url = ?",
            (tried, *((etag, modified, tried) if is_whole else ("", "", "")), self._source, url),
        )
        self._connection.commit()


def forget_sources(connection: sqlite3.Connection, *, keep: Sequence[str]) -> None:
    """Forget what waits of sources that the corpus no longer names.

    Parameters
    ----------
    connection : sqlite3.Connection
        Store of the corpus.
    keep : sequence of str
        Sources that it names.
    """
    marks = ", ".join("?" * len(keep))
    for table in ("waiting", "lists"):
        connection.execute(f"DELETE FROM {table} WHERE source NOT IN ({marks})", keep)
    connection.commit()
