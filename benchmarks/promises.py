"""Whether promised precision holds: thresholds are set on one half of the labelled passages, checked on the other."""

from __future__ import annotations

import numpy as np

from framing.classify.classifier import FrameClassifier
from framing.classify.guarantees import set_guarantees
from framing.validation.ranking import calibration_error

N_SPLITS = 200
ASKED = 0.85


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
