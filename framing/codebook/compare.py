"""Changes between two versions of a codebook, and frames whose ids were changed."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from framing.codebook.cells import NONE
from framing.codebook.codebook import Codebook, Frame
from framing.errors import InputError

__all__ = ["compare_codebooks", "count_changes", "rename_frames", "suggest_renamed"]

_UNNAMED = "of the codebook"


def compare_codebooks(old: Codebook, new: Codebook, *, renamed: Mapping[str, str] | None = None) -> pd.DataFrame:
    """List the changes between two versions of a codebook.

    Parameters
    ----------
    old : Codebook
        The earlier version.
    new : Codebook
        The later version.
    renamed : mapping of str to str, optional
        The new id of each frame whose id was changed, by its old one.

    Returns
    -------
    DataFrame
        Columns `frame, part, change, text`, one row a change; `frame` is the new id of a renamed frame. Of examples,
        `frame` names all frames that they carry; of what holds for all frames (`language`, `unit`, `multi_label`) it is
        empty.

    Raises
    ------
    InputError
        As `rename_frames` does, and where the new version lacks a new id.
    """
    ids = dict(renamed or {})
    for id_ in ids.values():
        if id_ not in new.frame_ids:
            raise InputError(
                f"{new.codebook} {new.version} has no frame {id_}; it has {', '.join(new.frame_ids)}.",
                argument="renamed",
            )
    old = rename_frames(old, ids)
    old_frames = {frame.id: frame for frame in old.frames}
    new_frames = {frame.id: frame for frame in new.frames}
    rows = [(key, "frame", "removed", frame.name) for key, frame in old_frames.items() if key not in new_frames]
    rows += [(key, "frame", "added", frame.name) for key, frame in new_frames.items() if key not in old_frames]
    for key in old_frames.keys() & new_frames.keys():
        rows += [(key, *change) for change in _compare_frames(old_frames[key], new_frames[key])]
    rows += [(after, "id", "changed", f"{before} -> {after}") for before, after in ids.items()]
    rows += _compare_examples(old, new)
    rows += [
        ("", part, "changed", f"{getattr(old, part)} -> {getattr(new, part)}")
        for part in ("language", "unit", "multi_label")
        if getattr(old, part) != getattr(new, part)
    ]
    return pd.DataFrame(sorted(rows), columns=["frame", "part", "change", "text"])


def rename_frames(codebook: Codebook, renamed: Mapping[str, str]) -> Codebook:
    """Give frames other ids, in the frames and the examples.

    Parameters
    ----------
    codebook : Codebook
        The codebook.
    renamed : mapping of str to str
        The new id of each frame, by its old one.

    Returns
    -------
    Codebook
        The same frames in the same order.

    Raises
    ------
    InputError
        If the codebook lacks an old id, or two frames would have one id.
    """
    if not renamed:
        return codebook
    for id_ in renamed:
        if id_ not in codebook.frame_ids:
            raise InputError(
                f"{codebook.codebook} {codebook.version} has no frame {id_}; it has {', '.join(codebook.frame_ids)}.",
                argument="renamed",
            )
    ids = [renamed.get(frame.id, frame.id) for frame in codebook.frames]
    twice = sorted({id_ for id_ in ids if ids.count(id_) > 1})
    if twice:
        raise InputError(
            f"two frames of {codebook.codebook} {codebook.version} would be {', '.join(twice)}.", argument="renamed"
        )
    frames = [frame.model_copy(update={"id": id_}) for frame, id_ in zip(codebook.frames, ids, strict=True)]
    examples = [
        example.model_copy(update={"frames": tuple(renamed.get(id_, id_) for id_ in example.frames)})
        for example in codebook.examples
    ]
    return codebook.model_copy(update={"frames": tuple(frames), "examples": tuple(examples)})


def suggest_renamed(old: Codebook, new: Codebook) -> dict[str, str]:
    """Find frames of the old version alone that look like one of the new version alone.

    Parameters
    ----------
    old, new : Codebook
        The two versions.

    Returns
    -------
    dict of str to str
        New ids by old ones: frames that have the same name, letter case ignored, or more than half of their seeds in
        common. A guess to be shown, not acted upon.
    """
    removed = [frame for frame in old.frames if frame.id not in new.frame_ids]
    added = [frame for frame in new.frames if frame.id not in old.frame_ids]
    alike: dict[str, str] = {}
    for frame in removed:
        for other in added:
            n_common = len(set(frame.seeds) & set(other.seeds))
            is_alike = frame.name.casefold() == other.name.casefold() or 2 * n_common > len(frame.seeds)
            if is_alike and other.id not in alike.values():
                alike[frame.id] = other.id
                break
    return alike


def count_changes(changes: pd.DataFrame, frame: str) -> int:
    """Count the changes that name a frame.

    Parameters
    ----------
    changes : DataFrame
        As `compare_codebooks` returns them.
    frame : str
        Id of the frame.

    Returns
    -------
    int
        Number of rows. An example that is new or gone counts for all of its frames, one that carries other frames for
        those that it has won or lost.

    Examples
    --------
    >>> changes = pd.DataFrame({"frame": ["war", "trade; war", "trade; war -> trade", "trade; war -> war", "warmth"]})
    >>> count_changes(changes, "war")
    3
    """
    n = 0
    for text in changes["frame"]:
        before, _, after = (set(part.split("; ")) if part else set() for part in str(text).partition(" -> "))
        n += frame in before ^ after
    return n


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
