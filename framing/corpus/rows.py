"""The files of `framing classify` and `framing evaluate`: passages in, labels in."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from framing.corpus import read_corpus, split_passages, whole_passages
from framing.corpus.documents import LONE_SURROGATE, clean_text, has_lone_surrogate
from framing.corpus.formats import Refused, find_format, read_rows
from framing.corpus.language import detect_languages
from framing.errors import InputError
from framing.tables import QUARANTINE

__all__ = ["Texts", "read_passages", "read_texts"]

_CARRIED = ("passage_id", "document_id", "outlet", "perspective", "published", "title", "url")
_YEAR = re.compile(r"\d{4}")


def read_passages(
    source: Path,
    *,
    text_column: str = "text",
    extra: Sequence[str] = (),
    split: bool = False,
    max_words: int = 90,
    data_path: str = "",
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Passages of a corpus folder or of a file, and the refused rows: `read_texts` without its documents."""
    read = read_texts(
        source, text_column=text_column, extra=extra, split=split, max_words=max_words, data_path=data_path
    )
    return read.passages, read.refused


class Texts(NamedTuple):
    """What a file or a corpus folder holds.

    Attributes
    ----------
    passages : DataFrame
        One row a passage.
    documents : DataFrame
        One row a document, from which the passages are cut; a row of the file where it is not split.
    refused : DataFrame
        `file, line, reason, excerpt` of each row that could not be read.
    """

    passages: pd.DataFrame
    documents: pd.DataFrame
    refused: pd.DataFrame


def read_texts(
    source: Path,
    *,
    text_column: str = "text",
    extra: Sequence[str] = (),
    split: bool = False,
    max_words: int = 90,
    data_path: str = "",
) -> Texts:
    """Passages and documents of a corpus folder or of a file, and the refused rows.

    A file's own passage_id, document_id, outlet, perspective and published are used where it has them.
    `group` is what is resampled together: the document where the file names it, else the row. Rows of a file that
    are not split carry `file_line`, where they stand.
    """
    if source.is_dir():
        corpus = read_corpus(source, data_path=data_path)
        passages = split_passages(corpus.documents, max_words=max_words)
        return Texts(passages.assign(group=passages["document_id"]), corpus.documents, corpus.quarantine)
    if not source.exists():
        raise InputError(f"There is no file or folder {source}.")
    kind = find_format(source)
    rows: list[dict[str, object]] = []
    refused: list[Refused] = []
    for item in read_rows(source, kind=kind, needed=[text_column, *extra]):
        if isinstance(item, Refused):
            refused.append(item)
            continue
        text = clean_text(item.values[text_column])
        if not text:
            refused.append(Refused(item.file, item.line, "no text"))
            continue
        if has_lone_surrogate(item.values.values()):
            refused.append(Refused(item.file, item.line, LONE_SURROGATE))
            continue
        row: dict[str, object] = {name: item.values.get(name, "").strip() for name in _CARRIED}
        row.update({name: item.values[name] for name in extra})
        row["text"] = text
        row["document_id"] = row["document_id"] or _identity(item.file, item.line, text)
        row["published"] = _date(str(row["published"]))
        row["file_line"] = item.line
        rows.append(row)
    quarantine = pd.DataFrame([(r.file, r.line, r.reason, r.excerpt) for r in refused], columns=list(QUARANTINE))
    if not rows:
        raise InputError(f"{source} holds no row with text in the column {text_column}; {len(refused)} were refused.")
    documents = pd.DataFrame(rows)
    documents["corpus"] = source.stem.split(".")[0]
    documents["published"] = pd.to_datetime(documents["published"])
    if split:
        documents["language"] = detect_languages(documents["text"])
        passages = split_passages(documents.drop(columns="passage_id"), max_words=max_words)
    else:
        own = documents["passage_id"]
        passages = whole_passages(documents.drop(columns="passage_id"))
        made = [_identity(number, text) for number, text in enumerate(documents["text"])]
        passages["passage_id"] = np.where(own != "", own, made)
        for name in ("file_line", *extra):
            passages[name] = documents[name]
    return Texts(passages.assign(group=passages["document_id"]), documents, quarantine)


def _date(text: str) -> pd.Timestamp | None:
    if not _YEAR.search(text):  # pandas reads "now" and "12:30" as today
        return None
    try:
        when = pd.Timestamp(text)
        when = when if when.tzinfo is None else when.tz_convert(None)
        return when if 1 <= when.year <= 9999 else None
    except (ValueError, OverflowError):
        return None


def _identity(*parts: object) -> str:
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:16]
