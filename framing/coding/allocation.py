"""How many units each part of a corpus gives, in whole numbers."""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from framing.errors import InputError

__all__ = ["MIN_DRAWN", "Allocation", "apportion", "round_up"]

Allocation = Literal["equal", "proportional", "neyman"]

MIN_DRAWN = 2  # units of a part, from which its variance can be estimated
_ROUNDING = 1e-9  # by which a product of floats may miss a whole number


def apportion(sizes: Sequence[int], weights: Sequence[float], total: int) -> NDArray[np.int64]:
    """How many of a total each part gives: in proportion to its weight, two at least, its size at most.

    Parameters
    ----------
    sizes : sequence of int
        Units of each part.
    weights : sequence of float
        Weight of each part: units times standard deviation.
    total : int
        Units to draw.

    Returns
    -------
    ndarray of int
        Units to draw of each part, which add up to `total`.

    Raises
    ------
    InputError
        Where two of each are more than `total`.

    Notes
    -----
    Rounded so that `sum(weights**2 / n)` is least (Wright 2012): the optimum of Neyman (1934) in whole numbers. The
    next unit goes to the part with the largest `weight / sqrt(n (n + 1))`.

    Examples
    --------
    >>> apportion([100, 100, 3], [10.0, 30.0, 0.1], 42).tolist()
    [10, 30, 2]
    """
    n = np.array([min(MIN_DRAWN, size) for size in sizes], dtype=np.int64)
    if n.sum() > total:
        raise InputError(f"{total} cannot give {MIN_DRAWN} units to each of {len(sizes)} strata; draw {n.sum()}.")
    queue = [(-weights[h] / np.sqrt(n_h * (n_h + 1)), h) for h, n_h in enumerate(n) if n_h < sizes[h]]
    heapq.heapify(queue)
    for _ in range(total - int(n.sum())):
        _, h = heapq.heappop(queue)
        n[h] += 1
        if n[h] < sizes[h]:
            heapq.heappush(queue, (-weights[h] / np.sqrt(n[h] * (n[h] + 1)), h))
    return n


def round_up(number: float) -> int:
    """Least whole number that is not below a number but for rounding of floats.

    Parameters
    ----------
    number : float
        Any number.

    Returns
    -------
    int
        A whole number.

    Examples
    --------
    >>> round_up(40.2), round_up(40.000000000001)
    (41, 40)
    """
    return math.ceil(number - _ROUNDING)
