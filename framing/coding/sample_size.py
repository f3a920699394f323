"""How many labels a wanted precision needs, with the classifier's help and without."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.coding.strata import Unit, bands_of, units_of, unsureness
from framing.defaults import LEVEL
from framing.errors import InputError
from framing.tables import LABELS_NEEDED, require_columns

__all__ = ["plan_labels"]

Floats = NDArray[np.float64]

_LEAST = 10  # labels of a group below which no normal interval says anything
_ASSUMED = "share assumed, no scores: no gain by a classifier"
_FROM_SCORES = "shares and gain from scores, taken as chances"


def plan_labels(
    passages: pd.DataFrame,
    *,
    frames: Sequence[str],
    scores: Floats | None = None,
    wanted_width: float | None = None,
    wanted_difference: float | None = None,
    unit: Unit = "passage",
    by: str = "outlet",
    level: float = LEVEL,
    power: float = 0.8,
    n_comparisons: int = 1,
    n_bands: int = 3,
    expected_share: float = 0.5,
) -> pd.DataFrame:
    """Labelled passages that a group needs for an interval of a wanted width, or to tell two groups apart.

    Parameters
    ----------
    passages : DataFrame
        The corpus, n rows, as for `draw_sample`.
    frames : sequence of str
        Ids of the frames, length K.
    scores : ndarray of shape (n, K), optional
        Scores in the order of `frames`, 0 to 1.
    wanted_width : float, optional
        From `low` to `high` of the interval of a frame's share in a group, 0 to 1.
    wanted_difference : float, optional
        Between the shares of two groups, 0 to 1, found with chance `power` if it is that large.
    unit : {"passage", "document"}, default "passage"
        What is drawn, as of `draw_sample`.
    by : str, default "outlet"
        Column of the groups.
    level : float, default 0.95
        Confidence level of intervals, 0.5 to 1.
    power : float, default 0.8
        Chance with which `wanted_difference` is to be found, 0 to 1.
    n_comparisons : int, default 1
        Comparisons that are planned. Above 1 the error is divided by it (Bonferroni), which errs towards more labels.
    n_bands : int, default 3
        Bands of scores, as of `draw_sample`.
    expected_share : float, default 0.5
        Share of every frame, used without scores; 0.5 needs most.

    Returns
    -------
    DataFrame
        Columns `LABELS_NEEDED`, one row a frame and group (`goal` is `width`; `group_b` empty) or pair of groups
        (`difference`; numbers are for each of the two). `n_labels` counts on the classifier's gain,
        `n_labels_gold_only` on labels alone. `design_effect` is what variance the design leaves over that of a simple
        random sample of as many passages, below 1 where strata help; `design_effect_gold_only` the same for labels
        alone. `n_with_frame`: how many of `n_labels` are expected to carry the frame (in `group_a`). `n_passages`: the
        group's, or the two groups' together. A planning figure, so without an interval of its own.

    Raises
    ------
    InputError
        Where nothing is wanted, or a number is out of range, or shapes do not fit.

    Notes
    -----
    The variance of a share from n of N passages is `(1 - n/N) S^2 deff / n`. With labels alone S^2 is p (1 - p), p the
    mean score. Beside scores f that are chances, labels vary about them by the mean of f (1 - f), which is S^2 after
    the regression on scores (Särndal, Swensson & Wretman 1992, ch. 6). Zero-shot scores are no chances: plan with
    `n_labels_gold_only` then. The effect of strata is that of bands of scores with the allocation of `draw_sample`.
    That of whole documents is `1 + (m - 1) rho` (Kish 1965), m their passages and rho the intraclass correlation of
    scores, 1 without scores; numbers are of passages there, too. The target is the share in this corpus; what an outlet
    might have published besides varies more. At most N, at least ten.
    """
    _check(wanted_width, wanted_difference, level, power, n_comparisons, expected_share)
    require_columns(passages, (by,), what="passages to draw from")
    values = (
        np.full((len(passages), len(frames)), expected_share) if scores is None else np.asarray(scores, dtype=float)
    )
    if values.shape != (len(passages), len(frames)):
        raise InputError(f"scores: expected the shape ({len(passages)}, {len(frames)}), got {values.shape}.")
    units_of(passages, unit=unit, scores=values)  # checks the table and the scores
    method = f"{_ASSUMED if scores is None else _FROM_SCORES}; share in this corpus; {level:.0%} intervals"
    groups = {
        str(name): _Spread(values[rows], passages["document_id"].to_numpy()[rows], unit, n_bands, scores is not None)
        for name, rows in sorted(passages.groupby(by).indices.items(), key=lambda item: str(item[0]))
    }
    rows: list[tuple[object, ...]] = []
    if wanted_width is not None:
        variance = (wanted_width / 2 / _quantile((1 + level) / 2)) ** 2
        for (name, group), (k, frame) in ((g, f) for g in groups.items() for f in enumerate(frames)):
            needed = [_for_one(v[k], group.n, variance) for v in (group.residual, group.alone)]
            share = float(group.share[k])
            effects = float(group.effect[k]), float(group.effect_alone[k])
            rows.append(
                ("width", frame, name, "", share, math.nan, *needed, *effects, needed[0] * share, group.n, method)
            )
    if wanted_difference is not None:
        reach = _quantile(1 - (1 - level) / 2 / n_comparisons) + _quantile(power)
        how = f"{method}; power {power:.0%}; {n_comparisons} comparison{'s' * (n_comparisons > 1)}"
        for ((a, first), (b, second)), (k, frame) in (
            (pair, f) for pair in combinations(groups.items(), 2) for f in enumerate(frames)
        ):
            sizes, variance = (first.n, second.n), (wanted_difference / reach) ** 2
            needed = [
                _for_two(v, sizes, variance)
                for v in ((first.residual[k], second.residual[k]), (first.alone[k], second.alone[k]))
            ]
            shares = float(first.share[k]), float(second.share[k])
            effects = (
                float(max(first.effect[k], second.effect[k])),
                float(max(first.effect_alone[k], second.effect_alone[k])),
            )
            rows.append(("difference", frame, a, b, *shares, *needed, *effects, needed[0] * shares[0], sum(sizes), how))
    return pd.DataFrame(rows, columns=list(LABELS_NEEDED))


class _Spread:
    """Per frame, shape (K,): share, variance of one label (`residual` with the classifier, `alone`) and design effects.

    Variances contain the design effect.
    """

    def __init__(self, values: Floats, documents: NDArray[np.object_], unit: Unit, n_bands: int, scored: bool) -> None:
        self.n = len(values)
        self.share = values.mean(axis=0)
        alone = self.share * (1 - self.share)
        residual = (values * (1 - values)).mean(axis=0) if scored else alone
        if unit == "document":
            self.effect = self.effect_alone = _cluster_effect(values, documents, likeness=None if scored else 1.0)
        elif scored:
            self.effect, self.effect_alone = _band_effects(values, n_bands, residual, alone)
        else:
            self.effect = self.effect_alone = np.ones(len(self.share))
        self.residual, self.alone = residual * self.effect, alone * self.effect_alone


def _band_effects(values: Floats, n_bands: int, residual: Floats, alone: Floats) -> tuple[Floats, Floats]:
    """Variance with bands of scores under `draw_sample`'s Neyman allocation, over that without, for both variances."""
    measure, variance = unsureness(len(values), values)
    band = bands_of(measure, max(1, min(n_bands, len(values) // 2)))
    rows = [np.flatnonzero(band == number) for number in range(int(band.max()) + 1)]
    weight = np.array([len(own) for own in rows]) / len(values)
    deviation = np.sqrt([variance[own].mean() for own in rows])
    part = weight * deviation / (weight * deviation).sum()
    factor = weight**2 / part
    shares = np.array([values[own].mean(axis=0) for own in rows])
    within = np.array([(values[own] * (1 - values[own])).mean(axis=0) for own in rows])
    found = []
    for variances, simple in ((within, residual), (shares * (1 - shares), alone)):
        total = (factor[:, None] * variances).sum(axis=0)
        found.append(np.divide(total, simple, out=np.ones_like(total), where=simple > 0))
    return found[0], found[1]


def _cluster_effect(values: Floats, documents: NDArray[np.object_], *, likeness: float | None) -> Floats:
    """`1 + (m - 1) rho` per frame, m the mean number of passages in a passage's document.

    rho is `likeness`, else the intraclass correlation of `values` by analysis of variance.
    """
    code, names = pd.factorize(documents)
    size = np.bincount(code).astype(float)
    n, d = len(values), len(names)
    kish = float((size**2).sum() / n)
    if likeness is not None or d < 2 or n == d:
        return np.full(values.shape[1], 1 + (kish - 1) * (1.0 if likeness is None else likeness))
    sums = np.zeros((d, values.shape[1]))
    np.add.at(sums, code, values)
    means = sums / size[:, None]
    between = (size[:, None] * (means - values.mean(axis=0)) ** 2).sum(axis=0) / (d - 1)
    inside = ((values - means[code]) ** 2).sum(axis=0) / (n - d)
    usual = (n - (size**2).sum() / n) / (d - 1)
    scale = between + (usual - 1) * inside
    rho = np.divide(between - inside, scale, out=np.zeros_like(scale), where=scale > 0)
    effect: Floats = 1 + (kish - 1) * np.clip(rho, 0, 1)
    return effect


def _for_one(spread: float, n: int, variance: float) -> int:
    """Least number whose variance, with the finite population correction, is at most `variance`."""
    return min(n, max(_LEAST, _up(spread / (variance + spread / n))))


def _for_two(spread: tuple[float, float], sizes: tuple[int, int], variance: float) -> int:
    """Least number of each of two groups, all of the smaller one where that is not enough, for a difference."""
    (small, first), (large, second) = sorted(zip(sizes, spread, strict=True))
    wanted = (first + second) / (variance + first / small + second / large)
    if wanted > small:
        wanted = second / (variance + second / large)
        wanted = max(wanted, small)
    return min(large, max(_LEAST, _up(wanted)))


def _up(number: float) -> int:
    return math.ceil(number - 1e-9)  # 40.000000000001 is 40


def _quantile(chance: float) -> float:
    from scipy.stats import norm

    return float(norm.ppf(chance))


def _check(
    width: float | None, difference: float | None, level: float, power: float, n_comparisons: int, share: float
) -> None:
    if width is None and difference is None:
        raise InputError("Nothing is wanted: give wanted_width, wanted_difference or both, for instance 0.1.")
    limits = {
        "wanted_width": width, "wanted_difference": difference, "level": level, "power": power, "expected_share": share,
    }  # fmt: skip
    for name, value in limits.items():
        if value is not None and not 0 < value < 1:
            raise InputError(f"expected a number between 0 and 1, got {value}.", argument=name)
    if n_comparisons < 1:
        raise InputError(f"expected 1 or more, got {n_comparisons}.", argument="n_comparisons")
