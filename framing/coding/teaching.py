"""What a label of each passage would teach: the squared error that is expected there, learned from the labels so far.

The interval of a corrected share is made of the classifier's errors on labelled passages. Where a large error is
expected, a label narrows the interval more. Symbols:

=============  ========================================================================================================
`f_ik`         score of passage i for frame k, 0 to 1
`f0_ik`        score by another expert, for instance by the codebook's seeds alone
`y_ik`         label, 1 or 0
`v_ik`         expected squared error, `E (y_ik - f_ik)**2`
=============  ========================================================================================================
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from framing.errors import InputError

__all__ = ["expect_errors", "learn_errors", "spread_of_units"]

Floats = NDArray[np.float64]

_CLIP = 0.05  # a score that has learned from no labels never counts as surer than this
_LEAST = 1e-4  # expected squared errors are no smaller
_PRIOR_LABELS = 20  # labels that the errors of all frames together count for in each
_SURPRISE = 0.01  # size of the constant term: an error where all experts are sure
_LIKENESS = 0.1  # correlation of the errors within a document, as labels are planned with


def expect_errors(scores: Floats) -> Floats:
    """Expected squared errors of scores that no label has checked.

    Parameters
    ----------
    scores : ndarray of float
        Shape (n, K), 0 to 1.

    Returns
    -------
    ndarray of float
        Shape (n, K): `f (1 - f)`, with scores held between 0.05 and 0.95.

    Examples
    --------
    >>> expect_errors(np.array([[0.5, 0.0]])).round(4).tolist()
    [[0.25, 0.0475]]
    """
    held = np.clip(_check_scores(scores, "scores"), _CLIP, 1 - _CLIP)
    return np.asarray(held * (1 - held))


def learn_errors(
    scores: Floats,
    *,
    out_of_fold: Floats,
    labels: Floats,
    weights: Floats,
    other: Floats | None = None,
    other_labelled: Floats | None = None,
) -> Floats:
    """Expected squared errors of all passages, learned from those with labels.

    Parameters
    ----------
    scores : ndarray of float
        Scores f of the N passages, shape (N, K).
    out_of_fold : ndarray of float
        Scores of the n labelled passages by classifiers that had not learned from their labels, shape (n, K).
    labels : ndarray of float
        Their labels y, shape (n, K), 1 or 0.
    weights : ndarray of float
        What each of them stands for, one over its chance of being drawn, shape (n,).
    other, other_labelled : ndarray of float, optional
        Scores f0 by another expert, of all passages and of the labelled ones; where experts disagree, errors are more
        likely.

    Returns
    -------
    ndarray of float
        v, shape (N, K), above 0.

    Raises
    ------
    InputError
        For shapes that do not fit, or scores outside 0 and 1.

    Notes
    -----
    `v_ik = s_k (b_0 / 100 + b_1 f_ik + b_2 f_ik (1 - f_ik) + b_3 (f_ik - f0_ik)**2)`. The b, none below 0, are those
    of weighted least squares on the squared errors `(y - f)**2` of labelled passages out of fold, all frames together
    (Lawson & Hanson 1974). `s_k` is the ratio of observed to expected squared errors of the frame, shrunk to 1 with
    the weight of twenty labels. Nothing rests on v being right: it makes a draw efficient, not valid.
    """
    from scipy.optimize import nnls

    f, f_labelled = _check_scores(scores, "scores"), _check_scores(out_of_fold, "out_of_fold")
    n, n_frames = f_labelled.shape
    if labels.shape != (n, n_frames) or weights.shape != (n,) or f.shape[1] != n_frames:
        raise InputError(
            f"expected labels and out_of_fold of one shape, a weight each and scores of as many frames; got "
            f"{labels.shape}, {f_labelled.shape}, {weights.shape} and {f.shape}."
        )
    squares = (labels - f_labelled) ** 2
    terms = _make_terms(f_labelled, other_labelled)
    root = np.sqrt(np.repeat(weights / weights.mean(), n_frames))
    slopes, _ = nnls(terms.reshape(n * n_frames, -1) * root[:, None], squares.ravel() * root)
    w = weights[:, None] / weights.mean()
    expected = terms @ slopes
    prior = _PRIOR_LABELS * max(float((w * expected).mean()), _LEAST)
    scale = ((w * squares).sum(axis=0) + prior) / ((w * expected).sum(axis=0) + prior)
    return np.asarray(np.maximum(_make_terms(f, other) @ slopes * scale, _LEAST))


def spread_of_units(errors: Floats, units: NDArray[np.int64], importance: Floats | None = None) -> Floats:
    """How much the label of each unit is expected to move the shares, as a standard deviation.

    Parameters
    ----------
    errors : ndarray of float
        Expected squared errors v of the N passages, shape (N, K).
    units : ndarray of int
        Unit of each passage, 0 to M - 1: itself, or its document where whole documents are drawn.
    importance : ndarray of float, optional
        What the variance of each passage's group counts for each frame, shape (N, K); 1 throughout by default.

    Returns
    -------
    ndarray of float
        Shape (M,): `sqrt(sum_k ((1 - r) sum_i a_ik v_ik + r (sum_i sqrt(a_ik v_ik))**2))`, sums over the passages i of
        the unit, whose errors are taken to correlate with r = 0.1.

    Notes
    -----
    With chances in proportion to this, divided by the number of passages of the unit's group, the sum over groups and
    frames of a times the variance of the share is least (Neyman 1934; Zrnic & Candès 2024 for one share).

    Examples
    --------
    >>> spread_of_units(np.array([[0.16], [0.09]]), np.array([0, 1])).round(2).tolist()
    [0.4, 0.3]
    """
    v = errors if importance is None else errors * importance
    n_units = int(units.max()) + 1
    sums, roots = np.zeros((n_units, v.shape[1])), np.zeros((n_units, v.shape[1]))
    np.add.at(sums, units, v)
    np.add.at(roots, units, np.sqrt(v))
    return np.asarray(np.sqrt(((1 - _LIKENESS) * sums + _LIKENESS * roots**2).sum(axis=1)))


def _make_terms(scores: Floats, other: Floats | None) -> Floats:
    """Terms of the expected squared error, shape (n, K, 3), or 4 with another expert."""
    terms = [np.full_like(scores, _SURPRISE), scores, scores * (1 - scores)]
    if other is not None:
        terms.append((scores - other) ** 2)
    return np.stack(terms, axis=-1)


def _check_scores(scores: Floats, name: str) -> Floats:
    values = np.asarray(scores, dtype=float)
    if values.ndim != 2 or not values.size or not ((values >= 0) & (values <= 1)).all():
        raise InputError(f"{name}: expected scores from 0 to 1 of the shape (passages, frames), got {values.shape}.")
    return values
