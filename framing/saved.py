"""A fitted classifier on disk: arrays as safetensors, all else as JSON; nothing that runs code when read."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
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
from framing.tune import TunedEncoder, TuningPlan

if TYPE_CHECKING:
    from framing.classify import FrameClassifier

__all__ = ["load_classifier", "save_classifier"]

_FORMAT = 1
_ARRAYS, _FACTS = "classifier.safetensors", "classifier.json"


def save_classifier(classifier: FrameClassifier, folder: str | Path) -> Path:
    """Write a fitted classifier to `folder`, whole or not at all; an earlier one there is replaced.

    The folder holds n-grams of the training texts (as vocabulary), not the texts. Raises `InputError` when
    the classifier is not fitted or the folder cannot be written.
    """
    if not hasattr(classifier, "_blend"):
        raise InputError("save: call fit first.")
    folder = Path(folder)
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
        "format": _FORMAT,
        "codebook": {"id": classifier.codebook.codebook, "hash": classifier.codebook.hash},
        "encoder": {
            "name": classifier.encoder_name_,
            "sha256": _model_hash(classifier._encoder),
            "precision": str(getattr(classifier._encoder, "precision", "")),
        },
        "training_sha256": classifier.training_hash_,
        "strength": classifier.strength_,
        "threshold": classifier.threshold_,
        "confidence": classifier.confidence,
        "random_seed": classifier.random_seed,
        "plan": asdict(tuned.plan) if tuned is not None else None,
        "frozen": words,
        "anchors": classifier.anchors_.to_dict("records"),
        "guarantees": classifier.guarantees_.to_dict("records"),
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
        encoder = open_encoder(name, store=default_store(), precision=facts["encoder"]["precision"])
    _require("encoder", facts["encoder"]["sha256"], _model_hash(encoder), folder, remedy=f"It was fitted with {name}")
    classifier = FrameClassifier(
        codebook, encoder, strength=facts["strength"], confidence=facts["confidence"], random_seed=facts["random_seed"]
    )
    classifier._encoder, classifier.encoder_name_ = encoder, encoder.name
    classifier.classes_ = np.array(codebook.frame_ids)
    classifier.strength_ = facts["strength"]
    classifier.zero_shot_ = facts["strength"] == "zero-shot"
    classifier.threshold_ = float(facts["threshold"])
    classifier.training_hash_ = facts["training_sha256"]
    classifier.cross_fitted_ = arrays.get("cross_fitted")
    classifier._present_from, classifier._absent_below = arrays["present_from"], arrays["absent_below"]
    classifier.anchors_ = pd.DataFrame(facts["anchors"])
    columns = list(facts["guarantees"][0]) if facts["guarantees"] else []
    classifier.guarantees_ = pd.DataFrame(facts["guarantees"], columns=columns or None)
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


def _write(folder: Path, arrays: dict[str, Any], facts: dict[str, Any]) -> None:
    from safetensors.numpy import save

    folder.parent.mkdir(parents=True, exist_ok=True)
    if folder.exists() and not (folder / _FACTS).is_file() and any(folder.iterdir()):
        raise InputError(f"{folder} is not empty and holds no classifier; choose another folder.")
    work = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}.making-"))
    try:
        content = save({name: np.ascontiguousarray(value) for name, value in arrays.items()})
        (work / _ARRAYS).write_bytes(content)
        facts = {**facts, "arrays_sha256": hashlib.sha256(content).hexdigest()}
        (work / _FACTS).write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")
        work.chmod(0o755)
        if folder.exists():
            old = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}.old-"))
            os.rename(folder, old / "classifier")  # noqa: PTH104
            work.rename(folder)
            shutil.rmtree(old, ignore_errors=True)
        else:
            work.rename(folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _read(folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    from safetensors.numpy import load

    for name in (_FACTS, _ARRAYS):
        if not (folder / name).is_file():
            raise InputError(f"{folder} holds no classifier: there is no {name}. Save one with --save first.")
    content = (folder / _ARRAYS).read_bytes()
    try:
        facts = json.loads((folder / _FACTS).read_text(encoding="utf-8"))
        version, expected = facts["format"], facts["arrays_sha256"]
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{folder / _FACTS} is damaged ({error!r}); fit and save the classifier again.") from None
    if version != _FORMAT:
        raise InputError(f"{folder}: format {version!r}, this version reads {_FORMAT}; fit and save it again.")
    found = hashlib.sha256(content).hexdigest()
    if found != expected:
        raise InputError(f"{folder / _ARRAYS} is damaged: its sha256 is {found[:16]}…, expected {expected[:16]}….")
    return facts, load(content)
