"""Exports of Nexis Uni, Nexis and Lexis Advance (.docx, .rtf); older ones are read by `nexis_legacy`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from framing.corpus.press.articles import make_row, refuse_missing
from framing.corpus.press.contents import UnreadableError, decode, find_kind
from framing.corpus.press.labels import read_label
from framing.corpus.press.nexis_fields import (
    TAIL_WORDS,
    has_foreign_labels,
    is_end,
    read_header,
    read_tail,
    read_text,
)
from framing.corpus.press.nexis_legacy import has_document_lines, read_legacy, read_legacy_html
from framing.corpus.press.rtf import read_rtf
from framing.corpus.press.word import Paragraph, read_docx
from framing.corpus.records import EXCERPT, Refused, Row, Rows

__all__ = ["read_nexis"]

_DECLARED = re.compile(
    r"\s*(?:Documents?|Dokumente?|Documentos?|Documenten|Documenti|Документы?|文件|文档)\s*[(（]([\d.,\s]{1,9})[)）]\s*$"
)
_START = re.compile(r"Bookmark_\d+$")
_BODY = re.compile(r"Body(?:_\d+)?$")
_CLASSIFICATION = re.compile(r"Classification(?:_\d+)?$")
_BODY_WORDS = {
    *("body", "text", "textkörper", "hauptteil", "corps", "corps du texte", "texte", "cuerpo", "texto", "tekst"),
    *("corpo", "corpo do texto", "testo", "основной текст", "текст", "正文"),
}
_COVER_LABELS = re.compile(
    r"\s*(?:Client/Matter|Search Terms|Search Type|Narrowed by|Sources?|Quellen|Content Type)\s*:", re.IGNORECASE
)
_TITLE = re.compile(r"\s*(\d{1,5})\.\s+(\S.*)")
_LIST = "doclist"  # in the name of the list of contents of a delivery with a file a document
_COUNT = re.compile(r"\d[\d.,\s]*\s?[^\W\d_]{1,12}$")  # a length such as 1,355 words


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
    n_ends = sum(map(is_end, paragraphs))
    named = next((int(re.sub(r"\D", "", found[1])) for item in cover if (found := _DECLARED.match(item.text))), 0)
    if not articles and not named:
        raise UnreadableError("no article of Nexis was recognised in the file")
    if not articles and _LIST in name.casefold():
        raise UnreadableError(f"a list of {named} documents without their texts, which are in other files")
    declared = max(named, n_ends)
    source = "the cover counts" if named >= n_ends else "lines 'End of Document' count"
    titles = _list_titles(cover)
    if len(titles) != len(articles):
        titles = [""] * len(articles)
    cut = articles[-1] if articles and n_ends and not any(map(is_end, articles[-1])) else None
    items = (
        item
        for article, title in zip(articles, titles, strict=True)
        for item in _read_article(article, title, name, is_cut=article is cut)
    )
    yield from refuse_missing(items, name, declared, source)


def _list_titles(cover: Sequence[Paragraph]) -> list[str]:
    """Headlines that the cover lists: 1., 2., 3. and so on."""
    titles: list[str] = []
    for paragraph in cover:
        found = _TITLE.match(paragraph.text)
        if found and int(found[1]) == len(titles) + 1:
            titles.append(found[2].strip())
    return titles


def _is_start(paragraph: Paragraph) -> bool:
    return any(_START.match(bookmark) for bookmark in paragraph.bookmarks)


def _is_body(paragraph: Paragraph) -> bool:
    return any(_BODY.match(bookmark) for bookmark in paragraph.bookmarks)


def _is_length(paragraph: Paragraph) -> bool:
    """Whether it is the line of the length, of which every article has one."""
    label = read_label(paragraph.text)
    return bool(label and label.field == "words" and _COUNT.match(label.value))


def _split_articles(paragraphs: Sequence[Paragraph]) -> tuple[list[Paragraph], list[list[Paragraph]]]:
    """Cover and articles: these begin at their bookmark, or behind the end of the one before."""
    pieces: list[list[Paragraph]] = [[]]
    ended = False
    for paragraph in paragraphs:
        if _is_start(paragraph) or (ended and paragraph.text.strip()):
            pieces.append([])
            ended = False
        pieces[-1].append(paragraph)
        ended = ended or is_end(paragraph)
    cover, articles = pieces[0], pieces[1:]
    if any(map(is_end, cover)):  # no bookmark: the first article follows the list on the cover
        head_end = next((i for i, item in enumerate(cover) if _is_body(item) or _is_length(item)), len(cover))
        marks = (
            i
            for i, item in enumerate(cover[:head_end])
            if item.in_table or _COVER_LABELS.match(item.text) or _DECLARED.match(item.text)
        )
        last = max(marks, default=-1)
        cover, articles = cover[: last + 1], [cover[last + 1 :], *articles]
    return cover, [article for article in articles if any(item.text.strip() for item in article)]


def _read_article(article: Sequence[Paragraph], title: str, name: str, *, is_cut: bool) -> Iterator[Row | Refused]:
    line = article[0].number
    filled = [item for item in article if item.text.strip()]
    n_articles = sum(map(_is_body, article)) or _count_unmarked(filled)
    if n_articles > 1:
        for number in range(1, n_articles + 1):
            yield Refused(name, line, f"{n_articles} articles without a border between them; article {number} of these")
        return
    excerpt = " ".join(item.text.strip() for item in filled)[:EXCERPT]
    if "there is an error in this document" in excerpt:
        yield Refused(name, line, "the database could not show this document", excerpt)
        return
    if is_cut:
        yield Refused(name, line, "the file ends within the article: it has no line 'End of Document'", excerpt)
        return
    body = _find_body(article)
    if body < 0:
        yield Refused(name, line, "the article has no body, such as a picture without a text", excerpt)
        return
    values = read_header(article[:body], title)
    tail = next((i for i in range(body + 1, len(article)) if _begins_tail(article[i])), len(article))
    values |= read_tail(article[tail:])
    values |= read_text([item.text.strip() for item in article[body + 1 : tail]])
    yield make_row(name, line, values, day_first=has_foreign_labels(article[:body]))


def _count_unmarked(filled: Sequence[Paragraph]) -> int:
    """Number of articles where the text has no bookmark: each has a length, and a word that heads its text."""
    behind = filled[2:]  # a headline may look like either
    n_words = sum(item.text.strip().casefold() in _BODY_WORDS for item in behind)
    return min(n_words, sum(map(_is_length, behind)))


def _find_body(article: Sequence[Paragraph]) -> int:
    """Place of the paragraph that heads the text: by its bookmark, else by its word; -1 where there is none."""
    marked = next((i for i, item in enumerate(article) if _is_body(item)), -1)
    if marked >= 0:
        return marked
    filled = [i for i, item in enumerate(article) if item.text.strip()]
    # a headline or an outlet may be called so too
    return next((i for i in filled[2:] if article[i].text.strip().casefold() in _BODY_WORDS), -1)


def _begins_tail(paragraph: Paragraph) -> bool:
    text = paragraph.text.strip()
    if any(_CLASSIFICATION.match(bookmark) for bookmark in paragraph.bookmarks) or is_end(paragraph):
        return True
    label = read_label(text)
    return text.casefold() in TAIL_WORDS or bool(label and label.field == "load_date")
