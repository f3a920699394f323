"""How far human coders agree with each other: the ceiling of every comparison with their labels."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.defaults import LEVEL, N_BOOTSTRAP, RANDOM_SEED
from framing.errors import InputError
from framing.tables import ESTIMATE
from framing.uncertainty.intervals import exact_bounds, percentiles
from framing.uncertainty.resample import STILL, ratio_or_nan, resampled_totals

__all__ = [
    "count_confusions",
    "measure_reliability",
]

Floats = NDArray[np.float64]

METHOD = "percentile bootstrap over documents"
_NO_PAIR = "undefined: no passage was coded by two coders"
_ONE_VALUE = "undefined: the coders used only one value"
_ONE_DOCUMENT = "no interval: a single document"
_NO_DISAGREEMENT = "no interval: the coders never disagreed, so no draw differs"
_ALIKE = "no interval: all draws are alike"
_EXACT = "exact (Clopper-Pearson) at the number of documents: all draws are alike"


def measure_reliability(
    codings: Floats,
    *,
    frames: Sequence[str],
    documents: Sequence[str],
    level: float = LEVEL,
    n_bootstrap: int = N_BOOTSTRAP,
    random_seed: int = RANDOM_SEED,
) -> pd.DataFrame:
    """Krippendorff's alpha and percent agreement of each frame and overall, with intervals.

    Parameters
    ----------
    codings : shape (n_coders, n, K), 1, 0, or NaN where a coder did not code, as from `parse_codings`.
    documents : length n; passages of one document are resampled together.

    Returns
    -------
    DataFrame
        `frame, measure` and the estimate columns. For each frame, present or absent: `alpha` (1: perfect,
        0: as by chance) and `percent_agreement`, the share of pairs of coders who agree (0 to 1). Where
        each coding is exactly one frame, `(all)` has both with the frames as categories; else `(mean)` has
        the mean alpha of the frames that have one. `n_passages` were coded by two coders or more,
        `n_documents` hold them, `n_gold` passages were coded at all. Undefined alphas are NaN; `method`
        says why. Where all draws are alike, as without any disagreement, alpha has no interval, and percent
        agreement the exact one with each document as one observation.

    Raises
    ------
    InputError
        When shapes do not fit or a coding is neither 0, 1 nor NaN.

    Notes
    -----
    Nominal alpha for any number of coders and missing codings (Krippendorff 2011, "Computing Krippendorff's
    alpha-reliability"; 2018, *Content Analysis*, 4th ed., ch. 12). Expected disagreement is taken anew in
    each draw (as Zapf et al. 2016, BMC Med. Res. Methodol. 16:93), not held fixed as in Krippendorff's own
    bootstrap, and documents are drawn, not pairs of codings: it assumes that documents are independent and
    that the coders are these. With rare frames alpha is far below percent agreement, which chance inflates.
    """
    coded = _checked(codings, frames, documents)
    units: list[tuple[str, Floats]] = [(name, _values(codings[:, :, [k]])) for k, name in enumerate(frames)]
    whole = coded.all(axis=2)
    single = bool(whole.any() and (coded.any(axis=2) == whole).all() and (np.nansum(codings, axis=2)[whole] == 1).all())
    if single:
        units.append(("(all)", np.nansum(codings, axis=0)))
    codes = pd.factorize(pd.Series(list(documents), dtype=object), use_na_sentinel=False)[0]
    parts = [_coincidences(counts, codes) for _, counts in units]
    # every frame is drawn with the same documents, so that their mean can be taken draw by draw
    paired = np.any([part[:, -1] > 0 for part in parts], axis=0)
    widths = np.cumsum([part.shape[1] for part in parts])[:-1]
    joined = np.hstack(parts)[paired]
    drawn = resampled_totals(joined, n_draws=n_bootstrap, generator=np.random.default_rng(random_seed))
    points = [_agreement(part) for part in np.split(joined.sum(axis=0, keepdims=True), widths, axis=1)]
    spreads = [_agreement(part) for part in np.split(drawn, widths, axis=1)]
    rows = []
    for (name, counts), part, point, spread in zip(units, parts, points, spreads, strict=True):
        pairable = counts.sum(axis=1) > 1
        sizes = int(pairable.sum()), int((part[:, -1] > 0).sum()), int((counts.sum(axis=1) > 0).sum())
        for measure, value, draws in zip(("alpha", "percent_agreement"), point, spread, strict=True):
            reason = ""
            if np.isnan(value[0]):
                reason = _ONE_VALUE if sizes[0] else _NO_PAIR
            elif sizes[1] < 2:
                reason = _ONE_DOCUMENT
            elif point[1][0] == 1 and measure == "alpha":
                reason = _NO_DISAGREEMENT
            low, high = _interval(draws, reason, level)
            if high - low < STILL:
                low, high, reason = np.nan, np.nan, _ALIKE
                if measure == "percent_agreement":
                    (low, high), reason = exact_bounds(float(value[0]), sizes[1], level=level), _EXACT
            rows.append((name, measure, float(value[0]), low, high, *sizes, reason or METHOD))
    if not single:
        mean, draws = (_mean([alpha for alpha, _ in values]) for values in (points, spreads))
        defined = sum(not np.isnan(alpha[0]) for alpha, _ in points)
        n_passages = int((coded.sum(axis=0) > 1).any(axis=1).sum())
        sizes = n_passages, int(paired.sum()), int(coded.any(axis=(0, 2)).sum())
        reason = "" if sizes[1] > 1 else _ONE_DOCUMENT
        if not defined:
            reason = _ONE_VALUE if sizes[0] else _NO_PAIR
        elif all(share[0] == 1 for _, share in points):
            reason = reason or _NO_DISAGREEMENT
        low, high = _interval(draws, reason, level)
        if high - low < STILL:
            low, high, reason = np.nan, np.nan, _ALIKE
        method = reason or f"{METHOD}; mean of the {defined} frames that have one"
        rows.append(("(mean)", "alpha", float(mean[0]), low, high, *sizes, method))
    return pd.DataFrame(rows, columns=["frame", "measure", *ESTIMATE])


def count_confusions(codings: Floats, *, frames: Sequence[str]) -> pd.DataFrame:
    """Pairs of frames that coders confuse: `frame_a, frame_b, n_passages, share`, most frequent first.

    In `n_passages` one coder gave `frame_a` and not `frame_b` and another the reverse; `share` is of the
    passages, coded by two coders or more, in which any gave either. `codings` is as in
    `measure_reliability`. Pairs never confused are left out.
    """
    coded = _checked(codings, frames)
    given = (codings == 1) & ((coded.all(axis=2)).sum(axis=0) > 1)[None, :, None]
    rows = []
    for a, b in combinations(range(len(frames)), 2):
        first, second = given[:, :, a], given[:, :, b]
        confused = (first & ~second).any(axis=0) & (second & ~first).any(axis=0)
        if confused.any():
            either = (first | second).any(axis=0).sum()
            rows.append((frames[a], frames[b], int(confused.sum()), float(confused.sum() / either)))
    table = pd.DataFrame(rows, columns=["frame_a", "frame_b", "n_passages", "share"])
    return table.sort_values(["n_passages", "share"], ascending=False, kind="stable", ignore_index=True)


def _checked(codings: Floats, frames: Sequence[str], documents: Sequence[str] | None = None) -> NDArray[np.bool_]:
    n = codings.shape[1] if codings.ndim > 1 else 0
    expected = (max(len(codings), 2), n if documents is None else len(documents), len(frames))
    if codings.shape != expected:
        raise InputError(f"codings: expected at least two coders and the shape {expected}, got {codings.shape}.")
    coded: NDArray[np.bool_] = ~np.isnan(codings)
    if not np.isin(codings[coded], (0, 1)).all():
        raise InputError("codings: expected 1, 0, or NaN where a coder did not code; there are other numbers.")
    return coded


def _values(codings: Floats) -> Floats:
    """How many coders gave each passage 1 and how many 0, shape (n, 2), of codings of shape (n_coders, n, 1)."""
    return np.column_stack([(codings == 1).sum(axis=0), (codings == 0).sum(axis=0)]).astype(float)


def _coincidences(counts: Floats, codes: NDArray[np.intp]) -> Floats:
    """Sums over each document, shape (D, C + 3), of how often the C values were given to each passage, (n, C).

    Uses of each value, disagreement (pairs of a passage that differ, over its codings less one), agreeing
    pairs, and pairs; of passages with two codings or more.
    """
    m = counts.sum(axis=1)
    paired = m > 1
    agreeing = (counts * (counts - 1)).sum(axis=1)
    pairs = m * (m - 1)
    disagreement = (pairs - agreeing) / np.maximum(m - 1, 1)
    sums = np.zeros((int(codes.max(initial=-1)) + 1, counts.shape[1] + 3))
    np.add.at(sums, codes, np.column_stack([counts, disagreement, agreeing, pairs]) * paired[:, None])
    return sums


def _agreement(sums: Floats) -> tuple[Floats, Floats]:
    """Alpha and percent agreement of each row of summed coincidences, shape (B, C + 3)."""
    uses, disagreement, agreeing, pairs = sums[:, :-3], sums[:, -3], sums[:, -2], sums[:, -1]
    n = uses.sum(axis=1)
    by_chance = n**2 - (uses**2).sum(axis=1)
    alpha = np.full(len(sums), np.nan)
    # a share, not the difference itself, is compared: scaled draws leave rounding where all is of one value
    varied = by_chance > STILL * n**2
    alpha[varied] = 1 - (n[varied] - 1) * disagreement[varied] / by_chance[varied]
    return alpha, ratio_or_nan(agreeing, pairs)


def _mean(values: Sequence[Floats]) -> Floats:
    """Mean of the values that are known, draw by draw; NaN where none is."""
    stacked = np.array(values)
    known = (~np.isnan(stacked)).sum(axis=0)
    return np.where(known > 0, np.nansum(stacked, axis=0) / np.maximum(known, 1), np.nan)


def _interval(draws: Floats, reason: str, level: float) -> tuple[float, float]:
    """Percentiles of the draws that are known; none where there is a reason for that."""
    if reason:
        return np.nan, np.nan
    low, high = percentiles(draws, level=level)
    return float(low), float(high)
