"""Which documents are kept: by the values of their columns, or by ranges of dates and numbers."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, model_validator

from framing.errors import InputError

__all__ = ["OVERLAP", "Selection", "find_overlap", "is_blank", "select_documents"]

_N_LISTED = 12  # values of a column in a message
_DAY = pd.Timedelta(days=1)


class Selection(BaseModel):
    """What a column must hold: one of some values, or something within a range.

    Notes
    -----
    Short forms: one value alone, or a list of values. A range includes both of its ends, a last day to its midnight.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    values: tuple[str, ...] = Field(default=(), description="values that are kept; short form: the list, or one alone")
    first: str | None = Field(default=None, alias="from", description="first day or least number that is kept")
    last: str | None = Field(default=None, alias="to", description="last day or greatest number that is kept")

    @model_validator(mode="before")
    @classmethod
    def _expand(cls, value: object) -> object:
        if isinstance(value, dict):
            unknown = [str(key) for key in value if key not in ("values", "from", "to", "first", "last")]
            if unknown:
                raise ValueError(f"unknown key {', '.join(unknown)} (known: from, to, values)")
            return {key: item if key == "values" else _to_text(item) for key, item in value.items()}
        return {"values": [_to_text(item) for item in (value if isinstance(value, list | tuple) else [value])]}

    @model_validator(mode="after")
    def _check(self) -> Selection:
        in_range = self.first is not None or self.last is not None
        if in_range == bool(self.values):
            raise ValueError("give one value, a list of values, or a range such as {from: 2022-07-01, to: 2022-12-31}")
        if self.first is not None and self.last is not None and _lies_after(self.first, self.last):
            raise ValueError(f"from ({self.first}) lies after to ({self.last})")
        return self


def _lies_after(first: str, last: str) -> bool:
    """Whether a range is turned round: as numbers, else as days of ISO 8601, of which the last counts to its end."""
    try:
        return float(first) > float(last)
    except ValueError:
        return first[: len(last)] > last


OVERLAP = Selection(values=("overlap",))  # of published: the days that all groups cover


def _to_text(value: object) -> object:
    """Text of a plain value; YAML reads days and numbers as such."""
    if isinstance(value, datetime.date | int | float) and not isinstance(value, bool):
        return value.isoformat() if isinstance(value, datetime.date) else str(value)
    return value


def select_documents(documents: pd.DataFrame, where: Mapping[str, Selection]) -> pd.Series:
    """Find the documents that are kept.

    Parameters
    ----------
    documents : DataFrame
        One row a document, n rows.
    where : mapping of str to Selection
        What columns must hold; all conditions together.

    Returns
    -------
    Series of bool
        Length n, true where the document is kept.

    Raises
    ------
    InputError
        If there is no such column, a value that no document has, or an end of a range that is no day or number.

    Examples
    --------
    >>> table = pd.DataFrame({"section": ["World", "Sport", ""]})
    >>> select_documents(table, {"section": Selection(values=("World",))}).tolist()
    [True, False, False]
    """
    kept = pd.Series(True, index=documents.index)
    for column, selection in where.items():
        if column not in documents.columns or column == "text":
            known = ", ".join(name for name in documents.columns if name != "text")
            raise InputError(f"where: the documents have no column {column}. They have: {known}.")
        kept &= _match(documents[column], selection, column)
    return kept


def find_overlap(documents: pd.DataFrame, by: str) -> Selection:
    """Find the days that the documents of every group cover.

    Parameters
    ----------
    documents : DataFrame
        Documents with `published`, NaT where the date stands for none, and the column of the groups.
    by : str
        Column of the groups. Documents without a group do not count.

    Returns
    -------
    Selection
        From the latest first day of a group to the earliest last day.

    Raises
    ------
    InputError
        If a group has no dated document, or there is no day that all groups cover; names the groups.

    Examples
    --------
    >>> days = pd.to_datetime(["2022-03-01", "2022-03-09", "2022-03-05", "2022-03-20"])
    >>> found = find_overlap(pd.DataFrame({"outlet": list("aabb"), "published": days}), "outlet")
    >>> found.first, found.last
    ('2022-03-05', '2022-03-09')
    """
    grouped = documents[~is_blank(documents[by])]
    dated = grouped[grouped["published"].notna()]
    undated = sorted(set(grouped[by]) - set(dated[by]))
    if undated:
        raise InputError(
            f"where: published: overlap needs dated documents of each {by}; {', '.join(map(str, undated[:_N_LISTED]))} "
            "has none. Leave it out with where:, or name its column of dates."
        )
    if dated.empty:
        raise InputError("where: published: overlap needs dated documents; none has a date.")
    spans = dated.groupby(by)["published"].agg(["min", "max"])
    if spans["min"].max().normalize() > spans["max"].min():
        raise InputError(
            f"where: published: overlap: {by} {spans['max'].idxmin()} ends on {spans['max'].min():%Y-%m-%d}, before "
            f"{spans['min'].idxmax()} begins on {spans['min'].max():%Y-%m-%d}. Leave one of them out with where:."
        )
    first, last = spans["min"].max().date(), spans["max"].min().date()
    return Selection(first=first.isoformat(), last=last.isoformat())


def is_blank(values: pd.Series) -> pd.Series:
    """Find the values that make no group.

    Parameters
    ----------
    values : Series
        Values of a column.

    Returns
    -------
    Series of bool
        True for a missing value, and for a text without a sign that is no space.

    Examples
    --------
    >>> is_blank(pd.Series(["World", " ", None])).tolist()
    [False, True, True]
    """
    blank: pd.Series = values.isna() | (values.astype(str).str.strip() == "")
    return blank


def _match(values: pd.Series, selection: Selection, column: str) -> pd.Series:
    if selection.values:
        return _match_values(values, selection.values, column)
    is_date = pd.api.types.is_datetime64_any_dtype(values)
    read = values if is_date else pd.to_numeric(values, errors="coerce")
    kept = read.notna()
    if selection.first is not None:
        kept &= read >= _read_end(selection.first, column, is_date=is_date)
    if selection.last is not None:
        last = _read_end(selection.last, column, is_date=is_date)
        kept &= read < last + _DAY if is_date and last == last.normalize() else read <= last
    return kept


def _match_values(values: pd.Series, wanted: tuple[str, ...], column: str) -> pd.Series:
    if pd.api.types.is_datetime64_any_dtype(values):
        values = values.dt.strftime("%Y-%m-%d")
    texts = values.astype(str).where(values.notna(), "")
    absent = [value for value in wanted if not (texts == value).any()]
    if absent:
        present = texts.value_counts().index
        more = f" and {len(present) - _N_LISTED} more" if len(present) > _N_LISTED else ""
        raise InputError(
            f"where: no document has {column} {' or '.join(map(repr, absent))}. "
            f"It has: {', '.join(map(repr, present[:_N_LISTED]))}{more}."
        )
    return texts.isin(wanted)


def _read_end(text: str, column: str, *, is_date: bool) -> Any:
    try:
        if not is_date:
            return float(text)
        moment = datetime.datetime.fromisoformat(text)  # with an offset it is meant in universal time, as dates are
        return pd.Timestamp(moment if moment.tzinfo is None else moment.astimezone(datetime.UTC).replace(tzinfo=None))
    except (ValueError, OverflowError):
        wanted = "a day such as 2022-07-01" if is_date else "a number"
        raise InputError(f"where: {column}: expected {wanted}, got {text!r}.") from None
