"""What the tests of charts read from a chart: the mappings of its specification, its rows, its words and its marks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from framing import charts


def parts(spec: Any) -> Iterator[dict[str, Any]]:
    """Every mapping within a specification."""
    if isinstance(spec, dict):
        yield spec
        for value in spec.values():
            yield from parts(value)
    elif isinstance(spec, list):
        for value in spec:
            yield from parts(value)


def rows(chart: Any, column: str | None = None) -> list[dict[str, Any]]:
    """The rows of all data of a chart, those that have the column."""
    every = [row for table in chart.to_dict()["datasets"].values() for row in table]
    return [row for row in every if column is None or column in row]


def words(chart: Any) -> str:
    """All text of a chart, or of an SVG, as one line."""
    svg = chart if isinstance(chart, str) else charts.to_svg(chart)
    return " ".join("".join(element.itertext()) for element in ElementTree.fromstring(svg).iter())


def subtitle(chart: Any) -> str:
    return " ".join(chart.to_dict()["title"]["subtitle"])


def n_marks(chart: Any, kind: str) -> int:
    return charts.to_svg(chart).count(f'aria-roledescription="{kind}"')
