"""Documents of a corpus: the rows of its files, each a document or in the quarantine with file, line and reason."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.corpus.config import CorpusConfig, read_config
from framing.corpus.document_rows import DocumentRow, FileRead, read_documents
from framing.corpus.fingerprint import hash_corpus
from framing.corpus.header import clean_name
from framing.corpus.language import detect_languages
from framing.corpus.metadata import TRANSLATION, carried_name
from framing.corpus.records import Note, Refused, quarantine_table
from framing.corpus.stated_languages import StatedLanguages
from framing.errors import InputError
from framing.files.identity import file_sha256
from framing.selection import select_documents
from framing.tables import DOCUMENTS

__all__ = ["Corpus", "choose_carried", "make_empty_error", "make_left_out_error", "read_corpus"]


@dataclass(frozen=True)
class Corpus:
    """A corpus as it was read.

    Attributes
    ----------
    config : CorpusConfig
        Parsed corpus.yaml.
    documents : DataFrame
        One row a document, columns `framing.tables.DOCUMENTS`, then columns of the files that are carried by name.
    quarantine : DataFrame
        One row a refused row, columns `framing.tables.QUARANTINE`.
    files : DataFrame
        One row a file: `file, sha256, n_bytes, n_rows, n_kept, n_refused, n_left_out`; rows are kept, refused, or left
        out by `where:`.
    notes : tuple of Note
        Remarks on how files were read, such as the separator that was taken.
    hash : str
        sha256 over the contents of the files and the settings that shape the documents.
    file_numbers : ndarray of int
        Row of `files` that each document is from, from 0.
    """

    config: CorpusConfig
    documents: pd.DataFrame
    quarantine: pd.DataFrame
    files: pd.DataFrame
    notes: tuple[Note, ...]
    hash: str
    file_numbers: NDArray[np.intp]

    def keep(self, kept: pd.Series) -> Corpus:
        """Leave out documents, and count them.

        Parameters
        ----------
        kept : Series of bool
            Per document, whether it is kept.

        Returns
        -------
        Corpus
            The same corpus with the documents that are kept; `files` counts the others as left out.

        Raises
        ------
        InputError
            If none is kept.
        """
        if not kept.any():
            raise make_left_out_error(self.config, len(kept))
        chosen = kept.to_numpy(bool)
        left_out = np.bincount(self.file_numbers[~chosen], minlength=len(self.files))
        files = self.files.assign(
            n_kept=self.files["n_kept"] - left_out, n_left_out=self.files["n_left_out"] + left_out
        )
        documents = self.documents[chosen].reset_index(drop=True)
        return replace(self, documents=documents, files=files, file_numbers=self.file_numbers[chosen])


def read_corpus(folder: str | Path, *, data_path: str = "") -> Corpus:
    """Read the documents of a corpus.

    Parameters
    ----------
    folder : str or Path
        Folder with a corpus.yaml.
    data_path : str, default ""
        Folder of the files, over the environment variable FRAMING_DATA.

    Returns
    -------
    Corpus
        `documents` with the columns `framing.tables.DOCUMENTS`, then those of the files that `metadata:` carries;
        `published` is a timestamp or NaT, all else text, empty where the source has none. `quarantine` has one row a
        refused row.

    Raises
    ------
    InputError
        A missing column, an unreadable file or encoding, or no document at all.

    Notes
    -----
    Rows read are rows kept, refused, or left out by `where:`; `files` has the numbers.
    """
    folder = Path(folder)
    config = read_config(folder)
    rows: list[DocumentRow] = []
    refused: list[Refused] = []
    notes: list[Note] = []
    files: list[FileRead] = []
    for item in read_documents(config, folder, data_path=data_path, files=files, notes=notes):
        if isinstance(item, Refused):
            refused.append(item)
        else:
            rows.append(item)
    digests = [file_sha256(file.path) for file in files]
    quarantine = quarantine_table(refused)
    if not rows:
        raise make_empty_error(config, len(files), Counter(quarantine["reason"]))
    documents = _make_table(rows, config, notes)
    corpus = Corpus(
        config=config,
        documents=documents,
        quarantine=quarantine,
        files=pd.DataFrame([_describe(file, digest) for file, digest in zip(files, digests, strict=True)]),
        notes=tuple(notes),
        hash=hash_corpus(
            config,
            [(file.source, file.path, digest) for file, digest in zip(files, digests, strict=True)],
        ),
        file_numbers=np.array([row.file_number for row in rows], dtype=np.intp),
    )
    return corpus.keep(select_documents(documents, config.where)) if config.where else corpus


def make_left_out_error(config: CorpusConfig, n_documents: int) -> InputError:
    """Make the error of a corpus whose documents are all left out.

    Parameters
    ----------
    config : CorpusConfig
        Content of corpus.yaml.
    n_documents : int
        Number of its documents.

    Returns
    -------
    InputError
        The error.
    """
    return InputError(f"Corpus {config.corpus} is empty: none of its {n_documents} documents is as where: says.")


def make_empty_error(config: CorpusConfig, n_files: int, reasons: Counter[str]) -> InputError:
    """Make the error of a corpus without a document.

    Parameters
    ----------
    config : CorpusConfig
        Content of corpus.yaml.
    n_files : int
        Number of its files.
    reasons : Counter
        How many rows were refused for each reason.

    Returns
    -------
    InputError
        Names the most frequent reason.
    """
    why = f" {reasons.total()} rows were refused, most often: {reasons.most_common(1)[0][0]}." if reasons else ""
    return InputError(f"Corpus {config.corpus} is empty: no row of {n_files} file(s) could be used.{why}")


def _describe(file: FileRead, digest: str) -> dict[str, Any]:
    """A row of the table of files."""
    return {
        "file": file.path.name,
        "sha256": digest,
        "n_bytes": file.path.stat().st_size,
        "n_rows": file.n_kept + file.n_refused,
        "n_kept": file.n_kept,
        "n_refused": file.n_refused,
        "n_left_out": 0,
    }


def choose_carried(carried: list[str], config: CorpusConfig) -> list[str]:
    """Choose the columns of the files that documents carry.

    Parameters
    ----------
    carried : list of str
        Columns that the files have, by their names in the tables.
    config : CorpusConfig
        Content of corpus.yaml, with `metadata:`.

    Returns
    -------
    list of str
        Those that `metadata:` asks for.

    Raises
    ------
    InputError
        If it asks for a column that no file has.
    """
    if isinstance(config.metadata, tuple):
        absent = [name for name in config.metadata if carried_name(clean_name(name)) not in carried]
        if absent:
            raise InputError(
                f"Corpus {config.corpus}: metadata: no file has the column(s) {', '.join(absent)} besides those under "
                f"columns. The files have: {', '.join(carried) or 'no others'}."
            )
        ours = [name for name in (TRANSLATION,) if name in carried]
        return [*ours, *(carried_name(clean_name(name)) for name in config.metadata)]
    if isinstance(config.metadata, dict):
        absent = [name for name in config.metadata if name not in carried]
        if absent:
            raise InputError(
                f"Corpus {config.corpus}: metadata: no file has a column for {', '.join(absent)} "
                f"({', '.join(column for name in absent for column in config.metadata[name])})."
            )
    return carried


def _make_table(rows: list[DocumentRow], config: CorpusConfig, notes: list[Note]) -> pd.DataFrame:
    """The documents as a table: our columns, then those that are carried; a note on languages that the files state."""
    carried = choose_carried(list(dict.fromkeys(name for row in rows for name in row.carried)), config)
    documents = pd.DataFrame([row.values for row in rows])
    if "language" in documents.columns:
        stated = StatedLanguages()
        documents["language"] = stated.resolve(documents["text"], documents["language"])
        if text := stated.describe():
            notes.append(Note("corpus.yaml", text))
    else:
        documents["language"] = detect_languages(documents["text"])
    documents["published"] = pd.to_datetime(documents["published"])
    more = {name: [row.carried.get(name, "") for row in rows] for name in carried}
    return pd.concat([documents[list(DOCUMENTS)], pd.DataFrame(more, index=documents.index)], axis=1)
