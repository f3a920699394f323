"""Level of intervals and number of draws: what is refused."""

from __future__ import annotations

import pytest

from framing.errors import InputError
from framing.uncertainty.options import check_interval_options


@pytest.mark.parametrize("level", [0, 1, -0.1, 95, float("nan")])
def test_a_level_that_is_no_chance_is_refused(level):
    with pytest.raises(InputError, match="level: expected a number between 0 and 1"):
        check_interval_options(level=level)


def test_a_level_in_per_cent_is_written_as_a_share():
    with pytest.raises(InputError, match=r"write 0\.95 for 95 per cent"):
        check_interval_options(level=95)


@pytest.mark.parametrize("n_bootstrap", [0, -5])
def test_no_draws_are_refused(n_bootstrap):
    with pytest.raises(InputError, match="n_bootstrap: expected a number of draws of at least 1, got"):
        check_interval_options(level=0.9, n_bootstrap=n_bootstrap)


def test_one_draw_and_any_level_within_are_accepted():
    check_interval_options(level=0.001, n_bootstrap=1)
    check_interval_options(level=0.999)
