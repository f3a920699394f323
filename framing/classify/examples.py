"""Examples of a codebook, passages with all of their frames, in place of labelled texts."""

from __future__ import annotations

from collections.abc import Sequence

from framing.classify.anchors import ENOUGH_EXAMPLES, Anchors
from framing.classify.supervision import LabelledTexts, make_labelled_texts
from framing.errors import InputError

__all__ = ["take_examples"]


def take_examples(
    anchors: Anchors, frames: Sequence[str], *, strength: str, random_seed: int
) -> tuple[Anchors, LabelledTexts]:
    """Take the examples out of the anchors as labelled texts.

    Parameters
    ----------
    anchors : Anchors
        Of the codebook.
    frames : sequence of str
        Its frame ids.
    strength : str
        What is to learn from them, for the error.
    random_seed : int
        Of the folds.

    Returns
    -------
    rest : Anchors
        Seeds, counter-seeds, definitions, rules and background.
    labelled : LabelledTexts
        The examples, each a group of its own.

    Raises
    ------
    InputError
        Where a frame has fewer than eight.
    """
    counts = anchors.targets[anchors.complete].sum(axis=0)
    few = [f"{frame} ({count})" for frame, count in zip(frames, counts, strict=True) if count < ENOUGH_EXAMPLES]
    if few:
        raise InputError(
            f"fit: strength {strength} learns from labels; give texts and labels, or a codebook with "
            f"{ENOUGH_EXAMPLES} examples (`examples:`) of each frame. Too few of: {', '.join(few)}."
        )
    rest, examples = anchors.split()
    return rest, make_labelled_texts(examples.texts, examples.targets, None, random_seed=random_seed)
