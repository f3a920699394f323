"""Days, ISO weeks and months by the calendar."""

from __future__ import annotations

import pandas as pd
import pytest

from framing.corpus.periods import PERIODS, add_period, find_period, find_unlikely_dates, first_days, read_dates
from framing.errors import InputError

# A leap day, a Thursday, and the Sunday and the Monday after it.
DATES = pd.Series(pd.to_datetime(["2024-02-29 23:59", "2024-03-03 00:00", "2024-03-04 00:00"]))


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("day", ["2024-02-29", "2024-03-03", "2024-03-04"]),
        ("week", ["2024-02-26", "2024-02-26", "2024-03-04"]),
        ("month", ["2024-02-01", "2024-03-01", "2024-03-01"]),
    ],
)
def test_first_days_by_the_calendar(period, expected):
    assert first_days(DATES, period).dt.strftime("%Y-%m-%d").to_list() == expected


def test_undated_rows_have_no_first_day_and_are_left_out():
    dates = pd.Series([pd.Timestamp("2024-03-04"), pd.NaT])
    assert first_days(dates, "week").isna().to_list() == [False, True]
    assert len(add_period(pd.DataFrame({"published": dates}), "week")) == 1


@pytest.mark.parametrize("period", PERIODS)
def test_the_step_goes_from_one_first_day_to_the_next(period):
    start = first_days(DATES, period).iloc[0]
    days = pd.date_range(start, periods=30, freq=find_period(period).step).to_series()
    assert (first_days(days, period) == days).all()


@pytest.mark.parametrize(("period", "span"), [("day", 1461), ("week", 1461 / 7), ("month", 48)])
def test_four_years_have_as_many_periods_as_the_mean_length_says(period, span):
    # 4 × 365 + 1 days
    assert 1461 / find_period(period).days == pytest.approx(span)


def test_an_unknown_period_is_named():
    with pytest.raises(InputError, match="period: expected one of day, week, month, got 'year'"):
        first_days(DATES, "year")


def test_dates_that_a_file_turned_into_text_are_read_back():
    texts = pd.Series(["2024-02-29 23:59:00", None, "2024-03-04", "2024-03-03T01:00:00+02:00"])
    expected = [pd.Timestamp("2024-02-29 23:59"), pd.Timestamp("2024-03-04"), pd.Timestamp("2024-03-02 23:00")]
    assert read_dates(texts).dropna().to_list() == expected
    table = add_period(pd.DataFrame({"published": texts}), "week")
    assert table["period"].dt.strftime("%Y-%m-%d").to_list() == ["2024-02-26", "2024-03-04", "2024-02-26"]


def test_a_column_without_any_date_is_empty():
    assert read_dates(pd.Series([float("nan"), float("nan")])).isna().all()
    assert add_period(pd.DataFrame({"published": [None, None]}), "week").empty


@pytest.mark.parametrize("published", [[2024, 2025], ["29 Feb 2024", "x"], ["2024-02-29", "yesterday"]])
def test_what_is_no_date_is_refused_with_the_form(published):
    with pytest.raises(InputError, match=r"published: expected dates.*2024-02-29 \(ISO 8601\)"):
        add_period(pd.DataFrame({"published": published}), "week")


SENTINELS = pd.DataFrame({
    "document_id": [f"d{number}" for number in range(303)],
    "published": pd.Series(
        ["0001-01-01", "9999-12-31", "1970-01-01", *["2025-07-01"] * 299, "2025-07-09"], dtype="datetime64[us]"
    ),
})  # fmt: skip


def test_dates_that_stand_for_none_are_in_no_period():
    weeks = add_period(SENTINELS, "week")
    assert sorted(weeks["period"].dt.strftime("%Y-%m-%d").unique()) == ["1969-12-29", "2025-06-30", "2025-07-07"]


def test_unlikely_dates_are_listed_with_what_is_done_about_them():
    unlikely = find_unlikely_dates(SENTINELS)
    assert unlikely["published"].dt.year.to_list() == [1, 1970, 9999]
    assert unlikely["first_document"].to_list() == ["d0", "d2", "d1"]
    assert unlikely["reason"].str.contains("left out").to_list() == [True, False, True]
    assert unlikely["reason"].str.contains("kept").to_list() == [False, True, False]
    assert find_unlikely_dates(SENTINELS.iloc[3:]).empty
    # two centuries with as many documents each are no mistake
    halves = SENTINELS.assign(published=pd.to_datetime(["1914-07-28", "2014-07-28", "2014-07-29"] * 101))
    assert find_unlikely_dates(halves).empty
    assert find_unlikely_dates(SENTINELS.assign(published=pd.NaT)).empty
