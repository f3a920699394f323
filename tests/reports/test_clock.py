"""Slots of a schedule, and schedules and time zones that do not exist."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from framing.errors import InputError
from framing.reports.clock import check_schedule, find_last_slot, find_next_slot, find_time_zone


def at(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=ZoneInfo("Europe/Berlin"))


def test_slots_before_and_after():
    assert find_last_slot("*/15 * * * *", at(2026, 3, 2, 7, 14)) == at(2026, 3, 2, 7)
    assert find_last_slot("*/15 * * * *", at(2026, 3, 2, 7, 15)) == at(2026, 3, 2, 7, 15)
    assert find_next_slot("*/15 * * * *", at(2026, 3, 2, 7, 15)) == at(2026, 3, 2, 7, 30)


@pytest.mark.parametrize("schedule", ["weekly", "0 6 * *", "61 * * * *", "0 0 30 2 *", "0 6 * * 1; rm"])
def test_a_schedule_that_names_no_moment_is_refused(schedule):
    with pytest.raises(InputError, match="expected a cron expression"):
        check_schedule(schedule, what="weekly.yaml")


def test_a_time_zone_that_does_not_exist_is_refused():
    with pytest.raises(InputError, match="expected an IANA name such as Europe/Berlin, got 'Mars/Olympus'"):
        find_time_zone("Mars/Olympus")
