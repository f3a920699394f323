"""Every estimator refuses a level outside 0 to 1, and fewer than one draw."""

from __future__ import annotations

import pytest

from framing.errors import InputError
from framing.estimates.arrivals import compare_arrivals, measure_drift
from framing.estimates.changes import find_changes
from framing.estimates.compare import compare_groups
from framing.estimates.cooccurrence import measure_cooccurrence
from framing.estimates.decompose import decompose_differences
from framing.estimates.prevalence import estimate_prevalence
from framing.estimates.trends import compare_trends
from framing.estimates.words import find_distinctive_words
from tests.estimation import classified_table

TABLE = classified_table({"A": [[1, 0]] * 6, "B": [[0, 0]] * 6}).assign(event="x")
BOOTSTRAPPED = [
    estimate_prevalence, compare_groups, compare_trends, decompose_differences, measure_cooccurrence,
]  # fmt: skip


@pytest.mark.parametrize("level", [0, 1, 95])
@pytest.mark.parametrize("estimate", [*BOOTSTRAPPED, find_changes, find_distinctive_words])
def test_a_level_outside_is_refused(estimate, level):
    with pytest.raises(InputError, match="level: expected a number between 0 and 1"):
        estimate(TABLE, level=level)


@pytest.mark.parametrize("estimate", [compare_arrivals, measure_drift])
def test_a_level_outside_is_refused_for_new_documents(estimate):
    with pytest.raises(InputError, match="level: expected a number between 0 and 1"):
        estimate(TABLE, [], level=95)


@pytest.mark.parametrize("estimate", BOOTSTRAPPED)
def test_no_draws_are_refused(estimate):
    with pytest.raises(InputError, match="n_bootstrap: expected a number of draws"):
        estimate(TABLE, n_bootstrap=0)
