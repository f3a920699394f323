"""Finished charts as pictures."""

from __future__ import annotations

from framing import charts
from tests.chart_tables import (
    DRAWN,
    PLAIN,
)


def test_png():
    small, large = (charts.to_png(DRAWN["share_heatmap"](PLAIN), scale=scale) for scale in (0.5, 1.0))
    assert small.startswith(b"\x89PNG\r\n\x1a\n")
    assert len(small) < len(large)
