"""Bootstrap draws of the agenda of groups: each story's part of a group's passages, and its share of each frame."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.estimates.clusters import find_unit
from framing.uncertainty.intervals import exact_error
from framing.uncertainty.resample import draw_weights, ratio_or_zero

__all__ = ["Group", "draw_components", "order_pairs", "read_group"]

_BLOCK_CELLS = 12_000_000  # numbers in the draws of a block of groups; two blocks are in memory

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Group:
    """One group: Z items of the agenda, K frames, B draws.

    `n, sums` : passages (or their weight) and sums of outcomes of each item, shape (Z, K). `items` : places of the
    items that it covers. `counts` : of each independent unit (cluster, or document) and item, passages and sums of
    outcomes, shape (rows, 2K), with `unit_of` and `item_of` each row; `units` : ids of the units. `seed` : of the
    draws. `share_draws` : its shares in bootstrap draws of its units, shape (B, K). `exact_errors` : standard error of
    each share from its exact bounds, as in `compare.compare_groups`, and `extra_variance` : variance of the shares
    beyond that of their draws, shape (K,).
    """

    n: Array
    sums: Array
    items: NDArray[np.int64]
    counts: Array
    units: NDArray[np.object_]
    unit_of: NDArray[np.int64]
    item_of: NDArray[np.int64]
    seed: tuple[int, int]
    share_draws: Array
    n_passages: int
    n_documents: int
    n_gold: int
    degrees: float
    exact_errors: Array
    extra_variance: Array


@dataclass(frozen=True)
class Draws:
    """Bootstrap draws of a group's units.

    Of each item that it covers: its part of the group's passages and its share of each frame, shape (B, items, K).
    """

    parts: Array
    shares: Array


def read_group(
    part: pd.DataFrame,
    *,
    items: list[str],
    frames: list[str],
    n_bootstrap: int,
    seed: tuple[int, int],
    degrees: float,
    least_error: Array,
    is_corrected: bool,
    level: float,
) -> Group:
    """Totals per item of one group, and its shares in bootstrap draws of its independent units.

    Parameters
    ----------
    part : DataFrame
        Passages of the group, with `agenda_item`, `n` and `outcome`.
    items, frames : list of str
        All items of the agenda, and ids of the frames.
    n_bootstrap : int
        Number of draws.
    seed : tuple of int
        Start of the draws.
    degrees : float
        Degrees of freedom of its shares.
    least_error : array
        Least standard error of each share, shape (K,).
    is_corrected : bool
        Whether outcomes are corrected with labelled passages.
    level : float
        Level of the exact bounds that stand in where no draw varies.

    Returns
    -------
    Group
        The group.
    """
    unit = find_unit(part)
    summed = part.groupby([unit, "agenda_item", "frame"])[["n", "outcome"]].sum()
    n = summed["n"].unstack("frame", fill_value=0).reindex(columns=frames, fill_value=0.0)
    sums = summed["outcome"].unstack("frame", fill_value=0).reindex(columns=frames, fill_value=0.0)
    index = n.index
    assert isinstance(index, pd.MultiIndex)
    unit_of, names = pd.factorize(index.get_level_values(unit))
    item_of = pd.Index(items).get_indexer(index.get_level_values("agenda_item"))
    counts = np.concatenate([n.to_numpy(float), sums.to_numpy(float)], axis=1)
    k = len(frames)
    totals = np.zeros((len(items), 2 * k))
    np.add.at(totals, item_of, counts)
    of_units = np.zeros((len(names), 2 * k))
    np.add.at(of_units, unit_of, counts)
    drawn = np.concatenate([weights @ of_units for weights in _draw_units(seed, len(names), n_bootstrap)])
    share_draws = ratio_or_zero(drawn[:, k:], drawn[:, :k])
    n_gold, n_units = 0, len(names)  # units that the share rests on, labelled ones where it is corrected
    if is_corrected:
        labelled = part[part["gold_weight"] > 0]
        n_gold, n_units = labelled["passage_id"].nunique(), labelled[unit].nunique()
    shares = np.clip(ratio_or_zero(totals[:, k:].sum(axis=0), totals[:, :k].sum(axis=0)), 0, 1)
    return Group(
        n=totals[:, :k],
        sums=totals[:, k:],
        items=np.unique(item_of),
        counts=counts,
        units=np.asarray(names, dtype=object),
        unit_of=unit_of,
        item_of=item_of,
        seed=seed,
        share_draws=share_draws,
        n_passages=int(part.groupby("frame").size().max()),
        n_documents=part["document_id"].nunique(),
        n_gold=n_gold,
        degrees=degrees,
        exact_errors=np.array([exact_error(float(share), n_units, level=level) for share in shares]),
        extra_variance=np.maximum(least_error**2 - share_draws.var(axis=0), 0.0),
    )


def _draw_units(seed: tuple[int, int], n_units: int, n_draws: int) -> Iterator[Array]:
    """How often each unit of a group is taken: the same draws whenever they are asked for."""
    return draw_weights(n_units, n_draws=n_draws, generator=np.random.default_rng(list(seed)))


def _resample_items(group: Group) -> Draws:
    """Draws of the items that a group covers."""
    n_draws, k = group.share_draws.shape
    drawn = np.empty((n_draws, len(group.items), 2 * k))
    start = 0
    for weights in _draw_units(group.seed, len(group.units), n_draws):
        for place, item in enumerate(group.items):
            rows = np.flatnonzero(group.item_of == item)
            drawn[start : start + len(weights), place] = weights[:, group.unit_of[rows]] @ group.counts[rows]
        start += len(weights)
    n, sums = drawn[..., :k], drawn[..., k:]
    return Draws(parts=ratio_or_zero(n, n.sum(axis=1, keepdims=True)), shares=ratio_or_zero(sums, n))


def _block_groups(groups: dict[Hashable, Group]) -> list[list[Hashable]]:
    """Groups in blocks whose draws fit the memory together."""
    blocks: list[list[Hashable]] = []
    n_cells = 0
    for name, group in groups.items():
        size = 2 * group.share_draws.size * len(group.items)
        if not blocks or n_cells + size > _BLOCK_CELLS:
            blocks.append([])
            n_cells = 0
        blocks[-1].append(name)
        n_cells += size
    return blocks


def order_pairs(groups: dict[Hashable, Group]) -> Iterator[tuple[Hashable, Hashable]]:
    """All pairs of groups in the order in which they are drawn, two blocks of groups at a time.

    Parameters
    ----------
    groups : dict of str to Group
        Groups by name.

    Yields
    ------
    tuple of str
        Names of two groups, in the order of the dictionary.
    """
    blocks = _block_groups(groups)
    for number, block in enumerate(blocks):
        yield from combinations(block, 2)
        for other in blocks[number + 1 :]:
            yield from product(block, other)


def draw_components(groups: dict[Hashable, Group]) -> Iterator[tuple[Hashable, Hashable, Array]]:
    """Agenda and framing of each pair of groups in bootstrap draws of their units.

    Parameters
    ----------
    groups : dict of str to Group
        Groups by name.

    Yields
    ------
    first, second : str
        A pair, in the order of `order_pairs`.
    array
        The two parts of its difference, shape (B, 2, K). Few are in memory at a time.
    """
    blocks = _block_groups(groups)
    block_of = {name: number for number, block in enumerate(blocks) for name in block}
    draws: dict[int, dict[Hashable, Draws]] = {}
    for first, second in order_pairs(groups):
        needed = {block_of[first], block_of[second]}
        if not needed <= draws.keys():
            draws = {number: draws[number] for number in needed & draws.keys()}
            for number in needed - draws.keys():
                draws[number] = {name: _resample_items(groups[name]) for name in blocks[number]}
        of_pair = (draws[block_of[name]][name] for name in (first, second))
        yield first, second, _compute_draws(groups[first], groups[second], *of_pair)


def _compute_draws(a: Group, b: Group, draws_a: Draws, draws_b: Draws) -> Array:
    """Agenda and framing in bootstrap draws, shape (B, 2, K).

    Groups can frame only those items otherwise that both cover; the rest of the difference is agenda.
    """
    _, in_a, in_b = np.intersect1d(a.items, b.items, assume_unique=True, return_indices=True)
    part_a, part_b = draws_a.parts[:, in_a], draws_b.parts[:, in_b]
    by_item = (part_a + part_b) / 2 * (draws_a.shares[:, in_a] - draws_b.shares[:, in_b])
    framing = np.where((part_a > 0) & (part_b > 0), by_item, 0.0).sum(axis=1)
    return np.stack([a.share_draws - b.share_draws - framing, framing], axis=1)
