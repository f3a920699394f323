"""One run of fetching: read the lists of all sources, and request each article that is not in the store."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from framing.corpus.config import CorpusConfig, read_config
from framing.corpus.fetch_rule import FetchRule, SourceRule
from framing.errors import InputError
from framing.fetch.addresses import RefusedError, name_host
from framing.fetch.articles import extract_article
from framing.fetch.exports import read_export
from framing.fetch.limited_process import shared_process
from framing.fetch.listing import ListedArticle, Listing
from framing.fetch.lists import ListReader, SourceLists, name_source
from framing.fetch.store import ArticleStore, open_store
from framing.fetch.waiting import Waiting, forget_sources
from framing.fetch.web import Page, Web

__all__ = ["FetchResult", "fetch_corpus"]

_MAX_SILENT = 20  # requests in a row that a host may not answer in time, readably
_N_NAMED = 3  # hosts in a note
_MAX_REASON = 300  # characters
_MAX_URL = 500  # characters of a refused address
_OUTCOMES = ("new", "version", "known", "double", "refused")
_SOURCES = ("outlet", "source", "listed", *_OUTCOMES, "left", "problem", "note")
_REFUSED = ("outlet", "url", "reason")


@dataclass(frozen=True)
class FetchResult:
    """Outcome of one run.

    Attributes
    ----------
    sources : DataFrame
        One row a source: `outlet, source, listed` (addresses of its lists, and those that wait since earlier runs);
        the outcomes of these, which add up to `listed`: `new` articles, `version` (changed since the last run),
        `known` (fetched before, or given up), `double` (the same text under another address), `refused`, `left` (for
        the next runs); `problem`, why the list itself could not be read; and `note`, what else is to be known of it.
    refused : DataFrame
        One row an address without an article: `outlet, url, reason`; `url` is the place in the file where a row of an
        export could not be read.
    n_articles : int
        Articles in the corpus after the run.
    """

    sources: pd.DataFrame
    refused: pd.DataFrame
    n_articles: int


def fetch_corpus(
    folder: Path,
    *,
    refresh: bool = False,
    say: Callable[[str], None] = lambda _: None,
    make_loop: Callable[[], asyncio.AbstractEventLoop] | None = None,
) -> FetchResult:
    """Fetch the articles that the sources of a corpus list and that are not in its store; write `fetched.jsonl`.

    Parameters
    ----------
    folder : Path
        Folder of the corpus, whose `corpus.yaml` names the sources under `fetch`.
    refresh : bool, default False
        Also request listed articles that are in the store, those first that were not requested for longest; a changed
        one is stored as a new version.
    say : callable, optional
        Gets one line of progress a source.
    make_loop : callable, optional
        Makes the event loop, whose clock measures deadlines and pauses; by default that of asyncio.

    Returns
    -------
    FetchResult
        Counts by source, the refused addresses, and the number of articles.

    Raises
    ------
    InputError
        If the corpus names no sources, or an export cannot be read.
    LockedError
        If another run is fetching for the same corpus.
    """
    config = read_config(folder)
    rule = _require_rule(config, folder)
    exports = {
        source.name: read_export(_find_export(folder, source.export)) for source in rule.sources if source.export
    }
    with open_store(folder) as store:
        run = _FetchRun(rule, store, exports, refresh=refresh, say=say)
        try:
            with asyncio.Runner(loop_factory=make_loop) as runner:
                runner.run(run.fetch_all())
        finally:
            n_articles = store.write_corpus()  # articles that came before an interruption count too
    return FetchResult(
        pd.DataFrame(run.sources, columns=list(_SOURCES)), pd.DataFrame(run.refused, columns=list(_REFUSED)), n_articles
    )


def _require_rule(config: CorpusConfig, folder: Path) -> FetchRule:
    if config.fetch is None:
        raise InputError(
            f"{folder / 'corpus.yaml'}: names no sources. Add for instance fetch: {{sources: [{{outlet: The Paper, "
            "feed: https://paper.example/rss.xml}]}, with files: [fetched.jsonl], format: jsonl, path: '.'."
        )
    if not any("fetched.jsonl" in rule.files and rule.format == "jsonl" for rule in (config, *config.sources)):
        raise InputError(
            f"{folder / 'corpus.yaml'}: fetch: writes fetched.jsonl; expected it under files, with format: jsonl."
        )
    return config.fetch


def _find_export(folder: Path, name: str) -> Path:
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        raise InputError(f"export: {name}: there is no such file in {folder}.")
    return path


class _FetchRun:
    """One run over all sources. Hosts are requested side by side, the addresses of one host in turn."""

    def __init__(
        self,
        rule: FetchRule,
        store: ArticleStore,
        exports: dict[str, Listing],
        *,
        refresh: bool,
        say: Callable[[str], None],
    ) -> None:
        self.rule, self.store, self.exports, self.refresh, self.say = rule, store, exports, refresh, say
        self.sources: list[dict[str, object]] = []
        self.refused: list[tuple[str, str, str]] = []
        self.requested: set[str] = set()  # in this run, by any source
        self.silent: Counter[str] = Counter()  # requests in a row that a host did not answer in time, readably
        self.process = shared_process()  # for lists and pages, which may cost more than they are worth
        began = datetime.now(UTC)
        self.now = began.isoformat(timespec="seconds")
        self.moment = began.isoformat(timespec="microseconds")  # tells runs apart that follow at once

    async def fetch_all(self) -> None:
        """Fetch from all sources; `sources` and `refused` hold the outcome."""
        forget_sources(self.store.connection, keep=[name_source(source) for source in self.rule.sources])
        hosts = {name_host(source.name) for source in self.rule.sources if not source.export}
        async with Web(self.rule, frozenset(hosts)) as web:
            self.sources = await asyncio.gather(*(self.fetch_source(web, source) for source in self.rule.sources))
        self.refused.sort()

    async def fetch_source(self, web: Web, source: SourceRule) -> dict[str, object]:
        """Read the lists of a source and fetch its articles; the row of the source in `FetchResult.sources`."""
        lists = await self.read_lists(web, source)
        chosen, n_known, n_pending = self.choose(source, lists)
        counts: Counter[str] = Counter(known=n_known, refused=len(lists.refused), left=n_pending - len(chosen))
        label = source.outlet or source.name
        self.refused += [(source.outlet, url[:_MAX_URL], reason[:_MAX_REASON]) for url, reason in lists.refused]
        remark = f" ({lists.problem})" if lists.problem else ""
        self.say(f"{label}: {n_known + len(lists.refused) + n_pending} listed, {len(chosen)} to be requested{remark}")
        by_host: dict[str, list[tuple[str, ListedArticle]]] = {}
        for asked, item in chosen:
            by_host.setdefault(name_host(asked), []).append((asked, item))
        tasks = (self.fetch_articles(web, source, host, of_host) for host, of_host in by_host.items())
        for outcomes in await asyncio.gather(*tasks):
            counts.update(outcomes)
        quiet = sorted(host for host in by_host if self.silent[host] >= _MAX_SILENT)
        if quiet and counts["left"]:
            lists.notes.append(
                f"{', '.join(quiet[:_N_NAMED])} gave no answers in time, so the rest is left for the next runs"
            )
        if counts["left"]:
            self.say(f"{label}: {counts['left']} are left for the next runs")
        return {
            "outlet": source.outlet,
            "source": source.name,
            "listed": counts.total(),
            **{name: counts[name] for name in (*_OUTCOMES, "left")},
            "problem": lists.problem,
            "note": "; ".join(lists.notes),
        }

    async def read_lists(self, web: Web, source: SourceRule) -> SourceLists:
        """What the lists of a source hold: those on the web without what is unchanged since the last run."""
        if not source.export:
            reader = ListReader(web, self.process, self.store, refresh=self.refresh, now=self.moment)
            return await reader.read(source)
        export = self.exports[source.name]
        lists = SourceLists(refused=list(export.refused), notes=list(export.notes))
        lists.add(export.articles, source.match)
        return lists

    def choose(self, source: SourceRule, lists: SourceLists) -> tuple[list[tuple[str, ListedArticle]], int, int]:
        """Addresses that are requested in this run, how many need not be, and how many there are to request."""
        settled = [(asked, item) for asked, item in lists.listed.items() if self.store.is_settled(asked)]
        if source.export:
            known = {asked for asked, _ in settled}
            pending = [(asked, item) for asked, item in lists.listed.items() if asked not in known]
            pending.sort(key=lambda entry: self.count_tries(entry[0]))
            n_pending = len(pending)
        else:
            pending, n_pending = Waiting(self.store.connection, name_source(source)).find(source.most)
        if not self.refresh:
            return pending[: source.most], len(settled) + lists.n_double, n_pending
        settled.sort(key=lambda entry: str((self.store.find_request(entry[0]) or {}).get("fetched", "")))
        return [*pending, *settled][: source.most], lists.n_double, n_pending + len(settled)

    def count_tries(self, asked: str) -> int:
        """Runs in which an address was requested in vain."""
        return int(str((self.store.find_request(asked) or {}).get("tries", 0)))

    async def fetch_articles(
        self, web: Web, source: SourceRule, host: str, items: list[tuple[str, ListedArticle]]
    ) -> list[str]:
        """Fetch the listed articles of one host in turn; the outcome of each."""
        return [
            await self.fetch_article(web, source, asked, item) if self.silent[host] < _MAX_SILENT else "left"
            for asked, item in items
        ]

    async def fetch_article(self, web: Web, source: SourceRule, asked: str, item: ListedArticle) -> str:
        """Fetch one listed article; the outcome, one of `_OUTCOMES`."""
        outlet = source.outlet or item.outlet
        if asked in self.requested:
            return "known"
        self.requested.add(asked)
        earlier = self.store.find_request(asked) or {}
        host = name_host(asked)
        try:
            page = await web.get(asked, etag=str(earlier.get("etag", "")), modified=str(earlier.get("modified", "")))
            if page.unchanged:
                self.silent[host] = 0
                self.note_article(asked, page)
                return "known"
            if not outlet:
                raise RefusedError("no outlet is named for it")
            article = await self.process.run(extract_article, page, item, outlet, self.now, self.rule.most_bytes)
        except RefusedError as refusal:
            if refusal.host_wide:
                self.silent[host] = _MAX_SILENT
            else:
                self.silent[host] = self.silent[host] + 1 if refusal.later and not refusal.status else 0
                self.note_refusal(asked, str(refusal))
            self.refused.append((outlet, item.url[:_MAX_URL], str(refusal)[:_MAX_REASON]))
            return "refused"
        self.silent[host] = 0
        outcome = self.store.add_article(article)
        self.note_article(asked, page)
        return outcome

    def note_article(self, asked: str, page: Page) -> None:
        """Note in the store that an address gave an article."""
        self.store.note_request(
            asked, url=page.url, etag=page.etag, modified=page.modified, reason="", fetched=self.moment
        )

    def note_refusal(self, asked: str, reason: str) -> None:
        """Note in the store that an address gave no article: after several runs it is given up."""
        self.store.note_request(
            asked, url=asked, etag="", modified="", reason=reason[:_MAX_REASON], fetched=self.moment
        )
