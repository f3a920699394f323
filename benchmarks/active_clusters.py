"""Coverage of intervals after rounds that learn, in constructed corpora with outlets, documents, stories, rare frames.

python -m benchmarks.active_clusters [--corpora 500] [--floor 0.5]

Four outlets publish 14 frames (2 to 25 %) in 100 documents of six passages each; passages of a document and documents
of a story are alike. Four rounds draw 240 passages, or 40 whole documents; chances are learned from the errors so far.
Intervals are those of `estimate_prevalence`, by pooled design effects, and those of each outlet alone.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

from benchmarks.populations import MIXED, MIXED_ICC, N_FRAMES, World, collect, draw_passages
from framing.coding.chances import FLOOR, draw_systematic, mix_chances, share_rounds, weigh_rounds
from framing.coding.teaching import expect_errors, learn_errors, spread_of_units
from framing.estimates.corrected_groups import Population, correct_groups
from framing.estimates.correction import Target
from framing.estimates.labelled_sample import LabelledSample
from framing.estimates.pooling import pool_variances
from framing.uncertainty.intervals import score_bounds

Array = NDArray[np.float64]

N_OUTLETS, N_DOCUMENTS, N_PASSAGES = 4, 100, 6
RARE = MIXED <= 0.05


@dataclass(frozen=True)
class Corpus:
    """Passages as rows: labels and scores (N, K), outlet, document and story of each."""

    labels: Array
    scores: Array
    outlet: NDArray[np.int64]
    document: NDArray[np.int64]
    story: NDArray[np.int64]


def draw_corpus(world: World, generator: np.random.Generator) -> Corpus:
    labels, scores, stories = draw_passages(world, generator)
    document = np.repeat(np.arange(N_OUTLETS * N_DOCUMENTS), N_PASSAGES)
    return Corpus(
        labels.reshape(-1, N_FRAMES),
        scores.reshape(-1, N_FRAMES),
        document // N_DOCUMENTS,
        document,
        (stories + 1000 * np.arange(N_OUTLETS)[:, None]).ravel()[document],
    )


def draw_rounds(
    corpus: Corpus, unit: NDArray[np.int64], sizes: list[int], floor: float, generator: np.random.Generator
) -> tuple[NDArray[np.int64], Array, NDArray[np.int64]]:
    """Labelled rows, what each stands for, and its round; `unit` is what is drawn."""
    outlet_of = np.zeros(unit.max() + 1, dtype=np.int64)
    outlet_of[unit] = corpus.outlet
    n_passages = np.bincount(corpus.outlet).astype(float)
    drawn, rounds = np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    chance_of, errors = np.zeros(len(outlet_of)), expect_errors(corpus.scores)
    for number, size in enumerate(sizes):
        left = np.setdiff1d(np.arange(len(outlet_of)), drawn)
        spreads = spread_of_units(errors, unit)[left]
        largest = float(share_rounds(sizes[: number + 1])[-1])
        chances = mix_chances(spreads, outlet_of[left], sizes=n_passages, n_drawn=size, floor=floor, largest=largest)
        hits = draw_systematic(chances, outlet_of[left], generator)
        chance_of[left[hits]] = chances[hits]
        drawn, rounds = np.r_[drawn, left[hits]], np.r_[rounds, np.full(size, number)]
        weights = np.zeros(len(outlet_of))
        weights[drawn] = weigh_rounds(chance_of[drawn], rounds, sizes[: number + 1])
        rows = np.flatnonzero(np.isin(unit, drawn))
        errors = learn_errors(
            corpus.scores, out_of_fold=corpus.scores[rows], labels=corpus.labels[rows], weights=weights[unit[rows]]
        )
    round_of = np.zeros(len(outlet_of), dtype=np.int64)
    round_of[drawn] = rounds
    return rows, weights[unit[rows]], round_of[unit[rows]]


def bounds(
    corpus: Corpus, unit: NDArray[np.int64], rows: NDArray[np.int64], weights: Array, rounds: NDArray[np.int64],
    target: Target,
) -> dict[str, tuple[Array, Array]]:  # fmt: skip
    """Bounds of all outlets and frames, shape (G, K): by pooled design effects, and alone."""
    samples, populations = [], []
    for outlet in range(N_OUTLETS):
        own = rows[corpus.outlet[rows] == outlet]
        of_rows = corpus.outlet[rows] == outlet
        samples.append(
            LabelledSample(
                keys=[(outlet,)] * len(own),
                documents=corpus.document[own].astype(object),
                units=corpus.story[own].astype(object),
                sampled_units=unit[own],
                strata=rounds[of_rows],
                inverse_chances=weights[of_rows],
                passage_weights=np.ones(len(own)),
                labels=corpus.labels[own],
                proxies=corpus.scores[own],
            )
        )
        everything = np.flatnonzero(corpus.outlet == outlet)
        names, place = np.unique(corpus.story[everything], return_inverse=True)
        n, f = np.zeros((len(names), N_FRAMES)), np.zeros((len(names), N_FRAMES))
        np.add.at(n, place, 1.0)
        np.add.at(f, place, corpus.scores[everything])
        populations.append(Population(n, f, names.astype(object), len(everything)))
    estimates = correct_groups(samples, populations, target=target)
    counts = np.array([len(sample.documents) for sample in samples])
    pooled, degrees = pool_variances(collect(estimates))
    found = {"pooled": [], "alone": []}
    for outlet, group in enumerate(estimates):
        assert group is not None
        for name, variance, df in (("pooled", pooled[outlet], degrees), ("alone", group.variance, group.degrees)):
            quantile = student.ppf(0.975, df)
            found[name].append(
                score_bounds(group.theta, np.sqrt(variance), n_gold=int(counts[outlet]), quantile=quantile)
            )
    return {
        name: (np.array([low for low, _ in each]), np.array([high for _, high in each])) for name, each in found.items()
    }


def report(title: str, world: World, *, n_corpora: int, floor: float, documents: bool) -> None:
    sizes = [10] * 4 if documents else [60] * 4
    covered: dict[tuple[str, str], list[Array]] = {}
    widths: dict[tuple[str, str], list[Array]] = {}
    for number in range(n_corpora):
        generator = np.random.default_rng([7, number])
        corpus = draw_corpus(world, generator)
        unit = corpus.document if documents else np.arange(len(corpus.document))
        rows, weights, rounds = draw_rounds(corpus, unit, sizes, floor, generator)
        means = np.array([corpus.labels[corpus.outlet == outlet].mean(axis=0) for outlet in range(N_OUTLETS)])
        for target, truth in (("process", world.shares), ("corpus", means)):
            for name, (low, high) in bounds(corpus, unit, rows, weights, rounds, target).items():
                covered.setdefault((target, name), []).append((low <= truth) & (truth <= high))
                widths.setdefault((target, name), []).append(high - low)
    print(title)
    for key, each in covered.items():
        by_frame = np.array(each).mean(axis=(0, 1))
        width = np.array(widths[key]).mean()
        print(
            f"  {key[0]:<8} {key[1]:<7} coverage {by_frame.mean():.3f}, frames of at most 5 % "
            f"{by_frame[RARE].mean():.3f}, least of a frame {by_frame.min():.3f}; mean width {width:.3f}",
            flush=True,
        )


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=int, default=500)
    parser.add_argument("--floor", type=float, default=FLOOR)
    given = parser.parse_args(arguments)
    shares = np.tile(MIXED, (N_OUTLETS, 1))
    base = {"shares": shares, "n_documents": N_DOCUMENTS, "n_passages": N_PASSAGES}
    alike = {**base, "icc": 0.2, "stories": 40, "icc_story": 0.1}
    for title, documents, world in (
        ("passages; documents alike", False, World(**base, icc=MIXED_ICC, auc=0.85)),
        ("passages; 40 stories alike, poor classifier", False, World(**alike, auc=0.65)),
        ("passages; 40 stories alike, good classifier", False, World(**alike, auc=0.95)),
        ("whole documents; 40 stories alike", True, World(**alike, auc=0.85)),
    ):  # fmt: skip
        report(title, world, n_corpora=given.corpora, floor=given.floor, documents=documents)


if __name__ == "__main__":
    main()
