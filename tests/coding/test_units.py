"""Units that can be drawn, their measure and bands."""

from __future__ import annotations

import numpy as np
import pytest

from framing.coding.units import assign_bands, list_units
from tests.coding.passages import make_passages, make_scores


def test_scores_of_one_frame_are_ranked_themselves():
    passages = make_passages(40)
    one, two = (list_units(passages, scores=make_scores(passages, k)) for k in (1, 2))
    assert one["measure"].to_numpy() == pytest.approx(make_scores(passages, 1)[:, 0])
    both = make_scores(passages, 2)
    assert two["measure"].to_numpy() == pytest.approx((both * (1 - both)).mean(axis=1))


def test_bands_are_of_equal_size_with_equal_values_too():
    assert np.bincount(assign_bands(np.zeros(10), 3)).tolist() == [4, 3, 3]
    assert assign_bands(np.array([3.0, 1.0, 2.0]), 3).tolist() == [2, 0, 1]
