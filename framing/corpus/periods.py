"""Days, weeks and months: where each begins and how long it is."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from framing.corpus.date_doubts import question_dates
from framing.errors import InputError
from framing.tables import require_columns

__all__ = [
    "PERIODS",
    "Period",
    "add_period",
    "choose_period",
    "find_period",
    "find_unlikely_dates",
    "first_days",
    "has_period",
    "read_dates",
]

_DAYS = {"day": 21, "week": 200}  # the longest span of a corpus whose trends have this step; else months
_FIRST_YEAR, _LAST_YEAR = 1600, 2100  # the first newspapers are of 1605; 0001-01-01 and 9999-12-31 stand for no date


@dataclass(frozen=True)
class Period:
    """A step of time.

    Attributes
    ----------
    code : str
        Its name as a pandas period.
    step : str
        Its name as the frequency of a pandas range that begins on a first day.
    days : float
        Its mean length in days.
    """

    code: str
    step: str
    days: float


PERIODS = {
    "day": Period("D", "D", 1.0),
    "week": Period("W-SUN", "7D", 7.0),  # ISO weeks: Monday to Sunday
    "month": Period("M", "MS", 30.4375),  # a twelfth of 365.25
}


def choose_period(published: pd.Series) -> str:
    """Choose the time step of trends.

    Parameters
    ----------
    published : Series
        Dates of the documents.

    Returns
    -------
    {"day", "week", "month"}
        The finest step that leaves a readable number of periods.

    Examples
    --------
    >>> choose_period(pd.Series(pd.to_datetime(["2025-01-01", "2025-06-01"])))
    'week'
    """
    dates = published[has_period(published)]
    days = (dates.max() - dates.min()).days if len(dates) else 0
    return next((period for period, longest in _DAYS.items() if days <= longest), "month")


def find_period(name: str) -> Period:
    """Find a period by its name.

    Parameters
    ----------
    name : str
        Name of a period.

    Returns
    -------
    Period
        The period.

    Raises
    ------
    InputError
        Lists the names of the periods.

    Examples
    --------
    >>> find_period("week").days
    7.0
    """
    if name not in PERIODS:
        raise InputError(f"period: expected one of {', '.join(PERIODS)}, got {name!r}.")
    return PERIODS[name]


def read_dates(published: pd.Series) -> pd.Series:
    """Read dates that a file may have turned into text.

    Parameters
    ----------
    published : Series
        Dates, or texts in the form of ISO 8601; missing where there is none.

    Returns
    -------
    Series
        Timestamps; NaT where there is no date. Texts with an offset are in UTC.

    Raises
    ------
    InputError
        For numbers, and for texts of another form; shows the first problem.

    Examples
    --------
    >>> read_dates(pd.Series(["2024-02-29", None])).dt.year.tolist()
    [2024.0, nan]
    """
    if pd.api.types.is_datetime64_any_dtype(published):
        return published
    present = published.dropna()
    remedy = "Give dates, or texts such as 2024-02-29 (ISO 8601), for instance by pandas.to_datetime."
    if len(present) and pd.api.types.is_numeric_dtype(present):
        raise InputError(f"published: expected dates, got numbers such as {present.iloc[0]}. {remedy}")
    try:
        return pd.to_datetime(published, format="ISO8601", utc=True).dt.tz_localize(None)
    except (ValueError, TypeError, OverflowError) as error:
        problem = str(error).splitlines()[0].rstrip(".")
        raise InputError(f"published: expected dates ({problem}). {remedy}") from None


def has_period(published: pd.Series) -> pd.Series:
    """Whether each date can be one of publication: there is one, and it lies in the years 1600 to 2100.

    Parameters
    ----------
    published : Series
        Dates, or texts as `read_dates` takes them; missing where there is none.

    Returns
    -------
    Series of bool
        False for stand-ins such as 0001-01-01 and 9999-12-31, which would make half a million weeks.

    Examples
    --------
    >>> has_period(pd.Series(["2024-02-29", "9999-12-31", None])).tolist()
    [True, False, False]
    """
    is_possible: pd.Series = read_dates(published).dt.year.between(_FIRST_YEAR, _LAST_YEAR)
    return is_possible


def find_unlikely_dates(documents: pd.DataFrame) -> pd.DataFrame:
    """Find dates that may stand for no date.

    Parameters
    ----------
    documents : DataFrame
        Documents, columns `framing.tables.DOCUMENTS`.

    Returns
    -------
    DataFrame
        Columns `published, n_documents, first_document, reason`, one row a date that `question_dates` asks about. Dates
        outside the years 1600 to 2100 are left out of everything over time; others are kept: judge whether they are
        right.

    Raises
    ------
    InputError
        Where a column is missing, or `published` holds no dates.
    """
    require_columns(documents, ("document_id", "published"), what="documents")
    dates = read_dates(documents["published"])
    dated = pd.DataFrame({"published": dates, "document_id": documents["document_id"]}).dropna(subset="published")
    dated["reason"] = question_dates(dated["published"])
    asked = dated[dated["reason"] != ""].groupby(["published", "reason"])["document_id"]
    counts = asked.agg(n_documents="size", first_document="first").reset_index()
    fate = has_period(counts["published"]).map({True: "; kept", False: "; left out of everything over time"})
    return counts.assign(reason=counts["reason"] + fate)[["published", "n_documents", "first_document", "reason"]]


def first_days(published: pd.Series, period: str) -> pd.Series:
    """First day of the period in which each date lies.

    Parameters
    ----------
    published : Series
        Dates, or texts as `read_dates` takes them; missing where there is none.
    period : {"day", "week", "month"}
        The period; weeks are those of ISO 8601, from Monday.

    Returns
    -------
    Series
        Days; NaT for missing dates.

    Raises
    ------
    InputError
        If there is no such period, or `published` holds no dates.

    Examples
    --------
    >>> first_days(pd.Series([pd.Timestamp("2024-02-29 18:00")]), "week").dt.strftime("%Y-%m-%d").tolist()
    ['2024-02-26']
    """
    days: pd.Series = read_dates(published).dt.to_period(find_period(period).code).dt.start_time
    return days


def add_period(classified: pd.DataFrame, period: str) -> pd.DataFrame:
    """Add the period in which each row was published.

    Parameters
    ----------
    classified : DataFrame
        Any table with a column `published`: dates, or texts as `read_dates` takes them.
    period : {"day", "week", "month"}
        The period; weeks are those of ISO 8601, from Monday.

    Returns
    -------
    DataFrame
        The rows with a date of publication (`has_period`), with a column `period`: its first day. `published` holds
        timestamps.

    Raises
    ------
    InputError
        If there is no such period, or no column `published` with dates.
    """
    find_period(period)
    require_columns(classified, ["published"], what="classified passages")
    table = classified.assign(published=read_dates(classified["published"]))
    dated = table[has_period(table["published"])].copy()
    dated["period"] = first_days(dated["published"], period)
    return dated
