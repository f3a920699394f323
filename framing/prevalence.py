"""Frame shares with intervals: of the passages of a group, how many carry a frame.

Documents, not passages, are the sampled units: passages of one article share its author and subject.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.errors import InputError
from framing.resample import exact_bounds, resampled_totals
from framing.tables import CLASSIFIED, ESTIMATE, require_columns

__all__ = ["ShareDraws", "add_period", "draw_shares", "estimate_prevalence"]

BOOTSTRAP = "document bootstrap; classifier error not included"
EXACT = "exact (Korn-Graubard); classifier error not included"
STILL = 1e-9  # spread of draws below which only rounding varies
_FEW = 5  # documents with (or without) the frame below which the percentile bootstrap is not trusted


@dataclass(frozen=True)
class ShareDraws:
    """Shares of G groups and K frames, and their bootstrap draws.

    Attributes
    ----------
    groups : one row a group, the key columns.
    frames : frame ids, length K.
    shares : shape (G, K). `draws` : shape (B, G, K).
    n_passages, n_documents : shape (G,).
    n_with : documents in which the frame occurs, shape (G, K). `n_all`: in which every passage has it.
    """

    groups: pd.DataFrame
    frames: list[str]
    shares: NDArray[np.float64]
    draws: NDArray[np.float64]
    n_passages: NDArray[np.int64]
    n_documents: NDArray[np.int64]
    n_with: NDArray[np.int64]
    n_all: NDArray[np.int64]

    def is_sparse(self, group: int, frame: int) -> bool:
        """Whether too few documents vary for the percentile bootstrap, or none does."""
        if self.draws[:, group, frame].std() < STILL:
            return True
        with_frame = self.n_with[group, frame]
        without = self.n_documents[group] - self.n_all[group, frame]
        return bool(min(with_frame, without) < _FEW)

    def exact(self, group: int, frame: int, *, level: float) -> tuple[float, float]:
        """Bounds at the effective sample size that the documents' clustering leaves."""
        share = float(self.shares[group, frame])
        n_documents, n_passages = int(self.n_documents[group]), int(self.n_passages[group])
        n_effective = float(n_documents)  # nothing varies: take each document as one observation
        variance = float(self.draws[:, group, frame].var())
        if variance >= STILL**2 and 0 < share < 1:
            n_effective = min(share * (1 - share) / variance, float(n_passages))
        return exact_bounds(share, max(n_effective, 1.0), level=level)


def add_period(classified: pd.DataFrame, period: str) -> pd.DataFrame:
    """`classified` with a column `period`: first day of the day, ISO week or month; undated rows left out."""
    codes = {"day": "D", "week": "W-SUN", "month": "M"}
    if period not in codes:
        raise InputError(f"period: expected one of {', '.join(codes)}, got {period!r}.")
    require_columns(classified, ["published"], what="classified passages")
    dated = classified[classified["published"].notna()].copy()
    dated["period"] = dated["published"].dt.to_period(codes[period]).dt.start_time
    return dated


def draw_shares(
    classified: pd.DataFrame, *, by: Sequence[str], n_bootstrap: int = 2000, random_seed: int = 0
) -> ShareDraws:
    """Shares and bootstrap draws of each group of `by` and each frame; passages on which the classifier
    abstained are left out of a share's numerator and denominator.

    Groups are resampled independently, with draws that depend on `random_seed` and the group's place only.
    """
    by = list(by)
    require_columns(classified, (*by, "frame", "document_id", "decision"), what="classified passages")
    if classified.empty:
        raise InputError(
            "There are no classified passages to take shares of. For shares over time: no document has a date; "
            "name its column in corpus.yaml, or leave 04_time out of the report."
        )
    frames = list(pd.unique(classified["frame"]))
    decided = classified[classified["decision"] != "abstain"]
    present = (decided["decision"] == "present").to_numpy()
    keys = [*by, "document_id"]
    counted = decided[[*keys, "frame"]].assign(n=1.0, y=present.astype(float))
    per_document = counted.groupby([*keys, "frame"], observed=True, sort=True, dropna=False)[["n", "y"]].sum()
    n = per_document["n"].unstack("frame", fill_value=0).reindex(columns=frames, fill_value=0.0)
    y = per_document["y"].unstack("frame", fill_value=0).reindex(columns=frames, fill_value=0.0)
    assert isinstance(n.index, pd.MultiIndex)
    group_of = n.index.droplevel("document_id")
    groups = group_of.unique().sort_values()
    shape = (len(groups), len(frames))
    shares, draws = np.zeros(shape), np.zeros((n_bootstrap, *shape))
    n_passages, n_documents = np.zeros(shape[0], np.int64), np.zeros(shape[0], np.int64)
    n_with, n_all = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    codes = groups.get_indexer(group_of)
    k = len(frames)
    for number in range(len(groups)):
        rows = codes == number
        counts = np.hstack([n.to_numpy()[rows], y.to_numpy()[rows]])
        totals = counts.sum(axis=0)
        generator = np.random.default_rng([random_seed, number])
        drawn = resampled_totals(counts, n_draws=n_bootstrap, generator=generator)
        shares[number] = _ratio(totals[k:], totals[:k])
        draws[:, number] = _ratio(drawn[:, k:], drawn[:, :k])
        n_passages[number], n_documents[number] = int(totals[:k].max()), int(rows.sum())
        n_with[number] = (counts[:, k:] > 0).sum(axis=0)
        n_all[number] = ((counts[:, k:] == counts[:, :k]) & (counts[:, :k] > 0)).sum(axis=0)
    labels = groups.to_frame(index=False)
    labels.columns = pd.Index(by)
    return ShareDraws(labels, frames, shares, draws, n_passages, n_documents, n_with, n_all)


def _ratio(top: NDArray[np.float64], bottom: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.divide(top, bottom, out=np.zeros_like(top), where=bottom > 0)


def estimate_prevalence(
    classified: pd.DataFrame,
    *,
    by: Sequence[str] = ("outlet",),
    level: float = 0.95,
    n_bootstrap: int = 2000,
    random_seed: int = 0,
) -> pd.DataFrame:
    """Share of passages that carry each frame, per group, with an interval.

    Returns
    -------
    DataFrame
        Keys `by` and `frame`, then `estimate, low, high` (shares, 0 to 1), `n_passages, n_documents,
        n_gold, method`. A group of one document has no interval (NaN), and `method` says so.

    Notes
    -----
    The interval is the percentile bootstrap over documents. Where a frame occurs in, or is missing from,
    fewer than five documents, or has the same share in all of them, it is the exact interval at the
    effective sample size (Korn & Graubard 1998). It holds for the sampling of documents, not for errors
    of the classifier.
    """
    require_columns(classified, CLASSIFIED, what="classified passages")
    drawn = draw_shares(classified, by=by, n_bootstrap=n_bootstrap, random_seed=random_seed)
    tail = 100 * (1 - level) / 2
    bounds = np.percentile(drawn.draws, [tail, 100 - tail], axis=0)
    rows = []
    keys = list(drawn.groups.itertuples(index=False, name=None))
    for group, frame in np.ndindex(drawn.shares.shape):
        low, high, method = bounds[0, group, frame], bounds[1, group, frame], BOOTSTRAP
        if drawn.n_documents[group] < 2:
            low, high, method = np.nan, np.nan, "no interval: a single document"
        elif drawn.is_sparse(group, frame):
            low, high = drawn.exact(group, frame, level=level)
            method = EXACT
        rows.append(
            (
                *keys[group],
                drawn.frames[frame],
                drawn.shares[group, frame],
                low,
                high,
                drawn.n_passages[group],
                drawn.n_documents[group],
                0,
                method,
            )
        )
    return pd.DataFrame(rows, columns=[*by, "frame", *ESTIMATE])
