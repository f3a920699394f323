"""What is said outright about files, what is proposed for them, and what stays open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["Given", "Proposal", "Question", "SourceProposal"]


@dataclass(frozen=True)
class Given:
    """What is said outright about the files.

    Attributes
    ----------
    columns : dict of str to tuple of str
        Columns of the files by ours; several are joined, and none says that the files have no such column.
    outlet : str
        Name of the one outlet of all files; where there are several kinds of files, of those that name none.
    outlets : dict of str to str
        Outlet of single files by their names, with or without the ending, or by patterns such as `2024/*.csv`.
    date_formats : tuple of str
        How dates are written; where there are several kinds of files, in those that leave it open.
    options : dict of str to object
        Options of `read_rows`: `kind`, `encoding`, `separator` and others.
    """

    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    outlet: str = ""
    outlets: Mapping[str, str] = field(default_factory=dict)
    date_formats: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Question:
    """Something that the files leave open.

    Attributes
    ----------
    column : str
        Our column that it is about.
    text : str
        What is open, in a sentence.
    choices : tuple of str
        Answers among which to choose, where they are known: forms of dates, or columns.
    """

    column: str
    text: str
    choices: tuple[str, ...] = ()


@dataclass
class SourceProposal:
    """Files of one kind, and how they are to be read.

    Attributes
    ----------
    files : list of Path
        The files.
    options : dict of str to object
        Options of `read_rows` that are not the default, and `kind`.
    columns : dict of str to object
        Rules by our column, as in corpus.yaml.
    remarks : dict of str to str
        What is said of a key or a column: what was guessed, and what else there is.
    questions : list of Question
        What is open.
    carried : list of str
        Columns of the files beyond ours, which documents keep by their names.
    """

    files: list[Path]
    options: dict[str, Any]
    columns: dict[str, Any] = field(default_factory=dict)
    remarks: dict[str, str] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    carried: list[str] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        """Names of the files, each with the sheets that are meant where there are others."""
        sheets = self.options.get("sheets", ())
        what = f", sheet{'s' * (len(sheets) > 1)} {', '.join(sheets)}" if sheets else ""
        return [f"{path.name}{what}" for path in self.files]


@dataclass
class Proposal:
    """What files hold.

    Attributes
    ----------
    sources : list of SourceProposal
        The kinds of files.
    left_aside : list of tuple of str
        Name and reason of each file that no reader can read.
    companions : list of Path
        Tables of metadata that are read with other files.
    """

    sources: list[SourceProposal]
    left_aside: list[tuple[str, str]]
    companions: list[Path] = field(default_factory=list)

    @property
    def files(self) -> list[Path]:
        """All files that belong to the corpus, each once."""
        return list(dict.fromkeys([*(path for source in self.sources for path in source.files), *self.companions]))

    @property
    def questions(self) -> list[Question]:
        """What is open, each once."""
        return list(dict.fromkeys(question for source in self.sources for question in source.questions))
