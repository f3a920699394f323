"""Design effects pooled over groups: how much more than that of a binomial share the variance of a frame's share is.

A group with labels of eight documents says little of its own variance. Groups of a corpus are alike in how passages of
a document resemble each other and in how good the classifier is; so the ratio of the variance to that of independent
labels, the design effect, is estimated from all groups, frame by frame. The code has these symbols:

====================  ================================================================================================
`p_gk`                share of frame k in group g
`n_g`                 effective number of (labelled) passages of the group
`V_gk`                variance of the share by its group alone
`U_gk`                binomial variance `p~ (1 - p~) / n_g`, with `p~ = (n_g p_gk + 1/2) / (n_g + 1)`
`c_k`                 design effect `sum_g n_g**2 V_gk / sum_g n_g**2 U_gk`: groups count by their size
`df_k`                its degrees of freedom `(sum_g n_g**2 V_gk)**2 / sum_g ((n_g**2 V_gk)**2 / df_g)` (Satterthwaite
                      1946), with df_g those of `V_gk`
`c'_k`                design effect for intervals of shares, `min(c_k, max(1, c_k by the labels alone))`
`b_g`                 how much the variances of a group exceed what the design effects say,
                      `max(1, sum_k V_gk / sum_k U_gk c_k)`
====================  ================================================================================================

The variance of a difference is made of `c_k`, that of a single share is `b_g c'_k U_gk`: scores cannot make an interval
wider than labels alone would. (In `V_gk` one labelled passage is taken for misread, which weighs most where a frame is
rare; tests, which look for the largest of many differences, need it there.)

The factor b_g is for groups that are not like the others: longer documents, more alike in themselves, or read worse by
the classifier. It is never below 1, which makes intervals about 2 % wider where all are alike, and keeps the promise in
each group where one is not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from framing.estimates.evidence import Evidence
from framing.uncertainty.differences import shrink_shares
from framing.uncertainty.resample import TINY

__all__ = ["PooledDesign", "pool_design_effects"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class PooledDesign:
    """Design effects of K frames from G groups.

    Attributes
    ----------
    design_effects, degrees : array
        `c_k` and `df_k`, shape (K,).
    sizes : array
        Effective numbers of passages after the factor of each group, `n_g / b_g`, shape (G,).
    binomial, variances : array
        `b_g U_gk` and `b_g c'_k U_gk`, shape (G, K).
    """

    design_effects: Array
    degrees: Array
    sizes: Array
    binomial: Array
    variances: Array


def pool_design_effects(evidence: Evidence) -> PooledDesign:
    """Estimate the design effect of each frame from all groups.

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
    n, v = evidence.sizes[:, None], evidence.spreads
    p = shrink_shares(evidence.shares, n)
    u = p * (1 - p) / n
    weighted = n**2 * v
    binomial = (n**2 * u).sum(axis=0)
    design_effects = weighted.sum(axis=0) / binomial
    by_labels = np.maximum((n**2 * evidence.label_spreads).sum(axis=0) / binomial, 1.0)
    degrees = weighted.sum(axis=0) ** 2 / np.maximum((weighted**2 / evidence.degrees[:, None]).sum(axis=0), TINY**3)
    factors = np.maximum(v.sum(axis=1) / np.maximum((u * design_effects).sum(axis=1), TINY**3), 1.0)
    return PooledDesign(
        design_effects=design_effects,
        degrees=np.maximum(degrees, 1.0),
        sizes=evidence.sizes / factors,
        binomial=u * factors[:, None],
        variances=u * factors[:, None] * np.minimum(design_effects, by_labels),
    )
