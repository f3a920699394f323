"""When a report is due: slots of a cron expression in a time zone, across changes of the clock."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from framing.errors import InputError

__all__ = ["check_schedule", "find_last_slot", "find_next_slot", "find_time_zone"]


def find_time_zone(name: str) -> tzinfo:
    """Return the time zone with an IANA name.

    Parameters
    ----------
    name : str
        Name such as Europe/Berlin; empty for the time zone of this machine.

    Returns
    -------
    tzinfo
        The time zone.

    Raises
    ------
    InputError
        If there is no time zone of that name.
    """
    if not name:
        from tzlocal import get_localzone

        return get_localzone()
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InputError(f"timezone: expected an IANA name such as Europe/Berlin, got {name!r}.") from None


def check_schedule(schedule: str, *, what: str) -> None:
    """Refuse a schedule that is no cron expression of five fields, or that names no moment.

    Parameters
    ----------
    schedule : str
        Cron expression: minute, hour, day, month, weekday.
    what : str
        File that holds it, for the message.

    Raises
    ------
    InputError
        If the schedule cannot be used.
    """
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


def find_last_slot(schedule: str, now: datetime) -> datetime | None:
    """Return the latest slot at or before a moment.

    Parameters
    ----------
    schedule : str
        Cron expression of five fields.
    now : datetime
        The moment, with a time zone: the schedule is read in it.

    Returns
    -------
    datetime or None
        The slot; None if the calendar of the schedule holds none before `now`.

    Notes
    -----
    Slots follow cron. If the clock skips an hour, its slots come at the end of the gap. If an hour comes twice, a slot
    at a fixed hour comes once.

    Examples
    --------
    >>> find_last_slot("0 6 * * 1", datetime(2026, 3, 4, 12, tzinfo=UTC)).isoformat()
    '2026-03-02T06:00:00+00:00'
    """
    from cronsim import CronSim

    try:
        backwards = CronSim(schedule, now, reverse=True)
        next(backwards)
        coming = next(backwards)  # two slots back, then forwards: only forwards does cronsim make up skipped hours
    except StopIteration:
        return None
    slot, forwards = None, CronSim(schedule, coming)
    while coming.timestamp() <= now.timestamp():
        slot, coming = coming, next(forwards)
    return slot


def find_next_slot(schedule: str, now: datetime) -> datetime:
    """Return the first slot after a moment.

    Parameters
    ----------
    schedule : str
        Cron expression of five fields.
    now : datetime
        The moment, with a time zone: the schedule is read in it.

    Returns
    -------
    datetime
        The slot.

    Examples
    --------
    >>> find_next_slot("0 6 * * 1", datetime(2026, 3, 4, 12, tzinfo=UTC)).isoformat()
    '2026-03-09T06:00:00+00:00'
    """
    from cronsim import CronSim

    slot: datetime = next(CronSim(schedule, now))
    return slot
