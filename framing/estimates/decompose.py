"""What they cover or how they frame it: a difference of shares taken apart into agenda and framing."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import t as student

from framing.corpus.periods import add_period
from framing.defaults import LEVEL, MIN_DOCUMENTS, N_BOOTSTRAP, RANDOM_SEED
from framing.errors import InputError
from framing.estimates.correction import LEAST_GOLD
from framing.estimates.outcomes import add_outcomes, describe_classifier_error
from framing.estimates.prevalence import draw_shares
from framing.tables import COMPONENTS, require_columns
from framing.uncertainty.intervals import exact_error
from framing.uncertainty.joint import adjust_p_values, largest_statistics, normal_like, single_p_values
from framing.uncertainty.resample import STILL, draw_weights, ratio_or_zero

__all__ = ["add_agenda_items", "decompose_differences"]

METHOD = (
    "Kitagawa-Oaxaca-Blinder over {items}; document bootstrap, each interval alone, differs jointly over all rows; "
    "{error}"
)
PARTS = ("agenda", "framing")
_UNSTATED = "not stated"

Array = NDArray[np.float64]


@dataclass(frozen=True)
class _Strata:
    """One group: passages and sums of outcomes per agenda_item, shapes (Z,) and (Z, K), and draws of both."""

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


def add_agenda_items(classified: pd.DataFrame, agenda_items: str = "auto", *, period: str = "week") -> pd.DataFrame:
    """The table with a column `agenda_item`, what a story is: the corpus's `event`, or the `period` as a stand-in.

    `auto` takes the event where half of the passages or more have one. Undated passages are a agenda_item of their own.
    `agenda_item_kind` says what was taken: `event`, or the length of the period, or `none` where no passage is dated.
    Raises `InputError` for another `agenda_items`, and where what was asked for is not there.
    """
    if agenda_items not in ("auto", "event", "period"):
        raise InputError(f"agenda_items: expected auto, event or period, got {agenda_items!r}.")
    events = classified["event"].fillna("").astype(str) if "event" in classified.columns else None
    known = events is not None and bool((events != "").mean() >= 0.5)
    if agenda_items == "event" and not known:
        raise InputError(
            "agenda_items event: fewer than half of the passages have an event; name its column in corpus.yaml."
        )
    if known and agenda_items != "period":
        return classified.assign(agenda_item=events, agenda_item_kind="event")
    dated = add_period(classified, period)
    if dated.empty and agenda_items == "period":
        raise InputError("agenda_items period: no passage has a date; name its column in corpus.yaml.")
    agenda_item = np.full(len(classified), "", dtype=object)
    if len(dated):
        agenda_item[classified["published"].notna().to_numpy()] = dated["period"].dt.strftime("%Y-%m-%d").to_numpy()
    return classified.assign(agenda_item=agenda_item, agenda_item_kind=period if len(dated) else "none")


def decompose_differences(
    classified: pd.DataFrame,
    *,
    by: str = "outlet",
    agenda_items: str = "event",
    level: float = LEVEL,
    n_bootstrap: int = N_BOOTSTRAP,
    min_documents: int = MIN_DOCUMENTS,
    random_seed: int = RANDOM_SEED,
    corrected: bool = True,
) -> pd.DataFrame:
    """Each pairwise difference between groups in the share of a frame, as the sum of two parts.

    Parameters
    ----------
    classified : DataFrame
        Classified passages: a row a passage and frame.
    by : str
        Column whose values are compared.
    agenda_items : str
        Column that says which story a passage is about: `event`, `story_id`, or `agenda_item` of `add_agenda_items`.
        Passages without one form a agenda_item of their own.
    level : float
        Chance that each interval holds, and that no part is falsely called different from zero.
    n_bootstrap : int
        Number of draws.
    min_documents : int
        Groups with fewer are left out.
    random_seed : int
        Start of the draws.
    corrected : bool
        Whether to correct shares with labelled passages, where the table carries them.

    Returns
    -------
    DataFrame
        Columns `framing.tables.COMPONENTS`; two rows a pair and frame, `component` being `agenda` (they cover other
        stories, or in other proportion) and `framing` (the same story, framed otherwise). The two `estimate` add up to
        `difference`, the share in `group_a` minus that in `group_b`. `low, high` hold for each row alone at `level`;
        `p_adjusted` and `differs` hold jointly for all rows (max-t). `common` is the share of the pair's passages that
        lie in stories which both cover: the rest can only be agenda. `agenda_items` says what an item is. Clearest
        first.
        Empty where `add_agenda_items` found neither events nor dates.

    Raises
    ------
    InputError
        When fewer than two groups have `min_documents` documents, or no passage has a agenda_item.

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
    Where labels allow, shares are corrected for classifier errors group by group (`correction.add_outcomes`),
    which assumes nothing about errors within stories. The parts describe; they are no causes.
    """
    require_columns(classified, (by, agenda_items, "frame", "document_id", "decision"), what="classified passages")
    kind = agenda_items
    if agenda_items == "agenda_item" and "agenda_item_kind" in classified.columns and len(classified):
        kind = str(classified["agenda_item_kind"].iloc[0])
    if kind == "none":
        return pd.DataFrame(columns=list(COMPONENTS))
    table, is_corrected = add_outcomes(classified, by=[by], corrected=corrected)
    named = table[agenda_items].astype(object).where(table[agenda_items].notna(), _UNSTATED).replace("", _UNSTATED)
    if (named == _UNSTATED).all():
        raise InputError(
            f"No passage has a {agenda_items}; choose another column for agenda_items, for instance period."
        )
    table = table.assign(agenda_item=named.astype(str))
    shares = draw_shares(classified, by=[by], n_bootstrap=n_bootstrap, random_seed=random_seed, corrected=corrected)
    degrees_of = dict(zip(shares.groups[by], shares.degrees, strict=True))
    errors_of = dict(zip(shares.groups[by], shares.least_errors(level=level), strict=True))
    frames, labels = list(pd.unique(table["frame"])), sorted(table["agenda_item"].unique())
    groups = {}
    for number, (name, part) in enumerate(table.groupby(by, sort=True)):
        if part["document_id"].nunique() >= min_documents:
            generator = np.random.default_rng([random_seed, number])
            groups[name] = _draw(
                part, labels, frames, n_bootstrap, generator,
                degrees=degrees_of[name], least=errors_of[name], labelled=is_corrected,
            )  # fmt: skip
    if len(groups) < 2:
        raise InputError(
            f"A decomposition needs two {by}s with {min_documents} documents"
            f"{f' and {LEAST_GOLD} labelled passages' if is_corrected else ''} each; there are {len(groups)}."
        )
    pairs = {names: _split(groups[names[0]], groups[names[1]], level) for names in combinations(groups, 2)}
    generator = np.random.default_rng([random_seed, len(pairs)])
    method = METHOD.format(items=f"each {kind}", error=describe_classifier_error(classified, corrected))
    return _tested(pairs, frames, generator, level=level).assign(method=method, agenda_items=kind)[list(COMPONENTS)]


@dataclass(frozen=True)
class _Split:
    """The difference of two groups in two parts: `estimate` and `error` (2, K), standardised draws `moves` (B, 2K)."""

    estimate: Array
    error: Array
    moves: Array
    degrees: float
    common: float
    counts: dict[str, int]


def _split(a: _Strata, b: _Strata, level: float) -> _Split:
    """Agenda and framing of two groups, with the errors of both and the draws that they are tested with."""
    drawn = _components(a.drawn_n, a.drawn_sums, b.drawn_n, b.drawn_sums)
    spread = np.maximum(drawn.std(axis=0), STILL)
    moves = ((drawn - drawn.mean(axis=0)) / spread).reshape(len(drawn), -1)
    apart = np.abs(ratio_or_zero(a.n, a.n.sum(axis=0)) - ratio_or_zero(b.n, b.n.sum(axis=0))).sum(axis=0) / 2
    error = np.sqrt(spread**2 + (a.unseen + b.unseen) * np.stack([apart**2, np.ones_like(apart)]))
    exact = np.hypot(_exact_errors(a, level), _exact_errors(b, level))
    both = (a.n > 0) & (b.n > 0)
    return _Split(
        estimate=_components(a.n, a.sums, b.n, b.sums),
        error=np.where(spread <= STILL, exact, error),
        moves=moves,
        degrees=max(min(a.degrees, b.degrees), 1.0),
        common=float((a.n[both].sum() + b.n[both].sum()) / (a.n.sum() + b.n.sum())),
        counts={name: getattr(a, name) + getattr(b, name) for name in ("n_passages", "n_documents", "n_gold")},
    )


def _tested(
    pairs: dict[tuple[Any, ...], _Split], frames: list[str], generator: np.random.Generator, *, level: float
) -> pd.DataFrame:
    """All parts of all pairs with their intervals and joint p-values, clearest pair and frame first."""
    splits = list(pairs.values())
    estimate = np.stack([split.estimate for split in splits])  # (pairs, 2, K), as all below
    error = np.stack([split.error for split in splits])
    degrees = np.array([split.degrees for split in splits])[:, None, None]
    normal = normal_like([split.moves for split in splits], generator)
    largest = largest_statistics(normal, n_draws=len(normal[0]), degrees=[split.degrees for split in splits])
    statistic = np.abs(estimate) / error
    p_adjusted = adjust_p_values(statistic, largest, single=single_p_values(statistic, degrees))
    reach = student.ppf((1 + level) / 2, degrees) * error

    def rows(values: Array) -> Array:
        """One value a row, the two parts of a frame below each other."""
        return np.broadcast_to(values, estimate.shape).transpose(0, 2, 1).ravel()

    each = 2 * len(frames)  # rows a pair
    table = pd.DataFrame(
        {
            "frame": np.tile(np.repeat(np.array(frames, dtype=object), 2), len(splits)),
            "group_a": [first for first, _ in pairs for _ in range(each)],
            "group_b": [second for _, second in pairs for _ in range(each)],
            "component": np.tile(np.array(PARTS, dtype=object), len(splits) * len(frames)),
            "estimate": rows(estimate),
            "low": rows(estimate - reach),
            "high": rows(estimate + reach),
            "difference": rows(estimate.sum(axis=1, keepdims=True)),
            "common": np.repeat([split.common for split in splits], each),
            "p_adjusted": rows(p_adjusted),
            "differs": rows(p_adjusted) < 1 - level,
            **{name: np.repeat([split.counts[name] for split in splits], each) for name in splits[0].counts},
        }
    )
    order = np.argsort(-rows(statistic.max(axis=1, keepdims=True)), kind="stable")
    return table.iloc[order].reset_index(drop=True)


def _draw(
    part: pd.DataFrame,
    labels: list[str],
    frames: list[str],
    n_bootstrap: int,
    generator: np.random.Generator,
    *,
    degrees: float,
    least: Array,
    labelled: bool,
) -> _Strata:
    """Totals per agenda_item of one group, and of bootstrap draws of its documents."""
    wide = part.assign(n=1.0).groupby(["document_id", "agenda_item", "frame"], sort=True)[["n", "outcome"]].sum()
    n = wide["n"].unstack("frame", fill_value=0).reindex(columns=frames, fill_value=0.0)
    sums = wide["outcome"].unstack("frame", fill_value=0).reindex(columns=frames, fill_value=0.0)
    index = n.index
    assert isinstance(index, pd.MultiIndex)
    documents, names = pd.factorize(index.get_level_values("document_id"))
    item_of = pd.Index(labels).get_indexer(index.get_level_values("agenda_item"))
    counts = np.concatenate([n.to_numpy(float), sums.to_numpy(float)], axis=1)
    rows_of = {number: np.flatnonzero(item_of == number) for number in np.unique(item_of)}
    totals = np.zeros((n_bootstrap, len(labels), counts.shape[1]))
    start = 0
    for weights in draw_weights(len(names), n_draws=n_bootstrap, generator=generator):
        for number, rows in rows_of.items():
            totals[start : start + len(weights), number] = weights[:, documents[rows]] @ counts[rows]
        start += len(weights)
    k = len(frames)
    whole = np.zeros((len(labels), counts.shape[1]))
    np.add.at(whole, item_of, counts)
    n_gold, n_units = 0, len(names)
    if labelled:
        has_label = part[part["gold_weight"] > 0]
        n_gold, n_units = has_label["passage_id"].nunique(), has_label["document_id"].nunique()
    drawn_n, drawn_sums = totals[..., :k], totals[..., k:]
    shown = ratio_or_zero(drawn_sums.sum(axis=1), drawn_n.sum(axis=1)).var(axis=0)
    return _Strata(
        n=whole[:, :k],
        sums=whole[:, k:],
        drawn_n=drawn_n,
        drawn_sums=drawn_sums,
        n_passages=int(whole[:, :k].sum(axis=0).max()),
        n_documents=len(names),
        n_gold=n_gold,
        n_units=n_units,
        degrees=degrees,
        unseen=np.maximum(least**2 - shown, 0.0),
    )


def _exact_errors(group: _Strata, level: float) -> Array:
    """Standard error of each share from its exact bounds, shape (K,), as in `compare.compare_groups`."""
    shares = np.clip(ratio_or_zero(group.sums.sum(axis=0), group.n.sum(axis=0)), 0, 1)
    return np.array([exact_error(float(share), group.n_units, level=level) for share in shares])


def _components(n_a: Array, sums_a: Array, n_b: Array, sums_b: Array) -> Array:
    """Agenda and framing, shape (…, 2, K), from passages and sums of outcomes per agenda_item, shapes (…, Z, K)."""
    share_a, share_b = ratio_or_zero(sums_a, n_a), ratio_or_zero(sums_b, n_b)
    share_a, share_b = np.where(n_a > 0, share_a, share_b), np.where(n_b > 0, share_b, share_a)
    part_a = ratio_or_zero(n_a, n_a.sum(axis=-2, keepdims=True))
    part_b = ratio_or_zero(n_b, n_b.sum(axis=-2, keepdims=True))
    agenda = ((part_a - part_b) * (share_a + share_b) / 2).sum(axis=-2)
    framing = ((part_a + part_b) / 2 * (share_a - share_b)).sum(axis=-2)
    return np.stack([agenda, framing], axis=-2)
