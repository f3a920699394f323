"""The form of dates is told by the whole column, and asked for where the column leaves it open."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.corpus.dates import ISO, read_date
from framing.corpus.proposal.date_forms import find_date_forms


@pytest.mark.parametrize(
    ("values", "formats"),
    [
        (["2025-07-04", "2025-12-31"], (ISO,)),
        (["2025-07-04", "2025-07-04T10:00:00", "0001-01-01", "1631-05-30"], (ISO,)),
        (["2025-07-04T10:00:00Z", "2025-07-04T10:00:00+02:00"], (ISO,)),
        (["04.07.2025", "13.07.2025"], ("%d.%m.%Y",)),
        (["4.7.2025", "13.7.2025"], ("%d.%m.%Y",)),
        (["07/04/2025", "07/13/2025"], ("%m/%d/%Y",)),
        (["04/07/2025 10:30", "31/07/2025 09:00"], ("%d/%m/%Y %H:%M",)),
        (["4. 7. 2025", "13. 7. 2025"], ("%d. %m. %Y",)),
        (["2025/07/04"], ("%Y/%m/%d",)),
        (["4 July 2025", "5 May 2025"], ("%d %B %Y",)),
        (["Jul 4, 2025", "Sep 5, 2025"], ("%b %d, %Y",)),
        (["Fri, 04 Jul 2025 10:00:00 +0000"], ("%a, %d %b %Y %H:%M:%S %z",)),
        (["Fri, 04 Jul 2025 10:00:00 GMT"], ("%a, %d %b %Y %H:%M:%S %Z",)),
        (["Fri Jul 04 10:00:00 +0000 2025"], ("%a %b %d %H:%M:%S %z %Y",)),
        (["7/4/2025 1:05 PM", "7/31/2025 11:59 AM"], ("%m/%d/%Y %I:%M %p",)),
        (["31.12.99", "01.01.00"], ("%d.%m.%y",)),
        (["04-07-2025", "13-07-2025"], ("%d-%m-%Y",)),
        (["20250704T101500Z"], (ISO,)),
        (["20250704101500"], ("%Y%m%d%H%M%S",)),
        (["05.05.2025"], ("%d.%m.%Y",)),  # both orders are one day
    ],
)
def test_a_form_that_the_values_settle_is_found(values, formats):
    found = find_date_forms(values)
    assert (found.formats, found.question, found.unreadable) == (formats, "", ())


@pytest.mark.parametrize(
    ("values", "choices"),
    [
        (["04.07.2025", "12.11.2025"], ("%d.%m.%Y", "%m.%d.%Y")),
        (["7/4/2025"], ("%d/%m/%Y", "%m/%d/%Y")),
        (["04/07/2025 10:30"], ("%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M")),
        (["25-07-04"], ("%d-%m-%y", "%y-%m-%d")),
        (["04-07-2025", "05-07-2025"], ("%d-%m-%Y", "%m-%d-%Y")),
        (["09.08.07", "10.11.12"], ("%d.%m.%y", "%m.%d.%y", "%y.%m.%d")),
    ],
)
def test_an_order_that_the_values_leave_open_is_a_question(values, choices):
    found = find_date_forms(values)
    assert found.formats == ()
    assert set(found.choices) == set(choices)
    assert f"{values[0]!r} and all others like it can be" in found.question


def test_two_orders_in_one_column_are_a_question():
    found = find_date_forms(["31/12/2025", "12/30/2025", "01/02/2025"])
    assert found.formats == ()
    assert "'31/12/2025' can only be %d/%m/%Y, '12/30/2025' can only be %m/%d/%Y" in found.question


def test_two_ways_of_writing_are_both_read():
    found = find_date_forms(["2025-07-04", "2025-07-05", "13.07.2025", "n. d."])
    assert found.formats == (ISO, "%d.%m.%Y")
    assert found.unreadable == ("n. d.",)
    assert found.share_read == 0.75


def test_what_is_told_and_what_is_open_stand_side_by_side():
    found = find_date_forms(["2025-07-04", "04.07.2025"])
    assert found.formats == (ISO,)
    assert found.choices == ("%d.%m.%Y", "%m.%d.%Y")


def test_long_and_short_months_are_both_read():
    assert set(find_date_forms(["4 July 2025", "4 Aug 2025"]).formats) == {"%d %B %Y", "%d %b %Y"}


@pytest.mark.parametrize("value", ["7", "2025", "A. Miller", "12:30", "", "01.01.9999", "3.5", "1751623200", "45842"])
def test_what_is_no_date_is_unreadable(value):
    found = find_date_forms([value])
    assert found.formats == ()
    assert found.unreadable == ((value,) if value else ())


def test_a_column_of_texts_is_not_tried_for_long():
    assert find_date_forms([f"{'word ' * k}{k}" for k in range(1000)]).formats == ()


DAYS = st.dates(date(1980, 1, 1), date(2030, 12, 31))


@given(st.lists(DAYS, min_size=1), st.sampled_from(["%d.%m.%Y", "%m/%d/%Y", "%Y/%m/%d", "%d %B %Y", "%Y-%m-%d"]))
def test_a_form_that_is_found_gives_the_days_back(days, form):
    """And where none is found, two forms do read all values."""
    values = [day.strftime(form) for day in days]
    found = find_date_forms(values)
    assert found.unreadable == ()
    if found.question:
        assert form in found.choices
        assert all(day.day <= 12 for day in days)
    else:
        (told,) = found.formats
        assert [read_date(value, (told,)).date() for value in values] == days


@given(DAYS)
def test_a_thirteenth_settles_the_order(day):
    thirteenth = day.replace(day=13)
    values = [(day + timedelta(days=k)).strftime("%m/%d/%Y") for k in range(3)] + [thirteenth.strftime("%m/%d/%Y")]
    assert find_date_forms(values).formats == ("%m/%d/%Y",)
