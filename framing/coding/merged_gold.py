"""Human labels of several corpora as one sample, with the design of each corpus as a stratum of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.coding.gold import Gold

__all__ = ["merge_gold"]


def merge_gold(by_corpus: Mapping[str, Gold]) -> Gold:
    """Unite the human labels of several corpora.

    Parameters
    ----------
    by_corpus : mapping of str to Gold
        Labels by the id of their corpus, with the same K frames.

    Returns
    -------
    Gold
        All labelled passages in the order of the corpora. Strata are named `corpus/stratum`, so that none reaches over
        two corpora. There are probabilities, and speakers, only if every file has them. A coder who is named in
        several files is one coder.

    Notes
    -----
    If one corpus was sampled by passages and another by documents, documents are the clusters of both: a passage
    sample is then treated as clustered, which does not make its intervals too narrow.
    """
    golds = list(by_corpus.values())
    if len(golds) == 1:
        return golds[0]
    strata = [
        np.array([f"{name}/{stratum}" for stratum in _strata_of(gold)], dtype=object)
        for name, gold in by_corpus.items()
    ]
    probabilities = [gold.probabilities for gold in golds if gold.probabilities is not None]
    speakers = [gold.speakers for gold in golds if gold.speakers is not None]
    coders = tuple(dict.fromkeys(name for gold in golds if gold.codings is not None for name in gold.coders))
    stated = [f"{name}: {gold.sampling.rstrip('.')}" for name, gold in by_corpus.items() if gold.sampling]
    return Gold(
        passages=pd.concat([gold.passages for gold in golds], ignore_index=True),
        labels=np.concatenate([gold.labels for gold in golds]),
        codings=_merge_codings(golds, coders) if coders else None,
        coders=coders or tuple(dict.fromkeys(name for gold in golds for name in gold.coders)),
        refused=pd.concat([gold.refused for gold in golds], ignore_index=True),
        name=", ".join(f"{name}/{gold.name}" for name, gold in by_corpus.items()),
        sha256=hashlib.sha256("\n".join(gold.sha256 for gold in golds).encode()).hexdigest(),
        sampling="; ".join(stated),
        probabilities=np.concatenate(probabilities) if len(probabilities) == len(golds) else None,
        strata=np.concatenate(strata),
        speakers=np.concatenate(speakers) if len(speakers) == len(golds) else None,
        unit="document" if any(gold.unit == "document" for gold in golds) else "passage",
    )


def _strata_of(gold: Gold) -> list[str]:
    """Stratum of each labelled passage: the one of the file, else its outlet."""
    return [str(name) for name in (gold.strata if gold.strata is not None else gold.passages["outlet"])]


def _merge_codings(golds: list[Gold], coders: tuple[str, ...]) -> NDArray[np.float64]:
    """Codings of all coders, shape (C, n, K); NaN where a coder did not see a passage."""
    parts = []
    for gold in golds:
        part = np.full((len(coders), *gold.labels.shape), np.nan)
        if gold.codings is not None:
            part[[coders.index(name) for name in gold.coders]] = gold.codings
        parts.append(part)
    return np.concatenate(parts, axis=1)
