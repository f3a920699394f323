"""Agreement of decisions and scores with human labels, as tables; every number has an interval over documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.defaults import LEVEL, MIN_DOCUMENTS, N_BOOTSTRAP, RANDOM_SEED
from framing.tables import require_columns
from framing.uncertainty.intervals import exact_bounds, percentiles, wilson_bounds
from framing.uncertainty.resample import STILL, draw_weights
from framing.validation import measures
from framing.validation.intervals import CALIBRATION, EXACT, METHOD, ONE_DOCUMENT, estimate_agreement
from framing.validation.measures import calibration_error

__all__ = [
    "CALIBRATION", "METHOD", "calibration_error", "confused_frames", "confusion_table", "evaluate_decisions",
    "evaluate_groups", "reliability_bins", "risk_coverage", "worst_errors",
]  # fmt: skip

Flags = NDArray[np.bool_]
Decisions = NDArray[np.bool_] | NDArray[np.str_]
Floats = NDArray[np.float64]

_OF_A_GROUP = ("precision", "recall", "f1")
_OF_ALL = (("(macro)", "f1"), ("(micro)", "f1"), ("(all)", "calibration_error"))


def evaluate_decisions(
    gold: Flags,
    decided: Decisions,
    scores: Floats,
    *,
    frames: Sequence[str],
    documents: Sequence[str],
    level: float = LEVEL,
    n_bootstrap: int = N_BOOTSTRAP,
    random_seed: int = RANDOM_SEED,
) -> pd.DataFrame:
    """Agreement with human labels per frame and overall: of the decisions and of the scores, with intervals.

    Parameters
    ----------
    gold : shape (n, K), whether a passage carries a frame.
    decided : shape (n, K), booleans, or the strings `present`, `absent` and `abstain`.
    scores : shape (n, K), 0 to 1.
    documents : length n; passages of one document are resampled together.

    Returns
    -------
    DataFrame
        `frame, measure` and the estimate columns. `frame` is a frame id, `(macro)`, `(micro)` or `(all)`.
        `n_passages` counts those with the gold frame in a frame's rows, all passages in the others;
        `n_documents` and `n_gold` count all labelled documents and passages.

        - `precision, recall, f1` of the decisions made: an abstention counts neither for nor against.
        - `average_precision`: area under the precision-recall curve, not interpolated.
        - `brier`: mean squared difference of score and label, over passages and frames for `(all)`.
        - `calibration_error`: expected calibration error over 15 bins of equal mass.
        - `coverage`: share of passages and frames decided; only where there is an abstention.
        - `accuracy`: share of passages, decided on every frame, whose frames are the gold ones; only where
          each passage has one gold frame.

        What is undefined is NaN, outside the `(macro)` mean, and `method` says why.

    Raises
    ------
    InputError
        When the arrays are not alike, there are no passages, or decisions or scores are not what is expected.

    Notes
    -----
    Each draw of the bootstrap takes n - 1 of the n documents (McCarthy & Snowden 1985) and serves all
    measures. It assumes that documents are independent, and holds for documents like these. Where all draws are
    alike (nothing was ever wrong, or nothing right) their interval would have no width: shares (precision, recall,
    accuracy, coverage) then have the exact interval with each document that they rest on as one observation
    (Clopper & Pearson 1934), other measures have none. For a frame
    with about ten gold passages it is too narrow: of 100 such 95 % intervals, 80 to 90 held the truth in
    simulation; with thirty or more, 92 to 95.
    """
    judged = measures.judge(gold, decided, scores, frames=frames, documents=documents)
    return estimate_agreement(judged, level=level, n_bootstrap=n_bootstrap, seed=random_seed)


def evaluate_groups(
    gold: Flags,
    decided: Decisions,
    scores: Floats,
    *,
    groups: Sequence[str],
    frames: Sequence[str],
    documents: Sequence[str],
    level: float = LEVEL,
    n_bootstrap: int = N_BOOTSTRAP,
    min_documents: int = MIN_DOCUMENTS,
    random_seed: int = RANDOM_SEED,
) -> pd.DataFrame:
    """Agreement with human labels in each group (outlet): `group`, then the columns of `evaluate_decisions`.

    Precision, recall and F1 of each frame, `(macro)` and `(micro)` F1 and `(all)` calibration error;
    `groups` has length n. A group of fewer than `min_documents` documents has no interval, and `method`
    says so. The intervals hold for each row alone: `compare_errors` compares groups.
    """
    measures.require_alike(frames, gold=gold, decided=decided, scores=scores)
    measures.number_documents(groups, n=len(gold), what="groups")
    measures.number_documents(documents, n=len(gold))
    names, owners = np.asarray(groups, dtype=str), np.asarray(documents, dtype=object)
    wanted = {*((frame, measure) for frame in frames for measure in _OF_A_GROUP), *_OF_ALL}
    tables = []
    for number, name in enumerate(np.unique(names)):
        rows = names == name
        judged = measures.judge(
            gold[rows], decided[rows], scores[rows], frames=frames, documents=owners[rows].tolist(), by_frame=False
        )
        table = estimate_agreement(
            judged,
            level=level,
            n_bootstrap=n_bootstrap,
            seed=[random_seed, number],
            min_documents=min_documents,
            wanted=wanted,
        )
        table.insert(0, "group", str(name))
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def reliability_bins(
    gold: Flags, scores: Floats, *, frames: Sequence[str], n_bins: int = 10, level: float = LEVEL
) -> pd.DataFrame:
    """Reliability curve of each frame and of `(all)`: observed share against mean score, bin by bin.

    `gold` and `scores` have shape (n, K). Columns `frame, bin, mean_score, share, low, high, n`. Bins have
    equal mass and are numbered from 1, lowest scores first; equal scores share a bin. `low, high` is
    Wilson's interval of the share, which takes passages as independent: where documents hold many, or
    in `(all)`, it is too narrow.
    """
    measures.require_alike(frames, gold=gold, scores=scores)
    tables = []
    columns = [(name, gold[:, k], scores[:, k]) for k, name in enumerate(frames)]
    for name, truth, score in [*columns, ("(all)", gold.ravel(), scores.ravel())]:
        used, bins = np.unique(measures.equal_mass_bins(score, n_bins=n_bins), return_inverse=True)
        n, hits = np.bincount(bins), np.bincount(bins, weights=truth)
        low, high = wilson_bounds(hits, n, level=level)
        means = np.bincount(bins, weights=score) / n
        parts = {"bin": np.arange(1, len(used) + 1), "mean_score": means, "share": hits / n, "low": low, "high": high}
        tables.append(pd.DataFrame({"frame": name, **parts, "n": n}))
    return pd.concat(tables, ignore_index=True)


def risk_coverage(
    gold: Flags,
    scores: Floats,
    decided_by: Floats | float | Literal["highest"],
    *,
    frames: Sequence[str],
    documents: Sequence[str],
    level: float = LEVEL,
    n_bootstrap: int = N_BOOTSTRAP,
    random_seed: int = RANDOM_SEED,
) -> pd.DataFrame:
    """Share of wrong decisions if only the most confident are kept.

    Parameters
    ----------
    gold, scores : shape (n, K). documents : length n.
    decided_by : thresholds, shape (K,) or one for all: a frame is present from its threshold on, and
        confidence is the distance from it. There is a curve for each frame, and `(all)` over passages and
        frames. Or `"highest"`, for one frame a passage: confidence is the highest score, and `(all)` the
        only curve.

    Returns
    -------
    DataFrame
        `frame, coverage, risk, low, high, n, method`. Coverages 0.05 to 1; `n` decisions are covered. Of equally
        confident decisions each is as likely to be covered. The interval is the percentile bootstrap over
        documents, NaN with a single one; where all draws are alike it is exact, with each document among the
        covered decisions as one observation.

    Notes
    -----
    El-Yaniv & Wiener (2010), "On the foundations of noise-free selective classification", JMLR 11.
    """
    measures.require_alike(frames, gold=gold, scores=scores)
    codes, n_documents = measures.number_documents(documents, n=len(gold))
    curves: list[tuple[str, Flags, Floats, NDArray[np.intp]]] = []
    if isinstance(decided_by, str):
        right = gold[np.arange(len(gold)), scores.argmax(axis=1)]
        curves.append(("(all)", ~right, scores.max(axis=1), codes))
    else:
        distance = scores - np.broadcast_to(decided_by, len(frames))
        wrong = (distance >= 0) != gold
        # on either side the way to the end of the scale is as sure as can be, wherever the threshold lies
        room = np.where(distance >= 0, 1 - np.broadcast_to(decided_by, len(frames)), decided_by)
        confidence = np.abs(distance) / np.maximum(room, STILL)
        curves += [(name, wrong[:, k], confidence[:, k], codes) for k, name in enumerate(frames)]
        curves.append(("(all)", wrong.ravel(), confidence.ravel(), np.repeat(codes, len(frames))))
    tables = []
    for name, wrong, confidence, owners in curves:
        risk, covered = measures.selective_risk(wrong, confidence, owners, np.ones((1, n_documents)))
        low = high = np.full(measures.COVERAGE_STEPS, np.nan)
        method = np.full(measures.COVERAGE_STEPS, METHOD if n_documents > 1 else ONE_DOCUMENT, dtype=object)
        if n_documents > 1:
            generator = np.random.default_rng(random_seed)
            drawn = draw_weights(n_documents, n_draws=n_bootstrap, n_cells=len(owners), generator=generator)
            spread = np.concatenate(
                [measures.selective_risk(wrong, confidence, owners, weights)[0] for weights in drawn]
            )
            low, high = percentiles(spread, level=level)
            surest = owners[np.argsort(-confidence, kind="stable")]
            for step in np.flatnonzero(high - low < STILL):
                n_resting = len(np.unique(surest[: int(covered[0][step])]))
                low[step], high[step] = exact_bounds(float(risk[0][step]), n_resting, level=level)
                method[step] = EXACT
        coverage = np.arange(1, measures.COVERAGE_STEPS + 1) / measures.COVERAGE_STEPS
        parts = {"coverage": coverage, "risk": risk[0], "low": low, "high": high, "n": covered[0].astype(int)}
        tables.append(pd.DataFrame({"frame": name, **parts, "method": method}))
    return pd.concat(tables, ignore_index=True)


def worst_errors(
    passages: pd.DataFrame, gold: Flags, decided: Decisions, scores: Floats, *, frames: Sequence[str], top: int = 20
) -> pd.DataFrame:
    """The `top` errors of which the classifier was surest, surest first.

    Columns `frame, error, score, outlet, published, text, passage_id, document_id, gold, decided`; `error`
    is `missed` or `false alarm`, `gold` and `decided` are the passage's frames, `;`-joined. It was sure of
    a false alarm by its score, of a miss by one less its score. An abstention is no error.
    """
    carried = ["outlet", "published", "text", "passage_id", "document_id"]
    require_columns(passages, carried, what="passages")
    measures.require_alike(frames, gold=gold, decided=decided, scores=scores)
    measures.number_documents(passages["document_id"].to_list(), n=len(gold), what="passages")
    present, absent = measures.read_decisions(decided)
    alarm, missed = present & ~gold, absent & gold
    sure = np.where(alarm, scores, 1 - scores)
    row, column = np.nonzero(alarm | missed)
    order = np.argsort(-sure[row, column], kind="stable")[:top]
    row, column = row[order], column[order]
    names = np.asarray(frames, dtype=object)
    table = passages[carried].iloc[row].reset_index(drop=True)
    table.insert(0, "frame", names[column])
    table.insert(1, "error", np.where(alarm[row, column], "false alarm", "missed"))
    table.insert(2, "score", scores[row, column])
    table["gold"] = [";".join(names[gold[number]]) for number in row]
    table["decided"] = [";".join(names[present[number]]) for number in row]
    return table


def confusion_table(gold: Flags, decided: Flags, *, frames: Sequence[str]) -> pd.DataFrame:
    """Passages by gold frame (rows) and decided frame (columns); `(none)` where there was no frame.

    With several labels a passage counts once in each pair of a gold and a decided frame.
    """
    names = [*frames, "(none)"]
    left = np.column_stack([gold, ~gold.any(axis=1)]).astype(int)
    right = np.column_stack([decided, ~decided.any(axis=1)]).astype(int)
    return pd.DataFrame(left.T @ right, index=pd.Index(names, name="gold"), columns=names)


def confused_frames(gold: Flags, decided: Decisions, *, frames: Sequence[str]) -> pd.DataFrame:
    """`confusion_table` in long form without zeros: `gold, decided, n, share_of_gold`.

    `share_of_gold` is of the passages with the gold frame. In the order of the frames, most frequent
    decision first. An abstention counts as no decision for the frame.
    """
    measures.require_alike(frames, gold=gold, decided=decided)
    present, _ = measures.read_decisions(decided)
    table = confusion_table(gold, present, frames=frames)
    sizes = [*gold.sum(axis=0), (~gold.any(axis=1)).sum()]
    counts = table.to_numpy()
    rows = [
        (name, table.columns[other], int(counts[place, other]), counts[place, other] / sizes[place])
        for place, name in enumerate(table.index)
        for other in np.argsort(-counts[place], kind="stable")
        if counts[place, other]
    ]
    return pd.DataFrame(rows, columns=["gold", "decided", "n", "share_of_gold"])
