"""What language models bring to corrected shares: coverage, and width beside that of labels alone.

Corpora are drawn with known shares; classifier and language models are simulated, with errors that differ by outlet.

python -m benchmarks.llm_estimates [--draws 400] [--labels 100] [--auc 0.8] [--accuracies 0.6 0.7 0.8 0.9 0.95]
"""

from __future__ import annotations

import argparse
from dataclasses import replace

import numpy as np
from scipy.stats import t as student

from benchmarks.populations import MIXED, MIXED_ICC, World, collect, draw_passages, draw_sample
from framing.estimates.corrected_groups import CorrectedGroup, Population, correct_groups
from framing.estimates.labelled_sample import LabelledSample
from framing.estimates.pooling import pool_variances
from framing.estimates.stacking import stack_scores
from framing.uncertainty.intervals import score_bounds

LEVEL = 0.95
# sensitivity and specificity of a model in each outlet, beside its accuracy: it over-marks in some, under-marks in some
TILT = np.array([0.05, -0.05, 0.1, -0.1, 0.0, 0.05])
KINDS = ("labels alone", "classifier", "language model", "both")


def simulate_coder(labels: np.ndarray, accuracy: float, generator: np.random.Generator) -> np.ndarray:
    """Codes (G, D, S, K) of a model with this accuracy: in outlet g, sensitivity a + tilt and specificity a - tilt."""
    tilt = TILT[: len(labels), None, None, None]
    sensitivity, specificity = np.clip(accuracy + tilt, 0.02, 0.98), np.clip(accuracy - tilt / 2, 0.02, 0.98)
    right = generator.random(labels.shape) < np.where(labels == 1, sensitivity, specificity)
    return np.where(right, labels, 1 - labels)


def bound(samples: list[LabelledSample], populations: list[Population]) -> tuple[np.ndarray, np.ndarray]:
    """Low and high of each outlet and frame, as `estimate_prevalence` computes them for groups of like size."""
    estimates: list[CorrectedGroup | None] = list(correct_groups(samples, populations, target="process"))
    variances, degrees = pool_variances(collect(estimates))
    bounds = [
        score_bounds(group.theta, np.sqrt(variance), n_gold=len(sample.documents),
                     quantile=student.ppf((1 + LEVEL) / 2, degrees))
        for group, variance, sample in zip(estimates, variances, samples, strict=True) if group is not None
    ]  # fmt: skip
    return np.array([low for low, _ in bounds]), np.array([high for _, high in bounds])


def draw(world: World, accuracy: float, generator: np.random.Generator) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Intervals by each kind of score, of one corpus with its labels."""
    labels, scores, stories = draw_passages(world, generator)
    codes = simulate_coder(labels, accuracy, generator)
    n_groups, n_documents, size, k = labels.shape
    flat = [values.reshape(n_groups, -1, k) for values in (labels, scores, codes)]
    places, inverse, strata = zip(*(draw_sample(world, group, generator) for group in range(n_groups)), strict=True)
    documents = [place // size for place in places]
    proxies = {"labels alone": np.zeros_like(flat[0]), "classifier": flat[1], "language model": flat[2]}
    drawn = [np.concatenate([values[g][places[g]] for g in range(n_groups)]) for values in flat]
    stacked = stack_scores(
        drawn[0], np.stack(drawn[1:]), np.stack([values.reshape(-1, k) for values in flat[1:]]),
        weights=np.concatenate(inverse),
        groups=[f"{g}-{document}" for g in range(n_groups) for document in documents[g]],
    )  # fmt: skip
    ends = np.cumsum([len(place) for place in places])[:-1]
    proxies["both"] = stacked.all.reshape(n_groups, -1, k)
    of_labelled = {name: [values[g][places[g]] for g in range(n_groups)] for name, values in proxies.items()}
    of_labelled["both"] = np.split(stacked.labelled, ends)
    results = {}
    for name in KINDS:
        samples, populations = [], []
        for g in range(n_groups):
            samples.append(LabelledSample(
                keys=[(g,)] * len(places[g]), documents=documents[g].astype(object), units=stories[g][documents[g]],
                sampled_units=places[g], strata=strata[g].astype(np.int64), inverse_chances=inverse[g],
                passage_weights=np.ones(len(places[g])), labels=flat[0][g][places[g]], proxies=of_labelled[name][g],
            ))  # fmt: skip
            names, place = np.unique(stories[g], return_inverse=True)
            n, f = np.zeros((len(names), k)), np.zeros((len(names), k))
            np.add.at(n, place, float(size))
            np.add.at(f, place, proxies[name][g].reshape(n_documents, size, k).sum(axis=1))
            populations.append(Population(n, f, names.astype(object), n_documents * size))
        results[name] = bound(samples, populations)
    return results


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--draws", type=int, default=400)
    parser.add_argument("--labels", type=int, default=100, help="labelled passages of each of six outlets")
    parser.add_argument("--auc", type=float, nargs="+", default=[0.8], help="of the classifier")
    parser.add_argument("--accuracies", type=float, nargs="+", default=[0.6, 0.7, 0.8, 0.9, 0.95])
    options = parser.parse_args(arguments)
    shares = np.tile(MIXED, (6, 1))
    base = World(shares, icc=MIXED_ICC, drawn="passages", n=options.labels)
    print(f"{options.draws} corpora of 6 outlets with 600 passages and {options.labels} labels each, 14 frames of 2 to "
          "25 %; level 95 %; widths over those of labels alone: all frames, and those of 10 % and more")  # fmt: skip
    for auc in options.auc:
        for accuracy in options.accuracies:
            generator = np.random.default_rng([int(100 * auc), int(100 * accuracy)])
            world = replace(base, auc=auc)
            covered: dict[str, list[np.ndarray]] = {name: [] for name in KINDS}
            widths: dict[str, list[np.ndarray]] = {name: [] for name in KINDS}
            for _ in range(options.draws):
                for name, (low, high) in draw(world, accuracy, generator).items():
                    covered[name].append((low <= shares) & (shares <= high))
                    widths[name].append(high - low)
            alone = np.mean(widths["labels alone"], axis=0)
            common = MIXED >= 0.1
            for name in KINDS:
                share = np.mean(covered[name], axis=0)
                ratio = np.mean(widths[name], axis=0) / alone
                by_draw = np.mean(covered[name], axis=(1, 2))  # outlets and frames of one corpus are not independent
                error = 1.96 * by_draw.std(ddof=1) / np.sqrt(len(by_draw))
                print(f"classifier AUC {auc:.2f}, model accuracy {accuracy:.2f}, {name}: covered {share.mean():.1%} "
                      f"± {error:.1%} ({share.min():.1%} to {share.max():.1%} over outlets and frames), width "
                      f"{ratio.mean():.2f}, {ratio[:, common].mean():.2f}", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
