"""How much a classifier learns: from the codebook alone, with a head on labels, or with a tuned encoder."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from framing.codebook import Codebook
from framing.errors import InputError

__all__ = ["Strength", "check_labels", "check_strength", "choose_strength", "explain_strength"]

Strength = Literal["auto", "zero-shot", "head", "fine-tuned"]

TUNE_FROM = 8  # labelled texts a frame, on average, from which tuning beat the head in cross-validation
_LABELS = " (--labels FILE or --cross-fit on the command line, learn_from_gold in a report)"


def check_strength(asked: str, *, labelled: bool, promises: bool) -> None:
    """Raise `InputError` for a strength that there is not, and for what needs labels where none are learned from."""
    if asked not in get_args(Strength):
        raise InputError(f"There is no strength {asked!r}. Choose {', '.join(get_args(Strength))}.")
    if not labelled and asked in ("head", "fine-tuned"):
        raise InputError(f"fit: strength {asked} learns from labels; give texts and labels{_LABELS}.")
    if promises and (not labelled or asked == "zero-shot"):
        raise InputError(
            f"fit: a precision or recall can only be promised on labels; give some{_LABELS}, or ask for none."
        )


def check_labels(labels: NDArray[np.bool_], n_texts: int, codebook: Codebook) -> NDArray[np.bool_]:
    """`labels` as booleans, shape (n, K); raises `InputError` for another shape or number of frames a text."""
    k = len(codebook.frames)
    if not n_texts or np.shape(labels) != (n_texts, k):
        raise InputError(
            f"fit: {n_texts} texts, but labels of shape {np.shape(labels)}; expected at least one text and "
            f"booleans of shape ({n_texts or 'n'}, {k}), a column a frame of {codebook.codebook}."
        )
    told = np.asarray(labels, bool)
    wrong = np.flatnonzero(told.sum(axis=1) != 1)
    if not codebook.multi_label and len(wrong):
        row = int(wrong[0])
        raise InputError(
            f"fit: {codebook.codebook} has exactly one frame a passage, but the labels of text {row} "
            f"(counted from 0) name {int(told[row].sum())}."
        )
    return told


def choose_strength(asked: str, *, n_labelled: int, n_frames: int, n_groups: int, tunable: bool) -> str:
    """The strength used; `auto` takes the best that labels and encoder allow.

    A member of tuning learns from all folds but one, so it takes two groups (documents); raises `InputError` where
    tuning was asked for and there is one.
    """
    if asked == "fine-tuned" and n_groups < 2:
        raise InputError(
            "fit: strength fine-tuned needs labelled texts of at least two documents, but all are of one group. "
            "Choose strength head (--strength head), or label passages of another document."
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
