"""Whether promised precision and recall hold.

`python -m benchmarks.promises` draws labelled documents whose passages are alike, and counts promises that are made
and broken. On labelled sets (`benchmarks.learning`) thresholds are set on one half of the passages and checked on the
other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from framing.classify.classifier import FrameClassifier
from framing.classify.guarantees import set_guarantees
from framing.validation.ranking import calibration_error

N_SPLITS = 200
ASKED, CONFIDENCE = 0.85, 0.95
N_RUNS = 1500
SETTINGS = (  # documents, passages of each, intraclass correlation of labels and of the noise of scores
    (400, 1, 0.0), (67, 6, 0.3), (200, 6, 0.3), (67, 6, 0.5), (30, 20, 0.3), (30, 20, 0.5),
)  # fmt: skip
SHARE = 0.25  # of passages that carry the frame
AUCS = (0.95, 0.8)


@dataclass(frozen=True)
class Sample:
    """Labelled passages: labels, scores (a normal that is higher by `distance` for carriers) and documents."""

    labels: np.ndarray
    scores: np.ndarray
    documents: np.ndarray
    distance: float

    @property
    def given(self) -> np.ndarray:
        """Passages that the frame is given to: those whose chance to carry it is at least one half."""
        return self.scores >= self.distance / 2 + np.log((1 - SHARE) / SHARE) / self.distance

    def measure_precision(self, threshold: float) -> float:
        """Precision above a threshold in the population."""
        hits, errors = SHARE * norm.sf(threshold - self.distance), (1 - SHARE) * norm.sf(threshold)
        return float(hits / (hits + errors)) if hits else 1.0

    def measure_recall(self, threshold: float) -> float:
        """Recall above a threshold in the population."""
        return float(norm.sf(threshold - self.distance))


def draw_sample(n_documents: int, n_each: int, icc: float, auc: float, generator: np.random.Generator) -> Sample:
    documents = np.repeat(np.arange(n_documents), n_each)
    n = len(documents)
    share = np.full(n_documents, SHARE)
    if icc:
        share = generator.beta(SHARE * (1 - icc) / icc, (1 - SHARE) * (1 - icc) / icc, n_documents)
    labels = generator.random(n) < share[documents]
    of_document = generator.standard_normal(n_documents)[documents]
    noise = np.sqrt(icc) * of_document + np.sqrt(1 - icc) * generator.standard_normal(n)
    distance = float(np.sqrt(2) * norm.ppf(auc))
    return Sample(labels, distance * labels + noise, documents, distance)


def count_broken(setting: tuple[int, int, float], auc: float, *, by_document: bool) -> dict[str, tuple[float, float]]:
    """Share of runs in which a promise is made, and in which it is made and broken."""
    made, broken = np.zeros(2), np.zeros(2)
    for run in range(N_RUNS):
        sample = draw_sample(*setting, auc, np.random.default_rng([run, setting[0], setting[1]]))
        present_from, absent_below, _ = set_guarantees(
            sample.labels[:, None], sample.scores[:, None], sample.given[:, None], frames=["f"],
            precision={"f": ASKED}, recall={"f": ASKED}, confidence=CONFIDENCE,
            documents=sample.documents if by_document else None,
        )  # fmt: skip
        thresholds = (present_from[0], absent_below[0])
        measured = (sample.measure_precision(thresholds[0]), sample.measure_recall(thresholds[1]))
        made += np.isfinite(thresholds)
        broken += np.isfinite(thresholds) & (np.array(measured) < ASKED)
    return {name: (made[place] / N_RUNS, broken[place] / N_RUNS) for place, name in enumerate(("precision", "recall"))}


def main() -> None:
    print(f"Promises of {ASKED} at a confidence of {CONFIDENCE}, {N_RUNS} runs each: made and broken (made)")
    for auc in AUCS:
        for setting in SETTINGS:
            parts = []
            for by_document in (True, False):
                for name, (made, broken) in count_broken(setting, auc, by_document=by_document).items():
                    se = np.sqrt(max(broken * (1 - broken), 1 / N_RUNS) / N_RUNS)
                    parts.append(f"{name} {broken:.3f} +- {se:.3f} ({made:.2f})")
            n_documents, n_each, icc = setting
            title = f"AUC {auc}, {n_documents} documents of {n_each}, intraclass correlation {icc}"
            print(f"{title}: {', '.join(parts[:2])}; without documents {', '.join(parts[2:])}", flush=True)


def report_promises(title: str, gold: np.ndarray, scores: np.ndarray, fitted: FrameClassifier) -> None:
    """Print calibration error and, over random splits, how often precision >= ASKED held where it was promised.

    Scores are out of fold. A split sets thresholds on a random half and checks them on the other half: for each
    frame, and for all decisions of promised frames together. On half a frame's passages a precision that holds
    can be missed by the luck of the half, so it is checked on all labelled passages as well.
    """
    frames = fitted.codebook.frame_ids
    chosen = fitted.decision_rule_.choose(scores)
    generator = np.random.default_rng(0)
    n = len(gold)
    n_held, coverage, n_promised, n_short, n_held_overall, pooled = 0, [], 0, 0, 0, []
    for _ in range(N_SPLITS):
        order = generator.permutation(n)
        setting, checking = order[: n // 2], order[n // 2 :]
        thresholds, _, _ = set_guarantees(
            gold[setting], scores[setting], chosen[setting], frames=frames,
            precision=dict.fromkeys(frames, ASKED), recall={}, confidence=0.95,
        )  # fmt: skip
        right = total = 0
        for column in range(len(frames)):
            given = chosen[checking, column]
            if not np.isfinite(thresholds[column]) or not given.any():
                n_short += 1
                continue
            decided = given & (scores[checking, column] >= thresholds[column])
            everywhere = chosen[:, column] & (scores[:, column] >= thresholds[column])
            n_promised += 1
            coverage.append(decided.sum() / given.sum())
            n_held += gold[checking[decided], column].mean() >= ASKED if decided.any() else True
            n_held_overall += gold[everywhere, column].mean() >= ASKED
            right += gold[checking[decided], column].sum()
            total += decided.sum()
        if total:
            pooled.append(right / total >= ASKED)
    print(f"{title}: calibration error {calibration_error(gold.ravel(), scores.ravel()):.4f} (out of fold)", flush=True)
    total = n_promised + n_short
    if not n_promised:
        print(f"{title}: precision {ASKED} could be promised in none of {total} frames and splits: too few labels")
        return
    print(
        f"{title}: precision >= {ASKED} asked, {N_SPLITS} splits: promised in {n_promised / total:.0%} of frames and "
        f"splits; held on the other half for all promised frames together in {np.mean(pooled):.1%} of splits, for "
        f"single frames in {n_held / n_promised:.1%}, on all labelled passages in {n_held_overall / n_promised:.1%}; "
        f"coverage {np.mean(coverage):.0%} of the passages that would be given the frame",
        flush=True,
    )


if __name__ == "__main__":
    main()
