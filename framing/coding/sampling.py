"""Draw passages for human coding, each with a chance that is known."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.coding.strata import Allocation, Unit, find_strata, units_of
from framing.defaults import RANDOM_SEED

__all__ = ["Plan", "Sample", "draw_sample", "plan_sample"]

_ORDER = 2**31  # tag of the generator of the coding order, beyond every number of a stratum


@dataclass(frozen=True)
class Plan:
    """What is drawn from: `units` sorted by id, `code` the stratum of each, shape (n,); `strata` with numbers."""

    units: pd.DataFrame
    code: NDArray[np.int64]
    strata: pd.DataFrame
    unit: Unit
    allocation: Allocation

    @cached_property
    def _rows(self) -> list[NDArray[np.int64]]:
        return [np.flatnonzero(self.code == number) for number in range(len(self.strata))]

    def draw(self, random_seed: int) -> NDArray[np.int64]:
        """Rows of `units` drawn without replacement, each set of a stratum as likely as any other, in random order."""
        drawn = []
        for number, (rows, n) in enumerate(zip(self._rows, self.strata["n_drawn"], strict=True)):
            drawn.append(np.random.default_rng([random_seed, number]).choice(rows, size=int(n), replace=False))
        return np.random.default_rng([random_seed, _ORDER]).permutation(np.concatenate(drawn))


@dataclass(frozen=True)
class Sample:
    """Passages drawn for coding.

    Attributes
    ----------
    passages : those drawn, all columns of the table drawn from, then `inclusion_probability` and `stratum`; units in
        random order, the passages of a drawn document in reading order.
    strata : one row a stratum, columns `framing.tables.STRATA`.
    n_passages, n_documents : how many there were to draw from.
    """

    passages: pd.DataFrame
    strata: pd.DataFrame
    unit: Unit
    allocation: Allocation
    random_seed: int
    n_passages: int
    n_documents: int

    @property
    def unit_column(self) -> str:
        """Column that holds the id of what was drawn."""
        return f"{self.unit}_id"


def plan_sample(
    passages: pd.DataFrame,
    *,
    size: int,
    scores: NDArray[np.float64] | None = None,
    unit: Unit = "passage",
    allocation: Allocation = "equal",
    n_bands: int = 3,
) -> Plan:
    """Strata and how many to draw of each; options as of `draw_sample`."""
    units = units_of(passages, unit=unit, scores=scores)
    whole = unit == "document"
    strata, code = find_strata(
        units, size=size, allocation=allocation, n_bands=1 if whole else n_bands, by_period=not whole
    )
    return Plan(units, code, strata, unit, allocation)


def draw_sample(
    passages: pd.DataFrame,
    *,
    size: int,
    scores: NDArray[np.float64] | None = None,
    unit: Unit = "passage",
    allocation: Allocation = "equal",
    n_bands: int = 3,
    random_seed: int = RANDOM_SEED,
) -> Sample:
    """Passages drawn for human coding by stratified sampling without replacement.

    Parameters
    ----------
    passages : DataFrame
        Passages with passage_id, document_id, outlet, published and text, as from `split_passages`; in any order.
    size : int
        How many units to draw.
    scores : ndarray of shape (n, K), optional
        Scores of a classifier, 0 to 1; the column of one frame if that frame is of interest. They make the sample
        efficient and need not be right. None: strata by outlet and week only.
    unit : {"passage", "document"}, default "passage"
        `passage`: strata are outlet, span of weeks and band of scores. `document`: whole documents, stratified by
        outlet; all passages of a drawn one are coded.
    allocation : {"equal", "neyman", "proportional"}, default "equal"
        `equal` number for each outlet, within it Neyman; `neyman` throughout; or `proportional`.
    n_bands : int, default 3
        Bands of scores within outlet and span of weeks.
    random_seed : int, default 20250704
        Start of the random draws.

    Returns
    -------
    Sample
        Its `inclusion_probability` is the exact chance of each passage, number drawn over number there in its stratum.

    Raises
    ------
    InputError
        For missing columns, ids that occur twice, a size out of range, scores of another shape.

    Notes
    -----
    The mean of labels weighted by one over the chance is right on average whatever the scores are worth (Horvitz &
    Thompson 1952, JASA 47). Allocation: Neyman (1934, J. Royal Statistical Society 97), from the spread that the scores
    let expect. The draw depends on ids, dates, outlets, scores and `random_seed`, not on the order of rows.
    """
    plan = plan_sample(passages, size=size, scores=scores, unit=unit, allocation=allocation, n_bands=n_bands)
    drawn = plan.draw(random_seed)
    strata = plan.strata.iloc[plan.code[drawn]]
    chosen = pd.DataFrame(
        {
            f"{unit}_id": plan.units["unit_id"].to_numpy(object)[drawn],
            "_order": np.arange(len(drawn)),
            "inclusion_probability": strata["inclusion_probability"].to_numpy(float),
            "stratum": strata["stratum"].to_numpy(object),
        }
    )
    # chances and strata that the passages brought along are of an earlier draw
    own = passages.drop(columns=["inclusion_probability", "stratum"], errors="ignore")
    own = own.assign(**{f"{unit}_id": own[f"{unit}_id"].astype(str)})
    found = own.merge(chosen, on=f"{unit}_id", how="inner", validate="many_to_one")
    reading = [name for name in ("position",) if name in found.columns]
    found = found.sort_values(["_order", *reading, "passage_id"], ignore_index=True).drop(columns="_order")
    return Sample(
        passages=found,
        strata=plan.strata,
        unit=unit,
        allocation=allocation,
        random_seed=random_seed,
        n_passages=len(passages),
        n_documents=int(passages["document_id"].nunique()),
    )
