"""What errors of coders can do to shares: bounds of the true share from passages that two coders have coded.

Labels are taken as true everywhere else. With the sensitivity `se` (chance that a coder gives a frame that is there)
and the specificity `sp` (chance that a coder does not give one that is not), labels have the share
`p* = p se + (1 - p) (1 - sp)` where the true one is p, so

1. `p = (p* + sp - 1) / (se + sp - 1)` (Rogan & Gladen 1978, Am. J. Epidemiol. 107:71).

Two equally good coders whose errors are independent given the truth both give the frame in the share `P11` of
passages, neither in `P00`, and each in `q`. These are two numbers, and p, se and sp are three: the true share of these
passages is not known but bounded (Hui & Walter 1980, Biometrics 36:167). With `c = P11 - q**2`, every t from

2. `1 - (1 - q)**2 / P00` (then se = 1 and sp = P00 / (1 - q)) to `q**2 / P11` (then sp = 1 and se = P11 / q)

fits as well, with `se + sp - 1 = J = sqrt(c / (t (1 - t)))`, `sp = 1 - q + t J` and `se = q + (1 - t) J`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from framing.defaults import LEVEL, N_BOOTSTRAP, RANDOM_SEED
from framing.errors import InputError
from framing.tables import CODER_ERRORS, require_columns
from framing.uncertainty.resample import TINY
from framing.validation.inputs import Floats, number_documents

__all__ = ["ASSUMED", "bound_coder_errors"]

ASSUMED = ((0.95, 0.99), (0.9, 0.98), (0.8, 0.97))  # sensitivity and specificity, where nothing tells them
LEAST_DOUBLE, LEAST_DOCUMENTS = 30, 5  # passages that two have coded, and their documents, below which nothing is said

_STEPS = 21  # values of t between the ends that are tried
_FROM_PAIRS = "from double coding: coders equally good and alike in all groups, errors independent given the truth"
_GRID = "assumed, not measured"


@dataclass(frozen=True)
class _Pairs:
    """Pairs of codings of a frame: effective numbers of both, one and neither, and the variance between coders."""

    counts: Floats  # shape (3,)
    n_double: int
    n_documents: int
    between: float
    reason: str  # why nothing is known; empty if it is


def bound_coder_errors(
    shares: pd.DataFrame,
    codings: Floats | None = None,
    *,
    frames: Sequence[str],
    documents: Sequence[str] = (),
    level: float = LEVEL,
    n_draws: int = N_BOOTSTRAP,
    random_seed: int = RANDOM_SEED,
    assumed: Sequence[tuple[float, float]] = ASSUMED,
) -> pd.DataFrame:
    """Bounds of the true share of each frame if coders err as double coding shows, or as is assumed.

    Parameters
    ----------
    shares : DataFrame
        `group, frame, estimate, low, high`: shares by labels, as from `estimate_prevalence`, with their intervals at
        `level`.
    codings : array of float, optional
        Labels of each coder, shape (C, n, K): 1, 0, or NaN where a coder did not code a passage.
    frames : sequence of str
        Ids of the frames of `codings`, length K.
    documents : sequence of str
        Document of each passage of `codings`, length n.
    level : float, default 0.95
        Chance that the bounds hold the true share, if the assumptions do.
    n_draws : int, default 2000
        Number of draws.
    random_seed : int, optional
        Start of the draws.
    assumed : sequence of (float, float), optional
        Sensitivity and specificity of the rows of frames about which double coding tells nothing.

    Returns
    -------
    DataFrame
        Columns `CODER_ERRORS`. `bound_low` and `bound_high` hold the true share with the errors of coders and of
        sampling. From double coding, a row a group and frame: `sensitivity` and `specificity` are the least that fit,
        each as if the other were 1. Where fewer than 30 passages of 5 documents were coded by two, no passage was given
        the frame by two, or coders agree no more than by chance, one row for each of `assumed`; `method` says why.

    Raises
    ------
    InputError
        Where columns are missing, or shapes do not fit.

    Notes
    -----
    Formulas 1 and 2 at the head of the module, at 21 values of t between the ends; with more than two coders P11, P00
    and q are means over pairs. Bounds are quantiles of draws: the share of labels varies as its interval says and, as
    other coders would have given other labels, by the variance between coders' shares beyond chance; the three shares
    of pairs are Dirichlet(number over design effect of documents + 1/2), so that coders who never disagreed are not
    taken for perfect. Labels are taken to err as one coder does: where disagreements were settled well, the truth lies
    closer to the estimate. If coders make the same errors (from the same rules), agreement shows less error than there
    is, and the bounds are too narrow. A difference between groups shrinks by `se + sp - 1`.
    """
    require_columns(shares, ("group", "frame", "estimate", "low", "high"), what="shares")
    pairs = _count_pairs(codings, frames, documents)
    generator = np.random.default_rng(random_seed)
    errors = {frame: _Errors.draw(pairs[frame], n_draws, generator) for frame in frames}
    quantile = float(norm.ppf((1 + level) / 2))
    rows: list[dict[str, object]] = []
    for share in shares[["frame", "group", "estimate", "low", "high"]].to_dict("records"):
        frame = str(share["frame"])
        if frame not in pairs:
            raise InputError(f"shares: the frame {frame!r} is none of {', '.join(frames)}.")
        keys = {**{str(name): value for name, value in share.items()}, "n_double": pairs[frame].n_double}
        if pairs[frame].reason:
            rows += [keys | _assume(share, se, sp, pairs[frame].reason) for se, sp in assumed]
            continue
        z = generator.standard_normal(n_draws)
        reach = np.where(z > 0, share["high"] - share["estimate"], share["estimate"] - share["low"]) / quantile
        between = np.sqrt(pairs[frame].between) * generator.standard_normal(n_draws)
        low, high = errors[frame].bound(np.clip(share["estimate"] + z * reach + between, 0, 1))
        rows.append(
            keys
            | {
                "bound_low": _take_quantile(low, (1 - level) / 2),
                "bound_high": _take_quantile(high, (1 + level) / 2),
                **_describe_least(pairs[frame]),
                "method": _FROM_PAIRS,
            }
        )
    return pd.DataFrame(rows, columns=list(CODER_ERRORS))


@dataclass(frozen=True)
class _Errors:
    """Draws of P11, q and P00, shape (B,)."""

    both: Floats
    each: Floats
    neither: Floats

    @classmethod
    def draw(cls, pairs: _Pairs, n_draws: int, generator: np.random.Generator) -> _Errors:
        cells = generator.dirichlet(pairs.counts + 0.5, n_draws)
        return cls(cells[:, 0], cells[:, 0] + cells[:, 1] / 2, cells[:, 2])

    def bound(self, labelled_share: Floats) -> tuple[Floats, Floats]:
        """Least and largest true share that fit a share of labels, draw by draw; 0 and 1 where nothing is shown."""
        q, c = self.each, self.both - self.each**2
        is_shown = c > TINY
        c = np.where(is_shown, c, 1.0)
        first, last = 1 - (1 - q) ** 2 / self.neither, q**2 / self.both
        part = np.linspace(0, 1, _STEPS)[:, None]
        t = np.clip(first + part * (last - first), TINY, 1 - TINY)
        shares = np.clip(t + (labelled_share - q) * np.sqrt(t * (1 - t) / c), 0, 1)
        low: Floats = np.where(is_shown, shares.min(axis=0), 0.0)
        high: Floats = np.where(is_shown, shares.max(axis=0), 1.0)
        return low, high


def _count_pairs(codings: Floats | None, frames: Sequence[str], documents: Sequence[str]) -> dict[str, _Pairs]:
    if codings is None or len(codings) < 2:
        nothing = _Pairs(np.zeros(3), 0, 0, 0.0, "no passage was coded by two coders")
        return dict.fromkeys(frames, nothing)
    expected = (len(codings), len(documents), len(frames))
    if codings.shape != expected:
        raise InputError(f"codings: expected the shape {expected}, got {codings.shape}.")
    codes, _ = number_documents(documents, n=codings.shape[1])
    return {frame: _count_pairs_of(codings[:, :, k], codes) for k, frame in enumerate(frames)}


def _count_pairs_of(codings: Floats, documents: NDArray[np.intp]) -> _Pairs:
    """Pairs of one frame, of codings of shape (C, n)."""
    n_codings = (~np.isnan(codings)).sum(axis=0)
    rows = n_codings > 1
    given, m, documents = np.nansum(codings[:, rows], axis=0), n_codings[rows].astype(float), documents[rows]
    n, n_documents = int(rows.sum()), len(np.unique(documents))
    n_pairs = m * (m - 1)
    cells = np.stack([given * (given - 1), 2 * given * (m - given), (m - given) * (m - given - 1)]) / n_pairs
    counts = cells.sum(axis=1)
    reason = ""
    if n < LEAST_DOUBLE or n_documents < LEAST_DOCUMENTS:
        reason = (
            f"{n} passages of {n_documents} documents were coded by two; {LEAST_DOUBLE} of {LEAST_DOCUMENTS} needed"
        )
    elif counts[0] == 0:
        reason = "no passage was given the frame by two coders"
    elif counts[0] / n <= ((counts[0] + counts[1] / 2) / n) ** 2:
        reason = "coders agree no more than by chance"
    effect = max(1.0, *(_measure_effect(cell, documents) for cell in cells)) if not reason else 1.0
    return _Pairs(counts / effect, n, n_documents, _measure_between(codings[:, rows]), reason)


def _measure_effect(values: Floats, documents: NDArray[np.intp]) -> float:
    """Variance of a mean over documents, over that of independent passages."""
    simple = float(values.var())
    if simple < TINY:
        return 1.0
    sums = np.bincount(documents, values - values.mean())
    n_documents = len(np.unique(documents))
    return float((sums**2).sum() * n_documents / (n_documents - 1) / (len(values) * simple))


def _measure_between(codings: Floats) -> float:
    """Variance of coders' shares beyond chance: half the squared difference of two, less what it is by chance."""
    variances = []
    for first, second in combinations(codings, 2):
        both = ~np.isnan(first) & ~np.isnan(second)
        n = int(both.sum())
        if n:
            difference = first[both] - second[both]
            variances.append((difference.sum() ** 2 - np.abs(difference).sum()) / n**2 / 2)
    return max(0.0, float(np.mean(variances))) if variances else 0.0


def _describe_least(pairs: _Pairs) -> dict[str, float]:
    """The least sensitivity and the least specificity that fit the pairs."""
    both, one, neither = pairs.counts / pairs.counts.sum()
    return {"sensitivity": float(both / (both + one / 2)), "specificity": float(neither / (neither + one / 2))}


def _assume(share: dict[object, object] | dict[str, object], se: float, sp: float, reason: str) -> dict[str, object]:
    low, high = ((float(str(share[name])) + sp - 1) / (se + sp - 1) for name in ("low", "high"))
    bounds = {"bound_low": float(np.clip(low, 0, 1)), "bound_high": float(np.clip(high, 0, 1))}
    return {**bounds, "sensitivity": se, "specificity": sp, "method": f"{_GRID}: {reason}"}


def _take_quantile(values: Floats, chance: float) -> float:
    return float(np.quantile(values, chance))
