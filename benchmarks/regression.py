"""Do intervals of corrected regressions cover the true coefficients, where the classifier errs more in some outlets?

Populations are drawn whose coefficients are known. Stories reach over four outlets; documents of a story, and passages
of a document, are alike; the classifier's scores are shifted by outlet. Beside the corrected regression stand that of
the classifier's decisions and that of the labelled passages alone.

python -m benchmarks.regression [--tables 16] [--frames 25] [--only linear-passages …]
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import expit
from scipy.stats import beta as beta_distribution

from framing.estimates.outcomes import add_outcomes
from framing.estimates.regression import regress_frames
from tests.labelled import sampled_table

OUTLETS = np.array(["A", "B", "C", "D"], dtype=object)
SHIFTS = np.array([0.0, 0.8, -0.5, 0.3])  # of scores, by outlet
FORMULA = "outlet + reach"
ESTIMATORS = ("corrected", "decisions", "labels alone")


@dataclass(frozen=True)
class World:
    """A population of frames with the same coefficients, and how its passages are labelled."""

    model: str  # linear or logit
    design: str  # passages, documents (whole ones) or bands (twice the chance for high scores of the first frame)
    coefficients: tuple[float, ...]  # intercept, outlets B to D, reach
    n_labels: int
    n_stories: int = 60
    skill: float = 1.5  # distance of the scores of passages with and without the frame


LINEAR, RARE = (0.15, 0.10, -0.03, 0.0, 0.06), (0.05, 0.05, -0.02, 0.0, 0.02)
LOGIT = (-1.7, 0.6, -0.4, 0.0, 0.5)
WORLDS = {
    "linear-passages": World("linear", "passages", LINEAR, 200),
    "linear-documents": World("linear", "documents", LINEAR, 200),
    "linear-bands": World("linear", "bands", LINEAR, 200),
    "linear-12-stories": World("linear", "passages", LINEAR, 200, n_stories=12),
    "linear-rare": World("linear", "bands", RARE, 200),
    "linear-few-labels": World("linear", "passages", RARE, 100, skill=3.0),
    "logit-passages": World("logit", "passages", LOGIT, 240),
    "logit-documents": World("logit", "documents", LOGIT, 320),
}


def draw_table(world: World, n_frames: int, generator: np.random.Generator) -> pd.DataFrame:
    """Classified passages of one draw of stories, documents, labels and which passages are labelled."""
    n_each = generator.poisson(60 / world.n_stories, (world.n_stories, len(OUTLETS)))
    story, outlet = (np.repeat(places.ravel(), n_each.ravel()) for places in np.indices(n_each.shape))
    reach = generator.random(world.n_stories)[story]
    design = np.column_stack([np.ones(len(story)), outlet[:, None] == np.arange(1, 4), reach]).astype(float)
    mean = design @ world.coefficients
    mean = expit(mean) if world.model == "logit" else mean
    # beta draws with this mean: of a story (common to outlets), then of a document in it; correlation .1 each
    ranks = generator.random((world.n_stories, n_frames))[story]
    of_story = beta_distribution.ppf(ranks, 9 * mean[:, None], 9 * (1 - mean[:, None])).clip(1e-6, 1 - 1e-6)
    of_document = generator.beta(9 * of_story, 9 * (1 - of_story))
    document = np.repeat(np.arange(len(story)), generator.integers(2, 7, len(story)))
    labels = (generator.random((len(document), n_frames)) < of_document[document]).astype(float)
    noise = generator.normal(size=labels.shape)
    scores = expit(world.skill * 0.7 * (2 * labels - 1) + noise + SHIFTS[outlet][document, None] - 0.8)
    weights, strata = draw_labels(world, document, outlet[document], scores[:, 0], generator)
    table = sampled_table(
        labels, scores, weights, outlets=OUTLETS[outlet[document]], documents=document.astype(str), strata=strata,
        whole=world.design == "documents",
    )  # fmt: skip
    cluster = np.char.add("story ", story[document].astype(str)).astype(object)
    return table.assign(reach=np.repeat(reach[document], n_frames), cluster=np.repeat(cluster, n_frames))


def draw_labels(
    world: World, document: np.ndarray, outlet: np.ndarray, score: np.ndarray, generator: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """One over the chance of being drawn (0: not drawn) and stratum of each passage."""
    weights, strata = np.zeros(len(document)), outlet.copy()
    n_each = world.n_labels // len(OUTLETS)
    for place in range(len(OUTLETS)):
        members = np.flatnonzero(outlet == place)
        if world.design == "documents":
            names = np.unique(document[members])
            drawn = generator.choice(names, min(round(n_each / 4), len(names)), replace=False)
            weights[members[np.isin(document[members], drawn)]] = len(names) / len(drawn)
            continue
        is_high = score[members] > np.median(score[members])
        bands = {2: members[is_high], 1: members[~is_high]} if world.design == "bands" else {3: members}
        for part, band in bands.items():
            drawn = generator.choice(band, min(n_each * part // 3, len(band)), replace=False)
            weights[drawn] = len(band) / len(drawn)
            strata[band] += 10 * part
    return weights, strata.astype(str)


def take_labels(table: pd.DataFrame) -> pd.DataFrame:
    """The labelled passages, with labels in place of decisions, weighted by one over their chance."""
    labelled = table[table["gold_weight"] > 0]
    decision = np.where(labelled["gold"] == 1, "present", "absent")
    weight = labelled["gold_weight"] / labelled["gold_weight"].mean()
    return labelled.assign(decision=decision, weight=weight).drop(columns="gold_weight")


def measure(world: World, n_tables: int, n_frames: int, seed: int) -> dict[str, np.ndarray]:
    """Per estimator: covered, error and width of each coefficient, shape (3, tables, frames, 4)."""
    generator = np.random.default_rng(seed)
    results: dict[str, list[Any]] = {name: [] for name in ESTIMATORS}
    for _ in range(n_tables):
        table = draw_table(world, n_frames, generator)
        options: dict[str, Any] = {"model": world.model, "n_bootstrap": 1}
        for name, part, corrected in (
            ("corrected", table, True), ("decisions", table, False), ("labels alone", take_labels(table), False),
        ):  # fmt: skip
            rows = regress_frames(part, FORMULA, corrected=corrected, **options).coefficients
            estimate, low, high = (rows[column].to_numpy().reshape(n_frames, -1)[:, 1:] for column in
                                   ("estimate", "low", "high"))  # fmt: skip
            true = np.array(world.coefficients[1:])
            covered = np.where(np.isnan(low), np.nan, (low <= true) & (true <= high))
            results[name].append(np.stack([covered, estimate - true, high - low]))
    return {name: np.stack(values, axis=1) for name, values in results.items()}


def describe(values: np.ndarray) -> str:
    """Coverage with its Monte Carlo error over tables, whose frames are not independent; bias and width."""
    covered, error, width = values
    by_table = np.nanmean(covered, axis=(1, 2))
    each = np.nanmean(covered, axis=(0, 1))
    return (
        f"covered {np.nanmean(covered):.1%} (se {by_table.std(ddof=1) / np.sqrt(len(by_table)):.1%}; coefficients "
        f"{each.min():.1%} to {each.max():.1%}), largest bias {np.abs(np.nanmean(error, axis=(0, 1))).max():.3f}, "
        f"median width {np.nanmedian(width):.3f}, without interval {np.isnan(covered).mean():.1%}"
    )


def compare_scaling(n_tables: int, n_frames: int) -> None:
    """Bias of least squares on outcomes whose weights are scaled over all passages, by outlet, or by stratum."""
    world = World("linear", "bands", RARE, 88)  # strata of 7 and 14 labels
    generator = np.random.default_rng(7)
    errors: dict[str, list[Any]] = {}
    for _ in range(n_tables):
        table = draw_table(world, n_frames, generator)
        for name, by in (("all passages", None), ("outlet", "outlet"), ("stratum", "gold_stratum")):
            rows, _ = add_outcomes(table, by=by, centred=True)
            rows = rows.assign(outcome=rows["outcome"] / rows["n"])
            wide = rows.pivot(index="passage_id", columns="frame", values="outcome")
            passages = rows.drop_duplicates("passage_id").set_index("passage_id").loc[wide.index]
            X = np.column_stack([np.ones(len(passages)), passages["outlet"].to_numpy()[:, None] == OUTLETS[1:],
                                 passages["reach"]]).astype(float)  # fmt: skip
            beta = np.linalg.lstsq(X, wide.to_numpy(), rcond=None)[0]
            errors.setdefault(name, []).append(beta.T - np.array(world.coefficients))
    for name, values in errors.items():
        stacked = np.array(values)
        by_table = stacked.mean(axis=1)
        se = by_table.std(axis=0, ddof=1) / np.sqrt(n_tables)
        biases = ", ".join(
            f"{bias:+.4f} (se {error:.4f})" for bias, error in zip(by_table.mean(axis=0), se, strict=True)
        )
        print(
            f"weights scaled over {name}: bias of intercept, outlets B to D and reach {biases}; root mean square error "
            f"{np.sqrt((stacked**2).mean()):.4f}",
            flush=True,
        )


def count_false_findings(n_tables: int, n_frames: int) -> None:
    """Families of frames without any difference: how often is any adjusted p-value below .05?"""
    for n_stories in (60, 12):
        world = World("linear", "passages", (0.15, 0.0, 0.0, 0.0, 0.0), 200, n_stories=n_stories)
        generator = np.random.default_rng(9)
        for name in ("corrected", "decisions"):
            found = 0
            for _ in range(n_tables):
                table = draw_table(world, n_frames, generator)
                rows = regress_frames(table, FORMULA, corrected=name == "corrected").coefficients
                found += bool((rows["p_adjusted"] < 0.05).any())
            share = found / n_tables
            print(
                f"{n_frames} frames of 4 coefficients without a difference, {n_stories} stories, {name}: any adjusted "
                f"p below .05 in {share:.1%} (se {np.sqrt(max(share, 0.01) * (1 - share) / n_tables):.1%})",
                flush=True,
            )


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--tables", type=int, default=24)
    parser.add_argument("--frames", type=int, default=25, help="frames of a table, which share passages and labels")
    parser.add_argument("--only", nargs="+", default=list(WORLDS), choices=list(WORLDS))
    parser.add_argument("--seed", type=int, default=11)
    options = parser.parse_args(arguments)
    for name in options.only:
        start = time.process_time()
        results = measure(WORLDS[name], options.tables, options.frames, options.seed)
        for estimator, values in results.items():
            print(f"{name}, {estimator}: {describe(values)}", flush=True)
        print(f"  ({time.process_time() - start:.0f} CPU s)", flush=True)
    compare_scaling(5 * options.tables, options.frames)
    count_false_findings(5 * options.tables, 10)


if __name__ == "__main__":
    main()
