"""What they cover or how they frame it: a difference of shares taken apart into agenda and framing."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import comb

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import t as student

from framing.defaults import LEVEL, MIN_DOCUMENTS, N_BOOTSTRAP, RANDOM_SEED
from framing.errors import InputError, TooLittleDataError
from framing.estimates.agenda_draws import Group, draw_components, order_pairs, read_group
from framing.estimates.agenda_units import jackknife_components
from framing.estimates.clusters import CLUSTER
from framing.estimates.correction import LEAST_GOLD
from framing.estimates.groups import join_groups
from framing.estimates.outcomes import add_outcomes, describe_classifier_error
from framing.estimates.prevalence import draw_shares
from framing.tables import COMPONENTS, ESTIMATE, groups_in_words
from framing.texts import phrase, retell
from framing.uncertainty.joint import adjust_p_values, largest_statistics, normal_like, single_p_values
from framing.uncertainty.options import check_interval_options
from framing.uncertainty.resample import STILL, ratio_or_zero

__all__ = ["decompose_differences"]

METHOD = "Kitagawa-Oaxaca-Blinder over {items}; {errors}, each interval alone, differs jointly over all rows; {error}"
_NO_INTERVAL = "; no interval: fewer than {least} independent units"
PARTS = ("agenda", "framing")
_COUNTS = ESTIMATE[3:6]  # n_passages, n_documents, n_gold
_UNSTATED = "not stated"

Array = NDArray[np.float64]


@dataclass(frozen=True)
class _Split:
    """The difference of two groups in two parts: `estimate`, `error` (2, K); `degrees` (2,), NaN without interval."""

    estimate: Array
    error: Array
    degrees: Array
    common: float
    counts: dict[str, int]


def decompose_differences(
    classified: pd.DataFrame,
    *,
    by: str | Sequence[str] = "outlet",
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
    by : str or sequence of str, default "outlet"
        Columns that make the groups.
    agenda_items : str, default "event"
        Column of the story that a passage is about: `event`, `story_id`, or `agenda_item` of `add_agenda_items`.
        Passages without one form an item of their own.
    level : float, default 0.95
        Chance that each interval holds, and that no part is falsely called different from zero.
    n_bootstrap : int, default 2000
        Number of draws.
    min_documents : int, default 5
        Groups with fewer are left out.
    random_seed : int, optional
        Start of the draws.
    corrected : bool, default True
        Whether to correct shares with labelled passages, where the table has them.

    Returns
    -------
    DataFrame
        Columns `framing.tables.COMPONENTS`, clearest first; two rows a pair and frame, `component` being `agenda`
        (they cover other stories, or in other proportion) and `framing` (the same story, framed otherwise). The two
        `estimate` add up to `difference`, the share in `group_a` minus that in `group_b`. `low, high` hold for each row
        alone at `level`; `p_adjusted` and `differs` hold jointly for all rows (max-t). `common` is the share of the
        pair's passages that lie in stories which both cover: the rest can only be agenda. `agenda_items` says what an
        item is. Empty where `add_agenda_items` found neither events nor dates.

    Raises
    ------
    InputError
        Where a column is missing, fewer than two groups have `min_documents` documents (and, where shares are
        corrected, ten labels), or no passage has an item of the agenda.
        Also unless `level` lies between 0 and 1 and `n_bootstrap` is at least 1.

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
    Where labels allow, shares are corrected for classifier errors group by group (`outcomes.add_outcomes`),
    which assumes nothing about errors within stories. The parts describe; they are no causes.

    Where the table has the column `cluster`, standard errors are of the jackknife of clusters in place of the
    bootstrap, and a story that one of the two groups tells in a single cluster is left out as a whole
    (`agenda_units.jackknife_components`): with one cluster a story, only stories that differ from each other tell a
    difference in framing from chance. Degrees of freedom are units less one; a part has no interval where it rests on
    fewer than `min_documents` units.
    """
    check_interval_options(level=level, n_bootstrap=n_bootstrap)
    if agenda_items not in classified.columns:
        raise InputError(
            f"the table of classified passages lacks the column {agenda_items}. Name its column of stories, "
            "or make one: classified = add_agenda_items(classified), and then agenda_items='agenda_item'.",
            argument="agenda_items",
        )
    joined, group_column = join_groups(classified, by, (agenda_items, "frame", "document_id", "decision"))
    kind = agenda_items
    if agenda_items == "agenda_item" and "agenda_item_kind" in joined.columns and len(joined):
        kind = str(joined["agenda_item_kind"].iloc[0])
    if kind == "none":
        return pd.DataFrame(columns=list(COMPONENTS))
    outcomes, is_corrected = add_outcomes(joined, by=group_column, corrected=corrected)
    items = outcomes[agenda_items].astype(object).where(outcomes[agenda_items].notna(), _UNSTATED)
    items = items.replace("", _UNSTATED)
    if (items == _UNSTATED).all():
        raise TooLittleDataError(
            phrase(
                "No passage has a {agenda_items}; choose another column for agenda_items, for instance period.",
                agenda_items=agenda_items,
            )
        )
    outcomes = outcomes.assign(agenda_item=items.astype(str))
    shares = draw_shares(joined, by=group_column, n_bootstrap=n_bootstrap, random_seed=random_seed, corrected=corrected)
    degrees = dict(zip(shares.groups[group_column], shares.degrees, strict=True))
    least_errors = dict(zip(shares.groups[group_column], shares.least_errors(level=level), strict=True))
    frames, item_names = list(pd.unique(outcomes["frame"])), sorted(outcomes["agenda_item"].unique())
    groups: dict[Hashable, Group] = {}
    for number, (name, part) in enumerate(outcomes.groupby(group_column)):
        if part["document_id"].nunique() >= min_documents:
            groups[name] = read_group(
                part,
                items=item_names,
                frames=frames,
                n_bootstrap=n_bootstrap,
                seed=(random_seed, number),
                degrees=degrees[name],
                least_error=least_errors[name],
                is_corrected=is_corrected,
                level=level,
            )
    if len(groups) < 2:
        needed = {
            "groups": retell(groups_in_words(group_column)),
            "min_documents": min_documents,
            "n_groups": len(groups),
        }
        if is_corrected:
            raise TooLittleDataError(
                phrase(
                    "A decomposition needs two {groups} with {min_documents} documents and {min_gold} labelled "
                    "passages each; there are {n_groups}. Lower min_documents, compare by another column (compare_by), "
                    "or add documents.",
                    min_gold=LEAST_GOLD,
                    **needed,
                )
            )
        raise TooLittleDataError(
            phrase(
                "A decomposition needs two {groups} with {min_documents} documents each; there are {n_groups}. Lower "
                "min_documents, compare by another column (compare_by), or add documents.",
                **needed,
            )
        )
    splits: dict[tuple[Hashable, Hashable], _Split] = {}
    generator = np.random.default_rng([random_seed, comb(len(groups), 2)])
    if CLUSTER in joined.columns:
        null_statistics = _split_by_clusters(groups, splits, generator, n_draws=n_bootstrap, least=min_documents)
    else:
        null_statistics = normal_like(_split_differences(groups, splits), generator)
    degrees_of_splits = (_repeat_known(splits[pair].degrees, len(frames)) for pair in order_pairs(groups))
    largest = largest_statistics(null_statistics, n_draws=n_bootstrap, degrees=degrees_of_splits)
    errors = "jackknife of clusters" if CLUSTER in joined.columns else "document bootstrap"
    error = describe_classifier_error(joined, corrected)
    method = METHOD.format(items=f"each {kind}", errors=errors, error=error)
    in_order = {pair: splits[pair] for pair in combinations(groups, 2)}
    components = _test_jointly(in_order, frames, largest, level=level)
    no_interval = np.where(components["low"].isna(), _NO_INTERVAL.format(least=min_documents), "")
    return components.assign(method=method + no_interval, agenda_items=kind)[list(COMPONENTS)]


def _split_differences(
    groups: dict[Hashable, Group], splits: dict[tuple[Hashable, Hashable], _Split]
) -> Iterator[Array]:
    """Standardised draws (B, 2K) of the parts of each pair, whose split is put in `splits`."""
    for first, second, draws in draw_components(groups):
        spread = np.maximum(draws.std(axis=0), STILL)
        splits[first, second] = _split_difference(groups[first], groups[second], spread)
        yield ((draws - draws.mean(axis=0)) / spread).reshape(len(draws), -1)


def _split_by_clusters(
    groups: dict[Hashable, Group],
    splits: dict[tuple[Hashable, Hashable], _Split],
    generator: np.random.Generator,
    *,
    n_draws: int,
    least: int,
) -> Iterator[Array]:
    """Normal draws of the parts that rest on `least` units or more, by the jackknife; splits are put in `splits`."""
    names = dict.fromkeys(name for group in groups.values() for name in group.units)
    place_of: dict[object, int] = {name: place for place, name in enumerate(names)}
    n_nodes = len(next(iter(groups.values())).n) + len(names)
    normal = generator.standard_normal((n_draws, n_nodes), dtype=np.float32)
    for first, second in order_pairs(groups):
        units = jackknife_components(groups[first], groups[second], place_of=place_of)
        spread = np.maximum(np.sqrt((units.psi**2).sum(axis=0)), STILL)
        split = _split_difference(groups[first], groups[second], spread)
        is_known = units.n_units >= max(least, 2)
        degrees = np.where(is_known, np.minimum(units.n_units - 1, split.degrees), np.nan)
        splits[first, second] = replace(split, degrees=degrees)
        standard = (units.psi / spread)[:, is_known].reshape(len(units.psi), -1)
        yield normal[:, units.nodes] @ standard


def _repeat_known(degrees: Array, n_frames: int) -> Array:
    """Degrees of freedom of each frame of the parts that have them."""
    return np.repeat(degrees[~np.isnan(degrees)], n_frames)


def _compute_components(n_a: Array, sums_a: Array, n_b: Array, sums_b: Array) -> Array:
    """Agenda and framing, shape (2, K), from passages and sums of outcomes of each item, shapes (Z, K)."""
    share_a, share_b = ratio_or_zero(sums_a, n_a), ratio_or_zero(sums_b, n_b)
    share_a, share_b = np.where(n_a > 0, share_a, share_b), np.where(n_b > 0, share_b, share_a)
    part_a, part_b = ratio_or_zero(n_a, n_a.sum(axis=0)), ratio_or_zero(n_b, n_b.sum(axis=0))
    agenda = ((part_a - part_b) * (share_a + share_b) / 2).sum(axis=0)
    framing = ((part_a + part_b) / 2 * (share_a - share_b)).sum(axis=0)
    return np.stack([agenda, framing])


def _split_difference(a: Group, b: Group, spread: Array) -> _Split:
    """Agenda and framing of two groups, with the errors of both from the spread (2, K) of their draws."""
    # total variation distance of the two agendas, 0 to 1
    distance = np.abs(ratio_or_zero(a.n, a.n.sum(axis=0)) - ratio_or_zero(b.n, b.n.sum(axis=0))).sum(axis=0) / 2
    extra_variance = a.extra_variance + b.extra_variance
    error = np.sqrt(spread**2 + extra_variance * np.stack([distance**2, np.ones_like(distance)]))
    is_common = (a.n > 0) & (b.n > 0)
    return _Split(
        estimate=_compute_components(a.n, a.sums, b.n, b.sums),
        error=np.where(spread <= STILL, np.hypot(a.exact_errors, b.exact_errors), error),
        degrees=np.full(2, min(a.degrees, b.degrees)),
        common=float((a.n[is_common].sum() + b.n[is_common].sum()) / (a.n.sum() + b.n.sum())),
        counts={name: getattr(a, name) + getattr(b, name) for name in _COUNTS},
    )


def _test_jointly(
    pairs: dict[tuple[Hashable, Hashable], _Split], frames: list[str], largest: Array, *, level: float
) -> pd.DataFrame:
    """All parts of all pairs with their intervals and joint p-values, clearest pair and frame first."""
    splits = list(pairs.values())
    estimate = np.stack([split.estimate for split in splits])  # (pairs, 2, K), as all below
    error = np.stack([split.error for split in splits])
    degrees = np.stack([split.degrees for split in splits])[:, :, None]
    statistic = np.where(np.isnan(degrees), np.nan, np.abs(estimate) / error)
    p_adjusted = adjust_p_values(statistic, largest, single=single_p_values(statistic, degrees))
    reach = student.ppf((1 + level) / 2, degrees) * error

    def list_rows(values: Array) -> Array:
        """One value a row, the two parts of a frame below each other."""
        return np.broadcast_to(values, estimate.shape).transpose(0, 2, 1).ravel()

    n_rows = 2 * len(frames)  # of a pair
    components = pd.DataFrame(
        {
            "frame": np.tile(np.repeat(np.array(frames, dtype=object), 2), len(splits)),
            "group_a": [first for first, _ in pairs for _ in range(n_rows)],
            "group_b": [second for _, second in pairs for _ in range(n_rows)],
            "component": np.tile(np.array(PARTS, dtype=object), len(splits) * len(frames)),
            "estimate": list_rows(estimate),
            "low": list_rows(estimate - reach),
            "high": list_rows(estimate + reach),
            "difference": list_rows(estimate.sum(axis=1, keepdims=True)),
            "common": np.repeat([split.common for split in splits], n_rows),
            "p_adjusted": list_rows(p_adjusted),
            "differs": list_rows(p_adjusted) < 1 - level,
            **{name: np.repeat([split.counts[name] for split in splits], n_rows) for name in _COUNTS},
        }
    )
    order = np.argsort(-list_rows(np.fmax.reduce(statistic, axis=1, keepdims=True)), kind="stable")
    return components.iloc[order].reset_index(drop=True)
