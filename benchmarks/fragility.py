"""Fragility of the sample: how long it takes, and whether the spread over halves of the seeds is that of other seeds.

python -m benchmarks.fragility        both
python -m benchmarks.fragility spread the second alone

Spread: the seeds of each frame are cut into two halves at random, again and again. Both are choices of seeds that might
have been made, so half the mean square of the difference of an estimate under both is its variance over choices of so
many seeds. Beside it stands what `measure_spread` says from halves of one half alone. For a mean over seeds the ratio
is 1.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from framing.analysis.analysis import open_analysis
from framing.analysis.fragility import measure_fragility
from framing.classify.seed_influence import draw_halves, find_calibration, score_without_seeds
from framing.encoders.sentence import default_store, open_encoder
from framing.settings import Settings

SETTINGS = Settings(corpus="deep-strike", codebook="great-power-crisis", encoder="minilm")
FRAME = "china_as_stabilizer"
N_CUTS, N_OUTER, N_INNER = 20, 8, 16


def measure_time() -> None:
    """Wall and processor seconds with an empty cache of variations, and again."""
    open_analysis(SETTINGS)
    store = default_store().path
    with tempfile.TemporaryDirectory() as cache:
        Path(cache, store.name).symlink_to(store)
        os.environ["FRAMING_CACHE"] = cache
        open_analysis(SETTINGS)
        for title in ("first", "again"):
            wall, cpu = time.perf_counter(), time.process_time()
            headlines = measure_fragility(SETTINGS).headlines
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            n_frames = headlines["frame"].nunique()
            print(
                f"fragility of the sample, {title}: {wall:.1f} s, {cpu:.1f} s of one core "
                f"({len(headlines)} differences on {n_frames} frames)",
                flush=True,
            )


def measure_spreads() -> None:
    """Ratio of the spread that halves of a half say to that over both halves, with its standard error over cuts."""
    analysis = open_analysis(SETTINGS)
    cuts = draw_halves(analysis.codebook, n=N_CUTS, random_seed=1)
    every = np.arange(sum(len(frame.seeds) for frame in analysis.codebook.frames))
    others = [np.setdiff1d(every, cut) for cut in cuts]
    generator = np.random.default_rng(2)
    inner = [
        np.union1d(cut, generator.choice(other, size=len(other) // 2, replace=False))
        for cut, other in zip(cuts[:N_OUTER], others[:N_OUTER], strict=True)
        for _ in range(N_INNER)
    ]
    texts = analysis.passages["text"].to_list()
    encoder = open_encoder(SETTINGS.encoder, store=default_store())
    raw = score_without_seeds(analysis.codebook, encoder, texts, {FRAME: [*cuts, *others, *inner]})[FRAME]
    blend = find_calibration(raw[:, :1], analysis.scores[[FRAME]].to_numpy(float), multi_label=True)
    scores = np.column_stack([blend.predict_proba(column[None, :, None]) for column in raw.T[1:]])
    outlets = analysis.passages["outlet"].to_numpy(object)
    for title, values in (("mean score", scores), ("share decided", (scores >= analysis.threshold).astype(float))):
        means = np.array([values[outlets == name].mean(axis=0) for name in np.unique(outlets)])
        pairs = np.array([means[a] - means[b] for a in range(len(means)) for b in range(a)])
        print_ratio(title, pairs)


def print_ratio(title: str, pairs: NDArray[np.float64]) -> None:
    """The line of one kind of estimate; `pairs` has a row a pair of outlets and a column a set of seeds."""
    first, second, rest = np.split(pairs, [N_CUTS, 2 * N_CUTS], axis=1)
    between = ((first - second) ** 2).mean(axis=0) / 2  # of each cut, over pairs
    within = rest.reshape(len(pairs), N_OUTER, N_INNER).var(axis=2, ddof=1).mean(axis=0)
    ratio = np.sqrt(within.mean() / between.mean())
    relative = [part.std(ddof=1) / np.sqrt(len(part)) / part.mean() for part in (within, between)]
    truth, told = (100 * np.sqrt(part.mean()) for part in (between, within))
    print(
        f"{FRAME}, difference of outlets, {title}: spread over choices of half the seeds {truth:.2f} points; by halves "
        f"of them {told:.2f}; ratio {ratio:.2f} (se {ratio * np.hypot(*relative) / 2:.2f})",
        flush=True,
    )


if __name__ == "__main__":
    if "spread" not in sys.argv[1:]:
        measure_time()
    measure_spreads()
