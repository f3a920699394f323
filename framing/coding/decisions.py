"""What a coder decides on a passage on the screen, and what a file of decisions is about."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

__all__ = ["DECISION_ENDING", "SETTLED", "About", "Decision", "Span", "State", "is_decision_file"]

DECISION_ENDING = ".sqlite"
SETTLED = "settled"  # who stands in the place of the coder where coders agreed on a label
State = Literal["coded", "open"]


class Span(NamedTuple):
    """Words that show why a frame was given.

    Attributes
    ----------
    frame : str
        Id of the frame.
    start, end : int
        Place in the text of the passage, in characters (code points); `end` is behind the last one.
    """

    frame: str
    start: int
    end: int


@dataclass(frozen=True)
class Decision:
    """What a coder decided on a passage.

    Attributes
    ----------
    passage_id : str
        The passage.
    frames : tuple of str
        Ids of the frames; none where the passage carries none.
    state : {"coded", "open"}
        `open`: the passage has no label (any more); its remark counts nevertheless.
    unsure : bool
        Whether the coder doubts.
    remark : str
        What the coder remarked.
    spans : tuple of Span
        Words that show why.
    seconds : float
        Time that the coder was at work on it before this decision.
    decided_at : str
        Time of the decision, ISO 8601 in UTC.
    number : int
        Number of the row in its file, from 1; 0 before it is stored.
    """

    passage_id: str
    frames: tuple[str, ...] = ()
    state: State = "coded"
    unsure: bool = False
    remark: str = ""
    spans: tuple[Span, ...] = ()
    seconds: float = 0.0
    decided_at: str = ""
    number: int = 0

    @property
    def content(self) -> tuple[object, ...]:
        """What was decided, without when."""
        return self.state, frozenset(self.frames), self.unsure, self.remark, frozenset(self.spans)


@dataclass(frozen=True)
class About:
    """What a file is about.

    Attributes
    ----------
    draw : str
        sha256 of the `drawn.csv` whose passages were coded.
    coder : str
        Name of the coder, or `settled`.
    codebook : str
        Id and version of the codebook.
    rules_hash : str
        Hash of the rules that the coder read.
    """

    draw: str
    coder: str
    codebook: str
    rules_hash: str


def is_decision_file(path: Path) -> bool:
    """Tell a file of decisions by its ending.

    Parameters
    ----------
    path : Path
        Any path.

    Returns
    -------
    bool
        Whether it ends as one.

    Examples
    --------
    >>> is_decision_file(Path("coded/anna.sqlite")), is_decision_file(Path("anna.csv"))
    (True, False)
    """
    return path.suffix.lower() == DECISION_ENDING
