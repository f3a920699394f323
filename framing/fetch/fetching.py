"""One run of fetching: read the lists of all sources, and request each article that is not in the store."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pandas as pd

from framing.corpus.config import CorpusConfig, read_config
from framing.corpus.fetch_rule import FetchRule, SourceRule
from framing.errors import InputError
from framing.fetch.articles import extract_article, normalise_url
from framing.fetch.listing import ListedArticle, read_export, read_feed, read_sitemap
from framing.fetch.store import ArticleStore, open_store
from framing.fetch.web import Page, RefusedError, Web

__all__ = ["FetchResult", "fetch_corpus"]

_MAX_TRIES = 3  # runs in which an address without an article is requested
_MAX_SITEMAPS = 50  # of one index
_MAX_LIST_BYTES = 20_000_000
_MAX_REASON = 300  # characters
_MAX_URL = 500  # characters of a refused address
_OUTCOMES = ("new", "version", "known", "double", "refused")
_SOURCES = ("outlet", "source", "listed", *_OUTCOMES, "problem")
_REFUSED = ("outlet", "url", "reason")


@dataclass(frozen=True)
class FetchResult:
    """Outcome of one run.

    Attributes
    ----------
    sources : DataFrame
        One row a source: `outlet, source, listed`, then the outcomes of the listed addresses, which add up to `listed`:
        `new` articles, `version` (changed since the last run), `known` (fetched before), `double` (the same text under
        another address), `refused`; and `problem`, why the list itself could not be read.
    refused : DataFrame
        One row an address without an article: `outlet, url, reason`.
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
        Also request listed articles that are in the store; a changed one is stored as a new version.
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
    if "fetched.jsonl" not in config.files or config.format != "jsonl":
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
        exports: dict[str, list[ListedArticle]],
        *,
        refresh: bool,
        say: Callable[[str], None],
    ) -> None:
        self.rule, self.store, self.exports, self.refresh, self.say = rule, store, exports, refresh, say
        self.sources: list[dict[str, object]] = []
        self.refused: list[tuple[str, str, str]] = []
        self.requested: set[str] = set()  # in this run, by any source
        self.now = datetime.now(UTC).isoformat(timespec="seconds")

    async def fetch_all(self) -> None:
        """Fetch from all sources; `sources` and `refused` hold the outcome."""
        hosts = {urlsplit(source.name).netloc for source in self.rule.sources if not source.export}
        async with Web(self.rule, frozenset(hosts)) as web:
            self.sources = await asyncio.gather(*(self.fetch_source(web, source) for source in self.rule.sources))
        self.refused.sort()

    async def fetch_source(self, web: Web, source: SourceRule) -> dict[str, object]:
        """Read the list of a source and fetch its articles; the row of the source in `FetchResult.sources`."""
        items, pages, problem = await self.list_source(web, source)
        matching = [item for item in items if source.match in item.url]
        chosen = matching[: source.most]
        self.say(f"{source.outlet or source.name}: {len(chosen)} listed{f' ({problem})' if problem else ''}")
        by_host: dict[str, list[ListedArticle]] = {}
        for item in chosen:
            by_host.setdefault(_read_host(item.url), []).append(item)
        counts: Counter[str] = Counter()
        for outcomes in await asyncio.gather(
            *(self.fetch_articles(web, source, of_host) for of_host in by_host.values())
        ):
            counts.update(outcomes)
        if not problem and not counts["refused"] and len(chosen) == len(matching):
            for url, page in pages:  # an unchanged list need not be read again: all its articles are in the store
                self.store.note_request(
                    url, url=page.url, etag=page.etag, modified=page.modified, reason="", fetched=self.now
                )
        return {
            "outlet": source.outlet,
            "source": source.name,
            "listed": len(chosen),
            **{name: counts[name] for name in _OUTCOMES},
            "problem": problem,
        }

    async def list_source(
        self, web: Web, source: SourceRule
    ) -> tuple[list[ListedArticle], list[tuple[str, Page]], str]:
        """Articles that a source lists, the requested pages of the list, and why the list could not be read."""
        pages: list[tuple[str, Page]] = []
        try:
            if source.export:
                return self.exports[source.name], pages, ""
            if source.feed:
                return await self.list_feed(web, source.feed, pages), pages, ""
            return await self.list_sitemap(web, str(source.sitemap), pages), pages, ""
        except RefusedError as refusal:
            return [], pages, str(refusal)
        except Exception as error:  # the libraries that parse the list may raise anything on a hostile one
            return [], pages, f"not readable: {type(error).__name__}: {error}"

    async def list_feed(self, web: Web, url: str, pages: list[tuple[str, Page]]) -> list[ListedArticle]:
        """Entries of a feed; none where it is unchanged since the last run. The page is added to `pages`."""
        page = await self.request_list(web, url, pages)
        return [] if page.unchanged else read_feed(page.body)

    async def list_sitemap(self, web: Web, url: str, pages: list[tuple[str, Page]]) -> list[ListedArticle]:
        """Entries of a sitemap and of those that it names, without unchanged ones. The pages are added to `pages`."""
        queue, requested, articles = [url], set[str](), list[ListedArticle]()
        while queue and len(requested) < _MAX_SITEMAPS:
            url = queue.pop(0)
            if url in requested:
                continue
            requested.add(url)
            page = await self.request_list(web, url, pages)
            if not page.unchanged:
                entries, sitemaps = read_sitemap(page.body)
                articles += entries
                queue += sitemaps
        return articles

    async def request_list(self, web: Web, url: str, pages: list[tuple[str, Page]]) -> Page:
        """Request one feed or sitemap, and add its page to `pages`."""
        earlier = {} if self.refresh else self.store.find_request(url) or {}
        page = await web.get(
            url,
            etag=str(earlier.get("etag", "")),
            modified=str(earlier.get("modified", "")),
            max_bytes=_MAX_LIST_BYTES,
        )
        pages.append((url, page))
        return page

    async def fetch_articles(self, web: Web, source: SourceRule, items: list[ListedArticle]) -> list[str]:
        """Fetch the listed articles of one host in turn; the outcome of each."""
        return [await self.fetch_article(web, source, item) for item in items]

    async def fetch_article(self, web: Web, source: SourceRule, item: ListedArticle) -> str:
        """Fetch one listed article; the outcome, one of `_OUTCOMES`."""
        outlet = source.outlet or item.outlet
        try:
            url = normalise_url(item.url)
            if url in self.requested:
                return "known"
            self.requested.add(url)
            earlier = self.store.find_request(url)
            if earlier is not None and not self.refresh and _is_settled(earlier):
                return "known"
            validators = earlier or {}
            page = await web.get(
                url, etag=str(validators.get("etag", "")), modified=str(validators.get("modified", ""))
            )
            if page.unchanged:
                return "known"
            if not outlet:
                raise RefusedError("no outlet is named for it")
            outcome = self.store.add_article(extract_article(page, item, outlet, fetched=self.now))
            self.store.note_request(
                url, url=page.url, etag=page.etag, modified=page.modified, reason="", fetched=self.now
            )
            return outcome
        except RefusedError as refusal:
            return self.note_refusal(outlet, item.url, str(refusal))
        except Exception as error:  # the libraries that parse the page may raise anything on a hostile one
            return self.note_refusal(outlet, item.url, f"not readable: {type(error).__name__}: {error}")

    def note_refusal(self, outlet: str, url: str, reason: str) -> str:
        """Note an address without an article, in the result and in the store; the outcome `refused`."""
        reason = reason[:_MAX_REASON]
        self.refused.append((outlet, url[:_MAX_URL], reason))
        with suppress(RefusedError):
            self.store.note_request(normalise_url(url), url=url, etag="", modified="", reason=reason, fetched=self.now)
        return "refused"


def _is_settled(request: dict[str, object]) -> bool:
    """Whether an earlier request brought an article, or was refused so often that it is given up."""
    return not request["reason"] or int(str(request["tries"])) >= _MAX_TRIES


def _read_host(url: str) -> str:
    try:
        return urlsplit(url).netloc
    except ValueError:
        return ""
