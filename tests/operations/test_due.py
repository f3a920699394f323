"""What is due is made once: missed slots, changes of the clock, failures, two callers; history; the list of reports."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from framing.errors import LockedError, RunError
from framing.operations.due import format_outcomes, run_due
from framing.reports.index import list_reports, write_index
from framing.reports.publish import stage, swap_in

BERLIN = ZoneInfo("Europe/Berlin")


def at(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=BERLIN)


def test_three_missed_slots_are_one_run_and_calling_again_makes_nothing(scheduled):
    finished: list[str] = []
    outcomes = [
        run_due(now=at(*moment), make=lambda plan: finished.append(plan.report))[0].result
        for moment in [(2026, 3, 2, 7), (2026, 3, 2, 8), (2026, 3, 24, 9), (2026, 3, 24, 9, 15), (2026, 3, 30, 5, 59)]
    ]
    assert outcomes == ["made", "waiting", "made", "waiting", "waiting"]
    assert finished == ["weekly", "weekly"]
    last = run_due(now=at(2026, 3, 30, 6), make=lambda plan: finished.append(plan.report))[0]
    assert (last.result, last.slot, last.next_slot) == (
        "made", "2026-03-30T06:00:00+02:00", "2026-04-06T06:00:00+02:00",
    )  # fmt: skip


def test_a_report_made_by_hand_after_its_slot_is_not_due_at_first(scheduled):
    (scheduled / "reports" / "weekly").mkdir()
    (scheduled / "reports" / "weekly" / "run.json").write_text('{"made": "2026-03-02T09:00:00+00:00"}')
    assert run_due(now=at(2026, 3, 4, 12), make=pytest.fail)[0].result == "waiting"
    assert run_due(now=at(2026, 3, 9, 6), make=lambda plan: None)[0].result == "made"


def test_a_failed_slot_is_tried_three_times_and_the_next_slot_again(scheduled):
    def fail(plan):
        raise RunError("the kernel died")

    results = [run_due(now=at(2026, 3, 2, hour), make=fail)[0] for hour in (7, 8, 9, 10)]
    assert [item.result for item in results] == ["failed", "failed", "failed", "given up"]
    assert {item.exit_code for item in results} == {1}
    assert results[3].message == "failed 3 times: the kernel died"
    assert run_due(now=at(2026, 3, 9, 7), make=lambda plan: None)[0].result == "made"


def test_a_run_that_never_came_back_counts_as_a_try(scheduled):
    class Cut(BaseException):
        pass

    def cut(plan):
        raise Cut

    for _ in range(3):
        with pytest.raises(Cut):
            run_due(now=at(2026, 3, 2, 7), make=cut)
    assert run_due(now=at(2026, 3, 2, 8), make=pytest.fail)[0].message == "failed 3 times: the run was cut off"


def test_while_one_call_makes_it_another_does_not(scheduled):
    started, go = threading.Event(), threading.Event()
    finished = []

    def slow(plan):
        started.set()
        assert go.wait(20)
        finished.append(plan.report)

    first = threading.Thread(target=lambda: run_due(now=at(2026, 3, 2, 7), make=slow))
    first.start()
    assert started.wait(20)
    second = run_due(now=at(2026, 3, 2, 7), make=slow)[0]
    go.set()
    first.join(20)
    assert (second.result, second.exit_code, finished) == ("locked", 75, ["weekly"])


def test_a_report_that_someone_makes_by_hand_now_is_no_failed_try(scheduled):
    def locked(plan):
        raise LockedError("held")

    for _ in range(5):
        assert run_due(now=at(2026, 3, 2, 7), make=locked)[0].result == "locked"
    assert run_due(now=at(2026, 3, 2, 7), make=lambda plan: None)[0].result == "made"


def test_one_broken_report_does_not_keep_the_others_back(scheduled):
    (scheduled / "reports" / "broken.yaml").write_text("report: broken\n", encoding="utf-8")
    outcomes = run_due(now=at(2026, 3, 2, 7), make=lambda plan: None)
    assert [(item.report, item.result, item.exit_code) for item in outcomes] == [
        ("broken", "failed", 2),
        ("weekly", "made", 0),
    ]
    assert json.loads(format_outcomes(outcomes))[1]["slot"] == "2026-03-02T06:00:00+01:00"


def test_a_slot_remembered_by_a_clock_far_ahead_does_not_stop_the_report(scheduled):
    (scheduled / "reports" / ".weekly.due.json").write_text('{"done": "2036-01-01T06:00:00+01:00"}')
    assert run_due(now=at(2026, 3, 2, 7), make=lambda plan: None)[0].result == "made"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("schedule", "start", "hours", "slots"),
    [
        ("30 2 * * *", (2026, 3, 28, 12), 48, ["2026-03-29T03:00:00+02:00", "2026-03-30T02:30:00+02:00"]),
        ("30 2 * * *", (2026, 10, 24, 12), 48, ["2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00"]),
        ("0 6 * * *", (2026, 3, 28, 12), 48, ["2026-03-29T06:00:00+02:00", "2026-03-30T06:00:00+02:00"]),
    ],
)
def test_changes_of_the_clock_lose_and_double_no_run(scheduled, schedule, start, hours, slots):
    """Called every ten minutes of real time over the night in which the clock changes."""
    path = scheduled / "reports" / "weekly.yaml"
    path.write_text(path.read_text().replace("0 6 * * 1", schedule))
    moment, finished = at(*start).astimezone(UTC), []
    run_due(now=moment, make=lambda plan: None)  # what was due before
    for _ in range(hours * 6):
        moment += timedelta(minutes=10)
        finished += [item.slot for item in run_due(now=moment, make=lambda plan: None) if item.result == "made"]
    assert finished == slots


def _publish(target: Path, time: str, keep: int) -> None:
    with stage(target, keep=keep) as work:
        (work / "index.html").write_text(time)
        (work / "run.json").write_text(json.dumps({"made": time, "title": f"T {time}"}))
        swap_in(work, target, keep=keep)


def test_the_list_of_reports_says_which_is_not_new_and_escapes(scheduled):
    target = scheduled / "reports" / "weekly"
    for day in (1, 2):
        _publish(target, f"2026-03-0{day}T06:00:00+00:00", keep=2)
    facts = json.loads((target / "run.json").read_text())
    (target / "run.json").write_text(json.dumps({**facts, "title": "<script>1</script>"}))

    def fail(plan):
        raise RunError("the disk is <full>")

    run_due(now=at(2026, 3, 9, 7), make=fail)
    page = write_index().read_text(encoding="utf-8")
    assert "<script>" not in page
    assert "&lt;script&gt;1&lt;/script&gt;" in page
    assert "Not new." in page
    assert "failed: the disk is &lt;full&gt; What you see is the report made 2026-03-02T06:00:00+00:00." in page
    assert 'href="weekly.runs/20260301T060000Z/index.html"' in page
    run_due(now=at(2026, 3, 9, 8), make=lambda plan: None)
    assert list_reports(scheduled / "reports")[0]["trouble"] == ""


def test_a_failure_is_no_news_once_the_report_was_made_by_hand(scheduled):
    target = scheduled / "reports" / "weekly"
    _publish(target, "2026-03-01T06:00:00+00:00", keep=2)

    def fail(plan):
        raise RunError("the disk is full")

    run_due(now=at(2026, 3, 2, 7), make=fail)
    assert "the disk is full" in list_reports(scheduled / "reports")[0]["trouble"]
    _publish(target, "2026-03-02T09:00:00+00:00", keep=2)
    assert list_reports(scheduled / "reports")[0]["trouble"] == ""


def test_a_report_file_that_cannot_be_read_is_in_the_list_until_it_can(scheduled):
    _publish(scheduled / "reports" / "weekly", "2026-03-01T06:00:00+00:00", keep=2)
    path = scheduled / "reports" / "weekly.yaml"
    good = path.read_text(encoding="utf-8")
    path.write_text(good.replace("Europe/Berlin", "Europe/Berln"), encoding="utf-8")
    assert run_due(now=at(2026, 3, 1, 12), make=pytest.fail)[0].exit_code == 2
    assert "expected an IANA name" in list_reports(scheduled / "reports")[0]["trouble"]
    path.write_text(good, encoding="utf-8")
    run_due(now=at(2026, 3, 1, 12), make=lambda plan: None)
    assert list_reports(scheduled / "reports")[0]["trouble"] == ""
