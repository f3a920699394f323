"""How far a computation is: a bar on a terminal, a display in a notebook, lines elsewhere, nothing in a report."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import pytest

import framing.steps
from framing.project import OUTPUT_VARIABLE
from framing.steps import count_steps, describe_duration, describe_rate


class Clock:
    """Seconds that pass with each step only."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def run_steps(updates: list[int], total: int | None, *, seconds: float, **options: Any) -> None:
    clock = Clock()
    with count_steps("tuning", total, clock=clock, **options) as steps:
        for n in updates:
            clock.now += n * seconds
            steps.update(n)


def collect_lines(updates: list[int], total: int | None, *, seconds: float) -> list[str]:
    lines: list[str] = []
    run_steps(updates, total, seconds=seconds, say=lines.append)
    return lines


def test_a_line_with_the_duration_early_and_then_one_each_tenth():
    lines = collect_lines([1] * 1300, 1300, seconds=0.5)
    assert len(lines) == 1 + 10
    assert lines[0] == "tuning: 2 % of 1,300 steps, 2.0 steps/s, about 11 minutes left"  # 1274 steps of half a second
    assert lines[1] == "tuning: 10 % of 1,300 steps, 2.0 steps/s, about 10 minutes left"
    assert lines[-2] == "tuning: 90 % of 1,300 steps, 2.0 steps/s, about 1 minute left"
    assert lines[-1] == "tuning: 100 % of 1,300 steps, 2.0 steps/s, done"


def test_long_strides_skip_lines_and_say_none_twice():
    assert collect_lines([25, 25, 50], 100, seconds=1) == [
        "tuning: 25 % of 100 steps, 1.0 steps/s, about 1 minute left",
        "tuning: 50 % of 100 steps, 1.0 steps/s, less than a minute left",
        "tuning: 100 % of 100 steps, 1.0 steps/s, done",
    ]


def test_more_steps_than_were_expected_are_no_more_than_all():
    assert collect_lines([10, 10], 10, seconds=1) == ["tuning: 100 % of 10 steps, 1.0 steps/s, done"]


def test_without_a_total_a_line_each_doubling():
    lines = collect_lines([1] * 40, None, seconds=0.5)
    assert lines == [f"tuning: {n} steps, 2.0 steps/s" for n in (4, 8, 16, 32)]


def test_less_than_two_seconds_are_not_worth_a_line():
    assert collect_lines([1] * 10, 10, seconds=0.19) == []
    assert len(collect_lines([1] * 10, 10, seconds=0.21)) == 1


def test_lines_go_to_standard_error_where_nobody_listens(capsys):
    run_steps([10], 10, seconds=1, what="passages")
    assert capsys.readouterr() == ("", "tuning: 100 % of 10 passages, 1.0 passages/s, done\n")


def test_nothing_is_shown_without_a_title(capsys):
    lines: list[str] = []
    clock = Clock()
    with count_steps("", 10, say=lines.append, clock=clock) as steps:
        clock.now = 60
        steps.update(10)
    assert lines == []
    assert capsys.readouterr() == ("", "")


def test_a_program_without_standard_error_goes_on(monkeypatch):
    monkeypatch.setattr(sys, "stderr", None)
    run_steps([10], 10, seconds=1)


@pytest.mark.parametrize("total", [10, None])
def test_a_terminal_gets_a_bar_and_no_lines(total, monkeypatch, capsys):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setattr(framing.steps, "_PATIENCE", 0)
    lines: list[str] = []
    run_steps([5, 5], total, seconds=1, say=lines.append, what="passages")
    out, err = capsys.readouterr()
    assert (lines, out) == ([], "")
    last = err.rstrip("\n").split("\r")[-1]
    assert "tuning: " in last
    assert "passages/s" in last
    assert ("10 of 10 passages" in last and " left" in last) if total else "10 passages, " in last


def test_a_terminal_gets_no_bar_for_what_is_done_at_once(monkeypatch, capsys):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    run_steps([5, 5], 10, seconds=1)
    assert capsys.readouterr() == ("", "")


@pytest.fixture
def displays(monkeypatch) -> list[tuple[str, dict[str, str]]]:
    """What a kernel is told to display: the first state, updates of it."""
    import IPython
    import IPython.display

    shown: list[tuple[str, dict[str, str]]] = []

    def update(content, *, raw):
        assert raw
        shown.append(("update", content))

    def display(content, *, raw, display_id):
        assert raw
        assert display_id is True
        shown.append(("display", content))
        return SimpleNamespace(update=update)

    monkeypatch.setattr(IPython, "get_ipython", lambda: SimpleNamespace(kernel=object()))
    monkeypatch.setattr(IPython.display, "display", display)
    return shown


def test_a_notebook_gets_a_labelled_element_that_disappears(displays, capsys):
    run_steps([5, 5], 10, seconds=1, what="<b>")
    assert [kind for kind, _ in displays] == ["display", "update", "update"]
    first = displays[0][1]
    assert '<progress aria-label="tuning" value="5" max="10">' in first["text/html"]
    assert "&lt;b&gt;" in first["text/html"]
    assert "<b>" not in first["text/html"]
    assert first["text/plain"] == "tuning: 50 % of 10 <b>, 1.0 <b>/s, less than a minute left"
    assert displays[-1][1] == {"text/html": "", "text/plain": ""}
    assert capsys.readouterr() == ("", "")


def test_a_notebook_is_left_clean_by_a_computation_that_fails(displays):
    clock = Clock()

    def fail() -> None:
        with count_steps("tuning", None, clock=clock) as steps:
            clock.now = 3
            steps.update(1)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert "value=" not in displays[0][1]["text/html"]
    assert displays[-1] == ("update", {"text/html": "", "text/plain": ""})


def test_a_notebook_is_not_flooded(displays):
    run_steps([1] * 1024, 1024, seconds=1 / 64)
    assert len(displays) == 1 + 14 * 4 + 1  # after two seconds of sixteen, four states a second; none at the end


def test_the_page_of_a_report_gets_no_progress(displays, monkeypatch, capsys):
    monkeypatch.setenv(OUTPUT_VARIABLE, "report")
    lines: list[str] = []
    run_steps([5, 5], 10, seconds=10, say=lines.append)
    assert (displays, lines) == ([], [])
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(54, "less than a minute"), (55, "about 1 minute"), (150, "about 2 minutes"), (3600, "about 1 h 0 min")],
)
def test_durations(seconds, words):
    assert describe_duration(seconds) == words


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        (12345, "12,345 rows/s"),
        (9.96, "10.0 rows/s"),
        (0.5, "30 rows/min"),
        (0.01, "36 rows/h"),
        (0.0001, "0.4 rows/h"),
    ],
)
def test_rates(rate, words):
    assert describe_rate(rate, "rows") == words
