"""Links from the marks of a chart to the passages that they count."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from framing.charts.specs import list_rows
from framing.charts.tips import KEY, TIP
from framing.reports.passage_links import link_row

__all__ = ["link_marks"]


def link_marks(spec: Mapping[str, Any], linkable: dict[str, Any]) -> dict[str, str]:
    """Find the addresses of the passages behind the marks of a chart.

    Parameters
    ----------
    spec : mapping of str to Any
        Specification of the chart, with its data.
    linkable : dict
        What `read_groups` returns; empty if the report has no side-by-side page.

    Returns
    -------
    dict of str to str
        Address by the sentence of the tooltip.

    Examples
    --------
    >>> row = {"tip": "A, Blame: 20%", "passages": json.dumps({"frame": "blame", "outlet": "A"})}
    >>> link_marks({"datasets": {"x": [row]}}, {"groups": {"A": ["A"]}, "frames": ["blame"]})
    {'A, Blame: 20%': 'side_by_side.html#frame=blame&outlet=A'}
    """
    if not linkable:
        return {}
    links = {}
    for row in list_rows(dict(spec)):
        if isinstance(row.get(KEY), str) and isinstance(row.get(TIP), str):
            address = link_row({**json.loads(row[KEY]), "n_passages": 1}, linkable)
            if address:
                links[row[TIP]] = address
    return links
