"""How far human coders agree with each other: the ceiling of every comparison with their labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.defaults import LEVEL, N_BOOTSTRAP, RANDOM_SEED
from framing.errors import InputError
from framing.tables import ESTIMATE
from framing.uncertainty.resample import ratio_or_nan, resampled_totals
from framing.validation.inputs import Flags, Floats, number_documents
from framing.validation.intervals import METHOD, ONE_DOCUMENT, Interval, bootstrap_interval, no_interval

__all__ = ["count_confusions", "measure_reliability"]

MEASURES = ("alpha", "percent_agreement")
_NO_PAIR = "undefined: no passage was coded by two coders"
_ONE_VALUE = "undefined: the coders used only one value"
_NO_DISAGREEMENT = "no interval: the coders never disagreed, so no draw differs"


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
    codings : array of float
        Labels of each coder, shape (C, n, K): 1, 0, or NaN where a coder did not code a passage.
    frames : sequence of str
        Frame ids, length K.
    documents : sequence of str
        Document of each passage, length n; passages of one document are resampled together.
    level : float
        Confidence level of each interval.
    n_bootstrap : int
        Number of draws.
    random_seed : int
        Start of the draws.

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
    Nominal alpha for any number of coders and missing codings, `1 - (n - 1) D_o / D_e`: n pairable values, D_o their
    observed disagreement, D_e that of all pairs of values (Krippendorff 2011, "Computing Krippendorff's
    alpha-reliability"; 2018, *Content Analysis*, 4th ed., ch. 12). Expected disagreement is taken anew in
    each draw (as Zapf et al. 2016, BMC Med. Res. Methodol. 16:93), not held fixed as in Krippendorff's own
    bootstrap, and documents are drawn, not pairs of codings: it assumes that documents are independent and
    that the coders are these. With rare frames alpha is far below percent agreement, which chance inflates.
    """
    coded = _check_codings(codings, frames, documents)
    codes, n_documents = number_documents(documents, n=codings.shape[1])
    units = [_Unit(name, _count_values(codings[:, :, [k]]), codes, n_documents) for k, name in enumerate(frames)]
    one_frame_each = _has_one_frame_each(codings, coded)
    if one_frame_each:
        units.append(_Unit("(all)", np.nansum(codings, axis=0), codes, n_documents))
    # every frame is drawn with the same documents, so that their mean can be taken draw by draw
    has_pairs = np.any([unit.has_pairs for unit in units], axis=0)
    joined = np.hstack([unit.coincidences for unit in units])[has_pairs]
    totals = joined.sum(axis=0, keepdims=True)
    drawn_totals = resampled_totals(joined, n_draws=n_bootstrap, generator=np.random.default_rng(random_seed))
    ends = np.cumsum([unit.coincidences.shape[1] for unit in units])[:-1]
    estimates = [_Agreement.of(part) for part in np.split(totals, ends, axis=1)]
    draws = [_Agreement.of(part) for part in np.split(drawn_totals, ends, axis=1)]
    rows: list[dict[str, object]] = []
    for unit, estimate, drawn in zip(units, estimates, draws, strict=True):
        rows += _estimate_unit(unit, estimate, drawn, level=level)
    if not one_frame_each:
        counts = {
            "n_passages": int((coded.sum(axis=0) > 1).any(axis=1).sum()),
            "n_documents": int(has_pairs.sum()),
            "n_gold": int(coded.any(axis=(0, 2)).sum()),
        }
        rows.append(_estimate_mean(estimates, draws, counts, level=level))
    return pd.DataFrame(rows, columns=["frame", "measure", *ESTIMATE])


def count_confusions(codings: Floats, *, frames: Sequence[str]) -> pd.DataFrame:
    """Pairs of frames that coders confuse.

    Parameters
    ----------
    codings : array of float
        Labels of each coder, shape (C, n, K), as in `measure_reliability`.
    frames : sequence of str
        Frame ids, length K.

    Returns
    -------
    DataFrame
        `frame_a, frame_b, n_passages, share`, most frequent first. In `n_passages` one coder gave `frame_a` and not
        `frame_b` and another the reverse; `share` is of the passages, coded by two coders or more, in which any gave
        either. Pairs never confused are left out.

    Raises
    ------
    InputError
        As `measure_reliability` does.
    """
    coded = _check_codings(codings, frames)
    given = (codings == 1) & ((coded.all(axis=2)).sum(axis=0) > 1)[None, :, None]
    rows = []
    for a, b in combinations(range(len(frames)), 2):
        gave_a, gave_b = given[:, :, a], given[:, :, b]
        confused = (gave_a & ~gave_b).any(axis=0) & (gave_b & ~gave_a).any(axis=0)
        n = int(confused.sum())
        if n:
            n_either = (gave_a | gave_b).any(axis=0).sum()
            rows.append({"frame_a": frames[a], "frame_b": frames[b], "n_passages": n, "share": float(n / n_either)})
    table = pd.DataFrame(rows, columns=["frame_a", "frame_b", "n_passages", "share"])
    return table.sort_values(["n_passages", "share"], ascending=False, kind="stable", ignore_index=True)


def _check_codings(codings: Floats, frames: Sequence[str], documents: Sequence[str] | None = None) -> Flags:
    """Which codings there are, in the shape of `codings`."""
    n = codings.shape[1] if codings.ndim > 1 else 0
    expected = (max(len(codings), 2), n if documents is None else len(documents), len(frames))
    if codings.shape != expected:
        raise InputError(f"codings: expected at least two coders and the shape {expected}, got {codings.shape}.")
    coded: Flags = ~np.isnan(codings)
    if not np.isin(codings[coded], (0, 1)).all():
        raise InputError("codings: expected 1, 0, or NaN where a coder did not code; there are other numbers.")
    return coded


def _has_one_frame_each(codings: Floats, coded: Flags) -> bool:
    """Whether every coding of a passage is exactly one frame."""
    wholly_coded = coded.all(axis=2)
    if not wholly_coded.any() or (coded.any(axis=2) != wholly_coded).any():
        return False
    return bool((np.nansum(codings, axis=2)[wholly_coded] == 1).all())


def _count_values(codings: Floats) -> Floats:
    """How many coders gave each passage 1 and how many 0, shape (n, 2), of codings of shape (C, n, 1)."""
    return np.column_stack([(codings == 1).sum(axis=0), (codings == 0).sum(axis=0)]).astype(float)


@dataclass(frozen=True)
class _Unit:
    """What alpha is measured of: a frame, present or absent, or all frames as categories.

    `values` says how often each of V values was given to each passage, shape (n, V); `codes` numbers the passages'
    documents, of which there are `n_documents`.
    """

    frame: str
    values: Floats
    codes: NDArray[np.intp]
    n_documents: int

    @cached_property
    def coincidences(self) -> Floats:
        """Sums over each document, shape (D, V + 3), of passages with two codings or more.

        Uses of each value, disagreement (pairs of a passage that differ, over its codings less one), agreeing pairs,
        and pairs.
        """
        m = self.values.sum(axis=1)
        pairable = m > 1
        agreeing = (self.values * (self.values - 1)).sum(axis=1)
        pairs = m * (m - 1)
        disagreement = (pairs - agreeing) / np.maximum(m - 1, 1)
        sums = np.zeros((self.n_documents, self.values.shape[1] + 3))
        columns = np.column_stack([self.values, disagreement, agreeing, pairs]) * pairable[:, None]
        np.add.at(sums, self.codes, columns)
        return sums

    @property
    def has_pairs(self) -> Flags:
        """Documents with a passage that two coders coded, shape (D,)."""
        return np.asarray(self.coincidences[:, -1] != 0)

    @property
    def counts(self) -> dict[str, int]:
        """Passages coded by two coders or more, their documents, and passages coded at all."""
        n_codings = self.values.sum(axis=1)
        n_passages, n_gold = int((n_codings > 1).sum()), int((n_codings > 0).sum())
        return {"n_passages": n_passages, "n_documents": int(self.has_pairs.sum()), "n_gold": n_gold}


@dataclass(frozen=True)
class _Agreement:
    """Alpha and percent agreement under each weighting of the documents, shape (B,)."""

    alpha: Floats
    percent_agreement: Floats

    @classmethod
    def of(cls, sums: Floats) -> _Agreement:
        """Agreement of summed coincidences, shape (B, V + 3)."""
        uses, disagreement, agreeing, pairs = sums[:, :-3], sums[:, -3], sums[:, -2], sums[:, -1]
        n = uses.sum(axis=1)
        # exactly zero where all is of one value, in scaled draws too: both squares are then of the same number
        by_chance = n**2 - (uses**2).sum(axis=1)
        return cls(1 - ratio_or_nan((n - 1) * disagreement, by_chance), ratio_or_nan(agreeing, pairs))


def _estimate_unit(unit: _Unit, estimate: _Agreement, draws: _Agreement, *, level: float) -> list[dict[str, object]]:
    """Rows of alpha and percent agreement of one frame."""
    counts = unit.counts
    rows: list[dict[str, object]] = []
    for measure in MEASURES:
        value = float(getattr(estimate, measure).item())
        if np.isnan(value):
            interval = no_interval(_ONE_VALUE if counts["n_passages"] else _NO_PAIR)
        elif counts["n_documents"] < 2:
            interval = no_interval(ONE_DOCUMENT)
        elif measure == "alpha" and estimate.percent_agreement.item() == 1:
            interval = no_interval(_NO_DISAGREEMENT)
        else:
            share = value if measure == "percent_agreement" else None
            interval = bootstrap_interval(
                getattr(draws, measure), share=share, n_documents=counts["n_documents"], level=level
            )
        rows.append(_make_row(unit.frame, measure, value, interval, counts))
    return rows


def _estimate_mean(
    estimates: Sequence[_Agreement], draws: Sequence[_Agreement], counts: dict[str, int], *, level: float
) -> dict[str, object]:
    """Row of the mean alpha of the frames that have one."""
    value = float(_mean_known([estimate.alpha for estimate in estimates]).item())
    n_known = sum(not np.isnan(estimate.alpha.item()) for estimate in estimates)
    if not n_known:
        interval = no_interval(_ONE_VALUE if counts["n_passages"] else _NO_PAIR)
    elif counts["n_documents"] < 2:
        interval = no_interval(ONE_DOCUMENT)
    elif all(estimate.percent_agreement.item() == 1 for estimate in estimates):
        interval = no_interval(_NO_DISAGREEMENT)
    else:
        mean_draws = _mean_known([drawn.alpha for drawn in draws])
        method = f"{METHOD}; mean of the {n_known} frames that have one"
        interval = bootstrap_interval(
            mean_draws, share=None, n_documents=counts["n_documents"], level=level, method=method
        )
    return _make_row("(mean)", "alpha", value, interval, counts)


def _make_row(
    frame: str, measure: str, estimate: float, interval: Interval, counts: dict[str, int]
) -> dict[str, object]:
    return {"frame": frame, "measure": measure, "estimate": estimate, **interval._asdict(), **counts}


def _mean_known(values: Sequence[Floats]) -> Floats:
    """Mean of the values that are known, draw by draw; NaN where none is."""
    stacked = np.array(values)
    n_known = (~np.isnan(stacked)).sum(axis=0)
    return ratio_or_nan(np.nansum(stacked, axis=0), n_known)
