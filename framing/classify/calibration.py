"""From raw scores to calibrated probabilities: experts weighed and brought to scale on out-of-fold scores.

Platt's logistic scaling (1999), with several experts in place of one (stacking, Wolpert 1992).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from framing.classify.state import State
from framing.uncertainty.resample import STILL

__all__ = ["Blend"]

Array = NDArray[np.float64]

_CLIP = 30.0
_SHARED_RIDGE = 0.01  # part of the ridge that is on the slopes which all frames share
_SHIFT_RIDGE = 0.25  # likewise on the shifts


class Blend:
    """Probabilities of K frames from the raw scores of E experts.

    Parameters
    ----------
    multi_label : bool
        Whether a passage may carry several frames.
    ridge : float
        Penalty on what is a frame's own.

    Attributes
    ----------
    slopes_ : ndarray, shape (E, K)
        Of each expert and frame.
    shifts_ : ndarray, shape (K,)
        Of each frame.
    loss_ : float
        The penalised negative log-likelihood that was reached.

    Notes
    -----
    The logit of frame k is `sum_e (slope_e + extra_ek) * score_ek + shift_k`. Slopes are shared by all frames and not
    negative; extras and shifts belong to one frame each and are held near zero by `ridge`, the more so the fewer texts
    carry the frame. With several labels a logistic function follows, with one a softmax. The scores that it is fitted
    on must be of texts that the experts had not seen, else it gives the experts too much weight.
    """

    def __init__(self, *, multi_label: bool, ridge: float = 2.0) -> None:
        self.multi_label = multi_label
        self.ridge = ridge

    def fit(self, scores: Array, labels: NDArray[np.bool_], weights: Array | None = None) -> Blend:
        """Fit by penalised likelihood.

        Parameters
        ----------
        scores : ndarray, shape (E, n, K)
            Raw scores of texts that the experts had not seen.
        labels : ndarray of bool, shape (n, K)
            Which frames the texts carry.
        weights : ndarray, shape (n,), optional
            Weights of the texts.

        Returns
        -------
        Blend
            Itself.
        """
        from scipy.optimize import minimize

        n_experts, n, k = scores.shape
        weight = np.ones(n) if weights is None else weights
        spread = scores.std(axis=(1, 2))
        spread = np.where(spread > STILL, spread, 1.0)  # constant scores
        scaled = scores / spread[:, None, None]
        y = labels.astype(float)

        def loss(parameters: Array) -> tuple[float, Array]:
            """Penalised negative log-likelihood and its gradient."""
            shared, extra, shifts = _split(parameters, n_experts, k)
            logits = np.einsum("enk,ek->nk", scaled, shared[:, None] + extra) + shifts
            losses, residuals = self._losses(logits, y)
            residuals = residuals * weight[:, None]
            # the shared slopes too, a little: labels that scores separate without an error would make them endless
            penalty = self.ridge * (
                (extra**2).sum() + _SHIFT_RIDGE * (shifts**2).sum() + _SHARED_RIDGE * (shared**2).sum()
            )
            by_slope = np.einsum("enk,nk->ek", scaled, residuals)
            gradient = np.r_[
                by_slope.sum(axis=1) + 2 * self.ridge * _SHARED_RIDGE * shared,
                (by_slope + 2 * self.ridge * extra).ravel(),
                residuals.sum(axis=0) + 2 * _SHIFT_RIDGE * self.ridge * shifts,
            ]
            return float((losses * weight[:, None]).sum() + penalty), gradient

        start = np.zeros(n_experts + n_experts * k + k)
        start[:n_experts] = 1.0 / n_experts
        bounds = [(0.0, None)] * n_experts + [(None, None)] * (len(start) - n_experts)
        optimum = minimize(loss, start, jac=True, bounds=bounds, method="L-BFGS-B", options={"maxiter": 500})
        self.loss_ = float(optimum.fun)
        shared, extra, self.shifts_ = _split(optimum.x, n_experts, k)
        # a frame with a negative slope would rank passages backwards
        self.slopes_ = np.maximum(shared[:, None] + extra, 0.0) / spread[:, None]
        return self

    def _losses(self, logits: Array, y: Array) -> tuple[Array, Array]:
        """Negative log-likelihoods, and probabilities less labels, both of shape (n, K)."""
        if self.multi_label:
            probabilities = 1 / (1 + np.exp(-np.clip(logits, -_CLIP, _CLIP)))
            return np.logaddexp(0, logits) - y * logits, probabilities - y
        highest = logits.max(axis=1, keepdims=True)
        powers = np.exp(logits - highest)
        total = powers.sum(axis=1, keepdims=True)
        return -y * (logits - highest - np.log(total)), powers / total - y

    def get_state(self) -> State:
        """Take slopes and shifts.

        Returns
        -------
        State
            For `set_state`.
        """
        return State({"slopes": self.slopes_, "shifts": self.shifts_})

    def set_state(self, state: State) -> Blend:
        """Set slopes and shifts.

        Parameters
        ----------
        state : State
            As `get_state` returned it.

        Returns
        -------
        Blend
            Itself.
        """
        self.slopes_, self.shifts_ = state.arrays["slopes"], state.arrays["shifts"]
        return self

    def predict_proba(self, scores: Array) -> Array:
        """Calibrate raw scores.

        Parameters
        ----------
        scores : ndarray, shape (E, n, K)
            Raw scores of the experts.

        Returns
        -------
        ndarray, shape (n, K)
            Probabilities.
        """
        from scipy.special import expit, softmax

        logits = np.einsum("enk,ek->nk", scores, self.slopes_) + self.shifts_
        return np.asarray(expit(logits) if self.multi_label else softmax(logits, axis=1))


def _split(parameters: Array, n_experts: int, k: int) -> tuple[Array, Array, Array]:
    """Shared slopes, shape (E,), extra slopes, shape (E, K), and shifts, shape (K,)."""
    shared, extra, shifts = np.split(parameters, [n_experts, n_experts + n_experts * k])
    return shared, extra.reshape(n_experts, k), shifts
