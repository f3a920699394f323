"""Paragraphs of a .docx file."""

from __future__ import annotations

import io
import lzma
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from framing.corpus.press.contents import MAX_BYTES, UnreadableError

__all__ = ["Paragraph", "is_docx", "read_docx"]

_DOCUMENT = re.compile(r"word/document\d{0,3}\.xml$")  # some programs number it
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"  # a second copy of text boxes
_LINK = re.compile(r'\s*HYPERLINK\s+"([^"\s]+)"')
_CHARACTERS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
# errors that zipfile raises for a damaged directory or member
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, ValueError, LookupError, EOFError, OSError),
    RuntimeError,
)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph.

    Attributes
    ----------
    number : int
        Its place in the file, from 1.
    text : str
        Its text.
    bookmarks : tuple of str
        Names of the bookmarks that begin in it.
    link : str
        Address of the first link in it.
    in_table : bool
        Whether it stands in a table.
    """

    number: int
    text: str
    bookmarks: tuple[str, ...]
    link: str
    in_table: bool


def read_docx(content: bytes) -> list[Paragraph]:
    """Read the paragraphs of a .docx file.

    Parameters
    ----------
    content : bytes
        The file.

    Returns
    -------
    list of Paragraph
        In the order of the file.

    Raises
    ------
    UnreadableError
        If it is damaged, or unpacks to more than `MAX_BYTES`.
    """
    from lxml import etree

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            main = _find_document(archive)
            links = _read_links(_unpack(archive, f"word/_rels/{main.rpartition('/')[2]}.rels"))
            document = _unpack(archive, main)
    except _BROKEN as error:
        raise error if isinstance(error, UnreadableError) else UnreadableError(f"a damaged zip: {error}") from None
    if not document:
        raise UnreadableError("a zip without word/document.xml: no .docx")
    paragraphs: list[Paragraph] = []
    try:
        for _, element in etree.iterparse(
            io.BytesIO(document), tag=f"{_W}p", resolve_entities=False, no_network=True, huge_tree=False
        ):
            if next(element.iterancestors(_FALLBACK), None) is None:
                paragraphs.append(_read_paragraph(element, len(paragraphs) + 1, links))
            element.clear(keep_tail=True)
    except etree.XMLSyntaxError as error:
        raise UnreadableError(f"word/document.xml is damaged: {error}") from None
    return paragraphs


def is_docx(path: Path) -> bool:
    """Check whether a file is a .docx, whatever its name.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    bool
        Whether it is a zip with `word/document.xml`.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return bool(_find_document(archive))
    except _BROKEN:
        return False


def _find_document(archive: zipfile.ZipFile) -> str:
    """Name of the member with the text; empty where there is none."""
    return min(filter(_DOCUMENT.match, archive.namelist()), default="")


def _unpack(archive: zipfile.ZipFile, member: str) -> bytes:
    """Content of a member; empty where there is none."""
    if member not in archive.namelist():
        return b""
    with archive.open(member) as stream:
        content = stream.read(MAX_BYTES + 1)  # the size that the directory names may be wrong
    if len(content) > MAX_BYTES:
        raise UnreadableError(f"the file unpacks to more than {MAX_BYTES // 1024**2} MiB")
    return content


def _read_links(content: bytes) -> dict[str, str]:
    """Address of each link by its id; empty where they cannot be read, as texts do not depend on them."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        return {}
    return {item.get("Id", ""): item.get("Target", "") for item in root if item.get("TargetMode") == "External"}


def _read_paragraph(element: Any, number: int, links: dict[str, str]) -> Paragraph:
    parts: list[str] = []
    bookmarks: dict[str, None] = {}
    link = ""
    for node in element.iter():
        if node.tag == f"{_W}t":
            parts.append(node.text or "")
        elif node.tag in _CHARACTERS:
            parts.append(_CHARACTERS[node.tag])
        elif node.tag == f"{_W}bookmarkStart":
            bookmarks[node.get(f"{_W}name", "")] = None
        elif node.tag == f"{_W}hyperlink" and not link:
            link = links.get(node.get(f"{_R}id", ""), "")
        elif node.tag == f"{_W}instrText" and not link and (field := _LINK.match(node.text or "")):
            link = field[1]
    in_table = next(element.iterancestors(f"{_W}tc"), None) is not None
    return Paragraph(number, "".join(parts), tuple(bookmarks), link, in_table)
