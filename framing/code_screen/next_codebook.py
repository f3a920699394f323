"""The next version of a codebook: a draft with the remarks beside the rules, and which passages it changes."""

from __future__ import annotations

import textwrap
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.codebook import Codebook, compare_codebooks
from framing.codebook.drafts import WIDTH, format_codebook, raise_minor
from framing.coding.coded import Coded
from framing.errors import InputError

__all__ = ["draft_next_codebook", "list_to_code_again", "name_next_draft"]

_RULES = ("frame", "name", "definition", "include", "exclude", "residual")  # parts that coders read
_EXCERPT = 160


def draft_next_codebook(codebook: Codebook, coded: Coded) -> tuple[str, int]:
    """Write a draft of the next version, to be edited by hand.

    Parameters
    ----------
    codebook : Codebook
        The version that was coded with.
    coded : Coded
        The codings with what coders said.

    Returns
    -------
    text : str
        YAML: the same rules with the next minor version. Above the rules of a frame stand, as comments, the remarks on
        passages to which a coder gave it, and how often coders differed on it.
    n_remarks : int
        Number of remarks that it has.
    """
    lines = format_codebook(codebook.model_copy(update={"version": raise_minor(codebook.version)})).splitlines()
    comments = _collect_comments(codebook, coded)
    n_remarks = len(coded.notes[coded.notes["notes"] != ""])
    head = (
        f"Draft of the version after {codebook.version}, with what coders remarked. Edit the rules, delete these "
        "comments, and raise the first number of the version instead if a frame now means something else. Then list "
        "what to code again: framing code DESIGN --changed FILE"
    )
    drafted = [f"# {line}" for line in textwrap.wrap(head, WIDTH)]
    for line in lines:
        frame = line.removeprefix("  - id:").strip() if line.startswith("  - id:") else ""
        for comment in comments.get(frame, []) if frame else []:
            wrapped = textwrap.wrap(comment, WIDTH, subsequent_indent="  ", break_on_hyphens=False)
            drafted += [f"  # {part}" for part in wrapped]
        drafted.append(line)
    others = comments.get("", [])
    if others:
        drafted += ["# Remarks on passages without a frame:", *(f"# {item}" for item in others)]
    return "\n".join(drafted) + "\n", n_remarks


def name_next_draft(folder: Path, codebook: Codebook) -> Path:
    """Name a draft that replaces no earlier one, which may have been edited.

    Parameters
    ----------
    folder : Path
        Where it will be.
    codebook : Codebook
        The version that was coded with.

    Returns
    -------
    Path
        A name that is free.
    """
    stem = f"{codebook.codebook}-{raise_minor(codebook.version)}-draft"
    number = 1
    while (path := folder / (f"{stem}.yaml" if number == 1 else f"{stem}-{number}.yaml")).exists():
        number += 1
    return path


def list_to_code_again(new: Codebook, coded: Coded) -> pd.DataFrame:
    """List the passages that changed rules touch.

    Parameters
    ----------
    new : Codebook
        The next version.
    coded : Coded
        What was coded with the earlier one.

    Returns
    -------
    DataFrame
        `passage_id, text, frames, reason`: `frames` are those with changed rules that touch the passage. A passage is
        touched by a change of name, definition, include or exclude rules of a frame if a coder, or those who settled,
        gave it the frame, or if a coder who doubted or remarked something gave a frame that is confused with it. A new
        frame, and a change of how many frames a passage has, touch every passage.

    Raises
    ------
    InputError
        If no rule was changed, or it is another codebook.

    Notes
    -----
    A rule that became wider can also touch passages to which nobody gave the frame; only coding anew finds those.
    """
    old = coded.codebook
    if new.codebook != old.codebook:
        raise InputError(f"Expected a version of the codebook {old.codebook}, got {new.codebook}.")
    changes = compare_codebooks(old, new)
    changes = changes[changes["part"].isin([*_RULES, "unit", "multi_label"])]
    if changes.empty:
        raise InputError(f"{new.codebook} {new.version} has the same rules as {old.version}: nothing to code again.")
    every = changes[(changes["frame"] == "") | ((changes["part"] == "frame") & (changes["change"] == "added"))]
    given = np.nan_to_num(np.concatenate([coded.codings, coded.adjudicated[None]])) == 1
    doubted = _find_doubted(coded)
    passages = coded.design.passages
    rows = []
    for row, (passage_id, text) in enumerate(zip(passages["passage_id"], passages["text"], strict=True)):
        frames, reasons = [], []
        for frame in dict.fromkeys(changes["frame"]):
            place = old.frame_ids.index(frame) if frame in old.frame_ids else None
            parts = ", ".join(sorted(set(changes["part"][changes["frame"] == frame])))
            if frame in set(every["frame"]):
                reason = "new frame" if frame else f"changed: {parts}"
            elif place is not None and given[:, row, place].any():
                reason = f"was given; changed: {parts}"
            elif place is not None and row in doubted and _is_confused(given, place, row):
                reason = f"a coder doubted or remarked on a frame that is confused with it; changed: {parts}"
            else:
                continue
            frames.append(frame)
            reasons.append(f"{frame}: {reason}" if frame else reason)
        if reasons:
            values = (passage_id, text, ";".join(filter(None, frames)), " | ".join(reasons))
            rows.append(values)
    return pd.DataFrame(rows, columns=["passage_id", "text", "frames", "reason"])


def _collect_comments(codebook: Codebook, coded: Coded) -> dict[str, list[str]]:
    """Comments by the id of their frame, empty for passages without a frame."""
    comments: dict[str, list[str]] = {}
    n_coders = (~np.isnan(coded.codings[:, :, 0])).sum(axis=0)
    votes = np.nansum(coded.codings, axis=0)
    for place, frame in enumerate(codebook.frame_ids):
        several = (n_coders > 1) & (votes[:, place] > 0)
        n_split = int((several & (votes[:, place] < n_coders)).sum())
        if n_split:
            comments[frame] = [f"Coders differed on it in {n_split} of the {several.sum()} passages that any gave it."]
    texts = dict(zip(coded.design.passages["passage_id"], coded.design.passages["text"], strict=True))
    for note in coded.notes[coded.notes["notes"] != ""].to_dict("records"):
        excerpt = textwrap.shorten(texts[note["passage_id"]], _EXCERPT, placeholder=" …")
        doubt = ", unsure" if note["unsure"] else ""
        remark = f"{note['coder']}{doubt}: {' '.join(note['notes'].split())} [{note['passage_id']}: {excerpt}]"
        frames = [frame for frame in note["frames"].split(";") if frame in codebook.frame_ids]
        for frame in frames or [""]:
            comments.setdefault(frame, []).append(remark)
    return comments


def _find_doubted(coded: Coded) -> set[int]:
    """Rows of passages on which a coder remarked something or doubted."""
    rows = {passage_id: row for row, passage_id in enumerate(coded.design.passages["passage_id"])}
    said = coded.notes[(coded.notes[["notes", "unsure"]] != "").any(axis=1)]
    return {rows[passage_id] for passage_id in said["passage_id"]}


def _is_confused(given: NDArray[np.bool_], place: int, row: int) -> bool:
    """Whether a frame that the passage was given was elsewhere given by one coder where another gave this frame."""
    here = np.asarray(given[:, row].any(axis=0))
    split = np.asarray(given.any(axis=0) & ~given.all(axis=0))
    return bool((split[:, [place]] & split & here).any())
