"""Differences between outlets: false discoveries, decomposition, time. The argument chooses the figure.

python -m benchmarks.differences false|parts|time [--runs 500]
"""

from __future__ import annotations

import argparse
import time

import numpy as np
import pandas as pd

from framing.analysis.analysis import Analysis, open_analysis
from framing.estimates.compare import compare_groups
from framing.estimates.decompose import decompose_differences
from framing.settings import Settings
from tests.estimation import N_STORIES, documents_of_stories


def open_ruwa() -> Analysis:
    from benchmarks.labelled import DATA

    return open_analysis(Settings(corpus="ruwa", codebook="great-power-crisis", encoder="minilm", data_path=str(DATA)))


def count_false_discoveries(runs: int, first: int = 0) -> None:
    """Two identical outlets, made by random halves of the documents: how often does any contrast differ?"""
    table = open_ruwa().classified[["passage_id", "document_id", "outlet", "perspective", "published", "text", "frame",
                               "score", "decision"]]  # fmt: skip
    documents, names = pd.factorize(table["document_id"])
    n_joint = n_discoveries = 0
    for run in range(first, first + runs):
        half = np.random.default_rng(run).permutation(len(names)) % 2
        contrasts = compare_groups(
            table.assign(outlet=np.where(half[documents] == 1, "one half", "other half")), n_bootstrap=1000
        )
        n_joint += bool(contrasts["differs"].any())
        n_discoveries += bool((contrasts["q_value"] < 0.05).any())
        if run % 50 == 49:
            print(
                f"  {run + 1 - first} runs: {n_joint} with any joint difference, {n_discoveries} with any q < 0.05",
                flush=True,
            )
    print(f"two halves of ruwa, {runs} runs: any difference by the joint test in {n_joint / runs:.1%}, "
          f"any with q < 0.05 in {n_discoveries / runs:.1%}", flush=True)  # fmt: skip


def cover_planted_parts(runs: int) -> None:
    """How often do intervals cover agenda and framing effects that were planted?"""
    covered = {"agenda": [], "framing": []}
    gap = 0.0
    for run in range(runs):
        generator = np.random.default_rng(run)
        parts = generator.dirichlet(np.full(N_STORIES, 3.0), size=2)
        base = generator.uniform(0.1, 0.6, N_STORIES)
        shares = np.stack([base, np.clip(base + generator.uniform(-0.15, 0.25), 0.02, 0.95)])
        table = pd.concat(
            [documents_of_stories(generator, name, parts[side], shares[side]) for side, name in enumerate("ab")]
        )
        components = decompose_differences(table, n_bootstrap=1000, random_seed=run)
        effects = {
            "agenda": ((parts[0] - parts[1]) * shares.sum(axis=0) / 2).sum(),
            "framing": (parts.sum(axis=0) / 2 * (shares[0] - shares[1])).sum(),
        }
        for row in components.itertuples():
            covered[row.component].append(row.low <= effects[row.component] <= row.high)
        means = table.groupby(["frame", "outlet"])["present"].mean().unstack()
        sums = components.groupby("frame")["estimate"].sum() - (means["a"] - means["b"])
        gap = max(gap, float(sums.abs().max()))
    for name, values in covered.items():
        print(f"planted {name} effect inside its 95% interval: {np.mean(values):.1%} of {len(values)}", flush=True)
    print(f"largest gap between the sum of the parts and the difference: {gap:.1e}", flush=True)


def measure_time() -> None:
    table = open_ruwa().classified
    start = time.perf_counter()
    contrasts = compare_groups(table, n_bootstrap=2000)
    print(
        f"all contrasts of ruwa ({len(contrasts)} rows, 2,000 draws): {time.perf_counter() - start:.1f} s", flush=True
    )
    start = time.perf_counter()
    components = decompose_differences(table, n_bootstrap=2000)
    print(f"their decomposition over events ({len(components)} rows): {time.perf_counter() - start:.1f} s", flush=True)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["false", "parts", "time"])
    parser.add_argument("--runs", type=int, default=500)
    parser.add_argument("--first", type=int, default=0, help="number of the first run, which is its random seed")
    options = parser.parse_args(arguments)
    if options.what == "false":
        count_false_discoveries(options.runs, options.first)
    elif options.what == "parts":
        cover_planted_parts(options.runs)
    else:
        measure_time()


if __name__ == "__main__":
    main()
