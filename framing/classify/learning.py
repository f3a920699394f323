"""Learning from labelled texts: the experts, their blend, and the rule by which frames are decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.classify.anchors import Anchors
from framing.classify.decisions import (
    DecisionRule,
    ThresholdFor,
    explain_threshold,
    fit_decision_rule,
    measure_micro,
)
from framing.classify.ensemble import Ensemble
from framing.classify.frozen.feature_reader import LanguageShiftOption
from framing.classify.requirements import Requirements
from framing.classify.supervision import LabelledTexts
from framing.classify.tuned.plan import TuningPlan
from framing.codebook import Codebook
from framing.encoders.encoder import Encoder
from framing.errors import InputError
from framing.steps import Say

__all__ = ["FEW_LABELLED", "Learnt", "compare_with_zero_shot", "learn_from_labels", "make_ensemble"]

FEW_LABELLED = 200
"""Most labelled texts with which what was learned is compared with the codebook alone."""

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Learnt:
    """What was learned beside the ensemble.

    Attributes
    ----------
    anchor_scores : ndarray, shape (n_passages, K)
        Left-out scores of the anchors that are passages.
    cross_fitted : ndarray, shape (n, K)
        Scores of the labelled texts by what had seen neither the text nor its group.
    rule : DecisionRule
        Threshold, and bounds of abstention.
    guarantees : DataFrame
        What is promised, columns `framing.tables.GUARANTEES`.
    training_dtype : str
        Number format of the products while tuning; empty where nothing was tuned.
    """

    anchor_scores: Array
    cross_fitted: Array
    rule: DecisionRule
    guarantees: pd.DataFrame
    training_dtype: str


def make_ensemble(codebook: Codebook, encoder: Encoder, *, language_shift: LanguageShiftOption = "remove") -> Ensemble:
    """Make an ensemble for the frames of a codebook.

    Parameters
    ----------
    codebook : Codebook
        The frames.
    encoder : Encoder
        The encoder.
    language_shift : {"remove", "keep"}
        As in `Ensemble`.

    Returns
    -------
    Ensemble
        Not fitted.
    """
    language, multi_label = codebook.language, codebook.multi_label
    return Ensemble(encoder, language=language, multi_label=multi_label, language_shift=language_shift)


def learn_from_labels(
    ensemble: Ensemble,
    anchors: Anchors,
    labelled: LabelledTexts,
    *,
    plan: TuningPlan | None,
    must_tune: bool,
    requirements: Requirements,
    frames: Sequence[str],
    residual: int | None = None,
    threshold_for: ThresholdFor,
    random_seed: int,
    progress: str = "",
    say: Say | None = None,
) -> Learnt:
    """Fit the experts of an ensemble, their blend and the decision rule.

    Parameters
    ----------
    ensemble : Ensemble
        Is fitted.
    anchors : Anchors
        Texts of the codebook.
    labelled : LabelledTexts
        Texts with labels and folds.
    plan : TuningPlan or None
        How the encoder is tuned; None: it is not.
    must_tune : bool
        Whether an encoder that cannot be tuned is an error; else it stays as it is, which is said.
    requirements : Requirements
        The precision and recall that are required.
    frames : sequence of str
        Frame ids, length K.
    residual : int, optional
        Place of the frame that a passage carries only where it carries no other.
    threshold_for : {"both", "macro", "micro"}
        The F1 that the threshold is chosen for.
    random_seed : int
        Of tuning.
    progress : str
        Title of a bar, on a terminal.
    say : callable, optional
        Is called with how far tuning is, and with what the threshold costs.

    Returns
    -------
    Learnt
        Scores that were left out, and the rule fitted on them.

    Raises
    ------
    InputError
        For an encoder that cannot be tuned, if it must be.
    """
    anchor_scores = ensemble.fit_frozen(anchors, labelled, progress=progress and "encoding labelled passages")
    training_dtype = ""
    if plan is not None:
        try:
            tuned = ensemble.fit_tuned(
                anchors, labelled, plan=plan, random_seed=random_seed, progress=progress, say=say
            )
            training_dtype = tuned.dtype_
        except InputError as error:  # a transformer, but none whose layers can be cut
            if must_tune:
                raise
            if say is not None:
                say(f"strength head instead: {error}")
    cross_fitted = ensemble.fit_blends(labelled)
    rule, guarantees = fit_decision_rule(
        labelled.labels,
        cross_fitted,
        multi_label=ensemble.multi_label,
        frames=frames,
        requirements=requirements,
        documents=labelled.groups,
        measure=threshold_for,
        residual=residual,
    )
    if say is not None and ensemble.multi_label:
        say(explain_threshold(cross_fitted, labelled.labels, rule, threshold_for))
    if say is not None and (languages := ensemble.levels.explain(rule.threshold)):
        say(languages)
    return Learnt(anchor_scores, cross_fitted, rule, guarantees, training_dtype)


def compare_with_zero_shot(
    ensemble: Ensemble, anchors: Anchors, labelled: LabelledTexts, learnt: Learnt, *, say: Say
) -> None:
    """Say whether the codebook alone does better on the labelled texts than what was learned from them.

    Parameters
    ----------
    ensemble : Ensemble
        Of the same frames and encoder, not fitted yet; it learns the codebook alone.
    anchors : Anchors
        Texts of the codebook.
    labelled : LabelledTexts
        What was learned from.
    learnt : Learnt
        What was learned; its scores are by folds, its threshold has seen all labels.
    say : callable
        Is called where the codebook alone does better.

    Notes
    -----
    Both are measured by micro-F1, with one label a passage the share that is right. The codebook alone has seen no
    label, and the threshold of what was learned has seen all: a warning is no accident of a favoured rival.
    """
    ensemble.fit_anchors(anchors)
    rule = DecisionRule(ensemble.multi_label, residual=learnt.rule.residual)
    truth = labelled.labels.astype(bool)
    alone = measure_micro(rule.choose(ensemble.predict_proba(labelled.texts)), truth)
    learned = measure_micro(learnt.rule.choose(learnt.cross_fitted), truth)
    if alone > learned:
        say(
            f"zero-shot does better on these {len(truth):,} labelled texts: micro-F1 {alone:.2f}, against "
            f"{learned:.2f} of what was learned, each text left out; label more, or take strength zero-shot"
        )
