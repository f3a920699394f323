"""Rounds of draws that learn, against a stratified draw of as many labels: width, coverage, accuracy of the classifier.

python -m benchmarks.active [gvfc|plover|semeval …] [--labels N] [--draws 2000] [--floor 0.5] [--equal] [--known]

Each text is a document. A fifth of the texts is held out; shares are those of the rest, which are known. The classifier
is a ridge regression on sentence embeddings and the zero-shot scores, fast enough to learn anew in each round of each
draw; out-of-fold scores leave one text out. Estimates and intervals are the package's (target: corpus). Rounds grow as
1:2:3:4, or are of equal size.
"""

from __future__ import annotations

import argparse
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import t as student

from benchmarks.labelled import Labelled, gvfc, plover, semeval
from framing.classify.classifier import FrameClassifier
from framing.coding.chances import FLOOR, draw_systematic, mix_chances, share_rounds, weigh_rounds
from framing.coding.sampling import Plan, plan_sample
from framing.coding.teaching import expect_errors, learn_errors, spread_of_units
from framing.encoders.sentence import default_store, open_encoder
from framing.estimates.corrected_groups import Population, correct_groups
from framing.estimates.labelled_sample import LabelledSample
from framing.uncertainty.intervals import score_bounds

Array = NDArray[np.float64]
Places = NDArray[np.int64]

SETS = {"gvfc": lambda: gvfc(both=True), "plover": lambda: plover(roles=False), "semeval": lambda: semeval("en")}
PENALTIES = (0.3, 1.0, 3.0, 10.0)
HELD_OUT = 5  # one text in so many


class World(NamedTuple):
    """Texts drawn from (the first `n`) and held out (the rest): similarities, labels, zero-shot scores."""

    kernel: Array
    labels: Array
    zero_shot: Array
    n: int
    frames: list[str]

    @property
    def truth(self) -> Array:
        return self.labels[: self.n].mean(axis=0)


class Draw(NamedTuple):
    """Labelled rows, what each stands for, scores of all texts, and out-of-fold scores of the labelled ones."""

    rows: Places
    weights: Array
    scores: Array
    out_of_fold: Array


def open_world(data: Labelled, encoder: str) -> World:
    order = np.random.default_rng(0).permutation(len(data.texts))
    opened = open_encoder(encoder, store=default_store())
    vectors = opened.encode(data.texts).astype(float)[order]
    zero_shot = FrameClassifier(data.codebook, opened).fit().predict_proba(data.texts)[order]
    held = np.clip(zero_shot, 0.01, 0.99)
    logits = np.log(held / (1 - held))
    kernel = np.ones((len(order), len(order)))
    for part in (vectors - vectors.mean(axis=0), (logits - logits.mean(axis=0)) / logits.std(axis=0)):
        similar = part @ part.T
        kernel += similar / np.diag(similar).mean()
    n = len(order) - len(order) // HELD_OUT
    return World(kernel, data.gold[order].astype(float), zero_shot, n, data.codebook.frame_ids)


def learn(world: World, rows: Places) -> tuple[Array, Array]:
    """Scores of all texts, and leave-one-out scores of the labelled ones; the penalty is the best by the latter."""
    values, vectors = np.linalg.eigh(world.kernel[np.ix_(rows, rows)])
    y, best = world.labels[rows], (np.inf, np.empty(0), 0.0)
    rotated = vectors.T @ y
    for penalty in PENALTIES:
        shrink = values / (values + penalty)
        leverage = (vectors**2) @ shrink
        left_out = np.clip(y - (y - vectors @ (shrink[:, None] * rotated)) / (1 - leverage)[:, None], 0, 1)
        loss = float(((y - left_out) ** 2).sum())
        if loss < best[0]:
            best = (loss, left_out, penalty)
    dual = vectors @ (rotated / (values + best[2])[:, None])
    return np.clip(world.kernel[:, rows] @ dual, 0, 1), best[1]


def know_errors(world: World, n_drawn: int) -> Array:
    """Squared errors as no draw can know them: of ten random draws' classifiers, means over 25 bands of scores."""
    errors = np.zeros((world.n, world.labels.shape[1]))
    for number in range(10):
        draw = draw_random(world, n_drawn, np.random.default_rng([3, number]))
        scores = draw.scores[: world.n].copy()
        scores[draw.rows] = draw.out_of_fold
        squares = (world.labels[: world.n] - scores) ** 2
        for frame, column in enumerate(scores.T):
            for band in np.array_split(np.argsort(column), 25):
                errors[band, frame] += squares[band, frame].mean() / 10
    return errors


def draw_active(
    world: World,
    sizes: list[int],
    frames: Places,
    floor: float,
    generator: np.random.Generator,
    *,
    known: Array | None = None,
) -> Draw:
    n, group = world.n, np.zeros(world.n, dtype=np.int64)
    rows, rounds = np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    chances, weights, scores, out_of_fold = (np.empty(0) for _ in range(4))
    for number, size in enumerate(sizes):
        errors = expect_errors(world.zero_shot[:n])
        if number:
            errors = learn_errors(
                scores[:n], out_of_fold=out_of_fold, labels=world.labels[rows], weights=weights,
                other=world.zero_shot[:n], other_labelled=world.zero_shot[rows],
            )  # fmt: skip
        errors = errors if known is None else known
        left = np.setdiff1d(np.arange(n), rows)
        spreads = spread_of_units(errors[:, frames], np.arange(n))[left]
        largest = float(share_rounds(sizes[: number + 1])[-1])
        pi = mix_chances(spreads, group[left], sizes=np.array([n]), n_drawn=size, floor=floor, largest=largest)
        hits = draw_systematic(pi, group[left], generator)
        rows, chances = np.r_[rows, left[hits]], np.r_[chances, pi[hits]]
        rounds = np.r_[rounds, np.full(size, number)]
        weights = weigh_rounds(chances, rounds, sizes[: number + 1])
        scores, out_of_fold = learn(world, rows)
    return Draw(rows, weights, scores, out_of_fold)


def draw_stratified(world: World, plan: Plan, seed: int) -> Draw:
    drawn = plan.draw(seed)
    chances = plan.strata["inclusion_probability"].to_numpy(float)[plan.code[drawn]]
    rows = plan.units["unit_id"].to_numpy(str)[drawn].astype(np.int64)
    return Draw(rows, 1 / chances, *learn(world, rows))


def draw_unsure(world: World, sizes: list[int], frames: Places) -> Draw:
    """Plain uncertainty sampling: the texts with the largest p (1 - p), no chances; the first round by zero-shot."""
    rows, scores = np.empty(0, dtype=np.int64), world.zero_shot
    for size in sizes:
        unsure = (scores * (1 - scores))[: world.n, frames].sum(axis=1)
        unsure[rows] = -1
        rows = np.r_[rows, np.argsort(-unsure, kind="stable")[:size]]
        scores, out_of_fold = learn(world, rows)
    return Draw(rows, np.full(len(rows), world.n / len(rows)), scores, out_of_fold)


def draw_random(world: World, n_drawn: int, generator: np.random.Generator) -> Draw:
    rows = generator.choice(world.n, n_drawn, replace=False)
    return Draw(rows, np.full(n_drawn, world.n / n_drawn), *learn(world, rows))


def estimate(world: World, draw: Draw) -> tuple[Array, Array, Array]:
    """Corrected shares of all frames, and their bounds."""
    n, k = world.n, world.labels.shape[1]
    scores = draw.scores[:n].copy()
    scores[draw.rows] = draw.out_of_fold
    sample = LabelledSample(
        keys=[("all",)] * len(draw.rows),
        documents=draw.rows.astype(object),
        units=draw.rows.astype(object),
        sampled_units=draw.rows,
        strata=np.zeros(len(draw.rows), dtype=np.int64),
        inverse_chances=draw.weights,
        passage_weights=np.ones(len(draw.rows)),
        labels=world.labels[draw.rows],
        proxies=draw.out_of_fold,
    )
    everything = Population(np.ones((n, k)), scores, np.arange(n).astype(object), n)
    group = correct_groups([sample], [everything], target="corpus")[0]
    assert group is not None
    quantile = student.ppf(0.975, group.degrees)
    low, high = score_bounds(group.theta, np.sqrt(group.variance), n_gold=len(draw.rows), quantile=quantile)
    return group.theta, low, high


class Result(NamedTuple):
    """Over draws: mean squared width and error of the frames of interest, coverage, bias in standard errors, F1."""

    width: float
    error: float
    coverage: float
    lowest: float
    bias: float
    f1: float


def repeat(world: World, make: object, n_draws: int, frames: Places) -> Result:
    theta, low, high, f1 = [], [], [], []
    y = world.labels[world.n :].astype(bool)
    for number in range(n_draws):
        draw = make(number)  # type: ignore[operator]
        for values, value in zip((theta, low, high), estimate(world, draw), strict=True):
            values.append(value[frames])
        decided = draw.scores[world.n :] >= 0.4  # one threshold for all; labels choose none here
        f1.append(2 * (decided & y).sum() / max((decided.sum() + y.sum()), 1))
    estimates, lows, highs = np.array(theta), np.array(low), np.array(high)
    truth = world.truth[frames]
    covered = ((lows <= truth) & (truth <= highs)).mean(axis=0)
    errors = estimates - truth
    spread = errors.std(axis=0, ddof=1) / np.sqrt(n_draws) if n_draws > 1 else np.zeros(len(frames))
    varies = spread > 0  # not one draw alone, nor a frame that no text has
    bias = float(np.abs(errors.mean(axis=0)[varies] / spread[varies]).max()) if varies.any() else np.nan
    return Result(
        float(((highs - lows) ** 2).mean()), float((errors**2).mean()), float(covered.mean()), float(covered.min()),
        bias, float(np.mean(f1)),
    )  # fmt: skip


def find_ratio(active: float, stratified: float, n: int, n_all: int) -> float:
    """Labels that the active draw needs for one the stratified draw needs: squares fall as 1 / n - 1 / N."""
    as_many = 1 / (active / stratified * (1 / n - 1 / n_all) + 1 / n_all)
    return n / as_many


def report(name: str, options: argparse.Namespace) -> None:
    world = open_world(SETS[name](), options.encoder)
    n = options.labels or (100 if name == "semeval" else 200)
    sizes = [n // 4] * 4 if options.equal else [n // 10, n * 2 // 10, n * 3 // 10]
    sizes = [*sizes[:3], n - sum(sizes[:3])]
    k = len(world.frames)
    tenth = int(np.abs(world.truth - 0.1).argmin())
    known = know_errors(world, n) if options.known else None
    aims = {"all frames": np.arange(k)}
    for frame in dict.fromkeys((int(world.truth.argmax()), tenth)):
        aims[f"{world.frames[frame]} ({world.truth[frame]:.0%})"] = np.array([frame])
    passages = pd.DataFrame({"passage_id": [f"{row:06}" for row in range(world.n)]})
    passages = passages.assign(document_id=passages["passage_id"], outlet="all", published=pd.NaT)
    for aim, frames in aims.items():
        plan = plan_sample(passages, size=n, scores=world.zero_shot[: world.n, frames])
        makers = {
            "stratified": (lambda number, plan=plan: draw_stratified(world, plan, number), options.draws),
            "rounds that learn": (
                lambda number, frames=frames: draw_active(
                    world, sizes, frames, options.floor, np.random.default_rng([1, number]), known=known
                ),
                options.draws,
            ),
            "random": (lambda number: draw_random(world, n, np.random.default_rng([2, number])), options.draws),
            "the least sure": (lambda _, frames=frames: draw_unsure(world, sizes, frames), 1),
        }
        print(f"{name}, {world.n} texts, {n} labels in rounds of {sizes}; {aim}; {options.draws} draws", flush=True)
        results = {}
        for kind, (make, n_draws) in makers.items():
            results[kind] = result = repeat(world, make, n_draws, frames)
            print(
                f"  {kind:<18} width {np.sqrt(result.width):.4f}  error {np.sqrt(result.error):.4f}  coverage "
                f"{result.coverage:.3f} (least {result.lowest:.3f})  bias {result.bias:.1f} se  held-out micro-F1 "
                f"{result.f1:.3f}",
                flush=True,
            )
        first = results["rounds that learn"]
        for kind in ("stratified", "random"):
            other = results[kind]
            by_width = find_ratio(first.width, other.width, n, world.n)
            by_error = find_ratio(first.error, other.error, n, world.n)
            print(
                f"  rounds need {by_width:.2f} of the labels of the {kind} draw for the same width, "
                f"{by_error:.2f} for the same error",
                flush=True,
            )


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", default=list(SETS))
    parser.add_argument("--labels", type=int, help="200, and 100 of semeval, which has 433 texts")
    parser.add_argument("--draws", type=int, default=2000)
    parser.add_argument("--floor", type=float, default=FLOOR)
    parser.add_argument("--encoder", default="minilm")
    parser.add_argument("--equal", action="store_true", help="four rounds of one size")
    parser.add_argument("--known", action="store_true", help="chances from the true errors: what no draw can do")
    given = parser.parse_args(arguments)
    for each in given.sets:
        report(each, given)


if __name__ == "__main__":
    main()
