from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.corpus.press.dates import begins_with_date, read_date


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("July 1, 2025 Tuesday 9:20 AM GMT", "2025-07-01T09:20:00+00:00"),
        ("July 1, 2025 Tuesday 12:05 PM", "2025-07-01T12:05:00"),
        ("July 1, 2025 12:05 AM EST", "2025-07-01T00:05:00-05:00"),
        ("1er juillet 2025 14h30", "2025-07-01T14:30:00"),
        ("DIENSTAG, DEN 1. JULI 2025", "2025-07-01"),
        ("29 FÉVRIER 2024", "2024-02-29"),
        ("1 de julio de 2025", "2025-07-01"),
        ("1 luglio 2025", "2025-07-01"),
        ("1 juli 2025", "2025-07-01"),
        ("1 июля 2025 г.", "2025-07-01"),
        ("2025年7月1日 星期二", "2025-07-01"),
        ("2025-07-01", "2025-07-01"),
        ("2025-07-01T01:35:58Z", "2025-07-01T01:35:58+00:00"),
        ("01.07.2025", "2025-07-01"),
        ("13/07/2025", "2025-07-13"),
        ("07/13/2025", "2025-07-13"),
        ("7/7/2025", "2025-07-07"),
        ("2025/07/01", "2025-07-01"),
        ("2025.07.01", "2025-07-01"),
        ("1-Jul-2025", "2025-07-01"),
        ("2025 Jul 01", "2025-07-01"),
        ("1º de julho de 2025", "2025-07-01"),
        ("sobota 5 lipca 2025", "2025-07-05"),
        ("1 липня 2025", "2025-07-01"),
        ("1 Temmuz 2025 Salı", "2025-07-01"),
        ("2025년 7월 1일", "2025-07-01"),
        ("July 1, 2025 Tuesday 12:01 AM GMT+8", "2025-07-01T00:01:00+08:00"),
        ("July 1, 2025 12:01 AM UTC-03:30", "2025-07-01T00:01:00-03:30"),
    ],
)
def test_dates_of_databases(text: str, iso: str) -> None:
    assert read_date(text) == iso


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "yesterday",
        "12:30",
        "July",
        "July 2025",
        "Summer 2025",
        "2025",
        "03/04/2025",
        "31 June 2025",
        "30.02.2025",
    ],
)
def test_no_day_is_guessed(text: str) -> None:
    assert read_date(text) == ""


def test_a_date_within_a_sentence_does_not_begin_it() -> None:
    assert begins_with_date("Tuesday 1 July 2025, Late Edition")
    assert not begins_with_date("What the vote of July 1, 2025 means")


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31)))
def test_english_date_comes_back(day: date) -> None:
    assert read_date(f"{day:%A}, {day:%B} {day.day}, {day.year}") == day.isoformat()


@given(st.text(max_size=60))
def test_any_text_ends(text: str) -> None:
    assert isinstance(read_date(text), str)
    assert begins_with_date(text) in (True, False)


@pytest.mark.parametrize(
    "line", ["Sexta-feira 4 Março 2022", "terça-feira, 1 de março de 2022", "пятница, 4 марта 2022", "03/04/2022"]
)
def test_lines_that_begin_with_a_date(line: str) -> None:
    assert begins_with_date(line)


def test_the_language_of_the_page_tells_the_order_of_day_and_month() -> None:
    assert read_date("04/03/2022", day_first=True) == "2022-03-04"
    assert read_date("03/14/2022", day_first=True) == "2022-03-14"
    assert read_date("14/03/2022") == "2022-03-14"


def test_a_line_of_any_length_ends() -> None:
    assert read_date("31 June 2025 " * 100_000) == ""
