"""Exports of ProQuest (.txt)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from framing.corpus.press.articles import make_row, refuse_missing
from framing.corpus.press.contents import UnreadableError, decode, find_kind
from framing.corpus.press.labels import read_count
from framing.corpus.records import EXCERPT, Refused, Row, Rows

__all__ = ["read_proquest"]

_SEPARATOR = re.compile(r"_{20,}\s*$")
_LABELS = {
    "Author": "author",
    "Publication info": "publication_info",
    "Abstract": "abstract",
    "Abstract (summary)": "abstract",
    "Links": "links",
    "Full text": "text",
    "Full Text": "text",
    "Subject": "subject",
    "Business indexing term": "business_term",
    "Location": "location",
    "People": "people",
    "Company / organization": "company",
    "Classification": "classification",
    "Identifier / keyword": "keyword",
    "Title": "title",
    "Alternate title": "alternate_title",
    "Publication title": "publication_title",
    "Publication year": "publication_year",
    "Publication date": "published",
    "Year": "publication_year",
    "Volume": "volume",
    "Issue": "issue",
    "Pages": "page",
    "First page": "page",
    "Page count": "page_count",
    "Number of pages": "page_count",
    "Section": "section",
    "Column": "column",
    "Publisher": "publisher",
    "Place of publication": "place",
    "Country of publication": "country",
    "Publication subject": "publication_subject",
    "ISSN": "issn",
    "e-ISSN": "e_issn",
    "Source type": "source_type",
    "Language of publication": "language",
    "Document type": "document_type",
    "Document feature": "document_feature",
    "Publication history": "publication_history",
    "Online publication date": "online_date",
    "Publication note": "publication_note",
    "DOI": "doi",
    "Accession number": "accession_number",
    "ProQuest document ID": "document_id",
    "Document URL": "url",
    "Copyright": "copyright",
    "Last updated": "last_updated",
    "Database": "database",
    "Credit": "credit",
    "CREDIT": "credit",
    "Dateline": "dateline",
    "Word count": "words",
}
_LABEL = re.compile(r"([A-Za-z][A-Za-z /()-]{1,38}):(?:[ \t\xa0](.*)|$)")
_DOCUMENT = re.compile(r"\s*(?:Document\s+)?(\d{1,6})\s+of\s+(\d{1,6})\s*$")
_CONTENTS = re.compile(r"\s*(\d{1,4})\.\s+\S")
# labels of which every article has one; the full text ends before the run of labels that holds the first of them
_ALWAYS = ("publication_title", "document_id", "publication_year", "source_type")
_NO_TEXT = re.compile(r"(?:full text )?(?:is )?not available\b", re.IGNORECASE)


@dataclass(slots=True)
class _Piece:
    """Blocks between two lines of underscores: number of the first line, and the label of each block."""

    line: int
    blocks: list[str] = field(default_factory=list)
    labels: list[tuple[str, str] | None] = field(default_factory=list)

    def names(self) -> set[str]:
        return {label[0] for label in self.labels if label}


def read_proquest(content: bytes, name: str, encoding: str) -> Rows:
    """Rows of an export of ProQuest as text.

    Parameters
    ----------
    content : bytes
        The file.
    name : str
        Its name.
    encoding : str
        Encoding, where it is no UTF-8.

    Yields
    ------
    Row or Refused
        One an article, in the order of the file; at least as many as it has document ids, or as its cover lists.

    Raises
    ------
    UnreadableError
        If it is no export of ProQuest as text.
    """
    kind = find_kind(content)
    if kind != "text":
        raise UnreadableError(f"expected a text file of ProQuest, got {kind}; export as text")
    text = decode(content, name, encoding)
    pieces = _split_pieces(text)
    is_article = [len(piece.names()) > 1 for piece in pieces]
    n_ids = sum(bool(label) and label[0] == "document_id" for label in map(_read_label, text.split("\n")) if label)
    cover = [] if is_article[0] else pieces[0].blocks
    counted = [int(found[2]) for piece in pieces for block in piece.blocks[:1] if (found := _DOCUMENT.match(block))]
    contents = _count_contents([line for block in cover for line in block.split("\n")])
    declared, source = max(
        (n_ids, "the document ids name"), (max(counted, default=0), "the numbers count"), (contents, "the cover lists")
    )
    if not any(is_article) and not declared:
        raise UnreadableError("no article of ProQuest was recognised in the file")
    items: list[Row | Refused] = []
    for i, piece in enumerate(pieces):
        if is_article[i]:
            items += _read_piece(piece, name)
        elif 0 < i < len(pieces) - 1:
            reason = "a part between two lines of underscores that is no article: it has no labels"
            items.append(Refused(name, piece.line, reason, " ".join(piece.blocks)[:EXCERPT]))
    yield from refuse_missing(items, name, declared, source)


def _count_contents(lines: list[str]) -> int:
    """Number of titles in the list of contents: 1., 2., 3. and so on."""
    n_titles = 0
    for line in lines:
        found = _CONTENTS.match(line)
        n_titles += bool(found and int(found[1]) == n_titles + 1)
    return n_titles


def _split_pieces(text: str) -> list[_Piece]:
    pieces = [_Piece(1)]
    block: list[str] = []
    is_open = False  # within a full text: what every article has behind it has not come yet

    def close() -> None:
        nonlocal is_open
        if block:
            label = _read_label(block[0])
            pieces[-1].blocks.append("\n".join(block).strip())
            pieces[-1].labels.append(label)
            block.clear()
            if label:
                is_open = (is_open or label[0] == "text") and label[0] not in _ALWAYS

    for number, line in enumerate(text.split("\n"), start=1):
        if _SEPARATOR.match(line):
            close()
            if is_open:  # a line of underscores within the text of an article
                pieces[-1].blocks.append(line.strip())
                pieces[-1].labels.append(None)
            else:
                pieces.append(_Piece(number + 1))
                is_open = False
        elif line.strip():
            if block and not is_open and (first := _read_label(block[0])) and first[0] != "text" and _read_label(line):
                close()  # no empty line between two labels
            block.append(line)
        else:
            close()
    close()
    joined = [pieces[0]]
    for piece in pieces[1:]:
        if piece.blocks:
            joined.append(piece)
    return joined


def _read_label(line: str) -> tuple[str, str] | None:
    found = _LABEL.match(line)
    if not found or found[1] not in _LABELS:
        return None
    return _LABELS[found[1]], found[2] or ""


def _read_piece(piece: _Piece, name: str) -> list[Row | Refused]:
    n_ids = [label[0] for label in piece.labels if label].count("document_id")
    n_texts = [label[0] for label in piece.labels if label].count("text")
    n_articles = max(n_ids, n_texts)
    if n_articles > 1:
        reason = f"{n_articles} articles without a border between them; article"
        return [
            Refused(name, piece.line, f"{reason} {i} of these", piece.blocks[0][:EXCERPT])
            for i in range(1, n_articles + 1)
        ]
    blocks, labels = piece.blocks, piece.labels
    if _DOCUMENT.match(blocks[0]):
        blocks, labels = blocks[1:], labels[1:]
    start = next((i for i, label in enumerate(labels) if label and label[0] == "text"), -1)
    tail = _find_tail(labels, start) if start >= 0 else len(labels)
    parts: dict[str, list[str]] = {}
    last = "title"
    for i, (block, label) in enumerate(zip(blocks, labels, strict=True)):
        if label and not start < i < tail:
            last = "" if label[0] in parts else label[0]  # the first counts: the title is repeated with its label
            block = "\n".join(filter(None, (label[1], block.partition("\n")[2])))
        parts.setdefault(last, []).append(block)
    values = {key: "\n\n".join(filter(None, value)) for key, value in parts.items() if key}
    text = values.get("text", "")
    if not text or _NO_TEXT.match(text):
        reason = "no full text, only an abstract" if values.get("abstract") else "no full text"
        return [Refused(name, piece.line, reason, values.get("title", "")[:EXCERPT])]
    for key, value in values.items():
        if key != "text":
            values[key] = " ".join(value.split())
    outlet = values.get("publication_title", "") or values.get("publication_info", "")
    values["outlet"] = outlet.partition(";")[0].strip()
    values["words"] = read_count(values.get("words", ""))
    return [make_row(name, piece.line, values)]


def _find_tail(labels: list[tuple[str, str] | None], start: int) -> int:
    """Place of the first label behind the full text: sentences of it may look like labels, but do not lead up to it."""
    anchor = next((i for i in range(start + 1, len(labels)) if (label := labels[i]) and label[0] in _ALWAYS), -1)
    if anchor < 0:
        return next((i for i in range(start + 1, len(labels)) if labels[i]), len(labels))
    while anchor - 1 > start and labels[anchor - 1]:
        anchor -= 1
    return anchor
