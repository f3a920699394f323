"""Rows that coders filled, as every format of sheets and of other tools' files gives them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from framing.corpus.formats import Refused

__all__ = ["FilledRow", "FilledSheet"]


@dataclass(frozen=True, slots=True)
class FilledRow:
    """One row as its coder left it.

    Attributes
    ----------
    file : str
        Name of the file.
    line : int
        Line of the file, row of the workbook, or number of the task.
    coder : str
        Name of the coder, as written.
    passage_id : str
        Passage that was coded.
    text : str
        Its text, as it came back.
    labels : tuple of str
        Labels as written; none where there were none.
    annotator : str
        User of the tool who coded it, where the row says both this and the coder; else empty.
    notes : str
        What the coder remarked.
    unsure : bool
        Whether the coder doubts; known only of what was coded on the screen.
    spans : str
        Words that show why, as JSON (`framing.coding.decision_sheet`), with places in `text`; empty where there are
        none.
    seconds : float or None
        Time that the coder was at work on the passage; None where it is not known.
    lacks : frozenset of str
        Which of `notes`, `unsure` and `spans` the file says nothing of.
    """

    file: str
    line: int
    coder: str
    passage_id: str
    text: str
    labels: tuple[str, ...]
    annotator: str = ""
    notes: str = ""
    unsure: bool = False
    spans: str = ""
    seconds: float | None = None
    lacks: frozenset[str] = frozenset()


@dataclass(frozen=True)
class FilledSheet:
    """A filled sheet.

    Attributes
    ----------
    rows : sequence of FilledRow or Refused
        One for each row of a table, in its order; of Label Studio one for each annotation; of a file of the screen
        one for each passage that was decided on.
    remarks : sequence of str
        How the file was read, where that is not as sheets are written.
    draw : str
        sha256 of the `drawn.csv` that the file says it codes; empty where it does not say.
    """

    rows: Sequence[FilledRow | Refused]
    remarks: Sequence[str] = ()
    draw: str = ""
