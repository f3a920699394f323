"""Options that several commands share, one by one and as records; options that do not go together are refused."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from framing.cli.remarks import say, say_reading
from framing.corpus.dates import check_date_format
from framing.corpus.file_rows import FileOptions
from framing.corpus.fingerprint import list_source_files
from framing.corpus.rows import Texts, read_texts
from framing.corpus.streams import TextSource
from framing.defaults import Unit
from framing.errors import InputError
from framing.project import corpus_folder
from framing.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "DEFAULT_ENCODER",
    "MAX_REFUSED",
    "PASSAGE_WORDS",
    "CodebookOption",
    "CorpusArgument",
    "EncoderOption",
    "ExecutorOption",
    "LabelsOption",
    "OutputOption",
    "PathOption",
    "RowOptions",
    "TextOption",
    "WordsOption",
    "count_refused",
    "find_corpus",
    "say",
    "say_first_refused",
    "say_refused",
    "split_names",
]

DEFAULT_ENCODER: str = Settings.model_fields["encoder"].default
PASSAGE_WORDS: int = Settings.model_fields["passage_words"].default
MAX_REFUSED = 20  # refused rows that a command which checks input lists one by one
_MAX_WARNED = 5  # refused rows that other commands list

CodebookOption = Annotated[Path, typer.Option("--codebook", help="Codebook file, for instance seeds/plover.yaml")]
CorpusArgument = Annotated[
    str, typer.Argument(metavar="CORPUS", help="A corpus folder, or the name of one in corpora/")
]
OutputOption = Annotated[Path, typer.Option("--output", help="File to write: .csv, .jsonl or .parquet")]
TextOption = Annotated[str, typer.Option("--text-column", help="Column of INPUT that holds the text")]
WordsOption = Annotated[int, typer.Option("--words", help="Most words in a passage", min=10, max=400)]
LabelsOption = Annotated[
    Path | None,
    typer.Option("--labels", help="File with the text column and `frames` (;-separated, or none) to learn from"),
]
EncoderOption = Annotated[
    str,
    typer.Option("--encoder", help="auto, minilm, mpnet, mpnet+minilm, multilingual, a folder, or owner/name@revision"),
]
ExecutorOption = Annotated[
    str,
    typer.Option("--executor", help="Where parts are computed: local, or dask://HOST:PORT (else FRAMING_EXECUTOR)"),
]
PathOption = Annotated[str, typer.Option("--path", help="Folder of the corpus files (else FRAMING_DATA)")]


@dataclass(frozen=True, kw_only=True)
class RowOptions:
    """A corpus or a file, and how its rows become passages."""

    source: Annotated[
        Path,
        typer.Argument(
            metavar="INPUT", help="A corpus folder, or a file: csv, tsv, json, jsonl, parquet, xlsx, txt, html"
        ),
    ]
    text_column: TextOption = "text"
    split: Annotated[bool, typer.Option("--split", help="Split each row into passages")] = False
    words: Annotated[int, typer.Option("--words", help="Most words in a passage when splitting", min=10, max=400)] = (
        PASSAGE_WORDS
    )
    data_path: PathOption = ""
    metadata: Annotated[
        str, typer.Option("--metadata", help="Further columns to carry: all, none, or names, comma-separated")
    ] = "all"
    date_format: Annotated[
        list[str] | None,
        typer.Option(
            "--date-format", help="How dates of a file are written, such as %d.%m.%Y; else ISO 8601 (may be repeated)"
        ),
    ] = None
    encoding: Annotated[str, typer.Option("--encoding", help="Character encoding of a file, such as cp1252")] = "utf-8"

    @property
    def whole_documents(self) -> bool:
        """Whether passages are cut from documents; else each row is a passage."""
        return self.split or self.source.is_dir()

    def read(self) -> Texts:
        """Read the passages.

        Returns
        -------
        Texts
            Passages, the documents that they are cut from, and the rows that were refused. Dates that were not read or
            are in question are named on standard error.
        """
        source = self.describe()
        options = source.options
        read = read_texts(
            source.path,
            text_column=options.text_column,
            split=options.split,
            max_words=source.max_words,
            data_path=source.data_path,
            metadata=options.metadata,
            date_formats=options.date_formats,
            encoding=options.encoding,
        )
        say_reading(read, self.forms)
        return read

    def list_files(self) -> list[Path]:
        """List the files that are read.

        Returns
        -------
        list of Path
            The file alone, or the files of the corpus.
        """
        return list_source_files(self.source, data_path=self.data_path)

    @property
    def forms(self) -> tuple[str, ...]:
        """Forms of the dates of a file; none for ISO 8601."""
        return tuple(self.date_format or ())

    def describe(self, unit: Unit = "passage") -> TextSource:
        """Say what is read and how.

        Parameters
        ----------
        unit : {"passage", "document"}, default "passage"
            What is scored.

        Returns
        -------
        TextSource
            The options as a record.

        Raises
        ------
        InputError
            If an option is wrong, is for a file and a corpus is read, or is for passages and documents are scored.
        """
        if unit == "document" and (self.split or self.words != PASSAGE_WORDS):
            option = "--split" if self.split else "--words"
            raise InputError(f"{option}: the unit is the document as a whole, so nothing is split; leave it out.")
        for problem in filter(None, map(check_date_format, self.forms)):
            raise InputError(f"--date-format: {problem}.")
        if self.forms and self.source.is_dir():
            raise InputError("--date-format is for a file; a corpus has format: under published in its corpus.yaml.")
        if self.encoding != "utf-8" and self.source.is_dir():
            raise InputError("--encoding is for a file; a corpus has encoding: in its corpus.yaml.")
        options = FileOptions(
            text_column=self.text_column,
            split=self.split,
            whole=unit == "document",
            metadata=self.metadata if self.metadata in ("all", "none") else tuple(split_names(self.metadata)),
            date_formats=self.forms,
            encoding=self.encoding,
        )
        return TextSource(path=self.source, options=options, max_words=self.words, data_path=self.data_path)


def say_refused(refused: pd.DataFrame, *, most: int = _MAX_WARNED, what: str = "rows") -> None:
    """Print the first refused rows on standard error.

    Parameters
    ----------
    refused : DataFrame
        Refused rows: `file, line, reason`.
    most : int, default 5
        How many are printed.
    what : str, default "rows"
        What the others are, and where they are listed.
    """
    first = refused[["file", "line", "reason"]].head(most)
    say_first_refused(first.itertuples(index=False, name=None), len(refused), most=most, what=what)


def say_first_refused(
    refused: Iterable[tuple[str, int, str]], n_refused: int, *, most: int = _MAX_WARNED, what: str = "rows"
) -> None:
    """Print the first refused rows on standard error.

    Parameters
    ----------
    refused : iterable of tuple
        File, line and reason of the first refused rows.
    n_refused : int
        Number of all of them.
    most : int, default 5
        How many are printed.
    what : str, default "rows"
        What the others are, and where they are listed.
    """
    for file, line, reason in islice(refused, most):
        say(f"refused: {file}, line {line}: {reason}")
    if n_refused > most:
        say(f"refused: … and {n_refused - most} more {what}")


def count_refused(counts: str, refused: pd.DataFrame) -> str:
    """Print the first refused rows on standard error.

    Parameters
    ----------
    counts : str
        Other counts, as the start of a sentence.
    refused : DataFrame
        Refused rows: `file, line, reason`.

    Returns
    -------
    str
        `counts` with the number of refused rows.
    """
    say_refused(refused)
    return f"{counts}, {len(refused)} rows refused"


def split_names(text: str) -> list[str]:
    """Return the names in a comma-separated list.

    Parameters
    ----------
    text : str
        The list.

    Returns
    -------
    list of str
        The names, in order.

    Examples
    --------
    >>> split_names("anna, ben,")
    ['anna', 'ben']
    """
    return [name.strip() for name in text.split(",") if name.strip()]


def find_corpus(source: str) -> Path:
    """Find the folder of a corpus.

    Parameters
    ----------
    source : str
        The folder, or the name of a corpus in corpora/.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    InputError
        If a bare name is neither a folder with a corpus.yaml nor in corpora/; the message lists the corpora.
    """
    folder = Path(source)
    if (folder / "corpus.yaml").is_file() or folder.name != source:
        return folder
    return corpus_folder(source)
