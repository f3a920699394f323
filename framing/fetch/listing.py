"""Lists of articles: feeds, sitemaps with their indexes, and files exported from news databases."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from framing.errors import InputError
from framing.fetch.web import RefusedError

__all__ = ["ListedArticle", "read_export", "read_feed", "read_sitemap"]

_MAX_UNPACKED_BYTES = 50_000_000
_FEED = re.compile(rb"<(?:\w+:)?(?:rss|feed|RDF)[\s>]")
_URL_COLUMNS = ("url", "URL", "link", "DocumentIdentifier")
_TITLE_COLUMNS = ("title", "Title")
_DATE_COLUMNS = ("publish_date", "published", "date", "seendate", "pubDate")
_OUTLET_COLUMNS = ("media_name", "outlet", "source", "domain")


@dataclass(frozen=True)
class ListedArticle:
    """One entry of a list.

    Attributes
    ----------
    url : str
        Address of the article.
    title, published, outlet : str
        Title, day of publication (`2026-03-03`) and outlet; empty where the list does not give them.
    """

    url: str
    title: str = ""
    published: str = ""
    outlet: str = ""


def read_feed(body: bytes) -> list[ListedArticle]:
    """Read an RSS or Atom feed.

    Parameters
    ----------
    body : bytes
        Content of the feed.

    Returns
    -------
    list of ListedArticle
        Its entries that have a link, in its order.

    Raises
    ------
    RefusedError
        If it is no feed.
    """
    import feedparser

    parsed = feedparser.parse(io.BytesIO(body), sanitize_html=True, resolve_relative_uris=False)
    entries = [
        ListedArticle(str(item.get("link", "")).strip(), str(item.get("title", "")), _format_day(item))
        for item in parsed.entries
        if item.get("link")
    ]
    if not entries and not _FEED.search(body[:5000]):
        raise RefusedError("not a feed")
    return entries


def _format_day(entry: object) -> str:
    """Day on which an entry of a feed was published, else updated; empty where it has neither."""
    moment = getattr(entry, "published_parsed", None) or getattr(entry, "updated_parsed", None)
    return f"{moment[0]:04d}-{moment[1]:02d}-{moment[2]:02d}" if moment else ""


def read_sitemap(body: bytes) -> tuple[list[ListedArticle], list[str]]:
    """Read a sitemap or an index of sitemaps.

    Parameters
    ----------
    body : bytes
        Content of the sitemap, gzipped or plain.

    Returns
    -------
    articles : list of ListedArticle
        Pages of a sitemap, latest first where it dates them.
    sitemaps : list of str
        Addresses of the sitemaps that an index names, latest first.

    Raises
    ------
    RefusedError
        If it is no sitemap, or has entities or remote definitions, which defusedxml refuses.
    """
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        root = fromstring(_unpack(body))
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise RefusedError(f"not a sitemap: {type(error).__name__}: {error}") from None
    kind = _strip_namespace(root.tag)
    if kind not in ("urlset", "sitemapindex"):
        raise RefusedError(f"not a sitemap: its root is {kind}")
    articles = []
    for item in root:
        fields = {_strip_namespace(part.tag): (part.text or "").strip() for part in item.iter()}
        if fields.get("loc"):
            date = fields.get("publication_date") or fields.get("lastmod", "")
            articles.append(ListedArticle(fields["loc"], fields.get("title", ""), date[:10]))
    articles.sort(key=lambda item: item.published, reverse=True)
    return ([], [item.url for item in articles]) if kind == "sitemapindex" else (articles, [])


def _strip_namespace(tag: object) -> str:
    return str(tag).rsplit("}", 1)[-1]


def _unpack(body: bytes) -> bytes:
    if body[:2] != b"\x1f\x8b":
        return body
    try:
        with gzip.open(io.BytesIO(body)) as stream:
            content = stream.read(_MAX_UNPACKED_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise RefusedError(f"not a whole gzip file: {error}") from None
    if len(content) > _MAX_UNPACKED_BYTES:
        raise RefusedError(f"a sitemap of more than {_MAX_UNPACKED_BYTES} bytes unpacked")
    return content


def read_export(path: Path) -> list[ListedArticle]:
    """Read a file exported from Media Cloud, GDELT or the like.

    Parameters
    ----------
    path : Path
        CSV, TSV or JSON lines with a column of URLs.

    Returns
    -------
    list of ListedArticle
        One a row.

    Raises
    ------
    InputError
        If the file cannot be read, or has no column of URLs.
    """
    rows = list(_json_rows(path) if path.suffix == ".jsonl" else _csv_rows(path))
    if rows and not any(name in rows[0] for name in _URL_COLUMNS):
        raise InputError(
            f"{path.name}: expected a column of URLs ({', '.join(_URL_COLUMNS)}); "
            f"it has {', '.join(map(str, rows[0]))}."
        )
    return [
        ListedArticle(
            url=_first_value(row, _URL_COLUMNS),
            title=_first_value(row, _TITLE_COLUMNS),
            published=_read_day(_first_value(row, _DATE_COLUMNS)),
            outlet=_first_value(row, _OUTLET_COLUMNS),
        )
        for row in rows
    ]


def _csv_rows(path: Path) -> Iterator[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            yield from csv.DictReader(stream, delimiter="\t" if path.suffix == ".tsv" else ",")
    except (OSError, UnicodeError, csv.Error) as error:
        raise InputError(f"{path}: expected CSV in UTF-8: {error}.") from None


def _json_rows(path: Path) -> Iterator[dict[str, str]]:
    try:
        with path.open(encoding="utf-8") as stream:
            for number, line in enumerate(stream, start=1):
                row = json.loads(line)
                if not isinstance(row, dict):
                    raise InputError(f"{path.name}, line {number}: expected an object with a url.")
                yield {str(key): "" if value is None else str(value) for key, value in row.items()}
    except InputError:
        raise
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: expected JSON lines in UTF-8: {error}.") from None


def _first_value(row: dict[str, str], names: tuple[str, ...]) -> str:
    """Value of the first of the columns that the row has and that is not empty."""
    return next((str(row[name]).strip() for name in names if row.get(name)), "")


def _read_day(text: str) -> str:
    """Day of a date as Media Cloud or GDELT write it.

    >>> _read_day("20250704T101500Z"), _read_day("2025-07-04 10:15:00"), _read_day("")
    ('2025-07-04', '2025-07-04', '')
    """
    digits = text[:8]
    if len(digits) == 8 and digits.isdigit():
        return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"
    return text[:10]
