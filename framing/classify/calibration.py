"""From raw scores to calibrated chances: experts weighed and brought to scale on scores made out of fold.

Platt's logistic scaling (1999), with several experts in place of one (stacking, Wolpert 1992). What it is
fitted on must be scores of texts that the experts had not seen, else it believes them too much.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from framing.classify.state import State
from framing.uncertainty.resample import STILL

__all__ = ["Blend"]

Array = NDArray[np.float64]

_CLIP = 30.0
_HOLD = 0.01  # of the ridge, on the slopes that all frames share


class Blend:
    """Chances of K frames from the raw scores of E experts.

    The logit of frame k is `sum_e (slope_e + extra_ek) * score_ek + shift_k`; slopes are shared by all
    frames and not negative, extras and shifts are each frame's own and held near zero by `ridge`, the more
    so the fewer texts carry the frame. With several labels a logistic function follows, with one a softmax.

    Attributes
    ----------
    slopes_ : shape (E, K). `shifts_` : shape (K,). `loss_` : penalised negative log-likelihood reached.
    """

    def __init__(self, *, multi_label: bool, ridge: float = 2.0) -> None:
        self.multi_label = multi_label
        self.ridge = ridge

    def fit(self, scores: Array, targets: NDArray[np.bool_], weights: Array | None = None) -> Blend:
        """Fit on `scores`, shape `(E, n, K)`, against `targets`, shape `(n, K)`, by penalised likelihood."""
        from scipy.optimize import minimize

        n_experts, n, k = scores.shape
        weight = np.ones(n) if weights is None else weights
        spread = scores.std(axis=(1, 2))
        spread = np.where(spread > STILL, spread, 1.0)  # constant scores
        scaled = scores / spread[:, None, None]
        wanted = targets.astype(float)

        def loss(flat: Array) -> tuple[float, Array]:
            shared, extra, shifts = _parts(flat, n_experts, k)
            slopes = shared[:, None] + extra
            logits = np.einsum("enk,ek->nk", scaled, slopes) + shifts
            if self.multi_label:
                value = np.logaddexp(0, logits) - wanted * logits
                gap = 1 / (1 + np.exp(-np.clip(logits, -_CLIP, _CLIP))) - wanted
            else:
                top = logits.max(axis=1, keepdims=True)
                powers = np.exp(logits - top)
                total = powers.sum(axis=1, keepdims=True)
                value = -wanted * (logits - top - np.log(total))
                gap = powers / total - wanted
            # the shared slopes too, a little: labels that scores tell apart wholly would make them endless
            own = self.ridge * ((extra**2).sum() + 0.25 * (shifts**2).sum() + _HOLD * (shared**2).sum())
            gap = gap * weight[:, None]
            by_slope = np.einsum("enk,nk->ek", scaled, gap)
            slope = by_slope.sum(axis=1) + 2 * self.ridge * _HOLD * shared
            gradient = np.r_[
                slope, (by_slope + 2 * self.ridge * extra).ravel(), gap.sum(axis=0) + 0.5 * self.ridge * shifts
            ]
            return float((value * weight[:, None]).sum() + own), gradient

        start = np.zeros(n_experts + n_experts * k + k)
        start[:n_experts] = 1.0 / n_experts
        bounds = [(0.0, None)] * n_experts + [(None, None)] * (len(start) - n_experts)
        found = minimize(loss, start, jac=True, bounds=bounds, method="L-BFGS-B", options={"maxiter": 500})
        self.loss_ = float(found.fun)
        shared, extra, self.shifts_ = _parts(found.x, n_experts, k)
        # a frame whose own slope turned negative would rank passages backwards
        self.slopes_ = np.maximum(shared[:, None] + extra, 0.0) / spread[:, None]
        return self

    def get_state(self) -> State:
        """Slopes and shifts."""
        return State({"slopes": self.slopes_, "shifts": self.shifts_})

    def set_state(self, state: State) -> Blend:
        """Take slopes and shifts from `state`."""
        self.slopes_, self.shifts_ = state.arrays["slopes"], state.arrays["shifts"]
        return self

    def chances(self, scores: Array) -> Array:
        """Chances, shape `(n, K)`, of raw scores, shape `(E, n, K)`."""
        from scipy.special import expit, softmax

        logits = np.einsum("enk,ek->nk", scores, self.slopes_) + self.shifts_
        return np.asarray(expit(logits) if self.multi_label else softmax(logits, axis=1))


def _parts(flat: Array, n_experts: int, k: int) -> tuple[Array, Array, Array]:
    return flat[:n_experts], flat[n_experts : n_experts + n_experts * k].reshape(n_experts, k), flat[-k:]
