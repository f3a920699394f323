"""A web page: its characters, its main text, and the day on which it says that it was published."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from framing.corpus.days import read_day

__all__ = ["WebPage", "decode_page", "extract_page"]

_HEAD_BYTES = 4096
_DECLARED = re.compile(rb"""(?:<meta[^>]{0,200}?charset|<\?xml[^>]{0,200}?encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.I)
# encodings of texts; Python has codecs of other kinds, and some that cost time without limit
_TEXT_CODEC = re.compile(
    r"utf-?(?:8|16|32).*|iso8859-\d+|cp\d+|koi8-[rut]|gb\w+|hz|big5\w*|euc_\w+|shift_jis\w*|iso2022_\w+|mac[-_]\w+|"
    r"tis-620|johab|ptcp154|kz1048"
)
# what pages mean by these names (WHATWG)
_MEANT = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "iso8859-9": "cp1254"} | {
    "euc_kr": "cp949", "shift_jis": "cp932", "tis-620": "cp874", "iso8859-11": "cp874",
}  # fmt: skip
_MAX_BROKEN = 0.02  # share of broken characters among those beyond ASCII, of a page that declares UTF-8
_PROSE = 100  # characters of a paragraph that is no line with a date
_NOT_DATED = {"script", "style", "meta", "footer", "small", "aside", "nav", "noscript"}
_PARAGRAPHS = {"p", "li", "blockquote", "td", "dd", "figcaption", "pre"}
_CHANGED = re.compile(r"modif|updat|footer|copyright|related|comment", re.I)
_COPYRIGHT = re.compile(r"©|\(c\)|copyright", re.I)
_VAGUE = {"meta", "timestamp", "gentime", "release_date"}  # names of which htmldate itself doubts the meaning
_PUBLISHED = re.compile(r'"datePublished"\s*:\s*"([^"]{4,60})"')


@dataclass(frozen=True)
class WebPage:
    """What a web page holds.

    Attributes
    ----------
    text : str
        Main text.
    title, url, site : str
        Title, address and name of the site; empty where the page does not give them.
    published : str
        Day of publication (`2025-07-04`), in the time zone in which the page writes it; empty where it does not say so.
    """

    text: str
    title: str
    published: str
    url: str
    site: str


def extract_page(content: bytes | str, *, url: str = "", declared: str = "") -> WebPage | None:
    """Extract the main text of a web page with trafilatura, and the day of its publication.

    Parameters
    ----------
    content : bytes or str
        The page.
    url : str, default ""
        Its address.
    declared : str, default ""
        Character encoding that the server names.

    Returns
    -------
    WebPage or None
        None where the page has no main text.
    """
    from trafilatura import bare_extraction

    page = content if isinstance(content, str) else decode_page(content, declared=declared)
    if not page.strip():
        return None
    extracted = bare_extraction(
        page,
        url=url or None,
        with_metadata=True,
        include_comments=False,
        include_tables=False,
        date_extraction_params={"extensive_search": False, "original_date": True},  # its cheapest; we read the date
    )
    if extracted is None or not extracted.text:
        return None
    return WebPage(
        text=extracted.text,
        title=extracted.title or "",
        published=_read_published(page, url or extracted.url or ""),
        url=extracted.url or "",
        site=extracted.sitename or extracted.hostname or "",
    )


def decode_page(body: bytes, *, declared: str = "") -> str:
    """Decode a web page.

    Parameters
    ----------
    body : bytes
        The page.
    declared : str, default ""
        Character encoding that the server names.

    Returns
    -------
    str
        The characters. What is valid UTF-8 is UTF-8, whatever is declared; else the encoding counts that the server
        names, then the one that the page names, then the likeliest one.

    Examples
    --------
    >>> decode_page("café".encode(), declared="iso-8859-1"), decode_page("“No”".encode("cp1252"), declared="iso-8859-1")
    ('café', '“No”')
    """
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if body.startswith(mark):
            return body.decode(encoding, errors="replace").lstrip("\ufeff")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and error.start and error.end == len(body):
            return body.decode("utf-8", errors="replace")  # it breaks off within a character
    found = _DECLARED.search(body[:_HEAD_BYTES])
    named = [_find_codec(declared), _find_codec(found[1].decode("ascii", "replace") if found else "")]
    for name in filter(None, named):
        try:
            return body.decode(name)
        except UnicodeError:
            continue
    if "utf-8" in named:
        text = body.decode("utf-8", errors="replace")
        if text.count("\ufffd") <= _MAX_BROKEN * sum(character > "\x7f" for character in text):
            return text
    return _guess(body)


def _find_codec(name: str) -> str:
    """Python's name for the encoding of texts that a page means; empty for any other."""
    try:
        known = codecs.lookup(name.strip().lower()).name if name.isascii() and len(name) <= 40 else ""
    except (LookupError, ValueError):
        return ""
    known = _MEANT.get(known, known)
    return known if _TEXT_CODEC.fullmatch(known) else ""


def _guess(body: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(body[: 1 << 16]).best()
    return body.decode(best.encoding if best else "cp1252", errors="replace")


def _read_published(page: str, url: str) -> str:
    """Day on which a page says that it was published: in its metadata, else its address, else a line with a date."""
    from trafilatura.utils import load_html

    tree = load_html(page)
    if tree is None:
        return ""
    stated = (read_day(text) for text in (*_linked_data(tree), *_statements(tree)))
    return next(filter(None, stated), "") or _find_dated_line(tree, url)


def _linked_data(tree: Any) -> Iterator[str]:
    """`datePublished` of the JSON-LD of a page; of an article before those of other things."""
    for script in tree.iterfind(".//script"):
        if script.get("type", "").strip().lower() != "application/ld+json" or not script.text:
            continue
        try:
            nodes = list(_walk(json.loads(script.text, strict=False)))
        except (ValueError, RecursionError):
            yield from _PUBLISHED.findall(script.text)[:1]
            continue
        nodes.sort(key=lambda node: not re.search(r"Article|Posting|Report", str(node.get("@type", ""))))
        yield from [str(node["datePublished"]) for node in nodes if "datePublished" in node][:1]


def _walk(value: Any) -> Iterator[dict[str, Any]]:
    """Objects of a JSON value, the outer before the inner."""
    queue = [value]
    for item in queue:
        if isinstance(item, dict):
            yield item
            queue.extend(item.values())
        elif isinstance(item, list):
            queue.extend(item)


def _statements(tree: Any) -> Iterator[str]:
    """Values of the elements that state a day of publication, in the order of the page."""
    from htmldate.core import DATE_ATTRIBUTES

    names = DATE_ATTRIBUTES - _VAGUE
    for element in tree.iter("meta", "time", "span", "abbr", "div"):
        labels = {element.get(key, "").strip().lower() for key in ("name", "property", "itemprop")}
        is_stated = (
            "datepublished" in labels or (element.tag == "meta" and labels & names) or "pubdate" in element.attrib
        )
        if is_stated:
            yield element.get("content") or element.get("datetime") or (element.text or "")


def _find_dated_line(tree: Any, url: str) -> str:
    """Day in the address or in a line of the page that is no prose, no footer and says nothing of a change."""
    from htmldate import find_date
    from lxml.html import tostring

    for element in [item for item in tree.iter() if _hides_publication(item)]:
        if element.getparent() is not None:
            element.drop_tree()
    found = find_date(tree, extensive_search=False, original_date=True, url=url or None, deferred_url_extractor=True)
    if not found or not read_day(found):
        return ""
    return found if _is_certain(found, f"{url} {tostring(tree, encoding='unicode')}") else ""


def _hides_publication(element: Any) -> bool:
    """Whether dates in an element are others than the day of publication."""
    if not isinstance(element.tag, str):
        return True  # comments
    labels = " ".join(element.get(key, "") for key in ("class", "id", "itemprop", "rel"))
    text = (element.text or "") + "".join(child.tail or "" for child in element)
    is_prose = element.tag in _PARAGRAPHS and len(text) > _PROSE
    is_page = element.tag in ("html", "body", "head", "main", "article")
    return not is_page and bool(
        element.tag in _NOT_DATED or is_prose or _CHANGED.search(labels) or _COPYRIGHT.search(text)
    )


def _is_certain(day: str, page: str) -> bool:
    """Whether a found day is written in the page in another way than one in which it could be day and month swapped."""
    year, month, number = (int(part) for part in day.split("-"))
    if number > 12 or number == month:
        return True
    swapped = rf"(?<!\d)(?:0?{number}([-/])0?{month}|0?{month}([-/])0?{number})[-/](?:{year}|{year % 100:02d})(?!\d)"
    plain = rf"(?<!\d){year}([-/.]?)0?{month}\1{number:02d}(?!\d)|(?<!\d){year}[-/.]0?{month}[-/.]0?{number}(?!\d)"
    return bool(re.search(plain, page)) or not re.search(swapped, page)
