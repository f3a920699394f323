"""Few labels: ours beside SetFit on the same draws of labelled texts and the same encoder.

python -m benchmarks.fewshot [--draws 10] [--tuned-draws 10] [--setfit-draws 10] [--sizes 8 16 64] [--sets gvfc plover]
"""

from __future__ import annotations

import argparse
import time

import numpy as np
from sklearn.metrics import accuracy_score, f1_score

from benchmarks.baselines import setfit
from benchmarks.labelled import Labelled, gvfc, plover
from framing.classify.classifier import FrameClassifier

ENCODER = "minilm"
N_TEST = 300
# Pairs of each kind a text (the library's examples take 20): fewer with more labels, which have more pairs anyway.
ITERATIONS = {8: 10, 16: 5, 64: 2}


def draw(data: Labelled, n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows to learn from, `n` of each class where there are as many, and rows to test on."""
    generator = np.random.default_rng(seed)
    classes = data.gold.argmax(axis=1)
    official = data.parts == "test"
    pool = np.flatnonzero(~official)
    learn = np.concatenate([generator.permutation(pool[classes[pool] == k])[:n] for k in range(data.gold.shape[1])])
    if official.any():
        return learn, np.flatnonzero(official)
    if n >= 64:  # leave some of each rare class to test on
        keep = [generator.permutation(learn[classes[learn] == k]) for k in range(data.gold.shape[1])]
        learn = np.concatenate([rows[: max(len(rows) * 2 // 3, 1)] if len(rows) < n else rows for rows in keep])
    return learn, generator.permutation(np.setdiff1d(pool, learn))[:N_TEST]


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--draws", type=int, default=10)
    parser.add_argument("--tuned-draws", type=int, default=10)
    parser.add_argument("--setfit-draws", type=int, default=10)
    parser.add_argument("--sizes", type=int, nargs="+", default=[8, 16, 64])
    parser.add_argument("--sets", nargs="+", default=["gvfc", "plover"])
    options = parser.parse_args(arguments)
    for name in options.sets:
        data = gvfc() if name == "gvfc" else plover(roles=False)
        classes = data.gold.argmax(axis=1)
        for n in options.sizes:
            found: dict[str, list[tuple[float, float, float]]] = {}
            for seed in range(options.draws):
                learn, held = draw(data, n, seed)
                texts, new = [data.texts[row] for row in learn], [data.texts[row] for row in held]

                def judge(arm: str, given: np.ndarray, start: float, truth: np.ndarray = classes[held]) -> None:
                    f1 = f1_score(truth, given, average="macro", labels=np.unique(truth), zero_division=0)
                    took = time.perf_counter() - start
                    found.setdefault(arm, []).append((accuracy_score(truth, given), f1, took))  # noqa: B023

                for arm, strength, draws in (
                    ("ours, head", "head", options.draws),
                    ("ours, fine-tuned", "fine-tuned", options.tuned_draws),
                ):
                    if seed < draws:
                        start = time.perf_counter()
                        fitted = FrameClassifier(data.codebook, ENCODER, strength=strength, random_seed=seed)
                        fitted.fit(texts, data.gold[learn])
                        judge(arm, fitted.predict_proba(new).argmax(axis=1), start)
                if seed < options.setfit_draws:
                    start = time.perf_counter()
                    given = setfit(texts, classes[learn], new, encoder=ENCODER, iterations=ITERATIONS[n], seed=seed)
                    judge(f"SetFit ({ITERATIONS[n]} pairs a text)", given, start)
            n_learned = len(learn)
            for arm, values in found.items():
                accuracy, f1, took = np.mean(values, axis=0)
                spread = np.std(values, axis=0, ddof=1)[1] if len(values) > 1 else float("nan")
                print(f"{name}, {n} a class ({n_learned} texts), {arm}, {len(values)} draws: accuracy {accuracy:.3f}, "
                      f"macro-F1 {f1:.3f} ± {spread:.3f}, {took:.0f} s", flush=True)  # fmt: skip
            theirs = next((values for arm, values in found.items() if arm.startswith("SetFit")), [])
            for arm, values in found.items():
                if theirs and not arm.startswith("SetFit"):
                    n_shared = min(len(values), len(theirs))
                    above = sum(one[1] > other[1] for one, other in zip(values, theirs, strict=False))
                    print(f"  {arm}: macro-F1 above SetFit's in {above} of {n_shared} shared draws", flush=True)


if __name__ == "__main__":
    main()
