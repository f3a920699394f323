"""Frames of one version of a codebook alone: what the other version finds in their passages."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

__all__ = ["LoneFrame", "follow_frame"]


@dataclass(frozen=True)
class LoneFrame:
    """The passages of a frame that one version alone has.

    Attributes
    ----------
    n_passages : int
        Passages that carry the frame.
    n_changes : int
        Decisions on frames of both versions that change on these passages.
    elsewhere : dict of str to int
        Frames that these passages carry in the other version, with their number of passages, the most first. A passage
        counts for each of its frames.
    n_none : int
        Passages that carry no frame in the other version.
    """

    n_passages: int
    n_changes: int
    elsewhere: dict[str, int] = field(default_factory=dict)
    n_none: int = 0


def follow_frame(frame: str, own: pd.DataFrame, other: pd.DataFrame, turned: pd.DataFrame) -> LoneFrame:
    """Find what the other version makes of the passages of a frame.

    Parameters
    ----------
    frame : str
        Id of the frame.
    own : DataFrame
        Passages as classified by the version that has it: columns `passage_id, frame, decision`.
    other : DataFrame
        The same passages as classified by the other version.
    turned : DataFrame
        Passages whose decision on a frame of both versions changes, a row a passage and frame: column `passage_id`.

    Returns
    -------
    LoneFrame
        Counts of these passages, which are exact and have no interval.

    Examples
    --------
    >>> own = pd.DataFrame({"passage_id": ["p1", "p2", "p3"], "frame": "trade", "decision": "present"})
    >>> other = own.assign(frame="sport", decision=["present", "absent", "absent"])
    >>> follow_frame("trade", own, other, other.head(1))
    LoneFrame(n_passages=3, n_changes=1, elsewhere={'sport': 1}, n_none=2)
    """
    carried = set(own.loc[(own["frame"] == frame) & (own["decision"] == "present"), "passage_id"])
    found = other[other["passage_id"].isin(carried) & (other["decision"] == "present")]
    counts = found["frame"].value_counts(sort=False).sort_values(ascending=False, kind="stable")
    return LoneFrame(
        n_passages=len(carried),
        n_changes=int(turned["passage_id"].isin(carried).sum()),
        elsewhere={str(name): int(n) for name, n in counts.items()},
        n_none=len(carried) - found["passage_id"].nunique(),
    )
