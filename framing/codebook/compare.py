"""Changes between two versions of a codebook."""

from __future__ import annotations

import pandas as pd

from framing.codebook.codebook import Codebook, Frame

__all__ = ["compare_codebooks"]


def compare_codebooks(old: Codebook, new: Codebook) -> pd.DataFrame:
    """List the changes between two versions of a codebook.

    Parameters
    ----------
    old : Codebook
        The earlier version.
    new : Codebook
        The later version.

    Returns
    -------
    DataFrame
        Columns `frame, part, change, text`, one row a change.
    """
    old_frames = {frame.id: frame for frame in old.frames}
    new_frames = {frame.id: frame for frame in new.frames}
    rows = [(key, "frame", "removed", frame.name) for key, frame in old_frames.items() if key not in new_frames]
    rows += [(key, "frame", "added", frame.name) for key, frame in new_frames.items() if key not in old_frames]
    for key in old_frames.keys() & new_frames.keys():
        rows += [(key, *change) for change in _compare_frames(old_frames[key], new_frames[key])]
    return pd.DataFrame(sorted(rows), columns=["frame", "part", "change", "text"])


def _compare_frames(old: Frame, new: Frame) -> list[tuple[str, str, str]]:
    """Part, kind of change and text of each difference between two versions of a frame."""
    changes = [
        (part, "changed", f"{getattr(old, part)} -> {getattr(new, part)}")
        for part in ("name", "definition", "group")
        if getattr(old, part) != getattr(new, part)
    ]
    for part in ("include", "exclude", "hypotheses", "seeds", "counter_seeds"):
        old_texts, new_texts = set(getattr(old, part)), set(getattr(new, part))
        changes += [(part, "removed", text) for text in old_texts - new_texts]
        changes += [(part, "added", text) for text in new_texts - old_texts]
    return changes
