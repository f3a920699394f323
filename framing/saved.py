"""A fitted classifier on disk: arrays as safetensors, all else as JSON; nothing that runs code when read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from framing.blend import Blend
from framing.codebook import Codebook
from framing.encode import default_store, open_encoder
from framing.errors import InputError
from framing.experts import FrozenExpert
from framing.files.whole import write_whole
from framing.guarantee import GUARANTEES
from framing.tune import TunedEncoder, TuningPlan

if TYPE_CHECKING:
    from framing.classify import FrameClassifier

__all__ = ["check_folder", "load_classifier", "save_classifier"]

_FORMAT = 1
_FACTS = "classifier.json"  # names the file of arrays, so that putting it in place changes both at once


def check_folder(folder: str | Path) -> Path:
    """Raise `InputError` before any work where a classifier cannot be kept in `folder`."""
    folder = Path(folder)
    try:
        names = sorted(item.name for item in folder.iterdir()) if folder.exists() else []
    except OSError as error:
        raise InputError(f"{folder} cannot hold a classifier: {error.strerror}.") from None
    if _FACTS not in names and not all(map(_is_part, names)):
        raise InputError(f"{folder} is not empty and holds no classifier; choose another folder.")
    return folder


def save_classifier(classifier: FrameClassifier, folder: str | Path) -> Path:
    """Write a fitted classifier to `folder`, whole or not at all; an earlier one there is replaced at the end.

    The folder holds n-grams of the training texts (as vocabulary), not the texts. Raises `InputError` when
    the classifier is not fitted or the folder cannot be written.
    """
    if not hasattr(classifier, "_blend"):
        raise InputError("save: call fit first.")
    folder = check_folder(folder)
    frozen, words = classifier._frozen.state()
    arrays = {f"frozen.{name}": value for name, value in frozen.items()}
    arrays |= {f"blend.{name}": value for name, value in classifier._blend.state().items()}
    arrays |= {"present_from": classifier._present_from, "absent_below": classifier._absent_below}
    if classifier.cross_fitted_ is not None:
        arrays["cross_fitted"] = classifier.cross_fitted_
    tuned = classifier._tuned
    if tuned is not None:
        arrays |= {f"tuned.{name}": value for name, value in tuned.state().items()}
    facts: dict[str, Any] = {
        "codebook": {"id": classifier.codebook.codebook, "hash": classifier.codebook.hash},
        "encoder": {
            "name": classifier.encoder_name_,
            "sha256": _model_hash(classifier._encoder),
            "precision": str(getattr(classifier._encoder, "precision", "")),
        },
        "training_sha256": classifier.training_hash_,
        "strength": classifier.strength_,
        "threshold": classifier.threshold_,
        "parameters": {
            "strength": classifier.strength,
            "precision": _plain(classifier.precision),
            "recall": _plain(classifier.recall),
            "confidence": classifier.confidence,
            "tuning": asdict(classifier.tuning) if classifier.tuning is not None else None,
            "random_seed": classifier.random_seed,
        },
        "plan": asdict(tuned.plan) if tuned is not None else None,
        "frozen": words,
        "anchors": classifier.anchors_.to_dict("records"),
        "guarantees": [
            {name: None if pd.isna(value) else value for name, value in row.items()}
            for row in classifier.guarantees_.to_dict("records")
        ],
    }
    try:
        _write(folder, arrays, facts)
    except OSError as error:
        raise InputError(f"{folder} cannot be written: {error.strerror}.") from None
    return folder


def load_classifier(folder: str | Path, codebook: Codebook, *, encoder: Any = None) -> FrameClassifier:
    """The classifier of `folder`, as it was when saved.

    Parameters
    ----------
    codebook : must be the one that it was fitted on, by content.
    encoder : an `Encoder`; by default the one named when it was saved. Its weights must be the same, by sha256.

    Raises `InputError` for anything that does not match or is damaged.
    """
    from framing.classify import FrameClassifier

    folder = Path(folder)
    facts, arrays = _read(folder)
    _require("codebook", facts["codebook"]["hash"], codebook.hash, folder, remedy="Give that codebook, or fit again")
    name = facts["encoder"]["name"]
    if encoder is None:
        encoder = open_encoder(name, store=default_store(), precision=facts["encoder"]["precision"] or "auto")
    _require("encoder", facts["encoder"]["sha256"], _model_hash(encoder), folder, remedy=f"It was fitted with {name}")
    asked = facts["parameters"]
    tuning = TuningPlan(**asked["tuning"]) if asked["tuning"] is not None else None
    classifier = FrameClassifier(codebook, encoder, **{**asked, "tuning": tuning})
    classifier._encoder, classifier.encoder_name_ = encoder, encoder.name
    classifier.classes_ = np.array(codebook.frame_ids)
    classifier.strength_ = facts["strength"]
    classifier.zero_shot_ = facts["strength"] == "zero-shot"
    classifier.threshold_ = float(facts["threshold"])
    classifier.training_hash_ = facts["training_sha256"]
    classifier.cross_fitted_ = arrays.get("cross_fitted")
    classifier._present_from, classifier._absent_below = arrays["present_from"], arrays["absent_below"]
    classifier.anchors_ = pd.DataFrame(facts["anchors"])
    promised = [{"share_kept": row.get("coverage"), **row} for row in facts["guarantees"]]  # an earlier name
    classifier.guarantees_ = pd.DataFrame(promised, columns=list(GUARANTEES))
    if promised:
        classifier.guarantees_ = classifier.guarantees_.astype({"threshold": float, "n_enough": "Int64"})
    multi = codebook.multi_label
    classifier._blend = Blend(multi_label=multi).restore(_part(arrays, "blend."))
    classifier._frozen = FrozenExpert(encoder, language=codebook.language, multi_label=multi).restore(
        _part(arrays, "frozen."), facts["frozen"]
    )
    classifier._tuned = None
    if facts["plan"] is not None:
        classifier._tuned = TunedEncoder(encoder.source, multi_label=multi, plan=TuningPlan(**facts["plan"])).restore(
            _part(arrays, "tuned."), n_frames=len(codebook.frames)
        )
    return classifier


def _part(arrays: dict[str, Any], head: str) -> dict[str, Any]:
    return {name.removeprefix(head): value for name, value in arrays.items() if name.startswith(head)}


def _model_hash(encoder: Any) -> str:
    """Fingerprint of the weights, without the precision that they are computed in."""
    parts = str(encoder.fingerprint).split("+")
    return "+".join(part.removesuffix("-float32").removesuffix("-bfloat16") for part in parts)


def _require(what: str, saved: str, given: str, folder: Path, *, remedy: str) -> None:
    if saved != given:
        raise InputError(
            f"{folder}: the classifier was fitted with another {what} (sha256 {saved[:16]}…, given {given[:16]}…). "
            f"{remedy}."
        )


def _plain(asked: Any) -> Any:
    """What was asked for, as JSON can hold it."""
    if isinstance(asked, Mapping):
        return {frame: float(value) for frame, value in asked.items()}
    return None if asked is None else float(asked)


def _write(folder: Path, arrays: dict[str, Any], facts: dict[str, Any]) -> None:
    from safetensors.numpy import save

    folder.mkdir(parents=True, exist_ok=True)
    content = save({name: np.ascontiguousarray(value) for name, value in arrays.items()})
    digest = hashlib.sha256(content).hexdigest()
    named = f"classifier-{digest[:16]}.safetensors"
    facts = {**facts, "arrays": {"file": named, "sha256": digest}}
    whole = {"format": _FORMAT, "sha256": _digest(facts), "facts": facts}
    write_whole(folder / named, content)
    write_whole(folder / _FACTS, json.dumps(whole, allow_nan=False).encode("ascii"))
    for path in folder.iterdir():  # of an earlier classifier, and of saves that were cut short
        if _is_part(path.name) and path.name not in (named, _FACTS):
            path.unlink(missing_ok=True)


def _is_part(name: str) -> bool:
    """Whether a file is of a classifier; of a save that was cut short it is hidden."""
    return name.removeprefix(".").startswith("classifier")


def _digest(facts: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode("ascii")).hexdigest()


def _read(folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    from safetensors.numpy import load

    path = folder / _FACTS
    if not path.is_file():
        raise InputError(f"{folder} holds no classifier: there is no {_FACTS}. Save one with --save first.")
    try:
        whole = json.loads(path.read_bytes())
        version, expected, facts = whole["format"], whole["sha256"], whole["facts"]
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path} is damaged ({error!r}); fit and save the classifier again.") from None
    if version != _FORMAT:
        raise InputError(f"{folder}: format {version!r}, this version reads {_FORMAT}; fit and save it again.")
    _require_whole(path, _digest(facts), expected)
    named, expected = facts["arrays"]["file"], facts["arrays"]["sha256"]
    if not (folder / named).is_file():
        raise InputError(f"{folder} holds no whole classifier: there is no {named}. Fit and save it again.")
    content = (folder / named).read_bytes()
    _require_whole(folder / named, hashlib.sha256(content).hexdigest(), expected)
    return facts, load(content)


def _require_whole(path: Path, found: str, expected: object) -> None:
    if found != expected:
        raise InputError(
            f"{path} is damaged: the sha256 of its content is {found[:16]}…, expected {str(expected)[:16]}…. "
            "Fit and save the classifier again."
        )
