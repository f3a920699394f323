"""corpus.yaml: the files of a corpus, and what their columns mean."""

from __future__ import annotations

import datetime
import glob
from fnmatch import fnmatch
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from framing.corpus.fetch_rule import FetchRule
from framing.corpus.file_kinds import is_hidden, match_any_case
from framing.corpus.files_rule import ColumnRule, FileKeys, FilesRule
from framing.corpus.metadata import carried_name
from framing.defaults import Unit
from framing.errors import InputError
from framing.files.strict_yaml import read_yaml, validate
from framing.project import data_folder
from framing.selection import Selection

__all__ = [
    "SHAPES_DOCUMENTS",
    "ColumnRule",
    "CorpusConfig",
    "FilesRule",
    "Mark",
    "data_folders",
    "find_files",
    "read_config",
]

# keys that decide which documents the files hold; the hash of a corpus is over them and the content of the files
SHAPES_DOCUMENTS = (
    "corpus", "format", "encoding", "quoting", "columns", "perspectives", "separator", "header", "sheets", "records",
    "sources", "metadata", "where",
)  # fmt: skip

_N_LISTED = 8  # names of files in a message


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
    documents with all their passages. `coded` is what has labels: an analysis with another unit does not use them.
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
    speaker: str = Field(
        default="", description="column with the speaker of the passage; an empty cell is the outlet's own voice"
    )
    unit: Unit = Field(default="passage", description="unit of sampling")
    coded: Unit | Literal[""] = Field(
        default="", description="what has labels: passages, or documents as a whole; the other unit leaves them aside"
    )


class CorpusConfig(FileKeys):
    """Content of a corpus.yaml; the description of each key is in the reference of files."""

    corpus: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")] = Field(description="id")
    title: str = Field(description="title, shown in reports")
    source: str = Field(default="", description="where the texts come from and how they were collected")
    licence: str = Field(default="", description="licence of the texts")
    constructed: bool = Field(default=False, description="true where the texts were written as an illustration")
    sources: tuple[FilesRule, ...] = Field(
        default=(), description="several kinds of files, each with the keys from files to columns, in place of those"
    )
    metadata: Literal["all", "none"] | tuple[str, ...] | dict[str, tuple[str, ...]] = Field(
        default="all",
        description="columns of the files beyond ours that are carried by their names: all, none, or a list; or "
        "{name: [columns]} to unite columns under a name, beside all others",
    )
    where: dict[str, Selection] = Field(
        default_factory=dict, description="column of the documents: the values of those that are kept, or {from, to}"
    )
    perspectives: dict[str, str] = Field(default_factory=dict, description="outlet: its perspective")
    sides: dict[str, str] = Field(default_factory=dict, description="name in the texts: the side that it speaks for")
    marks: tuple[Mark, ...] = Field(default=(), description="dated events drawn on charts over time")
    gold: GoldRule | None = Field(default=None, description="human labels of the corpus")
    fetch: FetchRule | None = Field(default=None, description="where new articles are listed")

    @field_validator("metadata", mode="before")
    @classmethod
    def _expand_metadata(cls, value: object) -> object:
        if not isinstance(value, dict):
            return value
        ours = [str(name) for name in value if carried_name(str(name)) != name]
        if ours:
            raise ValueError(f"{', '.join(ours)} is a name of our tables; take another, or name it under columns")
        return {name: [source] if isinstance(source, str) else source for name, source in value.items()}

    @model_validator(mode="after")
    def _check_files(self) -> CorpusConfig:
        at_top = [key for key in FileKeys.model_fields if key in self.model_fields_set]
        if self.sources and at_top:
            raise ValueError(f"{', '.join(at_top)} stands beside sources; write it in each of the sources")
        if not self.sources and (problem := self.find_problem()):
            raise ValueError(problem)
        return self

    @property
    def rules(self) -> tuple[FilesRule, ...]:
        """Files of the corpus by kind: `sources`, or the keys at the top as one."""
        if self.sources:
            return self.sources
        given = {key: getattr(self, key) for key in FileKeys.model_fields if key in self.model_fields_set}
        return (FilesRule.model_validate(given),)


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


def find_files(rule: FilesRule, folder: Path, *, corpus: str, data_path: str = "") -> list[Path]:
    """Find the files of one kind.

    Parameters
    ----------
    rule : FilesRule
        Their patterns and their `path`.
    folder : Path
        Folder of the corpus.
    corpus : str
        Id of the corpus, for messages.
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
        Names the folders in which no file matches, or the patterns that match none beside others that do.

    Notes
    -----
    Hidden files and folders match only where the pattern names a dot, as `.archive/*.csv` does. A name with brackets is
    taken as it stands where there is such a file.
    """
    candidates = data_folders(rule.path, data_path=data_path)
    if not data_path:  # with one, the wrong files must not be read where it holds none
        candidates.append(folder / rule.path)
    bases = list(dict.fromkeys(candidate.resolve() for candidate in candidates))
    for base in bases:
        found = {pattern: [path for path in _match_pattern(base, pattern) if path.is_file()] for pattern in rule.files}
        unmatched = [pattern for pattern, files in found.items() if not files]
        if len(unmatched) == len(found):
            continue
        if unmatched:
            raise InputError(
                f"corpus {corpus}: no file matches {', '.join(unmatched)} in {base}, beside others that do. Mend "
                f"`files:` in corpus.yaml, or take it out there. {_list_folder(base)}"
            )
        return sorted({path for files in found.values() for path in files})
    raise InputError(
        f"corpus {corpus}: no file matches {', '.join(rule.files)} in {' or '.join(map(str, bases))}. "
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
    """Paths below `base` that match, without those that lead out of it and hidden ones that are not named."""
    if Path(pattern).is_absolute() or ".." in Path(pattern).parts:
        raise InputError(f"files: {pattern!r} must be a pattern below the corpus folder, without '..'.")
    if not base.is_dir():
        return []
    try:
        paths = base.glob(match_any_case(_escape_brackets(base, pattern)))
        return [path for path in paths if path.resolve().is_relative_to(base) and _is_meant(path, base, pattern)]
    except (ValueError, IndexError):  # "", "." and "a/**b"
        raise InputError(f"files: {pattern!r} is no pattern of files; write for instance *.csv.") from None


def _escape_brackets(base: Path, pattern: str) -> str:
    """The pattern with brackets as plain characters where they are part of the name of a file or folder."""
    parts = Path(pattern).parts
    escaped = [
        glob.escape(part) if "[" in part and base.joinpath(*parts[:place], part).exists() else part
        for place, part in enumerate(parts)
    ]
    return "/".join(escaped) if escaped != list(parts) else pattern


def _is_meant(path: Path, base: Path, pattern: str) -> bool:
    """Whether each hidden part of a path is named by the pattern, with its dot."""
    dotted = [part for part in Path(pattern).parts if part.startswith(".")]
    place = path.relative_to(base)
    parts = place.parent.parts if is_hidden(place.name) else place.parts  # readers say of those that they are not read
    hidden = [part for part in parts if part.startswith(".")]
    return all(any(fnmatch(part, named) for named in dotted) for part in hidden)
