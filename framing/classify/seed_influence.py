"""Scores of passages without some of a codebook's seeds, from one set of kernels."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from framing.classify.anchors import make_anchors
from framing.classify.calibration import Blend
from framing.classify.frozen.expert import FrozenExpert
from framing.classify.frozen.feature_reader import LanguageShiftOption
from framing.classify.state import State
from framing.codebook import Codebook
from framing.encoders.encoder import Encoder
from framing.encoders.known import known_languages
from framing.errors import FramingError
from framing.uncertainty.resample import TINY

__all__ = ["draw_halves", "find_calibration", "list_own_seeds", "name_seeds", "score_without_seeds"]

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]

_BATCH_PASSAGES = 1500
_SURE = 15.0  # logits beyond it have lost too many digits to be taken back
_TOLERANCE = 1e-3  # of scores that are taken back


def name_seeds(codebook: Codebook) -> list[str]:
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


def list_own_seeds(codebook: Codebook, frame: str) -> Numbers:
    """List the seeds of one frame.

    Parameters
    ----------
    codebook : Codebook
        Its seeds are counted from 0, in its order.
    frame : str
        Id of the frame.

    Returns
    -------
    ndarray of int
        Their numbers.
    """
    owners = np.repeat(codebook.frame_ids, [len(item.seeds) for item in codebook.frames])
    return np.flatnonzero(owners == frame)


def draw_halves(codebook: Codebook, *, n: int, random_seed: int) -> list[Numbers]:
    """Draw random halves of the seeds, each frame's by itself.

    Parameters
    ----------
    codebook : Codebook
        Its seeds are counted from 0, in its order.
    n : int
        Number of halves.
    random_seed : int
        Start of the draws.

    Returns
    -------
    list of ndarray of int
        The seeds that each half leaves out, sorted: of a frame with an odd number of seeds one fewer than it keeps, so
        that no frame is without seeds.
    """
    generator = np.random.default_rng(random_seed)
    own = [list_own_seeds(codebook, frame) for frame in codebook.frame_ids]
    return [
        np.sort(np.concatenate([generator.choice(seeds, size=len(seeds) // 2, replace=False) for seeds in own]))
        for _ in range(n)
    ]


def score_without_seeds(
    codebook: Codebook,
    encoder: Encoder,
    texts: Sequence[str],
    left_out: Mapping[str, Sequence[Numbers]],
    *,
    language_shift: LanguageShiftOption = "remove",
    say: Callable[[str], None] = lambda _: None,
) -> dict[str, Array]:
    """Score texts on some frames with all seeds, then without each set of seeds.

    Parameters
    ----------
    codebook : Codebook
        Its seeds are counted from 0, in its order.
    encoder : Encoder
        Feeds the classifier.
    texts : sequence of str
        Length n.
    left_out : mapping of str to sequence of ndarray of int
        For each frame that is scored the sets of seeds left out together.
    language_shift : {"remove", "keep"}
        That of the classifier.
    say : callable, optional
        Is called with how far the work is.

    Returns
    -------
    dict of str to ndarray, shape (n, 1 + sets)
        Raw scores of each frame, brought to one scale.

    Notes
    -----
    A classifier without some seeds comes in closed form (the deletion formula of ridge regression), so that a set takes
    a fraction of a fit. The balance of positives and negatives and the n-gram weights stay as they are with all seeds.
    Calibration, which sets the level and the scale of a frame's scores over the whole corpus, is held as well: with
    fewer seeds all scores lie closer together, so scores s of a set become `m + d (s - mean(s)) / sd(s)`, with mean m
    and standard deviation d, over the n texts, of the scores with all seeds.
    """
    anchors = make_anchors(codebook, languages=known_languages(encoder.name))
    expert = FrozenExpert(
        encoder, language=codebook.language, multi_label=codebook.multi_label, language_shift=language_shift
    ).prepare(anchors)
    rows = anchors.seed_rows
    duals = {}
    for frame, sets in left_out.items():
        say(f"seeds: {frame}, {len(sets)} sets")
        duals[frame] = expert.solve_without(
            anchors, codebook.frame_ids.index(frame), [rows[numbers] for numbers in sets]
        )
    ends = np.cumsum([0, *(dual.shape[1] for dual in duals.values())])
    stacked = np.hstack(list(duals.values()))
    raw = np.empty((len(texts), stacked.shape[1]))
    for start in range(0, len(texts), _BATCH_PASSAGES):
        batch = list(texts[start : start + _BATCH_PASSAGES])
        raw[start : start + len(batch)] = expert.score_by(stacked, batch)
        say(f"seeds: {start + len(batch):,} of {len(texts):,} passages")
    return {
        frame: _bring_to_scale(raw[:, first:last])
        for frame, first, last in zip(duals, ends[:-1], ends[1:], strict=True)
    }


def _bring_to_scale(raw: Array) -> Array:
    """Scores with the mean and the standard deviation of the first column."""
    spread = raw.std(axis=0)
    factor = np.divide(spread[0], spread, out=np.ones_like(spread), where=spread > 0)
    return np.asarray(raw[:, 0].mean() + (raw - raw.mean(axis=0)) * factor)


def find_calibration(raw: Array, scores: Array, *, multi_label: bool) -> Blend:
    """Take back the calibration that made scores of raw ones.

    Parameters
    ----------
    raw : ndarray, shape (n, K)
        Raw scores of passages with all seeds.
    scores : ndarray, shape (n, K)
        Calibrated scores of the same passages by the same classifier.
    multi_label : bool
        Whether a passage may carry several frames.

    Returns
    -------
    Blend
        The calibration.

    Raises
    ------
    FramingError
        If the scores are not of this classifier.

    Notes
    -----
    Without labels the logit of a score is a line of the raw score, one for each frame; with one label a passage, scores
    are the softmax of the raw ones times one factor. Both are found by least squares, without an error but rounding.
    """
    with np.errstate(divide="ignore"):
        logits = np.log(scores) - np.log1p(-scores) if multi_label else np.log(scores)
    slopes, shifts = np.zeros(raw.shape[1]), np.zeros(raw.shape[1])
    if multi_label:
        for column, logit in enumerate(logits.T):
            is_known = np.abs(logit) < _SURE
            slopes[column], shifts[column] = _fit_line(raw[is_known, column], logit[is_known])
    else:
        is_known = logits.min(axis=1) > -_SURE
        distance = (raw - raw.mean(axis=1, keepdims=True))[is_known]
        slopes[:] = (distance * logits[is_known]).sum() / max((distance**2).sum(), TINY)
    blend = Blend(multi_label=multi_label).set_state(State({"slopes": slopes[None], "shifts": shifts}))
    if np.abs(blend.predict_proba(raw[None]) - scores).max(initial=0.0) > _TOLERANCE:
        raise FramingError(
            "The seeds could not be varied: the classifier, fitted anew, does not score the passages as the analysis "
            "did. Delete the folder analyses of the cache, and run again."
        )
    return blend


def _fit_line(x: Array, y: Array) -> tuple[float, float]:
    """Slope and intercept by least squares."""
    if len(x) < 2 or np.ptp(x) == 0:
        return 0.0, float(y.mean()) if len(y) else 0.0
    slope = float(((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum())
    return slope, float(y.mean() - slope * x.mean())
