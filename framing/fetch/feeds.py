"""Feeds: RSS, Atom and JSON Feed, as far as they can be read."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from typing import Any
from xml.sax import SAXParseException

from framing.corpus.days import read_day
from framing.fetch.addresses import RefusedError
from framing.fetch.listing import ListedArticle, Listing, clean_title, resolve

__all__ = ["read_feed", "read_json_feed"]

_PAGES = ("text/html", "application/xhtml+xml")
_ITEMS = re.compile(r'"items"\s*:\s*\[')
_GAP = re.compile(r"[\s,]*")


def read_feed(content: str, url: str) -> Listing:
    """Read an RSS or Atom feed.

    Parameters
    ----------
    content : str
        Content of the feed.
    url : str
        Its address, against which relative links are resolved where it names no `xml:base`.

    Returns
    -------
    Listing
        Its entries in their order. The day of an entry is that of its publication; the day of its last change
        (`updated` of Atom) is kept apart.
    """
    import feedparser

    parsed = feedparser.parse(
        io.BytesIO(content.encode()),
        response_headers={"content-location": url},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    listing = Listing()
    dates_by_dublin_core = parsed.version.startswith("rss") and "dc" in parsed.namespaces
    n_without = 0
    for entry in parsed.entries:
        link = _find_link(entry)
        changed = dict.get(entry, "updated", "")
        published = dict.get(entry, "published", "") or (changed if dates_by_dublin_core else "")
        if link:
            listing.articles.append(
                ListedArticle(
                    resolve(url, link),
                    clean_title(str(entry.get("title", ""))),
                    read_day(published),
                    changed=read_day(changed),
                )
            )
        n_without += not link
    if n_without:
        listing.notes.append(f"entries without an address: {n_without}")
    if isinstance(parsed.get("bozo_exception"), SAXParseException):
        listing.note_cut(parsed.bozo_exception.getMessage())
    return listing


def _find_link(entry: Any) -> str:
    """Link to the page of an entry: the first one that is an alternative form of it."""
    for link in entry.get("links", ()):
        if link.get("rel") == "alternate" and link.get("type", _PAGES[0]) in _PAGES and link.get("href", "").strip():
            return str(link["href"])
    return str(entry.get("link", "")).strip()


def read_json_feed(content: str, url: str) -> Listing:
    """Read a JSON Feed, version 1.0 or 1.1.

    Parameters
    ----------
    content : str
        Content of the feed.
    url : str
        Its address.

    Returns
    -------
    Listing
        Its entries in their order.

    Raises
    ------
    RefusedError
        If it is other JSON.
    """
    listing = Listing()
    problem = ""
    try:
        feed = json.loads(content)
        items = feed.get("items") if isinstance(feed, dict) else None
    except (ValueError, RecursionError) as error:
        items, problem = list(_whole_items(content)), str(error)
    if not isinstance(items, list) or "jsonfeed.org/version" not in content[:5000] + content[-5000:]:
        raise RefusedError(f"not a feed or sitemap but JSON that is no JSON Feed{f': {problem}' if problem else ''}")
    n_without = 0
    for item in items:
        address = next(
            (str(item[key]) for key in ("url", "external_url") if isinstance(item, dict) and item.get(key)), ""
        )
        n_without += not address
        if address:
            listing.articles.append(
                ListedArticle(
                    resolve(url, address),
                    clean_title(str(item.get("title") or "")),
                    read_day(str(item.get("date_published") or "")),
                    changed=read_day(str(item.get("date_modified") or "")),
                )
            )
    if n_without:
        listing.notes.append(f"entries without an address: {n_without}")
    if problem:
        listing.note_cut(problem)
    return listing


def _whole_items(text: str) -> Iterator[object]:
    """Items of a JSON Feed that breaks off, as long as they are whole."""
    found = _ITEMS.search(text)
    decoder = json.JSONDecoder()
    place = found.end() if found else len(text)
    while place < len(text):
        try:
            start = place + len(_GAP.match(text, place)[0])  # type: ignore[index]  # the pattern also matches nothing
            item, place = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            return
        yield item
