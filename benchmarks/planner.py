"""Do the labels that `plan_labels` asks for give the width and the power that were wanted?

`python -m benchmarks.planner` plans from the scores of one corpus, then draws corpora of the same outlets on fresh
seeds, labels as many passages, and estimates and tests as reports do. Documents are alike (beta-binomial), scores are
calibrated, and neither the truth nor its likeness is known to the planner.
"""

from __future__ import annotations

import argparse
import time

import numpy as np
import pandas as pd
from scipy.special import expit
from scipy.stats import norm

from framing.analysis.plan_labels import UNITS, plan_labels
from framing.coding.sampling import draw_sample
from framing.coding.units import Unit
from framing.estimates.compare import compare_groups
from framing.estimates.prevalence import estimate_prevalence

OUTLETS = ("A", "B", "C")
N_DOCUMENTS, N_EACH = 80, 6  # of an outlet, and passages of each
FRAMES = {"rare": 0.05, "common": 0.2}  # share in B and C; in A it is DIFFERENCE more
DIFFERENCE, WIDTH, POWER = 0.15, 0.1, 0.8
AUC = 0.9


def draw_corpus(icc: float, seed: int) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Passages, scores and true frames of a corpus."""
    generator = np.random.default_rng([seed, 17])
    document = np.repeat(np.arange(len(OUTLETS) * N_DOCUMENTS), N_EACH)
    outlet = document // N_DOCUMENTS
    distance = float(np.sqrt(2) * norm.ppf(AUC))
    scores, labels = [], []
    for share in FRAMES.values():
        p = np.where(outlet == 0, share + DIFFERENCE, share)
        mean = p[::N_EACH]
        chance = generator.beta(mean * (1 - icc) / icc, (1 - mean) * (1 - icc) / icc)[document]
        label = generator.random(len(p)) < chance
        signal = distance * label + generator.standard_normal(len(p))
        scores.append(expit(distance * signal - distance**2 / 2 + np.log(p / (1 - p))))
        labels.append(label)
    passages = pd.DataFrame(
        {
            "passage_id": np.arange(len(document)).astype(str),
            "document_id": document.astype(str),
            "outlet": np.array(OUTLETS, dtype=object)[outlet],
            "published": pd.Timestamp("2025-01-06") + pd.to_timedelta(document % 98, unit="D"),
        }
    )
    return passages, np.stack(scores, axis=1), np.stack(labels, axis=1)


def label_corpus(icc: float, seed: int, n_units: int, unit: Unit) -> pd.DataFrame:
    """The classified table of a fresh corpus with so many labelled passages or documents of each outlet."""
    passages, scores, labels = draw_corpus(icc, seed)
    sample = draw_sample(passages, size=n_units * len(OUTLETS), scores=scores, unit=unit, random_seed=seed).passages
    k = len(FRAMES)
    design = sample.set_index("passage_id").reindex(passages["passage_id"])
    has_label = design["inclusion_probability"].notna().to_numpy()
    unit_ids = passages[f"{unit}_id"].to_numpy(object)
    return passages.loc[passages.index.repeat(k)].assign(
        perspective="", text="", frame=np.tile(np.array(list(FRAMES), dtype=object), len(passages)),
        score=scores.ravel(), decision="absent", proxy=scores.ravel(), gold_proxy=scores.ravel(),
        gold=np.where(np.repeat(has_label, k), labels.ravel(), np.nan),
        gold_weight=np.repeat((1 / design["inclusion_probability"]).fillna(0).to_numpy(), k),
        gold_stratum=np.repeat(design["stratum"].fillna("").to_numpy(object), k),
        gold_cluster=np.repeat(np.where(has_label, unit_ids, ""), k),
    )  # fmt: skip


def measure_power(icc: float, n_units: int, unit: Unit, frame: str, n_runs: int) -> float:
    n_found = 0
    for seed in range(1000, 1000 + n_runs):
        table = compare_groups(label_corpus(icc, seed, n_units, unit), min_documents=2, n_bootstrap=20)
        row = table[(table["frame"] == frame) & (table["group_a"] == "A") & (table["group_b"] == "B")].iloc[0]
        n_found += row["p_value"] < 0.05
    return n_found / n_runs


def measure_width(icc: float, n_units: int, unit: Unit, frame: str, n_runs: int) -> tuple[float, float]:
    widths = []
    for seed in range(2000, 2000 + n_runs):
        table = estimate_prevalence(label_corpus(icc, seed, n_units, unit), n_bootstrap=20)
        row = table[(table["frame"] == frame) & (table["outlet"] == "B")].iloc[0]
        widths.append(row["high"] - row["low"])
    return float(np.mean(widths)), float(np.std(widths) / np.sqrt(n_runs))


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--icc", type=float, nargs="+", default=[0.1])
    parser.add_argument("--units", nargs="+", default=list(UNITS), choices=UNITS)
    parser.add_argument("--frames", nargs="+", default=list(FRAMES), choices=list(FRAMES))
    parser.add_argument("--goals", nargs="+", default=["difference", "width"], choices=["difference", "width"])
    parser.add_argument("--runs", type=int, default=200)
    options = parser.parse_args(arguments)
    for icc in options.icc:
        passages, scores, _ = draw_corpus(icc, 0)
        for goal in options.goals:
            start = time.process_time()
            wanted = {"wanted_difference": DIFFERENCE} if goal == "difference" else {"wanted_width": WIDTH}
            plan = plan_labels(
                passages, frames=list(FRAMES), scores=scores, units=options.units, power=POWER, **wanted
            )  # fmt: skip
            print(f"icc {icc}, {goal}: planned in {time.process_time() - start:.0f} s of one processor", flush=True)
            for unit in options.units:
                for frame in options.frames:
                    rows = plan[(plan["unit"] == unit) & (plan["frame"] == frame)]
                    row = rows.iloc[0] if goal == "difference" else rows[rows["group_a"] == "B"].iloc[0]
                    n_units = int(row["n_labels"] if unit == "passage" else row["n_documents"])
                    title = f"  {frame}, {unit}s: {n_units} ({row['n_labels']} labels) an outlet"
                    if goal == "difference":
                        power = measure_power(icc, n_units, unit, frame, options.runs)
                        se = np.sqrt(power * (1 - power) / options.runs)
                        print(f"{title}: power {POWER} wanted, {power:.3f} +- {se:.3f} got", flush=True)
                    else:
                        width, se = measure_width(icc, n_units, unit, frame, options.runs)
                        expected = f"{row['expected']:.3f} expected, " if row["expected"] > WIDTH * 1.01 else ""
                        print(f"{title}: width {WIDTH} wanted, {expected}{width:.4f} +- {se:.4f} got", flush=True)


if __name__ == "__main__":
    main()
