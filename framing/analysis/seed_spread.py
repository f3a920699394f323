"""How far the choice of seeds moves differences: random halves of the seeds, and each seed of a frame left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.analysis.analysis import Analysis
from framing.analysis.differences import KEYS, REST, combine_errors, find_target, subtract_shares
from framing.classify.calibration import Blend
from framing.classify.seed_influence import (
    draw_halves,
    find_calibration,
    list_own_seeds,
    name_seeds,
    score_without_seeds,
)
from framing.encoders.encoder import Encoder
from framing.estimates.clusters import CLUSTER, WEIGHT
from framing.estimates.correction import has_gold
from framing.estimates.prevalence import draw_shares
from framing.tables import CLASSIFIED, GOLD
from framing.uncertainty.resample import TINY

__all__ = ["HALVES", "N_HALVES", "SINGLE", "measure_spread", "vary_seeds"]

Array = NDArray[np.float64]

HALVES, SINGLE = "seeds", "seed left out"  # kinds of rows
N_HALVES = 40
_N_BOOTSTRAP = 300  # draws for the errors of raw shares; the same for all halves
_MOST_ROWS = 1_000_000  # of a table that is estimated at once


def vary_seeds(
    analysis: Analysis,
    differences: pd.DataFrame,
    headlines: pd.DataFrame,
    encoder: Encoder,
    *,
    say: Callable[[str], None] = lambda _: None,
) -> pd.DataFrame:
    """Estimate differences with random halves of the seeds, and without each seed of the frame.

    Parameters
    ----------
    analysis : Analysis
        The analysis, of a classifier that learned from the codebook alone.
    differences : DataFrame
        All differences of the report.
    headlines : DataFrame
        Those of them that are estimated again: `KEYS, estimate, low, high`.
    encoder : Encoder
        The encoder of the analysis.
    say : callable, optional
        Is called with how far the work is.

    Returns
    -------
    DataFrame
        One row a headline and set of seeds: `kind` (`seeds`: a half; `seed left out`), `variation, frame, group_a,
        group_b, estimate, low, high, differs`.

    Notes
    -----
    Scores change and labels stay. The bounds are those of the analysis, stretched by the ratio of both standard errors;
    a set has no family of comparisons of its own.
    """
    frames = list(pd.unique(headlines["frame"]))
    halves = draw_halves(analysis.codebook, n=N_HALVES, random_seed=analysis.settings.random_seed)
    singles = {frame: [np.array([seed]) for seed in list_own_seeds(analysis.codebook, frame)] for frame in frames}
    scored = frames if analysis.codebook.multi_label else analysis.codebook.frame_ids
    sets = {frame: [*halves, *singles.get(frame, [])] for frame in scored}
    texts = analysis.passages["text"].to_list()
    shift = analysis.settings.language_shift
    raw = score_without_seeds(analysis.codebook, encoder, texts, sets, language_shift=shift, say=say)
    first = np.column_stack([raw[frame][:, 0] for frame in scored])
    scores = analysis.scores[scored].to_numpy(float)
    blend = find_calibration(first, scores, multi_label=analysis.codebook.multi_label)
    names = name_seeds(analysis.codebook)
    compared = sorted({*differences["group_a"], *differences["group_b"]} - {REST})
    parts = []
    for frame in frames:
        present, proxies = _score_sets(analysis, raw, scored, blend, frame)
        groups, shares, errors = _estimate_shares(analysis, frame, present, proxies)
        labels = [f"half {number}" for number in range(1, N_HALVES + 1)]
        labels += [names[int(single[0])] for single in singles[frame]]
        kinds = [HALVES] * N_HALVES + [SINGLE] * len(singles[frame])
        for headline in headlines[headlines["frame"] == frame].to_dict("records"):
            sides = (groups, compared, str(headline["group_a"]), str(headline["group_b"]))
            estimate, se = subtract_shares(shares, *sides), combine_errors(errors, *sides)
            stretch = se[1:] / max(float(se[0]), TINY)
            low = estimate[1:] - stretch * (headline["estimate"] - headline["low"])
            high = estimate[1:] + stretch * (headline["high"] - headline["estimate"])
            table = {
                "kind": kinds,
                "variation": labels,
                **{name: headline[name] for name in KEYS},
                "estimate": np.clip(estimate[1:], -1, 1),
                "low": np.clip(low, -1, 1),
                "high": np.clip(high, -1, 1),
                "differs": (low > 0) | (high < 0),
            }
            parts.append(pd.DataFrame(table))
    return pd.concat(parts, ignore_index=True)


def measure_spread(estimates: NDArray[np.float64], n_seeds: int) -> float:
    """Standard deviation of a difference over the choice of seeds, from its values with random halves of them.

    Parameters
    ----------
    estimates : array
        One value a half.
    n_seeds : int
        Seeds of the frame.

    Returns
    -------
    float
        NaN for a frame with a single seed.

    Notes
    -----
    The jackknife that leaves out d of n seeds (Shao & Wu 1989): `sqrt((n - d) / d)` times the standard deviation over
    the halves. For a statistic that is a mean over seeds, this is the standard deviation over other choices of as many
    seeds of the same kind.

    Examples
    --------
    >>> measure_spread(np.array([0.1, 0.3]), 3)
    0.2
    """
    n_left_out = n_seeds // 2
    if not n_left_out:
        return float("nan")
    return float(np.sqrt((n_seeds - n_left_out) / n_left_out) * np.std(estimates, ddof=1))


def _score_sets(
    analysis: Analysis, raw: dict[str, Array], scored: list[str], blend: Blend, frame: str
) -> tuple[NDArray[np.bool_], Array]:
    """Whether the frame is present, and its calibrated score, with all seeds and with each set, shape (n, 1 + sets).

    With one label a passage the scores of other frames are those of the same half; where one seed is left out, those of
    all seeds. A residual frame is left out of passages that carry another frame with all seeds.
    """
    column = scored.index(frame)
    if analysis.codebook.multi_label:
        n_sets = raw[frame].shape[1]
        same = Blend(multi_label=True)
        same.slopes_, same.shifts_ = (np.repeat(part[..., column], n_sets) for part in (blend.slopes_, blend.shifts_))
        same.slopes_ = same.slopes_[None]
        proxies = same.predict_proba(raw[frame][None])
        decided: NDArray[np.bool_] = proxies >= analysis.threshold
        if analysis.codebook.residual == analysis.codebook.frame_ids.index(frame):
            others = (analysis.decisions.drop(columns=frame) == "present").any(axis=1).to_numpy(bool)
            decided &= ~others[:, None]
        return decided, proxies
    present, proxies = (np.empty(raw[frame].shape) for _ in range(2))
    for place in range(raw[frame].shape[1]):
        other = place if place <= N_HALVES else 0
        together = np.column_stack([raw[name][:, place if name == frame else other] for name in scored])
        scores = blend.predict_proba(together[None])
        present[:, place], proxies[:, place] = scores.argmax(axis=1) == column, scores[:, column]
    return present.astype(bool), proxies


def _estimate_shares(
    analysis: Analysis, frame: str, present: NDArray[np.bool_], proxies: Array
) -> tuple[list[str], Array, Array]:
    """Groups, and the share of the frame in each and its standard error with each set, shape (groups, 1 + sets)."""
    by = analysis.settings.compare_by
    classified = analysis.classified
    table = classified[classified["frame"] == frame]
    columns = dict.fromkeys((*CLASSIFIED, by, CLUSTER, WEIGHT, *GOLD))
    table = table[[name for name in columns if name in table.columns]].assign(text="")
    is_corrected = has_gold(table)
    shares, errors, groups = [], [], []
    for places in _cut_places(proxies.shape[1], len(table)):
        n = len(places)
        rows = table.loc[table.index.repeat(n)].reset_index(drop=True)
        rows["frame"] = np.tile([str(place) for place in places], len(table))
        rows["decision"] = np.where(present[:, places], "present", "absent").ravel()
        rows["score"] = proxies[:, places].ravel()
        if is_corrected:
            rows["proxy"] = rows["score"]
            rows["gold_proxy"] = rows["score"].where(rows["gold_weight"] > 0)
        drawn = draw_shares(
            rows,
            by=by,
            n_bootstrap=2 if is_corrected else _N_BOOTSTRAP,
            random_seed=analysis.settings.random_seed,
            target=find_target(table, analysis.settings),
        )
        shares.append(drawn.shares)
        errors.append(drawn.standard_errors(level=analysis.settings.level))
        groups = [str(name) for name in drawn.groups[by]]
    return groups, np.hstack(shares), np.hstack(errors)


def _cut_places(n_sets: int, n_passages: int) -> Iterator[NDArray[np.int64]]:
    """Sets in batches of so many that a table of their rows is not too long."""
    size = max(1, _MOST_ROWS // max(n_passages, 1))
    for start in range(0, n_sets, size):
        yield np.arange(start, min(start + size, n_sets))
