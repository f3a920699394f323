"""New articles of the outlets that a corpus names, each asked for once."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pandas as pd

from framing.corpus.config import CorpusConfig, read_config
from framing.corpus.fetch_rule import FetchRule, SourceRule
from framing.errors import InputError
from framing.fetch.listing import Listed, read_export, read_feed, read_sitemap
from framing.fetch.stored import Article, Stored, open_stored
from framing.fetch.web import Page, RefusedError, Web

__all__ = ["Fetched", "fetch_corpus"]

_TRIES = 3  # runs in which an address that gave nothing is asked for
_SITEMAPS = 50  # of one index
_LIST_BYTES = 20_000_000
_COUNTS = ("new", "version", "known", "double", "refused")


@dataclass(frozen=True)
class Fetched:
    """What one run brought.

    Attributes
    ----------
    sources : one row a source: `outlet, source, listed`, then what became of the listed addresses, which add up to
        it: `new` articles, `version` (changed since), `known` (fetched before), `double` (the same text under another
        address), `refused`; and `problem`, why the list itself could not be read.
    refused : one row an address that gave nothing: `outlet, url, reason`.
    n_articles : articles in the corpus now.
    """

    sources: pd.DataFrame
    refused: pd.DataFrame
    n_articles: int


def fetch_corpus(folder: Path, *, refresh: bool = False, say: Callable[[str], None] = lambda _: None) -> Fetched:
    """Ask the sources of `folder/corpus.yaml` for articles that are not there yet, and write `fetched.jsonl`.

    `refresh` also asks again for the articles that are listed and known; a changed one is kept as a new version.
    Raises `InputError` where the corpus names no sources, `LockedError` where another run is at it.
    """
    config = read_config(folder)
    rule = _rule(config, folder)
    exports = {source.name: read_export(_inside(folder, source.export)) for source in rule.sources if source.export}
    with open_stored(folder) as stored:
        run = _Run(rule, stored, exports, refresh=refresh, say=say)
        try:
            asyncio.run(run.all())
        finally:
            n = stored.write_corpus()  # what came before an interruption is there too
    sources = pd.DataFrame(run.rows, columns=["outlet", "source", "listed", *_COUNTS, "problem"])
    return Fetched(sources, pd.DataFrame(run.refused, columns=["outlet", "url", "reason"]), n)


def _rule(config: CorpusConfig, folder: Path) -> FetchRule:
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


def _inside(folder: Path, name: str) -> Path:
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        raise InputError(f"export: {name}: there is no such file in {folder}.")
    return path


class _Run:
    """One run over all sources; hosts are asked side by side, each host in turn."""

    def __init__(
        self, rule: FetchRule, stored: Stored, exports: dict[str, list[Listed]], *, refresh: bool,
        say: Callable[[str], None],
    ) -> None:  # fmt: skip
        self.rule, self.stored, self.exports, self.refresh, self.say = rule, stored, exports, refresh, say
        self.rows: list[tuple[object, ...]] = []
        self.refused: list[tuple[str, str, str]] = []
        self.asked: set[str] = set()  # in this run, by any source
        self.now = datetime.now(UTC).isoformat(timespec="seconds")

    async def all(self) -> None:
        hosts = {urlsplit(source.name).netloc for source in self.rule.sources if not source.export}
        async with Web(self.rule, frozenset(hosts)) as web:
            found = await asyncio.gather(*(self.source(web, source) for source in self.rule.sources))
        self.rows = list(found)
        self.refused.sort()

    async def source(self, web: Web, source: SourceRule) -> tuple[object, ...]:
        counts: Counter[str] = Counter()
        problem, lists = "", list[tuple[str, Page]]()
        try:
            listed = self.exports.get(source.name) if source.export else await self.listed(web, source, lists)
        except RefusedError as refusal:
            listed, problem = [], str(refusal)
        except Exception as error:  # a list is a stranger's file: what its reader trips over is its problem
            listed, problem = [], f"not readable: {type(error).__name__}: {error}"
        matching = [item for item in listed or [] if source.match in item.url]
        chosen = matching[: source.most]
        self.say(f"{source.outlet or source.name}: {len(chosen)} listed{f' ({problem})' if problem else ''}")
        by_host: dict[str, list[Listed]] = {}
        for item in chosen:
            by_host.setdefault(_host(item.url), []).append(item)
        for part in await asyncio.gather(*(self.several(web, source, items) for items in by_host.values())):
            counts.update(part)
        if not problem and not counts["refused"] and len(chosen) == len(matching):
            for url, page in lists:  # an unchanged list need not be read again, as all that it names is there
                self.stored.remember(
                    url, url=page.url, etag=page.etag, modified=page.modified, reason="", fetched=self.now
                )
        return (source.outlet, source.name, len(chosen), *(counts[name] for name in _COUNTS), problem)

    async def listed(self, web: Web, source: SourceRule, pages: list[tuple[str, Page]]) -> list[Listed]:
        """What the feed or sitemap lists now; nothing where it is unchanged since the last run."""
        if source.feed:
            page = await self.list_page(web, source.feed, pages)
            return [] if page.unchanged else read_feed(page.body)
        waiting, seen, found = [str(source.sitemap)], set[str](), list[Listed]()
        while waiting and len(seen) < _SITEMAPS:
            url = waiting.pop(0)
            if url in seen:
                continue
            seen.add(url)
            page = await self.list_page(web, url, pages)
            if not page.unchanged:
                listed, more = read_sitemap(page.body)
                found += listed
                waiting += more
        return found

    async def list_page(self, web: Web, url: str, pages: list[tuple[str, Page]]) -> Page:
        known = {} if self.refresh else self.stored.page(url) or {}
        page = await web.get(
            url, etag=str(known.get("etag", "")), modified=str(known.get("modified", "")), most_bytes=_LIST_BYTES
        )
        pages.append((url, page))
        return page

    async def several(self, web: Web, source: SourceRule, items: list[Listed]) -> list[str]:
        return [await self.one(web, source, item) for item in items]

    async def one(self, web: Web, source: SourceRule, item: Listed) -> str:
        outlet = source.outlet or item.outlet
        try:
            url = _plain(item.url)
            if url in self.asked:
                return "known"
            self.asked.add(url)
            known = self.stored.page(url)
            if known is not None and not self.refresh and (not known["reason"] or int(str(known["tries"])) >= _TRIES):
                return "known"
            page = await web.get(url, etag=str((known or {}).get("etag", "")),
                                 modified=str((known or {}).get("modified", "")))  # fmt: skip
            if page.unchanged:
                return "known"
            if not outlet:
                raise RefusedError("no outlet is named for it")
            result = self.stored.add(_article(page, item, outlet, self.now))
            self.stored.remember(url, url=page.url, etag=page.etag, modified=page.modified, reason="", fetched=self.now)
            return result
        except RefusedError as refusal:
            return self.no_article(outlet, item.url, str(refusal))
        except Exception as error:
            return self.no_article(outlet, item.url, f"not readable: {type(error).__name__}: {error}")

    def no_article(self, outlet: str, url: str, reason: str) -> str:
        self.refused.append((outlet, url[:500], reason[:300]))
        with suppress(RefusedError):
            self.stored.remember(_plain(url), url=url, etag="", modified="", reason=reason[:300], fetched=self.now)
        return "refused"


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc
    except ValueError:
        return ""


def _plain(url: str) -> str:
    """The address without marks that only track readers; raises `RefusedError` where it is none.

    >>> _plain("https://paper.example/a?id=7&utm_source=feed#top")
    'https://paper.example/a?id=7'
    """
    from courlan import normalize_url

    if not url.lower().startswith(("http://", "https://")) or len(url) > 2000 or any(ord(mark) < 33 for mark in url):
        raise RefusedError("not an http address")
    try:
        found = str(normalize_url(url))
    except ValueError as error:
        raise RefusedError(f"not an http address: {error}") from None
    return found.split("#")[0]


@contextmanager
def _silenced(name: str) -> Iterator[None]:
    logger = logging.getLogger(name)
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)


def _article(page: Page, item: Listed, outlet: str, now: str) -> Article:
    """The main text of a page (trafilatura); raises `RefusedError` where there is none."""
    from trafilatura import bare_extraction

    if page.kind and not (page.kind.startswith("text/") or "html" in page.kind or "xml" in page.kind):
        raise RefusedError(f"not a page but {page.kind[:60]}")
    content: str | bytes = page.body
    if page.encoding:
        try:
            content = page.body.decode(page.encoding)
        except (LookupError, UnicodeError):
            content = page.body  # the server named another encoding than it used; the page is asked
    with _silenced("trafilatura"):  # what it trips over is said once, by us
        found = bare_extraction(content, url=page.url, with_metadata=True, include_comments=False, include_tables=False)
    text = (getattr(found, "text", "") or "").replace("\x00", "").strip()
    if not text:
        raise RefusedError("no main text found in the page")
    title = item.title.strip() or getattr(found, "title", "") or ""
    first, _, rest = text.partition("\n")
    if rest.strip() and " ".join(first.split()) in (" ".join(title.split()), " ".join(str(found.title).split())):
        text = rest.strip()  # the heading of the page, which is the title
    published = item.published or getattr(found, "date", "") or ""
    sha256 = hashlib.sha256(f"{title}\x1f{text}".encode(errors="replace")).hexdigest()
    clean = [part.encode(errors="replace").decode() for part in (title, text)]
    return Article(_plain(page.url), outlet, published, clean[0], clean[1], sha256, now)
