"""Split documents into passages of whole sentences, each an exact slice of its document."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from framing.corpus.sentences import split_line
from framing.tables import PASSAGES, require_columns

__all__ = ["split_passages", "split_text", "whole_passages"]

_BLOCK = re.compile(r"[^\n]+")
_LIST_ITEM = re.compile(r"^(?:[-•*–—]|\(?\d{1,2}[.)]|\(?[a-z]\))\s")
_CLOSED = re.compile(r"[.!?…;,][\"'”’»)\]]*$")
_HEADING_WORDS = 12


@dataclass(frozen=True, slots=True)
class _Sentence:
    start: int
    end: int
    n_words: int
    block: int
    leads: bool  # a heading, or a line that opens a list: belongs to what follows


def _sentences(text: str, language: str) -> Iterator[_Sentence]:
    blocks = list(_BLOCK.finditer(text))
    for number, block in enumerate(blocks):
        line = block.group()
        bounds = split_line(line, language=language)
        following = blocks[number + 1].group() if number + 1 < len(blocks) else ""
        short = len(line.split()) <= _HEADING_WORDS and len(bounds) == 1 and not _CLOSED.search(line.strip())
        opens_list = line.rstrip().endswith(":") and bool(_LIST_ITEM.match(following))
        leads = bool(following) and (opens_list or (short and not _LIST_ITEM.match(line)))
        for start, end in bounds:
            begin, stop = block.start() + start, block.start() + end
            yield _Sentence(begin, stop, len(text[begin:stop].split()), number, leads)


def split_text(text: str, *, max_words: int = 90, language: str = "en") -> list[tuple[int, int]]:
    """Start and end of each passage of `text`.

    Whole sentences are put together up to `max_words` words; a passage ends with its paragraph once it
    has half of that, and a heading or the line that opens a list stays with what follows. Only a single
    sentence exceeds `max_words`: one that is longer, or that its headings take over it.
    """
    most_heading = max(max_words // 2, _HEADING_WORDS)  # more short lines than that are a list of their own
    passages: list[tuple[int, int]] = []
    current: list[_Sentence] = []

    def close() -> None:
        # headings at the end of a full passage open the next one
        tail: list[_Sentence] = []
        while len(current) > 1 and current[-1].leads:
            tail.insert(0, current.pop())
        if sum(item.n_words for item in tail) > most_heading:
            current.extend(tail)
            tail = []
        passages.append((current[0].start, current[-1].end))
        current[:] = tail

    for sentence in _sentences(text, language):
        if current:
            n_words = sum(item.n_words for item in current)
            new_block = sentence.block != current[-1].block
            heading = n_words <= most_heading and all(item.leads for item in current)
            full = n_words + sentence.n_words > max_words and not heading
            rounded = new_block and 2 * n_words >= max_words and not current[-1].leads
            if full or rounded:
                close()
        current.append(sentence)
    if current:
        passages.append((current[0].start, current[-1].end))
    return passages


def split_passages(documents: pd.DataFrame, *, max_words: int = 90) -> pd.DataFrame:
    """Split documents into passages, one row each.

    Parameters
    ----------
    documents : DataFrame
        Documents, columns `framing.tables.DOCUMENTS`.
    max_words : int, default 90
        Most words in a passage.

    Returns
    -------
    DataFrame
        Columns `framing.tables.PASSAGES`. `text` is exactly `document.text[start:end]`; `passage_id` is a hash of
        document and position; `position` counts from 0 within the document.
    """
    require_columns(documents, ("document_id", "text", "language"), what="documents")
    rows = [
        (number, position, start, end)
        for number, (text, language) in enumerate(zip(documents["text"], documents["language"], strict=True))
        for position, (start, end) in enumerate(
            split_text(text, max_words=max_words, language="en" if language == "und" else language)
        )
    ]
    return _table(documents, rows)


def whole_passages(documents: pd.DataFrame) -> pd.DataFrame:
    """Each document as one passage: for files whose rows are already passages."""
    return _table(documents, [(number, 0, 0, len(text)) for number, text in enumerate(documents["text"])])


def _table(documents: pd.DataFrame, rows: list[tuple[int, int, int, int]]) -> pd.DataFrame:
    index = pd.DataFrame(rows, columns=["row", "position", "start", "end"])
    passages = documents.iloc[index["row"]].reset_index(drop=True).drop(columns="text")
    texts = documents["text"].to_list()
    passages["text"] = [texts[row][start:end] for row, _, start, end in rows]
    for name in ("position", "start", "end"):
        passages[name] = index[name]
    passages["n_words"] = [len(text.split()) for text in passages["text"]]
    passages["passage_id"] = [
        hashlib.sha256(f"{document}\x1f{position}".encode()).hexdigest()[:16]
        for document, position in zip(passages["document_id"], passages["position"], strict=True)
    ]
    for name in ("duplicate_of", "story_id", "speaker"):
        passages[name] = ""
    return passages[[name for name in PASSAGES if name in passages.columns]]
