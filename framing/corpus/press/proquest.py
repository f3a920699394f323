"""Exports of ProQuest (.txt)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from framing.corpus.press.articles import make_row, refuse_missing
from framing.corpus.press.contents import UnreadableError, decode, find_kind
from framing.corpus.press.dates import read_date
from framing.corpus.press.labels import read_count
from framing.corpus.press.proquest_labels import Label, read_label
from framing.corpus.press.rtf import plain_rtf
from framing.corpus.records import EXCERPT, Refused, Row, Rows

__all__ = ["read_proquest"]

_SEPARATOR = re.compile(r"_{20,}\s*$")
_DOCUMENT = re.compile(r"\s*(?:Document\s+)?(\d{1,6})\s+of\s+(\d{1,6})\s*$")
_CONTENTS = re.compile(r"\s*(\d{1,4})\.\s+\S")
# labels of which every article has one; the full text ends before the run of labels that holds the first of them
_ALWAYS = ("publication_title", "document_id", "publication_year", "source_type")
_COVER = re.compile(r"\bProQuest\b")  # in the parts around the articles
_PAGE_OF_INFO = re.compile(r":\s*([A-Z]{0,3}\.?\s?\d+[\w.,\s-]{0,20}?)\.?\s*$")  # the end of `04 Mar 2022: A.1.`
_PLACE = re.compile(r";|,\s[^,;:]{1,60}:\s")  # behind the outlet in `The Post (Online), Northport: Post Company. …`
_NO_TEXT = re.compile(r"(?:full text )?(?:is )?not available\b", re.IGNORECASE)


@dataclass(slots=True)
class _Piece:
    """Blocks between two lines of underscores: number of the first line, and the label of each block."""

    line: int
    blocks: list[str] = field(default_factory=list)
    labels: list[Label | None] = field(default_factory=list)

    def names(self) -> set[str]:
        return {label.field for label in self.labels if label}


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
    if kind not in ("text", "rtf"):
        raise UnreadableError(f"expected a text file of ProQuest, got {kind}; export as text")
    text = plain_rtf(content) if kind == "rtf" else decode(content, name, encoding)
    pieces = _split_pieces(text)
    is_article = [len(piece.names()) > 1 for piece in pieces]
    n_ids = sum(label.field == "document_id" for line in text.split("\n") if (label := read_label(line)))
    first = is_article.index(True) if any(is_article) else len(pieces)
    cover = [block for piece in pieces[:first] for block in piece.blocks]
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
        elif 0 < i < len(pieces) - 1 and not _is_cover(piece):
            reason = "a part between two lines of underscores that is no article: it has no labels"
            items.append(Refused(name, piece.line, reason, " ".join(piece.blocks)[:EXCERPT]))
    yield from refuse_missing(items, name, declared, source)


def _is_cover(piece: _Piece) -> bool:
    """Whether a part without labels belongs to the cover or the end: it names the database, or lists the contents."""
    lines = [line for block in piece.blocks for line in block.split("\n")]
    return _count_contents(lines) > 0 or any(map(_COVER.search, lines))


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
            label = read_label(block[0])
            pieces[-1].blocks.append("\n".join(block).strip())
            pieces[-1].labels.append(label)
            block.clear()
            if label:
                is_open = (is_open or label.field == "text") and label.field not in _ALWAYS

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
            if block and not is_open and _ends_block(block[0], pieces[-1]) and read_label(line):
                close()  # no empty line between two labels
            block.append(line)
        else:
            close()
    close()
    return [pieces[0], *(piece for piece in pieces[1:] if piece.blocks)]


def _ends_block(first: str, piece: _Piece) -> bool:
    """Whether a label may follow in the block that begins with this line: a label itself, or the headline."""
    label = read_label(first)
    return label.field != "text" if label else not piece.labels


def _read_piece(piece: _Piece, name: str) -> list[Row | Refused]:
    fields = [label.field for label in piece.labels if label]
    n_articles = max(fields.count("document_id"), fields.count("text"), fields.count("published"))
    if n_articles > 1:
        reason = f"{n_articles} articles without a border between them; article"
        return [
            Refused(name, piece.line, f"{reason} {i} of these", piece.blocks[0][:EXCERPT])
            for i in range(1, n_articles + 1)
        ]
    blocks, labels = piece.blocks, piece.labels
    if _DOCUMENT.match(blocks[0]):
        blocks, labels = blocks[1:], labels[1:]
    values = _read_values(blocks, labels)
    text = values.get("text", "")
    if not text or _NO_TEXT.match(text):
        reason = "no full text, only an abstract" if values.get("abstract") else "no full text"
        return [Refused(name, piece.line, reason, values.get("title", "")[:EXCERPT])]
    for key, value in values.items():
        if key != "text":
            values[key] = " ".join(value.split())
    info = values.get("publication_info", "")
    outlet = values.get("publication_title", "").partition(";")[0] or _PLACE.split(info, maxsplit=1)[0]
    values["outlet"] = outlet.strip()
    values["words"] = read_count(values.get("words", ""))
    if not values.get("published") and read_date(info):
        values["published"] = info
    if not values.get("page") and (page := _PAGE_OF_INFO.search(info)):
        values["page"] = page[1]
    day_first = any(label.field in ("published", "text") and not label.english for label in labels if label)
    return [make_row(name, piece.line, values, day_first=day_first)]


def _read_values(blocks: Sequence[str], labels: Sequence[Label | None]) -> dict[str, str]:
    """Values by field; those of a field that comes again, such as the headline with its label, do not count."""
    start = next((i for i, label in enumerate(labels) if label and label.field == "text"), -1)
    tail = _find_tail(labels, start) if start >= 0 else len(labels)
    parts: dict[str, list[str]] = {}
    last = "title"
    for i, (block, label) in enumerate(zip(blocks, labels, strict=True)):
        if label and not start < i < tail:
            last = "" if label.field in parts else label.field
            block = "\n".join(filter(None, (label.value, block.partition("\n")[2])))
        parts.setdefault(last, []).append(block)
    return {key: "\n\n".join(filter(None, value)) for key, value in parts.items() if key}


def _find_tail(labels: Sequence[Label | None], start: int) -> int:
    """Place of the first label behind the full text: sentences of it may look like labels, but do not lead up to it."""
    anchor = next((i for i in range(start + 1, len(labels)) if (label := labels[i]) and label.field in _ALWAYS), -1)
    if anchor < 0:
        return next((i for i in range(start + 1, len(labels)) if labels[i]), len(labels))
    while anchor - 1 > start and labels[anchor - 1]:
        anchor -= 1
    return anchor
