"""Chances of a draw that grow with what a label teaches, never zero, and draws with exactly these chances."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from framing.errors import InputError

__all__ = ["FLOOR", "draw_systematic", "mix_chances", "share_rounds", "weigh_rounds"]

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

FLOOR = 0.5  # part of every round that is drawn without regard to scores
_ROUNDING = 1e-9


def mix_chances(
    spreads: Floats, groups: Places, *, sizes: Floats, n_drawn: int, floor: float = FLOOR, largest: float = 1.0
) -> Floats:
    """Chance of each unit: a part in proportion to what its label teaches, a part that each unit of a group has.

    Parameters
    ----------
    spreads : ndarray of float
        What the label of each unit teaches, shape (M,), 0 or more, as from `teaching.spread_of_units`.
    groups : ndarray of int
        Group (outlet) of each unit, 0 to G - 1.
    sizes : ndarray of float
        Number of passages of each group in the whole corpus, shape (G,).
    n_drawn : int
        Units to draw, 1 to M.
    floor : float, default 0.5
        Part of the draw that is uniform: shared out equally among groups, and alike within each. Above 0, at most 1.
    largest : float, default 1.0
        No chance is larger; for rounds after the first see `weigh_rounds`.

    Returns
    -------
    ndarray of float
        Shape (M,), above 0 and at most `largest`, which add up to `n_drawn`.

    Raises
    ------
    InputError
        For numbers out of range, or where `largest` leaves fewer than `n_drawn`.

    Notes
    -----
    `pi_i` is in proportion to `(1 - floor) s_i / sum(s) + floor / (G M_g)` with `s_i` the spread over the size of its
    group, and `M_g` the number of units of the group. What chances above `largest` lose is given to the others in
    proportion. So no weight is more than `1 / floor` times that of a uniform draw of as many from the group, but for
    what is given away.

    Examples
    --------
    >>> spreads, one_group = np.array([3.0, 1.0, 0, 0]), np.array([0, 0, 0, 0])
    >>> mix_chances(spreads, one_group, sizes=np.array([4.0]), n_drawn=1, floor=0.4).round(9)
    array([0.55, 0.25, 0.1 , 0.1 ])
    """
    n_units = len(spreads)
    if not 0 < floor <= 1:
        raise InputError(f"expected a share above 0 and at most 1, got {floor}.", argument="floor")
    if not 1 <= n_drawn <= n_units:
        raise InputError(f"expected 1 to {n_units}, as many as there are left to draw from; got {n_drawn}.",
                         argument="size")  # fmt: skip
    if n_drawn > n_units * largest + _ROUNDING:
        n_most = int(n_units * largest + _ROUNDING)
        raise InputError(
            f"of the {n_units} units that are left a round of {n_drawn} would take so many that some stand for less "
            f"than themselves; expected {n_most} or fewer.",
            argument="size",
        )
    if not (np.isfinite(spreads).all() and (spreads >= 0).all()):
        raise InputError("spreads: expected numbers that are 0 or more; there are others.")
    counts = np.bincount(groups)
    uniform = 1.0 / ((counts > 0).sum() * counts[groups])
    s = spreads / sizes[groups]
    shares = (1 - floor) * s / s.sum() + floor * uniform if s.sum() > 0 else uniform
    return _limit(shares * n_drawn, largest)


def _limit(chances: Floats, largest: float) -> Floats:
    """Hold chances at the largest, and give the rest to the others in proportion; the sum stays."""
    total = chances.sum()
    is_held = np.zeros(len(chances), dtype=bool)
    limited = chances
    while True:
        is_over = (limited > largest) & ~is_held
        if not is_over.any():
            return np.asarray(np.where(is_held, largest, limited))
        is_held |= is_over
        rest = chances[~is_held].sum()
        if rest <= 0:
            return np.full(len(chances), largest)
        limited = chances * (total - largest * is_held.sum()) / rest


def draw_systematic(chances: Floats, groups: Places, generator: np.random.Generator) -> Places:
    """Draw a fixed number of units, each with exactly its chance.

    Parameters
    ----------
    chances : ndarray of float
        Shape (M,), above 0 and at most 1, with a whole number as their sum.
    groups : ndarray of int
        Group of each unit; the number of each group is its sum of chances, rounded up or down.
    generator : Generator
        Source of the draw.

    Returns
    -------
    ndarray of int
        Places of the drawn units, in random order.

    Notes
    -----
    Units stand in a row, group after group, within a group in random order, each as long as its chance. A random start
    below 1 and steps of 1 hit the units that are drawn (Madow 1949; in random order Hartley & Rao 1962). The order
    depends on nothing but the generator and the groups, so that the chances are exact given all that went before.

    Examples
    --------
    >>> sorted(draw_systematic(np.array([1.0, 1.0]), np.array([0, 0]), np.random.default_rng(1)).tolist())
    [0, 1]
    """
    n_drawn = round(float(chances.sum()))
    order = generator.permutation(len(chances))
    order = order[np.argsort(groups[order], kind="stable")]
    ends = np.cumsum(chances[order])
    ends *= n_drawn / ends[-1]  # sums of floats miss the whole number by their rounding
    while True:
        hits = np.searchsorted(ends, generator.random() + np.arange(n_drawn), side="right")
        drawn = order[np.minimum(hits, len(order) - 1)]
        if len(np.unique(drawn)) == n_drawn:  # but for rounding it always is
            return np.asarray(generator.permutation(drawn), dtype=np.int64)


def share_rounds(n_drawn: Sequence[int]) -> Floats:
    """How much each round counts.

    Parameters
    ----------
    n_drawn : sequence of int
        Units drawn in each of T rounds.

    Returns
    -------
    ndarray of float
        `c_t`, shape (T,), in proportion to `n_t sqrt(t)`, with a sum of 1.

    Notes
    -----
    Any c that no label decides will do. A label of a later round tells more, since its chances come from a classifier
    that has learned more, and since it is drawn from fewer units; the root weighs this at a small loss where it is not
    so (6 % of the variance for four rounds of one size).

    Examples
    --------
    >>> share_rounds([20, 10, 10]).round(3)
    array([0.389, 0.275, 0.337])
    """
    sizes = np.asarray(n_drawn, dtype=float)
    c = sizes * np.sqrt(np.arange(1, len(sizes) + 1))
    return np.asarray(c / c.sum())


def weigh_rounds(chances: Floats, rounds: Places, n_drawn: Sequence[int]) -> Floats:
    """What each drawn unit stands for, from the chance that it had in the round in which it was drawn.

    Parameters
    ----------
    chances : ndarray of float
        Chance of each of n drawn units in its round, given all rounds before: shape (n,), above 0, at most 1.
    rounds : ndarray of int
        Its round, 0 to T - 1, shape (n,).
    n_drawn : sequence of int
        Units drawn in each of the T rounds.

    Returns
    -------
    ndarray of float
        Shape (n,): `w_i = c_t / pi_i + c_{t+1} + … + c_T`, with `c_t` as from `share_rounds`. At
        least 1 where no chance of round t is larger than `c_t / (c_1 + … + c_t)`.

    Raises
    ------
    InputError
        For a round that is none of these, or a chance out of range.

    Notes
    -----
    Round t draws from the units R_t that no earlier round has drawn. Given the past,
    `T_t = sum_{drawn before} y + sum_{drawn in t} y / pi` is right on average for the total of y, whatever the past
    was, since all that depends on it, R_t and pi, is known before the draw (Raj 1956 for single units). So is
    `sum_t c_t T_t = sum_i w_i y_i`. The deviations `T_t - T` are martingale differences: rounds are uncorrelated,
    though each learns from those before. If in addition units of a round are drawn independently of each other, so are
    the terms of different units, and

        Var(sum_i w_i y_i) = E sum_i (w_i**2 - w_i) y_i**2,

    the variance formula of a single draw with chances `1 / w_i`. Units drawn a fixed number at a time vary no more,
    nearly. So `1 / w_i` is what gold files call `inclusion_probability`, and all estimates that take one hold for
    rounds as well. The c depend on nothing but the sizes of rounds; a size that was chosen by looking at widths of
    intervals is allowed (asymptotically, Chow & Robbins 1965), one chosen by looking at shares is not.

    Examples
    --------
    >>> weigh_rounds(np.array([0.1, 0.25]), np.array([0, 1]), [50, 50]).round(3)
    array([4.728, 2.343])
    """
    if not np.isin(rounds, np.arange(len(n_drawn))).all():
        raise InputError(f"rounds: expected 0 to {len(n_drawn) - 1}, got {sorted(set(rounds.tolist()))}.")
    if not ((chances > 0) & (chances <= 1)).all():
        raise InputError("chances: expected numbers above 0 and at most 1; there are others.")
    c = share_rounds(n_drawn)
    later = np.append(np.cumsum(c[::-1])[::-1][1:], 0.0)
    return np.asarray(c[rounds] / chances + later[rounds])
