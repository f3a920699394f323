"""Differences of two shares by the score test: statistics, bounds, and the least difference that a design would find.

Each share p rests on n effective observations, whose variance is c times the binomial one (c is a design effect). All
arguments are arrays that broadcast.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

from framing.uncertainty.resample import TINY

__all__ = ["ShareDifference", "shrink_shares"]

Array = NDArray[np.float64]

_HALVINGS = 30  # of the range of differences, to find a bound


def shrink_shares(share: Array, n: Array) -> Array:
    """Shares half an observation away from 0 and 1, as variances need them.

    Parameters
    ----------
    share : array
        Shares; those outside 0 to 1 are taken for the end.
    n : array
        Effective numbers of observations.

    Returns
    -------
    array
        `(n p + 1/2) / (n + 1)`.

    Examples
    --------
    >>> shrink_shares(np.array([0.0, 1.0]), np.array([9.0, 4.0])).tolist()
    [0.05, 0.9]
    """
    return np.asarray((n * np.clip(share, 0, 1) + 0.5) / (n + 1))


@dataclass(frozen=True)
class ShareDifference:
    """Two shares, and how many observations each rests on.

    Attributes
    ----------
    share_a, share_b : array
        The two shares.
    n_a, n_b : array
        Effective numbers of observations.
    design_effect : array
        Variance over that of a binomial share, c.
    """

    share_a: Array
    share_b: Array
    n_a: Array
    n_b: Array
    design_effect: Array

    @property
    def estimate(self) -> Array:
        """The first share minus the second."""
        return np.asarray(self.share_a - self.share_b)

    def error(self, difference: Array | float = 0.0) -> Array:
        """Standard error of the estimate, were the true difference as given.

        Parameters
        ----------
        difference : array or float, default 0.0
            The difference d that is assumed.

        Returns
        -------
        array
            `sqrt(c (a (1 - a) / n_a + b (1 - b) / n_b))`, where a and b are the shares of greatest likelihood among
            those with `a - b = d` (Miettinen & Nurminen 1985); for no difference both are the mean of the two shares.
        """
        a, b = self._restrict(np.asarray(difference, dtype=float))
        variance = self.design_effect * (a * (1 - a) / self.n_a + b * (1 - b) / self.n_b)
        return np.asarray(np.sqrt(np.maximum(variance, TINY**2)))

    def statistic(self) -> Array:
        """The estimate over its standard error where no difference is real.

        Returns
        -------
        array
            Positive where the first share is the larger.
        """
        return self.estimate / self.error()

    def bounds(self, critical: Array) -> tuple[Array, Array]:
        """All differences that the score test does not refuse.

        Parameters
        ----------
        critical : array
            Critical value of the statistic.

        Returns
        -------
        tuple of array
            Low and high, within -1 and 1; they leave zero out exactly where the statistic is beyond `critical`.
        """
        estimate = np.clip(self.estimate, -1, 1)
        shape = np.broadcast(estimate, critical, self.design_effect, self.n_a).shape
        estimate = np.broadcast_to(estimate, shape)

        def is_refused(difference: Array) -> NDArray[np.bool_]:
            return np.asarray(np.abs(self.estimate - difference) > critical * self.error(difference))

        low = _bisect(is_refused, np.full(shape, -1.0), estimate)
        high = _bisect(is_refused, np.full(shape, 1.0), estimate)
        return low, high

    def is_within(self, margin: float, critical: Array) -> NDArray[np.bool_]:
        """Whether the score test refuses every difference as large as a margin, on both sides.

        Parameters
        ----------
        margin : float
            The margin.
        critical : array
            Critical value of the statistic.

        Returns
        -------
        array of bool
            True where the interval at `critical` lies between `-margin` and `margin`.
        """
        is_below = margin - self.estimate > critical * self.error(margin)
        return np.asarray(is_below & (self.estimate + margin > critical * self.error(-margin)))

    def find_detectable(self, critical: Array, degrees: Array, *, power: float, base: Array) -> Array:
        """The least difference that the test would find with a given chance.

        Parameters
        ----------
        critical : array
            Critical value of the statistic.
        degrees : array
            Degrees of freedom of the standard error.
        power : float
            Chance of finding it.
        base : array
            Share of the group that has less of what is compared; one above one half is taken from the other end.

        Returns
        -------
        array
            The least d with `d = critical se_0(d) + t_power se_1(d)`, where se_0 is the error under no difference, se_1
            that under d; 1 where none is enough.
        """
        b = np.minimum(base, 1 - base)
        quantile = student.ppf(power, degrees)
        shape = np.broadcast(critical, b, self.design_effect, self.n_a).shape

        def is_missed(difference: Array) -> NDArray[np.bool_]:
            a = np.minimum(b + difference, 1.0)
            middle = (self.n_a * a + self.n_b * b) / (self.n_a + self.n_b)
            under_null = middle * (1 - middle) * (1 / self.n_a + 1 / self.n_b)
            true = a * (1 - a) / self.n_a + b * (1 - b) / self.n_b
            scale = np.sqrt(self.design_effect)
            return np.asarray(difference < scale * (critical * np.sqrt(under_null) + quantile * np.sqrt(true)))

        return _bisect(is_missed, np.zeros(shape), np.ones(shape))

    def _restrict(self, difference: Array) -> tuple[Array, Array]:
        """Both shares under a given difference: the middle root of a cubic, by its cosine."""
        n, d = self.n_a + self.n_b, difference
        hits_b = self.n_b * shrink_shares(self.share_b, self.n_b)
        hits = self.n_a * shrink_shares(self.share_a, self.n_a) + hits_b
        square = ((self.n_a + 2 * self.n_b) * d - n - hits) / (3 * n)
        linear = ((self.n_b * d - n - 2 * hits_b) * d + hits) / (3 * n)
        constant = hits_b * d * (1 - d) / (2 * n)
        q = square**3 - 1.5 * linear * square + constant
        p = np.sqrt(np.maximum(square**2 - linear, TINY)) * np.where(q < 0, -1.0, 1.0)
        angle = (np.pi + np.arccos(np.clip(q / p**3, -1, 1))) / 3
        least, most = np.maximum(-d, 0.0), np.minimum(1 - d, 1.0)
        b = np.clip(2 * p * np.cos(angle) - square, least, most)
        return b + d, b


def _bisect(is_outside: Callable[[Array], NDArray[np.bool_]], outside: Array, inside: Array) -> Array:
    """Where a range that begins outside turns; its first value where that is not outside."""
    start = outside
    begins_outside = is_outside(start)
    for _ in range(_HALVINGS):
        middle = (outside + inside) / 2
        beyond = is_outside(middle)
        outside, inside = np.where(beyond, middle, outside), np.where(beyond, inside, middle)
    return np.where(begins_outside, (outside + inside) / 2, start)
