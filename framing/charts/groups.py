"""Groups on charts: which are drawn, and the colour and shape of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import altair as alt
import pandas as pd

from framing.charts.labels import label_expression, label_lines
from framing.charts.style import COLOURS, order_scale
from framing.texts import phrase, retell

__all__ = ["GROUP", "TOP_GROUPS", "group_rows", "group_scales", "name_groups", "palette", "pick_groups"]

SHAPES = ("circle", "square", "triangle-up", "diamond", "triangle-down", "cross", "triangle-right")
GROUP = "group"  # column of the groups in the data of a chart, whatever its name in the table
TOP_GROUPS = 30  # rows of groups that a reader can take in


def palette(groups: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Choose a colour and a point shape for each group, the same in every chart of a report.

    Parameters
    ----------
    groups : sequence of str
        Names of the groups.

    Returns
    -------
    dict of str to (str, str)
        Colour (`#rrggbb`) and shape of each group.

    Notes
    -----
    Colours are those of Okabe & Ito (2008), which readers with any common colour vision can distinguish, without
    yellow, which is too pale on white. If there are more groups than colours, shapes differ too.

    Examples
    --------
    >>> palette(["b", "a"])["a"]
    ('#0072B2', 'circle')
    """
    return {
        name: (COLOURS[place % len(COLOURS)], SHAPES[(place // len(COLOURS) + place) % len(SHAPES)])
        for place, name in enumerate(sorted(set(groups)))
    }


def name_groups(rows: pd.DataFrame, by: str) -> pd.DataFrame:
    """Give the column of the groups the name that charts have for it: any column can make the groups.

    Parameters
    ----------
    rows : DataFrame
        Data of a chart.
    by : str
        Column of the groups; a dot or a bracket in its name would lead Vega-Lite astray.

    Returns
    -------
    DataFrame
        The rows, with the column `group` for `by`.
    """
    return rows if by == GROUP else rows.drop(columns=GROUP, errors="ignore").rename(columns={by: GROUP})


def pick_groups(rows: pd.DataFrame, by: str, top: int, *, weight: str = "n_passages") -> tuple[pd.DataFrame, str]:
    """Keep as many groups as a reader can take in.

    Parameters
    ----------
    rows : DataFrame
        Data of a chart.
    by : str
        Column of the groups.
    top : int
        Number of groups to keep: those with most, by name where they have as many.
    weight : str, default "n_passages"
        Column of counts.

    Returns
    -------
    DataFrame
        Rows of these groups.
    str
        A sentence for the subtitle; empty where all are kept.

    Examples
    --------
    >>> rows = pd.DataFrame({"outlet": ["A", "B", "C"], "n_passages": [3, 9, 4]})
    >>> kept, note = pick_groups(rows, "outlet", 2)
    >>> kept["outlet"].tolist(), note
    (['B', 'C'], 'Drawn: those 2 of 3 (outlet) with most passages; the table has all.')
    """
    totals = rows.groupby(by)[weight].sum().sort_index().sort_values(ascending=False, kind="stable")
    if len(totals) <= top:
        return rows, ""
    what = weight.removeprefix("n_")
    note = phrase(
        "Drawn: those {top} of {n_totals:,} ({by}) with most {what}; the table has all.",
        top=top,
        n_totals=len(totals),
        by=retell(by),
        what=retell(what),
    )
    return rows[rows[by].isin(totals.index[:top])], note


def group_scales(present: Iterable[str], groups: Iterable[str], by: str) -> tuple[alt.Color, alt.Shape]:
    """Colour and shape channels of groups, which give a group the same look in every chart, with one legend above.

    Parameters
    ----------
    present : iterable of str
        Groups in this chart.
    groups : iterable of str
        Groups in any chart of the report.
    by : str
        Column of the groups in the table; its name is the legend's title. In the data it is `group`.

    Returns
    -------
    altair color
        Colours of the present groups, as `palette` chooses them.
    altair shape
        Their point shapes.
    """
    names = sorted(set(present))
    styles = palette([*names, *groups])
    legend = alt.Legend(
        title=retell(by).capitalize(),
        orient="top",
        columns=3,
        labelLimit=0,
        labelExpr=label_expression(label_lines(names, 40)),
    )
    colours, shapes = ([styles[name][part] for name in names] for part in (0, 1))
    return (
        alt.Color(f"{GROUP}:N", scale=alt.Scale(domain=names, range=colours), legend=legend),
        alt.Shape(f"{GROUP}:N", scale=alt.Scale(domain=names, range=shapes), legend=legend),
    )


def group_rows(rows: pd.DataFrame, by: str, groups: Iterable[str]) -> tuple[Any, alt.Shape, int]:
    """Start a chart that has a coloured row for each group, without an axis of groups.

    Parameters
    ----------
    rows : DataFrame
        Data of the chart.
    by : str
        Column of the groups.
    groups : iterable of str
        Groups in any chart of the report.

    Returns
    -------
    altair chart
        The chart, without marks.
    altair shape
        Shape of the points of each group.
    int
        Number of groups in `rows`.
    """
    rows = name_groups(rows, by)
    names = sorted(rows[GROUP].unique())
    colour, shape = group_scales(names, groups, by)
    y = alt.Y(f"{GROUP}:N", title=None, axis=None, scale=order_scale(names))
    return alt.Chart(rows).encode(y=y, color=colour), shape, len(names)
