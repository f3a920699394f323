"""Samples of passages for human coding, each passage with a known chance to be drawn."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.coding.allocation import Allocation
from framing.coding.strata import find_strata
from framing.coding.units import Unit, list_units
from framing.defaults import RANDOM_SEED

__all__ = ["Plan", "Sample", "draw_sample", "plan_sample", "take_units"]

_CODING_ORDER = 2**31  # tag of the generator of the coding order, beyond every number of a stratum


@dataclass(frozen=True)
class Plan:
    """Strata of a corpus, and how many of each are drawn.

    Attributes
    ----------
    units : DataFrame
        Units to draw from, n rows sorted by id, as from `list_units`.
    code : ndarray of int
        Row of each unit's stratum in `strata`, shape (n,).
    strata : DataFrame
        One row a stratum, columns `framing.tables.STRATA`.
    unit : {"passage", "document"}
        What is drawn.
    allocation : {"equal", "neyman", "proportional"}
        How the number is shared out among strata.
    """

    units: pd.DataFrame
    code: NDArray[np.int64]
    strata: pd.DataFrame
    unit: Unit
    allocation: Allocation

    @cached_property
    def _rows_by_stratum(self) -> list[NDArray[np.int64]]:
        return [np.flatnonzero(self.code == number) for number in range(len(self.strata))]

    def draw(self, random_seed: int) -> NDArray[np.int64]:
        """Draw without replacement, each set of a stratum as likely as any other.

        Parameters
        ----------
        random_seed : int
            Start of the draws.

        Returns
        -------
        ndarray of int
            Rows of `units`, in random order.
        """
        rows = [
            np.random.default_rng([random_seed, number]).choice(of_stratum, size=int(n_drawn), replace=False)
            for number, (of_stratum, n_drawn) in enumerate(
                zip(self._rows_by_stratum, self.strata["n_drawn"], strict=True)
            )
        ]
        return np.random.default_rng([random_seed, _CODING_ORDER]).permutation(np.concatenate(rows))


@dataclass(frozen=True)
class Sample:
    """Passages drawn for coding.

    Attributes
    ----------
    passages : DataFrame
        Those drawn, all columns of the table drawn from, then `inclusion_probability` and `stratum`; units in
        random order, the passages of a drawn document in reading order.
    strata : DataFrame
        One row a stratum, columns `framing.tables.STRATA`.
    unit : {"passage", "document"}
        What was drawn.
    allocation : {"equal", "neyman", "proportional", "active"}
        How the number was shared out among strata; `active`: chances grow with what a label teaches.
    random_seed : int
        Start of the draws.
    n_passages, n_documents : int
        How many there were to draw from.
    """

    passages: pd.DataFrame
    strata: pd.DataFrame
    unit: Unit
    allocation: Allocation | Literal["active"]
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
    """Strata and how many to draw of each.

    Parameters
    ----------
    passages : DataFrame
        Passages, as for `draw_sample`.
    size : int
        How many units to draw.
    scores : ndarray of shape (n, K), optional
        Scores of a classifier, 0 to 1.
    unit : {"passage", "document"}, default "passage"
        What is drawn.
    allocation : {"equal", "neyman", "proportional"}, default "equal"
        How the number is shared out among strata.
    n_bands : int, default 3
        Bands of scores within outlet and span of weeks.

    Returns
    -------
    Plan
        From which samples can be drawn.

    Raises
    ------
    InputError
        As `draw_sample` does.
    """
    units = list_units(passages, unit=unit, scores=scores)
    by_document = unit == "document"
    strata, code = find_strata(
        units,
        size=size,
        allocation=allocation,
        n_bands=1 if by_document else n_bands,
        by_period=not by_document,
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
    rows = plan.draw(random_seed)
    strata = plan.strata.iloc[plan.code[rows]]
    sampled = take_units(
        passages,
        unit,
        plan.units["unit_id"].to_numpy(object)[rows],
        chances=strata["inclusion_probability"].to_numpy(float),
        strata=strata["stratum"].to_numpy(object),
    )
    return Sample(
        passages=sampled,
        strata=plan.strata,
        unit=unit,
        allocation=allocation,
        random_seed=random_seed,
        n_passages=len(passages),
        n_documents=int(passages["document_id"].nunique()),
    )


def take_units(
    passages: pd.DataFrame,
    unit: Unit,
    ids: NDArray[np.object_],
    *,
    chances: NDArray[np.float64],
    strata: NDArray[np.object_],
) -> pd.DataFrame:
    """Passages of drawn units, with their chances and strata.

    Parameters
    ----------
    passages : DataFrame
        All passages that were drawn from.
    unit : {"passage", "document"}
        What was drawn.
    ids : ndarray of str
        Ids of the n drawn units.
    chances : ndarray of float
        Chance of each, shape (n,).
    strata : ndarray of str
        Stratum of each, shape (n,).

    Returns
    -------
    DataFrame
        All columns of `passages`, then `inclusion_probability` and `stratum`; units in the order of `ids`, the passages
        of a document in reading order.
    """
    id_column = f"{unit}_id"
    units = pd.DataFrame(
        {id_column: ids, "_order": np.arange(len(ids)), "inclusion_probability": chances, "stratum": strata}
    )
    # chances and strata that the passages bring along are of an earlier draw
    bare = passages.drop(columns=["inclusion_probability", "stratum"], errors="ignore")
    bare = bare.assign(**{id_column: bare[id_column].astype(str)})
    sampled = bare.merge(units, on=id_column, validate="many_to_one")
    reading_order = [name for name in ("position",) if name in sampled.columns]
    sampled = sampled.sort_values(["_order", *reading_order, "passage_id"], ignore_index=True)
    return sampled.drop(columns="_order")
