"""Markup of HTML in texts of tables: character references and tags, as what they stand for."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Mapping
from html.entities import html5

from framing.corpus.cleaning import CONTROLS

__all__ = ["REMARKS", "read_cells", "read_markup"]

REMARKS = {  # on rows that were counted
    "markup": "markup of HTML in {} row(s) is read as text",
    "garbled": "{} row(s) have characters such as â€™ or Ã©: their text was once read in a wrong encoding",
    "controls": "{} row(s) have controls from U+0080 to U+009F, read as the characters of Windows-1252 (“ ” ’ – …); "
    "those without one are left out",
    "identical": "{} row(s) are identical to an earlier one in outlet, date, title, url and text; each is a document",
}
_GARBLED = re.compile(r"â€[™œ˜“”¦\x9d\x9c\x99]|Ã[£©¨¼¶¤Ÿ±³¡­ª§º¢]|Ð[°µ¸¾½]Ñ")
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_BREAKS = {  # elements that begin a line or a paragraph
    "br": "\n", "li": "\n", "tr": "\n", "dt": "\n", "dd": "\n", "td": " ", "th": " ",
    **dict.fromkeys(
        ("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "blockquote", "table", "section", "article",
         "header", "footer", "aside", "nav", "figure", "figcaption", "pre", "hr", "iframe", "video", "audio", "html",
         "head", "body", "noscript", "center"),
        "\n\n",
    ),
}  # fmt: skip
_WITHIN = (
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "img", "ins",
    "kbd", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "svg", "tbody", "tfoot", "thead",
    "tt", "u", "wbr",
)  # fmt: skip
# names that also stand in texts as placeholders, such as <source> and <name>: tags only where they have attributes
_RARE = (
    "address", "button", "data", "form", "input", "label", "link", "main", "mark", "meta", "object", "picture",
    "source", "time", "title",
)  # fmt: skip
_ATTRIBUTE = (
    r"\s+(?:[\w:.@-]+\s*=\s*(?:\"[^\"<]*\"|'[^'<]*'|[^\s\"'<>]+)|allowfullscreen|async|autoplay|controls|defer|hidden|"
    r"itemscope|loop|muted|nowrap|playsinline)"
)
_NAMES = "|".join((*_BREAKS, *_WITHIN))
_TAG = re.compile(
    rf"<(?:/(?P<end>{_NAMES})\s*|(?P<name>{_NAMES})(?:{_ATTRIBUTE})*\s*/?|"
    rf"(?P<rare>{'|'.join(_RARE)})(?:{_ATTRIBUTE})+\s*/?)>",
    re.IGNORECASE,
)
_DROPPED = re.compile(
    rf"<(script|style)\b(?:{_ATTRIBUTE})*\s*>.*?</\1\s*>|<!--.*?-->|<!doctype\s[^<>]*>", re.IGNORECASE | re.DOTALL
)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)


def read_cells(values: Mapping[str, str], counts: Counter[str], *, marked_up: bool) -> dict[str, str]:
    """Read the markup in text, outlet and title of a row.

    Parameters
    ----------
    values : mapping of str to str
        Values of the row by our columns.
    counts : Counter
        Rows with markup, with controls and with garbled characters are counted, under the keys of `REMARKS`.
    marked_up : bool
        Whether cells of the format may hold markup.

    Returns
    -------
    dict of str to str
        The values that were read.
    """
    counts["controls"] += any(CONTROLS.search(values.get(column, "")) for column in ("text", "outlet", "title"))
    counts["garbled"] += bool(_GARBLED.search(values["text"]))
    if not marked_up:
        return {}
    read = {column: read_markup(values[column]) for column in ("text", "outlet", "title") if column in values}
    counts["markup"] += any(values[column] != text for column, text in read.items())
    return read


def read_markup(text: str) -> str:
    """Text with the markup of HTML read: character references decoded, tags taken out.

    Parameters
    ----------
    text : str
        Text of a cell.

    Returns
    -------
    str
        The text; paragraphs and lines of the markup are those of the text.

    Notes
    -----
    Only references that end with a semicolon and only elements of HTML are markup: `R&D`, `a < b` and `<unnamed
    source>` stay. What was encoded twice, as in `&amp;eacute;` and `&lt;p&gt;`, is read as well.

    Examples
    --------
    >>> read_markup("<p>AT&amp;T said &#8220;no&#8221;.</p><p>a < b</p>").split()
    ['AT&T', 'said', '“no”.', 'a', '<', 'b']
    >>> read_markup("R&D at <unnamed source>, see /?a=1&copy=2")
    'R&D at <unnamed source>, see /?a=1&copy=2'
    """
    if "<" not in text and "&" not in text:
        return text
    decoded = _decode(_take_tags(text))
    return _decode(_take_tags(decoded))  # tags and references that were encoded themselves


def _take_tags(text: str) -> str:
    if "<" not in text:
        return text
    text = _DROPPED.sub("", _CDATA.sub(r"\1", text))
    openers = {match["rare"].lower() for match in _TAG.finditer(text) if match["rare"]}
    text = _TAG.sub(_break, text)
    return re.sub(rf"</(?:{'|'.join(sorted(openers))})\s*>", "", text, flags=re.IGNORECASE) if openers else text


def _break(match: re.Match[str]) -> str:
    """What stands in the place of a tag: a break where its element begins or ends a line or a paragraph."""
    name = (match["end"] or match["name"] or "").lower()
    return "" if match["end"] and name in ("br", "li", "tr", "td", "th") else _BREAKS.get(name, "")


def _decode(text: str) -> str:
    return _REFERENCE.sub(_decode_reference, text)


def _decode_reference(match: re.Match[str]) -> str:
    reference = match[0]
    is_known = reference[1] == "#" or reference[1:] in html5
    return html.unescape(reference) if is_known else reference
