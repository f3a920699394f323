"""Corpora and labels as they might come, simulated from the scores of a corpus: what plans of labels are tried on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, logit
from scipy.stats import norm

from framing.coding.sampling import plan_sample
from framing.coding.units import Unit
from framing.estimates.clusters import CLUSTER, find_unit

__all__ = ["Population", "SimulatedDraw"]

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

_FEWEST = 600  # passages of a group in a simulated corpus, where it has as many
_PER_LABEL = 6  # passages for each label, likewise: choosing documents then adds little to what few labels leave open
_CLIP = 1e-6  # chances are kept so far from 0 and 1
_HALVINGS = 40


class SimulatedDraw(NamedTuple):
    """A simulated corpus with labels: the classified table, and how many passages of each group are labelled."""

    table: pd.DataFrame
    n_labels: Places


@dataclass(frozen=True)
class Population:
    """A corpus whose scores are taken as the chances that passages carry frames.

    Attributes
    ----------
    passages : DataFrame
        n rows: `passage_id, document_id, outlet, published`, the column `by`, and `cluster` where it is known.
    chances : ndarray, shape (n, K)
        Chance of each frame.
    frames : list of str
        Ids, length K.
    by : str
        Column of the G groups.
    has_scores : bool
        Whether chances are scores, which correct shares and make strata.
    likeness : float
        Correlation of passages of a document beyond what their chances say, 0 to 1.
    n_bands : int
        Bands of scores, as of `draw_sample`.
    """

    passages: pd.DataFrame
    chances: Floats
    frames: list[str]
    by: str
    has_scores: bool
    likeness: float
    n_bands: int

    @cached_property
    def groups(self) -> list[str]:
        """Names of the groups, sorted."""
        return sorted(str(name) for name in self.passages[self.by].dropna().unique())

    @cached_property
    def group_of(self) -> Places:
        """Place of each passage's group, shape (n,); -1 where it has none."""
        return pd.Index(self.groups).get_indexer(pd.Index(self.passages[self.by].astype(str)))

    @cached_property
    def sizes(self) -> Places:
        """Passages of each group, shape (G,)."""
        return np.bincount(self.group_of[self.group_of >= 0], minlength=len(self.groups))

    @cached_property
    def shares(self) -> Floats:
        """Mean chance of each group and frame, shape (G, K)."""
        return np.array([self.chances[self.group_of == group].mean(axis=0) for group in range(len(self.groups))])

    @cached_property
    def _units(self) -> list[list[Places]]:
        """Rows of each independent unit, by group."""
        unit = self.passages[find_unit(self.passages)].astype(str)
        parts = []
        for group in range(len(self.groups)):
            rows = np.flatnonzero(self.group_of == group)
            parts.append([rows[places] for places in unit.iloc[rows].groupby(unit.iloc[rows]).indices.values()])
        return parts

    def shift(self, targets: dict[tuple[int, int], float]) -> Population:
        """Move the chances of some groups on the scale of log-odds, so that their means are what is wanted.

        Parameters
        ----------
        targets : dict of (int, int) to float
            Share wanted, by place of the group and of the frame.

        Returns
        -------
        Population
            The same passages with other chances.
        """
        chances = self.chances.copy()
        for (group, frame), share in targets.items():
            rows = self.group_of == group
            odds = logit(np.clip(chances[rows, frame], _CLIP, 1 - _CLIP))
            low, high = -30.0, 30.0
            for _ in range(_HALVINGS):
                middle = (low + high) / 2
                low, high = (middle, high) if expit(odds + middle).mean() < share else (low, middle)
            chances[rows, frame] = expit(odds + low)
        return Population(self.passages, chances, self.frames, self.by, self.has_scores, self.likeness, self.n_bands)

    def draw(self, n_units: int, *, unit: Unit, generator: np.random.Generator) -> SimulatedDraw:
        """Draw a corpus, its true frames, and a sample of labels.

        Parameters
        ----------
        n_units : int
            Passages or documents to label in each group, all where it has fewer.
        unit : {"passage", "document"}
            What is drawn, as of `draw_sample`.
        generator : Generator
            Source of the draws.

        Returns
        -------
        SimulatedDraw
            Without labels where there are too few units to draw from.

        Notes
        -----
        Independent units (clusters, else documents) of a group are drawn with replacement, as its outlets might have
        published others like them. With chances p, a passage carries a frame where
        `sqrt(r) u + sqrt(1 - r) e < Phi^-1(p)`, u a normal value of its document, e its own and r the likeness: the
        chance is p, and passages of a document are alike.
        """
        rows, documents, clusters = self._resample(n_units, unit, generator)
        chances = self.chances[rows]
        codes, names = pd.factorize(documents)
        of_document = generator.standard_normal((len(names), len(self.frames)))[codes]
        latent = np.sqrt(self.likeness) * of_document
        latent += np.sqrt(1 - self.likeness) * generator.standard_normal(chances.shape)
        labels = latent < norm.ppf(np.clip(chances, _CLIP, 1 - _CLIP))
        source = self.passages.iloc[rows]
        corpus = pd.DataFrame(
            {
                "passage_id": np.arange(len(rows)).astype(str),
                "document_id": documents,
                "outlet": source["outlet"].to_numpy(object),
                "published": source["published"].to_numpy(),
                self.by: source[self.by].to_numpy(object),
            }
        )
        if clusters is not None:
            corpus[CLUSTER] = clusters
        return self._label(corpus, chances, labels, self.group_of[rows], n_units, unit, generator)

    def _resample(
        self, n_units: int, unit: Unit, generator: np.random.Generator
    ) -> tuple[Places, NDArray[Any], NDArray[Any] | None]:
        """Rows of a simulated corpus, and the names of its documents and clusters."""
        parts: list[Places] = []
        copies: list[int] = []
        for group, units in enumerate(self._units):
            per_unit = self.sizes[group] / len(units)
            n_wanted = n_units * (per_unit if unit == "document" else 1)
            size = min(len(units), int(np.ceil(max(_FEWEST, _PER_LABEL * n_wanted) / per_unit)))
            for taken in generator.integers(0, len(units), size):
                parts.append(units[taken])
                copies.append(len(copies))
        rows = np.concatenate(parts)
        copy = np.repeat(copies, [len(part) for part in parts]).astype(str).astype(object)
        documents = copy + "/" + self.passages["document_id"].astype(str).to_numpy(object)[rows]
        return rows, documents, copy if CLUSTER in self.passages.columns else None

    def _label(
        self,
        corpus: pd.DataFrame,
        chances: Floats,
        labels: NDArray[np.bool_],
        group_of: Places,
        n_units: int,
        unit: Unit,
        generator: np.random.Generator,
    ) -> SimulatedDraw:
        """The classified table of a simulated corpus, of which a sample is labelled as `draw_sample` would draw it."""
        ids = corpus[f"{unit}_id"]
        n_there = ids.groupby(group_of).nunique()
        plan = plan_sample(
            corpus,
            size=int(n_there.clip(upper=n_units).sum()),
            scores=chances if self.has_scores else None,
            unit=unit,
            n_bands=self.n_bands,
        )
        drawn = plan.draw(int(generator.integers(2**31)))
        place = pd.Index(plan.units["unit_id"].to_numpy(object)[drawn]).get_indexer(pd.Index(ids))
        strata = plan.strata.iloc[plan.code[drawn]]
        has_label = place >= 0
        weight = np.where(has_label, 1 / strata["inclusion_probability"].to_numpy(float)[place], 0.0)
        k = len(self.frames)
        proxies = chances if self.has_scores else np.zeros_like(chances)
        table = corpus.loc[corpus.index.repeat(k)].reset_index(drop=True)
        table = table.assign(
            perspective=table["perspective"] if self.by == "perspective" else "",
            text="",
            frame=np.tile(np.array(self.frames, dtype=object), len(corpus)),
            score=proxies.ravel(),
            decision=np.where(chances.ravel() >= 0.5, "present", "absent"),
            proxy=proxies.ravel(),
            gold=np.where(np.repeat(has_label, k), labels.ravel(), np.nan),
            gold_proxy=proxies.ravel(),
            gold_weight=np.repeat(weight, k),
            gold_stratum=np.repeat(np.where(has_label, strata["stratum"].to_numpy(object)[place], ""), k),
            gold_cluster=np.repeat(np.where(has_label, ids.to_numpy(object), ""), k),
        )
        return SimulatedDraw(table, np.bincount(group_of[has_label], minlength=len(self.groups)))
