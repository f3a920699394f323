"""Units that can be drawn for coding, and how unsure a classifier is of each."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.defaults import Unit
from framing.errors import InputError
from framing.tables import require_columns

__all__ = ["Unit", "assign_bands", "list_units", "measure_unsureness"]

Floats = NDArray[np.float64]

_CLIP = 0.05  # a score never counts as surer than this: an overconfident classifier would else starve a stratum


def list_units(passages: pd.DataFrame, *, unit: Unit = "passage", scores: Floats | None = None) -> pd.DataFrame:
    """Units that can be drawn, passages or whole documents.

    Parameters
    ----------
    passages : DataFrame
        n rows, with passage_id, document_id, outlet and published.
    unit : {"passage", "document"}, default "passage"
        What is drawn.
    scores : ndarray of float, optional
        Scores, shape (n, K), 0 to 1.

    Returns
    -------
    DataFrame
        One row a unit, sorted by id: `unit_id, outlet, published, n_passages, measure, variance`. `measure` and
        `variance` of a passage are those of `measure_unsureness`; of a document `measure` is the mean of its passages
        and `variance` their sum.

    Raises
    ------
    InputError
        For missing columns, no passages, an unknown unit, ids that occur twice, a document of several outlets, or
        scores that do not fit.
    """
    require_columns(passages, ("passage_id", "document_id", "outlet", "published"), what="passages to draw from")
    if unit not in get_args(Unit):
        raise InputError(f"expected one of {', '.join(get_args(Unit))}, got {unit!r}.", argument="unit")
    if passages.empty:
        raise InputError("There are no passages to draw from.")
    repeated = passages["passage_id"][passages["passage_id"].duplicated()]
    if len(repeated):
        raise InputError(f"passages: the passage_id {repeated.iloc[0]!r} occurs twice; each must be of its own.")
    measure, variance = measure_unsureness(len(passages), scores)
    table = pd.DataFrame(
        {
            "unit_id": passages["passage_id" if unit == "passage" else "document_id"].astype(str).to_numpy(object),
            "passage_id": passages["passage_id"].astype(str).to_numpy(object),
            "outlet": passages["outlet"].astype(str).to_numpy(object),
            "published": pd.to_datetime(passages["published"]).to_numpy(),
            "measure": measure,
            "variance": variance,
        }
    ).sort_values(["unit_id", "passage_id"], ignore_index=True)  # sums of floats depend on their order
    grouped = table.groupby("unit_id", sort=True)
    n_outlets = grouped["outlet"].nunique()
    if unit == "document" and (n_outlets > 1).any():
        document = (n_outlets > 1).idxmax()
        raise InputError(
            f"passages: the document {document!r} stands under several outlets; it cannot be drawn as one."
        )
    units = grouped.agg(
        outlet=("outlet", "first"),
        published=("published", "first"),
        n_passages=("passage_id", "size"),
        measure=("measure", "mean"),
        variance=("variance", "sum"),
    )
    return units.reset_index()


def measure_unsureness(n: int, scores: Floats | None) -> tuple[Floats, Floats]:
    """How unsure a classifier is of each passage, and how much its labels are expected to vary.

    Parameters
    ----------
    n : int
        Number of passages.
    scores : ndarray of float or None
        Scores, shape (n, K), 0 to 1; None without a classifier.

    Returns
    -------
    tuple of ndarray of float
        `measure` and `variance`, each of shape (n,), and both constant without scores. `measure` is the score of a
        single frame, else the mean over frames of `score (1 - score)`. `variance` is the mean over frames of
        `score (1 - score)` with scores within 0.05 and 0.95: the variance of the labels if scores were chances.

    Raises
    ------
    InputError
        For scores of another shape or outside 0 and 1.
    """
    if scores is None:
        return np.zeros(n), np.full(n, 0.25)
    values = np.asarray(scores, dtype=float)
    if values.ndim != 2 or len(values) != n or not values.shape[1]:
        raise InputError(f"scores: expected the shape ({n}, number of frames), got {values.shape}.")
    if not ((values >= 0) & (values <= 1)).all():
        raise InputError("scores: expected numbers from 0 to 1; there are others.")
    clipped = np.clip(values, _CLIP, 1 - _CLIP)
    measure = values[:, 0] if values.shape[1] == 1 else (values * (1 - values)).mean(axis=1)
    return measure, (clipped * (1 - clipped)).mean(axis=1)


def assign_bands(measure: Floats, n_bands: int) -> NDArray[np.int64]:
    """Band of each value, of equal size; of equal values the first come first.

    Parameters
    ----------
    measure : ndarray of float
        Values, shape (n,).
    n_bands : int
        Number of bands.

    Returns
    -------
    ndarray of int
        Shape (n,), 0 (the lowest values) to `n_bands - 1`.

    Examples
    --------
    >>> assign_bands(np.array([0.9, 0.1, 0.5, 0.2]), 2).tolist()
    [1, 0, 1, 0]
    """
    rank = np.empty(len(measure), dtype=np.int64)
    rank[np.argsort(measure, kind="stable")] = np.arange(len(measure))
    return np.asarray(rank * n_bands // max(len(measure), 1))
