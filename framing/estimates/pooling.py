"""Design effects pooled over groups: how much more than that of a binomial share the variance of a frame's share is.

A group with labels of eight documents says little of its own variance. Groups of a corpus are alike in how passages of
a document resemble each other and in how good the classifier is; so the ratio of the variance to that of independent
labels, the design effect, is estimated from all groups, frame by frame. The code has these symbols:

====================  ================================================================================================
`p_gk`                share of frame k in group g
`n_g`                 effective number of (labelled) passages of the group
`V_gk`                variance of the share by its group alone
`M_g`                 the part of `V_gk` that is one passage taken for wholly misread
`U_gk`                binomial variance `p~ (1 - p~) / n_g`, with `p~ = (n_g p_gk + 1/2) / (n_g + 1)`
`c_k`                 design effect `sum_g (V_gk - M_g) / sum_g U_gk`
`df_k`                its degrees of freedom `(sum_g V_gk)**2 / sum_g (V_gk**2 / df_g)` (Satterthwaite 1946), with df_g
                      those of `V_gk`
`b_g`                 how much the variances of a group exceed what the design effects say, beyond one standard error
                      of chance: `max(1, sum_k V_gk / sum_k (U_gk c_k + M_g) - sqrt(2 / (df_g K)))`
====================  ================================================================================================

The variance of a share is `b_g c_k U_gk + M_g`, with the mean of the shares compared for p in tests. The factor b_g is
for groups that are not like the others: longer documents, more alike in themselves, or read worse by the classifier. It
hardly ever counts where all are alike, and keeps the promise in each group where one is not. The misread passage is
each group's own: a small group, whose share is skewed, is the first to stand out by chance.

For intervals of shares large groups, which know most of the design effect, count for more, and scores cannot make an
interval wider than labels alone would: the variance is `b_g c'_k U_gk`, with

    c'_k = min(sum_g n_g**2 V_gk / sum_g n_g**2 U_gk, max(1, sum_g n_g**2 L_gk / sum_g n_g**2 U_gk)),

`L_gk` the variance by the labels alone, and `n_g**2 V_gk` in the degrees of freedom and the factor, too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from framing.estimates.evidence import Evidence
from framing.uncertainty.differences import shrink_shares
from framing.uncertainty.resample import TINY

__all__ = ["PooledDesign", "pool_design_effects", "pool_variances"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class PooledDesign:
    """Design effects of K frames from G groups, for tests.

    Attributes
    ----------
    design_effects, degrees : array
        `c_k` and `df_k`, shape (K,).
    sizes : array
        Effective numbers of passages after the factor of each group, `n_g / b_g`, shape (G,).
    misread : array
        `M_g`, shape (G,).
    """

    design_effects: Array
    degrees: Array
    sizes: Array
    misread: Array

    def find_variances(self, shares: Array) -> Array:
        """Find the variance of each share, were it as given.

        Parameters
        ----------
        shares : array
            Shares, which broadcast to shape (G, K).

        Returns
        -------
        array
            `b_g c_k p (1 - p) / n_g + M_g`, shape (G, K).
        """
        return self.design_effects * shares * (1 - shares) / self.sizes[:, None] + self.misread[:, None]


def pool_design_effects(evidence: Evidence) -> PooledDesign:
    """Estimate the design effect of each frame from all groups, for tests of their differences.

    Parameters
    ----------
    evidence : Evidence
        Shares of groups that all have enough labels.

    Returns
    -------
    PooledDesign
        By the formulas at the head of `framing.estimates.pooling`.

    Notes
    -----
    For the score test of two shares at a common design effect see Rao & Scott (1984). Assumed: the design effect of a
    frame is the same in all groups but for one factor a group.
    """
    u, m = _find_binomial(evidence), evidence.misread[:, None]
    design_effects = np.maximum((evidence.spreads - m).sum(axis=0), 0.0) / u.sum(axis=0)
    return PooledDesign(
        design_effects=design_effects,
        degrees=_find_degrees(evidence.spreads, evidence.degrees),
        sizes=evidence.sizes / _find_factors(evidence, u * design_effects + m),
        misread=evidence.misread,
    )


def pool_variances(evidence: Evidence) -> tuple[Array, Array]:
    """Variances for intervals of shares, from the design effects of all groups.

    Parameters
    ----------
    evidence : Evidence
        Shares of groups that all have enough labels.

    Returns
    -------
    array
        Variances, shape (G, K).
    array
        Their degrees of freedom, shape (K,).
    """
    u, a = _find_binomial(evidence), evidence.sizes[:, None] ** 2
    binomial, spreads = (a * u).sum(axis=0), a * evidence.spreads
    design_effects = spreads.sum(axis=0) / binomial
    by_labels = np.maximum((a * evidence.label_spreads).sum(axis=0) / binomial, 1.0)
    factors = _find_factors(evidence, u * design_effects)
    variances = u * factors[:, None] * np.minimum(design_effects, by_labels)
    return variances, _find_degrees(spreads, evidence.degrees)


def _find_binomial(evidence: Evidence) -> Array:
    """`U_gk`, shape (G, K)."""
    n = evidence.sizes[:, None]
    p = shrink_shares(evidence.shares, n)
    return p * (1 - p) / n


def _find_degrees(spreads: Array, degrees: Array) -> Array:
    """Degrees of freedom of sums over groups, shape (K,), at least 1."""
    squares = np.maximum((spreads**2 / degrees[:, None]).sum(axis=0), TINY**3)
    return np.asarray(np.maximum(spreads.sum(axis=0) ** 2 / squares, 1.0))


def _find_factors(evidence: Evidence, expected: Array) -> Array:
    """`b_g`, shape (G,), from the variances that the design effects say."""
    chance = np.sqrt(2 / (evidence.degrees * expected.shape[1]))
    ratio = evidence.spreads.sum(axis=1) / np.maximum(expected.sum(axis=1), TINY**3)
    return np.asarray(np.maximum(ratio - chance, 1.0))
