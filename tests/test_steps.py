"""How far a computation is: lines where there is no terminal, nothing where nobody listens."""

from __future__ import annotations

import pytest

from framing.steps import count_steps, describe_duration


class Clock:
    """Seconds that pass with each step only."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def collect_lines(updates: list[int], total: int, *, seconds: float) -> list[str]:
    lines: list[str] = []
    clock = Clock()
    with count_steps("tuning", total, say=lines.append, clock=clock) as steps:
        for n in updates:
            clock.now += n * seconds
            steps.update(n)
    return lines


def test_a_line_with_the_duration_early_and_then_one_each_tenth():
    lines = collect_lines([1] * 1300, 1300, seconds=0.5)
    assert len(lines) == 1 + 10
    assert lines[0] == "tuning: 2 % of 1,300 steps, about 11 minutes left"  # 1274 steps of half a second
    assert lines[1] == "tuning: 10 % of 1,300 steps, about 10 minutes left"
    assert lines[-2] == "tuning: 90 % of 1,300 steps, about 1 minute left"
    assert lines[-1] == "tuning: 100 % of 1,300 steps, done"


def test_long_strides_skip_lines_and_say_none_twice():
    assert collect_lines([25, 25, 50], 100, seconds=1) == [
        "tuning: 25 % of 100 steps, about 1 minute left",
        "tuning: 50 % of 100 steps, less than a minute left",
        "tuning: 100 % of 100 steps, done",
    ]


def test_more_steps_than_were_expected_are_no_more_than_all():
    assert collect_lines([10, 10], 10, seconds=1) == ["tuning: 100 % of 10 steps, done"]


@pytest.mark.parametrize(("title", "listens"), [("", True), ("tuning", False)])
def test_nothing_is_shown_without_a_title_or_a_listener(title, listens, capsys):
    lines: list[str] = []
    with count_steps(title, 10, say=lines.append if listens else None) as steps:
        steps.update(10)
    assert lines == []
    assert capsys.readouterr() == ("", "")


def test_a_terminal_gets_a_bar_and_no_lines(monkeypatch, capsys):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    lines: list[str] = []
    with count_steps("tuning", 10, say=lines.append) as steps:
        steps.update(10)
    assert lines == []
    assert "tuning" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(54, "less than a minute"), (55, "about 1 minute"), (150, "about 2 minutes"), (3600, "about 1 h 0 min")],
)
def test_durations(seconds, words):
    assert describe_duration(seconds) == words
