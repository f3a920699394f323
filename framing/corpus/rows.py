"""Texts of a corpus folder or of any file of the known formats, as documents and as passages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from framing.corpus.cleaning import LONE_SURROGATE, clean_text, has_lone_surrogate, is_blank
from framing.corpus.dates import read_date
from framing.corpus.documents import read_corpus
from framing.corpus.file_kinds import strip_ending
from framing.corpus.formats import MARKED_UP, find_format, read_rows
from framing.corpus.language import detect_languages
from framing.corpus.markup import read_markup
from framing.corpus.metadata import carried_name, carry_columns
from framing.corpus.passages import split_passages, whole_passages
from framing.corpus.records import MissingColumnsError, Note, Refused, Row, quarantine_table, short_hash
from framing.defaults import MAX_WORDS
from framing.errors import InputError
from framing.tables import DOCUMENTS, PASSAGES

__all__ = ["Texts", "read_passages", "read_texts"]

_KNOWN_COLUMNS = ("passage_id", "document_id", "outlet", "perspective", "published", "title", "url")
_TOLD = ("title", "url")  # columns of ours that passages lack
_UNDATED = ("file", "line", "published")
_SHOWN = 40  # characters of an id in a message


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
    if not source.exists():
        raise InputError(f"There is no file or folder {source}.")
    rows: list[_Read] = []
    refused: list[Refused] = []
    notes: list[Note] = []
    named = () if isinstance(metadata, str) else tuple(metadata)
    ours = [name for name in _KNOWN_COLUMNS if not (split and name == "passage_id")]
    unique = "document_id" if split else "passage_id"
    seen: set[str] = set()
    try:
        kind = find_format(source)
        for item in read_rows(source, kind=kind, needed=[text_column, *extra, *named], notes=notes, encoding=encoding):
            row = (
                item
                if isinstance(item, Refused)
                else _read_row(item, text_column, extra, ours, date_formats, marked_up=kind in MARKED_UP)
            )
            if isinstance(row, _Read) and row.values[unique] in seen:
                reason = f"the {unique} {row.values[unique][:_SHOWN]!r} occurs a second time"
                row = Refused(row.values["file"], row.values["line"], reason)
            if isinstance(row, Refused):
                refused.append(row)
            else:
                seen.update({row.values[unique]} - {""})
                rows.append(row)
    except MissingColumnsError as error:
        if text_column not in error.missing:
            raise
        raise InputError(f"{error.message} Name the one that holds the text.", argument="text_column") from None
    if not rows:
        raise InputError(f"{source} holds no row with text in the column {text_column}; {len(refused)} were refused.")
    documents = _make_table(rows, metadata)
    documents["corpus"] = strip_ending(source.name)
    told = [name for name in _TOLD if documents[name].any() and (metadata == "all" or name in named)]
    if split:
        documents["language"] = detect_languages(documents["text"])
        passages = split_passages(documents.drop(columns=["passage_id", "file_line"]), max_words=max_words)
        place = pd.Index(documents["document_id"]).get_indexer(passages["document_id"])
        for name in told:
            passages[name] = documents[name].to_numpy()[place]
    else:
        given = documents["passage_id"]
        passages = whole_passages(documents.drop(columns="passage_id"))
        hashes = [short_hash(str(number), text) for number, text in enumerate(documents["text"])]
        passages["passage_id"] = np.where(given != "", given, hashes)
        for name in (*extra, *told):
            passages[name] = documents[name]
    undated = [(row.values["file"], row.values["line"], row.undated) for row in rows if row.undated]
    return Texts(
        passages.assign(group=passages["document_id"]),
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
    wanted = carried if metadata == "all" else []
    if not isinstance(metadata, str):
        wanted = [name if name in carried else carried_name(name) for name in metadata]
        absent = [name for name, place in zip(metadata, wanted, strict=True) if place not in carried]
        if absent:
            raise InputError(
                f"{source}: the corpus carries no column(s) {', '.join(absent)}. It carries: "
                f"{', '.join(carried) or 'none'}.",
                argument="metadata",
            )
    passages = passages.drop(columns=[name for name in carried if name not in wanted])
    passages["group"] = passages["document_id"]
    return Texts(passages, corpus.documents, corpus.quarantine, pd.DataFrame(columns=list(_UNDATED)), corpus.notes)


@dataclass(frozen=True, slots=True)
class _Read:
    """A row as a document: our columns, the columns that are carried, and its date where it could not be read."""

    values: dict[str, Any]
    carried: dict[str, str]
    undated: str


def _make_table(rows: list[_Read], metadata: str | Sequence[str]) -> pd.DataFrame:
    """Rows as a table, with the columns that are carried at its end."""
    carried = list(dict.fromkeys(name for row in rows for name in row.carried)) if metadata != "none" else []
    if not isinstance(metadata, str):
        wanted = {place for name in metadata for place in (name, carried_name(name))}
        carried = [name for name in carried if name in wanted]
    documents = pd.DataFrame([row.values for row in rows])
    documents["published"] = pd.to_datetime(documents["published"])
    more = {name: [row.carried.get(name, "") for row in rows] for name in carried}
    return pd.concat([documents, pd.DataFrame(more, index=documents.index)], axis=1)


def _read_row(
    row: Row,
    text_column: str,
    extra: Sequence[str],
    ours: Sequence[str],
    date_formats: Sequence[str],
    *,
    marked_up: bool,
) -> _Read | Refused:
    """The row as a document, or refused."""
    text = clean_text(read_markup(row.values[text_column]) if marked_up else row.values[text_column])
    if is_blank(text):
        return Refused(row.file, row.line, "no text")
    if has_lone_surrogate(row.values.values()):
        return Refused(row.file, row.line, LONE_SURROGATE)
    known = {name: row.values.get(name, "").strip() for name in _KNOWN_COLUMNS}
    published = read_date(known["published"], date_formats)
    values = {
        "file": row.file,
        "line": row.line,
        "file_line": row.line,
        **known,
        **{name: row.values[name] for name in extra},
        "text": text,
        "document_id": known["document_id"] or short_hash(row.file, str(row.line), text),
        "published": published,
    }
    carried = carry_columns(row.values, {text_column, *extra, *ours})
    return _Read(values, carried, "" if published else known["published"])
