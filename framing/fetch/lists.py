"""Reading the feed or sitemap of a source with its parts: what is new in them goes to what waits in the store."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain, zip_longest

from framing.corpus.fetch_rule import SourceRule
from framing.fetch.addresses import RefusedError, normalise_url
from framing.fetch.limited_process import LimitedProcess
from framing.fetch.listing import MAX_LIST_BYTES, ListedArticle, read_list
from framing.fetch.store import ArticleStore
from framing.fetch.waiting import KnownList, Waiting
from framing.fetch.web import Web

__all__ = ["ListReader", "SourceLists", "name_source"]

_MAX_PARTS = 50  # of one source in one run
_N_NAMED = 3  # unreadable parts that are named


def name_source(source: SourceRule) -> str:
    """Name a source in the store: with another `match`, other entries of the same list count.

    Parameters
    ----------
    source : SourceRule
        The source.

    Returns
    -------
    str
        Its list and its `match`.
    """
    return f"{source.name}\n{source.match}"


@dataclass
class SourceLists:
    """What the lists of a source gave in a run.

    Attributes
    ----------
    listed : dict of str to ListedArticle
        Entries by their normalised address.
    n_double : int
        Entries whose address was listed before, in this run.
    refused : list of tuple
        Address, or place in the file, and reason of each entry that cannot be requested.
    notes : list of str
        What is to be known of the lists.
    problem : str
        Why the list could not be read; empty where it was.
    """

    listed: dict[str, ListedArticle] = field(default_factory=dict)
    n_double: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problem: str = ""

    def add(self, articles: list[ListedArticle], match: str) -> list[tuple[str, ListedArticle]]:
        """Add entries of a list.

        Parameters
        ----------
        articles : list of ListedArticle
            The entries.
        match : str
            Text that their addresses must contain.

        Returns
        -------
        list of tuple
            Normalised address and entry of those that are new in this run.
        """
        new = []
        matching = [item for item in articles if match in item.url]
        if articles and not matching:
            self.notes.append(f"none of {len(articles)} addresses contains {match}")
        for item in matching:
            try:
                asked = normalise_url(item.url)
            except RefusedError as refusal:
                self.refused.append((item.url, str(refusal)))
                continue
            if asked in self.listed:
                self.n_double += 1
                continue
            self.listed[asked] = item
            new.append((asked, item))
        return new


class ListReader:
    """Reads the lists of sources on the web.

    Parameters
    ----------
    web : Web
        Client.
    process : LimitedProcess
        Where lists are parsed.
    store : ArticleStore
        Store of the corpus.
    refresh : bool
        Whether lists are requested that have not changed.
    now : str
        Moment of the run.
    """

    def __init__(self, web: Web, process: LimitedProcess, store: ArticleStore, *, refresh: bool, now: str) -> None:
        self._web, self._process, self._store = web, process, store
        self._refresh, self._now = refresh, now

    async def read(self, source: SourceRule) -> SourceLists:
        """Read the list of a source and, of those that it names, as many as a run may.

        Parameters
        ----------
        source : SourceRule
            A source with a feed or sitemap.

        Returns
        -------
        SourceLists
            What they gave. New entries wait in the store, and so do lists that were left for a later run.
        """
        found = SourceLists()
        waiting = Waiting(self._store.connection, name_source(source))
        root = source.name
        try:
            await self._read_one(source, waiting, root, found)
        except RefusedError as refusal:
            found.problem = str(refusal)
            return found
        tried, failed = {root}, list[str]()
        while due := self._find_due(waiting, tried):
            if len(tried) > _MAX_PARTS:
                found.notes.append(f"parts of the sitemap that are left for the next runs: {len(due)}")
                break
            url = due[0].url
            tried.add(url)
            try:
                await self._read_one(source, waiting, url, found)
            except RefusedError as refusal:
                waiting.note_list(url, tried=self._now)
                failed.append(f"{url}: {refusal}")
        if failed:
            named = "; ".join(failed[:_N_NAMED]) + ("; …" if len(failed) > _N_NAMED else "")
            found.notes.append(f"parts of the sitemap that could not be read: {len(failed)} ({named})")
        return found

    def _find_due(self, waiting: Waiting, tried: set[str]) -> list[KnownList]:
        """Parts that are to be read: in turn one that never was, the latest first, and one whose turn it is again."""
        due = [part for part in waiting.find_lists() if part.url not in tried and (part.is_due or self._refresh)]
        never = sorted((part for part in due if not part.read), key=lambda part: part.changed, reverse=True)
        never.sort(key=lambda part: part.tried)
        again = sorted((part for part in due if part.read), key=lambda part: part.changed, reverse=True)
        again.sort(key=lambda part: part.read)
        return [part for part in chain.from_iterable(zip_longest(never, again)) if part is not None]

    async def _read_one(self, source: SourceRule, waiting: Waiting, url: str, found: SourceLists) -> None:
        """Request and parse one list, and note in the store what it holds."""
        known = next((item for item in waiting.find_lists() if item.url == url and not self._refresh), KnownList(url))
        page = await self._web.get(url, etag=known.etag, modified=known.modified, max_bytes=MAX_LIST_BYTES)
        if page.unchanged:
            waiting.note_list(url, tried=self._now, etag=page.etag, modified=page.modified, is_whole=True)
            return
        listing = await self._process.run(read_list, page.body, page.url, page.encoding or "")
        place = "" if url == source.name else f"{url}: "
        found.notes += [f"{place}{note}" for note in listing.notes]
        new = found.add(listing.articles, source.match)
        waiting.add([(asked, item) for asked, item in new if not self._store.is_settled(asked)], listed=self._now)
        waiting.add_parts(url, [part for part in listing.parts if part.url not in (url, source.name)])
        waiting.note_list(url, tried=self._now, etag=page.etag, modified=page.modified, is_whole=listing.is_whole)
