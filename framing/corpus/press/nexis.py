"""Exports of Nexis Uni, Nexis and Lexis Advance (.docx, .rtf); older ones are read by `nexis_legacy`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from framing.corpus.press.articles import make_row, refuse_missing
from framing.corpus.press.contents import UnreadableError, decode, find_kind
from framing.corpus.press.dates import begins_with_date
from framing.corpus.press.labels import is_copyright, read_count, read_label, split_page
from framing.corpus.press.nexis_legacy import has_document_lines, read_legacy, read_legacy_html
from framing.corpus.press.rtf import read_rtf
from framing.corpus.press.word import Paragraph, read_docx
from framing.corpus.records import Refused, Row, Rows

__all__ = ["read_nexis"]

_DECLARED = re.compile(
    r"\s*(?:Documents?|Dokumente|Documentos|Documenten|Documenti|Документы|文件)\s*[(（](\d+)[)）]\s*$"
)
_START = re.compile(r"Bookmark_\d+$")
_BODY = re.compile(r"Body(?:_\d+)?$")
_CLASSIFICATION = re.compile(r"Classification(?:_\d+)?$")
_ENDS = {
    "end of document",
    "ende des dokuments",
    "ende des dokumentes",
    "fin du document",
    "fin del documento",
    "einde van document",
    "einde van het document",
    "fine del documento",
    "конец документа",
    "文档结尾",
}
_BODY_WORDS = {
    "body",
    "text",
    "textkörper",
    "hauptteil",
    "corps",
    "corps du texte",
    "cuerpo",
    "texto",
    "tekst",
    "corpo",
}
_TAIL_WORDS = {
    "classification",
    "klassifizierung",
    "clasificación",
    "classificatie",
    "classificazione",
    "graphic",
    "grafik",
    "graphique",
    "gráfico",
}
_COVER_LABELS = re.compile(
    r"\s*(?:Client/Matter|Search Terms|Search Type|Narrowed by|Sources?|Quellen)\s*:", re.IGNORECASE
)
_URN = re.compile(r"urn:contentItem:([0-9A-Z-]+)")


def read_nexis(content: bytes, name: str, encoding: str) -> Rows:
    """Rows of an export of Nexis: the .docx and .rtf of today, the .txt, .html and .rtf of before.

    Parameters
    ----------
    content : bytes
        The file; its kind is told by its content.
    name : str
        Its name.
    encoding : str
        Encoding of texts and pages that declare none.

    Yields
    ------
    Row or Refused
        One an article, in the order of the file; at least as many as the file declares.

    Raises
    ------
    UnreadableError
        If it is no export of Nexis.
    """
    kind = find_kind(content)
    if kind == "zip":
        yield from _read_paragraphs(read_docx(content), name)
    elif kind == "html":
        yield from read_legacy_html(decode(content, name, encoding), name)
    elif kind == "xml":
        raise UnreadableError("an XML file is no export of Nexis that can be read; export as .docx")
    else:
        text = read_rtf(content) if kind == "rtf" else decode(content, name, encoding)
        if has_document_lines(text):
            yield from read_legacy(text, name)
        else:
            yield from _read_paragraphs(_list_paragraphs(text), name)


def _list_paragraphs(text: str) -> list[Paragraph]:
    """Paragraphs of an RTF file, whose bookmarks stand in it as control characters."""
    paragraphs = []
    for number, line in enumerate(text.split("\n"), start=1):
        bookmarks = tuple(re.findall("\x01([^\x02]*)\x02", line))
        plain = re.sub("\x01[^\x02]*\x02", "", line).replace("\f", "")
        paragraphs.append(Paragraph(number, plain, bookmarks, "", in_table="\x07" in plain))
    return paragraphs


def _read_paragraphs(paragraphs: Sequence[Paragraph], name: str) -> Rows:
    cover, articles = _split_articles(paragraphs)
    n_ends = sum(_is_end(paragraph) for paragraph in paragraphs)
    named = next((int(found[1]) for item in cover if (found := _DECLARED.match(item.text))), 0)
    if not articles and not named:
        raise UnreadableError("no article of Nexis was recognised in the file")
    declared = max(named, n_ends)
    source = "the cover counts" if named >= n_ends else "lines 'End of Document' count"
    cut = articles[-1] if articles and n_ends and not any(map(_is_end, articles[-1])) else None
    items = (item for article in articles for item in _read_article(article, name, is_cut=article is cut))
    yield from refuse_missing(items, name, declared, source)


def _is_end(paragraph: Paragraph) -> bool:
    return paragraph.text.strip().casefold() in _ENDS


def _is_start(paragraph: Paragraph) -> bool:
    return any(_START.match(bookmark) for bookmark in paragraph.bookmarks)


def _is_body(paragraph: Paragraph) -> bool:
    return any(_BODY.match(bookmark) for bookmark in paragraph.bookmarks)


def _split_articles(paragraphs: Sequence[Paragraph]) -> tuple[list[Paragraph], list[list[Paragraph]]]:
    """Cover and articles: these begin at their bookmark, or behind the end of the one before."""
    pieces: list[list[Paragraph]] = [[]]
    ended = False
    for paragraph in paragraphs:
        if _is_start(paragraph) or (ended and paragraph.text.strip()):
            pieces.append([])
            ended = False
        pieces[-1].append(paragraph)
        ended = ended or _is_end(paragraph)
    cover, articles = pieces[0], pieces[1:]
    if any(map(_is_end, cover)):  # no bookmark: the first article follows the list on the cover
        last = max((i for i, item in enumerate(cover) if item.in_table or _COVER_LABELS.match(item.text)), default=-1)
        last = max(last, max((i for i, item in enumerate(cover) if _DECLARED.match(item.text)), default=-1))
        cover, articles = cover[: last + 1], [cover[last + 1 :], *articles]
    return cover, [article for article in articles if any(item.text.strip() for item in article)]


def _read_article(article: Sequence[Paragraph], name: str, *, is_cut: bool) -> Iterator[Row | Refused]:
    line = article[0].number
    n_bodies = sum(map(_is_body, article))
    if n_bodies > 1:
        for number in range(1, n_bodies + 1):
            yield Refused(name, line, f"{n_bodies} articles without a border between them; article {number} of these")
        return
    excerpt = " ".join(item.text.strip() for item in article if item.text.strip())[:200]
    if "there is an error in this document" in excerpt:
        yield Refused(name, line, "the database could not show this document", excerpt)
        return
    if is_cut:
        yield Refused(name, line, "the file ends within the article: it has no line 'End of Document'", excerpt)
        return
    body = next((i for i, item in enumerate(article) if _is_body(item)), -1)
    if body < 0:
        words = [i for i, item in enumerate(article) if item.text.strip().casefold() in _BODY_WORDS]
        body = words[0] if words else -1
    if body < 0:
        yield Refused(name, line, "the article has no body, such as a picture without a text", excerpt)
        return
    values = _read_header(article[:body])
    tail = next((i for i in range(body + 1, len(article)) if _begins_tail(article[i])), len(article))
    values |= _read_tail(article[tail:])
    values |= _read_text([item.text.strip() for item in article[body + 1 : tail]])
    yield make_row(name, line, values)


def _begins_tail(paragraph: Paragraph) -> bool:
    text = paragraph.text.strip()
    if any(_CLASSIFICATION.match(bookmark) for bookmark in paragraph.bookmarks) or _is_end(paragraph):
        return True
    label = read_label(text)
    return text.casefold() in _TAIL_WORDS or bool(label and label[0] == "load_date")


def _read_header(paragraphs: Sequence[Paragraph]) -> dict[str, str]:
    labelled: dict[str, list[str]] = {}
    plain: list[str] = []
    last, dated = "", -1
    link = next((item.link for item in paragraphs if item.link and item.text.strip()), "")
    for line in (line.strip() for item in paragraphs for line in item.text.split("\n")):
        label = read_label(line) if dated >= 0 else None  # a headline may look like a label
        if label:
            last = label[0]
            labelled[last] = [label[1]]
        elif line and is_copyright(line) and not last:
            labelled["copyright"] = [line]
        elif line and last:
            labelled[last].append(line)
        elif line:
            dated = len(plain) if dated < 0 and begins_with_date(line) else dated
            plain.append(line)
    values = {field: "\n".join(filter(None, lines)) for field, lines in labelled.items()}
    if dated >= 0:
        values["published"] = plain[dated]
        values["edition"] = "; ".join(filter(None, (values.get("edition", ""), *plain[dated + 1 :])))
    before = plain[: dated if dated >= 0 else 2]
    values["outlet"] = before[-1] if len(before) > 1 else ""
    values.setdefault("title", " ".join(before[:-1] if len(before) > 1 else before))
    values["words"] = read_count(values.get("words", ""))
    values["section"], values["page"] = split_page(values.get("section", ""))
    urn = _URN.search(unquote(link))
    return values | {"url": link, "document_id": urn[1] if urn else ""}


def _read_tail(paragraphs: Sequence[Paragraph]) -> dict[str, str]:
    values: dict[str, list[str]] = {}
    last = ""
    for line in (line.strip() for item in paragraphs for line in item.text.split("\n")):
        label = read_label(line)
        if label:
            last = label[0]
            values[last] = [label[1]]
        elif line and last and line.casefold() not in _ENDS | _TAIL_WORDS:
            values[last].append(line)
    header = ("title", "author", "section", "words")  # these stand before the text
    return {field: "\n".join(filter(None, lines)) for field, lines in values.items() if field not in header}


def _read_text(lines: list[str]) -> dict[str, str]:
    """Text of the body; an abstract before it is a field of its own."""
    heads = [line.rstrip(":").strip() for line in lines]
    if "FULL TEXT" in heads:
        full = heads.index("FULL TEXT")
        start = heads.index("ABSTRACT") + 1 if "ABSTRACT" in heads[:full] else 0
        abstract = "\n\n".join(filter(None, lines[start:full]))
        return {"text": "\n\n".join(filter(None, lines[full + 1 :])), "abstract": abstract}
    return {"text": "\n\n".join(filter(None, lines))}
