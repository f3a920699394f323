"""Whether promised precision and recall hold: thresholds set on some labelled passages, checked on the others."""

from __future__ import annotations

import numpy as np

from framing.classify.classifier import FrameClassifier
from framing.classify.guarantees import set_guarantees
from framing.validation.decisions import calibration_error

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
    held_where, coverage, promised, short, population, pooled = 0, [], 0, 0, 0, []
    for _ in range(N_SPLITS):
        order = generator.permutation(n)
        here, there = order[: n // 2], order[n // 2 :]
        cut, _, _ = set_guarantees(
            gold[here], scores[here], chosen[here], frames=frames,
            precision=dict.fromkeys(frames, ASKED), recall={}, confidence=0.95,
        )  # fmt: skip
        right = total = 0
        for column in range(len(frames)):
            given = chosen[there, column]
            if not np.isfinite(cut[column]) or not given.any():
                short += 1
                continue
            kept = given & (scores[there, column] >= cut[column])
            everywhere = chosen[:, column] & (scores[:, column] >= cut[column])
            promised += 1
            coverage.append(kept.sum() / given.sum())
            held_where += gold[there[kept], column].mean() >= ASKED if kept.any() else True
            population += gold[everywhere, column].mean() >= ASKED
            right += gold[there[kept], column].sum()
            total += kept.sum()
        if total:
            pooled.append(right / total >= ASKED)
    print(f"{title}: calibration error {calibration_error(gold.ravel(), scores.ravel()):.4f} (out of fold)", flush=True)
    total = promised + short
    if not promised:
        print(f"{title}: precision {ASKED} could be promised in none of {total} frames and splits: too few labels")
        return
    print(
        f"{title}: precision >= {ASKED} asked, {N_SPLITS} splits: promised in {promised / total:.0%} of frames and "
        f"splits; held on the other half for all promised frames together in {np.mean(pooled):.1%} of splits, for "
        f"single frames in {held_where / promised:.1%}, on all labelled passages in {population / promised:.1%}; "
        f"coverage {np.mean(coverage):.0%} of what the frame would be given to",
        flush=True,
    )
