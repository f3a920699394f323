"""Exports of LexisNexis before Nexis Uni (.txt, .html, .rtf): articles headed by `n of m DOCUMENTS`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from framing.corpus.press.articles import make_row, refuse_missing
from framing.corpus.press.blocks import list_blocks
from framing.corpus.press.contents import BROKEN_MARKUP, UnreadableError, has_broken_markup, parse_html
from framing.corpus.press.dates import begins_with_date
from framing.corpus.press.labels import Label, is_copyright, read_count, read_label, split_page
from framing.corpus.records import EXCERPT, Refused, Row, Rows

__all__ = ["has_document_lines", "read_legacy", "read_legacy_html"]

_NOUN = r"(?:DOCUMENTS?|DOKUMENT(?:EN?)?|DOCUMENTOS?|DOCUMENTEN|DOCUMENTI?|ДОКУМЕНТ(?:ОВ|А|Ы)?)"
_OF = r"(?:of|von|de|van|di|sur|из)"
_N = r"(\d{1,3}(?:[.,]\d{3})+|\d{1,7})"
_DOCUMENT = re.compile(
    rf"^[^\S\n]*(?:{_N}[^\S\n]{_OF}[^\S\n]{_N}[^\S\n]{_NOUN}|{_NOUN}[^\S\n]{_N}[^\S\n]{_OF}[^\S\n]{_N})[^\S\n]*$",
    re.IGNORECASE | re.MULTILINE,
)
_SELECTED = re.compile(r"Selected Items:\s*([\d,\s-]+)")
_META = re.compile(r"<meta\b[^<>]{0,200}?\bdocuments=[\"']?(\d{1,9})", re.IGNORECASE)
_DOCFULL = re.compile(r"<DOCFULL>", re.IGNORECASE)
_END_COMMENT = re.compile(r"<!--[^<>]{0,80}</DOCFULL>", re.IGNORECASE)
_RIGHTS = re.compile(r"rights reserved|droits réservés|rechte vorbehalten|derechos reservados", re.IGNORECASE)
_BODY_LABEL = re.compile(r"\s*(?:BODY|TEXT|VOLLTEXT|HAUPTTEIL|CORPS|TEXTE|TEXTO|CUERPO|TEKST):(?:\s+|$)")
_ERROR = "there is an error in this document"
_LARGEST = 500  # most articles that one download gave
# labels that stand before the text; all others stand behind it
_BEFORE = {"title", "author", "section", "words", "dateline", "highlight", "edition", "series", "url"}
_TAIL = {"load_date", "language", "publication_type", "journal_code", "graphic", "correction", "correction_date"}


@dataclass(frozen=True, slots=True)
class _Piece:
    line: int
    number: int
    text: str


def has_document_lines(text: str) -> bool:
    """Check whether a text has a line such as `1 of 10 DOCUMENTS`.

    Parameters
    ----------
    text : str
        Text of a file.

    Returns
    -------
    bool
        Whether it has one, or says how many items were selected.
    """
    return bool(_DOCUMENT.search(text) or _SELECTED.search(text))


def read_legacy(text: str, name: str) -> Rows:
    """Rows of an export as text.

    Parameters
    ----------
    text : str
        Content.
    name : str
        Name of the file.

    Yields
    ------
    Row or Refused
        One an article.
    """
    found = list(_DOCUMENT.finditer(text))
    ends = [*(match.start() for match in found[1:]), len(text)][: len(found)]
    line, position, pieces = 1, 0, []
    for match, end in zip(found, ends, strict=True):
        line += text.count("\n", position, match.start())
        position = match.start()
        pieces.append(_Piece(line, _to_number(match[1] or match[3]), text[match.end() : end]))
    cover = text[: found[0].start() if found else len(text)]
    totals = [_to_number(match[2] or match[4]) for match in found]
    declared, source = _count_declared(cover, [piece.number for piece in pieces], totals)
    is_cut = len(pieces) > 1 and not _has_end(pieces[-1]) and any(map(_has_end, pieces))

    def items() -> Iterator[Row | Refused]:
        for piece in pieces[:-1] if is_cut else pieces:
            yield from _read_article(piece, name)
        if is_cut:
            reason = "the file ends within the article: it has no label behind its text, as others have"
            yield Refused(name, pieces[-1].line, reason, " ".join(pieces[-1].text.split())[:EXCERPT])

    yield from refuse_missing(items(), name, declared, source)


def _to_number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def _has_end(piece: _Piece) -> bool:
    """Whether labels, a copyright or the word of an error stand behind the text."""
    lines = piece.text.split("\n")
    labels = (read_label(line, upper=True) for line in lines)
    return (
        _ERROR in " ".join(piece.text[:2000].split())
        or any(label is not None and label[0] not in _BEFORE for label in labels)
        or any(is_copyright(line) for line in lines[len(lines) // 2 :])
    )


def read_legacy_html(page: str, name: str) -> Rows:
    """Rows of an export as HTML.

    Parameters
    ----------
    page : str
        Content. Each article is parsed alone, as the elements that the file leaves open would nest without end.
    name : str
        Name of the file.

    Yields
    ------
    Row or Refused
        One an article.

    Raises
    ------
    UnreadableError
        If no article is recognised.
    """
    starts = list(_DOCFULL.finditer(page))
    if not starts and not _META.search(page):
        raise UnreadableError("no article of Nexis was recognised in the page")
    ends = [*(match.start() for match in starts[1:]), len(page)][: len(starts)]
    cover = page[: starts[0].start() if starts else len(page)]
    pieces: list[_Piece] = []
    refused: list[Refused] = []
    totals = []
    line, position = 1, 0
    for match, end in zip(starts, ends, strict=True):
        line += page.count("\n", position, match.start())
        position = match.start()
        source = page[match.end() : end]
        closing = _END_COMMENT.search(source)
        if not closing:
            excerpt = " ".join(source.split())[:EXCERPT]
            refused.append(Refused(name, line, "the end of the article is missing: no </DOCFULL>", excerpt))
            continue
        source = source[: closing.start()].strip().removeprefix("-->")
        try:
            text = _read_page(source)
        except UnreadableError as error:
            refused.append(Refused(name, line, str(error)))
            continue
        head = _DOCUMENT.search(text)
        if head:
            totals.append(_to_number(head[2] or head[4]))
        pieces.append(_Piece(line, _to_number(head[1] or head[3]) if head else 0, text[head.end() if head else 0 :]))
    numbers = [piece.number for piece in pieces if piece.number]
    declared, source = _count_declared(cover, numbers, totals)

    def items() -> Iterator[Row | Refused]:
        for piece in pieces:
            yield from _read_article(piece, name)
        yield from refused

    yield from refuse_missing(items(), name, declared, source)


def _read_page(source: str) -> str:
    """Text of the page of an article."""
    if not source.strip():
        return ""
    root = parse_html(f"<div>{source}</div>")
    if has_broken_markup(root):
        raise UnreadableError(BROKEN_MARKUP)
    return list_blocks(root)


def _count_declared(cover: str, numbers: Sequence[int], totals: Sequence[int]) -> tuple[int, str]:
    """Articles that the file declares, and the words in which it does."""
    meta = _META.search(cover)
    if meta:
        return int(meta[1]), "the head of the page counts"
    selected = _SELECTED.search(cover)
    if selected and (ranges := re.findall(r"(\d{1,9})(?:\s?-\s?(\d{1,9}))?", selected[1])):
        return sum(max(0, int(last or first) - int(first) + 1) for first, last in ranges), "the cover selects"
    if not numbers:
        return 0, ""
    first, last = min(numbers), max(numbers)
    # files of a larger download hold a part of the numbers, and nothing says where the part ends
    total = max(set(totals), key=totals.count)
    end = total if total - (first if first > 1 else 1) < _LARGEST and total >= last else last
    return end - first + 1, f"the numbers from {first} to {end} count"


def _read_article(piece: _Piece, name: str) -> Iterator[Row | Refused]:
    excerpt = " ".join(piece.text[: 4 * EXCERPT].split())[:EXCERPT]
    if _ERROR in " ".join(piece.text[:2000].split()):
        yield Refused(name, piece.line, "the database could not show this document", excerpt)
        return
    plain = re.sub("\x01[^\x02]*\x02|[\x07\f]", "", piece.text)
    blocks = [block.strip("\n") for block in re.split(r"\n\s*\n", plain) if block.strip()]
    labels = [read_label(block, upper=True) for block in blocks]
    n_lengths = sum(label is not None and label[0] == "words" for label in labels)
    if n_lengths > 1:  # the line between two articles is lost
        for number in range(1, n_lengths + 1):
            reason = f"{n_lengths} articles without a border between them; article {number} of these"
            yield Refused(name, piece.line, reason, excerpt)
        return
    day_first = any(label and label.field in ("words", "section") and not label.english for label in labels)
    yield make_row(name, piece.line, _read_blocks(blocks, labels), day_first=day_first)


def _read_blocks(blocks: list[str], labels: list[Label | None]) -> dict[str, str]:
    first = next((i for i, label in enumerate(labels) if label and label[0] in _BEFORE), None)
    dated = next((i for i, block in enumerate(blocks[:first]) if _find_date(block) >= 0), -1)
    head_end = first if first is not None else min(len(blocks), dated + 2 if dated >= 0 else 2)
    head = _read_head(blocks[:head_end])
    labelled: dict[str, list[str]] = {}
    text: list[str] = []
    last, behind = "", False
    for i in range(head_end, len(blocks)):
        block, label = blocks[i], labels[i]
        if label and (not text if label[0] in _BEFORE else behind or _begins_tail(blocks, labels, i)):
            last = label[0]
            labelled[last] = [label[1]]
            behind = behind or label[0] not in _BEFORE
        elif behind and is_copyright(block):
            labelled["copyright"], last = [block], ""
        elif behind:
            if last:
                labelled[last].append(block)
        elif is_copyright(block) and not text and last:
            labelled["copyright"] = [block]
        elif not text and (body := _BODY_LABEL.match(block)):
            text += [block[body.end() :]] if block[body.end() :] else []
        else:
            text.append(block)
    values = head | {field: " ".join(" ".join(lines).split()) for field, lines in labelled.items()}
    values["text"] = "\n\n".join(text)
    values["words"] = read_count(values.get("words", ""))
    values["section"], values["page"] = split_page(values.get("section", ""))
    return values


def _begins_tail(blocks: list[str], labels: list[Label | None], i: int) -> bool:
    """Whether the labels behind the text begin here: a sentence of the text may begin like `NOTES:` too."""
    label = labels[i]
    if label is None or label[0] in _TAIL:
        return label is not None
    return i + 1 == len(blocks) or labels[i + 1] is not None or is_copyright(blocks[i + 1])


def _find_date(block: str) -> int:
    """Number of the line that begins with a date; -1 where none does."""
    return next((i for i, line in enumerate(block.split("\n")) if begins_with_date(line)), -1)


def _read_head(blocks: Sequence[str]) -> dict[str, str]:
    """Outlet, date, edition and headline; the date may stand before or behind the headline."""
    values: dict[str, str] = {}
    plain: list[str] = []
    above: list[str] = []  # the copyright, if it stands before the outlet
    for block in blocks:
        lines = [" ".join(line.split()) for line in block.split("\n") if line.strip()]
        if is_copyright(block) and not values.get("copyright"):
            values["copyright"] = " ".join(lines)
            above = lines if not plain else []
            continue
        at = _find_date("\n".join(lines)) if "published" not in values else -1
        if at < 0:
            plain.append(" ".join(lines))
            continue
        if lines[:at]:  # no empty line between the outlet and its date
            plain.append(" ".join(lines[:at]))
        if not plain and len(above) > 1 and not _RIGHTS.search(above[-1]):  # nor between the copyright and the outlet
            plain.append(above[-1])
            values["copyright"] = " ".join(above[:-1])
        values["published"] = lines[at]
        values["edition"] = " ".join(lines[at + 1 :])
    return values | {"outlet": plain[0] if plain else "", "title": " ".join(plain[1:])}
