"""Text of a page or a part of it, paragraph by paragraph."""

from __future__ import annotations

import re
from typing import Any

__all__ = ["list_blocks", "plain_text"]

_BLOCKS = frozenset(
    {
        *("p", "div", "table", "tr", "section", "article", "header", "footer", "blockquote", "pre", "figure"),
        *("figcaption", "ul", "ol", "li", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "hr"),
    }
)
_CELLS = ("td", "th")
_NO_TEXT = ("style", "script", "noscript")


def list_blocks(root: Any, *, left_out: tuple[str, ...] = ()) -> str:
    """List the text of all elements, whether or not it stands in paragraphs.

    Parameters
    ----------
    root : lxml.html.HtmlElement
        The element.
    left_out : tuple of str, default ()
        Elements within it that are left out, such as `aside`.

    Returns
    -------
    str
        An empty line between paragraphs, a newline for a `br`, and the cells of a row of a table on one line.
    """
    from lxml import etree

    parts: list[str] = []
    depth = 0  # of elements that are left out
    for event, element in etree.iterwalk(root, events=("start", "end", "comment")):
        tag = element.tag
        if not isinstance(tag, str):  # a comment
            if element.tail and not depth:
                parts.append(_join(element.tail))
            continue
        skipped = tag in left_out or tag in _NO_TEXT
        is_block = tag in _BLOCKS and not _is_in_cell(element, root)
        if event == "start":
            depth += skipped
            if depth:
                continue
            if is_block:
                parts.append("\n\n")
            elif tag == "br":
                parts.append("\n")
            if element.text:
                parts.append(_join(element.text))
            continue
        depth -= skipped
        if depth:
            continue
        if tag in _CELLS and element is not root:
            parts.append(" | " if element.getnext() is not None else "")
        elif is_block:
            parts.append("\n\n")
        if element.tail and element is not root:
            parts.append(_join(element.tail))
    lines = (re.sub(r"[^\S\n]+", " ", line).strip() for line in "".join(parts).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def plain_text(root: Any) -> str:
    """Text of an element on one line; what a `br` or a paragraph parts stays apart.

    Parameters
    ----------
    root : lxml.html.HtmlElement
        The element.

    Returns
    -------
    str
        The text.
    """
    return " ".join(list_blocks(root).split())


def _is_in_cell(element: Any, root: Any) -> bool:
    """Whether it is a paragraph in a cell of a table, whose row is one line."""
    parent = element.getparent()
    return element.tag in ("p", "div") and parent is not None and parent is not root and parent.tag in _CELLS


def _join(text: str) -> str:
    """Text of an element, in which line ends are spaces."""
    return re.sub(r"\s+", " ", text.replace("\xa0", " "))
