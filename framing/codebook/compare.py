"""Changes between two versions of a codebook."""

from __future__ import annotations

import pandas as pd

from framing.codebook.cells import NONE
from framing.codebook.codebook import Codebook, Frame

__all__ = ["compare_codebooks"]

_UNNAMED = "of the codebook"


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
        Columns `frame, part, change, text`, one row a change. Of examples, `frame` names all frames that they carry; of
        what holds for all frames (`language`, `unit`, `multi_label`) it is empty.
    """
    old_frames = {frame.id: frame for frame in old.frames}
    new_frames = {frame.id: frame for frame in new.frames}
    rows = [(key, "frame", "removed", frame.name) for key, frame in old_frames.items() if key not in new_frames]
    rows += [(key, "frame", "added", frame.name) for key, frame in new_frames.items() if key not in old_frames]
    for key in old_frames.keys() & new_frames.keys():
        rows += [(key, *change) for change in _compare_frames(old_frames[key], new_frames[key])]
    rows += _compare_examples(old, new)
    rows += [
        ("", part, "changed", f"{getattr(old, part)} -> {getattr(new, part)}")
        for part in ("language", "unit", "multi_label")
        if getattr(old, part) != getattr(new, part)
    ]
    return pd.DataFrame(sorted(rows), columns=["frame", "part", "change", "text"])


def _compare_frames(old: Frame, new: Frame) -> list[tuple[str, str, str]]:
    """Part, kind of change and text of each difference between two versions of a frame."""
    changes = [
        (part, "changed", f"{getattr(old, part)} -> {getattr(new, part)}")
        for part in ("name", "definition", "group", "residual")
        if getattr(old, part) != getattr(new, part)
    ]
    for part in ("include", "exclude", "hypotheses", "seeds", "counter_seeds"):
        old_texts, new_texts = set(getattr(old, part)), set(getattr(new, part))
        changes += [(part, "removed", text) for text in old_texts - new_texts]
        changes += [(part, "added", text) for text in new_texts - old_texts]
        before, after = ({text: getattr(text, "language", "") for text in getattr(item, part)} for item in (old, new))
        changes += [
            (part, "changed", f"{text} ({_describe_change(before[text], after[text])})")
            for text in old_texts & new_texts
            if before[text] != after[text]
        ]
    return changes


def _compare_examples(old: Codebook, new: Codebook) -> list[tuple[str, str, str, str]]:
    """Frames, part, kind of change and text of each example that is new, gone, or carries other frames."""
    before, after = (
        {item.text: "; ".join(sorted(item.frames)) or NONE for item in book.examples} for book in (old, new)
    )
    languages = [{item.text: item.language for item in book.examples} for book in (old, new)]
    rows = [(before[text], "examples", "removed", text) for text in before.keys() - after.keys()]
    rows += [(after[text], "examples", "added", text) for text in after.keys() - before.keys()]
    rows += [
        (f"{before[text]} -> {after[text]}", "examples", "changed", text)
        for text in before.keys() & after.keys()
        if before[text] != after[text]
    ]
    rows += [
        (after[text], "examples", "changed", f"{text} ({_describe_change(languages[0][text], languages[1][text])})")
        for text in before.keys() & after.keys()
        if languages[0][text] != languages[1][text]
    ]
    return rows


def _describe_change(old: str, new: str) -> str:
    """A change of the language that a passage names."""
    return f"language {old or _UNNAMED} -> {new or _UNNAMED}"
