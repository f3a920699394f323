"""Do corrected intervals cover the true shares? Labels are drawn many times from labelled sets, the population.

python -m benchmarks.coverage [--sets gvfc plover] [--draws 2000] [--sizes 100 200 400] [--scores zero-shot learned]
    [--worlds equal by-outlet drawn-documents process]
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.labelled import gvfc, plover
from framing.classify.classifier import FrameClassifier
from framing.estimates.compare import compare_groups
from framing.estimates.prevalence import estimate_prevalence

OUTLETS = ("A", "B", "C")
GOOD = 0.8  # correlation of scores and labels from which a classifier counts as good
N_WIDTHS = 200  # draws in which widths and raw shares are measured, which vary little
WORLDS = {
    "equal": "errors alike in all outlets; passages drawn",
    "by-outlet": "errors differ by outlet; passages drawn",
    "drawn-documents": "the same, with documents of 1 to 8 like passages, drawn whole",
    "process": "such documents are themselves a sample of what the outlet publishes; passages drawn",
}


@dataclass(frozen=True)
class World:
    """A population: gold and scores of shape (n, K), outlet and document of each passage."""

    gold: np.ndarray
    scores: np.ndarray
    outlets: np.ndarray
    documents: np.ndarray
    frames: list[str]


def make_world(gold: np.ndarray, scores: np.ndarray, frames: list[str], kind: str) -> World:
    generator = np.random.default_rng(4)
    n = len(gold)
    classes = gold.argmax(axis=1)
    tilt = np.where(classes % 2 == 0, 0.45, 0.25)  # outlets differ in their frames
    draw = generator.random(n)
    outlets = np.where(draw < tilt, 0, np.where(draw < tilt + 0.3, 1, 2))
    scores = scores.copy()
    if kind != "equal":
        log_odds = np.log(np.clip(scores, 1e-4, 1 - 1e-4) / (1 - np.clip(scores, 1e-4, 1 - 1e-4)))
        in_b = outlets == 1  # in B frames are seen where there are none
        scores[in_b] = 1 / (1 + np.exp(-(log_odds[in_b] + 1)))
        shuffled = (outlets == 2) & (generator.random(n) < 0.4)  # in C two passages in five are scored at random
        scores[shuffled] = scores[generator.permutation(np.flatnonzero(shuffled))]
    documents = np.arange(n)
    if kind in ("drawn-documents", "process"):
        order = np.lexsort((generator.random(n), classes + generator.normal(0, 1.5, n), outlets))
        starts, place = np.zeros(n, dtype=bool), 0
        while place < n:
            starts[place] = True
            place += int(generator.integers(1, 9))
        starts |= np.r_[True, np.diff(outlets[order]) != 0]
        documents[order] = np.cumsum(starts)
    return World(gold, scores, np.array(OUTLETS)[outlets], documents.astype(str), frames)


def tabulate(world: World) -> pd.DataFrame:
    n, k = world.gold.shape
    decided = np.arange(k) == world.scores.argmax(axis=1)[:, None]
    return pd.DataFrame(
        {
            "passage_id": np.repeat(np.arange(n).astype(str), k),
            "document_id": np.repeat(world.documents, k),
            "outlet": np.repeat(world.outlets, k),
            "perspective": "", "published": pd.NaT, "text": "",
            "frame": np.tile(np.array(world.frames, dtype=object), n),
            "score": world.scores.ravel(), "decision": np.where(decided.ravel(), "present", "absent"),
            "proxy": world.scores.ravel(), "gold": world.gold.ravel().astype(float), "gold_proxy": world.scores.ravel(),
        }
    )  # fmt: skip


def draw_gold(
    world: World, n: int, *, documents_drawn: bool, generator: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Weight (0: not drawn) and sampling unit of each passage; each outlet gives units in proportion."""
    weights = np.zeros(len(world.gold))
    units = world.documents if documents_drawn else np.arange(len(world.gold)).astype(str)
    for outlet in OUTLETS:
        members = np.flatnonzero(world.outlets == outlet)
        names = np.unique(units[members])
        m = max(round(n * len(names) / len(world.gold)), 5)
        taken = generator.choice(names, min(m, len(names)), replace=False)
        weights[members[np.isin(units[members], taken)]] = len(names) / len(taken)
    return weights, units


def resample(world: World, generator: np.random.Generator) -> World:
    rows, names = [], []
    for outlet in OUTLETS:
        documents = np.unique(world.documents[world.outlets == outlet])
        for copy, document in enumerate(generator.choice(documents, len(documents))):
            members = np.flatnonzero(world.documents == document)
            rows.append(members)
            names += [f"{outlet}{copy}"] * len(members)
    every = np.concatenate(rows)
    return World(world.gold[every], world.scores[every], world.outlets[every], np.array(names), world.frames)


def compute_truth(world: World) -> dict[str, np.ndarray]:
    return {outlet: world.gold[world.outlets == outlet].mean(axis=0) for outlet in OUTLETS}


def measure(world: World, n: int, *, kind: str, draws: int) -> dict[str, Any]:
    generator = np.random.default_rng([n, draws])
    target = "process" if kind == "process" else "corpus"
    truth = compute_truth(world)
    exact = pd.concat([pd.Series(shares, index=world.frames) for shares in truth.values()], keys=OUTLETS)
    whole = world.gold.mean(axis=0)
    table = tabulate(world)
    results: dict[str, list[Any]] = {}
    for number in range(draws):
        population = world
        if kind == "process":
            population = resample(world, generator)
            table = tabulate(population)
        weights, units = draw_gold(population, n, documents_drawn=kind == "drawn-documents", generator=generator)
        k = len(world.frames)
        table = table.assign(
            gold_weight=np.repeat(weights, k), gold_cluster=np.repeat(units, k), gold_stratum=table["outlet"]
        )
        options: dict[str, Any] = {"n_bootstrap": 400, "target": target}
        shares = estimate_prevalence(table, **options).set_index(["outlet", "frame"])
        true = exact.reindex(shares.index)
        add_result(results, "cover", ((shares["low"] <= true) & (true <= shares["high"])).to_numpy())
        add_result(results, "error", (shares["estimate"] - true).to_numpy())
        pairs = compare_groups(table, min_documents=2, **options)
        add_result(results, "contrasts", cover_all(pairs, world, truth))
        if number < N_WIDTHS:
            labels_alone = estimate_prevalence(table.assign(proxy=0.0, gold_proxy=0.0), **options)
            add_result(results, "width", (shares["high"] - shares["low"]).to_numpy())
            add_result(results, "width alone", (labels_alone["high"] - labels_alone["low"]).to_numpy())
            everything = {"by": ["perspective"], **options}  # one group
            one, one_alone = (estimate_prevalence(part, **everything).set_index("frame").loc[world.frames]
                              for part in (table, table.assign(proxy=0.0, gold_proxy=0.0)))  # fmt: skip
            add_result(results, "whole", ((one["low"] <= whole) & (whole <= one["high"])).to_numpy())
            add_result(results, "whole width", (one["high"] - one["low"]).to_numpy())
            add_result(results, "whole width alone", (one_alone["high"] - one_alone["low"]).to_numpy())
            add_result(results, "raw", ((shares["raw_low"] <= true) & (true <= shares["raw_high"])).to_numpy())
            pairs = compare_groups(table, min_documents=2, corrected=False, n_bootstrap=400)
            add_result(results, "raw contrasts", cover_all(pairs, world, truth))
    return {name: np.array(values, dtype=float) for name, values in results.items()}


def add_result(results: dict[str, list[Any]], name: str, value: Any) -> None:
    results.setdefault(name, []).append(value)


def cover_all(pairs: pd.DataFrame, world: World, truth: dict[str, np.ndarray]) -> bool:
    place = pairs["frame"].map({frame: number for number, frame in enumerate(world.frames)}).to_numpy()
    table = np.stack([truth[outlet] for outlet in OUTLETS])
    first, second = (pairs[name].map({outlet: row for row, outlet in enumerate(OUTLETS)}).to_numpy()
                     for name in ("group_a", "group_b"))  # fmt: skip
    gap = table[first, place] - table[second, place]
    return bool(((pairs["low"] <= gap) & (gap <= pairs["high"])).all())


def score_passages(data: Any, strength: str, encoder: str) -> np.ndarray:
    """Scores of every passage by a classifier that had not seen its label."""
    if strength == "zero-shot":
        return np.asarray(FrameClassifier(data.codebook, encoder).fit().predict_proba(data.texts))
    fitted = FrameClassifier(data.codebook, encoder, strength="head").fit(data.texts, data.gold)
    return np.asarray(fitted.cross_fitted_)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sets", nargs="+", default=["gvfc", "plover"])
    parser.add_argument("--scores", nargs="+", default=["zero-shot", "learned"])
    parser.add_argument("--worlds", nargs="+", default=list(WORLDS), choices=list(WORLDS))
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 200, 400])
    parser.add_argument("--draws", type=int, default=2000)
    parser.add_argument("--encoder", default="minilm")
    options = parser.parse_args(arguments)
    for name in options.sets:
        data = gvfc() if name == "gvfc" else plover(roles=False)
        for strength in options.scores:
            scores = score_passages(data, strength, options.encoder)
            for kind in options.worlds:
                world = make_world(data.gold, scores, data.codebook.frame_ids, kind)
                for n in options.sizes:
                    start = time.perf_counter()
                    results = measure(world, n, kind=kind, draws=options.draws)
                    title = f"{name}, {strength}, {kind}, {n} labels"
                    print(
                        f"{title}: {describe_results(results, world)}; {time.perf_counter() - start:.0f} s", flush=True
                    )


def describe_results(results: dict[str, Any], world: World) -> str:
    each = np.nanmean(results["cover"], axis=0)
    relation = [np.corrcoef(world.gold[:, k], world.scores[:, k])[0, 1] for k in range(len(world.frames))]
    good = np.array(relation) >= GOOD
    ratio = {name: np.nanmean(results[f"{name}width"], axis=0) / np.nanmean(results[f"{name}width alone"], axis=0)
             for name in ("", "whole ")}  # fmt: skip
    sharp = f"{ratio['whole '][good].mean():.2f}" if good.any() else "none such"
    return (
        f"shares per outlet covered {np.nanmean(results['cover']):.1%} ({np.nanmin(each):.1%} to {np.nanmax(each):.1%} "
        f"over outlets and frames), of all outlets {results['whole'].mean():.1%}, "
        f"joint contrasts {results['contrasts'].mean():.1%}; classify and count {results['raw'].mean():.1%}, its joint "
        f"contrasts {results['raw contrasts'].mean():.1%}; width over that of labels alone: all outlets "
        f"{ratio['whole '].mean():.2f} (frames with r >= {GOOD}: {sharp}), per outlet {ratio[''].mean():.2f}, at most "
        f"{max(np.nanmax(ratio['']), ratio['whole '].max()):.2f}; largest bias "
        f"{np.abs(np.nanmean(results['error'], axis=0)).max():.4f}"
    )


if __name__ == "__main__":
    main()
