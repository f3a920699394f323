"""What the shares of a frame would be without each of a codebook's seeds in turn, from one set of kernels."""

from __future__ import annotations

from collections.abc import Callable

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

_AT_ONCE = 1500  # passages


def seed_names(codebook: Codebook) -> list[str]:
    """`frame, seed number` of every seed, in the codebook's order."""
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
    """Groups, and shares and their standard errors, shape `(1 + R, frames, groups)`: with all seeds, then without each.

    A classifier without a seed is found in closed form (the deletion formula of ridge regression), which makes leaving
    out each of hundreds of seeds as cheap as one scoring. Held as they are with all seeds: the balance of positives
    and negatives, n-gram weights, and the scale of the scores. Errors are linearised, documents as clusters. `passages`
    must hold the passages of a document one after another. Raises `InputError` for a codebook with one label a passage.
    """
    if not codebook.multi_label:
        raise InputError("Seeds are left out one by one for codebooks with several labels a passage only.")
    anchors = make_anchors(codebook)
    expert = FrozenExpert(encoder, language=codebook.language, multi_label=True).fit(anchors, keep_kernels=True)
    blend = calibrate_anchors(expert.left_out_, anchors, multi_label=True)
    columns = [codebook.frame_ids.index(frame) for frame in frames]
    heads = [expert.without_seeds(anchors, column) for column in columns]
    cuts = -blend.shifts_[columns] / blend.slopes_[0, columns]
    groups, group_of = np.unique(passages[by].to_numpy(object).astype(str), return_inverse=True)
    documents = pd.factorize(passages["document_id"])[0]
    if (np.diff(documents) < 0).any():
        raise InputError("shares_without_seeds: expected the passages of a document one after another.")
    texts = passages["text"].to_list()
    shape = (1 + len(anchors.seed_rows), len(frames), len(groups))
    sums, squares, products = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    n, n_squares = np.zeros(len(groups)), np.zeros(len(groups))
    start = 0
    while start < len(texts):
        stop = min(start + _AT_ONCE, len(texts))
        while stop < len(texts) and documents[stop] == documents[stop - 1]:
            stop += 1
        features = expert.features(texts[start:stop])
        here = documents[start:stop] - documents[start]
        first = np.flatnonzero(np.r_[True, np.diff(here) > 0])
        size = np.diff(np.r_[first, stop - start]).astype(float)
        group = group_of[start:stop][first]
        np.add.at(n, group, size)
        np.add.at(n_squares, group, size**2)
        for place, head in enumerate(heads):
            raw = head.score(*features)  # (passages, 1 + R)
            y = np.add.reduceat((raw >= cuts[place]).astype(float), first, axis=0).T  # (1 + R, documents)
            for number in np.unique(group):
                rows = group == number
                sums[:, place, number] += y[:, rows].sum(axis=1)
                squares[:, place, number] += (y[:, rows] ** 2).sum(axis=1)
                products[:, place, number] += y[:, rows] @ size[rows]
        say(f"seeds left out: {stop:,} of {len(texts):,} passages")
        start = stop
    shares = sums / n
    m = pd.Series(documents).groupby(group_of).nunique().to_numpy()
    spread = np.maximum(squares - 2 * shares * products + shares**2 * n_squares, 0.0)
    return list(groups), shares, np.sqrt(spread * m / np.maximum(m - 1, 1)) / n
