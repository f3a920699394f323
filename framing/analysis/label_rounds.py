"""What the labels of the rounds so far say: how wide intervals are, and how many labels a wanted width still takes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import t as student

from framing.analysis.classified import make_long
from framing.analysis.labelled import labelled_sample, with_gold
from framing.codebook import Codebook
from framing.coding.coded import Coded
from framing.coding.gold import Gold
from framing.coding.rounds import weigh_coded_rounds
from framing.coding.settle import Settled
from framing.defaults import N_BOOTSTRAP
from framing.errors import InputError
from framing.estimates.clusters import find_unit, read_weights
from framing.estimates.compare import compare_groups
from framing.estimates.correction import Target, correct_shares
from framing.estimates.prevalence import estimate_prevalence
from framing.uncertainty.resample import TINY

__all__ = ["LabelledRounds", "measure_widths", "read_rounds_labels", "weigh_goals"]

Floats = NDArray[np.float64]

_UPPER = 0.975  # of a 95 % interval
_MOST = 10**6  # times as many labels as now are never worth naming
_ENOUGH = 0.1  # what a share counts whose interval is narrow enough already
_WIDTHS = ("frame", "group", "estimate", "low", "high", "width", "n_gold", "n_left", "method")


@dataclass(frozen=True)
class LabelledRounds:
    """Settled passages of all rounds, and where they stand among all passages of the corpus.

    Attributes
    ----------
    gold : Gold
        Labels of the n settled passages, with one over what each stands for in all rounds.
    rows : ndarray of int
        Row of each among all passages, shape (n,).
    n_rounds : int
        Rounds that have labels; a last one that nobody has coded does not count.
    n_open : int
        Passages drawn in these rounds without a settled label.
    """

    gold: Gold
    rows: NDArray[np.int64]
    n_rounds: int
    n_open: int

    @property
    def weights(self) -> Floats:
        """What each labelled passage stands for, shape (n,)."""
        assert self.gold.probabilities is not None  # draws have them
        return np.asarray(1 / self.gold.probabilities, dtype=float)


def read_rounds_labels(coded: Coded, settled: Settled, passages: pd.DataFrame) -> LabelledRounds:
    """Take the settled labels of a draw.

    Parameters
    ----------
    coded : Coded
        Codings of all rounds.
    settled : Settled
        Their settled labels.
    passages : DataFrame
        All N passages of the corpus.

    Returns
    -------
    LabelledRounds
        The settled ones.

    Raises
    ------
    InputError
        If none is settled, or a drawn passage is not in the corpus.
    """
    done = settled.done
    if not done.any():
        raise InputError("No drawn passage has a settled label yet, so there is nothing to learn the next round from.")
    n_rounds, probabilities = weigh_coded_rounds(coded.design, done)
    drawn = coded.design.passages.loc[done].reset_index(drop=True)
    rows = pd.Index(passages["passage_id"].astype(str)).get_indexer(pd.Index(drawn["passage_id"]))
    if (rows < 0).any():
        unknown = drawn["passage_id"].iloc[int(np.flatnonzero(rows < 0)[0])]
        raise InputError(f"The drawn passage {unknown} is not in the corpus: it is not the one that was drawn from.")
    facts = coded.design.facts
    gold = Gold(
        passages=drawn,
        labels=settled.labels[done],
        codings=None,
        coders=coded.coders,
        refused=coded.refused,
        name="rounds",
        sha256=facts.drawn_sha256,
        sampling=facts.sentence,
        probabilities=probabilities[done],
        strata=drawn["stratum"].to_numpy(object),
        unit="document" if facts.unit == "document" and facts.coded == "passage" else "passage",
    )
    n_open = int((~np.isnan(probabilities) & ~done).sum())
    return LabelledRounds(gold, np.asarray(rows, dtype=np.int64), n_rounds, n_open)


def measure_widths(
    passages: pd.DataFrame,
    labelled: LabelledRounds,
    *,
    scores: Floats,
    out_of_fold: Floats,
    codebook: Codebook,
    wanted_width: float | None = None,
    contrast: tuple[str, str] | None = None,
    target: Target = "process",
    n_bootstrap: int = N_BOOTSTRAP,
) -> pd.DataFrame:
    """Width of the interval of each corrected share, as a report would give it, and the labels left to a wanted width.

    Parameters
    ----------
    passages : DataFrame
        All N passages of the corpus, with their clusters if they have any.
    labelled : LabelledRounds
        The n labelled ones.
    scores : ndarray of float
        Scores of all passages by the classifier that learned from all labels, shape (N, K).
    out_of_fold : ndarray of float
        Scores of the labelled passages by classifiers that had not learned from them, shape (n, K).
    codebook : Codebook
        The K frames.
    wanted_width : float, optional
        The width wanted.
    contrast : tuple of str, optional
        Two outlets whose differences are of interest.
    target : {"process", "corpus"}, default "process"
        What the shares are about, as in reports.
    n_bootstrap : int, default 2000
        Draws of joint intervals.

    Returns
    -------
    DataFrame
        Columns `frame, group, estimate, low, high, width, n_gold, n_left, method`, a row for each outlet and frame,
        or for the contrast and each frame. `n_left`: labels that the outlets of the row still need, by the classifier
        of now and chances as so far; 0 where the interval is narrow enough; infinite where no number of labels
        suffices, since the choice of documents alone makes it wider; NaN without a wanted width, or an interval.

    Notes
    -----
    With n labels now, V the variance of a share and V_0 the part of it that stays if all passages are labelled, n'
    labels are forecast to give

        V' = V_0 + (V - V_0 - 1 / n**2) n / n' + 1 / n'**2,

    and an interval in proportion to `t(n' - 2) sqrt(V')`; 1 / n**2 is the misread passage of
    `framing.estimates.correction`. For the target `corpus` V_0 is 0. For `process` it is `p (1 - p) / N` times the
    design effect of scores, the variance of their mean over independent units against that over passages. The
    classifier learns on, and a corpus that is coded to a large part has narrower intervals: both make it less.
    """
    table = _make_table(passages, labelled, scores=scores, out_of_fold=out_of_fold, codebook=codebook)
    if contrast is not None:
        table = table[table["outlet"].isin(contrast)].reset_index(drop=True)
    variances = _list_variances(table, target)
    remaining = _list_remaining(table) if target == "process" else {}
    if contrast is None:
        shares = estimate_prevalence(table, by="outlet", target=target, n_bootstrap=n_bootstrap)
        groups = [[str(outlet)] for outlet in shares["outlet"]]
        shares = shares.assign(group=shares["outlet"])
    else:
        shares = compare_groups(table, by="outlet", target=target, n_bootstrap=n_bootstrap)
        groups = [list(contrast)] * len(shares)
        shares = shares.assign(group=shares["group_a"] + " - " + shares["group_b"])
    width = (shares["high"] - shares["low"]).to_numpy(float)
    n_gold = shares["n_gold"].to_numpy(float)
    n_left = np.full(len(shares), np.nan)
    if wanted_width is not None:
        for row, (frame, outlets) in enumerate(zip(shares["frame"], groups, strict=True)):
            whole = sum(variances[outlet, frame] for outlet in outlets)
            rest = sum(remaining.get((outlet, frame), 0.0) for outlet in outlets)
            n_left[row] = forecast_labels(
                n_gold[row], width[row], wanted_width, whole=whole, remaining=min(rest, whole)
            )
    return shares.assign(width=width, n_left=n_left)[list(_WIDTHS)]


def forecast_labels(n: float, width: float, wanted: float, *, whole: float, remaining: float) -> float:
    """Labels that are left until an interval is as narrow as wanted.

    Parameters
    ----------
    n : float
        Labels so far.
    width, wanted : float
        Width of the interval, and the width wanted.
    whole, remaining : float
        Variance, and the part of it that no label removes; the other part falls with one over the labels.

    Returns
    -------
    float
        0 or more; infinite where labels alone do not suffice; NaN without an interval.

    Examples
    --------
    >>> forecast_labels(100, 0.2, 0.1, whole=0.04, remaining=0.0)
    292.0
    >>> forecast_labels(100, 0.2, 0.1, whole=0.04, remaining=0.02)
    inf
    """
    if not np.isfinite(width) or not np.isfinite(whole):
        return float("nan")
    if width <= wanted:
        return 0.0
    if (wanted / width) ** 2 * whole <= remaining:
        return float("inf")
    misread = min(1 / n**2, whole - remaining)

    def is_narrow(n_labels: float) -> bool:
        variance = remaining + (whole - remaining - misread) * n / n_labels + misread * (n / n_labels) ** 2
        quantiles = student.ppf(_UPPER, max(n_labels - 2, 1)) / student.ppf(_UPPER, max(n - 2, 1))
        return bool(width * quantiles * np.sqrt(variance / whole) <= wanted)

    low, high = n, 2 * n
    while not is_narrow(high):
        low, high = high, 2 * high
        if high > _MOST * n:
            return float("inf")
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_narrow(middle) else (middle, high)
    return float(high - n)


def weigh_goals(widths: pd.DataFrame, *, frames: list[str], wanted_width: float | None) -> pd.DataFrame:
    """What the variance of each outlet and frame counts for the next round.

    Parameters
    ----------
    widths : DataFrame
        As `measure_widths` returns it, without a contrast.
    frames : list of str
        Frames of interest.
    wanted_width : float or None
        The width wanted.

    Returns
    -------
    DataFrame
        `group, frame, importance`: 0 for other frames; 0.1 where the interval is as narrow as wanted; else 1.
    """
    importance = widths["frame"].isin(frames).astype(float)
    if wanted_width is not None:
        importance = importance.where(~(widths["width"] <= wanted_width), importance * _ENOUGH)
    return widths[["group", "frame"]].assign(importance=importance)


def _make_table(
    passages: pd.DataFrame, labelled: LabelledRounds, *, scores: Floats, out_of_fold: Floats, codebook: Codebook
) -> pd.DataFrame:
    """Classified passages with labels, as estimates take them; scores of labelled passages are out of fold."""
    proxies = scores.copy()
    proxies[labelled.rows] = out_of_fold
    frames = codebook.frame_ids
    decisions = np.where(proxies >= 0.5, "present", "absent")  # corrected shares do not take them
    table = make_long(passages, proxies, decisions, frames)
    sample = labelled_sample(labelled.gold, out_of_fold, codebook)
    return with_gold(table, pd.DataFrame(proxies, columns=frames), sample, codebook)


def _list_variances(table: pd.DataFrame, target: Target) -> dict[tuple[str, str], float]:
    """Variance of each share by its outlet and frame; for the corpus without its finite population correction."""
    corrected = correct_shares(table, by="outlet", target=target)
    variances = {}
    for outlet, group in zip(corrected.groups["outlet"], corrected.estimates, strict=True):
        for column, frame in enumerate(corrected.frames):
            value = np.nan if group is None else float(group.variance[column] / max(group.fpc, TINY))
            variances[str(outlet), frame] = value
    return variances


def _list_remaining(table: pd.DataFrame) -> dict[tuple[str, str], float]:
    """Variance of each share that would stay if all passages were labelled, by outlet and frame."""
    unit = find_unit(table)
    weighed = table.assign(_v=read_weights(table))
    remaining = {}
    for (outlet, frame), part in weighed.groupby(["outlet", "frame"], sort=False):
        v, f = part["_v"].to_numpy(float), part["proxy"].to_numpy(float)
        n, mean = v.sum(), float((v * f).sum() / v.sum())
        simple = float((v * (f - mean) ** 2).sum()) / n**2
        sums = pd.Series(v * (f - mean)).groupby(part[unit].to_numpy(object)).sum().to_numpy()
        design_effect = float((sums**2).sum()) / n**2 / max(simple, TINY) if simple > TINY else 1.0
        has_label = part["gold_weight"].to_numpy(float) > 0
        w = part["gold_weight"].to_numpy(float)[has_label]
        p = float((w * part["gold"].to_numpy(float)[has_label]).sum() / w.sum()) if has_label.any() else mean
        remaining[str(outlet), str(frame)] = p * (1 - p) / n * design_effect
    return remaining
