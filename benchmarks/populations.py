"""Corpora whose shares are known, drawn as arrays: beta-binomial documents in stories, scores of a given accuracy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from framing.estimates.comparison import Comparison
from framing.estimates.corrected_groups import CorrectedGroup, Population, correct_groups
from framing.estimates.correction import Correction
from framing.estimates.evidence import Evidence, collect_corrected, collect_raw
from framing.estimates.labelled_sample import LabelledSample
from framing.estimates.pooling import pool_design_effects
from framing.estimates.totals import Totals

Array = NDArray[np.float64]

N_FRAMES = 14
MIXED = np.array([.02, .03, .04, .05, .06, .08, .08, .10, .10, .12, .15, .18, .20, .25])  # fmt: skip
MIXED_ICC = np.array([.05, .1, .15, .2, .25, .3, .35, .4, .1, .15, .2, .3, .05, .25])  # fmt: skip


@dataclass(frozen=True)
class World:
    """How outlets publish, and how their passages are scored and labelled.

    `shares` (G, K); `icc` of passages in a document: a number, of each frame, or (G, 1) of each outlet; `auc` of
    scores: a number, or (G,); `shift` of the scores of each outlet, in standard deviations; `drawn`: `documents`
    (whole, `n` of them) or `passages` (`n` in all, or of each outlet); `stories` an outlet, alike by `icc_story`.
    """

    shares: Array
    icc: float | Array = 0.2
    auc: float | Array = 0.95
    shift: Array | None = None
    drawn: str = "documents"
    n: int | tuple[int, ...] = 8
    n_documents: int = 100
    n_passages: int = 6
    stories: int = 0
    icc_story: float = 0.0
    weighted: bool = False  # a stratum of three passages in five is labelled with four passages only
    target: str = "process"


def everywhere(share: float | Array, n_groups: int = 6) -> Array:
    return np.tile(np.broadcast_to(share, (N_FRAMES,)), (n_groups, 1)).astype(float)


def one_higher(high: float, *, rest: float = 0.05, n_higher: int = 4) -> Array:
    """Six outlets with the share `rest` of every frame; the first has `high` of the first frames."""
    shares = everywhere(rest)
    shares[0, :n_higher] = high
    return shares


def spread(mean: Array, icc: Array | float, generator: np.random.Generator) -> Array:
    mass = (1 - icc) / icc
    return np.asarray(generator.beta(np.maximum(mean * mass, 1e-9), np.maximum((1 - mean) * mass, 1e-9)))


def draw_passages(world: World, generator: np.random.Generator) -> tuple[Array, Array, NDArray[np.int64]]:
    """Labels and scores (G, D, S, K), and the story of each document (G, D)."""
    n_groups, k = world.shares.shape
    chance = np.broadcast_to(world.shares[:, None], (n_groups, world.n_documents, k))
    story = np.tile(np.arange(world.n_documents), (n_groups, 1))
    if world.stories:
        of_stories = np.broadcast_to(world.shares[:, None], (n_groups, world.stories, k))
        of_stories = np.clip(spread(of_stories, world.icc_story, generator), 1e-9, 1 - 1e-9)
        story = generator.integers(0, world.stories, story.shape)
        chance = np.take_along_axis(of_stories, story[:, :, None], axis=1)
    icc = np.broadcast_to(world.icc, (n_groups, k))[:, None]
    chance = spread(chance, icc, generator)
    shape = (n_groups, world.n_documents, world.n_passages, k)
    labels = (generator.random(shape) < chance[:, :, None]).astype(float)
    distance = (np.sqrt(2) * norm.ppf(np.broadcast_to(world.auc, (n_groups,)))).reshape(-1, 1, 1, 1)
    latent = distance * labels + generator.standard_normal(shape)
    if world.shift is not None:
        latent = latent + world.shift[:, None, None, None]
    prior = world.shares.mean(axis=0)
    scores = 1 / (1 + np.exp(-(np.log(prior / (1 - prior)) + distance * latent - distance**2 / 2)))
    return labels, scores, story


def draw_sample(world: World, group: int, generator: np.random.Generator) -> tuple[NDArray[np.int64], Array, Array]:
    """Places of labelled passages, one over their chances, and their strata."""
    n_all, size = world.n_documents * world.n_passages, world.n_passages
    n = world.n if isinstance(world.n, int) else world.n[group]
    if world.weighted:
        heavy = n_all * 3 // 5
        first, second = generator.choice(heavy, 4, replace=False), generator.choice(n_all - heavy, n - 4, replace=False)
        inverse = np.r_[np.full(4, heavy / 4), np.full(n - 4, (n_all - heavy) / (n - 4))]
        return np.r_[first, heavy + second], inverse, np.r_[np.zeros(4), np.ones(n - 4)]
    if world.drawn == "documents":
        documents = generator.choice(world.n_documents, n, replace=False)
        places = (documents[:, None] * size + np.arange(size)).ravel()
        return places, np.full(len(places), world.n_documents / n), np.zeros(len(places))
    return generator.choice(n_all, n, replace=False), np.full(n, n_all / n), np.zeros(n)


def correct(world: World, generator: np.random.Generator) -> list[CorrectedGroup | None]:
    """Draw a corpus and labels, and correct its shares by the arrays."""
    labels, scores, stories = draw_passages(world, generator)
    n_groups, n_documents, size, k = labels.shape
    samples, populations = [], []
    for group in range(n_groups):
        places, inverse_chances, strata = draw_sample(world, group, generator)
        documents = places // size
        samples.append(
            LabelledSample(
                keys=[(group,)] * len(places),
                documents=documents.astype(object),
                units=stories[group][documents],
                sampled_units=documents if world.drawn == "documents" else places,
                strata=strata.astype(np.int64),
                inverse_chances=inverse_chances,
                passage_weights=np.ones(len(places)),
                labels=labels[group].reshape(-1, k)[places],
                proxies=scores[group].reshape(-1, k)[places],
            )
        )
        names, place = np.unique(stories[group], return_inverse=True)
        n, f = np.zeros((len(names), k)), np.zeros((len(names), k))
        np.add.at(n, place, float(size))
        np.add.at(f, place, scores[group].sum(axis=1))
        populations.append(Population(n, f, names.astype(object), n_documents * size))
    return correct_groups(samples, populations, target="corpus" if world.target == "corpus" else "process")


def collect(estimates: list[CorrectedGroup | None], k: int = N_FRAMES) -> Evidence:
    """The groups as intervals take them; the counts of passages and documents are made up, and enter none."""
    groups = pd.DataFrame({"outlet": [f"outlet {number}" for number in range(len(estimates))]})
    counts = np.full(len(estimates), 200)
    frames = [f"f{number}" for number in range(k)]
    return collect_corrected(Correction(groups, frames, estimates, counts, counts, counts))


def compare(estimates: list[CorrectedGroup | None], k: int = N_FRAMES) -> Comparison:
    """The groups as tests take them."""
    evidence = collect(estimates, k)
    names = evidence.groups["outlet"].to_numpy(object)
    return Comparison(evidence, pool_design_effects(evidence), names, "outlet", {}, "unit")


def compare_decisions(world: World, generator: np.random.Generator, *, cluster: bool = True) -> Comparison:
    """Draw a corpus and take the labels for decisions that are not corrected; units are its stories, or documents."""
    labels, _, stories = draw_passages(world, generator)
    n_groups, n_documents, size, k = labels.shape
    y, group_of, units = [], [], []
    for group in range(n_groups):
        story = stories[group] if cluster else np.arange(n_documents)
        names, place = np.unique(story, return_inverse=True)
        sums = np.zeros((len(names), k + 1))
        np.add.at(sums, place, np.column_stack([labels[group].sum(axis=1), np.full(n_documents, size)]))
        y.append(sums)
        group_of.append(np.full(len(names), group))
        units.append(names)
    sums = np.concatenate(y)
    totals = Totals(
        groups=pd.DataFrame({"outlet": [f"outlet {number}" for number in range(n_groups)]}),
        frames=[f"f{number}" for number in range(k)],
        group_of=np.concatenate(group_of),
        units=np.concatenate(units).astype(object),
        sums={"n": np.repeat(sums[:, -1:], k, axis=1), "y": sums[:, :-1]},
        n_passages=np.full(n_groups, n_documents * size),
        n_documents=np.full(n_groups, n_documents),
    )
    evidence = collect_raw(totals)
    names = totals.groups["outlet"].to_numpy(object)
    return Comparison(evidence, pool_design_effects(evidence), names, "outlet", {}, "unit")
