"""Exports of Factiva (.html and .rtf with and without indexing, .xml)."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
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
from framing.corpus.press.dates import begins_with_date
from framing.corpus.press.factiva_fields import (
    BEHIND_TEXT,
    CODES,
    find_accession_numbers,
    is_accession,
    is_words_line,
    read_displayed,
    read_indexed,
)
from framing.corpus.press.rtf import read_rtf
from framing.corpus.records import EXCERPT, Refused, Row, Rows

__all__ = ["read_factiva"]

_PARAGRAPH = "articleParagraph"
_XML = re.compile(rb"<(?:\w+:)?(?:ppsarticle|accessionNo|ppsarticleResultSet)\b")
_DECLARED_XML = re.compile(rb"<(?:\w+:)?ppsarticleResultSet\b[^<>]{0,200}?\bcount=[\"'](\d{1,9})")
# the head of each page, where another program made a text of the file
_PAGE_HEAD = re.compile(r"\s*Page\s*\d+\s*of\s*\d+\s*(?:©|\(c\))\s*\d{4}\s*Factiva\b", re.IGNORECASE)
_SUMMARY = re.compile(r"(?:Search Summary|Résumé de la recherche|Suchzusammenfassung|Resumen de la búsqueda)\s*$")


def read_factiva(content: bytes, name: str, encoding: str) -> Rows:
    """Rows of an export of Factiva.

    Parameters
    ----------
    content : bytes
        The file; its kind is told by its content.
    name : str
        Its name.
    encoding : str
        Encoding of pages that declare none.

    Yields
    ------
    Row or Refused
        One an article, in the order of the file; at least as many as it has accession numbers, or as it counts.

    Raises
    ------
    UnreadableError
        If it is no export of Factiva.
    """
    kind = find_kind(content)
    if kind == "xml" or _XML.search(content):
        yield from _read_xml(content, name)
    elif kind == "html":
        yield from _read_html(decode(content, name, encoding), name)
    elif kind == "zip":
        raise UnreadableError("expected HTML, RTF or XML of Factiva, got a zip")
    else:  # a text is what other programs make of the RTF
        yield from _read_lines(read_rtf(content) if kind == "rtf" else decode(content, name, encoding), name)


def _read_html(page: str, name: str) -> Rows:
    root = parse_html(page)
    articles = [node for node in root.iter("div") if _is_article(node)]
    # newer pages wrap an article, or several, in a div of the same class
    wrappers = {above for node in articles for above in node.iterancestors("div") if _is_article(above)}
    blocks = [node for node in articles if node not in wrappers or _has_own_text(node)]
    # in the source, as the parser may leave out a part that is damaged
    numbers = find_accession_numbers(re.split(r"<[^<>]*>|\n", html.unescape(page)))
    if not blocks and not numbers:
        raise UnreadableError("no article of Factiva was recognised in the page")
    items = (
        item
        for block in blocks
        for item in ([_refuse_open(block, name)] if block in wrappers else _read_block(block, name))
    )
    yield from refuse_missing(items, name, len(set(numbers)), "the accession numbers name")


def _has_own_text(wrapper: Any) -> bool:
    """Whether a div around articles is one itself, which was not closed: it has a headline or a text beside them."""
    return any(
        (_is_headline(node) or _PARAGRAPH in (node.get("class") or ""))
        and next(filter(_is_article, node.iterancestors("div")), None) is wrapper
        for node in wrapper.iter()
        if isinstance(node.tag, str)
    )


def _refuse_open(block: Any, name: str) -> Refused:
    reason = "the end of the article is missing: the next one stands within it"
    return Refused(name, block.sourceline or 1, reason, plain_text(block)[:EXCERPT])


def _is_article(node: Any) -> bool:
    classes = (node.get("class") or "").split()
    return "article" in classes or any(re.fullmatch(r"[a-z]{2}Article", item) for item in classes)


def _read_block(block: Any, name: str) -> Iterator[Row | Refused]:
    """An article; several where their borders are lost."""
    line = block.sourceline or 1
    if has_broken_markup(block):
        yield Refused(name, line, BROKEN_MARKUP, plain_text(block)[:EXCERPT])
        return
    language = next(
        (found[1] for i in (block.get("class") or "").split() if (found := re.fullmatch(r"([a-z]{2})Article", i))), ""
    )
    indexed = _list_cells(block)
    if indexed:
        yield from _check_borders(
            read_indexed(indexed), [code for code, _ in indexed].count("HD"), name, line, language
        )
        return
    lines = _list_lines(block)
    headline = next((node for node in block.iter() if _is_headline(node)), None)
    title = plain_text(headline) if headline is not None else ""
    text = _list_text(block)
    n_headlines = sum(_is_headline(node) for node in block.iter())
    values = read_displayed(lines, title, text)
    yield from _check_borders(values, n_headlines, name, line, language)


def _is_headline(node: Any) -> bool:
    return isinstance(node.tag, str) and bool(re.search(r"(?:^|\s)[a-z]{2}Headline(?:\s|$)", node.get("class") or ""))


def _check_borders(
    values: dict[str, str], n_headlines: int, name: str, line: int, language: str
) -> Iterator[Row | Refused]:
    if n_headlines > 1:
        for number in range(1, n_headlines + 1):
            reason = f"{n_headlines} articles without a border between them; article {number} of these"
            yield Refused(name, line, reason, values.get("title", "")[:EXCERPT])
        return
    if not values.get("document_id"):
        reason = "the article has no accession number: a part of it is missing"
        yield Refused(name, line, reason, values.get("title", "")[:EXCERPT])
        return
    values["language"] = values.get("language") or language
    yield make_row(name, line, values)


def _list_cells(block: Any) -> list[tuple[str, str]]:
    """Code and value of each row of the table of an article with indexing; empty for one without."""
    pairs = []
    for row in block.iter("tr"):
        cells = [cell for cell in row if cell.tag == "td"]
        if len(cells) < 2:
            continue
        code = cells[0].text_content().replace("\xa0", " ").strip()
        if not re.fullmatch(r"[A-Z]{2,3}", code):
            continue
        pairs.append((code, list_blocks(cells[1]) if code in ("LP", "TD") else plain_text(cells[1])))
    return pairs


def _list_text(block: Any) -> list[str]:
    """Paragraphs from the first that is marked on; what stands between marked ones, such as a table, is text too."""
    marked = [node for node in block.iter("p") if _PARAGRAPH in (node.get("class") or "") and plain_text(node)]
    if not marked:
        return []
    blocks = list_blocks(block).split("\n\n")
    first = list_blocks(marked[0]).partition("\n\n")[0]
    start = blocks.index(first) if first in blocks else len(blocks)
    end = next((i for i in range(start, len(blocks)) if is_accession(blocks[i])), len(blocks))
    return blocks[start:end] or [plain_text(node) for node in marked]


def _list_lines(block: Any) -> list[str]:
    """Text of the innermost div and p elements, in their order; those without a text are left out."""
    lines = []
    for node in block.iter("div", "p", "td"):
        if next(node.iterchildren("div", "p", "table"), None) is None and (text := plain_text(node)):
            lines.append(text)
    return lines


def _read_lines(text: str, name: str) -> Rows:
    plain = re.sub("\x01[^\x02]*\x02", "", text)
    numbered = enumerate(plain.split("\n"), start=1)
    lines = [(number, line) for number, line in numbered if not _PAGE_HEAD.match(line)]
    accessions = find_accession_numbers([line for _, line in lines])
    if not accessions:
        raise UnreadableError(
            "no article of Factiva was recognised in the file: no line 'Document …' with an accession number"
        )
    pieces: list[list[tuple[int, str]]] = [[]]
    for number, line in lines:
        pieces[-1].append((number, line))
        if is_accession(line):
            pieces.append([])
    # what stands behind the last number is the summary of the search, or an article that was cut off
    items = [item for piece in pieces for item in _read_piece(piece, name)]
    yield from refuse_missing(items, name, len(set(accessions)), "the accession numbers name")


def _read_piece(piece: Sequence[tuple[int, str]], name: str) -> Iterator[Row | Refused]:
    """An article: the lines up to its accession number."""
    coded = [(number, line.replace("\xa0", " ").strip("\f \t")) for number, line in piece]
    n_heads = sum(line.removesuffix("\x07") == "HD" for _, line in coded)
    n_words = sum(is_words_line(line) and begins_with_date(following) for (_, line), (_, following) in pairwise(coded))
    first = next((number for number, line in coded if line), 1)
    has_end = bool(piece) and is_accession(piece[-1][1])
    n_articles = n_heads or n_words
    if not n_articles and not has_end:
        return
    if not has_end:
        text = [line for _, line in coded if line and not _SUMMARY.match(line)]
        yield Refused(
            name, first, "the file ends within an article: it has no accession number", " ".join(text)[:EXCERPT]
        )
        return
    values = read_indexed(list(_list_codes(coded))) if n_heads else _read_displayed_piece(piece)
    yield from _check_borders(values, n_articles, name, first, "")


def _list_codes(lines: Sequence[tuple[int, str]]) -> Iterator[tuple[str, str]]:
    """Code and value of each field: a code stands alone on its line, or in its cell of a table."""
    end = "\x07" if any(line == "HD\x07" for _, line in lines) else ""
    code = ""
    value: list[str] = []
    for _, line in lines:
        candidate = line.removesuffix("\x07") if line.endswith(end) else ""
        if candidate in (BEHIND_TEXT if code in ("LP", "TD") else CODES):
            if code:
                yield code, "\n".join(value).strip()
            code, value = candidate, []
        else:
            value.append(line.replace("\x07", ""))
    if code:
        yield code, "\n".join(value).strip()


def _read_displayed_piece(piece: Sequence[tuple[int, str]]) -> dict[str, str]:
    clean = [line.replace("\xa0", " ").strip("\f \t\x07") for _, line in piece]
    words = next((i for i, line in enumerate(clean[:-1]) if is_words_line(line) and begins_with_date(clean[i + 1])), -1)
    if words < 0:
        return {}
    # the list of contents and the article before end with a new page
    start = max((i for i, (_, line) in enumerate(piece[: words + 1]) if "\f" in line), default=0)
    head = piece[start][1].rpartition("\f")[2] if words > start else piece[start][1]
    lines = [text.replace("\x07", "").strip("\f \t") for text in (head, *(line for _, line in piece[start + 1 :]))]
    return read_displayed([line for line in lines if line], "", [])


def _read_xml(content: bytes, name: str) -> Rows:
    """Articles as long as the XML is whole; what is missing behind damage is refused by the count of the file."""
    from lxml import etree

    found = _DECLARED_XML.search(content)
    declared = int(found[1]) if found else 0
    rows: list[Row | Refused] = []
    damage = ""
    try:
        source = io.BytesIO(content.lstrip(b"\xef\xbb\xbf \t\r\n"))
        for _, node in etree.iterparse(
            source, tag="{*}article", resolve_entities=False, no_network=True, huge_tree=False
        ):
            rows.append(_read_node(node, name))
            node.clear(keep_tail=True)
    except etree.XMLSyntaxError as error:
        damage = f"the XML is damaged ({error}); "
        if not declared:
            rows.append(Refused(name, 1, f"the XML is damaged: {error}"))
    if not rows and not declared:
        raise UnreadableError("no article of Factiva was recognised in the XML")
    n_numbers = len(re.findall(rb"<(?:\w+:)?accessionNo>", content))
    yield from refuse_missing(rows, name, max(declared, n_numbers), f"{damage}the file counts")


def _read_node(node: Any, name: str) -> Row | Refused:
    def text(path: str) -> str:
        return "; ".join(filter(None, (" ".join("".join(item.itertext()).split()) for item in node.iterfind(path))))

    paragraphs = [
        " ".join("".join(item.itertext()).split())
        for part in ("leadParagraph", "tailParagraphs")
        for item in node.iterfind(f"{{*}}{part}/{{*}}paragraph")
    ]
    published = text("{*}publicationDate/{*}dateTime") or text("{*}publicationDate/{*}date")
    time = text("{*}publicationTime/{*}time")
    values = {
        "text": "\n\n".join(filter(None, paragraphs)),
        "title": text("{*}headline/{*}paragraph"),
        "outlet": text("{*}sourceName"),
        "published": " ".join(filter(None, (published, time))),
        "section": text("{*}sectionName"),
        "author": text("{*}byline") or text("{*}authors/{*}author"),
        "page": text("{*}pages/{*}page") or text("{*}pages"),
        "words": text("{*}wordCount"),
        "language": text("{*}baseLanguage").lower(),
        "document_id": text("{*}accessionNo"),
        "copyright": text("{*}copyright"),
        "publisher": text("{*}publisherName"),
        "source_code": text("{*}sourceCode"),
        "edition": text("{*}edition"),
        "notes": text("{*}notes"),
        "region": text("{*}region/{*}name"),
        "subject": text("{*}newsSubject/{*}name"),
        "company": text("{*}company/{*}name"),
        "industry": text("{*}industry/{*}name"),
    }
    return make_row(name, node.sourceline or 1, values)
