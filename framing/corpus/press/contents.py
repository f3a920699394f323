"""Content of an export file: its size, its real kind and its encoding, whatever its ending says."""

from __future__ import annotations

import codecs
import io
import re
from typing import IO, Any, Literal

from framing.corpus.containers import read_lines

__all__ = [
    "BROKEN_MARKUP",
    "MAX_BYTES",
    "UnreadableError",
    "decode",
    "find_kind",
    "has_broken_markup",
    "parse_html",
    "read_content",
]

BROKEN_MARKUP = "the markup of the article is damaged, such as by a quotation mark that is missing"
MAX_BYTES = 256 * 1024**2  # an export holds some hundred articles
_CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_-]+)""")
_HEAD_BYTES = 4096
_CLOSING = re.compile(r"</(?:body|html)\s*>|^\s*<\?xml[^>]*\?>", re.IGNORECASE)
_HTML_START = re.compile(
    rb"<(?:!--|(?:head|body|table|tr|td|div|span|p|a|br|article|header|section|meta|style|form)\b)"
)
_HTML_LINE = re.compile(
    rb"^[ \t]*</?(?:table|tr|td|div|span|p|a|br|doc|docfull|article|section|header)\b", re.MULTILINE
)
_PLAIN_ATTRIBUTES = ("class", "id", "style", "href", "src", "name")  # others may hold elements, such as a tooltip
_MAX_DEPTH = 250  # lxml stops at 256 open elements and leaves out the rest
_FOREIGN = {  # kinds that no database's articles are read from
    b"%PDF": "a PDF file",
    b"\xd0\xcf\x11\xe0": "a file of Word before 2007 (.doc)",
    b"\x1f\x8b": "a gzip file whose name does not end in .gz",
}
_ARCHIVED_PAGE = re.compile(rb"(?:\A|\n)content-type:\s*multipart/related", re.IGNORECASE)
_LATIN = ("iso-8859-1", "iso8859-1", "latin-1", "latin1", "us-ascii", "ascii")  # browsers read these as cp1252

Kind = Literal["zip", "rtf", "xml", "html", "text"]


class UnreadableError(ValueError):
    """A file, or an article, that cannot be read; the message says why."""


def read_content(stream: IO[bytes]) -> bytes:
    """Read a whole file.

    Parameters
    ----------
    stream : binary file
        Content.

    Returns
    -------
    bytes
        The content.

    Raises
    ------
    UnreadableError
        If it has more than `MAX_BYTES`, or is of a kind that no reader knows.
    """
    content = stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise UnreadableError(f"the file has more than {MAX_BYTES // 1024**2} MiB; export in parts")
    for start, kind in _FOREIGN.items():
        if content.startswith(start):
            raise UnreadableError(f"{kind}, which is not read; export the articles in another format")
    if _ARCHIVED_PAGE.search(content[:_HEAD_BYTES]):
        raise UnreadableError("a page saved as a web archive (.mhtml), which is not read; save it as HTML")
    return content


def find_kind(content: bytes) -> Kind:
    """Tell the kind of a file from its first bytes.

    Parameters
    ----------
    content : bytes
        The file.

    Returns
    -------
    {"zip", "rtf", "xml", "html", "text"}
        The kind.

    Examples
    --------
    >>> find_kind(b"{\\\\rtf1 text}"), find_kind(b"<html>"), find_kind(b"PK\\x03\\x04")
    ('rtf', 'html', 'zip')
    """
    if content.startswith(b"PK\x03\x04"):
        return "zip"
    head = content[:_HEAD_BYTES]
    if head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        head = head.decode("utf-16", "ignore").encode()
    head = head.lstrip(codecs.BOM_UTF8 + b" \t\r\n").lower()
    if head.startswith(b"{\\rtf"):
        return "rtf"
    if b"<html" in head or b"<!doctype html" in head or _HTML_START.match(head) or len(_HTML_LINE.findall(head)) > 2:
        return "html"
    return "xml" if head.startswith(b"<") else "text"


def decode(content: bytes, name: str, encoding: str) -> str:
    """Decode the content of a text or a page.

    Parameters
    ----------
    content : bytes
        The file.
    name : str
        Its name.
    encoding : str
        Encoding that the corpus.yaml names; for `utf-8` a byte order mark is obeyed, and what is no UTF-8 is read in
        the encoding that the file declares.

    Returns
    -------
    str
        The text, with line ends of one newline.

    Raises
    ------
    InputError
        If the bytes fit neither.
    """
    if encoding.lower().replace("_", "-") in ("utf-8", "utf8"):
        encoding = "utf-16" if content[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else _find_encoding(content)
    try:
        text = content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except (UnicodeError, LookupError, ValueError):
        # the reader of lines says which byte it is, and which encoding is likely
        text = "".join(read_lines(io.BytesIO(content), name=name, encoding=encoding))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return True


def _find_encoding(content: bytes) -> str:
    """UTF-8 where the bytes are UTF-8, though pages may declare another; else the declared one."""
    declared = _CHARSET.search(content[:_HEAD_BYTES])
    if not declared or _is_utf8(content):
        return "utf-8"
    name = declared[1].decode("ascii").lower()
    if name not in _LATIN:
        return name
    try:
        content.decode("cp1252")
    except UnicodeDecodeError:
        return "latin-1"
    return "cp1252"


def parse_html(text: str) -> Any:
    """Parse a page.

    Parameters
    ----------
    text : str
        The page.

    Returns
    -------
    lxml.html.HtmlElement
        Root of the tree.

    Raises
    ------
    UnreadableError
        If there is no element in it, or more are nested than the parser follows.
    """
    from lxml import etree, html

    parser = html.HTMLParser(huge_tree=False, no_network=True, remove_pis=True)
    try:
        # the parser leaves out what stands behind the end of a page, such as a second page in the same file
        root = html.document_fromstring(_CLOSING.sub("", text), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise UnreadableError(f"the page cannot be parsed: {error}") from None
    if any("depth" in entry.message.lower() for entry in parser.error_log):
        raise UnreadableError(f"the page nests more than {_MAX_DEPTH} elements")
    return root


def has_broken_markup(root: Any) -> bool:
    """Check whether elements have become part of an attribute, as behind a quotation mark that is not closed.

    Parameters
    ----------
    root : lxml.html.HtmlElement
        An article.

    Returns
    -------
    bool
        Whether it lacks what it had, and may have a part of the next article in its place.
    """
    return any(
        "</" in (node.get(name) or "")
        for node in root.iter()
        if isinstance(node.tag, str)
        for name in _PLAIN_ATTRIBUTES
    )
