"""Which dates of documents are in question: days to come, days of long ago, and days that stand for none."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd

__all__ = ["find_next_doubt", "question_dates"]

_FAR_YEARS = 10
_FAR_SHARE = 0.01  # of the dates that may be so far away
_CENTURY = pd.Timedelta(days=36_525)
_FEW = 0.1  # share of the dates that may be a century off
_EARLIEST = 1700  # year
_EMPTY_DAYS = {
    (1970, 1, 1): "1 January 1970, which many databases write for no date",
    (1900, 1, 1): "1 January 1900, which many databases write for no date",
    (1904, 1, 1): "1 January 1904, which spreadsheets write for no date",
}


def question_dates(published: pd.Series, *, today: date | None = None) -> pd.Series:
    """Say of each date why it is in question; such dates are kept.

    Parameters
    ----------
    published : Series
        Timestamps; NaT where there is none.
    today : date, optional
        The day after which a date is of the future; by default the present day (universal time).

    Returns
    -------
    Series of str
        The reason; empty for a date that is not in question. The index is that of `published`.

    Notes
    -----
    In question are dates later than tomorrow (a day's difference of zones is none), before 1700, days that databases
    and spreadsheets write for no date, dates more than a century from the median of all where at most one in ten is,
    and dates that lie more than ten years from all others and are one in a hundred at most.
    """
    days = pd.to_datetime(published)
    reasons = pd.Series("", index=published.index, dtype=object)
    if days.notna().sum() == 0:
        return reasons
    tomorrow = pd.Timestamp(today or datetime.now(UTC).date()) + pd.Timedelta(days=1)
    away = (days - days.dropna().sort_values().iloc[days.notna().sum() // 2]).abs() > _CENTURY
    if 0 < away.sum() <= _FEW * days.notna().sum():
        reasons[away] = "a century and more from the other dates"
    for (year, month, day), reason in _EMPTY_DAYS.items():
        reasons[(days.dt.year == year) & (days.dt.month == month) & (days.dt.day == day)] = reason
    reasons[_are_far(days)] = f"more than {_FAR_YEARS} years from all others"
    reasons[days.dt.year < _EARLIEST] = f"before {_EARLIEST}"
    reasons[days >= tomorrow + pd.Timedelta(days=1)] = "later than tomorrow"
    return reasons


def find_next_doubt(published: pd.Series, *, today: date | None = None) -> date | None:
    """Find the day on which `question_dates` will first answer otherwise, as time goes on.

    Parameters
    ----------
    published : Series
        Timestamps; NaT where there is none.
    today : date, optional
        The present day, by default in universal time.

    Returns
    -------
    date or None
        The first day on which a date that is later than tomorrow now is so no more; None if there is no such date.

    Examples
    --------
    >>> days = pd.Series(pd.to_datetime(["2026-03-01 00:00", "2026-03-09 12:00"]))
    >>> find_next_doubt(days, today=date(2026, 3, 2)), find_next_doubt(days, today=date(2026, 3, 8))
    (datetime.date(2026, 3, 8), None)
    """
    days = pd.to_datetime(published).dropna()
    coming = days[days >= pd.Timestamp(today or datetime.now(UTC).date()) + pd.Timedelta(days=2)]
    return None if coming.empty else coming.min().date() - timedelta(days=1)


def _are_far(days: pd.Series) -> pd.Series:
    """Whether each date lies with few others in a block that ten years and more part from all other dates."""
    ordered = days.dropna().sort_values()
    years = (ordered.dt.year + ordered.dt.day_of_year / 366).to_numpy()
    gaps = np.diff(years, prepend=years[:1]) > _FAR_YEARS
    blocks = pd.Series(gaps.cumsum(), index=ordered.index)
    n_of_block = blocks.groupby(blocks).transform("size")
    return (n_of_block <= _FAR_SHARE * len(ordered)).reindex(days.index, fill_value=False)
