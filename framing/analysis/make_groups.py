"""Makes groups of the passages that no frame of a codebook explains, and their tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.analysis.group_tables import describe_groups, estimate_groups
from framing.analysis.score_texts import score_texts
from framing.classify.classifier import FrameClassifier
from framing.classify.fitted import fit_on_codebook
from framing.codebook import Codebook
from framing.discovery.examples import choose_examples
from framing.discovery.grouping import LEAST_TEXTS, Grouping, group_vectors, measure_stability
from framing.discovery.unexplained import find_unexplained, open_every_frame
from framing.encoders.encoder import Encoder
from framing.encoders.neutral import remove_language_shift
from framing.errors import InputError
from framing.executors.executor import open_executor
from framing.steps import Say
from framing.stories.duplicates import mark_duplicates
from framing.tables import ESTIMATE

__all__ = ["N_SHOWN", "REPEATED", "GroupMaker"]

N_SHOWN = 10  # groups whose shares are estimated, and that a page shows
REPEATED = 0.8  # share of shared runs of three words from which a passage repeats another
_PASSAGES = [
    "passage_id", "document_id", "outlet", "published", "language", "text", "status", "group", "nearest", "similarity",
    "duplicate_of",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class _Options:
    every: bool
    n_groups: int
    random_seed: int
    say: Say | None


class GroupMaker:
    """Makes the tables of a discovery.

    Parameters
    ----------
    codebook : Codebook
        Of which frames explain passages.
    encoder : Encoder
        Of texts.
    **options : bool, int or callable
        `every, n_groups, random_seed, say`, as in `framing.analysis.discovered.open_discovery`.
    """

    def __init__(self, codebook: Codebook, encoder: Encoder, **options: Any) -> None:
        self.codebook, self.encoder, self.options = open_every_frame(codebook), encoder, _Options(**options)

    def make(self, passages: pd.DataFrame) -> tuple[dict[str, pd.DataFrame], str]:
        """Make the tables.

        Parameters
        ----------
        passages : DataFrame
            All passages of the corpus.

        Returns
        -------
        tables : dict of str to DataFrame
            `groups, passages, shares, trends, examples`, as the attributes of `Discovery`.
        period : str
            Length of the periods of `trends`.

        Raises
        ------
        InputError
            If no passage is unexplained, or so many groups cannot be made.
        """
        seed = self.options.random_seed
        order = np.argsort(passages["passage_id"].to_numpy(str), kind="stable")  # groups do not hang on that of rows
        table = passages.iloc[order].reset_index(drop=True)
        status = self._find_status(table)
        rows = np.flatnonzero(status == "ungrouped")
        if not self.options.every and len(rows) == 0:
            raise InputError(
                "Every passage has a frame of the codebook or is undecided: there is nothing left to group. Group all "
                "passages instead (--all)."
            )
        table = table.assign(duplicate_of=_find_originals(table))
        status[(table["duplicate_of"] != "").to_numpy()] = "repeated"
        rows = np.flatnonzero(status == "ungrouped")
        if len(rows) < LEAST_TEXTS:
            return self._leave_ungrouped(table.assign(status=status).iloc[np.argsort(order)].reset_index(drop=True))
        vectors = remove_language_shift(self.encoder).encode(table["text"].iloc[rows].to_list(), progress="encoding")
        grouping = group_vectors(vectors, n_groups=self.options.n_groups, random_seed=seed)
        status[rows[grouping.core >= 0]] = "grouped"
        ids = [f"g{number}" for number in range(1, len(grouping.centres) + 1)]
        table = _add_groups(table, rows, grouping, ids).assign(status=status)
        documents = table["document_id"].to_numpy(object)[rows]
        stability = measure_stability(vectors, grouping, documents, random_seed=seed)
        groups = describe_groups(table, ids, stability)
        shares, trends, period = estimate_groups(table, ids[:N_SHOWN], random_seed=seed)
        examples = self._choose_examples(table, rows, vectors, grouping, ids)
        return {
            "groups": groups,
            "passages": table[_PASSAGES].iloc[np.argsort(order)].reset_index(drop=True),
            "shares": shares,
            "trends": trends,
            "examples": examples,
        }, period

    def _leave_ungrouped(self, passages: pd.DataFrame) -> tuple[dict[str, pd.DataFrame], str]:
        """The tables where too few passages are left for groups."""
        table = passages.assign(group="", nearest="", similarity=np.nan)
        nothing = pd.DataFrame({"stability": [], "stability_low": [], "stability_high": [], "verdict": []})
        return {
            "groups": describe_groups(table, [], nothing),
            "passages": table[_PASSAGES],
            "shares": pd.DataFrame(columns=["outlet", "frame", *ESTIMATE]),
            "trends": pd.DataFrame(columns=["period", "frame", *ESTIMATE]),
            "examples": pd.DataFrame(columns=["group", "passage_id", "role", "place"]),
        }, "week"

    def _choose_examples(
        self,
        table: pd.DataFrame,
        rows: NDArray[np.intp],
        vectors: NDArray[np.floating],
        grouping: Grouping,
        ids: list[str],
    ) -> pd.DataFrame:
        """Seeds and counter-seeds of the groups by the ids of passages; equal explained texts are one."""
        explained = table.index[(table["status"] == "explained") & ~table["text"].duplicated()].to_numpy(np.intp)
        texts = table["text"].iloc[explained].to_list()
        near = remove_language_shift(self.encoder).encode(texts, progress="encoding") if texts else None
        examples = choose_examples(vectors, grouping, near)
        places = examples["row"].to_numpy(np.int64)
        seeds = (examples["role"] == "seed").to_numpy()
        passage_rows = np.empty(len(places), dtype=np.intp)
        passage_rows[seeds], passage_rows[~seeds] = rows[places[seeds]], explained[places[~seeds]]
        return pd.DataFrame(
            {
                "group": [ids[number] for number in examples["group"]],
                "passage_id": table["passage_id"].to_numpy(object)[passage_rows],
                "role": examples["role"],
                "place": examples["place"],
            }
        )

    def _find_status(self, passages: pd.DataFrame) -> NDArray[np.object_]:
        """`explained`, `undecided`, or `ungrouped`: what is to be grouped."""
        if self.options.every:
            return np.full(len(passages), "ungrouped", dtype=object)
        classifier = fit_on_codebook(FrameClassifier(self.codebook, self.encoder, strength="zero-shot"))
        executor = open_executor(say=self.options.say)
        scores, _ = score_texts(classifier, passages["text"].to_list(), executor, title="classifying")
        decisions = classifier.decide_scores(scores)
        explaining = [name != self._residual for name in self.codebook.frame_ids]
        is_explained = (decisions[:, explaining] == "present").any(axis=1)
        unexplained = find_unexplained(decisions, self.codebook)
        return np.select([is_explained, unexplained], ["explained", "ungrouped"], "undecided").astype(object)

    @property
    def _residual(self) -> str:
        place = self.codebook.residual
        return "" if place is None else self.codebook.frame_ids[place]


def _find_originals(passages: pd.DataFrame) -> NDArray[np.object_]:
    """Id of the passage that each repeats, nearly or, where it has no words, to the letter; empty for the others.

    Rows of signs are no reprints to `mark_duplicates`; here each would count as one more text of a group.
    """
    originals = mark_duplicates(passages, threshold=REPEATED)["duplicate_of"].to_numpy(object).copy()
    texts = passages["text"].str.strip()
    first = passages["passage_id"].groupby(texts, sort=False).transform("first").to_numpy(object)
    alike = (originals == "") & texts.duplicated().to_numpy()
    alike &= ~np.isin(first, passages["passage_id"].to_numpy(object)[originals != ""])
    originals[alike] = first[alike]
    return originals


def _add_groups(table: pd.DataFrame, rows: NDArray[np.intp], grouping: Grouping, ids: list[str]) -> pd.DataFrame:
    """Columns `group, nearest, similarity` of the passages; empty for those that were not grouped, or lie alone."""
    names = np.array([*ids, ""], dtype=object)  # -1 takes the last
    small = np.array([*(f"s{number}" for number in range(1, int(grouping.small.max()) + 2)), ""], dtype=object)
    group, nearest = np.full(len(table), "", dtype=object), np.full(len(table), "", dtype=object)
    similarity = np.full(len(table), np.nan)
    group[rows] = names[grouping.core]
    nearest[rows] = np.where(grouping.nearest >= 0, names[grouping.nearest], small[grouping.small])
    similarity[rows] = np.where(nearest[rows] == "", np.nan, grouping.similarity)
    return table.assign(group=group, nearest=nearest, similarity=similarity)
