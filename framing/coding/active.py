"""Rounds of passages drawn with chances that grow with what a label teaches, each conditional on the rounds before."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.coding.chances import FLOOR, draw_systematic, mix_chances, share_rounds
from framing.coding.sampling import Sample, take_units
from framing.coding.teaching import spread_of_units
from framing.coding.units import Unit, list_units
from framing.defaults import RANDOM_SEED
from framing.errors import InputError
from framing.tables import STRATA

__all__ = ["draw_round"]

Floats = NDArray[np.float64]

_ROUND = 2**30  # tag of the generators of rounds, which no stratum has


def draw_round(
    passages: pd.DataFrame,
    *,
    size: int,
    errors: Floats,
    drawn: Sequence[str] = (),
    sizes: Sequence[int] = (),
    unit: Unit = "passage",
    importance: Floats | None = None,
    floor: float = FLOOR,
    random_seed: int = RANDOM_SEED,
) -> Sample:
    """Draw the next round from the units that no earlier round has drawn.

    Parameters
    ----------
    passages : DataFrame
        All N passages of the corpus, in any order, as for `sampling.draw_sample`.
    size : int
        Units to draw.
    errors : ndarray of float
        Expected squared errors, shape (N, K), as from `teaching.learn_errors` (for a first round `expect_errors`).
    drawn : sequence of str
        Ids of the units of all earlier rounds.
    sizes : sequence of int
        How many units each earlier round drew, T - 1 numbers.
    unit : {"passage", "document"}, default "passage"
        What is drawn; of a document all passages are coded.
    importance : ndarray of float, optional
        What the variance of the share of each passage's outlet counts for each frame, shape (N, K); 1 by default.
    floor : float, default 0.5
        Part of the round that is drawn without regard to `errors`.
    random_seed : int, default 20250704
        Start of the draw, which depends on it, the round, and ids, outlets and errors of the passages.

    Returns
    -------
    Sample
        Its `inclusion_probability` is the chance of each passage in this round, given all before; `allocation` is
        `active`; strata are the outlets.

    Raises
    ------
    InputError
        As `units.list_units` and `chances.mix_chances`, and for ids of earlier rounds that are not in the corpus.

    Notes
    -----
    The sum over outlets and frames of the variances of shares is what chances in proportion to the spread of a unit,
    divided by the passages of its outlet, make least; see `chances.mix_chances`. No chance is larger than what this
    round counts among those so far (`chances.share_rounds`), so that no unit stands for less than itself
    (`chances.weigh_rounds`).
    """
    if len(errors) != len(passages):
        raise InputError(f"errors: expected a row for each of {len(passages)} passages, got {len(errors)}.")
    units = list_units(passages, unit=unit)
    place = pd.Index(units["unit_id"])
    before = place.get_indexer(pd.Index(list(drawn), dtype=object))
    if (before < 0).any():
        unknown = list(drawn)[int(np.flatnonzero(before < 0)[0])]
        raise InputError(
            f"the {unit} {unknown!r} of an earlier round is not in the corpus, so the corpus is not the one drawn from."
        )
    unit_of = np.asarray(place.get_indexer(pd.Index(passages[f"{unit}_id"].astype(str))), dtype=np.int64)
    is_left = np.ones(len(units), dtype=bool)
    is_left[before] = False
    if not 1 <= size <= is_left.sum():
        raise InputError(f"expected 1 to {int(is_left.sum())}, as many as are left; got {size}.", argument="size")
    left = np.flatnonzero(is_left)
    outlets, group_of = np.unique(units["outlet"].to_numpy(str), return_inverse=True)
    n_passages = np.bincount(group_of, weights=units["n_passages"].to_numpy(float)).astype(float)
    order = np.argsort(passages["passage_id"].astype(str).to_numpy(str), kind="stable")  # sums depend on their order
    weighed = None if importance is None else importance[order]
    spreads = spread_of_units(errors[order], unit_of[order], weighed)
    largest = float(share_rounds([*sizes, size])[-1])
    chances = mix_chances(spreads[left], group_of[left], sizes=n_passages, n_drawn=size, floor=floor, largest=largest)
    generator = np.random.default_rng([random_seed, _ROUND + len(sizes) + 1])
    hits = draw_systematic(chances, group_of[left], generator)
    return _make_sample(
        passages, units, left, hits, chances, outlets[group_of], unit=unit, number=len(sizes) + 1, seed=random_seed
    )


def _make_sample(
    passages: pd.DataFrame, units: pd.DataFrame, left: NDArray[np.int64], hits: NDArray[np.int64], chances: Floats,
    outlets: NDArray[np.str_], *, unit: Unit, number: int, seed: int,
) -> Sample:  # fmt: skip
    """Drawn passages with their chances, and the outlets as strata."""
    rows = left[hits]
    names = np.array([f"round {number} | {outlet}" for outlet in outlets], dtype=object)
    ids = units["unit_id"].to_numpy(object)[rows]
    sampled = take_units(passages, unit, ids, chances=chances[hits], strata=names[rows])
    of_left = pd.DataFrame(
        {
            "stratum": names[left],
            "outlet": outlets[left],
            "n_units": 1,
            "n_passages": units["n_passages"].to_numpy(np.int64)[left],
            "n_drawn": np.isin(np.arange(len(left)), hits).astype(np.int64),
        }
    )
    strata = of_left.groupby(["stratum", "outlet"], as_index=False, sort=True).sum()
    strata = strata.assign(
        first=pd.Timestamp("NaT"),
        last=pd.Timestamp("NaT"),
        band=1,
        inclusion_probability=strata["n_drawn"] / strata["n_units"],
    )
    return Sample(
        passages=sampled,
        strata=strata[list(STRATA)],
        unit=unit,
        allocation="active",
        random_seed=seed,
        n_passages=len(passages),
        n_documents=int(passages["document_id"].nunique()),
    )
