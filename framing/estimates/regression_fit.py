"""Least squares and logit of outcomes of passages, with errors that are robust to clusters.

Both solve `sum_i omega_i x_i (y_i - F(x_i' beta)) = 0`, where F is the identity or the logistic function, y_i the
outcome of a passage, which may lie outside 0 to 1, and omega_i its weight. The symbols, for G clusters c of passages
and k coefficients:

===============  =====================================================================================================
`X`              design matrix, shape (n, k)
`u`              residuals `y - F(X beta)`, shape (n,)
`v`              `omega` times the derivative of F: omega for least squares, `omega p (1 - p)` for logit
`M`              `(X' V X)**-1` with V the diagonal matrix of v, and `M = R R'`
`Q`              `V**(1/2) X R`, whose columns are orthonormal; Q_c has the rows of cluster c
`P_c`            `Q_c' Q_c`, shape (k, k)
`w`              one over the chance of being labelled, scaled to a mean of 1 over passages; 0 where not labelled
`l`              weights of a combination of coefficients: a coefficient itself, or the gradient of an effect
===============  =====================================================================================================
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from framing.uncertainty.resample import TINY

__all__ = ["Clustered", "Robust", "find_separation", "fit_linear", "fit_logit", "measure_errors"]

Array = NDArray[np.float64]

_STEPS = 60  # of Newton's method
_SETTLED = 1e-9  # largest change of a linear predictor in a step that ends it
_FARTHEST = 30.0  # linear predictor, in log-odds, beyond which there is no solution
_LONGEST = 4.0  # change of a linear predictor in one step
_NESTED = 1e-8  # 1 minus an eigenvalue of P_c, below which the cluster alone determines a coefficient
_CELLS = 4_000_000  # numbers of matrices of clusters that are in memory at a time
_MISREAD = 0.5  # labelled passages on a side that are taken as misread, at the least
_SIDE = 0.05  # share of a contrast's influence from which the passages of a sign are a side of it


@dataclass(frozen=True)
class Clustered:
    """Passages of a regression, sorted by cluster.

    Attributes
    ----------
    X : array
        Design matrix, shape (n, k).
    omega : array
        Weight of each passage, shape (n,).
    w : array
        One over the chance of being labelled, scaled to a mean of 1; zeros where not labelled, shape (n,).
    codes : array of int
        Number of the cluster of each passage, ascending, shape (n,).
    corrected : bool
        Whether outcomes are corrected with labels.
    """

    X: Array
    omega: Array
    w: Array
    codes: NDArray[np.int64]
    corrected: bool

    @property
    def starts(self) -> NDArray[np.int64]:
        """First row of each cluster."""
        return np.flatnonzero(np.r_[True, np.diff(self.codes) > 0])

    def take(self, rows: NDArray[np.bool_]) -> Clustered:
        """Some of the passages.

        Parameters
        ----------
        rows : array of bool
            Which of them.

        Returns
        -------
        Clustered
            These passages.
        """
        return Clustered(self.X[rows], self.omega[rows], self.w[rows], self.codes[rows], self.corrected)


@dataclass(frozen=True)
class Robust:
    """Errors of J combinations of coefficients.

    Attributes
    ----------
    errors, degrees : array
        Standard errors, and degrees of freedom of Student's t, shape (J,).
    n_effective : array
        Effective number of labelled passages on the side of each combination that has fewer, shape (J,); infinite where
        outcomes are not corrected.
    influence : array
        Contribution of each cluster, shape (G, J), for the correlations of combinations.
    """

    errors: Array
    degrees: Array
    n_effective: Array
    influence: Array


def fit_linear(data: Clustered, y: Array) -> tuple[Array, Array, Array]:
    """Least squares.

    Parameters
    ----------
    data : Clustered
        Passages.
    y : array
        Outcomes, shape (n,).

    Returns
    -------
    array
        Coefficients beta, shape (k,).
    array
        Residuals u, shape (n,).
    array
        Working weights v, shape (n,).

    Examples
    --------
    >>> X = np.array([[1.0, 0], [1, 0], [1, 1], [1, 1]])
    >>> data = Clustered(X, np.ones(4), np.zeros(4), np.arange(4), False)
    >>> fit_linear(data, np.array([0.0, 1, 1, 1]))[0].round(3).tolist()
    [0.5, 0.5]
    """
    root = np.sqrt(data.omega)
    beta: Array = np.asarray(np.linalg.lstsq(data.X * root[:, None], y * root, rcond=None)[0], dtype=np.float64)
    return beta, y - data.X @ beta, data.omega


def fit_logit(data: Clustered, y: Array) -> tuple[Array, Array, Array] | None:
    """Logit, by the moment equations `sum_i omega_i x_i (y_i - p_i) = 0`.

    Parameters
    ----------
    data : Clustered
        Passages.
    y : array
        Outcomes, shape (n,); they may lie outside 0 to 1.

    Returns
    -------
    tuple of array or None
        Coefficients in log-odds, residuals and working weights, as `fit_linear` returns them; None where there is no
        solution: the share of a part of the passages that has a coefficient of its own is 0 or below, or 1 or above.
    """
    beta = np.zeros(data.X.shape[1])
    for _ in range(_STEPS):
        eta = data.X @ beta
        p = expit(eta)
        v = data.omega * p * (1 - p)
        hessian = data.X.T @ (data.X * v[:, None])
        try:
            step = np.linalg.solve(hessian, data.X.T @ (data.omega * (y - p)))
        except np.linalg.LinAlgError:
            return None
        change = float(np.abs(data.X @ step).max())
        if not np.isfinite(change):
            return None
        beta = beta + step * min(1.0, _LONGEST / max(change, TINY))
        if change < _SETTLED:
            return beta, y - p, v
        if np.abs(data.X @ beta).max() > _FARTHEST:
            return None
    return None


def find_separation(data: Clustered, y: Array, names: list[str]) -> list[str]:
    """Find the columns of zeros and one other value on one side of which the mean outcome leaves no log-odds.

    Parameters
    ----------
    data : Clustered
        Passages.
    y : array
        Outcomes, shape (n,).
    names : list of str
        Names of the k columns.

    Returns
    -------
    list of str
        Phrases such as `0.0 % where outlet[T.A] is 1`.

    Examples
    --------
    >>> data = Clustered(np.array([[1.0, 0], [1, 1], [1, 1]]), np.ones(3), np.zeros(3), np.arange(3), False)
    >>> find_separation(data, np.array([1.0, 0, 1]), ["Intercept", "x"])
    ['100.0 % where x is 0']
    """
    found = []
    for place, name in enumerate(names):
        is_on = data.X[:, place] != 0
        values = data.X[is_on, place]
        if not len(values) or values.min() < values.max():
            continue
        for value, rows in ((0, ~is_on), (1, is_on)):
            if rows.any():
                share = float(np.average(y[rows], weights=data.omega[rows]))
                if not 0 < share < 1:
                    found.append(f"{100 * share:.1f} % where {name} is {value}")
    return found


def measure_errors(data: Clustered, u: Array, v: Array, combinations: Array) -> Robust:
    """Standard errors of combinations of coefficients, with their degrees of freedom.

    Parameters
    ----------
    data : Clustered
        Passages.
    u, v : array
        Residuals and working weights, as the fit returned them, shape (n,).
    combinations : array
        Weights l of the coefficients, shape (J, k).

    Returns
    -------
    Robust
        Errors of the J combinations.

    Notes
    -----
    The variance is CR2 (Bell & McCaffrey 2002; for logit with the working weights): with the score of a cluster
    `q_c = R' sum_{i in c} omega_i x_i u_i`,

    1. `psi_c = l' R (I - P_c)**(-1/2) q_c`, `V = sum_c psi_c**2`.

    Where outcomes are corrected with labels of m clusters, two degrees of freedom are lost among these (to the mean
    error and to the slope of the scores), and no estimate is surer than if half a labelled passage on either side of it
    were misread, without which a few labels that all agree with the scores would pass for certainty; with
    `a_i = omega_i x_i' M l`,

    2. `V = max{V m / (m - 2), sum over sides (sum w_i**4 a_i**4) / (4 sum w_i**2 a_i**2)}`,

    where a side is the labelled passages with `a_i > 0`, or with `a_i < 0`. For a difference of two groups the second
    term is `1 / (2 n_a)**2 + 1 / (2 n_b)**2`.

    Degrees of freedom are those of Satterthwaite, `(E V)**2 / (var V / 2)`, under a working model in which residuals
    have one variance where a passage is not labelled, one times `w_i**2` where it is, and one covariance within a
    cluster, each taken from the residuals (Imbens & Kolesár 2016). So a few labels count as the few units that they
    are, however many passages there are without.
    """
    n, k = data.X.shape
    starts = data.starts
    ends = np.r_[starts[1:], n]
    root = np.sqrt(v)
    Q, triangle = np.linalg.qr(data.X * root[:, None])
    R = np.linalg.inv(triangle)
    residuals = data.omega * u / np.maximum(root, TINY)
    phi, tau = _model_variances(data, residuals, starts)
    directions = combinations @ R  # rows: R' l
    n_directions = len(combinations)
    q = np.add.reduceat(Q * residuals[:, None], starts, axis=0)
    totals = np.add.reduceat(Q, starts, axis=0)
    influence = np.zeros((len(starts), n_directions))
    sums, weighted = np.zeros((n_directions, 2 * k, 2 * k)), np.zeros((n_directions, 2 * k, 2 * k))
    d_sum, d_square, F_sum = np.zeros(n_directions), np.zeros(n_directions), np.zeros((k, k))
    size = max(1, _CELLS // (k * k))
    for first in range(0, len(starts), size):
        part = slice(first, first + size)
        P = _sum_products(Q, Q, starts[part], ends[part])
        F = _sum_products(Q, Q * phi[:, None], starts[part], ends[part])
        F += tau * totals[part, :, None] * totals[part, None, :]
        F_sum += F.sum(axis=0)
        s, vectors = np.linalg.eigh(P)
        stretch = np.where(1 - s > _NESTED, 1 / np.sqrt(np.maximum(1 - s, _NESTED)), 0.0)
        B = np.einsum("gij,gj,gkj->gik", vectors, stretch, vectors)
        influence[part] = np.einsum("gij,gj->gi", B, q[part]) @ directions.T
        for place, r in enumerate(directions):
            Br = B @ r
            f, h = np.einsum("gij,gj->gi", F, Br), np.einsum("gij,gj->gi", P, Br)
            d, both = (Br * f).sum(axis=1), np.hstack([f, h])
            d_sum[place] += d.sum()
            d_square[place] += (d**2).sum()
            sums[place] += both.T @ both
            weighted[place] += (both * d[:, None]).T @ both
    degrees = _compute_degrees(d_sum, d_square, sums, weighted, F_sum)
    variance = (influence**2).sum(axis=0)
    n_effective = np.full(n_directions, np.inf)
    if data.corrected:
        m = len(np.unique(data.codes[data.w > 0]))
        least, n_effective = _measure_labels(data, data.omega[:, None] * (data.X @ (R @ directions.T)))
        variance = np.maximum(variance * m / max(m - 2, 1), least)
    return Robust(np.sqrt(variance), degrees, n_effective, influence)


def _model_variances(data: Clustered, residuals: Array, starts: NDArray[np.int64]) -> tuple[Array, float]:
    """Variance of each residual that it does not share with its cluster, shape (n,), and the covariance within one."""
    sizes = np.diff(np.r_[starts, len(residuals)]).astype(float)
    within = float((np.add.reduceat(residuals, starts) ** 2).sum() - (residuals**2).sum())
    tau = max(within / max(float((sizes**2 - sizes).sum()), 1.0), 0.0)
    is_labelled = data.w > 0
    phi = np.full(len(residuals), float((residuals[~is_labelled] ** 2).mean()) if not is_labelled.all() else 0.0)
    if is_labelled.any():
        w = data.w[is_labelled]
        phi[is_labelled] = float((residuals[is_labelled] ** 2 / w**2).mean()) * w**2
    return np.maximum(phi - tau, TINY), tau


def _sum_products(left: Array, right: Array, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> Array:
    """`left_c' right_c` of each cluster, shape (clusters, k, k)."""
    return np.array([left[a:b].T @ right[a:b] for a, b in zip(starts, ends, strict=True)])


def _compute_degrees(d_sum: Array, d_square: Array, sums: Array, weighted: Array, F_sum: Array) -> Array:
    """Satterthwaite's degrees of freedom, `trace(G)**2 / trace(G**2)`, shape (J,).

    G is the covariance of the psi of clusters under the working model,
    `G_ce = [c = e] d_c - f_c' h_e - h_c' f_e + h_c' F h_e`, with `f_c = F_c B_c r`, `h_c = P_c B_c r`,
    `d_c = r' B_c f_c`, F the sum of F_c.
    """
    k = len(F_sum)
    C = np.block([[np.zeros((k, k)), -np.eye(k)], [-np.eye(k), F_sum]])
    degrees = np.full(len(d_sum), np.nan)
    for place in range(len(d_sum)):
        CS = C @ sums[place]
        trace = d_sum[place] + np.trace(CS)
        square = d_square[place] + 2 * np.sum(C * weighted[place]) + np.sum(CS * CS.T)
        if square > 0 and trace > 0:
            degrees[place] = trace**2 / square
    return degrees


def _measure_labels(data: Clustered, a: Array) -> tuple[Array, Array]:
    """Least variance of each combination, formula (2), and its effective number of labelled passages, shape (J,)."""
    wa = data.w[:, None] * a
    least, n_effective = np.zeros(a.shape[1]), np.full(a.shape[1], np.inf)
    whole = np.abs(a).sum(axis=0)
    for sign in (1.0, -1.0):
        is_side = np.maximum(sign * a, 0.0).sum(axis=0) > _SIDE * whole
        side = np.maximum(sign * wa, 0.0)
        square = (side**2).sum(axis=0)
        least += _MISREAD**2 * (side**4).sum(axis=0) / np.maximum(square, TINY**2)
        n_side = side.sum(axis=0) ** 2 / np.maximum(square, TINY**2)
        n_effective = np.where(is_side, np.minimum(n_effective, n_side), n_effective)
    return least, n_effective
