"""The corrected shares of single groups, from arrays: the arithmetic of `framing.estimates.correction`.

Symbols and numbers of formulas are those of `framing.estimates.correction` and `draw_corrected_shares`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from framing.estimates.contributions import centre_within_strata, sum_per_unit
from framing.estimates.labelled_sample import (
    LabelledSample,
    Target,
    compute_tuning_factor,
    pool_slopes,
)
from framing.uncertainty.resample import TINY

__all__ = ["LEAST_AGREEING", "CorrectedGroup", "Population", "correct_groups"]

Array = NDArray[np.float64]

LEAST_AGREEING = 20  # effective labelled units below which their agreement is no sign of a small error


@dataclass(frozen=True)
class Population:
    """All passages of a group.

    Attributes
    ----------
    n, f : array
        Weights of the passages of each independent unit, and sums of weights times scores, shape (D, K).
    units : array of object
        Ids of the units, shape (D,).
    n_passages : int
        Number of passages.
    """

    n: Array
    f: Array
    units: NDArray[np.object_]
    n_passages: int


@dataclass(frozen=True)
class CorrectedGroup:
    """Corrected shares of one group and K frames.

    Attributes
    ----------
    theta, variance : array
        The shares and their variance by the group alone, formulas (1) and (2), shape (K,).
    spread, spread_labels : array
        Variances that are pooled over groups, formula (6): of the shares, and of those by the labels alone, shape (K,).
    psi : array
        Contributions of the group's independent units, shape (units, K).
    misread : float
        The variance of one labelled passage, wholly misread, that is part of `variance` and `spread`.
    n_kish : float
        Effective number of labelled passages.
    fpc : float
        Finite population correction.
    m_kish : float
        Effective number of independent units with labels.
    """

    theta: Array
    variance: Array
    spread: Array
    spread_labels: Array
    psi: Array
    misread: float
    n_kish: float
    fpc: float
    m_kish: float

    @property
    def degrees(self) -> float:
        """Degrees of freedom: one is lost to the mean, one to the slope lambda."""
        return max(self.m_kish - 2, 1.0)


def correct_groups(
    samples: Sequence[LabelledSample], populations: Sequence[Population], *, target: Target
) -> list[CorrectedGroup | None]:
    """Correct the shares of every group.

    Parameters
    ----------
    samples : sequence of LabelledSample
        Labelled passages of each group.
    populations : sequence of Population
        All passages of each group, in the same order.
    target : {"process", "corpus"}
        What the shares are about.

    Returns
    -------
    list of CorrectedGroup or None
        None for groups with too few labels (`LabelledSample.is_large_enough`).
    """
    n_frames = populations[0].n.shape[1] if populations else 0
    pooled_slope = pool_slopes(samples, n_frames)
    return [
        _correct_group(sample, population, pooled_slope, target=target) if sample.is_large_enough(target) else None
        for sample, population in zip(samples, populations, strict=True)
    ]


def _correct_group(
    sample: LabelledSample, population: Population, pooled_slope: Array, *, target: Target
) -> CorrectedGroup:
    """The share of each frame and its variances, by the formulas of `draw_corrected_shares`."""
    n, f, y = population.n, population.f, sample.labels
    n_total = n.sum(axis=0)
    lambda_ = compute_tuning_factor(sample, pooled_slope)
    w = sample.weights[:, None] / sample.weights.sum()
    f_mean, y_mean = f.sum(axis=0) / n_total, (w * y).sum(axis=0)
    e = y - lambda_ * sample.proxies
    e_mean = (w * e).sum(axis=0)
    theta = lambda_ * f_mean + e_mean  # (1)
    z, z_labels = w * (e - e_mean), w * (y - y_mean)
    if target == "process":  # (3)
        n_units = len(population.units)
        bessel = np.sqrt(n_units / (n_units - 1))
        psi = (lambda_ * (f - f_mean * n) / n_total + sum_per_unit(z, sample.units, population.units)) * bessel
        psi_labels = sum_per_unit(z_labels, sample.units, population.units) * bessel
        fpc = 1.0
    else:  # (4)
        psi, psi_labels = centre_within_strata(z, sample), centre_within_strata(z_labels, sample)
        fpc = float(1 - len(sample.documents) / population.n_passages)
    n_kish, m, m_kish = float(1 / (w**2).sum()), sample.count_units(target), sample.count_effective_units(target)
    squares = (psi**2).sum(axis=0)
    simple = y_mean * (1 - y_mean) / n_kish * fpc
    design_effect = np.where(simple > TINY, (psi_labels**2).sum(axis=0) / np.maximum(simple, TINY), 1.0)  # (5)
    if m_kish < LEAST_AGREEING - TINY:
        design_effect = np.maximum(design_effect, 1.0)
    p = np.clip(theta, 0.5 / n_kish, 1 - 0.5 / n_kish)
    variance_labels = p * (1 - p) / n_kish * fpc * design_effect
    misread = fpc / n_kish**2
    return CorrectedGroup(
        theta=theta,
        variance=np.minimum(squares * m / (m - 2) + misread, variance_labels),  # (2)
        spread=squares * m / (m - 1) + misread,  # (6)
        spread_labels=(psi_labels**2).sum(axis=0) * m / (m - 1),
        psi=psi,
        misread=misread,
        n_kish=n_kish,
        fpc=fpc,
        m_kish=m_kish,
    )
