"""What they cover or how they frame it: a difference of shares taken apart into agenda and framing."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm
from scipy.stats import t as student

from framing.correction import LEAST_GOLD, add_outcomes, error_of
from framing.errors import InputError
from framing.prevalence import add_period, draw_shares
from framing.resample import exact_bounds, normal_like, ratio, student_values
from framing.shares import STILL, ShareDraws
from framing.tables import COMPONENTS, require_columns

__all__ = ["add_strata", "decompose_differences"]

METHOD = (
    "Kitagawa-Oaxaca-Blinder over {strata}; document bootstrap, each interval alone, differs jointly over all rows; "
    "{error}"
)
PARTS = ("agenda", "framing")
_CHUNK = 200
_UNSTATED = "not stated"

Array = NDArray[np.float64]


@dataclass(frozen=True)
class _Strata:
    """One group: passages and sums of outcomes per stratum, shapes (Z,) and (Z, K), and draws of both."""

    n: Array
    sums: Array
    drawn_n: Array
    drawn_sums: Array
    n_passages: int
    n_documents: int
    n_gold: int
    n_units: int  # documents that say how sure the shares are: those with labels where shares are corrected
    degrees: float
    unseen: Array  # variance of the group's shares that the draws do not show, shape (K,)


def add_strata(classified: pd.DataFrame, strata: str = "auto", *, period: str = "week") -> pd.DataFrame:
    """The table with a column `stratum`, what a story is: the corpus's `event`, or the `period` as a stand-in.

    `auto` takes the event where half of the passages or more have one. Undated passages are a stratum of their own.
    `stratum_kind` says what was taken: `event`, or the length of the period, or `none` where no passage is dated.
    Raises `InputError` for another `strata`, and where what was asked for is not there.
    """
    if strata not in ("auto", "event", "period"):
        raise InputError(f"strata: expected auto, event or period, got {strata!r}.")
    events = classified["event"].fillna("").astype(str) if "event" in classified.columns else None
    known = events is not None and bool((events != "").mean() >= 0.5)
    if strata == "event" and not known:
        raise InputError("strata event: fewer than half of the passages have an event; name its column in corpus.yaml.")
    if known and strata != "period":
        return classified.assign(stratum=events, stratum_kind="event")
    dated = add_period(classified, period)
    if dated.empty and strata == "period":
        raise InputError("strata period: no passage has a date; name its column in corpus.yaml.")
    stratum = np.full(len(classified), "", dtype=object)
    if len(dated):
        stratum[classified["published"].notna().to_numpy()] = dated["period"].dt.strftime("%Y-%m-%d").to_numpy()
    return classified.assign(stratum=stratum, stratum_kind=period if len(dated) else "none")


def decompose_differences(
    classified: pd.DataFrame,
    *,
    by: str = "outlet",
    strata: str = "event",
    level: float = 0.95,
    n_bootstrap: int = 2000,
    min_documents: int = 5,
    random_seed: int = 0,
    corrected: bool = True,
) -> pd.DataFrame:
    """Each pairwise difference between groups in the share of a frame, as the sum of two parts.

    Returns
    -------
    DataFrame
        Columns `framing.tables.COMPONENTS`; two rows a pair and frame, `component` being `agenda` (they cover other
        stories, or in other proportion) and `framing` (the same story, framed otherwise). The two `estimate` add up to
        `difference`, the share in `group_a` minus that in `group_b`. `low, high` hold for each row alone at `level`;
        `p_adjusted` and `differs` hold jointly for all rows (max-t). `common` is the share of the pair's passages that
        lie in stories which both cover: the rest can only be agenda. `strata` says what a story is. Clearest first.
        Empty where `add_strata` found neither events nor dates.

    Parameters
    ----------
    strata : column that says which story a passage is about: `event`, `story_id`, or `stratum` of `add_strata`.
        Passages without one form a stratum of their own.

    Raises
    ------
    InputError
        When fewer than two groups have `min_documents` documents, or no passage has a stratum.

    Notes
    -----
    With p(z) the part of a group's passages in story z and s(z) its share of the frame there, the difference is
    `sum_z (pa - pb) (sa + sb) / 2 + sum_z (pa + pb) / 2 (sa - sb)` (Kitagawa 1955; the weights of Reimers 1983 and the
    terms of Oaxaca and Blinder 1973). Where only one group covers a story its share stands in for the other's, so that
    a story which only one side tells is agenda. Standard errors are of a bootstrap of documents, intervals Student's t
    with the degrees of freedom of `compare_groups`. A bootstrap is blind to what does not vary in the documents at
    hand: a frame that none of a group's has, labels that happen to agree with all scores. So the variance that a
    group's own share has beyond its bootstrap (by the exact bounds where few documents have or lack the frame; by the
    estimator where shares are corrected) is added: whole to framing, and to agenda in as far as the two agendas differ.
    Where labels allow, shares are corrected for classifier errors group by group (`framing.correction.add_outcomes`),
    which assumes nothing about errors within stories. The parts describe; they are no causes.
    """
    require_columns(classified, (by, strata, "frame", "document_id", "decision"), what="classified passages")
    kind = strata
    if strata == "stratum" and "stratum_kind" in classified.columns and len(classified):
        kind = str(classified["stratum_kind"].iloc[0])
    if kind == "none":
        return pd.DataFrame(columns=list(COMPONENTS))
    table, is_corrected = add_outcomes(classified, by=[by], corrected=corrected)
    named = table[strata].astype(object).where(table[strata].notna(), _UNSTATED).replace("", _UNSTATED)
    if (named == _UNSTATED).all():
        raise InputError(f"No passage has a {strata}; choose another column for strata, for instance period.")
    table = table.assign(stratum=named.astype(str))
    frames = list(pd.unique(table["frame"]))
    labels = sorted(table["stratum"].unique())
    shares = draw_shares(classified, by=[by], n_bootstrap=n_bootstrap, random_seed=random_seed, corrected=corrected)
    known = dict(zip(shares.groups[by], zip(shares.degrees, _least_errors(shares, level), strict=True), strict=True))
    groups = {}
    for number, (name, part) in enumerate(table.groupby(by, sort=True)):
        if part["document_id"].nunique() >= min_documents:
            generator = np.random.default_rng([random_seed, number])
            groups[name] = _draw(part, labels, frames, n_bootstrap, generator, *known[name], labelled=is_corrected)
    if len(groups) < 2:
        raise InputError(
            f"A decomposition needs two {by}s with {min_documents} documents"
            f"{f' and {LEAST_GOLD} labelled passages' if is_corrected else ''} each; there are {len(groups)}."
        )
    pairs = list(combinations(groups, 2))
    parts, spreads, moves, degrees, common = [], [], [], [], []
    for first, second in pairs:
        a, b = groups[first], groups[second]
        found = _components(a.n, a.sums, b.n, b.sums)
        drawn = _components(a.drawn_n, a.drawn_sums, b.drawn_n, b.drawn_sums)
        spread = np.maximum(drawn.std(axis=0), STILL)
        moves.append(((drawn - drawn.mean(axis=0)) / spread).reshape(n_bootstrap, -1))
        apart = np.abs(ratio(a.n, a.n.sum(axis=0)) - ratio(b.n, b.n.sum(axis=0))).sum(axis=0) / 2
        parts.append(found)
        error = np.sqrt(spread**2 + (a.unseen + b.unseen) * np.stack([apart**2, np.ones_like(apart)]))
        exact = np.hypot(_exact_errors(a, level), _exact_errors(b, level))
        spreads.append(np.where(spread <= STILL, exact, error))
        degrees.append(max(min(a.degrees, b.degrees), 1.0))
        both = (a.n > 0) & (b.n > 0)
        common.append((a.n[both].sum() + b.n[both].sum()) / (a.n.sum() + b.n.sum()))
    estimate, error = np.stack(parts), np.stack(spreads)  # (pairs, 2, K)
    statistic = np.abs(estimate) / error
    quantile = student.ppf((1 + level) / 2, np.array(degrees))[:, None, None]
    normal = normal_like(moves, np.random.default_rng([random_seed, len(pairs)]))
    largest = np.max(
        [student_values(np.abs(part), degrees=free).max(axis=1) for part, free in zip(normal, degrees, strict=True)],
        axis=0,
    )
    exceed = len(largest) - np.searchsorted(np.sort(largest), statistic)
    p_adjusted = (1 + exceed) / (1 + len(largest))
    method = METHOD.format(strata=f"each {kind}", error=error_of(classified, corrected))
    alone = 2 * student.sf(statistic, np.array(degrees)[:, None, None])
    p_adjusted = np.maximum(p_adjusted, alone)  # where no draw moves, one comparison still has its own p-value
    rows = [
        (
            frames[column], first, second, PARTS[part], estimate[pair, part, column],
            estimate[pair, part, column] - quantile[pair, 0, 0] * error[pair, part, column],
            estimate[pair, part, column] + quantile[pair, 0, 0] * error[pair, part, column],
            estimate[pair, :, column].sum(), common[pair], p_adjusted[pair, part, column],
            bool(p_adjusted[pair, part, column] < 1 - level), groups[first].n_passages + groups[second].n_passages,
            groups[first].n_documents + groups[second].n_documents, groups[first].n_gold + groups[second].n_gold,
            method, kind, -statistic[pair, :, column].max(),
        )
        for pair, (first, second) in enumerate(pairs)
        for column in range(len(frames))
        for part in range(2)
    ]  # fmt: skip
    found_table = pd.DataFrame(rows, columns=[*COMPONENTS, "_order"])
    order = found_table.sort_values("_order", kind="stable").index
    return found_table.loc[order, list(COMPONENTS)].reset_index(drop=True)


def _draw(
    part: pd.DataFrame,
    labels: list[str],
    frames: list[str],
    n_bootstrap: int,
    generator: np.random.Generator,
    degrees: float,
    least: Array,
    *,
    labelled: bool,
) -> _Strata:
    """Totals per stratum of one group, and of bootstrap draws of its documents."""
    wide = part.assign(n=1.0).groupby(["document_id", "stratum", "frame"], sort=True)[["n", "outcome"]].sum()
    n = wide["n"].unstack("frame", fill_value=0).reindex(columns=frames, fill_value=0.0)
    sums = wide["outcome"].unstack("frame", fill_value=0).reindex(columns=frames, fill_value=0.0)
    index = n.index
    assert isinstance(index, pd.MultiIndex)
    documents, which = pd.factorize(index.get_level_values("document_id"))
    stratum_of = pd.Index(labels).get_indexer(index.get_level_values("stratum"))
    counts = np.concatenate([n.to_numpy(float), sums.to_numpy(float)], axis=1)
    size = len(which)
    totals = np.zeros((n_bootstrap, len(labels), counts.shape[1]))
    rows_of = {number: np.flatnonzero(stratum_of == number) for number in np.unique(stratum_of)}
    for start in range(0, n_bootstrap, _CHUNK):
        stop = min(start + _CHUNK, n_bootstrap)
        # one document fewer than there are, as in `framing.resample.resampled_totals`
        weights = generator.multinomial(max(size - 1, 1), np.full(size, 1 / size), size=stop - start).astype(float)
        for number, rows in rows_of.items():
            totals[start:stop, number] = weights[:, documents[rows]] @ counts[rows]
    k = len(frames)
    whole = np.zeros((len(labels), counts.shape[1]))
    np.add.at(whole, stratum_of, counts)
    n_gold, n_units = 0, size
    if labelled:
        own = part[part["gold_weight"] > 0]
        n_gold, n_units = own["passage_id"].nunique(), own["document_id"].nunique()
    n_drawn, sums_drawn = totals[..., :k], totals[..., k:]
    shown = ratio(sums_drawn.sum(axis=1), n_drawn.sum(axis=1)).var(axis=0)
    n_passages = int(whole[:, :k].sum(axis=0).max())
    unseen = np.maximum(least**2 - shown, 0.0)
    return _Strata(whole[:, :k], whole[:, k:], n_drawn, sums_drawn, n_passages, size, n_gold, n_units, degrees, unseen)


def _exact_errors(group: _Strata, level: float) -> Array:
    """Standard error of each share from its exact bound, shape (K,), as in `framing.compare.compare_groups`."""
    shares = np.clip(ratio(group.sums.sum(axis=0), group.n.sum(axis=0)), 0, 1)
    bounds = np.array([exact_bounds(float(share), group.n_units, level=level) for share in shares])
    return np.asarray((bounds[:, 1] - bounds[:, 0]) / norm.ppf((1 + level) / 2))


def _least_errors(drawn: ShareDraws, level: float) -> Array:
    """Standard error that each share has at least, shape (G, K).

    By the exact bounds where the bootstrap is not trusted, by the estimator where shares are corrected, else zero.
    """
    if drawn.errors is not None:
        return drawn.errors
    errors, z = np.zeros(drawn.shares.shape), norm.ppf((1 + level) / 2)
    for group, frame in np.ndindex(errors.shape):
        if drawn.is_sparse(group, frame):
            low, high = drawn.exact(group, frame, level=level)
            share = drawn.shares[group, frame]
            errors[group, frame] = max(high - share, share - low) / z
    return errors


def _components(n_a: Array, sums_a: Array, n_b: Array, sums_b: Array) -> Array:
    """Agenda and framing, shape (…, 2, K), from passages and sums of outcomes per stratum, shapes (…, Z, K)."""
    share_a, share_b = ratio(sums_a, n_a), ratio(sums_b, n_b)
    share_a, share_b = np.where(n_a > 0, share_a, share_b), np.where(n_b > 0, share_b, share_a)
    part_a, part_b = ratio(n_a, n_a.sum(axis=-2, keepdims=True)), ratio(n_b, n_b.sum(axis=-2, keepdims=True))
    agenda = ((part_a - part_b) * (share_a + share_b) / 2).sum(axis=-2)
    framing = ((part_a + part_b) / 2 * (share_a - share_b)).sum(axis=-2)
    return np.stack([agenda, framing], axis=-2)
