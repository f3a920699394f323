"""Documents of a corpus folder or a file in parts of bounded size; what holds for all of them is known at the end."""

from __future__ import annotations

import hashlib
import json
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.corpus.config import CorpusConfig, read_config
from framing.corpus.document_rows import DocumentRow, FileRead, read_documents
from framing.corpus.documents import choose_carried, make_empty_error, make_left_out_error
from framing.corpus.file_kinds import strip_ending
from framing.corpus.file_rows import FileOptions, make_no_text_error, read_file
from framing.corpus.fingerprint import corpus_fingerprint
from framing.corpus.metadata import choose_corpus_metadata, choose_metadata, find_told, tell_columns
from framing.corpus.records import Note, Refused
from framing.corpus.stated_languages import StatedLanguages, find_document_languages
from framing.defaults import Unit
from framing.errors import InputError
from framing.files.identity import code_hash, file_sha256, library_versions
from framing.selection import select_documents
from framing.tables import DOCUMENTS

__all__ = ["DocumentStream", "Outline", "TextSource"]

_SHAPES_DOCUMENTS = ("corpus", "defaults", "errors", "files", "selection", "tables")  # code that changes what is read
PART_CHARACTERS = 1_000_000  # about two thousand passages
PART_DOCUMENTS = 4096
_LISTED = 20  # refused and undated rows that are kept; all are counted
_EPOCH = datetime(1970, 1, 1)
_NO_DATE = np.iinfo(np.int64).min


@dataclass(frozen=True, kw_only=True)
class TextSource:
    """What is read, and how its texts become passages.

    Attributes
    ----------
    path : Path
        A corpus folder, or a file of one of the formats.
    options : FileOptions
        How a file is read; of a corpus, which columns its passages carry.
    max_words : int
        Most words in a passage, where documents are split.
    data_path : str
        Folder of the files of a corpus, over the environment variable FRAMING_DATA.
    """

    path: Path
    options: FileOptions
    max_words: int
    data_path: str = ""

    @property
    def whole_documents(self) -> bool:
        """Whether what is read are documents; else each row is a passage."""
        return self.options.has_documents or self.path.is_dir()

    @property
    def unit(self) -> Unit:
        """What is classified: passages, or documents as a whole."""
        return "document" if self.options.whole else "passage"

    def describe(self) -> str:
        """Compute the hash of all that the parts depend on: content of the files, how they are read, and by what code.

        Returns
        -------
        str
            64 hexadecimal digits.

        Raises
        ------
        InputError
            If there is no such file or folder, or its corpus.yaml is wrong.
        """
        if self.path.is_dir():
            content = corpus_fingerprint(self.path, data_path=self.data_path)
        elif self.path.is_file():
            content = f"{self.path.name} {file_sha256(self.path)}"
        else:
            raise InputError(f"There is no file or folder {self.path}.")
        code = [code_hash(_SHAPES_DOCUMENTS), library_versions()]
        known = [content, asdict(self.options), self.max_words, PART_CHARACTERS, PART_DOCUMENTS, code]
        return hashlib.sha256(json.dumps(known).encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Outline:
    """What holds for all documents of a source, known once it was read to its end.

    Attributes
    ----------
    carried : tuple of str
        Columns beyond ours that passages carry.
    told : tuple of str
        Those of the columns `title` and `url` that passages of a file have.
    n_documents : tuple of int
        Documents of each part, those that `where:` leaves out among them.
    n_left_out : int
        Documents that `where:` leaves out.
    n_refused : int
        Rows that could not be read.
    refused : tuple of tuple
        File, line and reason of the first of them.
    n_undated : int
        Rows of a file that were kept without their date, which is of no known form.
    undated : tuple of tuple
        File, line and date of the first of them.
    notes : tuple of tuple
        File and remark on how it was read.
    lacking : tuple of str
        Those of the columns `outlet` and `published` that have no value.
    """

    carried: tuple[str, ...]
    told: tuple[str, ...]
    n_documents: tuple[int, ...]
    n_left_out: int
    n_refused: int
    refused: tuple[tuple[str, int, str], ...]
    n_undated: int
    undated: tuple[tuple[str, int, str], ...]
    notes: tuple[tuple[str, str], ...]
    lacking: tuple[str, ...]


@dataclass
class _Seen:
    """What is kept of the documents that have passed: a few bytes each."""

    carried: dict[str, None] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)
    has_outlet: bool = False
    files: dict[str, int] = field(default_factory=dict)
    file_numbers: array[int] = field(default_factory=lambda: array("I"))
    lines: array[int] = field(default_factory=lambda: array("q"))
    moments: array[int] = field(default_factory=lambda: array("q"))  # microseconds since 1970
    columns: dict[str, list[str]] = field(default_factory=dict)  # those that `where:` names
    values: dict[str, str] = field(default_factory=dict)  # each text of those once
    refused: list[Refused] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    undated: list[tuple[str, int, str]] = field(default_factory=list)
    n_undated: int = 0

    def add(self, row: DocumentRow) -> None:
        values = row.values
        self.carried.update(dict.fromkeys(row.carried))
        self.told.update(find_told(lambda name: bool(values[name])))
        self.has_outlet = self.has_outlet or bool(values["outlet"])
        self.file_numbers.append(self.files.setdefault(values["file"], len(self.files)))
        self.lines.append(values["line"])
        published = values["published"]
        self.moments.append(_NO_DATE if published is None else _count_microseconds(published))
        for name, kept in self.columns.items():
            text = row.carried.get(name, "") if name not in values else values[name]
            kept.append(self.values.setdefault(text, text))
        if row.undated:
            self.n_undated += 1
            self.undated += [(values["file"], values["line"], row.undated)][: _LISTED - len(self.undated)]

    def refuse(self, item: Refused) -> None:
        self.reasons[item.reason if len(self.reasons) < _LISTED else "another reason"] += 1
        self.refused += [item][: _LISTED - len(self.refused)]


class DocumentStream:
    """Documents of a source in parts of about a million characters.

    Parameters
    ----------
    source : TextSource
        What is read, and how.

    Notes
    -----
    The same source makes the same parts, whoever reads it. Between parts a few bytes a document are kept: a hash of its
    id, so that an id that occurs again is found, its date and its place. Formats that can only be read as a whole, such
    as xlsx and json, are read file by file.
    """

    def __init__(self, source: TextSource) -> None:
        self.source = source
        self._config: CorpusConfig | None = read_config(source.path) if source.path.is_dir() else None
        self._seen = _Seen()
        self._files: list[FileRead] = []
        self._notes: list[Note] = []
        self._stated = StatedLanguages()
        self._n_documents: list[int] = []
        where: Mapping[str, object] = self._config.where if self._config is not None else {}
        self._seen.columns = {name: [] for name in where if name not in ("published", "language")}
        self._languages: list[str] | None = [] if "language" in where else None

    def read(self) -> Iterator[pd.DataFrame]:
        """Read the documents.

        Yields
        ------
        DataFrame
            The documents of the next part: our columns, then those of the files that some of them have.

        Raises
        ------
        InputError
            If the source cannot be read, or a column is missing.
        """
        rows: list[DocumentRow] = []
        n_characters = 0
        for item in self._open():
            if isinstance(item, Refused):
                self._seen.refuse(item)
                continue
            self._seen.add(item)
            rows.append(item)
            n_characters += len(item.values["text"])
            if n_characters >= PART_CHARACTERS or len(rows) >= PART_DOCUMENTS:
                yield self._make_part(rows)
                rows, n_characters = [], 0
        if rows:
            yield self._make_part(rows)

    def _open(self) -> Iterator[DocumentRow | Refused]:
        source = self.source
        if self._config is None:
            return read_file(source.path, source.options, notes=self._notes)
        return read_documents(
            self._config, source.path, data_path=source.data_path, files=self._files, notes=self._notes
        )

    def _make_part(self, rows: list[DocumentRow]) -> pd.DataFrame:
        self._n_documents.append(len(rows))
        carried = dict.fromkeys(name for row in rows for name in row.carried)
        columns: dict[str, Any] = {name: [row.values[name] for row in rows] for name in rows[0].values}
        columns |= {name: [row.carried.get(name, "") for row in rows] for name in carried}
        if self._config is None:
            columns["corpus"] = strip_ending(self.source.path.name)
        table = pd.DataFrame(columns)
        table["published"] = pd.to_datetime(table["published"]).astype("datetime64[us]")
        if self._config is not None and "language" in table.columns:
            table["language"] = self._stated.resolve(table["text"], table["language"])
        if self._languages is not None:
            self._languages += find_document_languages(table)
        return table

    def close(self) -> tuple[Outline, pd.DataFrame, NDArray[np.bool_]]:
        """Say what holds for all documents, once `read` has come to its end.

        Returns
        -------
        outline : Outline
            What holds for all of them.
        dates : DataFrame
            `published, file, line` of each document that is kept.
        kept : ndarray of bool
            Of each document of all parts, whether it is kept: those that `where:` leaves out are not.

        Raises
        ------
        InputError
            If there is no document, a column that was asked for is missing, or `where:` leaves out all documents.
        """
        seen, config, source = self._seen, self._config, self.source
        if self._config is not None and (text := self._stated.describe()):
            self._notes.append(Note("corpus.yaml", text))
        n_refused = seen.reasons.total()
        if not seen.lines:
            if config is not None:
                raise make_empty_error(config, len(self._files), seen.reasons)
            raise make_no_text_error(source.path, source.options.text_column, n_refused)
        metadata, told = source.options.metadata, find_told(seen.told.__contains__)
        if config is None:
            carried, told = choose_metadata(list(seen.carried), metadata), tell_columns(told, metadata)
        else:
            carried, told = (
                choose_corpus_metadata(source.path, choose_carried(list(seen.carried), config), metadata),
                [],
            )
        dates = pd.DataFrame(
            {
                "published": np.array(seen.moments, dtype="datetime64[us]"),
                "file": pd.Categorical.from_codes(
                    np.array(seen.file_numbers, dtype=np.int32), pd.Index(list(seen.files))
                ),
                "line": np.array(seen.lines, dtype=np.int64),
            }
        )
        kept = self._select(dates)
        n_left_out = int((~kept).sum())
        dates = dates[kept] if n_left_out else dates
        lacking = [] if seen.has_outlet else ["outlet"]
        outline = Outline(
            carried=tuple(carried),
            told=tuple(told),
            n_documents=tuple(self._n_documents),
            n_left_out=n_left_out,
            n_refused=n_refused,
            refused=tuple((item.file, item.line, item.reason) for item in seen.refused),
            n_undated=seen.n_undated,
            undated=tuple(seen.undated),
            notes=tuple((note.file, note.text) for note in self._notes),
            lacking=tuple(lacking if dates["published"].notna().any() else [*lacking, "published"]),
        )
        return outline, dates, kept

    def _select(self, dates: pd.DataFrame) -> NDArray[np.bool_]:
        """Which documents `where:` keeps."""
        if self._config is None or not self._config.where:
            return np.ones(len(dates), dtype=bool)
        carried = choose_carried(list(self._seen.carried), self._config)
        known = [*DOCUMENTS, *carried]
        for name, selection in self._config.where.items():
            if name not in known or name == "text":
                select_documents(pd.DataFrame(columns=known), {name: selection})
        columns: dict[str, Any] = {**self._seen.columns, "published": dates["published"]}
        if self._languages is not None:
            columns["language"] = self._languages
        kept = select_documents(pd.DataFrame(columns), self._config.where).to_numpy(bool)
        if not kept.any():
            raise make_left_out_error(self._config, len(kept))
        return kept


def _count_microseconds(moment: datetime) -> int:
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
