"""Texts of a corpus folder or of any file of the known formats, as documents and as passages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from framing.corpus.document_rows import DocumentRow
from framing.corpus.documents import read_corpus
from framing.corpus.file_kinds import strip_ending
from framing.corpus.file_rows import FileOptions, make_no_text_error, passages_of_file, read_file
from framing.corpus.language import detect_languages
from framing.corpus.metadata import choose_corpus_metadata, choose_metadata, find_told, tell_columns
from framing.corpus.passages import split_passages
from framing.corpus.records import Note, Refused, quarantine_table
from framing.defaults import MAX_WORDS
from framing.tables import DOCUMENTS, PASSAGES

__all__ = ["Texts", "read_passages", "read_texts"]

_UNDATED = ("file", "line", "published")


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
    undated : DataFrame
        `file, line, published` of each row of a file that was kept without its date, which is of no known form.
    notes : tuple of Note
        Remarks on how files were read.
    """

    passages: pd.DataFrame
    documents: pd.DataFrame
    refused: pd.DataFrame
    undated: pd.DataFrame
    notes: tuple[Note, ...]


def read_texts(
    source: Path,
    *,
    text_column: str = "text",
    extra: Sequence[str] = (),
    split: bool = False,
    max_words: int = MAX_WORDS,
    data_path: str = "",
    metadata: str | Sequence[str] = "none",
    date_formats: Sequence[str] = (),
    encoding: str = "utf-8",
) -> Texts:
    """Read the texts of a corpus folder or a file, as documents and as passages.

    Parameters
    ----------
    source : Path
        Corpus folder, or file of one of the formats.
    text_column : str, default "text"
        Column of the file that holds the text.
    extra : sequence of str, default ()
        More columns of the file to read, under their own names.
    split : bool, default False
        Whether the rows of a file are documents, to be split into passages; else each row is one passage.
    max_words : int, default 90
        Most words in a passage, where documents are split.
    data_path : str, default ""
        Folder of the files of a corpus, over the environment variable FRAMING_DATA.
    metadata : {"all", "none"} or sequence of str, default "none"
        Columns beyond ours that passages carry: a column with the name of one of ours as `file_<name>`.
    date_formats : sequence of str, default ()
        Forms of the dates of a file, as `framing.corpus.dates.read_date` takes them; by default ISO 8601.
    encoding : str, default "utf-8"
        Character encoding of a file.

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

    Notes
    -----
    A row whose `passage_id` occurred before is refused; if rows are documents, one whose `document_id` did.
    """
    if source.is_dir():
        return _read_folder(source, metadata, max_words=max_words, data_path=data_path)
    rows: list[DocumentRow] = []
    refused: list[Refused] = []
    notes: list[Note] = []
    options = FileOptions(
        text_column=text_column,
        extra=tuple(extra),
        split=split,
        metadata=metadata if isinstance(metadata, str) else tuple(metadata),
        date_formats=tuple(date_formats),
        encoding=encoding,
    )
    for item in read_file(source, options, notes=notes):
        if isinstance(item, Refused):
            refused.append(item)
        else:
            rows.append(item)
    if not rows:
        raise make_no_text_error(source, text_column, len(refused))
    documents = _make_table(rows, metadata)
    documents["corpus"] = strip_ending(source.name)
    told = tell_columns(find_told(lambda name: bool(documents[name].any())), metadata)
    documents["language"] = detect_languages(documents["text"])
    undated = [(row.values["file"], row.values["line"], row.undated) for row in rows if row.undated]
    return Texts(
        passages_of_file(documents, split=split, max_words=max_words, more=(*extra, *told)),
        documents,
        quarantine_table(refused),
        pd.DataFrame(undated, columns=list(_UNDATED)),
        tuple(notes),
    )


def _read_folder(source: Path, metadata: str | Sequence[str], *, max_words: int, data_path: str) -> Texts:
    """Documents and passages of a corpus, with all or some of the columns that its corpus.yaml carries."""
    corpus = read_corpus(source, data_path=data_path)
    passages = split_passages(corpus.documents, max_words=max_words)
    carried = [name for name in passages.columns if name not in {*PASSAGES, *DOCUMENTS}]
    wanted = choose_corpus_metadata(source, carried, metadata)
    passages = passages.drop(columns=[name for name in carried if name not in wanted])
    passages["group"] = passages["document_id"]
    return Texts(passages, corpus.documents, corpus.quarantine, pd.DataFrame(columns=list(_UNDATED)), corpus.notes)


def _make_table(rows: list[DocumentRow], metadata: str | Sequence[str]) -> pd.DataFrame:
    """Rows as a table, with the columns that are carried at its end."""
    carried = choose_metadata(list(dict.fromkeys(name for row in rows for name in row.carried)), metadata)
    documents = pd.DataFrame([row.values for row in rows])
    documents["published"] = pd.to_datetime(documents["published"])
    more = {name: [row.carried.get(name, "") for row in rows] for name in carried}
    return pd.concat([documents, pd.DataFrame(more, index=documents.index)], axis=1)
