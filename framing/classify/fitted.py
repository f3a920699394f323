"""Fitting on a codebook alone, done once: the same codebook, encoder and code give the same classifier."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from framing.classify.classifier import FrameClassifier
from framing.classify.classifier_state import restore_classifier, take_state
from framing.classify.saved import load_classifier, save_classifier
from framing.codebook import Codebook
from framing.encoders.encoder import Encoder
from framing.encoders.known import identify_reading
from framing.errors import FramingError
from framing.files.caches import note_use
from framing.files.damage import find_identity, is_damaged_file, put_aside
from framing.files.identity import code_hash, library_versions
from framing.files.whole import whole_folder
from framing.project import cache_folder
from framing.steps import Say

__all__ = ["fit_on_codebook"]

_SHAPES_FIT = (  # wings whose code changes what is learned from a codebook
    "classify", "codebook", "corpus", "data", "defaults", "encoders", "errors", "files", "tables", "uncertainty",
)  # fmt: skip


def fit_on_codebook(classifier: FrameClassifier, *, say: Say | None = None) -> FrameClassifier:
    """Fit a classifier on its codebook alone, or open what an earlier fit of the same left in the cache folder.

    Parameters
    ----------
    classifier : FrameClassifier
        Not fitted.
    say : callable, optional
        As in `FrameClassifier.fit`: what is learned from examples, and how far it is.

    Returns
    -------
    FrameClassifier
        Fitted; it scores as `classifier.fit()` would.

    Raises
    ------
    FramingError
        As `FrameClassifier.fit` does. A cache that is damaged (with a warning) or cannot be written costs a fit,
        nothing else.
    """
    if isinstance(classifier.encoder, str):  # a name, which `fit` opens
        return classifier.fit(say=say)
    folder = _find_folder(classifier, classifier.encoder)
    if (fitted := _find_fitted(folder, classifier.codebook, classifier.encoder)) is not None:
        return fitted
    classifier.fit(say=say)
    with suppress(FramingError, OSError):
        folder.parent.mkdir(parents=True, exist_ok=True)
        with whole_folder(folder) as work:
            save_classifier(classifier, work)
    # as a later run opens it, so that the first run has the same numbers to the last bit
    return restore_classifier(take_state(classifier), classifier.codebook, classifier.encoder)


def _find_fitted(folder: Path, codebook: Codebook, encoder: Encoder) -> FrameClassifier | None:
    """The fit in a folder; None where there is none, or it is damaged: it is set aside with a warning."""
    if (seen := find_identity(folder)) is None:
        return None
    try:
        fitted = load_classifier(folder, codebook, encoder=encoder)
    except (FramingError, OSError) as error:
        with suppress(OSError):
            if isinstance(error, FramingError):
                put_aside(folder, "stored fit", "a file of it is missing or is not what was stored", seen=seen)
            elif is_damaged_file(error):
                put_aside(folder, "stored fit", error, seen=seen)
        return None
    note_use(folder)
    return fitted


def _find_folder(classifier: FrameClassifier, encoder: Encoder) -> Path:
    """Folder of the cache under everything that the fit depends on."""
    parameters = {
        name: dict(value) if isinstance(value, Mapping) else value
        for name, value in classifier.get_params(deep=False).items()
        if name not in ("codebook", "encoder")
    }
    inputs = [
        classifier.codebook.hash,
        identify_reading(encoder),
        repr(sorted(parameters.items())),
        code_hash(_SHAPES_FIT),
        library_versions(),
    ]
    return cache_folder() / "fits" / hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()[:24]
