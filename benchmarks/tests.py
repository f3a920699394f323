"""Do the tests of differences keep their promise, and what do they find? Corpora are drawn whose shares are known.

python -m benchmarks.tests [--runs 400] [--only errors power intervals time]

Each figure has its Monte Carlo standard error in brackets. Power is the share of true differences that are found: of
one against the rest, that the outlet stands out on a frame; of pairs, each of its five pairs; of frames, that the frame
is found.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import t as student

from benchmarks.populations import (
    MIXED,
    MIXED_ICC,
    World,
    compare,
    compare_decisions,
    correct,
    draw_passages,
    everywhere,
    one_higher,
)
from framing.estimates.against_rest import compare_with_rest
from framing.estimates.compare import compare_groups
from framing.estimates.comparison import Comparison
from framing.estimates.frame_tests import compare_frames
from framing.estimates.hypotheses import compare_hypotheses
from framing.estimates.joint_differences import REST, judge_differences, measure_jointly
from framing.estimates.omnibus import close_pairs, compare_all
from framing.uncertainty.intervals import score_bounds
from framing.uncertainty.joint import holm

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

LEVEL, DRAWS, FIRST_SEED = 0.95, 500, 770_000
SHIFT = np.array([-0.9, -0.4, 0.0, 0.2, 0.6, 1.0])
PASSAGES = {"drawn": "passages", "n": 48}

NULLS = {
    "N1 all 8 %, 8 documents": World(everywhere(0.08)),
    "N2 2 to 25 %, icc .3": World(everywhere(MIXED), icc=0.3),
    "N2b icc .05 to .4": World(everywhere(MIXED), icc=MIXED_ICC),
    "N3 48 passages": World(everywhere(MIXED), **PASSAGES),
    "N4 errors differ by outlet": World(everywhere(MIXED), shift=SHIFT),
    "N5 AUC .65, 48 passages": World(everywhere(MIXED), auc=0.65, **PASSAGES),
    "stories, icc .1": World(everywhere(MIXED), stories=12, icc_story=0.1),
    "stories, icc .3": World(everywhere(MIXED), stories=12, icc_story=0.3),
    "20 to 120 passages": World(everywhere(MIXED), drawn="passages", n=(20, 30, 48, 60, 90, 120)),
    "one outlet icc .5, others .05": World(everywhere(MIXED), icc=np.array([[0.5], *[[0.05]] * 5])),
}
POWERS = {
    "P1 5 v 20 %, 8 documents": World(one_higher(0.20)),
    "P2 5 v 20 %, 48 passages": World(one_higher(0.20), **PASSAGES),
    "P3 5 v 35 %, 8 documents": World(one_higher(0.35)),
    "P4 5 v 20 %, AUC .65": World(one_higher(0.20), auc=0.65),
    "P5 5 v 35 %, 48 passages": World(one_higher(0.35), **PASSAGES),
    "P6 5 v 20 %, 16 documents": World(one_higher(0.20), n=16),
}
DECISIONS = {
    "decisions, 33 documents": World(everywhere(MIXED), icc=0.3),
    "decisions, 6 documents": World(everywhere(MIXED), icc=0.3, n_documents=6),
    "decisions, stories icc .1": World(everywhere(MIXED), stories=12, icc_story=0.1),
    "decisions, stories icc .3": World(everywhere(MIXED), stories=12, icc_story=0.3),
}
INTERVALS = {
    "8 documents, icc .1": World(everywhere(MIXED)),
    "8 documents, icc .4": World(everywhere(MIXED), icc=0.4),
    "8 documents, AUC .65": World(everywhere(MIXED), auc=0.65),
    "17 documents, icc .4": World(everywhere(MIXED), icc=0.4, n=17),
    "48 passages": World(everywhere(MIXED), **PASSAGES),
    "one outlet icc .5, others .05": World(everywhere(MIXED), icc=np.array([[0.5], *[[0.05]] * 5])),
    "one outlet AUC .65, others .95": World(everywhere(MIXED), auc=np.array([0.65, *[0.95] * 5])),
    "30 to 110 passages": World(everywhere(MIXED), drawn="passages", n=(30, 35, 48, 60, 90, 110)),
}
TIMED = [{"frame": "f0", "groups": ["0", "rest"]}, {"frame": "f1", "groups": ["0", "1"], "expect": "more"}]
PLANNED = ((0, REST, 0, 1), (0, 1, 1, 0), (0, REST, 2, 0), (0, 3, 3, 1))  # groups, frame and side


def judge(comparison: Comparison, seed: int) -> dict[str, tuple[Array, Array]]:
    """Single and joint p-values of each family."""
    evidence, pooled = comparison.evidence, comparison.pooled
    places = np.arange(len(evidence.shares))
    first, second = np.array(list(combinations(places, 2))).T
    frames = compare_all(evidence, pooled).p_value
    options = {"n_bootstrap": DRAWS, "random_seed": seed}
    rest = measure_jointly(comparison, places, np.full(len(places), REST), columns=None, sides=None, **options)
    closed = close_pairs(evidence, pooled, first, second)
    single = [compare_all(evidence, pooled, np.array(pair)).p_value for pair in zip(first, second, strict=True)]
    a, b, columns, sides = (np.array(part) for part in zip(*PLANNED, strict=True))
    planned = measure_jointly(comparison, a, b, columns=columns, sides=sides, **options)
    one = measure_jointly(comparison, a[1:2], b[1:2], columns=columns[1:2], sides=None, **options)
    return {
        "frames": (frames, holm(frames)),
        "one v rest": (rest.p_value, rest.p_adjusted),
        "pairs": (np.array(single), closed),
        "four hypotheses": (planned.p_value[:, 0], planned.p_adjusted[:, 0]),
        "one hypothesis": (one.p_value[0], one.p_adjusted[0]),
    }


def find_truth(shares: Array) -> dict[str, Flags]:
    """Which differences are there, family by family."""
    first, second = np.array(list(combinations(range(len(shares)), 2))).T
    others = (shares.sum(axis=0) - shares) / (len(shares) - 1)
    planned = [shares[a, k] - (others[a, k] if b == REST else shares[b, k]) for a, b, k, _ in PLANNED]
    differs = {
        "frames": np.ptp(shares, axis=0),
        "one v rest": shares - others,
        "pairs": shares[first] - shares[second],
        "four hypotheses": np.array(planned),
        "one hypothesis": np.array(planned[1:2]),
    }
    return {name: np.abs(difference) > 1e-12 for name, difference in differs.items()}


def write_share(values: Array) -> str:
    mean = float(np.mean(values))
    return f"{mean:.3f} ({np.std(values) / np.sqrt(len(values)):.3f})"


def measure_tests(
    title: str, world: World, runs: int, draw: Callable[[World, np.random.Generator], Comparison], first_seed: int
) -> None:
    truth = find_truth(world.shares)
    false: dict[str, list[bool]] = {name: [] for name in truth}
    found: dict[str, list[float]] = {name: [] for name in truth}
    alone: dict[str, list[float]] = {name: [] for name in truth}
    for run in range(runs):
        seed = first_seed + run
        for name, (single, joint) in judge(draw(world, np.random.default_rng(seed)), seed).items():
            rejected, is_true = joint < 1 - LEVEL, truth[name]
            if not is_true.all():
                false[name].append(bool(rejected[~is_true].any()))
                alone[name].append(float((single[~is_true] < 1 - LEVEL).mean()))
            if is_true.any():
                asked = rejected[0, is_true[0]] if name == "one v rest" else rejected[is_true]
                found[name].append(float(asked.mean()))
    parts = []
    for name in truth:
        part = f"{name}: "
        if false[name]:
            part += f"any false {write_share(np.array(false[name], float))}, each alone {np.mean(alone[name]):.3f}"
        if found[name]:
            part += f"{', ' if false[name] else ''}found {write_share(np.array(found[name]))}"
        parts.append(part)
    print(f"{title} [{runs} runs]: " + "; ".join(parts), flush=True)


def draw_corrected(world: World, generator: np.random.Generator) -> Comparison:
    return compare(correct(world, generator))


def bound_alone(estimate: Array, variance: Array, degrees: float, n: float) -> tuple[Array, Array]:
    """The interval of version 0.1: the variance of the group alone, n / (n - 2), Student's t of its units less two."""
    quantile = float(student.ppf((1 + LEVEL) / 2, degrees))
    return score_bounds(estimate, np.sqrt(variance), n_gold=int(n), quantile=quantile)


def measure_intervals(title: str, world: World, runs: int, first_seed: int) -> None:
    """Coverage and width of intervals of shares, beside those of each group alone; joint coverage of differences."""
    first, second = np.array(list(combinations(range(len(world.shares)), 2))).T
    gaps = world.shares[first] - world.shares[second]
    covered, before, width, width_before, joint = [], [], [], [], []
    for run in range(runs):
        groups = correct(world, np.random.default_rng(first_seed + run))
        comparison = compare(groups)
        pooled = comparison.pooled
        shares = comparison.evidence.shares
        quantile = student.ppf((1 + LEVEL) / 2, pooled.degrees)
        n_gold = np.array([[round(group.n_kish)] for group in groups])
        low, high = score_bounds(shares, np.sqrt(pooled.variances), n_gold=n_gold, quantile=quantile)
        covered.append((low <= world.shares) & (world.shares <= high))
        width.append(high - low)
        alone = [bound_alone(group.theta, group.variance, group.degrees, group.n_kish) for group in groups]
        lows, highs = (np.array([bounds[side] for bounds in alone]) for side in (0, 1))
        before.append((lows <= world.shares) & (world.shares <= highs))
        width_before.append(highs - lows)
        if run < runs // 4:
            tested = judge_differences(
                comparison, first, second, level=LEVEL, n_bootstrap=DRAWS, random_seed=run, within=0.1
            )
            joint.append(bool(((tested.low <= gaps) & (gaps <= tested.high)).all()))
    each = np.mean(covered, axis=0)
    by_run = np.mean(covered, axis=(1, 2))
    common = world.shares[0] >= 0.1
    ratios = [np.mean(width, axis=(0, 1))[part].mean() / np.mean(width_before, axis=(0, 1))[part].mean()
              for part in (common, ~common)]  # fmt: skip
    print(
        f"{title} [{runs} runs]: covered {write_share(by_run)}, by outlet {each.mean(axis=1).min():.3f} to "
        f"{each.mean(axis=1).max():.3f}, by frame {each.mean(axis=0).min():.3f} to {each.mean(axis=0).max():.3f}; "
        f"before {np.mean(before):.3f} (by outlet from {np.mean(before, axis=(0, 2)).min():.3f}); width over before: "
        f"p >= .10 {ratios[0]:.3f}, rarer {ratios[1]:.3f}; "
        f"mean width p >= .10 {np.mean(width, axis=(0, 1))[common].mean():.3f}; "
        f"all 210 differences inside {write_share(np.array(joint, float))}",
        flush=True,
    )


def measure_unequal_weights(runs: int) -> None:
    """One outlet, four labels in a stratum of three passages in five: target corpus (.75 in version 0.1)."""
    for auc in (0.65, 0.95):
        world = World(everywhere(0.1, 1), auc=auc, drawn="passages", n=48, weighted=True, target="corpus")
        covered = []
        for run in range(runs):
            generator = np.random.default_rng(FIRST_SEED + run)
            state = generator.bit_generator.state
            (group,) = correct(world, generator)
            generator.bit_generator.state = state
            truth = draw_passages(world, generator)[0][0].mean(axis=(0, 1))
            low, high = bound_alone(group.theta, group.variance, group.degrees, group.n_kish)
            covered.append(float(((low <= truth) & (truth <= high)).mean()))
        print(
            f"four labels in a stratum of .6, AUC {auc}, these passages only [{runs} runs]: covered "
            f"{write_share(np.array(covered))}",
            flush=True,
        )


def make_table(n_groups: int, n_documents: int, n_passages: int, k: int, n_gold: int) -> pd.DataFrame:
    """A classified table with labels, its documents in stories of about four."""
    generator = np.random.default_rng(1)
    n = n_groups * n_documents * n_passages
    document = np.repeat(np.arange(n_groups * n_documents), n_passages)
    outlet = document // n_documents
    labels = (generator.random((n, k)) < np.resize(MIXED, k)).astype(float)
    scores = 0.5 * labels + 0.5 * generator.random((n, k))
    weight = np.zeros(n)
    for group in range(n_groups):
        rows = np.flatnonzero(outlet == group)
        weight[generator.choice(rows, n_gold, replace=False)] = len(rows) / n_gold

    def rows_of(values: NDArray[np.generic]) -> NDArray[np.generic]:
        return np.repeat(values, k)

    gold = np.repeat(weight > 0, k)
    return pd.DataFrame({
        "passage_id": rows_of(np.arange(n)), "document_id": rows_of(document), "outlet": rows_of(outlet),
        "perspective": "", "published": pd.NaT, "text": "", "cluster": rows_of(document // 4),
        "frame": np.tile([f"f{number}" for number in range(k)], n), "score": scores.ravel(),
        "decision": np.where(scores.ravel() >= 0.5, "present", "absent"), "proxy": scores.ravel(),
        "gold": np.where(gold, labels.ravel(), np.nan), "gold_proxy": np.where(gold, scores.ravel(), np.nan),
        "gold_weight": rows_of(weight), "gold_stratum": rows_of(outlet), "gold_cluster": rows_of(np.arange(n)),
    })  # fmt: skip


def measure_time() -> None:
    for title, sizes in (("9 outlets, 14 frames, 11,997 documents", (9, 1333, 6, 14, 100)),
                         ("200 outlets, 6 frames, 4,000 documents", (200, 20, 5, 6, 40))):  # fmt: skip
        table = make_table(*sizes)
        total = 0.0
        for name, call in (
            ("hypotheses", lambda table: compare_hypotheses(table, TIMED)), ("frames", compare_frames),
            ("one v rest", compare_with_rest), ("pairs", compare_groups),
            ("pairs of decisions", lambda table: compare_groups(table, corrected=False)),
        ):  # fmt: skip
            start = time.perf_counter()
            n_rows = len(call(table))
            total += time.perf_counter() - start
            print(f"{title}: {name}, {n_rows:,} rows, {time.perf_counter() - start:.1f} s", flush=True)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
        print(f"{title}: all tests {total:.1f} s, at most {peak:.2f} GiB so far", flush=True)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=400)
    parser.add_argument("--first-seed", type=int, default=FIRST_SEED)
    parser.add_argument("--only", nargs="+", default=["errors", "power", "intervals", "time"])
    options = parser.parse_args(arguments)
    if "errors" in options.only:
        for title, world in NULLS.items():
            measure_tests(title, world, options.runs, draw_corrected, options.first_seed)
        for title, world in DECISIONS.items():
            measure_tests(title, world, options.runs, compare_decisions, options.first_seed)
    if "power" in options.only:
        for title, world in POWERS.items():
            measure_tests(title, world, options.runs, draw_corrected, options.first_seed)
    if "intervals" in options.only:
        for title, world in INTERVALS.items():
            measure_intervals(title, world, max(options.runs // 2, 1), options.first_seed)
        measure_unequal_weights(options.runs)
    if "time" in options.only:
        measure_time()


if __name__ == "__main__":
    main()
