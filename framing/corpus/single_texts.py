"""Files that are one row each: plain text and saved web pages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import IO

from framing.corpus.cleaning import read_controls
from framing.corpus.containers import MAX_LINE_CHARACTERS, OVERLONG, read_lines
from framing.corpus.encodings import has_controls
from framing.corpus.file_kinds import strip_ending
from framing.corpus.records import Refused, Row, Rows, check_columns
from framing.corpus.web_pages import extract_page

__all__ = ["read_page", "read_plain_text"]

_LOCATION = ("file", "stem", "folder")
_PAGE = ("text", "title", "published", "url", "site")


def read_plain_text(stream: IO[bytes], name: str, path: Path, needed: Sequence[str], encoding: str) -> Rows:
    """Row of a text file, with the columns `text, file, stem, folder`.

    Parameters
    ----------
    stream : binary file
        Content.
    name : str
        Name of the file; of a member of a .zip archive `archive.zip/member`.
    path : Path
        Place of the file or archive.
    needed : sequence of str
        Columns that are read.
    encoding : str
        Character encoding.

    Yields
    ------
    Row or Refused
        One.

    Raises
    ------
    InputError
        If another column is needed, or the encoding is another.
    """
    check_columns(name, ("text", *_LOCATION), needed)
    text = "".join(read_lines(stream, name=name, encoding=encoding))
    if OVERLONG in text:
        yield Refused(name, 1, f"a line longer than {MAX_LINE_CHARACTERS} characters")
        return
    yield Row(name, 1, {"text": text, **_describe_location(name, path)})


def read_page(stream: IO[bytes], name: str, path: Path, needed: Sequence[str], encoding: str) -> Rows:
    """Row of a saved web page, with the columns `text, title, published, url, site, file, stem, folder`.

    Parameters
    ----------
    stream : binary file
        Content.
    name : str
        Name of the file; of a member of a .zip archive `archive.zip/member`.
    path : Path
        Place of the file or archive.
    needed : sequence of str
        Columns that are read.
    encoding : str
        Character encoding; for `utf-8` the one that the page declares wins.

    Yields
    ------
    Row or Refused
        One; the text is the main text of the page, extracted with trafilatura.

    Raises
    ------
    InputError
        If another column is needed.
    """
    check_columns(name, (*_PAGE, *_LOCATION), needed)
    content = stream.read(MAX_LINE_CHARACTERS + 1)
    if len(content) > MAX_LINE_CHARACTERS:
        yield Refused(name, 1, f"a page of more than {MAX_LINE_CHARACTERS} bytes")
        return
    try:
        page = extract_page(content if encoding.lower() in ("utf-8", "utf8") else _decode(content, encoding))
    except (ValueError, LookupError) as error:
        yield Refused(name, 1, f"not readable as HTML: {error}")
        return
    if page is None:
        yield Refused(name, 1, "no main text found in the page")
        return
    values = {key: getattr(page, key) for key in _PAGE}
    yield Row(name, 1, {**values, **_describe_location(name, path)})


def _decode(content: bytes, encoding: str) -> str:
    text = content.decode(encoding)
    return read_controls(text) if has_controls(encoding) else text


def _describe_location(name: str, path: Path) -> dict[str, str]:
    """Values of `_LOCATION`: in an archive the folder of the member counts, where it has one."""
    inner = Path(name)
    folder = inner.parent.name if path.suffix.lower() == ".zip" and len(inner.parts) > 2 else path.parent.name
    return {"file": name, "stem": strip_ending(inner.name), "folder": folder}
