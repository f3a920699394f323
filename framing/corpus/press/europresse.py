"""Exports of Europresse (.html, of today and of before)."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from framing.corpus.press.articles import make_row, refuse_missing
from framing.corpus.press.blocks import list_blocks, plain_text
from framing.corpus.press.contents import (
    BROKEN_MARKUP,
    UnreadableError,
    decode,
    find_kind,
    has_broken_markup,
    parse_html,
)
from framing.corpus.press.dates import read_date
from framing.corpus.press.labels import is_copyright, read_count
from framing.corpus.records import EXCERPT, Refused, Row, Rows

__all__ = ["read_europresse"]

_NUMBER = re.compile(r"[a-z]{2,10}·\d{8}·[\w-]{1,20}·[\w-]{1,60}")
_NUMBER_LABEL = re.compile(
    r"(?:Numéro de document|Document number|Document no\.?|Dokumentnummer|Número de documento)\s*:", re.IGNORECASE
)
_NUMBER_CLASS = "publiC-lblNodoc"
_NUMBER_NODE = re.compile(rf"class\s*=\s*[\"']{_NUMBER_CLASS}[\"']", re.IGNORECASE)
_WORDS = re.compile(r",?\s*(?<!\d)(\d{1,3}(?:[ \xa0,.]\d{3}){1,3}|\d{1,9})\s(?:mots?|words?)\b", re.IGNORECASE)
_ISSUE = re.compile(r",\s*(?:no|n°|nº|nr|num|issue)\.?\s*\S.*$", re.IGNORECASE)
_SUPPLEMENT = re.compile(r"\n\s*\n|\n[ \t]{8,}|[ \t]{16,}")  # before the name of a supplement, far to the right
_PAGE = re.compile(r"(?:p|pp|page|pages)\.?\s*(\S.*)$", re.IGNORECASE)
_TIME = re.compile(r"\d{1,2}\s?[h:]\s?\d\d(?:\s?[AP]M)?(?:\s\(?[A-Z]{2,4}\)?)?$", re.IGNORECASE)
_FRENCH_DAY = re.compile(r"\b(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)\b", re.IGNORECASE)
_WEEKDAY = re.compile(
    r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\s*$",
    re.IGNORECASE,
)


def read_europresse(content: bytes, name: str, encoding: str) -> Rows:
    """Rows of an export of Europresse as HTML.

    Parameters
    ----------
    content : bytes
        The file.
    name : str
        Its name.
    encoding : str
        Encoding of pages that declare none.

    Yields
    ------
    Row or Refused
        One an article, in the order of the file; at least as many as it has document numbers.

    Raises
    ------
    UnreadableError
        If it is no export of Europresse.
    """
    kind = find_kind(content)
    if kind not in ("html", "xml"):
        raise UnreadableError(f"expected a page of Europresse, got {kind}; export as HTML")
    page = decode(content, name, encoding)
    root = parse_html(page)
    names = list(_by_class(root, "DocPublicationName"))
    articles = [node for node in root.iter("article") if next(_by_class(node, "DocPublicationName"), None) is not None]
    # in the source, as the parser may leave out a part that is damaged
    declared = max(len(_NUMBER_LABEL.findall(html.unescape(page))), len(_NUMBER_NODE.findall(page)))
    if not names and not declared:
        raise UnreadableError("no article of Europresse was recognised in the page")
    if articles:
        items = (item for node in articles for item in _read_new(node, name, numbered=declared > 0))
    else:
        blocks = dict.fromkeys(_find_block(node) for node in names)
        items = (item for node in blocks for item in _read_old(node, name, numbered=declared > 0))
    yield from refuse_missing(items, name, max(declared, len(names)), "the page names")


def _by_class(root: Any, *classes: str) -> Iterator[Any]:
    wanted = {item.lower() for item in classes}
    for node in root.iter():
        if isinstance(node.tag, str) and wanted & set((node.get("class") or "").lower().split()):
            yield node


def _plain(node: Any) -> str:
    return plain_text(node) if node is not None else ""


def _first(root: Any, *classes: str) -> str:
    return _plain(next(_by_class(root, *classes), None))


def _find_block(node: Any) -> Any:
    """The cell of the table, or the outermost element, that holds an article of the old form."""
    return next(node.iterancestors("td"), node.getroottree().getroot())


def _check(node: Any, name: str) -> list[Row | Refused]:
    """Refused rows of a part with several articles, whose borders are lost."""
    n_articles = sum(1 for _ in _by_class(node, "DocPublicationName"))
    if n_articles < 2:
        return []
    reason = f"{n_articles} articles without a border between them; article"
    excerpt = _plain(node)[:EXCERPT]
    return [Refused(name, node.sourceline or 1, f"{reason} {i} of these", excerpt) for i in range(1, n_articles + 1)]


def _finish(name: str, node: Any, values: dict[str, str], numbered: bool) -> Row | Refused:
    if has_broken_markup(node):
        return Refused(name, node.sourceline or 1, BROKEN_MARKUP, values["title"][:EXCERPT])
    if numbered and not values["document_id"]:
        reason = "the article has no document number, as others of the page have: a part of it is missing"
        return Refused(name, node.sourceline or 1, reason, values["title"][:EXCERPT])
    is_french = _is_french(values["header"])
    if not read_date(values["published"], day_first=is_french) and (number := _NUMBER.fullmatch(values["document_id"])):
        day = number[0].split("·")[1]
        values["published"] = f"{day[:4]}-{day[4:6]}-{day[6:]}"
    values = {field: value for field, value in values.items() if field != "header"}
    return make_row(name, node.sourceline or 1, values, day_first=is_french)


def _read_new(node: Any, name: str, *, numbered: bool) -> Iterator[Row | Refused]:
    if mixed := _check(node, name):
        yield from mixed
        return
    containers = (
        list(_by_class(node, "docOcurrContainer", "docOccurrContainer"))
        or list(_by_class(node, "DocText"))
        or list(node.iter("section"))
    )
    outermost = [item for item in containers if not any(above in containers for above in item.iterancestors())]
    text = "\n\n".join(filter(None, (list_blocks(item, left_out=("aside", "footer")) for item in outermost)))
    values = _read_head(node) | {"text": text, "author": _find_author(node), "document_id": _find_number(node)}
    copyright_line = next((_plain(item) for item in node.iter("small") if is_copyright(_plain(item))), "")
    yield _finish(name, node, values | {"copyright": copyright_line}, numbered)


def _find_author(node: Any) -> str:
    """Author: the element of that class, or the div behind the one of the headline."""
    author = _first(node, "docAuthors") or _first(node, "sm-margin-bottomNews")
    if author:
        return author
    heading = next(_by_class(node, "titreArticle"), None)
    following = heading.getnext() if heading is not None else None
    return _plain(following) if following is not None and following.tag == "div" and not following.get("class") else ""


def _find_number(node: Any) -> str:
    marked = _NUMBER.search(_first(node, _NUMBER_CLASS))
    if marked:
        return marked[0]
    text = _plain(node)
    label = _NUMBER_LABEL.search(text)
    found = _NUMBER.search(text, label.end() if label else 0) or _NUMBER.search(text)
    return found[0] if found else ""


def _read_head(node: Any) -> dict[str, str]:
    header = " ".join(_plain(item) for item in _by_class(node, "DocHeader"))
    name = next(_by_class(node, "DocPublicationName"), None)
    first = _SUPPLEMENT.split(str(name.text_content()).strip(), maxsplit=1)[0] if name is not None else ""
    return {
        "title": _first(node, "titreArticleVisu") or _first(node, "titreArticle"),
        "outlet": _ISSUE.sub("", " ".join(first.split())).strip(" ,"),
        "publication": _plain(name),
        "subtitle": " ".join(_plain(item) for item in _by_class(node, "sm-margin-bottom", "rdp__subtitle")),
        "header": header,
        **_read_header(header),
    }


def _is_french(header: str) -> bool:
    """Whether the page is in French, by the day of the week, so that the day comes first in a numeric date."""
    return bool(_FRENCH_DAY.search(header))


def _read_header(header: str) -> dict[str, str]:
    """Section, date, time and page; their order varies, and English dates hold a comma."""
    dated = partial(read_date, day_first=_is_french(header))
    counted = _WORDS.search(header)
    header = _WORDS.sub("", header)
    parts = [part.strip() for part in header.split(",") if part.strip()]
    values = {"section": "", "published": "", "page": "", "words": read_count(counted[1]) if counted else ""}
    rest = []
    i = 0
    while i < len(parts):
        pair = " ".join(parts[i : i + 2])
        if not values["published"] and dated(parts[i]):
            values["published"] = parts[i]
        elif not values["published"] and i + 1 < len(parts) and not dated(parts[i + 1]) and dated(pair):
            values["published"] = pair
            i += 1
        elif _TIME.match(parts[i]):
            values["time"] = parts[i].replace(" ", "")
        elif (page := _PAGE.match(parts[i])) and values["published"]:
            values["page"] = page[1]
        elif not _WEEKDAY.match(parts[i]):
            rest.append(parts[i])
        i += 1
    values["section"] = ", ".join(rest)
    if values["published"] and "time" in values:
        values["published"] = f"{values['published']} {values['time']}"
    return values


def _read_old(node: Any, name: str, *, numbered: bool) -> Iterator[Row | Refused]:
    """Article of the old form: texts between empty elements, the author and the text behind the headline."""
    if mixed := _check(node, name):
        yield from mixed
        return
    values = _read_head(node)
    paragraphs = _list_loose(node)
    end = next(
        (i for i, line in enumerate(paragraphs) if is_copyright(line) or _NUMBER_LABEL.match(line)), len(paragraphs)
    )
    author = ""
    text = paragraphs[:end]
    if text and text[0].startswith("\x01"):
        author, text = (text[0][1:], text[1:]) if len(text) > 1 else ("", [text[0][1:]])
    values |= {"text": "\n\n".join(text), "author": author, "document_id": _find_number(node)}
    values["copyright"] = next((line for line in paragraphs[end:] if is_copyright(line)), "")
    yield _finish(name, node, values, numbered)


def _list_loose(node: Any) -> list[str]:
    """Paragraphs behind the headline, parted by `p`; the author, which ends with a `br`, is marked."""
    title = next(_by_class(node, "titreArticleVisu"), None)
    if title is None:
        return []
    lines: list[list[str]] = [[]]  # parts of each paragraph

    def add(text: str | None) -> None:
        lines[-1].append(text or "")

    add(title.tail)
    for item in title.itersiblings():
        if not isinstance(item.tag, str):
            add(item.tail)
            continue
        if item.tag in ("table", "script"):
            break
        if item.tag == "br":
            following = item.getnext()
            empty = following is not None and following.tag == "p" and not (item.tail or "").strip()
            if len(lines) == 1 and empty and "".join(lines[0]).strip():
                lines = [["\x01", *lines[0]], []]
            else:
                add("\n")
        elif item.tag in ("p", "div"):
            lines += [[_plain(item)], []]
        else:
            add(str(item.text_content()))
        add(item.tail)
    paragraphs = (" ".join("".join(parts).split()) for parts in lines)
    return [line.replace("\x01 ", "\x01") for line in paragraphs if line]
