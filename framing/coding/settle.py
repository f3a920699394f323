"""Settle the labels of each passage from the codings, and make the gold file of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.codebook.cells import NOT_CODED
from framing.codebook.residual import clear_residual
from framing.coding.coded import Coded
from framing.coding.labels import format_cells
from framing.coding.rounds import CHANCE_IN_ROUND, ROUND, weigh_coded_rounds
from framing.errors import InputError

__all__ = ["Settled", "Ties", "coder_column", "make_gold_table", "settle_labels", "unsettled_table"]

Ties = Literal["ask", "exclude", "either", "first"]

_TIE = "tie"


@dataclass(frozen=True)
class Settled:
    """One set of labels a passage.

    Attributes
    ----------
    labels : ndarray of bool
        Shape (n, K); no frame where a passage is not settled.
    how : ndarray of str
        Shape (n,): `adjudicated`, `agreed`, `majority`, `one coder`, `either`, `first`; where not settled `tie` or
        `not coded`.
    """

    labels: NDArray[np.bool_]
    how: NDArray[np.object_]

    @property
    def done(self) -> NDArray[np.bool_]:
        """Passages that are settled, shape (n,)."""
        return ~np.isin(self.how.astype(str), (_TIE, NOT_CODED))


def settle_labels(coded: Coded, *, ties: Ties = "ask") -> Settled:
    """Labels of each passage: the adjudicated ones, else those that more than half of its coders give.

    Parameters
    ----------
    coded : Coded
        Codings of the drawn passages.
    ties : {"ask", "exclude", "either", "first"}, default "ask"
        What becomes of a passage on which coders are split: `ask` and `exclude` leave it unsettled; `first` takes the
        coder named first in the design; `either` counts a tied frame as present, and needs a codebook with several
        labels a passage; a tied residual frame counts only where no other frame does.

    Returns
    -------
    Settled
        Labels of the n passages. With several labels a passage each frame is put to the vote, and one tied frame leaves
        the passage unsettled.

    Raises
    ------
    InputError
        For `ties` that are none of these, or that the codebook does not allow.
    """
    if ties not in get_args(Ties):
        raise InputError(f"expected one of {', '.join(get_args(Ties))}, got {ties!r}.", argument="ties")
    if ties == "either" and not coded.codebook.multi_label:
        raise InputError(
            f"{coded.codebook.codebook} has exactly one frame a passage, so both cannot count; "
            "take ask, exclude or first.",
            argument="ties",
        )
    codings = coded.codings
    n_coders = (~np.isnan(codings[:, :, 0])).sum(axis=0)
    votes = np.nansum(codings, axis=0)
    labels = votes * 2 > n_coders[:, None]
    tied = votes * 2 == n_coders[:, None]  # with several labels: as many for as against
    if not coded.codebook.multi_label:
        tied = np.repeat(~labels.any(axis=1)[:, None], labels.shape[1], axis=1)
    tied[n_coders == 0] = False
    how = np.full(len(n_coders), "majority", dtype=object)
    how[((votes == 0) | (votes == n_coders[:, None])).all(axis=1)] = "agreed"
    how[n_coders == 1] = "one coder"
    how[tied.any(axis=1)] = _TIE if ties in ("ask", "exclude") else ties
    if ties == "either":
        labels = clear_residual(labels | tied, coded.codebook.residual)
    elif ties == "first":
        first_coder = np.argmax(~np.isnan(codings[:, :, 0]), axis=0)
        labels = np.where(tied, codings[first_coder, np.arange(len(n_coders))] == 1, labels)
    how[n_coders == 0] = NOT_CODED
    by_hand = ~np.isnan(coded.adjudicated[:, 0])
    labels[by_hand] = coded.adjudicated[by_hand] == 1
    how[by_hand] = "adjudicated"
    labels[~Settled(labels, how).done] = False
    return Settled(labels, how)


def make_gold_table(coded: Coded, settled: Settled) -> pd.DataFrame:
    """The gold file: settled passages only, in the columns that `framing.coding.gold` reads.

    Parameters
    ----------
    coded : Coded
        Codings of the drawn passages.
    settled : Settled
        Their labels, as from `settle_labels`.

    Returns
    -------
    DataFrame
        The passages' own columns, `frames`, a column for each coder, `inclusion_probability`, `stratum` and `unit`. A
        cell holds frame ids separated by `;`, `none` for no frame, or, of a coder, `not coded`. A draw of several
        rounds has `round` and `chance_in_round`, too; `inclusion_probability` is then one over what a passage stands
        for in all rounds together (`framing.coding.chances.weigh_rounds`).
    """
    passages = coded.design.passages
    table = passages[["passage_id", "document_id", "outlet", "published", "text"]].copy()
    table["frames"] = format_cells(settled.labels.astype(float), coded.codebook)
    _add_coders(table, coded)
    _, probabilities = weigh_coded_rounds(coded.design, settled.done)
    table["inclusion_probability"] = [repr(float(chance)) for chance in probabilities]
    table["stratum"], table["unit"] = passages["stratum"], coded.design.facts.unit
    if coded.design.facts.round > 1:
        table[ROUND] = passages[ROUND]
        table[CHANCE_IN_ROUND] = [repr(float(chance)) for chance in passages[CHANCE_IN_ROUND]]
    return table[settled.done].reset_index(drop=True)


def unsettled_table(coded: Coded, settled: Settled) -> pd.DataFrame:
    """A sheet for adjudication: the passages that are not settled.

    Parameters
    ----------
    coded : Coded
        Codings of the drawn passages.
    settled : Settled
        Their labels, as from `settle_labels`.

    Returns
    -------
    DataFrame
        `passage_id, text`, a column for each coder and, where coders marked words, one for those of each
        (`marked_anna`: `war: Tanks | crossed`), `reason` and, to be filled, `frames` and `notes`.
    """
    table = coded.design.passages[["passage_id", "text"]].copy()
    _add_coders(table, coded)
    _add_marked(table, coded)
    table["reason"], table["frames"], table["notes"] = settled.how, "", ""
    return table[~settled.done].reset_index(drop=True)


def coder_column(coder: str) -> str:
    """Column of a coder in the gold file, as `framing.coding.gold` looks for it.

    Parameters
    ----------
    coder : str
        Name of the coder.

    Returns
    -------
    str
        The name with `coder_` before it, if it does not begin so.

    Examples
    --------
    >>> coder_column("anna"), coder_column("coder_1")
    ('coder_anna', 'coder_1')
    """
    return coder if coder.startswith("coder_") else f"coder_{coder}"


def _add_coders(table: pd.DataFrame, coded: Coded) -> None:
    """Add a column for each coder to a table of the drawn passages."""
    for coder, codings in zip(coded.coders, coded.codings, strict=True):
        table[coder_column(coder)] = format_cells(codings, coded.codebook)


def _add_marked(table: pd.DataFrame, coded: Coded) -> None:
    """Add the words that each coder marked, as evidence for who settles the labels."""
    if coded.spans.empty:
        return
    for coder in coded.coders:
        cells = {}
        for passage_id, spans in coded.spans[coded.spans["coder"] == coder].groupby("passage_id", sort=False):
            words = [f"{frame}: {' | '.join(part['text'])}" for frame, part in spans.groupby("frame", sort=False)]
            cells[passage_id] = "; ".join(words)
        table[f"marked_{coder}"] = [cells.get(passage_id, "") for passage_id in table["passage_id"]]
