"""Sitemaps and their indexes, as far as they can be read."""

from __future__ import annotations

import html
import io
import re
from typing import Any

from framing.corpus.days import read_day
from framing.fetch.addresses import RefusedError
from framing.fetch.listing import ListedArticle, Listing, Part, clean_title, resolve

__all__ = ["read_sitemap"]

_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_MARKS = re.compile(r"<!\[CDATA\[.*?\]\]>|<!--.*?-->|&(?:(#\d+|#x[0-9a-fA-F]+|\w+);)?", re.DOTALL)
_XML_ENTITIES = ("amp", "lt", "gt", "quot", "apos")


def read_sitemap(content: str, url: str) -> Listing:
    """Read a sitemap or an index of sitemaps.

    Parameters
    ----------
    content : str
        Content of the sitemap.
    url : str
        Its address.

    Returns
    -------
    Listing
        Pages of a sitemap, or the sitemaps that an index names. Only the `loc` of an entry counts, not those of its
        images and videos; the day of publication is that of the namespace for news, never `lastmod`.

    Raises
    ------
    RefusedError
        If it has entities or remote definitions, which defusedxml refuses, or nothing of it can be read.
    """
    listing, problem = _read(content, url)
    if problem and "&" in content:
        repaired = _MARKS.sub(_repair, content)  # signs that must be written as entities, and entities of HTML
        if repaired != content:
            listing, problem = _read(repaired, url)
    if problem and not listing.articles and not listing.parts:
        raise RefusedError(f"not a sitemap that can be read: {problem}")
    if problem:
        listing.note_cut(problem)
    return listing


def _repair(mark: re.Match[str]) -> str:
    name = mark[1]
    if not mark[0].startswith("&") or (name is not None and (name.startswith("#") or name in _XML_ENTITIES)):
        return mark[0]
    text = html.unescape(mark[0])
    if name is not None and not text.startswith("&"):
        return "".join(f"&#{ord(character)};" for character in text)
    return "&amp;" + mark[0][1:]


def _read(content: str, url: str) -> tuple[Listing, str]:
    """Complete entries before the first fault, and the fault."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, iterparse

    listing = Listing()
    root: Any = None
    n_without = 0
    try:
        for event, element in iterparse(io.BytesIO(content.encode()), events=("start", "end")):
            if event == "start":
                root = element if root is None else root
                continue
            space, _, name = element.tag.rpartition("}")
            if name not in ("url", "sitemap") or space != root.tag.rpartition("}")[0]:
                continue
            n_without += not _add_entry(listing, element, space, resolve(url, root.get(_BASE, "")), name)
            root.clear()
    except DefusedXmlException as error:
        raise RefusedError(f"not a sitemap that can be read: {type(error).__name__}: {error}") from None
    except (ParseError, ValueError, LookupError) as error:
        return listing, str(error)
    if n_without:
        listing.notes.append(f"entries without an address: {n_without}")
    return listing, ""


def _add_entry(listing: Listing, element: Any, space: str, base: str, name: str) -> bool:
    """Add an entry to the list; whether it has an address."""
    own: dict[str, str] = {}
    news: dict[str, str] = {}
    for child in element:
        child_space, _, key = str(child.tag).rpartition("}")
        if child_space == space:
            own.setdefault(key, (child.text or "").strip())
        elif key == "news":
            for field in child:
                news.setdefault(str(field.tag).rpartition("}")[2], (field.text or "").strip())
    if not own.get("loc"):
        return False
    address = resolve(resolve(base, element.get(_BASE, "")), own["loc"])
    changed = own.get("lastmod", "")
    if name == "sitemap":
        listing.parts.append(Part(address, changed))
    else:
        listing.articles.append(
            ListedArticle(
                address,
                clean_title(news.get("title", "")),
                read_day(news.get("publication_date", "")),
                changed=read_day(changed),
            )
        )
    return True
