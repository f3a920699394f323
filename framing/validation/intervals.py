"""Each measure of agreement with its interval, or the reason why it has none."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from framing.tables import ESTIMATE
from framing.uncertainty.intervals import exact_bounds, percentiles
from framing.uncertainty.resample import STILL, draw_weights
from framing.validation.inputs import Floats
from framing.validation.measures import LabelledDecisions, Measure, count_documents_behind, measure_agreement

__all__ = [
    "BOOTSTRAPPED",
    "CALIBRATION",
    "EXACT",
    "METHOD",
    "ONE_DOCUMENT",
    "Interval",
    "bootstrap_interval",
    "estimate_agreement",
    "no_interval",
]

METHOD = "percentile bootstrap over documents"
CALIBRATION = "bootstrap over documents, lower end reflected: draws overstate a calibration error"
EXACT = "exact (Clopper-Pearson) at the number of documents: all draws are alike"
BOOTSTRAPPED = (METHOD, CALIBRATION)  # the usual case, which needs no remark
ONE_DOCUMENT = "no interval: a single document"
_ALIKE = "no interval: all draws are alike"
_UNDEFINED = {
    "precision": "undefined: the classifier never used the frame",
    "recall": "undefined: no coder used the frame",
    "f1": "undefined: neither coders nor classifier used the frame",
    "average_precision": "undefined: no coder used the frame",
    "accuracy": "undefined: no passage was decided on every frame",
}
_ABSTAINED = "undefined: the classifier abstained wherever a coder used the frame"
_ONE_GOLD_DOCUMENT = "no interval: a single document has the frame"


class Interval(NamedTuple):
    """Ends of an interval, NaN where there is none, and how it was made or why there is none.

    Attributes
    ----------
    low : float
        Lower end.
    high : float
        Upper end.
    method : str
        A sentence for the column `method`.
    """

    low: float
    high: float
    method: str


def no_interval(reason: str) -> Interval:
    """An interval that is not known.

    Parameters
    ----------
    reason : str
        Why there is none.

    Returns
    -------
    Interval
        Both ends NaN.
    """
    return Interval(np.nan, np.nan, reason)


def bootstrap_interval(
    draws: Floats, *, share: float | None, n_documents: int, level: float, method: str = METHOD
) -> Interval:
    """Percentiles of the draws, or, where all draws are alike, the exact interval of a share.

    Parameters
    ----------
    draws : ndarray of float
        Values of the bootstrap draws, shape (B,); NaN where one is not defined.
    share : float or None
        The estimate if it is a share of passages; None for other measures, which have no exact interval.
    n_documents : int
        Documents that a share rests on, each as one observation of the exact interval.
    level : float
        Confidence level.
    method : str
        What the column `method` says of percentiles.

    Returns
    -------
    Interval
        Without ends where the draws are alike and there is no exact interval: no width is no certainty.

    Examples
    --------
    >>> bootstrap_interval(np.ones(100), share=1.0, n_documents=4, level=0.95).method
    'exact (Clopper-Pearson) at the number of documents: all draws are alike'
    """
    low, high = (float(end) for end in percentiles(draws, level=level))
    if not high - low < STILL:
        return Interval(low, high, method)
    if share is None:
        return no_interval(_ALIKE)
    return Interval(*exact_bounds(share, n_documents, level=level), EXACT)


def estimate_agreement(
    labelled: LabelledDecisions,
    *,
    level: float,
    n_bootstrap: int,
    random_seed: int | list[int],
    min_documents: int = 2,
    only: Collection[Measure] = (),
) -> pd.DataFrame:
    """Measures of agreement with their intervals.

    Parameters
    ----------
    labelled : LabelledDecisions
        As from `count_agreement`.
    level : float
        Confidence level.
    n_bootstrap : int
        Number of draws of documents.
    random_seed : int or list of int
        Start of the draws.
    min_documents : int, default 2
        With fewer documents there is no interval.
    only : collection of tuple of str, optional
        Frame and name of the measures that are wanted; all if empty.

    Returns
    -------
    DataFrame
        `frame, measure` and the estimate columns.
    """
    n_documents, n_passages = labelled.n_documents, labelled.n_passages
    estimates = measure_agreement(labelled, np.ones((1, n_documents)))
    reason = ""
    if n_documents < max(min_documents, 2):
        reason = ONE_DOCUMENT if min_documents <= 2 else f"no interval: fewer than {min_documents} gold documents"
    draws = [] if reason else _draw_measures(labelled, n_draws=n_bootstrap, random_seed=random_seed)
    n_gold_passages = dict(zip(labelled.frames, labelled.n_gold_passages.tolist(), strict=True))
    n_gold_documents = dict(zip(labelled.frames, labelled.n_gold_documents.tolist(), strict=True))
    n_behind = count_documents_behind(labelled)
    rows = []
    for (frame, measure), values in estimates.items():
        if only and (frame, measure) not in only:
            continue
        estimate = float(values[0])
        if np.isnan(estimate):
            interval = no_interval(_explain_undefined(frame, measure, n_gold_passages))
        elif reason:
            interval = no_interval(reason)
        elif measure == "average_precision" and n_gold_documents.get(frame, n_documents) < 2:
            interval = no_interval(_ONE_GOLD_DOCUMENT)  # draws have the frame in that document's share or not at all
        else:
            share = estimate if (frame, measure) in n_behind else None
            interval = bootstrap_interval(
                np.concatenate([part[frame, measure] for part in draws]),
                share=share, n_documents=n_behind.get((frame, measure), n_documents), level=level,
            )  # fmt: skip
            if measure == "calibration_error" and not np.isnan(interval.low):
                interval = Interval(max(0.0, 2 * estimate - interval.high), interval.high, CALIBRATION)
        counts = {"n_passages": n_gold_passages.get(frame, n_passages), "n_documents": n_documents}
        keys = {"frame": frame, "measure": measure, "estimate": estimate}
        rows.append({**keys, **interval._asdict(), **counts, "n_gold": n_passages})
    return pd.DataFrame(rows, columns=["frame", "measure", *ESTIMATE])


def _draw_measures(
    labelled: LabelledDecisions, *, n_draws: int, random_seed: int | list[int]
) -> list[dict[Measure, Floats]]:
    """Measures of bootstrap draws of documents, in parts that fit the memory."""
    weights = draw_weights(
        labelled.n_documents,
        n_draws=n_draws,
        n_cells=labelled.n_passages * len(labelled.frames),
        generator=np.random.default_rng(random_seed),
    )
    return [measure_agreement(labelled, part) for part in weights]


def _explain_undefined(frame: str, measure: str, n_gold_passages: Mapping[str, int]) -> str:
    """Why a measure of a frame, or over all frames, is not defined."""
    of_frame = frame in n_gold_passages
    n_coded = n_gold_passages[frame] if of_frame else sum(n_gold_passages.values())
    reason = _ABSTAINED if n_coded and measure in ("recall", "f1") else _UNDEFINED[measure]
    return reason if of_frame else reason.replace("the frame", "any frame")
