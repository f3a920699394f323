"""An article from a web page: its main text, title and date, and its address without tracking parameters."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from framing.fetch.listing import ListedArticle
from framing.fetch.store import Article
from framing.fetch.web import Page, RefusedError

__all__ = ["extract_article", "normalise_url"]

_MAX_URL = 2000  # characters


def normalise_url(url: str) -> str:
    """Address of a page without what only tracks readers or points into the page.

    Parameters
    ----------
    url : str
        Address as a list or a server gives it.

    Returns
    -------
    str
        The normalised address.

    Raises
    ------
    RefusedError
        If it is no http address.

    Examples
    --------
    >>> normalise_url("https://paper.example/a?id=7&utm_source=feed#top")
    'https://paper.example/a?id=7'
    """
    from courlan import normalize_url

    is_http = url.lower().startswith(("http://", "https://"))
    if not is_http or len(url) > _MAX_URL or any(ord(character) < 33 for character in url):
        raise RefusedError("not an http address")
    try:
        normalised = str(normalize_url(url))
    except ValueError as error:
        raise RefusedError(f"not an http address: {error}") from None
    return normalised.split("#")[0]


def extract_article(page: Page, item: ListedArticle, outlet: str, *, fetched: str) -> Article:
    """Extract the main text of a page with trafilatura.

    Parameters
    ----------
    page : Page
        Answer of the server.
    item : ListedArticle
        Entry of the list; its title and date win over those of the page.
    outlet : str
        Name of the outlet.
    fetched : str
        Moment of the run in UTC, ISO 8601.

    Returns
    -------
    Article
        The article, with the hash of its title and text.

    Raises
    ------
    RefusedError
        If the answer is no page, or the page has no main text.
    """
    from trafilatura import bare_extraction

    if page.kind and not (page.kind.startswith("text/") or "html" in page.kind or "xml" in page.kind):
        raise RefusedError(f"not a page but {page.kind[:60]}")
    with _silence_logger("trafilatura"):  # its complaints come back as the reason of the refusal
        extracted = bare_extraction(
            _decode(page), url=page.url, with_metadata=True, include_comments=False, include_tables=False
        )
    text = (getattr(extracted, "text", "") or "").replace("\x00", "").strip()
    if not text:
        raise RefusedError("no main text found in the page")
    page_title = getattr(extracted, "title", "") or ""
    title = item.title.strip() or page_title
    text = _drop_heading(text, [title, str(extracted.title)])
    published = item.published or getattr(extracted, "date", "") or ""
    sha256 = hashlib.sha256(f"{title}\x1f{text}".encode(errors="replace")).hexdigest()
    title, text = (part.encode(errors="replace").decode() for part in (title, text))
    return Article(normalise_url(page.url), outlet, published, title, text, sha256, fetched)


def _decode(page: Page) -> str | bytes:
    """Body as text where the encoding that the server names fits, else the bytes, whose encoding the page declares."""
    if page.encoding:
        try:
            return page.body.decode(page.encoding)
        except (LookupError, UnicodeError):
            return page.body
    return page.body


def _drop_heading(text: str, titles: list[str]) -> str:
    """The text without its first line where that repeats a title."""
    first_line, _, rest = text.partition("\n")
    repeats_title = " ".join(first_line.split()) in [" ".join(title.split()) for title in titles]
    return rest.strip() if rest.strip() and repeats_title else text


@contextmanager
def _silence_logger(name: str) -> Iterator[None]:
    logger = logging.getLogger(name)
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)
