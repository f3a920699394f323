"""Each measure of agreement with its interval, or the reason why it has none."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from framing.tables import ESTIMATE
from framing.uncertainty.intervals import exact_bounds, percentiles
from framing.uncertainty.resample import STILL, draw_weights
from framing.validation import measures

__all__ = ["BOOTSTRAPPED", "CALIBRATION", "EXACT", "METHOD", "ONE_DOCUMENT", "estimate_agreement"]

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
_ONE_CARRIER = "no interval: a single document has the frame"


def estimate_agreement(
    judged: measures.Judged,
    *,
    level: float,
    n_bootstrap: int,
    seed: int | list[int],
    min_documents: int = 2,
    wanted: Collection[tuple[str, str]] = (),
) -> pd.DataFrame:
    """`frame, measure` and the estimate columns of all measures, or of those `wanted`."""
    n_documents, n = judged.n_documents, judged.n_passages
    point = measures.measures_of(judged, np.ones((1, n_documents)))
    few = n_documents < max(min_documents, 2)
    n_draws, n_cells = 0 if few else n_bootstrap, n * len(judged.frames)
    generator = np.random.default_rng(seed)
    draws = draw_weights(n_documents, n_draws=n_draws, n_cells=n_cells, generator=generator)
    parts = [measures.measures_of(judged, weights) for weights in draws]
    reason = ONE_DOCUMENT if min_documents <= 2 else f"no interval: fewer than {min_documents} gold documents"
    support = dict(zip(judged.frames, judged.support.tolist(), strict=True))
    carriers = dict(zip(judged.frames, judged.carriers.tolist(), strict=True))
    resting = measures.documents_behind(judged)
    rows = []
    for (frame, measure), values in point.items():
        if wanted and (frame, measure) not in wanted:
            continue
        estimate, low, high, method = float(values[0]), np.nan, np.nan, METHOD
        if np.isnan(estimate):
            method = _undefined(frame, measure, support)
        elif few:
            method = reason
        elif measure == "average_precision" and carriers.get(frame, 2) < 2:
            method = _ONE_CARRIER  # draws have the frame in that document's share or not at all
        else:
            ends = percentiles(np.concatenate([part[frame, measure] for part in parts]), level=level)
            low, high = float(ends[0]), float(ends[1])
            if high - low < STILL:  # no width is no certainty
                low, high, method = np.nan, np.nan, _ALIKE
                if (frame, measure) in resting:
                    low, high = exact_bounds(estimate, resting[frame, measure], level=level)
                    method = EXACT
            elif measure == "calibration_error":
                low, method = max(0.0, 2 * estimate - high), CALIBRATION
        rows.append((frame, measure, estimate, low, high, support.get(frame, n), n_documents, n, method))
    return pd.DataFrame(rows, columns=["frame", "measure", *ESTIMATE])


def _undefined(frame: str, measure: str, support: dict[str, int]) -> str:
    coded = support[frame] if frame in support else sum(support.values())
    text = _ABSTAINED if coded and measure in ("recall", "f1") else _UNDEFINED[measure]
    return text if frame in support else text.replace("the frame", "any frame")
