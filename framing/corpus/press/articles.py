"""An article of an export as a row, and the articles that a file declares and does not hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from framing.corpus.press.dates import read_date
from framing.corpus.records import EXCERPT, Refused, Row

__all__ = ["FIELDS", "make_row", "refuse_missing"]

FIELDS = {  # of every article, and what they hold
    "text": "the article without its headline",
    "title": "the headline",
    "outlet": "name of the newspaper",
    "published": "day, or day and time, in ISO 8601",
    "section": "section without the page",
    "author": "byline as it is written",
    "page": "page",
    "words": "number of words that the database counts",
    "language": "language as the file names it",
    "document_id": "number of the document in the database",
    "url": "address of the document in the database",
}
_MAX_MISSING = 20_000  # more than any export holds: a count above it is damage, and gets one row
_SHOWN = 60  # characters of a wrong date in a reason


def make_row(name: str, line: int, values: Mapping[str, str], *, day_first: bool = False) -> Row | Refused:
    """Row of an article.

    Parameters
    ----------
    name : str
        Name of the file.
    line : int
        Line, or number of the paragraph, on which the article begins.
    values : mapping of str to str
        Fields of the article; `published` as the file writes it.
    day_first : bool, default False
        Whether the language of the page tells that the day comes first in a date such as `3/4/2011`.

    Returns
    -------
    Row or Refused
        The row has all of `FIELDS`, `published` in ISO 8601, and the further fields of `values`. Refused is an article
        without a text, an outlet or a date, or with a date that cannot be read.
    """
    cleaned = {field: value.replace("\xa0", " ").strip() for field, value in values.items()}
    row = {field: cleaned.get(field, "") for field in FIELDS} | cleaned
    excerpt = " | ".join(filter(None, (row["title"], row["outlet"], row["published"], row["text"])))[:EXCERPT]
    for field, reason in (
        ("text", "the article has no text"),
        ("outlet", "the article has no name of an outlet"),
        ("published", "the article has no date that can be recognised"),
    ):
        if not row[field]:
            return Refused(name, line, reason, excerpt)
    published = read_date(row["published"], day_first=day_first)
    if not published:
        return Refused(name, line, f"the date {row['published'][:_SHOWN]!r} cannot be read as one day", excerpt)
    return Row(name, line, {**row, "published": published})


def refuse_missing(items: Iterable[Row | Refused], name: str, declared: int, source: str) -> Iterator[Row | Refused]:
    """Pass on what was read of a file, then refuse one row for each article that it declares beyond that.

    Parameters
    ----------
    items : iterable of Row or Refused
        What was read of the file.
    name : str
        Name of the file.
    declared : int
        Number of articles that the file declares.
    source : str
        What declares them, for the reason.

    Yields
    ------
    Row or Refused
        The items, then the missing ones.
    """
    n_read = 0
    for item in items:
        n_read += 1
        yield item
    n_missing = declared - n_read
    if n_missing > _MAX_MISSING:
        yield Refused(name, 1, f"{source} {declared} articles, {n_read} were recognised; {n_missing} are missing")
        return
    for _ in range(n_missing):
        yield Refused(name, 1, f"{source} {declared} articles, {n_read} were recognised; this is one of those missing")
