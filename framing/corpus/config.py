"""corpus.yaml: which files make up a corpus and which of their columns mean what."""

from __future__ import annotations

import datetime
import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from framing.corpus.fetch_rule import FetchRule
from framing.errors import InputError
from framing.files.strict_yaml import read_yaml, validate

__all__ = ["SHAPES_DOCUMENTS", "ColumnRule", "CorpusConfig", "Mark", "data_folders", "find_files", "read_config"]

Format = Literal["csv", "tsv", "jsonl", "parquet", "xlsx", "txt", "html"]
# keys that decide what documents are made of the files; with the content of the files they are the hash of a corpus
SHAPES_DOCUMENTS = ("corpus", "format", "encoding", "quoting", "columns", "perspectives")
_OURS = ("text", "outlet", "published", "title", "url", "document_id", "event")


class ColumnRule(BaseModel):
    """Where one of our columns comes from: one column, several joined, or a constant."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    column: str | None = Field(default=None, description="the file's column; short form: its name alone")
    join: tuple[str, ...] = Field(default=(), description="several columns, joined; short form: the list alone")
    constant: str | None = Field(default=None, description="one value for all rows")
    format: tuple[str, ...] = Field(default=(), description="how dates are written, such as %d.%m.%Y; one or several")

    @field_validator("format", mode="before")
    @classmethod
    def _one_or_more(cls, value: object) -> object:
        return [value] if isinstance(value, str) else value

    @model_validator(mode="after")
    def _one_source(self) -> ColumnRule:
        given = [self.column is not None, bool(self.join), self.constant is not None]
        if sum(given) != 1:
            raise ValueError("give a column name, a list of columns to join, or {constant: value}")
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of their columns that this rule reads."""
        return (self.column,) if self.column is not None else self.join


class Mark(BaseModel):
    """A dated event drawn on charts over time."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    date: datetime.date = Field(description="day of the event")
    label: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)] = Field(
        description="words drawn beside it"
    )


class GoldRule(BaseModel):
    """Where the corpus's human labels are: a file with passages and their frames, and how it came about.

    `codebook` is the one that they were coded with; an analysis with another leaves them aside. `probability` and
    `stratum` are columns: the chance with which a passage was drawn for coding, and the stratum that it was drawn
    from. `unit` is what was drawn: single passages, or whole documents with all their passages.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str = Field(min_length=1, description="file of labelled passages: in the corpus folder or the data folder")
    text: str = Field(default="text", description="column with the text of the passage")
    labels: str = Field(default="frames", description="column with the settled frames, separated by ;")
    codebook: str = Field(default="", description="codebook that they were coded with; others leave them aside")
    coders: tuple[str, ...] = Field(default=(), description="columns with what each coder said, before settling")
    sampling: str = Field(default="", description="how the passages were drawn, in a sentence for the report")
    probability: str = Field(default="", description="column with the chance that the passage was drawn")
    stratum: str = Field(default="", description="column with the stratum that it was drawn from")
    unit: Literal["passage", "document"] = Field(default="passage", description="what was drawn as one")


class CorpusConfig(BaseModel):
    """Parsed corpus.yaml."""

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
    columns: dict[str, ColumnRule] = Field(
        default_factory=dict, description=f"our column ({', '.join(_OURS)}): where it comes from"
    )
    perspectives: dict[str, str] = Field(default_factory=dict, description="outlet: its perspective")
    sides: dict[str, str] = Field(default_factory=dict, description="name in the texts: the side that it speaks for")
    marks: tuple[Mark, ...] = Field(default=(), description="dated events drawn on charts over time")
    gold: GoldRule | None = Field(default=None, description="human labels of the corpus")
    fetch: FetchRule | None = Field(default=None, description="where new articles are listed")

    @field_validator("columns", mode="before")
    @classmethod
    def _rules(cls, value: object) -> object:
        if not isinstance(value, dict):
            return value
        rules: dict[str, object] = {}
        for ours, theirs in value.items():
            if ours not in _OURS:
                raise ValueError(f"unknown column {ours} (known: {', '.join(_OURS)})")
            if isinstance(theirs, str):
                rules[ours] = {"column": theirs}
            elif isinstance(theirs, list):
                rules[ours] = {"join": theirs}
            else:
                rules[ours] = theirs
        return rules

    @model_validator(mode="after")
    def _enough(self) -> CorpusConfig:
        if self.format not in ("txt", "html") and "text" not in self.columns:
            raise ValueError("columns: text is missing; name the column that holds the text")
        if "outlet" not in self.columns:
            raise ValueError("columns: outlet is missing; name its column or give {constant: name}")
        return self


def read_config(folder: Path) -> CorpusConfig:
    """Parsed `corpus.yaml` of `folder`; raises `InputError` with file and every problem."""
    if not folder.is_dir():
        raise InputError(f"There is no corpus folder {folder}.")
    path = folder / "corpus.yaml"
    return validate(CorpusConfig, read_yaml(path), source=str(path))


def data_folders(path: str, *, data_path: str = "") -> list[Path]:
    """Folders of the data that may hold the files of a corpus, in the order in which they are looked at.

    Parameters
    ----------
    path : str
        The corpus's `path`: it is looked for below the data first, so that one folder can hold several corpora.
    data_path : str
        The folder of the data; by default the one that FRAMING_DATA names.

    Returns
    -------
    list of Path
        Empty where neither names a folder.
    """
    given = data_path or os.environ.get("FRAMING_DATA", "")
    return [Path(given) / path, Path(given)] if given else []


def find_files(config: CorpusConfig, folder: Path, *, data_path: str = "") -> list[Path]:
    """Files of the corpus, sorted; looked for in `data_path`, else FRAMING_DATA, else beside corpus.yaml.

    In a data folder both `<data>/<path>/<file>` and `<data>/<file>` are tried. Raises `InputError` naming the places.
    """
    bases = data_folders(config.path, data_path=data_path)
    if not data_path:  # a folder given for this run is the only place; a wrong one must not pass unseen
        bases.append(folder / config.path)
    looked = []
    for base in dict.fromkeys(item.resolve() for item in bases):
        looked.append(str(base))
        found = {item for pattern in config.files for item in _glob(base, pattern) if item.is_file()}
        if found:
            return sorted(found)
    raise InputError(
        f"corpus {config.corpus}: no file matches {', '.join(config.files)} in {' or '.join(looked)}. "
        "Give the folder of the data, or set FRAMING_DATA to it.",
        argument="data_path",
    )


def _glob(base: Path, pattern: str) -> list[Path]:
    if Path(pattern).is_absolute() or ".." in Path(pattern).parts:
        raise InputError(f"files: {pattern!r} must be a pattern below the corpus folder, without '..'.")
    if not base.is_dir():
        return []
    try:
        return [item for item in base.glob(pattern) if item.resolve().is_relative_to(base)]
    except (ValueError, IndexError):  # "", "." and "a/**b"
        raise InputError(f"files: {pattern!r} is no pattern of files; write for instance *.csv.") from None
