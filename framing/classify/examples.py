"""Labelled texts to learn from: those that are given, or the examples of a codebook in their place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from framing.classify.anchors import ENOUGH_EXAMPLES, Anchors, make_anchors, read_by
from framing.classify.scorer import list_texts
from framing.classify.supervision import LabelledTexts, Labels, check_labels, make_labelled_texts
from framing.codebook import Codebook
from framing.encoders.known import known_languages
from framing.errors import InputError
from framing.steps import Say

__all__ = ["check_examples", "gather_anchors", "gather_labelled", "take_examples"]


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


def gather_anchors(
    codebook: Codebook, *, learns: bool, encoder: str = "", random_seed: int, say: Say | None = None
) -> tuple[Anchors, LabelledTexts | None]:
    """Make the anchors of a codebook, and take its examples for labelled texts where they stand for labels.

    Parameters
    ----------
    codebook : Codebook
        The codebook.
    learns : bool
        Whether its examples stand for labels.
    encoder : str, default ""
        Name of the encoder: examples in languages that it does not read are left out. Empty: none is.
    random_seed : int
        Of the folds.
    say : callable, optional
        Is called with how many examples are left out.

    Returns
    -------
    anchors : Anchors
        Without the examples where these stand for labels.
    labelled : LabelledTexts or None
        The examples, where they do.
    """
    languages = known_languages(encoder) if encoder else None
    n_examples = len(codebook.examples)
    n_left_out = n_examples - len(read_by(codebook.examples, languages))
    if n_left_out and say is not None:
        say(f"{n_left_out} of {n_examples} examples of the codebook left out: {encoder} does not read their languages")
    anchors = make_anchors(codebook, languages=languages)
    return take_examples(anchors, random_seed=random_seed) if learns else (anchors, None)


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
