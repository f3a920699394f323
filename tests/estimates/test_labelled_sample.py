"""What the corrected estimator takes from labelled passages, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from framing.estimates.labelled_sample import (
    LabelledSample,
    centre_within_strata,
    compute_tuning_factor,
    pool_slopes,
)


def sample_of(labels: list[float], scores: list[float], *, strata: list[int] | None = None) -> LabelledSample:
    """Passages of one frame, each a document and a sampled unit, drawn with chance one half."""
    n = len(labels)
    return LabelledSample(
        keys=[("A" if number % 2 == 0 else "B",) for number in range(n)],
        documents=np.array([f"d{number}" for number in range(n)], dtype=object),
        clusters=np.arange(n),
        strata=np.zeros(n, dtype=np.int64) if strata is None else np.array(strata),
        weights=np.full(n, 2.0),
        labels=np.array(labels, float)[:, None],
        proxies=np.array(scores, float)[:, None],
    )


# covariance (.75 - .25) / 4 = 1/8, variance of the scores (.75² + 3 × .25²) / 4 = 3/16: slope 2/3
RISING = sample_of([1, 0, 1, 0], [1, 0, 0, 0])
# covariance (-.25 - .25) / 4 = -1/8: slope -2/3
FALLING = sample_of([0, 1, 0, 1], [1, 0, 0, 0])


@pytest.mark.parametrize(
    ("sample", "pooled", "expected"),
    [
        (RISING, 2 / 3, 2 / 3),
        (RISING, 0.0, 4 * (2 / 3) / 24),  # shrunk: 4 labels of the group, 20 of all groups
        (RISING, 10.0, 4 / 3),  # at most twice the slope
        (FALLING, 10.0, 0.0),  # scores that run against the labels are not used
    ],
)
def test_the_tuning_factor_by_hand(sample, pooled, expected):
    assert compute_tuning_factor(sample, np.array([pooled])) == pytest.approx([expected])


def test_the_pooled_slope_counts_every_group():
    # covariances 1/8, 1/8 and -1/8 and variances 3/16 of four labels each; a group without labels counts for nothing
    empty = RISING.take(np.array([], dtype=np.int64))
    assert pool_slopes([RISING, empty, RISING, FALLING], 1) == pytest.approx([(1 / 8) / (9 / 16)])
    assert pool_slopes([RISING, FALLING], 1) == pytest.approx([0.0])


def test_a_sample_is_split_by_group_in_the_order_asked_for():
    b, c, a = RISING.split([("B",), ("C",), ("A",)])
    assert [part.documents.tolist() for part in (a, b, c)] == [["d0", "d2"], ["d1", "d3"], []]
    assert a.labels.ravel().tolist() == [1.0, 1.0]


def test_contributions_are_from_the_mean_of_their_stratum():
    # chance one half: 1 - 1 / 2 of the variance is left, times n / (n - 1) = 2; the unit alone is compared with zero
    sample = sample_of([0] * 5, [0] * 5, strata=[0, 0, 1, 1, 2])
    psi = centre_within_strata(np.array([[1.0], [3.0], [2.0], [2.0], [5.0]]), sample)
    assert psi.ravel() == pytest.approx([-1.0, 1.0, 0.0, 0.0, 5 * np.sqrt(0.5)])
