"""A fitted scorer as other processes open it: they fit nothing, and score as the one that was fitted."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import numpy as np

from framing.classify.classifier import FrameClassifier
from framing.classify.classifier_state import take_state
from framing.classify.llm import LlmScorer
from framing.classify.nli import NliScorer
from framing.classify.saved import load_classifier, save_classifier
from framing.classify.scorer import Scorer
from framing.codebook import Codebook
from framing.encoders.known import identify_reading
from framing.encoders.sentence import default_store
from framing.encoders.weights import find_nli_model
from framing.errors import InputError

__all__ = ["ShippedScorer", "identify_scorer", "ship_scorer"]

_OPENED: dict[str, Scorer] = {}  # of this process: the model of one stays in memory


@dataclass(frozen=True)
class ShippedScorer:
    """What a process needs to open a fitted scorer.

    Attributes
    ----------
    codebook : Codebook
        Its frames are scored.
    identity : str
        Hash of all that its scores depend on, beside the code.
    folder : Path or None
        Where the classifier is saved, in a folder that every process sees; None for other scorers.
    nli_model : str
        The NLI model; empty for a classifier, and for a language model, which this process alone asks.
    """

    codebook: Codebook = field(repr=False)
    identity: str
    folder: Path | None = None
    nli_model: str = ""

    def open(self) -> Scorer:
        """Open the scorer; once a process.

        Returns
        -------
        Scorer
            Fitted.

        Raises
        ------
        InputError
            If its folder or its model is not there, or the encoder is another one.
        """
        if self.identity not in _OPENED:
            scorer: Scorer
            if self.folder is not None:
                if not self.folder.is_dir():
                    raise InputError(
                        f"There is no folder {self.folder} on this machine: workers must see the files of the process "
                        "that calls them under the same path, for instance on a network file system."
                    )
                scorer = cast(Scorer, load_classifier(self.folder, self.codebook))
            elif not self.nli_model:
                raise InputError("Only the process that made a language model the scorer asks it; use no cluster.")
            else:
                scorer = NliScorer(self.codebook, self.nli_model, store=default_store()).fit()
            _OPENED.clear()
            _OPENED[self.identity] = scorer
        return _OPENED[self.identity]


def identify_scorer(scorer: Scorer) -> str:
    """Compute the hash of all that the scores of a fitted scorer depend on, beside the code.

    Parameters
    ----------
    scorer : Scorer
        Fitted.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    if isinstance(scorer, NliScorer):
        content = json.dumps([scorer.codebook.hash, find_nli_model(scorer.model).fingerprint])
        return hashlib.sha256(content.encode()).hexdigest()
    if isinstance(scorer, LlmScorer):
        return hashlib.sha256(json.dumps([scorer.codebook.hash, scorer.identity]).encode()).hexdigest()
    assert isinstance(scorer, FrameClassifier)  # there are three scorers
    state = take_state(scorer)
    known = [scorer.codebook.hash, identify_reading(scorer.encoder_), state.values]
    digest = hashlib.sha256(json.dumps(known, sort_keys=True, default=str).encode())
    for name, values in sorted(state.arrays.items()):
        array = np.ascontiguousarray(values)
        digest.update(f"{name}\x1f{array.dtype}\x1f{array.shape}\x1f".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


def ship_scorer(scorer: Scorer, folder: Path | None) -> ShippedScorer:
    """Make a fitted scorer ready for other processes.

    Parameters
    ----------
    scorer : Scorer
        Fitted.
    folder : Path or None
        Folder to save a classifier in, which every process sees; None where this process alone scores.

    Returns
    -------
    ShippedScorer
        What others need to open it. In this process it is open already.
    """
    identity = identify_scorer(scorer)
    _OPENED.clear()
    _OPENED[identity] = scorer
    if isinstance(scorer, NliScorer):
        return ShippedScorer(scorer.codebook, identity, nli_model=scorer.model)
    if isinstance(scorer, LlmScorer):
        if folder is not None:
            raise InputError("A language model is asked by this process alone: leave out the cluster (executor).")
        return ShippedScorer(scorer.codebook, identity)
    assert isinstance(scorer, FrameClassifier)  # there are three scorers
    if folder is not None:
        folder.parent.mkdir(parents=True, exist_ok=True)
        save_classifier(scorer, folder)
    return ShippedScorer(scorer.codebook, identity, folder=folder)
