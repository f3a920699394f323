"""Scores that are joined: weights by hand, nothing learned from a passage's own label, what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from framing.errors import InputError
from framing.estimates.stacking import _PRIOR, stack_scores


def draw(n: int = 400, *, seed: int = 0):
    generator = np.random.default_rng(seed)
    y = (generator.random((n, 2)) < 0.3).astype(float)
    good = np.where(generator.random(y.shape) < 0.9, y, 1 - y)
    poor = np.clip(0.5 + 0.2 * (y - 0.3) + 0.2 * generator.standard_normal(y.shape), 0, 1)
    return y, good, poor


def test_one_score_is_a_ridge_regression_by_hand():
    """Two groups, so that each half is fitted on the other: y on f with eight passages and a penalty of five."""
    y = np.array([[0.0], [0.0], [1.0], [1.0]] * 4)
    f = np.array([[0.0], [1.0], [1.0], [1.0]] * 4)
    groups = ["a"] * 8 + ["b"] * 8
    joined = stack_scores(y, f[None], f[None], groups=groups)
    # mean f 3/4, mean y 1/2, spread sqrt(3)/4, covariance 8 * (1/2 - 3/8) = 1
    spread = np.sqrt(3) / 4
    slope = (1 / spread) / (8 + _PRIOR) / spread
    expected = np.clip(0.5 + slope * (f - 0.75), 0, 1)
    np.testing.assert_allclose(joined.labelled, expected)
    np.testing.assert_allclose(joined.all, expected)
    np.testing.assert_allclose(joined.weights, [[slope]])


def test_a_label_does_not_shape_its_own_score():
    y, good, poor = draw(60)
    groups = [number // 2 for number in range(60)]
    scores = np.stack([good, poor])
    before = stack_scores(y, scores, scores, groups=groups).labelled
    changed = y.copy()
    changed[0] = 1 - changed[0]
    after = stack_scores(changed, scores, scores, groups=groups).labelled
    np.testing.assert_array_equal(after[:2], before[:2])  # the passage, and the other of its document
    assert not np.array_equal(after[2:], before[2:])


def test_the_better_score_weighs_more_and_both_are_better_than_each():
    y, good, poor = draw()
    joined = stack_scores(y, np.stack([good, poor]), np.stack([good, poor]))
    assert (joined.weights[0] > 0.5).all()

    def error(score):
        slope = np.cov(score.ravel(), y.ravel())[0, 1] / score.var(ddof=1)
        return np.var(y.ravel() - slope * score.ravel())

    assert error(joined.labelled) < min(error(good), error(poor))


def test_weights_count_what_was_drawn_rarely():
    """Passages that stand for many decide, though they are few."""
    y = np.array([[1.0]] * 10 + [[0.0]] * 10 + [[0.0]] * 10 + [[1.0]] * 10)
    f = np.array([[1.0]] * 10 + [[0.0]] * 10 + [[1.0]] * 10 + [[0.0]] * 10)
    first = np.r_[np.full(20, 100.0), np.ones(20)]
    assert stack_scores(y, f[None], f[None], weights=first).weights[0, 0] > 0.8
    assert stack_scores(y, f[None], f[None], weights=first[::-1]).weights[0, 0] < -0.8


def test_a_score_that_never_varies_is_left_out():
    y, good, _ = draw(50)
    flat = np.zeros_like(good)
    joined = stack_scores(y, np.stack([flat, good]), np.stack([flat, good]))
    assert (joined.weights[0] == 0).all()
    assert np.isfinite(joined.all).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda y, f: (y, f[:, :-1], f, None), "expected shapes"),
        (lambda y, f: (y, f, f[:1], None), "expected shapes"),
        (lambda y, f: (y * np.nan, f, f, None), "a label or a score is missing"),
        (lambda y, f: (y, f, f, ["a"] * len(y)), "expected two groups"),
    ],
)
def test_what_does_not_fit_is_refused(change, message):
    y, good, poor = draw(20)
    labels, labelled, scores, groups = change(y, np.stack([good, poor]))
    with pytest.raises(InputError, match=message):
        stack_scores(labels, labelled, scores, groups=groups)
