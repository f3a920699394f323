"""Documents of a source in files, a part each: read once, checked when a stopped run goes on."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from framing.analysis.remarks import describe_dates
from framing.corpus.source_state import look_at_source, unchanged
from framing.corpus.streams import DocumentStream, Outline, TextSource
from framing.errors import FramingError
from framing.files.damage import DamageError
from framing.files.identity import file_sha256
from framing.files.sealed import SealedFile, read_sealed, write_sealed
from framing.files.sealed_json import read_record, write_record
from framing.files.whole import remove_place, whole_file
from framing.steps import Say, count_steps

__all__ = ["ReadParts", "load_moments", "open_part", "read_parts"]

_MOST_LOOKED_AT = 8  # parts whose texts stand for all
_DOCUMENTS, _OUTLINE, _KEPT = "documents", "outline.json", "kept.npy"


@dataclass(frozen=True)
class ReadParts:
    """The documents of a source in files, a part each.

    Attributes
    ----------
    folder : Path
        Folder of the files.
    key : str
        Hash of all that they depend on.
    outline : Outline
        What holds for all documents.
    remarks : tuple of str
        Which dates are in question.
    """

    folder: Path
    key: str
    outline: Outline
    remarks: tuple[str, ...]

    def file(self, number: int) -> Path:
        """Name the file of a part.

        Parameters
        ----------
        number : int
            Number of the part, from 0.

        Returns
        -------
        Path
            The file.
        """
        return self.folder / _name_part(number)

    def load(self, number: int, columns: list[str] | None = None) -> pd.DataFrame:
        """Load the documents of a part.

        Parameters
        ----------
        number : int
            Number of the part, from 0.
        columns : list of str, optional
            Columns that are wanted; all by default.

        Returns
        -------
        DataFrame
            One row a document, those that `where:` leaves out among them.

        Raises
        ------
        FramingError
            If the file is damaged.
        """
        return pd.read_parquet(open_part(self.file(number)).open(), columns=columns)

    def load_some_texts(self) -> tuple[list[str], int]:
        """Load the texts of parts from all of the source, at most eight.

        Returns
        -------
        texts : list of str
            Those of documents that are kept.
        n_documents : int
            Number of documents of the whole source that are kept.
        """
        n_parts = len(self.outline.n_documents)
        texts: list[str] = []
        for number in sorted(
            {place * n_parts // _MOST_LOOKED_AT for place in range(_MOST_LOOKED_AT)} if n_parts else ()
        ):
            texts += self.load(number, ["text"])["text"][self.kept(number)].to_list()
        return texts, sum(self.outline.n_documents) - self.outline.n_left_out

    def kept(self, number: int) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Say which documents of a part are kept.

        Parameters
        ----------
        number : int
            Number of the part, from 0.

        Returns
        -------
        ndarray of bool
            One a document of the part; False for those that `where:` leaves out.
        """
        first, n_documents = sum(self.outline.n_documents[:number]), self.outline.n_documents[number]
        if not self.outline.n_left_out:
            return np.ones(n_documents, dtype=bool)
        return np.array(np.load(self.folder / _KEPT, mmap_mode="r")[first : first + n_documents])


def read_parts(source: TextSource, folder: Path, *, say: Say | None = None) -> ReadParts:
    """Read the documents of a source into files, a part each; files of an earlier run that are complete stay.

    Parameters
    ----------
    source : TextSource
        What is read, and how.
    folder : Path
        Folder of the computation; the files are in a folder in it.
    say : callable, optional
        Gets lines of progress where standard error is no terminal, and one where files of an earlier run are damaged.

    Returns
    -------
    ReadParts
        The files.

    Raises
    ------
    InputError
        If the source cannot be read, or is changed while it is read.
    """
    import pyarrow as pa

    state = look_at_source(source)
    key = state.key
    home = folder / _DOCUMENTS
    try:
        if (known := _find_read(home, key)) is not None:
            return known
    except DamageError as damage:
        if say is not None:
            say(f"{damage}: the source is read anew")
    remove_place(home)
    home.mkdir(parents=True)
    stream = DocumentStream(source)
    what = "documents" if source.whole_documents else "rows"
    with unchanged(source, state), count_steps("reading", None, say=say, what=what) as steps:
        for number, table in enumerate(stream.read()):
            write_sealed(home / _name_part(number), pa.Table.from_pandas(table, preserve_index=False))
            steps.update(len(table))
        outline, dates, kept = stream.close()
    digest = ""
    if outline.n_left_out:
        with whole_file(home / _KEPT) as work, work.open("wb") as file:
            np.save(file, kept)
        digest = file_sha256(home / _KEPT)
    read = ReadParts(home, key, outline, tuple(describe_dates(dates)))
    write_record(home / _OUTLINE, {"key": key, "outline": asdict(outline), "remarks": read.remarks, "kept": digest})
    return read


def _find_read(home: Path, key: str) -> ReadParts | None:
    """Files of an earlier run that are complete; None without one, or where it read something else.

    Raises `DamageError` where a file is not as it was written.
    """
    try:
        record = read_record(home / _OUTLINE)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise DamageError(f"{home / _OUTLINE} cannot be read ({error.strerror or error})") from None
    if record["key"] != key:
        return None
    outline = Outline(**{name: _freeze(value) for name, value in record["outline"].items()})
    for number in range(len(outline.n_documents)):
        read_sealed(home / _name_part(number))
    if record["kept"]:
        found = ""
        with suppress(OSError):  # nothing there, or a folder
            found = file_sha256(home / _KEPT)
        if found != record["kept"]:
            raise DamageError(f"{home / _KEPT} is not as it was written")
    return ReadParts(home, key, outline, tuple(record["remarks"]))


def load_moments(read: ReadParts) -> pd.Series:
    """Load when the documents of all parts were published.

    Parameters
    ----------
    read : ReadParts
        The files.

    Returns
    -------
    Series of datetime
        Those of documents that are kept, each once.
    """
    columns = []
    for number in range(len(read.outline.n_documents)):
        published = read.load(number, ["published"])["published"]
        columns.append(published[read.kept(number)].drop_duplicates())
    return pd.concat(columns, ignore_index=True).drop_duplicates()


def open_part(path: Path) -> SealedFile:
    """Open the file of a part whose being whole was checked before.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    SealedFile
        Its content.

    Raises
    ------
    FramingError
        If it is missing or damaged, with its name.
    """
    try:
        return read_sealed(path)
    except DamageError as damage:
        raise FramingError(
            f"{damage}; it was before. Run the same command again: what is damaged is made anew. If that happens "
            "again, the disk is at fault."
        ) from None


def _name_part(number: int) -> str:
    return f"part-{number:05}.parquet"


def _freeze(value: Any) -> Any:
    return tuple(_freeze(item) for item in value) if isinstance(value, list) else value
