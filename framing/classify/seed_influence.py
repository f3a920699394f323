"""The shares of frames without each of a codebook's seeds in turn, from one set of kernels."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.classify.anchors import calibrate_anchors, make_anchors
from framing.classify.frozen.expert import FrozenExpert
from framing.codebook import Codebook
from framing.encoders.sentence import Encoder
from framing.errors import InputError

__all__ = ["seed_names", "shares_without_seeds"]

Array = NDArray[np.float64]

_BATCH_PASSAGES = 1500


def seed_names(codebook: Codebook) -> list[str]:
    """Name every seed.

    Parameters
    ----------
    codebook : Codebook
        Its seeds are named.

    Returns
    -------
    list of str
        `frame, seed number`, in the codebook's order.
    """
    return [f"{frame.id}, seed {place}" for frame in codebook.frames for place in range(1, len(frame.seeds) + 1)]


def shares_without_seeds(
    codebook: Codebook,
    encoder: Encoder,
    passages: pd.DataFrame,
    *,
    by: str,
    frames: list[str],
    say: Callable[[str], None] = lambda _: None,
) -> tuple[list[str], Array, Array]:
    """Estimate the shares of frames with all seeds, then without each of them in turn.

    Parameters
    ----------
    codebook : Codebook
        With several labels a passage; R is the number of its seeds.
    encoder : Encoder
        Feeds the classifier.
    passages : DataFrame
        Columns `document_id`, `text` and that of the groups; the passages of a document one after another.
    by : str
        Column of the groups.
    frames : list of str
        Frames whose shares are estimated.
    say : callable, optional
        Is called with how far the work is.

    Returns
    -------
    groups : list of str
        Values of `by`, sorted.
    shares : ndarray, shape (1 + R, frames, groups)
        With all seeds, then without each.
    errors : ndarray, shape (1 + R, frames, groups)
        Their standard errors.

    Raises
    ------
    InputError
        For a codebook with one label a passage, and for passages in another order.

    Notes
    -----
    A classifier without a seed comes in closed form (the deletion formula of ridge regression), which makes leaving
    out each of hundreds of seeds as cheap as one scoring. The balance of positives and negatives, the n-gram weights
    and the scale of the scores stay as they are with all seeds. Errors are linearised, with documents as clusters:
    the variance of a share p over m documents with y passages of the frame among n each is
    `m / (m - 1) * sum((y - p n)^2) / sum(n)^2`.
    """
    if not codebook.multi_label:
        raise InputError("Seeds are left out one by one for codebooks with several labels a passage only.")
    anchors = make_anchors(codebook)
    expert = FrozenExpert(encoder, language=codebook.language, multi_label=True).fit(anchors, keep_kernels=True)
    blend = calibrate_anchors(expert.left_out_, anchors, multi_label=True)
    columns = [codebook.frame_ids.index(frame) for frame in frames]
    heads = [expert.without_seeds(anchors, column) for column in columns]
    thresholds = -blend.shifts_[columns] / blend.slopes_[0, columns]
    groups, group_of = np.unique(passages[by].to_numpy(object).astype(str), return_inverse=True)
    documents = pd.factorize(passages["document_id"])[0]
    if (np.diff(documents) < 0).any():
        raise InputError("shares_without_seeds: expected the passages of a document one after another.")
    texts = passages["text"].to_list()
    sums = _Sums(1 + len(anchors.seed_rows), len(frames), len(groups))
    for start, stop in _cut_batches(documents):
        features = expert.features(texts[start:stop])
        first = np.flatnonzero(np.r_[True, np.diff(documents[start:stop]) > 0])
        size = np.diff(np.r_[first, stop - start]).astype(float)
        counts = [
            np.add.reduceat((head.score(*features) >= threshold).astype(float), first, axis=0).T
            for head, threshold in zip(heads, thresholds, strict=True)
        ]
        sums.add(counts, size, group_of[start:stop][first])
        say(f"seeds left out: {stop:,} of {len(texts):,} passages")
    n_documents = pd.Series(documents).groupby(group_of).nunique().to_numpy()
    return list(groups), *sums.estimate(n_documents)


def _cut_batches(documents: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Bounds of batches of passages, documents whole."""
    start = 0
    while start < len(documents):
        stop = min(start + _BATCH_PASSAGES, len(documents))
        while stop < len(documents) and documents[stop] == documents[stop - 1]:
            stop += 1
        yield start, stop
        start = stop


class _Sums:
    """Sums over documents, by classifier, frame and group, from which shares and their errors follow."""

    def __init__(self, n_classifiers: int, n_frames: int, n_groups: int) -> None:
        shape = (n_classifiers, n_frames, n_groups)
        self.y, self.y_squared, self.y_size = np.zeros(shape), np.zeros(shape), np.zeros(shape)
        self.size, self.size_squared = np.zeros(n_groups), np.zeros(n_groups)

    def add(self, counts: list[Array], size: Array, groups: NDArray[np.int64]) -> None:
        """Add documents: passages of each frame, shape (classifiers, documents), all passages, and the groups."""
        np.add.at(self.size, groups, size)
        np.add.at(self.size_squared, groups, size**2)
        for frame, y in enumerate(counts):
            for group in np.unique(groups):
                rows = groups == group
                self.y[:, frame, group] += y[:, rows].sum(axis=1)
                self.y_squared[:, frame, group] += (y[:, rows] ** 2).sum(axis=1)
                self.y_size[:, frame, group] += y[:, rows] @ size[rows]

    def estimate(self, n_documents: NDArray[np.integer[Any]]) -> tuple[Array, Array]:
        """Shares and their standard errors, given the number of documents of each group."""
        shares = self.y / self.size
        spread = np.maximum(self.y_squared - 2 * shares * self.y_size + shares**2 * self.size_squared, 0.0)
        return shares, np.sqrt(spread * n_documents / np.maximum(n_documents - 1, 1)) / self.size
