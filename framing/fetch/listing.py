"""URLs of articles from what lists them: feeds, sitemaps (with their indexes), exported files."""

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

__all__ = ["Listed", "read_export", "read_feed", "read_sitemap"]

_UNPACKED = 50_000_000
_FEED = re.compile(rb"<(?:\w+:)?(?:rss|feed|RDF)[\s>]")
_URL = ("url", "URL", "link", "DocumentIdentifier")
_TITLE = ("title", "Title")
_DATE = ("publish_date", "published", "date", "seendate", "pubDate")
_OUTLET = ("media_name", "outlet", "source", "domain")


@dataclass(frozen=True)
class Listed:
    """One article as its list gives it; empty where the list does not say."""

    url: str
    title: str = ""
    published: str = ""
    outlet: str = ""


def read_feed(body: bytes) -> list[Listed]:
    """Entries of an RSS or Atom feed, in its order; raises `RefusedError` where it is none."""
    import feedparser

    found = feedparser.parse(io.BytesIO(body), sanitize_html=True, resolve_relative_uris=False)
    entries = [
        Listed(str(item.get("link", "")).strip(), str(item.get("title", "")), _iso(item))
        for item in found.entries
        if item.get("link")
    ]
    if not entries and not _FEED.search(body[:5000]):
        raise RefusedError("not a feed")
    return entries


def _iso(entry: object) -> str:
    moment = getattr(entry, "published_parsed", None) or getattr(entry, "updated_parsed", None)
    return f"{moment[0]:04d}-{moment[1]:02d}-{moment[2]:02d}" if moment else ""


def read_sitemap(body: bytes) -> tuple[list[Listed], list[str]]:
    """Pages of a sitemap, latest first where it dates them, and the sitemaps that an index names.

    Entities and remote definitions are refused (defusedxml). Raises `RefusedError` where it is no sitemap.
    """
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        root = fromstring(_unpacked(body))
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise RefusedError(f"not a sitemap: {type(error).__name__}: {error}") from None
    kind = _plain(root.tag)
    if kind not in ("urlset", "sitemapindex"):
        raise RefusedError(f"not a sitemap: its root is {kind}")
    rows = []
    for item in root:
        told = {_plain(part.tag): (part.text or "").strip() for part in item.iter()}
        if told.get("loc"):
            date = told.get("publication_date") or told.get("lastmod", "")
            rows.append(Listed(told["loc"], told.get("title", ""), date[:10]))
    if kind == "sitemapindex":
        latest = sorted(rows, key=lambda item: item.published, reverse=True)
        return [], [item.url for item in latest]
    return sorted(rows, key=lambda item: item.published, reverse=True), []


def _plain(tag: object) -> str:
    return str(tag).rsplit("}", 1)[-1]


def _unpacked(body: bytes) -> bytes:
    if body[:2] != b"\x1f\x8b":
        return body
    try:
        with gzip.open(io.BytesIO(body)) as stream:
            content = stream.read(_UNPACKED + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise RefusedError(f"not a whole gzip file: {error}") from None
    if len(content) > _UNPACKED:
        raise RefusedError(f"a sitemap of more than {_UNPACKED} bytes unpacked")
    return content


def read_export(path: Path) -> list[Listed]:
    """Rows of a file exported from Media Cloud, GDELT or the like: CSV, TSV or JSON lines with a column of URLs."""
    rows = list(_json_rows(path) if path.suffix == ".jsonl" else _csv_rows(path))
    if rows and not any(name in rows[0] for name in _URL):
        raise InputError(
            f"{path.name}: expected a column of URLs ({', '.join(_URL)}); it has {', '.join(map(str, rows[0]))}."
        )
    return [
        Listed(_first(row, _URL), _first(row, _TITLE), _date(_first(row, _DATE)), _first(row, _OUTLET)) for row in rows
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


def _first(row: dict[str, str], names: tuple[str, ...]) -> str:
    return next((str(row[name]).strip() for name in names if row.get(name)), "")


def _date(text: str) -> str:
    """Day of a date as Media Cloud or GDELT write it.

    >>> _date("20250704T101500Z"), _date("2025-07-04 10:15:00"), _date("")
    ('2025-07-04', '2025-07-04', '')
    """
    digits = text[:8]
    if len(digits) == 8 and digits.isdigit():
        return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"
    return text[:10]
