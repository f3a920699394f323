"""Dates of files: read as they stand, never guessed; what would help where one cannot be read; what is in question."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.corpus.date_doubts import question_dates
from framing.corpus.dates import check_date_format, explain_date, guess_forms, read_date

TODAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2025-07-04", datetime(2025, 7, 4)),
        (" 20250704 ", datetime(2025, 7, 4)),
        ("2025-07-04 10:30", datetime(2025, 7, 4, 10, 30)),
        ("2025-W27-5", datetime(2025, 7, 4)),
        ("2025-07-04T23:30:00-05:00", datetime(2025, 7, 5, 4, 30)),  # universal time
        ("2025-07-04T10:00:00.123456789Z", datetime(2025, 7, 4, 10, 0, 0, 123456)),
        ("0001-01-01", datetime(1, 1, 1)),
        ("9999-12-31T23:59:59", datetime(9999, 12, 31, 23, 59, 59)),
    ],
)
def test_iso_dates_are_read(written, expected):
    assert read_date(written) == expected


@pytest.mark.parametrize(
    "written",
    ["", "2025", "2025-07", "2025-W27", "July 2025", "04.07.2025", "13.07.2025", "7/4/2025", "45842", "1751623200",
     "1112101200000", "now", "today", "12:30", "5", "2025-13-01", "2025-02-29", "1900-01-00", "0000-00-00",
     "9999-12-31T23:00-10:00", "2025070", "202507041"],
)  # fmt: skip
def test_nothing_else_is_guessed(written):
    assert read_date(written) is None


@given(st.dates())
def test_a_day_is_read_in_each_form_that_names_it(day):
    assert read_date(day.isoformat()) == datetime.combine(day, datetime.min.time())
    written = f"{day.day}.{day.month}.{day.year:04}"
    assert read_date(written, ("%d.%m.%Y",)) == datetime.combine(day, datetime.min.time())


@given(st.dates(min_value=date(1900, 3, 1)))
def test_day_numbers_and_seconds_are_read_where_the_form_says_so(day):
    midnight = datetime.combine(day, datetime.min.time())
    assert read_date(str((day - date(1899, 12, 30)).days), ("excel",)) == midnight
    if date(1970, 2, 1) <= day <= date(5000, 12, 31):
        seconds = int((midnight - datetime(1970, 1, 1)) / timedelta(seconds=1))
        assert read_date(str(seconds), ("unix",)) == midnight
        assert read_date(f"{seconds}000", ("unix-ms",)) == midnight


@pytest.mark.parametrize(
    ("written", "form", "helps"),
    [
        ("1751623200", "unix-ms", "as seconds since 1970 it would be 2025-07-04 10:00; then set format: to 'unix'"),
        ("999999999", "unix-ms", "as seconds since 1970 it would be 2001-09-09 01:46; then set format: to 'unix'"),
        ("1751623200000", "unix", "since 1970 it would be 2025-07-04 10:00; then set format: to 'unix-ms'"),
        ("157766400000", "unix", "milliseconds since 1970 it would be 1975-01-01 00:00; then set format: to 'unix-ms'"),
    ],
)  # fmt: skip
def test_seconds_and_milliseconds_are_told_apart(written, form, helps):
    assert read_date(written, (form,)) is None
    assert helps in explain_date(written, (form,))


def test_numbers_that_are_no_date_in_either_unit_are_refused():
    assert read_date("0", ("unix-ms",)) == read_date("0", ("unix",)) == datetime(1970, 1, 1)  # asked about later
    assert read_date("99999999999", ("unix",)) is None  # the year 5138


def test_the_29_february_1900_of_excel_never_was():
    assert [read_date(number, ("excel",)) for number in ("59", "60", "61", "0", "45842.5")] == [
        datetime(1900, 2, 28), None, datetime(1900, 3, 1), None, datetime(2025, 7, 4, 12),
    ]  # fmt: skip


def test_the_first_form_that_fits_counts():
    forms = ("%d.%m.%Y", "%m/%d/%Y", "iso")
    assert read_date("07/04/2025", forms) == read_date("04.07.2025", forms) == read_date("2025-07-04", forms)
    assert read_date("2025-07-04", forms[:2]) is None


@pytest.mark.parametrize(
    ("written", "helps"),
    [
        ("04.07.2025", "'%d.%m.%Y' for 4 July 2025 or '%m.%d.%Y' for 7 April 2025"),
        ("13/07/2025", "'%d/%m/%Y'"),
        ("2025/07/04", "'%Y/%m/%d'"),
        ("2025-13-01", "'%Y-%d-%m'"),
        ("July 4, 2025", "'%B %d, %Y'"),
        ("Fri, 04 Jul 2025 10:00:00 GMT", "'%a, %d %b %Y %H:%M:%S %Z'"),
        ("2025-07-04 10:00:00 UTC", "'%Y-%m-%d %H:%M:%S %Z'"),
        ("7/14/2025 10:15 PM", "'%m/%d/%Y %I:%M %p'"),
        ("2025年7月4日", "'%Y年%m月%d日'"),
        ("4-Jul-25", "'%d-%b-%y' (two digits of a year from 69 on are of 1969 to 1999"),
        ("45842", "as a day number of Excel it would be 2025-07-04; then set format: to 'excel'"),
        ("1751623200", "as seconds since 1970 it would be 2025-07-04 10:00; then set format: to 'unix'"),
        ("1751623200000", "as milliseconds since 1970 it would be 2025-07-04 10:00; then set format: to 'unix-ms'"),
        ("2025", "it names no day; write the day, or set format: to '%Y' to take the first of the year"),
        ("July 2025", "set format: to '%B %Y' to take the first of the month"),
        ("2025-W27", "it names a week and no day"),
        ("4 ferry 2025", "'ferry' is no name of a month or day in a language that is known"),
        ("July 4th, 2025", "days with st, nd, rd or th are not read"),
        ("2025-02-29", "there is no such day, time or zone"),
        ("n/a", "write dates as 2025-07-04, or leave them empty"),
        ("04-07-2025", "'%d-%m-%Y' for 4 July 2025 or '%m-%d-%Y' for 7 April 2025"),
        ("13-07-2025", "set format: to '%d-%m-%Y'"),
        ("10:15 13-07-2025", "'%H:%M %d-%m-%Y'"),
        ("13-07-2025 10:15 PM -0500", "'%d-%m-%Y %I:%M %p %z'"),
        ("13 July 2025 10:15:00 GMT+0200", "'%d %B %Y %H:%M:%S %Z%z'"),
    ],
)
def test_what_would_help_is_named(written, helps):
    reason = explain_date(written)
    assert reason.startswith(f"the date {written!r} is not of the form ISO 8601: ")
    assert helps in reason


@given(st.text("0123456789./-: TZJulyMay,%年", max_size=24))
def test_a_form_that_is_named_fits(written):
    reason = explain_date(written, remedy="take")
    assert "\n" not in reason
    if ": take '" in reason:
        form = reason.partition(": take '")[2].partition("'")[0]
        assert read_date(written, (form,)) is not None


def test_the_reason_names_the_forms_that_were_tried():
    reason = explain_date("2025-07-07", ("%d.%m.%Y", "iso"), remedy="give --date-format")
    assert reason.startswith("the date '2025-07-07' is not of the form %d.%m.%Y or ISO 8601: give --date-format '%Y-%m")


@pytest.mark.parametrize("form", ["%d.%m.%Y", "%d.%m.%y", "%Y", "%B %Y", "%a, %d %b %Y %H:%M:%S %z", "excel", "unix"])
def test_forms_that_name_a_year_are_taken(form):
    assert check_date_format(form) == ""


@pytest.mark.parametrize("form", ["", "DD.MM.YYYY", "%d.%m", "%Q", "%", "%H:%M"])
def test_other_forms_are_refused(form):
    assert repr(form) in check_date_format(form)


def test_dates_with_dashes_are_as_open_as_those_with_dots():
    assert guess_forms("04-07-2025") == ["%d-%m-%Y", "%m-%d-%Y"]
    assert guess_forms("04-07-2025 10:00:00-05:00") == ["%d-%m-%Y %H:%M:%S%z", "%m-%d-%Y %H:%M:%S%z"]


@pytest.mark.parametrize("zone", ["UTC", "Etc/GMT+5", "EST5EDT", "CET-1CEST"])
def test_names_of_zones_are_read_alike_on_every_machine(zone, monkeypatch):
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        form = "%Y-%m-%d %H:%M %Z"
        assert [read_date(f"2025-07-04 23:30 {name}", (form,)) for name in ("UTC", "GMT", "Z")] == [
            datetime(2025, 7, 4, 23, 30)
        ] * 3
        assert [read_date(f"2025-07-04 23:30 {name}", (form,)) for name in ("EST", "EDT", "CET", "-05")] == [None] * 4
        assert read_date("2025-07-04 23:30 GMT-0500", (form + "%z",)) == datetime(2025, 7, 5, 4, 30)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_zone_that_is_not_read_is_told_with_the_offset_as_remedy():
    for forms in ((), ("%Y-%m-%d %H:%M %Z",)):
        assert "'EST' names a zone" in explain_date("2025-07-04 23:30 EST", forms)
        assert "-0500, and %z" in explain_date("04 Jul 2025 23:30:00 EST", forms)


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ("%d.%m.%Y %Y", "names the year twice (%Y, %Y)"),
        ("%d.%m.%Y %y", "names the year twice (%Y, %y)"),
        ("%d. %B (%m) %Y", "names the month twice (%B, %m)"),
        ("%c %H", "names the hour twice"),
        ("%Y-%W", "names a week and no day of the week"),
        ("%U/%Y", "names a week and no day of the week"),
        ("%G-W%V", "names a week and no day of the week"),
        ("%d %Y", "names a day and no month"),
        ("%A %Y", "names a day of the week and no day"),
        ("%a %B %Y", "names a day of the week and no day"),
        ("%Y %H:%M", "names a time and no day"),
        ("%B %Y %H:%M", "names a time and no day"),
        ("%Y-%m-%d %j", "names the day in two ways"),
        ("%Y-%m-%d %a W%W", "names the day in two ways"),
        ("%Y %W %a %j", "names the day in two ways"),
        ("%W %a %G", "%G goes with %V"),
        ("%Y-W%V-%u", "%V goes with %G"),
        ("%Y-%m-%d %I:%M", "%I goes with %p"),
        ("%Y-%m-%d %H:%M %p", "%p goes with %I"),
        ("%m-%d %%Y", "names no year"),
    ],
)
def test_forms_that_name_no_one_day_are_refused(form, says):
    assert check_date_format(form).startswith(repr(form))
    assert says in check_date_format(form)


@pytest.mark.parametrize(
    ("form", "written", "day"),
    [
        ("%Y-%W-%a", "2025-26-Fri", 4),
        ("%G-W%V-%u", "2025-W27-5", 4),
        ("%Y%j", "2025185", 4),
        ("%A, %d %B %Y", "Friday, 4 July 2025", 4),
        ("%c", "Fri Jul  4 10:30:00 2025", 4),
        ("%x", "07/04/25", 4),
        ("%Y %B", "2025 July", 1),
        ("%m/%Y %%", "07/2025 %", 1),
    ],
)
def test_forms_that_name_one_day_are_taken(form, written, day):
    assert check_date_format(form) == ""
    assert read_date(written, (form,)).date() == date(2025, 7, day)


@given(
    st.lists(
        st.sampled_from([*"aAbBcdfGHIjmMpSuUVwWxXyYzZ%eQ-\n"]).map("%".__add__) | st.sampled_from(" -%"), max_size=6
    )
)
def test_a_form_is_refused_or_read(parts):
    form = "".join(parts)
    assert isinstance(check_date_format(form), str)
    assert read_date("no date", (form,)) is None


@pytest.mark.parametrize(
    ("form", "written"),
    [("%Y%j", "2025366"), ("%y/%j", "25/366"), ("%G-W%V-%u", "2025-W53-1"), ("%Y-%W-%a", "2025-00-Mon")],
)
def test_days_and_weeks_that_a_year_lacks_are_refused(form, written):
    assert read_date(written, (form,)) is None
    assert read_date("2024366", ("%Y%j",)) == datetime(2024, 12, 31)
    assert read_date("2026-W53-5", ("%G-W%V-%u",)) == datetime(2027, 1, 1)
    assert read_date("2025-00-Wed", ("%Y-%W-%a",)) == datetime(2025, 1, 1)


@pytest.mark.parametrize(
    ("form", "wrong", "right"),
    [
        ("%a, %d %b %Y", "Mon, 04 Jul 2025", "Fri, 04 Jul 2025"),
        ("%A %d.%m.%Y", "Thursday 04.07.2025", "Friday 04.07.2025"),
        ("%u %Y-%m-%d", "1 2025-07-04", "5 2025-07-04"),
    ],
)
def test_a_day_of_the_week_that_contradicts_the_date_is_refused(form, wrong, right):
    assert read_date(right, (form,)) == datetime(2025, 7, 4)
    assert read_date(wrong, (form,)) is None
    assert "4 July 2025 is a Friday" in explain_date(wrong, (form,))


@pytest.mark.parametrize("written", ["2025-07-04", "2025-07-04T10:30:00", "2025-07-04 10:30:00+02:00"])
def test_typed_dates_beside_written_ones_are_told_with_iso_as_remedy(written):
    assert "set format: to ['%d/%m/%Y', iso]" in explain_date(written, ("%d/%m/%Y",))
    assert "set format: to ['%d/%m/%Y', excel, iso]" in explain_date(written, ("%d/%m/%Y", "excel"))
    assert "give --date-format iso too" in explain_date(written, ("%d/%m/%Y",), remedy="give --date-format")


def test_days_before_our_era_are_no_days_of_it():
    for written in ("-0044-03-15", "-44-03-15", "\u22120044-03-15T00:00:00"):
        assert guess_forms(written) == []
        assert "years before 1 are not read" in explain_date(written)
        assert "'" not in explain_date(written).partition("ISO 8601: ")[2]


def test_two_digits_thrice_are_open_in_the_year_too():
    assert {"%d.%m.%y", "%m.%d.%y", "%y.%m.%d"} <= set(guess_forms("10.11.12"))
    assert "'%y.%m.%d' for 12 November 2010" in explain_date("10.11.12")


# dates in question


def question(*days: str | None) -> list[str]:
    return question_dates(pd.to_datetime(pd.Series(days, dtype=object), format="ISO8601"), today=TODAY).to_list()


def test_days_that_stand_for_none_and_days_to_come_are_in_question():
    usual = ["2025-07-04"] * 30
    found = question(*usual, "1970-01-01", "1970-01-01 00:00:01", "1900-01-01", "2026-03-02", "2026-03-03", None)
    assert found[:30] == [""] * 30
    assert [reason.partition(",")[0] for reason in found[30:]] == [
        "1 January 1970", "1 January 1970", "1 January 1900", "", "later than tomorrow", "",
    ]  # fmt: skip


def test_days_of_all_years_can_be_asked_of():
    table = pd.Series([datetime(1, 1, 1), datetime(9999, 12, 31), datetime(2025, 7, 4)], dtype="datetime64[us]")
    assert question_dates(table, today=TODAY).to_list() == ["before 1700", "later than tomorrow", ""]


def test_a_date_centuries_from_the_rest_is_in_question_and_a_long_corpus_is_not():
    assert question(*["2025-07-04"] * 20, "1821-05-05")[-1] == "a century and more from the other dates"
    assert question(*[f"{year}-06-01" for year in range(1750, 2020, 10)]) == [""] * 27


def test_without_dates_nothing_is_in_question():
    assert question(None, None) == ["", ""]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("4 juillet 2025", (7, 4)), ("mardi 1er juillet 2025", (7, 1)), ("17 févr. 2025", (2, 17)),
        ("Freitag, 4. Juli 2025", (7, 4)), ("3. März 2025", (3, 3)), ("4 de julio de 2025", (7, 4)),
        ("4 lipca 2025", (7, 4)), ("4 июля 2025 г.", (7, 4)), ("12. prosince 2025", (12, 12)), ("1 maja 2025", (5, 1)),
        ("10 MARS 2025", (3, 10)), ("6 août 2025, 14:30", (8, 6)), ("2 Ağustos 2025", (8, 2)), ("4 mar 2025", (3, 4)),
        ("4 juillet 2025 ferry 10:30", None), ("31 février 2025", None),
    ],
)  # fmt: skip
def test_months_have_names_in_many_languages(text, day):
    forms = guess_forms(text)
    read = {(when.month, when.day) for form in forms if (when := read_date(text, (form,)))}
    assert read == ({day} if day else set())


def test_a_form_reads_names_of_its_kind_in_other_languages():
    assert read_date("4 juil 2025", ("%d %b %Y",)) == datetime(2025, 7, 4)
    assert read_date("4 juillet 2025") is None
    assert read_date("4 Jul 2025", ("%d %B %Y",)) is None
    assert read_date("4 ferry 2025", ("%d %B %Y",)) is None
    assert read_date("juillet 2025", ("%B %Y",)) == datetime(2025, 7, 1)
