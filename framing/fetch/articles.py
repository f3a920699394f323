"""An article from a web page: its main text, title and date."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from framing.corpus.web_pages import extract_page
from framing.fetch.addresses import RefusedError, normalise_url
from framing.fetch.listing import ListedArticle
from framing.fetch.store import Article
from framing.fetch.unpacking import unpack
from framing.fetch.web import Page

__all__ = ["extract_article"]


def extract_article(page: Page, item: ListedArticle, outlet: str, fetched: str, max_bytes: int = 5_000_000) -> Article:
    """Extract the main text of a page with trafilatura.

    Parameters
    ----------
    page : Page
        Answer of the server.
    item : ListedArticle
        Entry of the list. Its title and its day of publication win over those of the page; the day on which its makers
        saw the article counts only where the page has none.
    outlet : str
        Name of the outlet.
    fetched : str
        Moment of the run in UTC, ISO 8601.
    max_bytes : int, default 5000000
        Most bytes of a page that is a gzip file, unpacked.

    Returns
    -------
    Article
        The article, with the hash of its title and text.

    Raises
    ------
    RefusedError
        If the answer is no page, or the page has no main text.
    """
    if page.kind and not (page.kind.startswith("text/") or "html" in page.kind or "xml" in page.kind):
        raise RefusedError(f"not a page but {page.kind[:60]}")
    body, _ = unpack(page.body, max_bytes)
    with _silence_logger("trafilatura"):  # its complaints come back as the reason of the refusal
        extracted = extract_page(body, url=page.url, declared=page.encoding or "")
    text = extracted.text.replace("\x00", "").strip() if extracted else ""
    if extracted is None or not text:
        raise RefusedError("no main text found in the page")
    title = item.title.strip() or extracted.title
    text = _drop_heading(text, [title, extracted.title])
    published = item.published or extracted.published or item.seen
    sha256 = hashlib.sha256(f"{title}\x1f{text}".encode(errors="replace")).hexdigest()
    title, text = (part.encode(errors="replace").decode() for part in (title, text))
    return Article(normalise_url(page.url), outlet, published, title, text, sha256, fetched)


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
