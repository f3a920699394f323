"""corpus.yaml: the files of a corpus, and what their columns mean."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from framing.corpus.fetch_rule import FetchRule
from framing.corpus.formats import NAMED_FIELDS, Format
from framing.errors import InputError
from framing.files.strict_yaml import read_yaml, validate
from framing.project import data_folder

__all__ = ["SHAPES_DOCUMENTS", "ColumnRule", "CorpusConfig", "Mark", "data_folders", "find_files", "read_config"]

# keys that decide which documents the files hold; the hash of a corpus is over them and the content of the files
SHAPES_DOCUMENTS = ("corpus", "format", "encoding", "quoting", "records", "columns", "perspectives")
_NAMED_COLUMNS = ("text", "outlet", "published", "title", "url", "document_id")
_COLUMNS = ("text", "outlet", "published", "title", "url", "document_id", "event")

_N_LISTED = 8  # names of files in a message


class ColumnRule(BaseModel):
    """Source of one of our columns: one column of the file, several joined, or a constant."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    column: str | None = Field(default=None, description="the file's column; short form: its name alone")
    join: tuple[str, ...] = Field(default=(), description="several columns, joined; short form: the list alone")
    constant: str | None = Field(default=None, description="one value for all rows")
    format: tuple[str, ...] = Field(default=(), description="how dates are written, such as %d.%m.%Y; one or several")

    @field_validator("format", mode="before")
    @classmethod
    def _list_formats(cls, value: object) -> object:
        return [value] if isinstance(value, str) else value

    @model_validator(mode="after")
    def _check_source(self) -> ColumnRule:
        given = [self.column is not None, bool(self.join), self.constant is not None]
        if sum(given) != 1:
            raise ValueError("give a column name, a list of columns to join, or {constant: value}")
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the file that this rule reads."""
        return (self.column,) if self.column is not None else self.join


class Mark(BaseModel):
    """A dated event drawn on charts over time."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    date: datetime.date = Field(description="day of the event")
    label: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)] = Field(
        description="words drawn beside it"
    )


class GoldRule(BaseModel):
    """Human labels of a corpus: a file of passages with their frames, and how they were drawn and coded.

    Notes
    -----
    An analysis with another codebook than `codebook` does not use the labels. `probability` and `stratum` name columns:
    the chance with which a passage was drawn for coding, and its stratum. `unit` is what was drawn: single passages, or
    documents with all their passages.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str = Field(min_length=1, description="file of labelled passages: in the corpus folder or the data folder")
    text: str = Field(default="text", description="column with the text of the passage")
    labels: str = Field(default="frames", description="column with the settled frames, separated by ;")
    codebook: str = Field(default="", description="codebook that they were coded with; others leave them aside")
    coders: tuple[str, ...] = Field(default=(), description="columns with the labels of each coder, before settling")
    sampling: str = Field(default="", description="how the passages were drawn, in a sentence for the report")
    probability: str = Field(default="", description="column with the chance that the passage was drawn")
    stratum: str = Field(default="", description="column with the stratum that it was drawn from")
    unit: Literal["passage", "document"] = Field(default="passage", description="unit of sampling")


class CorpusConfig(BaseModel):
    """Content of a corpus.yaml; the description of each key is in the reference of files."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    corpus: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")] = Field(description="id")
    title: str = Field(description="title, shown in reports")
    source: str = Field(default="", description="where the texts come from and how they were collected")
    licence: str = Field(default="", description="licence of the texts")
    constructed: bool = Field(default=False, description="true where the texts were written as an illustration")
    files: tuple[str, ...] = Field(min_length=1, description="patterns of file names below path, such as *.csv")
    path: str = Field(default=".", description="folder of the files, from the corpus folder or the data folder on")
    format: Format = Field(description="format of the files; .gz and .zip of these are opened")
    encoding: str = Field(default="utf-8", description="character encoding, such as cp1252")
    quoting: Literal["minimal", "none"] = Field(
        default="minimal", description="csv, tsv: whether quotation marks enclose fields, or are plain text"
    )
    records: str = Field(default="", description="json: key of the array of objects, such as articles; else the file")
    columns: dict[str, ColumnRule] = Field(
        default_factory=dict, description=f"our column ({', '.join(_COLUMNS)}): where it comes from"
    )
    perspectives: dict[str, str] = Field(default_factory=dict, description="outlet: its perspective")
    sides: dict[str, str] = Field(default_factory=dict, description="name in the texts: the side that it speaks for")
    marks: tuple[Mark, ...] = Field(default=(), description="dated events drawn on charts over time")
    gold: GoldRule | None = Field(default=None, description="human labels of the corpus")
    fetch: FetchRule | None = Field(default=None, description="where new articles are listed")

    @field_validator("columns", mode="before")
    @classmethod
    def _expand_columns(cls, value: object) -> object:
        if not isinstance(value, dict):
            return value
        rules: dict[str, object] = {}
        for column, source in value.items():
            if column not in _COLUMNS:
                raise ValueError(f"unknown column {column} (known: {', '.join(_COLUMNS)})")
            if isinstance(source, str):
                rules[column] = {"column": source}
            elif isinstance(source, list):
                rules[column] = {"join": source}
            else:
                rules[column] = source
        return rules

    @model_validator(mode="before")
    @classmethod
    def _fill_columns(cls, value: object) -> object:
        """Columns of a format whose fields have our names; those that are given win."""
        if not isinstance(value, dict) or value.get("format") not in NAMED_FIELDS:
            return value
        given = value.get("columns", {})
        return (
            {**value, "columns": {**{name: name for name in _NAMED_COLUMNS}, **given}}
            if isinstance(given, dict)
            else value
        )

    @model_validator(mode="after")
    def _check_columns(self) -> CorpusConfig:
        if self.format not in ("txt", "html") and "text" not in self.columns:
            raise ValueError("columns: text is missing; name the column that holds the text")
        if "outlet" not in self.columns:
            raise ValueError("columns: outlet is missing; name its column or give {constant: name}")
        return self


def read_config(folder: Path) -> CorpusConfig:
    """Read and check the corpus.yaml of a corpus.

    Parameters
    ----------
    folder : Path
        Folder of the corpus.

    Returns
    -------
    CorpusConfig
        Its content.

    Raises
    ------
    InputError
        Names the file and every problem.
    """
    if not folder.is_dir():
        raise InputError(f"There is no corpus folder {folder}.")
    path = folder / "corpus.yaml"
    return validate(CorpusConfig, read_yaml(path), source=str(path), kind="corpus")


def data_folders(path: str, *, data_path: str = "") -> list[Path]:
    """List the folders of the data that may hold the files of a corpus, in order of preference.

    Parameters
    ----------
    path : str
        `path` of the corpus: the folder of that name below the data comes first, so that one folder can hold the
        data of several corpora.
    data_path : str, default ""
        Folder of the data; by default that of the environment variable FRAMING_DATA.

    Returns
    -------
    list of Path
        Empty where neither names a folder.
    """
    data = Path(data_path) if data_path else data_folder()
    return [data / path, data] if data is not None else []


def find_files(config: CorpusConfig, folder: Path, *, data_path: str = "") -> list[Path]:
    """Find the files of a corpus.

    Parameters
    ----------
    config : CorpusConfig
        Content of the corpus.yaml.
    folder : Path
        Folder of the corpus.
    data_path : str, default ""
        Folder of the data, which must hold the files; by default they are looked for in the folder that FRAMING_DATA
        names, then beside the corpus.yaml.

    Returns
    -------
    list of Path
        Sorted, of the first folder with a match.

    Raises
    ------
    InputError
        Names the folders in which no file matches.
    """
    candidates = data_folders(config.path, data_path=data_path)
    if not data_path:  # with one, the wrong files must not be read where it holds none
        candidates.append(folder / config.path)
    bases = list(dict.fromkeys(candidate.resolve() for candidate in candidates))
    for base in bases:
        files = {path for pattern in config.files for path in _match_pattern(base, pattern) if path.is_file()}
        if files:
            return sorted(files)
    raise InputError(
        f"corpus {config.corpus}: no file matches {', '.join(config.files)} in {' or '.join(map(str, bases))}. "
        "Give the folder of the data, or set FRAMING_DATA to it; or mend `files:` in corpus.yaml. "
        f"{_list_folder(bases[-1])}",
        argument="data_path",
    )


def _list_folder(folder: Path) -> str:
    """What a folder holds, in a sentence; a few names where there are many."""
    if not folder.is_dir():
        return f"There is no folder {folder}."
    names = sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))
    more = f" and {len(names) - _N_LISTED} more" if len(names) > _N_LISTED else ""
    return f"{folder} holds {', '.join(names[:_N_LISTED]) or 'nothing'}{more}."


def _match_pattern(base: Path, pattern: str) -> list[Path]:
    """Paths below `base` that match, without those that lead out of it."""
    if Path(pattern).is_absolute() or ".." in Path(pattern).parts:
        raise InputError(f"files: {pattern!r} must be a pattern below the corpus folder, without '..'.")
    if not base.is_dir():
        return []
    try:
        return [path for path in base.glob(pattern) if path.resolve().is_relative_to(base)]
    except (ValueError, IndexError):  # "", "." and "a/**b"
        raise InputError(f"files: {pattern!r} is no pattern of files; write for instance *.csv.") from None
