"""Lists of addresses in files: exports of Media Cloud, GDELT, NewsAPI and the like."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from framing.corpus.containers import open_streams
from framing.corpus.days import read_day
from framing.corpus.formats import find_format, read_rows
from framing.corpus.nested import DoubledKeyError, flatten
from framing.corpus.records import Refused, Row
from framing.errors import InputError
from framing.fetch.listing import ListedArticle, Listing, clean_title

__all__ = ["read_export"]

# names of columns in small letters without signs, the surest first
_URL = ("url", "link", "documentidentifier", "articleurl", "storyurl", "pageurl", "weburl", "permalink", "canonicalurl",
        "externalurl", "sourceurl", "uri")  # fmt: skip
_TITLE = ("title", "headline", "webtitle", "headlinemain")
_PUBLISHED = ("publishdate", "published", "publishedat", "publicationdate", "pubdate", "datepublished", "publisheddate",
              "datetimepub", "webpublicationdate", "publishtime", "date")  # fmt: skip
_SEEN = ("seendate", "indexeddate", "collectdate", "dateadded")
_OUTLET = ("medianame", "outlet", "sourcename", "sourcetitle", "source", "publisher", "publication", "domain")
_SIGN = re.compile(r"[\W_]+")
_ADDRESS = re.compile(r"(?:https?:)?//\S+$", re.I)
_MAX_DEPTH = 4
_N_SHOWN = 12  # columns in a message


def read_export(path: Path) -> Listing:
    """Read a file that lists articles by their addresses.

    Parameters
    ----------
    path : Path
        A table (CSV, TSV, XLSX, Parquet) with a column of addresses, JSON (an array, alone or under a key such as
        `articles`), JSON lines, or a text with an address a line; also .gz and .zip of these.

    Returns
    -------
    Listing
        One entry a row, and the rows that could not be read.

    Raises
    ------
    InputError
        If the file cannot be read, or has no column of addresses.
    """
    kind = find_format(path)
    listing = Listing()
    if kind in ("json", "jsonl", "txt"):
        for name, stream in open_streams(path):
            _add_rows(listing, name, _text_rows(stream.read()) if kind == "txt" else _json_rows(stream.read(), name))
        return listing
    rows = list(read_rows(path, kind=kind, needed=()))
    if kind == "csv" and (separator := _find_separator(rows)):
        rows = list(read_rows(path, kind=kind, needed=(), separator=separator))
    listing.refused += [(f"{row.file}, line {row.line}", row.reason) for row in rows if isinstance(row, Refused)]
    _add_rows(listing, path.name, ((row.line, row.values) for row in rows if isinstance(row, Row)))
    return listing


def _find_separator(rows: list[Row | Refused]) -> str:
    """Character between the columns of a table that was read as one column; empty where there were several."""
    header = next((list(row.values) for row in rows if isinstance(row, Row)), [])
    return next((sign for sign in ";\t|" if len(header) == 1 and sign in header[0]), "")


def _add_rows(listing: Listing, name: str, rows: Iterable[tuple[int, dict[str, str] | str]]) -> None:
    """Add rows to a list; those that are no row are a reason."""
    columns: dict[str, str] = {}
    n_listed = len(listing.articles)
    for number, values in rows:
        if isinstance(values, str):
            listing.refused.append((f"{name}, line {number}", values))
            continue
        columns.update(dict.fromkeys(values, ""))
        found = {_SIGN.sub("", key.lower()): value.strip() for key, value in values.items() if value.strip()}
        address = _first(found, _URL)
        if not address:
            listing.refused.append((f"{name}, line {number}", "no address"))
            continue
        listing.articles.append(
            ListedArticle(
                address,
                clean_title(_first(found, _TITLE)),
                read_day(_first(found, _PUBLISHED)),
                clean_title(_first(found, _OUTLET)),
                seen=read_day(_first(found, _SEEN)),
            )
        )
    if columns and len(listing.articles) == n_listed and not any(_SIGN.sub("", key.lower()) in _URL for key in columns):
        shown = ", ".join(list(columns)[:_N_SHOWN]) + (", …" if len(columns) > _N_SHOWN else "")
        raise InputError(
            f"{name}: expected a column of addresses (Url, URL, Link, DocumentIdentifier or the like); it has {shown}. "
            "Rename the column of the addresses to url."
        )


def _first(values: dict[str, str], names: tuple[str, ...]) -> str:
    """Value of the first of the columns that the row has and that is not empty."""
    return next((values[name] for name in names if name in values), "")


def _text_rows(content: bytes) -> Iterator[tuple[int, dict[str, str] | str]]:
    for number, line in enumerate(content.decode("utf-8-sig", errors="replace").splitlines(), start=1):
        if line.strip():
            yield number, {"url": line.strip()} if _ADDRESS.match(line.strip()) else "not an address"


def _json_rows(content: bytes, name: str) -> Iterator[tuple[int, dict[str, str] | str]]:
    """Objects or addresses of an array, of an array within an object, or of JSON lines."""
    try:
        parsed = json.loads(content)
    except RecursionError:
        raise InputError(f"{name}: JSON that is nested too deep.") from None
    except ValueError as error:
        lines = content.decode("utf-8-sig", errors="replace").splitlines()
        if sum(map(bool, map(str.strip, lines))) < 2:
            raise InputError(f"{name}: expected JSON or JSON lines in UTF-8: {error}.") from None
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield number, _read_line(line)
        return
    items = parsed if isinstance(parsed, list) else _find_array(parsed, name)
    for number, item in enumerate(items, start=1):
        yield number, _to_values(item)


def _read_line(line: str) -> dict[str, str] | str:
    try:
        return _to_values(json.loads(line))
    except (ValueError, RecursionError) as error:
        return f"not valid JSON: {error}"


def _find_array(parsed: Any, name: str) -> list[Any]:
    """The array of articles within an object, or the object itself where it is one article."""
    level, seen = [parsed], list[str]()
    for _ in range(_MAX_DEPTH):
        below: list[Any] = []
        for item in level:
            if not isinstance(item, dict):
                continue
            seen += item
            for value in item.values():
                if isinstance(value, list) and any(_has_address(_to_values(part)) for part in value):
                    return value
                below.append(value)
        level = below
    if _has_address(_to_values(parsed)):
        return [parsed]
    if parsed == {} or (isinstance(parsed, dict) and [] in parsed.values()):
        return []  # what a search says that found nothing
    keys = ", ".join(seen[:_N_SHOWN])
    raise InputError(
        f"{name}: expected a column of addresses in an array of objects, as in "
        f'{{"articles": [{{"url": "https://paper.example/a"}}]}}; its keys are {keys or "none"}.'
    )


def _has_address(values: dict[str, str] | str) -> bool:
    if isinstance(values, str):
        return False
    names = {_SIGN.sub("", key.lower()): value for key, value in values.items()}
    return bool(_ADDRESS.match(_first({key: value for key, value in names.items() if value}, _URL)))


def _to_values(item: Any) -> dict[str, str] | str:
    """Values by their keys, with those of an object within it by both keys; a plain address is a url."""
    if isinstance(item, str) and _ADDRESS.match(item.strip()):
        return {"url": item}
    if not isinstance(item, dict):
        return "expected an object with a url"
    try:
        return flatten(item)
    except RecursionError:
        return "an object that is nested too deep"
    except DoubledKeyError as error:
        return str(error)
