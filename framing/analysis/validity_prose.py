"""Paragraphs of the part on validity, which depend on the classifier, the codebook and the coders."""

from __future__ import annotations

from framing.texts import phrase, phrase_later

__all__ = ["explain_validity"]

_RELIABILITY = phrase_later("Where people do not agree on a frame, no classifier can be shown to be right about it.")
_ON_FLOOR = {  # by whether shares are corrected
    True: (
        phrase_later(
            "Shares and contrasts that are corrected with the labels do not rest on it; shares by "
            "voice, word lists and lists of passages do."
        )
    ),
    False: phrase_later("All shares and contrasts of this report rest on marks, so read none of a frame that is poor."),
}

_CHOICES = {  # by whether a passage may have several frames, and whether a precision or recall was asked for
    (True, False): phrase_later(
        " The scores from which a frame counts as present, were chosen on these same labels: the decisions look a "
        "little better here than on new passages. Average precision and the calibration error do not depend on that "
        "choice."
    ),
    (True, True): phrase_later(
        " The scores from which a frame counts as present, or stays undecided, were chosen on these same labels: the "
        "decisions look a little better here than on new passages. Average precision and the calibration error do not "
        "depend on that choice."
    ),
    (False, True): phrase_later(
        " The scores from which a frame stays undecided, were chosen on these same labels: the decisions look a "
        "little better here than on new passages. Average precision and the calibration error do not depend on that "
        "choice."
    ),
}


def explain_validity(
    *, learned: bool, inference: bool, multi_label: bool, promises: bool, n_coders: int, corrected: bool = False
) -> dict[str, str]:
    """Write the paragraphs of the part on validity.

    Parameters
    ----------
    learned : bool
        Whether the classifier learned from the labels.
    inference : bool
        Whether it scores by natural language inference.
    multi_label : bool
        Whether a passage may carry several frames.
    promises : bool
        Whether a precision or recall was asked for.
    n_coders : int
        Number of columns of single coders.
    corrected : bool, default False
        Whether shares are corrected with the labels.

    Returns
    -------
    dict of str to str
        Paragraphs by name: `labels, coders, coder_errors, agreement, calibration, abstention, floor, errors`.
    """
    basis = phrase("from the codebook’s sentences, by inference") if inference else phrase("from the codebook alone")
    return {
        "labels": (
            phrase(
                "The classifier of this report has learned from these labels; here each labelled passage "
                "is scored by one that had not."
            )
            if learned
            else phrase(
                "The classifier of this report has not learned from the labels: it works {basis} (zero-shot).",
                basis=basis,
            )
        )
        + (
            phrase(" Shares and contrasts in this report are corrected with them, for groups that have enough labels.")
            if corrected
            else phrase(" They check the classifier; shares in this report are not corrected with them.")
        ),
        "coders": _describe_coders(n_coders),
        "coder_errors": _describe_coder_errors(n_coders, corrected=corrected),
        "floor": phrase("A verdict is about single marks. {rests}", rests=phrase(_ON_FLOOR[corrected])),
        "agreement": _describe_agreement(learned=learned, multi_label=multi_label, promises=promises),
        "calibration": (
            phrase(
                "The scores are chances in a corpus with the labels’ mix of frames, calibrated on passages left out."
            )
            if learned
            else phrase(
                "A classifier that has learned from no labels does not know how common a frame is in this "
                "corpus; its scores put passages in an order, and are no chances."
            )
        ),
        "abstention": (
            phrase("With several frames a passage most decisions are that a frame is absent, and easy.")
            if multi_label
            else phrase("A passage has one frame here, and the surest decisions are those with the highest scores.")
        ),
        "errors": (
            phrase(
                "A passage with several frames counts in each pair of a coded and a decided one, so that a "
                "pair is not always a mistake."
            )
            if multi_label
            else phrase("Each passage counts once, in the pair of its coded and its decided frame.")
        ),
    }


def _describe_coders(n_coders: int) -> str:
    if n_coders > 1:
        return phrase(
            "{reliability} Alpha corrects agreement for chance, which percent agreement does not: with "
            "rare frames coders agree on most passages by marking none. Passages and documents are "
            "those that two coders or more have coded.",
            reliability=phrase(_RELIABILITY),
        )
    columns = (
        phrase("Only one column of a single coder is named")
        if n_coders
        else phrase("No columns of single coders are named")
    )
    return phrase(
        "{reliability} {columns}, and agreement needs at least two, so it is not known here. Name "
        "them under gold: coders in corpus.yaml, and say there how differences were settled.",
        reliability=phrase(_RELIABILITY),
        columns=columns,
    )


def _describe_coder_errors(n_coders: int, *, corrected: bool) -> str:
    shares = phrase("the corrected shares") if corrected else phrase("the shares of the labelled passages")
    if n_coders < 2:
        return phrase(
            "Labels count as true everywhere else. No passage was coded by two, so the errors of "
            "coders are not known. The table says what {shares} would be with the sensitivity and "
            "specificity of each row.",
            shares=shares,
        )
    return phrase(
        "Labels count as true everywhere else. This table says within which bounds the true share "
        "lies behind {shares} if coders err; errors of sampling and differences between coders are "
        "in them. The bounds suppose that coders are equally good, and alike in all groups, and "
        "that each errs independently of the other. Two coders cannot tell a frame that one missed "
        "from a frame that one gave falsely, so there are only bounds. Coders who share a mistake "
        "agree on it, and no bound shows that. Where labels are too few, errors are assumed, a row "
        "for each assumption.",
        shares=shares,
    )


def _describe_agreement(*, learned: bool, multi_label: bool, promises: bool) -> str:
    if not learned:
        return phrase("No passage was scored by a classifier that had seen any label.")
    paragraph = phrase("No passage was scored by a classifier that had learned from it or from its document.")
    choice = _CHOICES.get((multi_label, promises), "")
    return paragraph + (phrase(choice) if choice else "")
