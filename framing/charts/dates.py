"""Dates on charts: axes of time, formats that tell days apart, and how many periods an axis has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import altair as alt
import pandas as pd

from framing.texts import phrase_in

__all__ = ["MAX_PERIODS", "date_format", "time_axis"]

MAX_PERIODS = 400  # on an axis; of more periods those without documents are left out


def time_axis(periods: pd.Series, n_ticks: int) -> alt.Axis:
    """Make an axis of dates.

    Parameters
    ----------
    periods : Series of datetime
        Start of the period of each row; missing dates are left out.
    n_ticks : int
        About how many periods get a tick.

    Returns
    -------
    altair axis
        Labels are as `date_format` has them, of the days that get a tick.
    """
    days = list(periods.dropna().drop_duplicates().sort_values())
    step = -(-len(days) // n_ticks) or 1
    shown: list[pd.Timestamp] = []
    for day in days[::step]:  # where periods are missing, days that stand close together have one label
        if not shown or (day - shown[-1]) * (2 * n_ticks) >= days[-1] - days[0]:
            shown.append(day)
    values = [alt.DateTime(year=day.year, month=day.month, date=day.day) for day in shown]
    return alt.Axis(
        format=date_format(shown),
        labelAngle=-60,
        labelOverlap=False,
        values=values,
        tickCount=len(values) + 1,
        grid=False,
    )


def date_format(days: Sequence[pd.Timestamp]) -> str:
    """Choose a format of dates that tells days apart.

    Parameters
    ----------
    days : sequence of Timestamp
        The days, in order, each once.

    Returns
    -------
    str
        Day and month for days of less than 300 days, else month and year with four digits, with the day if two fall in
        one month.

    Examples
    --------
    >>> date_format([pd.Timestamp("1914-07-28"), pd.Timestamp("2014-07-28")])
    '%b %Y'
    >>> date_format([pd.Timestamp("2014-07-28"), pd.Timestamp("2014-07-29")])
    '%d %b'
    """
    if not len(days) or days[-1].to_pydatetime() - days[0].to_pydatetime() <= timedelta(days=300):
        return phrase_in("axis", "%d %b")
    months = {(day.year, day.month) for day in days}
    return phrase_in("axis", "%b %Y") if len(months) == len(days) else phrase_in("axis", "%d %b %Y")
