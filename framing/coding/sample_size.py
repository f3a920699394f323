"""How many labels a wanted precision needs, beside the classifier's scores and with labels alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from framing.coding.allocation import round_up
from framing.coding.units import Unit, assign_bands, list_units, measure_unsureness
from framing.defaults import LEVEL
from framing.errors import InputError
from framing.tables import LABELS_NEEDED, require_columns

__all__ = ["plan_labels"]

Floats = NDArray[np.float64]

_MIN_LABELS = 10  # of a group, below which no normal interval says anything
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
    _check_options(
        wanted_width=wanted_width,
        wanted_difference=wanted_difference,
        level=level,
        power=power,
        expected_share=expected_share,
        n_comparisons=n_comparisons,
    )
    require_columns(passages, (by,), what="passages to draw from")
    shape = (len(passages), len(frames))
    values = np.full(shape, expected_share) if scores is None else np.asarray(scores, dtype=float)
    if values.shape != shape:
        raise InputError(f"scores: expected the shape ({shape[0]}, {shape[1]}), got {values.shape}.")
    list_units(passages, unit=unit, scores=values)  # checks the table and the scores
    documents = passages["document_id"].to_numpy()
    groups = [
        _describe_group(
            str(name), values[rows], documents[rows], unit=unit, n_bands=n_bands, has_scores=scores is not None
        )
        for name, rows in sorted(passages.groupby(by).indices.items(), key=lambda item: str(item[0]))
    ]
    method = f"{_ASSUMED if scores is None else _FROM_SCORES}; share in this corpus; {level:.0%} intervals"
    rows: list[dict[str, object]] = []
    if wanted_width is not None:
        variance = (wanted_width / 2 / _quantile((1 + level) / 2)) ** 2
        rows += [
            _plan_width(group, k, variance=variance) | {"frame": frame, "method": method}
            for group in groups
            for k, frame in enumerate(frames)
        ]
    if wanted_difference is not None:
        reach = _quantile(1 - (1 - level) / 2 / n_comparisons) + _quantile(power)
        variance = (wanted_difference / reach) ** 2
        method += f"; power {power:.0%}; {n_comparisons} comparison{'s' * (n_comparisons > 1)}"
        rows += [
            _plan_difference(a, b, k, variance=variance) | {"frame": frame, "method": method}
            for a, b in combinations(groups, 2)
            for k, frame in enumerate(frames)
        ]
    return pd.DataFrame(rows, columns=list(LABELS_NEEDED))


@dataclass(frozen=True)
class _Variance:
    """Variance of one label under simple random sampling and the design effect, per frame, shape (K,)."""

    simple: Floats
    design_effect: Floats

    @property
    def under_design(self) -> Floats:
        return self.simple * self.design_effect


@dataclass(frozen=True)
class _Group:
    """A group of passages: share of each frame, and the variance of a label beside the scores and by itself."""

    name: str
    n_passages: int
    share: Floats
    beside_scores: _Variance
    labels_alone: _Variance


def _describe_group(
    name: str, values: Floats, documents: NDArray[np.object_], *, unit: Unit, n_bands: int, has_scores: bool
) -> _Group:
    share = values.mean(axis=0)
    alone = share * (1 - share)
    residual = (values * (1 - values)).mean(axis=0) if has_scores else alone
    if unit == "document":
        effect = effect_alone = _cluster_effect(values, documents, has_scores=has_scores)
    elif has_scores:
        effect, effect_alone = _band_effects(values, n_bands, residual, alone)
    else:
        effect = effect_alone = np.ones(len(share))
    return _Group(name, len(values), share, _Variance(residual, effect), _Variance(alone, effect_alone))


def _plan_width(group: _Group, k: int, *, variance: float) -> dict[str, object]:
    """Labels of a group with which the share of frame k has at most the given variance."""
    n_labels, n_gold_only = (
        _count_for_one(float(part.under_design[k]), group.n_passages, variance)
        for part in (group.beside_scores, group.labels_alone)
    )
    share = float(group.share[k])
    return {
        "goal": "width",
        "group_a": group.name,
        "group_b": "",
        "share_a": share,
        "share_b": math.nan,
        "n_labels": n_labels,
        "n_labels_gold_only": n_gold_only,
        "design_effect": float(group.beside_scores.design_effect[k]),
        "design_effect_gold_only": float(group.labels_alone.design_effect[k]),
        "n_with_frame": n_labels * share,
        "n_passages": group.n_passages,
    }


def _plan_difference(a: _Group, b: _Group, k: int, *, variance: float) -> dict[str, object]:
    """Labels of each of two groups with which the difference of frame k has at most the given variance."""
    sizes = (a.n_passages, b.n_passages)
    pairs = ((a.beside_scores, b.beside_scores), (a.labels_alone, b.labels_alone))
    n_labels, n_gold_only = (
        _count_for_two((float(first.under_design[k]), float(second.under_design[k])), sizes, variance)
        for first, second in pairs
    )
    effect, effect_alone = (float(max(first.design_effect[k], second.design_effect[k])) for first, second in pairs)
    share = float(a.share[k])
    return {
        "goal": "difference",
        "group_a": a.name,
        "group_b": b.name,
        "share_a": share,
        "share_b": float(b.share[k]),
        "n_labels": n_labels,
        "n_labels_gold_only": n_gold_only,
        "design_effect": effect,
        "design_effect_gold_only": effect_alone,
        "n_with_frame": n_labels * share,
        "n_passages": sum(sizes),
    }


def _band_effects(values: Floats, n_bands: int, residual: Floats, alone: Floats) -> tuple[Floats, Floats]:
    """Variance with bands of scores under `draw_sample`'s Neyman allocation, over that without, for both variances.

    With W_h the share of passages in band h, S_h the deviation that scores let expect there, and the part
    `a_h = W_h S_h / sum(W S)` of the labels, the variance of one label is `sum(W_h^2 / a_h * variance_h)`.
    """
    measure, variance = measure_unsureness(len(values), values)
    bands = assign_bands(measure, max(1, min(n_bands, len(values) // 2)))
    rows_by_band = [np.flatnonzero(bands == band) for band in range(int(bands.max()) + 1)]
    weight = np.array([len(rows) for rows in rows_by_band]) / len(values)
    deviation = np.sqrt([variance[rows].mean() for rows in rows_by_band])
    part = weight * deviation / (weight * deviation).sum()
    factor = (weight**2 / part)[:, None]
    shares = np.array([values[rows].mean(axis=0) for rows in rows_by_band])
    residuals = np.array([(values[rows] * (1 - values[rows])).mean(axis=0) for rows in rows_by_band])
    effect, effect_alone = (
        np.divide((factor * of_bands).sum(axis=0), simple, out=np.ones_like(simple), where=simple > 0)
        for of_bands, simple in ((residuals, residual), (shares * (1 - shares), alone))
    )
    return effect, effect_alone


def _cluster_effect(values: Floats, documents: NDArray[np.object_], *, has_scores: bool) -> Floats:
    """`1 + (m - 1) rho` per frame, m the mean number of passages in a passage's document.

    rho is the intraclass correlation of scores by analysis of variance, and 1 where there are none to tell.
    """
    codes, names = pd.factorize(documents)
    sizes = np.bincount(codes).astype(float)
    n, n_documents = len(values), len(names)
    m = float((sizes**2).sum() / n)
    if not has_scores or n_documents < 2 or n == n_documents:
        return np.full(values.shape[1], m)
    sums = np.zeros((n_documents, values.shape[1]))
    np.add.at(sums, codes, values)
    means = sums / sizes[:, None]
    between = (sizes[:, None] * (means - values.mean(axis=0)) ** 2).sum(axis=0) / (n_documents - 1)
    within = ((values - means[codes]) ** 2).sum(axis=0) / (n - n_documents)
    m_anova = (n - (sizes**2).sum() / n) / (n_documents - 1)
    scale = between + (m_anova - 1) * within
    correlation = np.divide(between - within, scale, out=np.zeros_like(scale), where=scale > 0)
    effect: Floats = 1 + (m - 1) * np.maximum(correlation, 0)
    return effect


def _count_for_one(spread: float, size: int, variance: float) -> int:
    """Least number whose variance, with the finite population correction, is at most `variance`."""
    return min(size, max(_MIN_LABELS, round_up(spread / (variance + spread / size))))


def _count_for_two(spreads: tuple[float, float], sizes: tuple[int, int], variance: float) -> int:
    """Least number of each of two groups, all of the smaller one where that is not enough, for a difference."""
    (small, spread_small), (large, spread_large) = sorted(zip(sizes, spreads, strict=True))
    n = (spread_small + spread_large) / (variance + spread_small / small + spread_large / large)
    if n > small:
        n = max(spread_large / (variance + spread_large / large), small)
    return min(large, max(_MIN_LABELS, round_up(n)))


def _quantile(chance: float) -> float:
    """Quantile of the normal distribution."""
    return float(norm.ppf(chance))


def _check_options(
    *, wanted_width: float | None, wanted_difference: float | None, n_comparisons: int, **chances: float
) -> None:
    if wanted_width is None and wanted_difference is None:
        raise InputError("Nothing is wanted: give wanted_width, wanted_difference or both, for instance 0.1.")
    for name, value in {"wanted_width": wanted_width, "wanted_difference": wanted_difference, **chances}.items():
        if value is not None and not 0 < value < 1:
            raise InputError(f"expected a number between 0 and 1, got {value}.", argument=name)
    if n_comparisons < 1:
        raise InputError(f"expected 1 or more, got {n_comparisons}.", argument="n_comparisons")
