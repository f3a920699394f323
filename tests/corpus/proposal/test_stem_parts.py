"""The names of files have an outlet and a date, or they do not."""

from __future__ import annotations

import re

import pytest

from framing.corpus.proposal.stem_parts import find_stem_parts


@pytest.mark.parametrize(
    ("stems", "outlets", "dates", "formats"),
    [
        (
            ["north-courier_2025-07-04", "north-courier_2025-07-13", "south_2025-07-04"],
            ("north-courier", "south"), ["2025-07-04", "2025-07-13", "2025-07-04"], ("iso",),
        ),
        (["20250704 North Star_1", "20250705 North Star_2"], ("North Star",), ["20250704", "20250705"], ("iso",)),
        (["north_13.07.2025", "north_01.07.2025"], ("north",), ["13.07.2025", "01.07.2025"], ("%d.%m.%Y",)),
        (["2025-07-04", "2025-07-05"], (), ["2025-07-04", "2025-07-05"], ("iso",)),
        (["north_ferry", "north_harbour", "south_1", "south_2"], ("north", "south"), [], ()),
        (["ferry", "harbour", "bridge", "road"], (), [], ()),
        (["a_x", "b_x", "c_x", "d_x"], (), [], ()),
        ([], (), [], ()),
    ],
)  # fmt: skip
def test_parts_are_found(stems, outlets, dates, formats):
    parts = find_stem_parts(stems)
    assert parts.outlets == outlets
    assert parts.dates.formats == formats
    assert [re.search(parts.published, stem).group(1) for stem in stems if parts.published] == dates
    if outlets:
        assert {re.search(parts.outlet, stem).group(1) for stem in stems} == set(outlets)


def test_an_order_of_day_and_month_that_is_open_is_asked_for():
    assert find_stem_parts(["north_04.07.2025", "north_05.07.2025"]).dates.choices == ("%d.%m.%Y", "%m.%d.%Y")
