"""A fitted classifier on disk: arrays as safetensors, all else as JSON; nothing that runs code when read."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import numpy as np

from framing.classify.classifier import FrameClassifier
from framing.classify.classifier_state import restore_classifier, take_state, upgrade_first_format
from framing.classify.scorer import NotFittedError
from framing.classify.state import State
from framing.codebook import Codebook
from framing.encoders.neutral import describe_shift
from framing.encoders.sentence import Encoder, default_store, open_encoder
from framing.errors import InputError
from framing.files.whole import write_whole

__all__ = ["check_folder", "load_classifier", "save_classifier"]

_FORMAT = 2
_READABLE_FORMATS = (1, 2)
_FACTS = "classifier.json"  # names the file of arrays, so that putting it in place changes both at once
_COMPUTED = re.compile(r"(-(openvino|onnxruntime|torch|static))?-(float32|bfloat16)$")  # ends a fingerprint


def check_folder(folder: str | Path) -> Path:
    """Check that a classifier can be saved in a folder, before any work is done.

    Parameters
    ----------
    folder : path
        One that does not exist, is empty, or holds a classifier.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    InputError
        For any other folder.
    """
    folder = Path(folder)
    try:
        names = sorted(item.name for item in folder.iterdir()) if folder.exists() else []
    except OSError as error:
        raise InputError(f"{folder} cannot hold a classifier: {error.strerror}.") from None
    if _FACTS not in names and not all(map(_is_part, names)):
        raise InputError(f"{folder} is not empty and holds no classifier; choose another folder.")
    return folder


def save_classifier(classifier: FrameClassifier, folder: str | Path) -> Path:
    """Write a fitted classifier to a folder, completely or not at all; an earlier one there is replaced at the end.

    Parameters
    ----------
    classifier : FrameClassifier
        A fitted one.
    folder : path
        One that does not exist, is empty, or holds a classifier.

    Returns
    -------
    Path
        The folder. It holds n-grams of the training texts (as vocabulary), not the texts.

    Raises
    ------
    NotFittedError
        Before `fit`.
    InputError
        Where the folder cannot be written, or holds anything else.
    """
    try:
        state = take_state(classifier)
    except NotFittedError:
        raise NotFittedError("save: call fit first.") from None
    folder = check_folder(folder)
    encoder = {
        "name": classifier.encoder_name_,
        "sha256": _hash_weights(classifier.encoder_),
        "dtype": classifier.dtype_,
        "shift": describe_shift(classifier.encoder_) if state.values["frozen"]["neutral"] else "kept",
    }
    codebook = {"id": classifier.codebook.codebook, "hash": classifier.codebook.hash}
    facts = {"codebook": codebook, "encoder": encoder, "classifier": state.values}
    try:
        _write(folder, state.arrays, facts)
    except OSError as error:
        raise InputError(f"{folder} cannot be written: {error.strerror}.") from None
    return folder


def load_classifier(folder: str | Path, codebook: Codebook, *, encoder: Encoder | None = None) -> FrameClassifier:
    """Read a classifier that was saved in a folder.

    Parameters
    ----------
    folder : path
        Where `save_classifier` put it.
    codebook : Codebook
        Must be the one that it was fitted on, by content.
    encoder : Encoder, optional
        By default the one named when it was saved. Its weights must be the same, by sha256, and so must the languages
        between which directions are taken out of its vectors.

    Returns
    -------
    FrameClassifier
        It scores and decides as the one that was saved.

    Raises
    ------
    InputError
        For anything that does not match or is damaged.
    """
    folder = Path(folder)
    facts, arrays = _read(folder)
    _require_same(
        "codebook",
        facts["codebook"]["hash"],
        codebook.hash,
        folder,
        remedy="Give that codebook, of the same unit, or fit again",
    )
    name = facts["encoder"]["name"]
    if encoder is None:
        encoder = open_encoder(name, store=default_store(), dtype=facts["encoder"]["dtype"] or "auto")
    weights = _hash_weights(encoder)
    _require_same("encoder", facts["encoder"]["sha256"], weights, folder, remedy=f"It was fitted with {name}")
    _require_same_shift(facts["encoder"].get("shift", "kept"), encoder, folder)  # earlier versions did not note it
    return restore_classifier(State(arrays, facts["classifier"]), codebook, encoder)


def _hash_weights(encoder: Encoder) -> str:
    """Fingerprint of the weights, without the backend and the number format that they are computed in."""
    parts = str(encoder.fingerprint).split("+")
    return "+".join(_COMPUTED.sub("", part) for part in parts)


def _require_same(what: str, saved: str, given: str, folder: Path, *, remedy: str) -> None:
    if saved != given:
        raise InputError(
            f"{folder}: the classifier was fitted with another {what} (sha256 {saved[:16]}…, given {given[:16]}…). "
            f"{remedy}."
        )


def _require_same_shift(saved: str, encoder: Encoder, folder: Path) -> None:
    """Refuse an encoder whose card names other languages than it did: its vectors would be other ones."""
    if saved != "kept" and saved != (given := describe_shift(encoder)):
        raise InputError(
            f"{folder}: the classifier was fitted without what tells languages apart, of {saved}; {encoder.name} is "
            f"now one of {given}. Name the same languages in the head of its README.md (`language: [en, ru]`), or fit "
            "again."
        )


def _write(folder: Path, arrays: dict[str, Any], facts: dict[str, Any]) -> None:
    from safetensors.numpy import save

    folder.mkdir(parents=True, exist_ok=True)
    content = save({name: np.ascontiguousarray(value) for name, value in arrays.items()})
    digest = hashlib.sha256(content).hexdigest()
    name = f"classifier-{digest[:16]}.safetensors"
    facts = {**facts, "arrays": {"file": name, "sha256": digest}}
    record = {"format": _FORMAT, "sha256": _hash_facts(facts), "facts": facts}
    write_whole(folder / name, content)
    write_whole(folder / _FACTS, json.dumps(record, allow_nan=False).encode("ascii"))
    for path in folder.iterdir():  # of an earlier classifier, and of saves that were cut short
        if _is_part(path.name) and path.name not in (name, _FACTS):
            path.unlink(missing_ok=True)


def _is_part(name: str) -> bool:
    """Whether a file belongs to a classifier; a save that was cut short leaves a hidden one."""
    return name.removeprefix(".").startswith("classifier")


def _hash_facts(facts: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode("ascii")).hexdigest()


def _read(folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Facts and arrays, in the names of the newest format, after checking their hashes."""
    from safetensors.numpy import load

    path = folder / _FACTS
    if not path.is_file():
        raise InputError(f"{folder} holds no classifier: there is no {_FACTS}. Save one there first.")
    try:
        record = json.loads(path.read_bytes())
        version, expected, facts = record["format"], record["sha256"], record["facts"]
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path} is damaged ({error!r}); fit and save the classifier again.") from None
    if version not in _READABLE_FORMATS:
        readable = " and ".join(map(str, _READABLE_FORMATS))
        raise InputError(f"{folder}: format {version!r}, this version reads {readable}; fit and save it again.")
    _require_undamaged(path, _hash_facts(facts), expected)
    name, expected = facts["arrays"]["file"], facts["arrays"]["sha256"]
    if not (folder / name).is_file():
        raise InputError(f"{folder} holds no whole classifier: there is no {name}. Fit and save it again.")
    content = (folder / name).read_bytes()
    _require_undamaged(folder / name, hashlib.sha256(content).hexdigest(), expected)
    arrays = load(content)
    return upgrade_first_format(facts, arrays) if version == 1 else (facts, arrays)


def _require_undamaged(path: Path, digest: str, expected: object) -> None:
    if digest != expected:
        raise InputError(
            f"{path} is damaged: the sha256 of its content is {digest[:16]}…, expected {str(expected)[:16]}…. "
            "Fit and save the classifier again."
        )
