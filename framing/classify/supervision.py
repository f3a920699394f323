"""How much a classifier learns: from the codebook alone, with a head on labels, or with a tuned encoder."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.codebook import Codebook
from framing.errors import InputError

__all__ = ["Labels", "Strength", "check_labels", "check_strength", "choose_strength", "explain_strength"]

Strength = Literal["auto", "zero-shot", "head", "fine-tuned"]
Labels: TypeAlias = "NDArray[np.bool_] | pd.DataFrame"

TUNE_FROM = 8  # labelled texts a frame, on average, from which tuning beat the head in cross-validation


def check_strength(asked: str, *, labelled: bool, promises: bool) -> None:
    """Raise `InputError` for a strength that there is not, and for what needs labels where none are learned from."""
    if asked not in get_args(Strength):
        raise InputError(f"There is no strength {asked!r}. Choose {', '.join(get_args(Strength))}.")
    if not labelled and asked in ("head", "fine-tuned"):
        raise InputError(f"fit: strength {asked} learns from labels; give texts and labels.")
    if promises and (not labelled or asked == "zero-shot"):
        raise InputError("fit: a precision or recall can only be promised on labels; give some, or ask for none.")


def check_labels(labels: Labels, n_texts: int, codebook: Codebook, *, method: str = "fit") -> NDArray[np.bool_]:
    """Labels as booleans, in the codebook's order of frames.

    Parameters
    ----------
    labels : array of shape (n, K), or DataFrame
        A DataFrame has a column a frame, named by its id, in any order.
    n_texts : int
        How many texts they are of.
    codebook : Codebook
        Names the frames.
    method : str
        What errors name as their origin.

    Returns
    -------
    ndarray of bool, shape (n, K)

    Raises
    ------
    InputError
        For another shape, columns that are not the frames, or another number of frames a text than the codebook allows.
    """
    k = len(codebook.frames)
    if isinstance(labels, pd.DataFrame):
        if sorted(map(str, labels.columns)) != sorted(codebook.frame_ids):
            raise InputError(
                f"{method}: the columns of labels are {', '.join(map(str, labels.columns))}; expected one column a "
                f"frame of {codebook.codebook}: {', '.join(codebook.frame_ids)}."
            )
        labels = labels[codebook.frame_ids].to_numpy()
    if not n_texts or np.shape(labels) != (n_texts, k):
        raise InputError(
            f"{method}: {n_texts} texts, but labels of shape {np.shape(labels)}; expected at least one text and "
            f"booleans of shape ({n_texts or 'n'}, {k}), a column a frame of {codebook.codebook}."
        )
    checked = np.asarray(labels, bool)
    wrong = np.flatnonzero(checked.sum(axis=1) != 1)
    if not codebook.multi_label and len(wrong):
        row = int(wrong[0])
        raise InputError(
            f"{method}: {codebook.codebook} has exactly one frame a passage, but the labels of text {row} "
            f"(counted from 0) name {int(checked[row].sum())}."
        )
    return checked


def choose_strength(asked: str, *, n_labelled: int, n_frames: int, n_groups: int, tunable: bool) -> str:
    """The strength used; `auto` takes the best that labels and encoder allow.

    A member of tuning learns from all folds but one, so it takes two groups (documents); raises `InputError` where
    tuning was asked for and there is one.
    """
    if asked == "fine-tuned" and n_groups < 2:
        raise InputError(
            "fit: strength fine-tuned needs labelled texts of at least two documents, but all are of one group. "
            "Choose strength head, or label passages of another document."
        )
    if asked != "auto":
        return asked
    if not n_labelled:
        return "zero-shot"
    return "fine-tuned" if n_labelled >= TUNE_FROM * n_frames and tunable and n_groups > 1 else "head"


def explain_strength(asked: str, used: str, *, n_labelled: int, n_frames: int, n_groups: int, encoder: str) -> str:
    """Why this strength was taken, in a line."""
    if asked != "auto":
        return f"strength {used}, as asked for"
    size = f"{n_labelled:,} labelled passages for {n_frames} frames are {n_labelled / n_frames:.1f} a frame"
    if used == "fine-tuned":
        return f"strength fine-tuned: {size}; it is taken from {TUNE_FROM} on"
    if n_labelled < TUNE_FROM * n_frames:
        return f"strength head: {size}; fine-tuning is taken from {TUNE_FROM} on"
    if n_groups < 2:
        return "strength head: all labelled passages are of one document, and fine-tuning needs two"
    return f"strength head: the encoder {encoder} has no layers that can be tuned"
