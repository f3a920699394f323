"""The order in which notebooks begin."""

from __future__ import annotations

from pathlib import Path

from framing.reports import execution
from framing.reports.execution import sort_longest_first


def test_long_notebooks_begin_first_and_others_in_their_order():
    names = ["mine", "01_corpora", "03_outlets", "06_fragility", "another", "09_voices"]
    ordered = sort_longest_first([Path(f"{name}.ipynb") for name in names])
    assert [path.stem for path in ordered] == [
        "09_voices",
        "06_fragility",
        "03_outlets",
        "mine",
        "01_corpora",
        "another",
    ]


def test_those_that_are_known_to_take_long_are_notebooks(root):
    assert all((root / "notebooks" / f"{name}.ipynb").is_file() for name in execution.LONGEST)
