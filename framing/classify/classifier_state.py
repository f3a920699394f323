"""What a classifier has learned as a state that can be saved, and the classifier from that state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from framing.classify.classifier import FrameClassifier
from framing.classify.decisions import DecisionRule
from framing.classify.guarantees import find_shortfall, read_guarantees
from framing.classify.learning import make_ensemble
from framing.classify.state import State
from framing.classify.tuned.plan import TuningPlan
from framing.codebook import Codebook
from framing.encoders.encoder import Encoder

__all__ = ["restore_classifier", "take_state", "upgrade_first_format"]


def take_state(classifier: FrameClassifier) -> State:
    """Take all that scoring needs beside the codebook and the encoder.

    Parameters
    ----------
    classifier : FrameClassifier
        A fitted one.

    Returns
    -------
    State
        Arrays and values, without texts and without what belongs to single folds.

    Raises
    ------
    NotFittedError
        Before `fit`.
    """
    anchors = classifier.describe_anchors()
    state = classifier.ensemble_.get_state()
    k, rule = len(classifier.classes_), classifier.decision_rule_
    arrays = {
        **state.arrays,
        "present_from": np.full(k, -np.inf) if rule.present_from is None else rule.present_from,
        "absent_below": np.full(k, np.inf) if rule.absent_below is None else rule.absent_below,
    }
    if classifier.cross_fitted_ is not None:
        arrays["cross_fitted"] = classifier.cross_fitted_
    values = {
        **state.values,
        "strength": classifier.strength_,
        "zero_shot": classifier.zero_shot_,
        "threshold": classifier.threshold_,
        "training_sha256": classifier.training_hash_,
        "parameters": {
            "strength": classifier.strength,
            "precision": _as_json(classifier.precision),
            "recall": _as_json(classifier.recall),
            "confidence": classifier.confidence,
            "tuning": asdict(classifier.tuning) if classifier.tuning is not None else None,
            "threshold_for": classifier.threshold_for,
            "language_shift": classifier.language_shift,
            "random_seed": classifier.random_seed,
        },
        "anchors": anchors.to_dict("records"),
        "guarantees": [
            {name: None if pd.isna(value) else value for name, value in row.items()}
            for row in classifier.guarantees_.to_dict("records")
        ],
    }
    return State(arrays, values)


def restore_classifier(state: State, codebook: Codebook, encoder: Encoder) -> FrameClassifier:
    """Make the fitted classifier that a state was taken from.

    Parameters
    ----------
    state : State
        As `take_state` returned it.
    codebook : Codebook
        The one of that classifier.
    encoder : Encoder
        The one of that classifier.

    Returns
    -------
    FrameClassifier
        It scores as that classifier did, and has no folds.
    """
    arrays, values = state.arrays, state.values
    parameters: dict[str, Any] = dict(values["parameters"])
    if parameters["tuning"] is not None:
        parameters["tuning"] = TuningPlan(**parameters["tuning"])
    classifier = FrameClassifier(codebook, encoder, **parameters)
    multi_label, threshold = codebook.multi_label, float(values["threshold"])
    classifier.classes_ = np.array(codebook.frame_ids)
    classifier.encoder_, classifier.encoder_name_, classifier.dtype_ = encoder, encoder.name, encoder.dtype
    classifier.strength_ = values["strength"]
    classifier.zero_shot_ = values.get("zero_shot", classifier.strength_ == "zero-shot")
    classifier.training_hash_, classifier.training_dtype_ = values["training_sha256"], ""
    classifier.cross_fitted_, classifier.folds_ = arrays.get("cross_fitted"), None
    classifier.threshold_ = threshold
    bounds = arrays["present_from"], arrays["absent_below"]
    classifier.decision_rule_ = DecisionRule(multi_label, threshold, *bounds, residual=codebook.residual)
    classifier.anchors_ = pd.DataFrame(values["anchors"])
    classifier.guarantees_ = read_guarantees(values["guarantees"])
    ensemble = make_ensemble(codebook, encoder, language_shift=classifier.language_shift)
    classifier.ensemble_ = ensemble.set_state(state)
    return classifier


def upgrade_first_format(facts: dict[str, Any], arrays: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give what was saved in format 1 the names of format 2.

    Parameters
    ----------
    facts : dict
        Values of the saved classifier, its codebook and its encoder.
    arrays : dict of str to ndarray
        Its arrays.

    Returns
    -------
    facts : dict
        In the names of format 2.
    arrays : dict of str to ndarray
        Likewise.
    """
    encoder = dict(facts["encoder"])
    encoder["dtype"] = encoder.pop("precision")
    parameters = {**facts["parameters"], "tuning": _rename_plan(facts["parameters"]["tuning"])}
    values = {
        **{name: facts[name] for name in ("strength", "threshold", "training_sha256", "anchors")},
        "parameters": parameters,
        "frozen": {"roles": facts["frozen"]["roles"], "words": {"parts": facts["frozen"]["words"]}},
        "guarantees": [_add_shortfall({"share_kept": row.get("coverage"), **row}) for row in facts["guarantees"]],
    }
    if facts["plan"] is not None:
        values["tuned"] = {"plan": _rename_plan(facts["plan"])}
    head = ("frozen.vectors", "frozen.dual", "frozen.primal")
    renamed = {
        name.replace("frozen.", "frozen.head.") if name in head else name: array for name, array in arrays.items()
    }
    return {"codebook": facts["codebook"], "encoder": encoder, "classifier": values}, renamed


def _rename_plan(plan: dict[str, Any] | None) -> dict[str, Any] | None:
    names = {"contrast": "contrastive_weight", "precision": "dtype"}
    return None if plan is None else {names.get(name, name): value for name, value in plan.items()}


def _add_shortfall(row: dict[str, Any]) -> dict[str, Any]:
    shortfall = find_shortfall(
        row["measure"],
        required=row["asked"],
        confidence=row["confidence"],
        n_gold=row["n_gold"],
        held=row["held"],
    )
    return {**row, "shortfall": shortfall}


def _as_json(requirement: float | Mapping[str, float] | None) -> float | dict[str, float] | None:
    """A required precision or recall as JSON can hold it."""
    if isinstance(requirement, Mapping):
        return {frame: float(value) for frame, value in requirement.items()}
    return None if requirement is None else float(requirement)
