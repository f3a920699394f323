"""A fitted classifier on disk: arrays as safetensors, all else as JSON; nothing that runs code when read."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np

from framing.classify.abstention import shortfall_of
from framing.classify.classifier import FrameClassifier
from framing.classify.scorer import NotFittedError
from framing.classify.state import State
from framing.codebook import Codebook
from framing.encoders.sentence import Encoder, default_store, open_encoder
from framing.errors import InputError
from framing.files.whole import write_whole

__all__ = ["check_folder", "load_classifier", "save_classifier"]

_FORMAT = 2
_READ = (1, 2)
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
    try:
        state = classifier.get_state()
    except NotFittedError:
        raise NotFittedError("save: call fit first.") from None
    folder = check_folder(folder)
    encoder = {
        "name": classifier.encoder_name_,
        "sha256": _model_hash(classifier.encoder_),
        "dtype": classifier.dtype_,
    }
    codebook = {"id": classifier.codebook.codebook, "hash": classifier.codebook.hash}
    facts = {"codebook": codebook, "encoder": encoder, "classifier": state.values}
    try:
        _write(folder, state.arrays, facts)
    except OSError as error:
        raise InputError(f"{folder} cannot be written: {error.strerror}.") from None
    return folder


def load_classifier(folder: str | Path, codebook: Codebook, *, encoder: Encoder | None = None) -> FrameClassifier:
    """The classifier of `folder`, as it was when saved.

    Parameters
    ----------
    folder : path
        Where `save_classifier` put it.
    codebook : Codebook
        Must be the one that it was fitted on, by content.
    encoder : Encoder, optional
        By default the one named when it was saved. Its weights must be the same, by sha256.

    Raises
    ------
    InputError
        For anything that does not match or is damaged.
    """
    folder = Path(folder)
    facts, arrays = _read(folder)
    _require("codebook", facts["codebook"]["hash"], codebook.hash, folder, remedy="Give that codebook, or fit again")
    name = facts["encoder"]["name"]
    if encoder is None:
        encoder = open_encoder(name, store=default_store(), dtype=facts["encoder"]["dtype"] or "auto")
    _require("encoder", facts["encoder"]["sha256"], _model_hash(encoder), folder, remedy=f"It was fitted with {name}")
    return FrameClassifier.from_state(State(arrays, facts["classifier"]), codebook, encoder)


def _model_hash(encoder: Encoder) -> str:
    """Fingerprint of the weights, without the number format that they are computed in."""
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
        raise InputError(f"{folder} holds no classifier: there is no {_FACTS}. Save one there first.")
    try:
        whole = json.loads(path.read_bytes())
        version, expected, facts = whole["format"], whole["sha256"], whole["facts"]
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path} is damaged ({error!r}); fit and save the classifier again.") from None
    if version not in _READ:
        readable = " and ".join(map(str, _READ))
        raise InputError(f"{folder}: format {version!r}, this version reads {readable}; fit and save it again.")
    _require_whole(path, _digest(facts), expected)
    named, expected = facts["arrays"]["file"], facts["arrays"]["sha256"]
    if not (folder / named).is_file():
        raise InputError(f"{folder} holds no whole classifier: there is no {named}. Fit and save it again.")
    content = (folder / named).read_bytes()
    _require_whole(folder / named, hashlib.sha256(content).hexdigest(), expected)
    arrays = load(content)
    return _from_first_format(facts, arrays) if version == 1 else (facts, arrays)


def _require_whole(path: Path, found: str, expected: object) -> None:
    if found != expected:
        raise InputError(
            f"{path} is damaged: the sha256 of its content is {found[:16]}…, expected {str(expected)[:16]}…. "
            "Fit and save the classifier again."
        )


def _from_first_format(facts: dict[str, Any], arrays: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What format 1 kept, under the names of format 2."""
    encoder = dict(facts["encoder"])
    encoder["dtype"] = encoder.pop("precision")
    parameters = {**facts["parameters"], "tuning": _renamed_plan(facts["parameters"]["tuning"])}
    values = {
        **{name: facts[name] for name in ("strength", "threshold", "training_sha256", "anchors")},
        "parameters": parameters,
        "frozen": {"roles": facts["frozen"]["roles"], "words": {"parts": facts["frozen"]["words"]}},
        "guarantees": [_with_shortfall({"share_kept": row.get("coverage"), **row}) for row in facts["guarantees"]],
    }
    if facts["plan"] is not None:
        values["tuned"] = {"plan": _renamed_plan(facts["plan"])}
    head = ("frozen.vectors", "frozen.dual", "frozen.primal")
    renamed = {
        name.replace("frozen.", "frozen.head.") if name in head else name: array for name, array in arrays.items()
    }
    return {"codebook": facts["codebook"], "encoder": encoder, "classifier": values}, renamed


def _renamed_plan(plan: dict[str, Any] | None) -> dict[str, Any] | None:
    names = {"contrast": "contrastive_weight", "precision": "dtype"}
    return None if plan is None else {names.get(name, name): value for name, value in plan.items()}


def _with_shortfall(row: dict[str, Any]) -> dict[str, Any]:
    asked = {name: row[name] for name in ("asked", "confidence", "n_gold", "held")}
    return {**row, "shortfall": shortfall_of(row["measure"], **asked)}
