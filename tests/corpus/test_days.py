"""Days that texts state: read where they are sure, none where they are not."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.corpus.days import read_day

LATEST = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025-07-04", "2025-07-04"),
        ("2025-7-4", "2025-07-04"),
        ("2025/07/04 10:15", "2025-07-04"),
        ("2025-07-04T23:30:00-05:00", "2025-07-04"),
        ("2025-07-05T04:30:00Z", "2025-07-05"),
        ("20250704T101500Z", "2025-07-04"),
        ("20250704", "2025-07-04"),
        ("20250704101500", "2025-07-04"),
        ("Fri, 04 Jul 2025 23:30:00 -0500", "2025-07-04"),
        ("Fri, 04 Jul 2025 10:00 CEST", "2025-07-04"),
        ("4 July 2025", "2025-07-04"),
        ("July 4th, 2025", "2025-07-04"),
        ("Fri Jul 4 10:15:00 UTC 2025", "2025-07-04"),
        ("1751623200", "2025-07-04"),
        ("1751623200.0", "2025-07-04"),
        ("1751623200000", "2025-07-04"),
        ("13/07/2025", "2025-07-13"),
        ("07/13/2025 8:00 PM", "2025-07-13"),
        ("04.07.2025", "2025-07-04"),
        ("4/4/2025", "2025-04-04"),
        ("1914-07-28", "1914-07-28"),
        ("1970-01-01", "1970-01-01"),
    ],
)
def test_a_day_is_read_as_it_is_written(text, day):
    assert read_day(text, latest=LATEST) == day


@pytest.mark.parametrize(
    "text",
    [
        "", "7/4/2025", "07-04-2025", "04/07/25", "2025", "2025-07", "July 2025", "45842", "4. Juli 2025", "yesterday",
        "1751-62-32", "2025-02-30", "31/02/2025", "13/13/2025", "2099-01-01", "9999-12-31T00:00:00Z", "0001-01-01",
        "1970-01-01T00:00:00Z", "0", "-1", "99999999999999999999", "10:15", "2025-07-041", "2025070", "9" * 10_000,
    ],
)  # fmt: skip
def test_what_states_no_sure_day_gives_none(text):
    assert read_day(text, latest=LATEST) == ""


@given(st.text(max_size=60) | st.from_regex(r"[0-9]{1,4}[-/. ][0-9]{1,2}[-/. ][0-9]{1,4}.{0,9}", fullmatch=True))
def test_any_text_gives_a_real_day_or_none(text):
    day = read_day(text)
    assert day == "" or date.fromisoformat(day) <= datetime.now(UTC).date() + timedelta(days=1)


@given(st.dates(min_value=date(1971, 1, 1), max_value=LATEST))
def test_a_day_written_in_any_sure_form_is_that_day(day):
    for form in ("%Y-%m-%d", "%Y%m%d", "%d %B %Y", "%b %d, %Y", "%a, %d %b %Y %H:%M:%S GMT", "%d.%m.%Y"):
        assert read_day(day.strftime(form), latest=LATEST) == day.isoformat()
    assert read_day(day.strftime("%d/%m/%Y"), latest=LATEST) in ("", day.isoformat())
    assert read_day(day.strftime("%m/%d/%Y"), latest=LATEST) in ("", day.isoformat())
