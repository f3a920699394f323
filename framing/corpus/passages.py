"""Split documents into passages of whole sentences, each an exact slice of its document."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from framing.corpus.parallel_texts import add_translations
from framing.corpus.sentences import split_line
from framing.corpus.words import count_words, find_units, is_unspaced
from framing.defaults import MAX_WORDS, Unit
from framing.tables import DOCUMENTS, PASSAGES, require_columns

__all__ = ["find_whole_id", "make_passages", "split_passages", "split_text", "whole_passages"]

_BLOCK = re.compile(r"[^\n]+")
_LIST_ITEM = re.compile(r"^(?:[-•*–—]|\(?\d{1,2}[.)]|\(?[a-z]\))\s")
_CLOSED = re.compile(r"[.!?…;,。！？；，、][\"'”’»)\]」』]*$")
_MARKS = re.compile(r"[,;:，；：、。！？]*[\"'”’»)\]」』]*")
_CLAUSE_END = re.compile(r"[,;:—–，；：、][\"'”’»)\]」』]*$")
_LONGEST = 2  # a sentence of more than so many times the words of a passage is cut
_HEADING_WORDS = 12  # most words of a heading


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence, by its place in the text; `block` is the number of its line.

    `is_lead` is true of a heading and of a line that opens a list: they belong to what follows.
    """

    start: int
    end: int
    n_words: int
    block: int
    is_lead: bool


def _find_sentences(text: str, language: str, max_words: int) -> Iterator[_Sentence]:
    blocks = list(_BLOCK.finditer(text))
    unspaced = is_unspaced(text)
    for number, block in enumerate(blocks):
        line = block.group()
        bounds = split_line(line, language=language)
        next_line = blocks[number + 1].group() if number + 1 < len(blocks) else ""
        n_words = count_words(line, unspaced=unspaced)
        is_short = n_words <= _HEADING_WORDS and len(bounds) == 1 and not _CLOSED.search(line.strip())
        opens_list = line.rstrip().endswith((":", "：")) and bool(_LIST_ITEM.match(next_line))
        is_lead = bool(next_line) and (opens_list or (is_short and not _LIST_ITEM.match(line)))
        for start_in_block, end_in_block in bounds:
            start, end = block.start() + start_in_block, block.start() + end_in_block
            for part_start, part_end in _cut_sentence(text, start, end, max_words, unspaced=unspaced):
                n_words = count_words(text[part_start:part_end], unspaced=unspaced)
                yield _Sentence(part_start, part_end, n_words, number, is_lead)


def _cut_sentence(text: str, start: int, end: int, max_words: int, *, unspaced: bool) -> Iterator[tuple[int, int]]:
    """A sentence as it is, or cut between words where it has more than any sentence has (`split_text`)."""
    sentence = text[start:end]
    if count_words(sentence, unspaced=unspaced) <= max(_LONGEST * max_words, _LONGEST * MAX_WORDS):
        yield start, end
        return
    first = 0
    n_words = 0.0  # since `first`
    last, clause, n_to_clause = 0, 0, 0.0
    for place, weight in find_units(sentence, unspaced=unspaced):
        if n_words + weight > max_words and last > first:
            cut, n_to_cut = (clause, n_to_clause) if 2 * n_to_clause >= max_words else (last, n_words)
            yield start + first, start + cut
            first = cut + len(sentence[cut:]) - len(sentence[cut:].lstrip())
            n_words, n_to_clause = n_words - n_to_cut, 0.0
        n_words += weight
        last = _MARKS.match(sentence, place).end()  # type: ignore[union-attr]  # it matches nothing, too
        if _CLAUSE_END.search(sentence, max(last - 3, first), last):
            clause, n_to_clause = last, n_words
    yield start + first, end


def split_text(text: str, *, max_words: int = MAX_WORDS, language: str = "en") -> list[tuple[int, int]]:
    """Split a text into passages of whole sentences.

    Parameters
    ----------
    text : str
        Text of a document.
    max_words : int, default 90
        Most words in a passage.
    language : str, default "en"
        ISO 639-1 code of the language, for the rules that split sentences.

    Returns
    -------
    list of tuple of int
        Start and end of each passage in the text.

    Notes
    -----
    Sentences are joined up to `max_words` words. A passage ends with its paragraph once it has half of them. A heading,
    or the line that opens a list, stays with what follows. A passage has more than `max_words` words only where a
    single sentence has more, alone or together with its headings. A sentence of more than twice as many words (of more
    than 180 at least) is a text without stops: it is cut into passages, behind a comma where one stands in the second
    half. Words of texts without spaces are counted by their characters (`framing.corpus.words.count_words`).

    Examples
    --------
    >>> split_text("The council met. It voted on the ferry line.", max_words=5)
    [(0, 16), (17, 44)]
    """
    max_heading = max(max_words // 2, _HEADING_WORDS)  # more short lines than that are a list and no headings
    passages: list[tuple[int, int]] = []
    current: list[_Sentence] = []

    for sentence in _find_sentences(text, language, max_words):
        if current:
            n_words = _count_words(current)
            is_heading = n_words <= max_heading and all(item.is_lead for item in current)
            is_full = n_words + sentence.n_words > max_words and not is_heading
            ends_paragraph = sentence.block != current[-1].block and not current[-1].is_lead
            if is_full or (ends_paragraph and 2 * n_words >= max_words):
                headings = _take_headings(current, max_heading)
                passages.append((current[0].start, current[-1].end))
                current = headings
        current.append(sentence)
    if current:
        passages.append((current[0].start, current[-1].end))
    return passages


def _count_words(sentences: list[_Sentence]) -> int:
    return sum(sentence.n_words for sentence in sentences)


def _take_headings(sentences: list[_Sentence], max_words: int) -> list[_Sentence]:
    """Take the headings off the end of a passage, which open the next one; none where they have more words."""
    n_other = len(sentences)
    while n_other > 1 and sentences[n_other - 1].is_lead:
        n_other -= 1
    headings = sentences[n_other:]
    if _count_words(headings) > max_words:
        return []
    del sentences[n_other:]
    return headings


def split_passages(documents: pd.DataFrame, *, max_words: int = MAX_WORDS) -> pd.DataFrame:
    """Split documents into passages, one row each.

    Parameters
    ----------
    documents : DataFrame
        Documents, columns `framing.tables.DOCUMENTS`; further ones are carried.
    max_words : int, default 90
        Most words in a passage.

    Returns
    -------
    DataFrame
        Columns `framing.tables.PASSAGES`, then those of the documents that we do not make. `text` is exactly
        `document.text[start:end]`; `passage_id` is a hash of document and position; `position` counts from 0 within
        the document.

    Raises
    ------
    InputError
        If a column is missing.
    """
    require_columns(documents, ("document_id", "text", "language"), what="documents")
    rows = [
        (number, position, start, end)
        for number, (text, language) in enumerate(zip(documents["text"], documents["language"], strict=True))
        for position, (start, end) in enumerate(
            split_text(text, max_words=max_words, language="en" if language == "und" else language)
        )
    ]
    return _make_table(documents, rows)


def make_passages(documents: pd.DataFrame, *, unit: Unit, max_words: int = MAX_WORDS) -> pd.DataFrame:
    """Make the units of a corpus that are scored and counted: passages, or each document as a whole.

    Parameters
    ----------
    documents : DataFrame
        Documents, columns `framing.tables.DOCUMENTS`; further ones are carried.
    unit : {"passage", "document"}
        The unit.
    max_words : int, default 90
        Most words in a passage, where documents are split.

    Returns
    -------
    DataFrame
        As `split_passages` or `whole_passages` returns it.
    """
    return whole_passages(documents) if unit == "document" else split_passages(documents, max_words=max_words)


def whole_passages(documents: pd.DataFrame) -> pd.DataFrame:
    """Take each document as one passage: for documents as units, and files whose rows are already passages.

    Parameters
    ----------
    documents : DataFrame
        Documents, with the columns `document_id` and `text` at least.

    Returns
    -------
    DataFrame
        Those of the columns `framing.tables.PASSAGES` that there are, then those that we do not make, one row a
        document. `position` is 0; `passage_id` is not that of the first of several passages of the document, so that
        labels of that one are not taken for labels of the whole.
    """
    rows = [(number, 0, 0, len(text)) for number, text in enumerate(documents["text"])]
    return _make_table(documents, rows, whole=True)


def find_whole_id(document_id: str) -> str:
    """Id of a document as the one passage that it is.

    Parameters
    ----------
    document_id : str
        Its id as a document.

    Returns
    -------
    str
        Its `passage_id`, as `whole_passages` gives it.
    """
    return _hash_place(document_id, "whole")


def _hash_place(document_id: str, place: str) -> str:
    return hashlib.sha256(f"{document_id}\x1f{place}".encode()).hexdigest()[:16]


def _make_table(documents: pd.DataFrame, rows: list[tuple[int, int, int, int]], *, whole: bool = False) -> pd.DataFrame:
    """The passages table from the row of the document, position, start and end of each passage."""
    index = pd.DataFrame(rows, columns=["row", "position", "start", "end"])
    passages = documents.iloc[index["row"]].reset_index(drop=True).drop(columns="text")
    texts = documents["text"].to_list()
    passages["text"] = [texts[row][start:end] for row, _, start, end in rows]
    for name in ("position", "start", "end"):
        passages[name] = index[name]
    unspaced = [is_unspaced(text) for text in texts]
    passages["n_words"] = [
        count_words(text, unspaced=unspaced[row]) for text, (row, *_) in zip(passages["text"], rows, strict=True)
    ]
    passages["passage_id"] = [
        find_whole_id(document) if whole else _hash_place(document, str(position))
        for document, position in zip(passages["document_id"], passages["position"], strict=True)
    ]
    for name in ("duplicate_of", "story_id", "speaker"):
        passages[name] = ""
    if "translation" in documents.columns:
        passages = add_translations(passages, documents)
    ours = [name for name in PASSAGES if name in passages.columns]
    return passages[[*ours, *(name for name in passages.columns if name not in {*PASSAGES, *DOCUMENTS})]]
