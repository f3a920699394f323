"""When a report is due: slots of a cron expression in a time zone, across changes of the clock."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from framing.errors import InputError

__all__ = ["check_schedule", "last_slot", "next_slot", "zone_of"]


def zone_of(name: str) -> tzinfo:
    """The time zone `name` (IANA), or this machine's where it is empty; raises `InputError`."""
    if not name:
        from tzlocal import get_localzone

        return get_localzone()
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InputError(f"timezone: expected an IANA name such as Europe/Berlin, got {name!r}.") from None


def check_schedule(schedule: str, *, what: str) -> None:
    """Raise `InputError` unless `schedule` is a cron expression of five fields that names some moment."""
    from cronsim import CronSim, CronSimError

    problem = "" if len(schedule.split()) == 5 else "five fields are needed"
    if not problem:
        try:
            next(CronSim(schedule, datetime(2026, 1, 1, tzinfo=UTC)))
        except (CronSimError, StopIteration) as error:
            problem = str(error) or "no such day"
    if problem:
        raise InputError(
            f"{what}: schedule: expected a cron expression (minute hour day month weekday, for instance '0 6 * * 1' "
            f"for Mondays at six), got {schedule!r}: {problem}."
        )


def last_slot(schedule: str, now: datetime) -> datetime | None:
    """The latest slot at or before `now`; None where there was none within its calendar.

    Slots follow cron: an hour that the clock skips is made up at its end, an hour that comes twice runs jobs of a fixed
    hour once. `now` carries its time zone.

    >>> last_slot("0 6 * * 1", datetime(2026, 3, 4, 12, tzinfo=UTC)).isoformat()
    '2026-03-02T06:00:00+00:00'
    """
    from cronsim import CronSim

    try:
        before = CronSim(schedule, now, reverse=True)
        start = next(before)
        start = next(before)  # two back, then forwards: only forwards are skipped hours made up
    except StopIteration:
        return None
    found, forwards = None, CronSim(schedule, start)
    slot = start
    while slot.timestamp() <= now.timestamp():
        found, slot = slot, next(forwards)
    return found


def next_slot(schedule: str, now: datetime) -> datetime:
    """The first slot after `now`.

    >>> next_slot("0 6 * * 1", datetime(2026, 3, 4, 12, tzinfo=UTC)).isoformat()
    '2026-03-09T06:00:00+00:00'
    """
    from cronsim import CronSim

    found: datetime = next(CronSim(schedule, now))
    return found
