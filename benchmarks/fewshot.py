"""Few labels: framing and SetFit on the same draws of labelled texts, with the same encoder.

python -m benchmarks.fewshot [--draws 10] [--tuned-draws 10] [--setfit-draws 10] [--sizes 8 16 64] [--sets gvfc plover]
"""

from __future__ import annotations

import argparse
import time
from typing import NamedTuple

import numpy as np
from sklearn.metrics import accuracy_score, f1_score

from benchmarks.baselines import predict_by_setfit
from benchmarks.labelled import Labelled, gvfc, plover
from framing.classify.classifier import FrameClassifier

ENCODER = "minilm"
N_TEST = 300
# Pairs of each kind a text (the library's examples take 20): fewer with more labels, which have more pairs anyway.
ITERATIONS = {8: 10, 16: 5, 64: 2}


class Trial(NamedTuple):
    """Agreement of one fitted classifier on one draw, and the seconds of fitting and scoring."""

    accuracy: float
    f1: float
    seconds: float


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


def try_arms(data: Labelled, n: int, options: argparse.Namespace) -> dict[str, list[Trial]]:
    """Trials of each arm on draws of `n` labelled texts a class; draw j is the same for all arms."""
    classes = data.gold.argmax(axis=1)
    trials: dict[str, list[Trial]] = {}
    for seed in range(options.draws):
        learn, test = draw(data, n, seed)
        texts, new = [data.texts[row] for row in learn], [data.texts[row] for row in test]
        for arm, strength, n_draws in (
            ("framing, head", "head", options.draws),
            ("framing, fine-tuned", "fine-tuned", options.tuned_draws),
        ):
            if seed < n_draws:
                start = time.perf_counter()
                fitted = FrameClassifier(data.codebook, ENCODER, strength=strength, random_seed=seed)
                fitted.fit(texts, data.gold[learn])
                predicted = fitted.predict_proba(new).argmax(axis=1)
                trials.setdefault(arm, []).append(measure(classes[test], predicted, time.perf_counter() - start))
        if seed < options.setfit_draws:
            start, pairs = time.perf_counter(), ITERATIONS[n]
            predicted = predict_by_setfit(texts, classes[learn], new, encoder=ENCODER, iterations=pairs, seed=seed)
            trial = measure(classes[test], predicted, time.perf_counter() - start)
            trials.setdefault(f"SetFit ({pairs} pairs a text)", []).append(trial)
    return trials


def measure(classes: np.ndarray, predicted: np.ndarray, seconds: float) -> Trial:
    f1 = f1_score(classes, predicted, average="macro", labels=np.unique(classes), zero_division=0)
    return Trial(float(accuracy_score(classes, predicted)), float(f1), seconds)


def print_trials(title: str, trials: dict[str, list[Trial]]) -> None:
    for arm, values in trials.items():
        accuracy, f1, seconds = np.mean(values, axis=0)
        spread = np.std([trial.f1 for trial in values], ddof=1) if len(values) > 1 else float("nan")
        print(
            f"{title}, {arm}, {len(values)} draws: accuracy {accuracy:.3f}, macro-F1 {f1:.3f} ± {spread:.3f}, "
            f"{seconds:.0f} s",
            flush=True,
        )
    setfit = next((values for arm, values in trials.items() if arm.startswith("SetFit")), [])
    for arm, values in trials.items():
        if setfit and not arm.startswith("SetFit"):
            n_shared = min(len(values), len(setfit))
            above = sum(one.f1 > other.f1 for one, other in zip(values, setfit, strict=False))
            print(f"  {arm}: macro-F1 above SetFit's in {above} of {n_shared} shared draws", flush=True)


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
        for n in options.sizes:
            n_learned = len(draw(data, n, 0)[0])
            print_trials(f"{name}, {n} a class ({n_learned} texts)", try_arms(data, n, options))


if __name__ == "__main__":
    main()
