"""Dates of events in charts over time."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from framing.texts import phrase

__all__ = ["add_marks"]


def add_marks(
    rows: pd.DataFrame, layers: list[Any], marks: pd.DataFrame | None, *, panels: list[str]
) -> tuple[pd.DataFrame, list[Any], str]:
    """Add the dates of events to a chart over time, as dashed lines in every panel.

    Parameters
    ----------
    rows : DataFrame
        Data of the chart.
    layers : list of altair chart
        Layers of the chart, without data of their own.
    marks : DataFrame or None
        Events, with a column `date`; None or empty: there are none.
    panels : list of str
        Columns of `rows` that make the panels.

    Returns
    -------
    DataFrame
        Data, with a row for each panel and event.
    list of altair chart
        Layers, the dashed lines first.
    str
        A sentence for the subtitle; empty where there are no events.
    """
    if marks is None or not len(marks):
        return rows, layers, ""
    dates = rows[panels].drop_duplicates().merge(marks[["date"]].set_axis(["mark"], axis=1), how="cross")
    dashes = alt.Chart().mark_rule(color="#bbbbbb", strokeDash=[3, 3], aria=False).encode(x=alt.X("mark:T", title=None))
    return pd.concat([rows, dates], ignore_index=True), [dashes, *layers], phrase(" Dashes: events listed below.")
