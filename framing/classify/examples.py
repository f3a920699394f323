"""Labelled texts to learn from: those that are given, or the examples of a codebook in their place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from framing.classify.anchors import ENOUGH_EXAMPLES, Anchors
from framing.classify.scorer import list_texts
from framing.classify.supervision import LabelledTexts, Labels, check_labels, make_labelled_texts
from framing.codebook import Codebook
from framing.errors import InputError

__all__ = ["check_examples", "gather_labelled", "take_examples"]


def check_examples(codebook: Codebook, strength: str, *, remedy: str = "some") -> None:
    """Check that a codebook has enough examples to stand for labels.

    Parameters
    ----------
    codebook : Codebook
        The codebook.
    strength : str
        What is to learn from them, for the error.
    remedy : str, default "some"
        How labels are given, for the error.

    Raises
    ------
    InputError
        Where a frame has fewer than eight.
    """
    carried = Counter(frame for example in codebook.examples for frame in example.frames)
    few = [f"{frame} ({carried[frame]})" for frame in codebook.frame_ids if carried[frame] < ENOUGH_EXAMPLES]
    if few:
        raise InputError(
            f"strength {strength} learns from labels: give {remedy}, or a codebook with {ENOUGH_EXAMPLES} examples "
            f"(`examples:`) of each frame. Too few of: {', '.join(few)}."
        )


def take_examples(anchors: Anchors, *, random_seed: int) -> tuple[Anchors, LabelledTexts]:
    """Take the examples out of the anchors as labelled texts.

    Parameters
    ----------
    anchors : Anchors
        Of the codebook.
    random_seed : int
        Of the folds.

    Returns
    -------
    rest : Anchors
        Seeds, counter-seeds, definitions, rules and background.
    labelled : LabelledTexts
        The examples, each a group of its own.
    """
    rest, examples = anchors.split()
    return rest, make_labelled_texts(examples.texts, examples.targets, None, random_seed=random_seed)


def gather_labelled(
    codebook: Codebook,
    texts: Sequence[str] | None,
    labels: Labels | None,
    groups: Sequence[object] | None,
    *,
    random_seed: int,
) -> LabelledTexts | None:
    """Check the texts and labels that are given, and bring them together.

    Parameters
    ----------
    codebook : Codebook
        Its frames are labelled.
    texts : sequence of str, optional
        Length n.
    labels : array of bool, DataFrame, or list, optional
        As in `FrameClassifier.fit`.
    groups : sequence, optional
        The document of each text.
    random_seed : int
        Of the folds.

    Returns
    -------
    LabelledTexts or None
        None where neither texts nor labels are given.

    Raises
    ------
    InputError
        For one without the other, and for shapes that do not fit.
    """
    if (texts is None) != (labels is None):
        raise InputError("fit: give texts and labels together, or neither.")
    if texts is None or labels is None:
        return None
    text_list = list_texts(texts, method="fit")
    flags = check_labels(labels, len(text_list), codebook)
    return make_labelled_texts(text_list, flags, groups, random_seed=random_seed)
