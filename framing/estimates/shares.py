"""Frame shares of groups and their draws, on which intervals, comparisons and trends rest.

Documents, not passages, are the sampled units: passages of one article share its author and subject. Where the table
has clusters (`framing.estimates.clusters`), these are, and n below is their number.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm
from scipy.stats import t as student

from framing.uncertainty.intervals import exact_bounds, exact_error
from framing.uncertainty.resample import STILL

__all__ = [
    "CorrectedShares",
    "RawShares",
    "ShareDraws",
]

_LEAST_VARIED = 5  # units with (or without) the frame below which the percentile bootstrap is not trusted
_LEAST_CLUSTERS = 50  # clusters below which its percentiles are too narrow

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class ShareDraws(ABC):
    """Shares of G groups and K frames, and B draws of them from their sampling distribution.

    Attributes
    ----------
    groups : DataFrame
        One row a group, the key columns.
    frames : list of str
        Frame ids, length K.
    shares : array
        Shape (G, K).
    draws : array
        Shape (B, G, K).
    n_passages, n_documents : array of int
        Passages and documents of each group, shape (G,).
    n_gold : array of int
        Labelled passages that the shares are corrected with, shape (G,); zeros where they are not.
    degrees : array
        Degrees of freedom of each group, shape (G,).
    """

    groups: pd.DataFrame
    frames: list[str]
    shares: Array
    draws: Array
    n_passages: NDArray[np.int64]
    n_documents: NDArray[np.int64]
    n_gold: NDArray[np.int64]
    degrees: Array

    @abstractmethod
    def standard_errors(self, *, level: float) -> Array:
        """Standard error of each share.

        Parameters
        ----------
        level : float
            Confidence level of the exact bounds that stand in where no draw varies.

        Returns
        -------
        array
            Shape (G, K), never zero.
        """

    @abstractmethod
    def least_errors(self, *, level: float) -> Array:
        """Lower bound of the standard error of each share, whatever the spread of a bootstrap of its units.

        Parameters
        ----------
        level : float
            Confidence level of the exact bounds that the error is taken from.

        Returns
        -------
        array
            Shape (G, K).
        """


@dataclass(frozen=True, kw_only=True)
class RawShares(ShareDraws):
    """Shares of the classifier's decisions; their draws are a bootstrap of independent units.

    Attributes
    ----------
    n_units : array of int
        Independent units of each group, shape (G,).
    n_with : array of int
        Units in which the frame occurs, shape (G, K).
    n_all : array of int
        Units in which every passage has it, shape (G, K).
    """

    n_units: NDArray[np.int64]
    n_with: NDArray[np.int64]
    n_all: NDArray[np.int64]

    def is_sparse(self, group: int, frame: int) -> bool:
        """Whether the percentile bootstrap of a share is not trusted.

        Parameters
        ----------
        group, frame : int
            Places of the group and of the frame.

        Returns
        -------
        bool
            True where no draw varies, or fewer than 5 units have the frame, or lack it in some passage; where units
            are clusters of documents, also with fewer than 50 of them.
        """
        has_few = self._has_clusters(group) and self.n_units[group] < _LEAST_CLUSTERS
        return bool(has_few) or self._is_uniform(group, frame)

    def _is_uniform(self, group: int, frame: int) -> bool:
        """Whether no draw varies, or few units have the frame, or lack it."""
        n_without = self.n_units[group] - self.n_all[group, frame]
        is_still = self.draws[:, group, frame].std() < STILL
        return bool(is_still or min(self.n_with[group, frame], n_without) < _LEAST_VARIED)

    def _has_clusters(self, group: int) -> bool:
        """Whether units hold several documents."""
        return bool(self.n_units[group] < self.n_documents[group])

    def effective_size(self, group: int, frame: int) -> float:
        """Effective sample size of a share (Kish 1965).

        Parameters
        ----------
        group, frame : int
            Places of the group and of the frame.

        Returns
        -------
        float
            `p (1 - p) / v` with p the share and v the variance of its draws, but at least 1 and at most the number of
            passages; where no draw varies, the number of units.
        """
        share = float(self.shares[group, frame])
        variance = float(self.draws[:, group, frame].var())
        if variance < STILL**2 or not 0 < share < 1:
            return max(float(self.n_units[group]), 1.0)
        return max(min(share * (1 - share) / variance, float(self.n_passages[group])), 1.0)

    def exact_bounds(self, group: int, frame: int, *, level: float) -> tuple[float, float]:
        """Exact bounds of a share at its effective sample size (Korn & Graubard 1998).

        Where units are clusters the size is multiplied by `(z / t)**2`, the quantiles of the normal and of Student's t
        at the degrees of freedom, as they have it.

        Parameters
        ----------
        group, frame : int
            Places of the group and of the frame.
        level : float
            Confidence level.

        Returns
        -------
        tuple of float
            Lower and upper bound.
        """
        size = self.effective_size(group, frame)
        if self._has_clusters(group):
            tail = (1 - level) / 2
            size = max(size * float(norm.ppf(tail) / student.ppf(tail, self.degrees[group])) ** 2, 1.0)
        return exact_bounds(float(self.shares[group, frame]), size, level=level)

    def standard_errors(self, *, level: float) -> Array:
        """Standard error of each share: the spread of its draws.

        Parameters
        ----------
        level : float
            Confidence level of the exact bounds that stand in where no draw varies.

        Returns
        -------
        array
            Shape (G, K), never zero.
        """
        errors: Array = self.draws.std(axis=0)
        for group, frame in zip(*np.nonzero(errors < STILL), strict=True):
            errors[group, frame] = exact_error(self.shares[group, frame], self.n_units[group], level=level)
        return errors

    def least_errors(self, *, level: float) -> Array:
        """Lower bound of the standard error of each share, by the exact bounds where few units vary.

        Parameters
        ----------
        level : float
            Confidence level of the exact bounds.

        Returns
        -------
        array
            Shape (G, K); zero where the bootstrap is trusted.
        """
        errors = np.zeros(self.shares.shape)
        for group, frame in np.ndindex(errors.shape):
            if self._is_uniform(group, frame):
                share, n = float(self.shares[group, frame]), self.effective_size(group, frame)
                errors[group, frame] = exact_error(share, n, level=level)
        return errors


@dataclass(frozen=True, kw_only=True)
class CorrectedShares(ShareDraws):
    """Shares corrected with labelled passages; their draws are normal, with the correlations of documents.

    Attributes
    ----------
    errors : array
        Standard errors, shape (G, K); NaN, like the share, in groups with too few labels to correct.
    """

    errors: Array

    def standard_errors(self, *, level: float) -> Array:
        """Standard error of each share, by the estimator.

        Parameters
        ----------
        level : float
            Confidence level; the errors do not depend on it.

        Returns
        -------
        array
            `errors`.
        """
        return self.errors

    def least_errors(self, *, level: float) -> Array:
        """Lower bound of the standard error of each share: the error by the estimator.

        Parameters
        ----------
        level : float
            Confidence level; the errors do not depend on it.

        Returns
        -------
        array
            `errors`.
        """
        return self.errors
