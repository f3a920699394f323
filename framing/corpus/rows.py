"""Texts of a corpus folder or of any file of the known formats, as documents and as passages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from framing.corpus.cleaning import LONE_SURROGATE, clean_text, has_lone_surrogate
from framing.corpus.documents import read_corpus
from framing.corpus.file_kinds import strip_ending
from framing.corpus.formats import MARKED_UP, find_format, read_rows
from framing.corpus.language import detect_languages
from framing.corpus.markup import read_markup
from framing.corpus.passages import split_passages, whole_passages
from framing.corpus.records import MissingColumnsError, Refused, Row, quarantine_table, short_hash
from framing.defaults import MAX_WORDS
from framing.errors import InputError

__all__ = ["Texts", "read_passages", "read_texts"]

_KNOWN_COLUMNS = ("passage_id", "document_id", "outlet", "perspective", "published", "title", "url")
_YEAR = re.compile(r"\d{4}")


def read_passages(
    source: Path,
    *,
    text_column: str = "text",
    extra: Sequence[str] = (),
    split: bool = False,
    max_words: int = MAX_WORDS,
    data_path: str = "",
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read passages from a corpus folder or a file: `read_texts` without the documents.

    Parameters
    ----------
    source : Path
        Corpus folder, or file of one of the formats.
    text_column : str, default "text"
        Column of the file that holds the text.
    extra : sequence of str, default ()
        More columns of the file to read.
    split : bool, default False
        Whether the rows of a file are documents, to be split into passages; else each row is one passage.
    max_words : int, default 90
        Most words in a passage, where documents are split.
    data_path : str, default ""
        Folder of the files of a corpus, over the environment variable FRAMING_DATA.

    Returns
    -------
    passages : DataFrame
        One row a passage.
    refused : DataFrame
        `file, line, reason, excerpt` of each row that could not be read.

    Raises
    ------
    InputError
        If the source cannot be read, a column is missing, or no row has a text.
    """
    read = read_texts(
        source, text_column=text_column, extra=extra, split=split, max_words=max_words, data_path=data_path
    )
    return read.passages, read.refused


class Texts(NamedTuple):
    """Content of a file or a corpus folder.

    Attributes
    ----------
    passages : DataFrame
        One row a passage.
    documents : DataFrame
        One row a document; where the rows of a file are passages, one row of the file.
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
    max_words: int = MAX_WORDS,
    data_path: str = "",
) -> Texts:
    """Read the texts of a corpus folder or a file, as documents and as passages.

    Parameters
    ----------
    source : Path
        Corpus folder, or file of one of the formats.
    text_column : str, default "text"
        Column of the file that holds the text.
    extra : sequence of str, default ()
        More columns of the file to read.
    split : bool, default False
        Whether the rows of a file are documents, to be split into passages; else each row is one passage.
    max_words : int, default 90
        Most words in a passage, where documents are split.
    data_path : str, default ""
        Folder of the files of a corpus, over the environment variable FRAMING_DATA.

    Returns
    -------
    Texts
        Passages, documents and refused rows. Ids, outlet, perspective and date are those of the file where it has
        them. The column `group` of the passages names what is resampled together: the document where the file names
        it, else the row. `file_line` is the line of a passage that is a row of the file.

    Raises
    ------
    InputError
        If the source cannot be read, a column is missing, or no row has a text.
    """
    if source.is_dir():
        corpus = read_corpus(source, data_path=data_path)
        passages = split_passages(corpus.documents, max_words=max_words)
        return Texts(passages.assign(group=passages["document_id"]), corpus.documents, corpus.quarantine)
    if not source.exists():
        raise InputError(f"There is no file or folder {source}.")
    rows: list[dict[str, object]] = []
    refused: list[Refused] = []
    try:
        kind = find_format(source)
        for item in read_rows(source, kind=kind, needed=[text_column, *extra]):
            row = item if isinstance(item, Refused) else _read_row(item, text_column, extra, kind in MARKED_UP)
            if isinstance(row, Refused):
                refused.append(row)
            else:
                rows.append(row)
    except MissingColumnsError as error:
        if text_column not in error.missing:
            raise
        raise InputError(f"{error.message} Name the one that holds the text.", argument="text_column") from None
    if not rows:
        raise InputError(f"{source} holds no row with text in the column {text_column}; {len(refused)} were refused.")
    documents = pd.DataFrame(rows)
    documents["corpus"] = strip_ending(source.name)
    documents["published"] = pd.to_datetime(documents["published"])
    if split:
        documents["language"] = detect_languages(documents["text"])
        passages = split_passages(documents.drop(columns="passage_id"), max_words=max_words)
    else:
        given = documents["passage_id"]
        passages = whole_passages(documents.drop(columns="passage_id"))
        hashes = [short_hash(str(number), text) for number, text in enumerate(documents["text"])]
        passages["passage_id"] = np.where(given != "", given, hashes)
        for name in ("file_line", *extra):
            passages[name] = documents[name]
    return Texts(passages.assign(group=passages["document_id"]), documents, quarantine_table(refused))


def _read_row(row: Row, text_column: str, extra: Sequence[str], marked_up: bool) -> dict[str, object] | Refused:
    """Values of a row as a document, or the row refused."""
    text = clean_text(read_markup(row.values[text_column]) if marked_up else row.values[text_column])
    if not text:
        return Refused(row.file, row.line, "no text")
    if has_lone_surrogate(row.values.values()):
        return Refused(row.file, row.line, LONE_SURROGATE)
    values = {name: row.values.get(name, "").strip() for name in _KNOWN_COLUMNS}
    return {
        **values,
        **{name: row.values[name] for name in extra},
        "text": text,
        "document_id": values["document_id"] or short_hash(row.file, str(row.line), text),
        "published": _read_date(values["published"]),
        "file_line": row.line,
    }


def _read_date(text: str) -> pd.Timestamp | None:
    if not _YEAR.search(text):  # pandas reads "now" and "12:30" as today
        return None
    try:
        when = pd.Timestamp(text)
        when = when if when.tzinfo is None else when.tz_convert(None)
        return when if 1 <= when.year <= 9999 else None
    except (ValueError, OverflowError):
        return None
