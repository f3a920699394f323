"""Files of a computation in parts: documents as they were read, their scores, and the list that must match both."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from framing.analysis.remarks import describe_dates
from framing.corpus.streams import DocumentStream, Outline, TextSource
from framing.errors import FramingError
from framing.files.whole import whole_file, write_whole
from framing.steps import Say, count_steps

__all__ = [
    "MANIFEST",
    "PartFacts",
    "ReadParts",
    "check_parts",
    "load_moments",
    "read_facts",
    "read_parts",
    "write_part",
]

MANIFEST = "manifest.json"
_DOCUMENTS, _OUTLINE, _KEPT = "documents", "outline.json", "kept.npy"
_FACTS = b"framing"  # key of the metadata of a Parquet file


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
        return self.folder / f"part-{number:05}.parquet"

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


@dataclass(frozen=True, kw_only=True)
class PartFacts:
    """Counts of a part whose passages are classified.

    Attributes
    ----------
    file : str
        Name of its file.
    n_documents : int
        Its documents.
    n_passages : int
        Its passages: rows of the file.
    n_long : int
        Passages that are longer than what the model reads at once.
    n_abstained : int
        Decisions that are abstentions.
    has_return : bool
        Whether a text has a carriage return, so that all texts of a CSV file are quoted.
    languages : dict of str to int
        Documents by detected language.
    """

    file: str
    n_documents: int
    n_passages: int
    n_long: int
    n_abstained: int
    has_return: bool
    languages: dict[str, int] = field(default_factory=dict)


def read_parts(source: TextSource, folder: Path, *, say: Say | None = None) -> ReadParts:
    """Read the documents of a source into files, a part each; files of an earlier run that are complete stay.

    Parameters
    ----------
    source : TextSource
        What is read, and how.
    folder : Path
        Folder of the computation; the files are in a folder in it.
    say : callable, optional
        Gets lines of progress where standard error is no terminal.

    Returns
    -------
    ReadParts
        The files.

    Raises
    ------
    InputError
        If the source cannot be read.
    """
    key = source.describe()
    home = folder / _DOCUMENTS
    if (known := _read_outline(home, key)) is not None:
        return known
    (home / _OUTLINE).unlink(missing_ok=True)
    home.mkdir(parents=True, exist_ok=True)
    stream = DocumentStream(source)
    with count_steps("reading", None, say=say, what="documents" if source.whole_documents else "rows") as steps:
        for number, table in enumerate(stream.read()):
            with whole_file(home / f"part-{number:05}.parquet") as work:
                table.to_parquet(work, index=False)
            steps.update(len(table))
    outline, dates, kept = stream.close()
    if outline.n_left_out:
        with whole_file(home / _KEPT) as work, work.open("wb") as file:
            np.save(file, kept)
    read = ReadParts(home, key, outline, tuple(describe_dates(dates)))
    record = {"key": key, "outline": asdict(outline), "remarks": read.remarks}
    write_whole(home / _OUTLINE, json.dumps(record).encode())
    return read


def _read_outline(home: Path, key: str) -> ReadParts | None:
    """Files of an earlier run with the same key; None unless they are complete."""
    try:
        record = json.loads((home / _OUTLINE).read_bytes())
        if record["key"] != key:
            return None
        outline = Outline(**{name: _freeze(value) for name, value in record["outline"].items()})
        return ReadParts(home, key, outline, tuple(record["remarks"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _freeze(value: Any) -> Any:
    return tuple(_freeze(item) for item in value) if isinstance(value, list) else value


def write_part(path: Path, table: Any, facts: PartFacts) -> None:
    """Write a part, whole or not at all, with its counts in its metadata.

    Parameters
    ----------
    path : Path
        The file.
    table : pyarrow.Table
        A row a passage.
    facts : PartFacts
        Its counts.
    """
    import pyarrow.parquet as pq

    metadata = {**(table.schema.metadata or {}), _FACTS: json.dumps(asdict(facts)).encode()}
    with whole_file(path) as work:
        pq.write_table(table.replace_schema_metadata(metadata), work)


def read_facts(path: Path) -> PartFacts | None:
    """Read the counts of a part that is finished.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    PartFacts or None
        None where there is no such file, or it is damaged.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        metadata = pq.read_metadata(path)
        facts = PartFacts(**json.loads(metadata.metadata[_FACTS]))
    except (OSError, pa.ArrowException, ValueError, KeyError, TypeError):
        return None
    return facts if facts.n_passages == metadata.num_rows and facts.file == path.name else None


def check_parts(folder: Path, read: ReadParts, parts: Iterable[PartFacts]) -> None:
    """Check the files of all parts against their counts and the rows that were read; write the list of them last.

    Parameters
    ----------
    folder : Path
        Folder of the files.
    read : ReadParts
        The documents.
    parts : iterable of PartFacts
        Counts as they were reported, in the order of the parts.

    Raises
    ------
    FramingError
        If a file is missing or holds other rows than were reported, or documents were lost or doubled.
    """
    listed = list(parts)
    wrong = [facts.file for facts in listed if read_facts(folder / facts.file) != facts]
    if wrong:
        raise FramingError(
            f"{folder}: {len(wrong)} part(s) such as {wrong[0]} are not as they were written. Delete them and run the "
            "same command again."
        )
    outline = read.outline
    n_read, n_kept = sum(outline.n_documents), sum(facts.n_documents for facts in listed)
    doubled = len(listed) - len({facts.file for facts in listed})
    if len(listed) != len(outline.n_documents) or doubled or n_kept + outline.n_left_out != n_read:
        raise FramingError(
            f"{folder}: {n_read} documents were read, and {n_kept} are in {len(listed)} parts of "
            f"{len(outline.n_documents)}, {outline.n_left_out} left out. Delete the folder and run the command again."
        )
    manifest = {
        "rows_in": n_read + outline.n_refused,
        "rows_kept": n_kept,
        "rows_left_out": outline.n_left_out,
        "rows_refused": outline.n_refused,
        "passages": sum(facts.n_passages for facts in listed),
        "parts": [asdict(facts) for facts in listed],
    }
    write_whole(folder / MANIFEST, json.dumps(manifest, indent=1).encode())


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
        published = pd.read_parquet(read.file(number), columns=["published"])["published"]
        columns.append(published[read.kept(number)].drop_duplicates())
    return pd.concat(columns, ignore_index=True).drop_duplicates()
