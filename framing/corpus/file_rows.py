"""Rows of a file as documents, one by one, or refused with the reason; the passages that they are or hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from framing.corpus.cleaning import LONE_SURROGATE, clean_text, has_lone_surrogate, is_blank
from framing.corpus.dates import read_date
from framing.corpus.document_rows import DocumentRow
from framing.corpus.formats import MARKED_UP, find_format, read_rows
from framing.corpus.markup import read_markup
from framing.corpus.metadata import carry_columns
from framing.corpus.passages import make_passages, whole_passages
from framing.corpus.records import MissingColumnsError, Note, Refused, Row, short_hash
from framing.corpus.seen import SeenIds
from framing.errors import InputError

__all__ = ["FileOptions", "make_no_text_error", "passages_of_file", "read_file"]

_KNOWN_COLUMNS = ("passage_id", "document_id", "outlet", "perspective", "published", "title", "url")
_SHOWN = 40  # characters of an id in a message


@dataclass(frozen=True, kw_only=True)
class FileOptions:
    """How the rows of a file are read.

    Attributes
    ----------
    text_column : str
        Column of the file that holds the text.
    extra : tuple of str
        More columns of the file to read, under their own names.
    split : bool
        Whether the rows are documents, to be split into passages; else each row is one passage.
    whole : bool
        Whether each document, of a corpus too, is one passage.
    metadata : {"all", "none"} or tuple of str
        Columns beyond ours that passages carry.
    date_formats : tuple of str
        Forms of the dates; by default ISO 8601.
    encoding : str
        Character encoding.
    """

    text_column: str = "text"
    extra: tuple[str, ...] = ()
    split: bool = False
    whole: bool = False
    metadata: str | tuple[str, ...] = "none"
    date_formats: tuple[str, ...] = ()
    encoding: str = "utf-8"

    @property
    def has_documents(self) -> bool:
        """Whether the rows of a file are documents; else each is a passage, of which a document may have several."""
        return self.split or self.whole


def read_file(source: Path, options: FileOptions, *, notes: list[Note]) -> Iterator[DocumentRow | Refused]:
    """Read the rows of a file as documents one by one, so that no more than one is in memory.

    Parameters
    ----------
    source : Path
        The file.
    options : FileOptions
        How it is read.
    notes : list of Note
        Remarks on how the file is read are appended.

    Yields
    ------
    DocumentRow or Refused
        In the order of the file.

    Raises
    ------
    InputError
        If the file cannot be read or a column is missing.
    """
    if not source.exists():
        raise InputError(f"There is no file or folder {source}.")
    named = () if isinstance(options.metadata, str) else options.metadata
    ours = [name for name in _KNOWN_COLUMNS if not (options.has_documents and name == "passage_id")]
    unique = "document_id" if options.has_documents else "passage_id"
    needed = [options.text_column, *options.extra, *named]
    seen = SeenIds()
    try:
        kind = find_format(source)
        for item in read_rows(source, kind=kind, needed=needed, notes=notes, encoding=options.encoding):
            if isinstance(item, Refused):
                yield item
                continue
            row = _read_row(item, options, ours, marked_up=kind in MARKED_UP)
            if isinstance(row, DocumentRow) and (given := row.values[unique]) and seen.add(given):
                row = Refused(item.file, item.line, f"the {unique} {given[:_SHOWN]!r} occurs a second time")
            yield row
    except MissingColumnsError as error:
        if options.text_column not in error.missing:
            raise
        raise InputError(f"{error.message} Name the one that holds the text.", argument="text_column") from None


def make_no_text_error(source: Path, text_column: str, n_refused: int) -> InputError:
    """Make the error of a file without a row with text.

    Parameters
    ----------
    source : Path
        The file.
    text_column : str
        Column that should hold the text.
    n_refused : int
        Number of its rows, which were all refused.

    Returns
    -------
    InputError
        The error.
    """
    return InputError(f"{source} holds no row with text in the column {text_column}; {n_refused} were refused.")


def passages_of_file(
    documents: pd.DataFrame,
    *,
    split: bool,
    max_words: int,
    more: Sequence[str],
    first: int = 0,
    whole: bool = False,
) -> pd.DataFrame:
    """Make the passages of rows of a file.

    Parameters
    ----------
    documents : DataFrame
        Rows, with the column `language` where they are split.
    split : bool
        Whether the rows are split into passages; else each is one.
    max_words : int
        Most words in a passage, where rows are split.
    more : sequence of str
        Further columns that passages have.
    first : int, default 0
        Number of rows of the file before these.
    whole : bool, default False
        Whether each row is a document that is one passage, with the id that it has in a corpus.

    Returns
    -------
    DataFrame
        One row a passage, with the columns `group`, and `file_line` where a row is a passage.
    """
    if split or whole:
        bare = documents.drop(columns=["passage_id", "file_line"])
        passages = make_passages(bare, unit="document" if whole else "passage", max_words=max_words)
        place = pd.Index(documents["document_id"]).get_indexer(passages["document_id"])
        for name in more:
            passages[name] = documents[name].to_numpy()[place]
    else:
        given = documents["passage_id"]
        passages = whole_passages(documents.drop(columns="passage_id"))
        hashes = [short_hash(str(number), text) for number, text in enumerate(documents["text"], start=first)]
        passages["passage_id"] = np.where(given != "", given, hashes)
        for name in more:
            passages[name] = documents[name]
    return passages.assign(group=passages["document_id"])


def _read_row(row: Row, options: FileOptions, ours: Sequence[str], *, marked_up: bool) -> DocumentRow | Refused:
    """The row as a document, or refused."""
    content = row.values[options.text_column]
    text = clean_text(read_markup(content) if marked_up else content)
    if is_blank(text):
        return Refused(row.file, row.line, "no text")
    if has_lone_surrogate(row.values.values()):
        return Refused(row.file, row.line, LONE_SURROGATE)
    known = {name: row.values.get(name, "").strip() for name in _KNOWN_COLUMNS}
    published = read_date(known["published"], options.date_formats)
    values = {
        "file": row.file,
        "line": row.line,
        "file_line": row.line,
        **known,
        **{name: row.values[name] for name in options.extra},
        "text": text,
        "document_id": known["document_id"] or short_hash(row.file, str(row.line), text),
        "published": published,
    }
    carried = carry_columns(row.values, {options.text_column, *options.extra, *ours})
    return DocumentRow(values, carried, undated="" if published else known["published"])
