"""Contributions of independent units to an estimate, whose squares add up to its variance."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.estimates.labelled_sample import LabelledSample

__all__ = ["centre_within_strata", "sum_per_unit"]

Array = NDArray[np.float64]


def sum_per_unit(values: Array, units: NDArray[np.object_], index: NDArray[np.object_]) -> Array:
    """Sum of the rows of each independent unit.

    Parameters
    ----------
    values : array
        Values of the rows, shape (n, K).
    units : array of object
        Unit of each row, shape (n,); each is in `index`.
    index : array of object
        Units to sum for, shape (U,).

    Returns
    -------
    array
        Shape (U, K); zeros for a unit without rows.

    Examples
    --------
    >>> ids = np.array(["b", "a", "b"], dtype=object)
    >>> sum_per_unit(np.array([[1.0], [2.0], [3.0]]), ids, np.array(["a", "b", "c"], dtype=object)).tolist()
    [[2.0], [4.0], [0.0]]
    """
    return _sum_rows(values, pd.Index(index).get_indexer(pd.Index(units)), len(index))


def centre_within_strata(values: Array, sample: LabelledSample) -> Array:
    """Contributions of sampled units, from the mean of their stratum, whose squares add up to the variance.

    Parameters
    ----------
    values : array
        Contributions of the labelled passages, shape (n, K).
    sample : LabelledSample
        The labelled passages.

    Returns
    -------
    array
        Shape (units, K).

    Notes
    -----
    With z_u the sum of the values of unit u, z_h the mean of the n_h units of its stratum h, and pi_u its chance of
    being drawn,

        psi_u = (z_u - z_h) sqrt((1 - pi_u) n_h / (n_h - 1)).

    Units that are the only one of their stratum make one stratum together, which errs towards a wider interval; one
    such unit is compared with 0.
    """
    _, first, unit = np.unique(sample.sampled_units, return_index=True, return_inverse=True)
    z = _sum_rows(values, unit, len(first))
    stratum = sample.strata[first]
    is_single = np.bincount(stratum)[stratum] == 1
    stratum = np.where(is_single, stratum.max() + 1, stratum)
    sizes = np.bincount(stratum)
    n = sizes[stratum].astype(float)
    means = (_sum_rows(z, stratum, len(sizes)) / np.maximum(sizes, 1)[:, None])[stratum]
    means[n < 2] = 0.0
    scale = np.sqrt((1 - 1 / sample.inverse_chances[first]) * (n / np.maximum(n - 1, 1)))
    psi: Array = (z - means) * scale[:, None]
    return psi


def _sum_rows(values: Array, places: NDArray[np.int64], size: int) -> Array:
    """Sums of the rows that have the same place, shape (size, K)."""
    sums = np.zeros((size, values.shape[1]))
    np.add.at(sums, places, values)
    return sums
