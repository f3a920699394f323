"""Progress of a long computation: a bar on a terminal, a display in JupyterLab, else a line each tenth of the way."""

from __future__ import annotations

import html
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from framing.project import OUTPUT_VARIABLE

__all__ = ["Say", "Steps", "count_steps", "describe_duration", "describe_rate"]

Say = Callable[[str], None]

_FIRST = 50  # one in so many steps, after which the duration can be estimated
_PATIENCE = 2.0  # seconds that a person waits without a word
_REFRESH = 0.25  # seconds between two states of a display


class Steps(Protocol):
    """A counter of steps."""

    def update(self, n: int) -> Any:
        """Count steps.

        Parameters
        ----------
        n : int
            Steps since the last call.
        """


@contextmanager
def count_steps(
    title: str,
    total: int | None,
    *,
    say: Say | None = None,
    what: str = "steps",
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Steps]:
    """Show the progress of a computation for the time of a block, with the rate and the time left.

    Parameters
    ----------
    title : str
        What is computed; nothing is shown without it.
    total : int or None
        Steps of the whole computation; None where nobody can know, and then no time left is given.
    say : callable, optional
        Gets lines of progress where there is neither a terminal nor a notebook; by default they go to standard error.
    what : str, default "steps"
        What is counted, a plural, for the rate.
    clock : callable, optional
        Gives the time in seconds; `time.monotonic` by default.

    Yields
    ------
    Steps
        The counter.

    Notes
    -----
    A computation of less than two seconds shows nothing. A longer one shows a bar where standard error is a terminal; a
    display that disappears when it is done in a notebook; else a line after a fiftieth of the steps and after each
    tenth (each doubling where the total is not known). In the kernel of a report nothing is shown: it would stand in
    the page.
    """
    if not title or os.environ.get(OUTPUT_VARIABLE):
        yield _Silence()
    elif sys.stderr is not None and sys.stderr.isatty():
        with _open_bar(title, total, what) as bar:
            yield bar
    elif _in_notebook():
        display = _Display(title, total, what, clock)
        try:
            yield display
        finally:
            display.clear()
    else:
        yield _Lines(title, total, say or _say_error, what, clock)


class _Silence:
    """A counter that shows nothing."""

    def update(self, n: int) -> None:
        pass


def _open_bar(title: str, total: int | None, what: str) -> Any:
    """A bar on the terminal, once the computation has gone on for a while."""
    from tqdm import tqdm

    class Bar(tqdm):  # type: ignore[misc]
        @property
        def format_dict(self) -> dict[str, Any]:
            state = super().format_dict
            rate = state["rate"] or (state["n"] - state["initial"]) / max(state["elapsed"], 1e-9)
            speed = f", {describe_rate(rate, what)}" if rate else ""
            return {**state, "speed": speed, "what": what}

    left = "" if total is None else ", {remaining} left"
    count = "{n:,}" if total is None else "{percentage:3.0f} % |{bar}| {n:,} of {total:,}"
    shape = f"{{desc}}: {count} {{what}}{{speed}}{left}"
    return Bar(total=total, desc=title, bar_format=shape, delay=_PATIENCE, dynamic_ncols=True)


def _in_notebook() -> bool:
    """Whether the code runs in a Jupyter kernel."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return shell is not None and getattr(shell, "kernel", None) is not None


def _say_error(line: str) -> None:
    if sys.stderr is not None:
        print(line, file=sys.stderr, flush=True)


class _Counter:
    """Steps done, and the words for them."""

    def __init__(self, title: str, total: int | None, what: str, clock: Callable[[], float]) -> None:
        self._title, self._what, self._clock = title, what, clock
        self._total = max(total, 1) if total is not None else None
        self._n_done, self._start = 0, clock()

    @property
    def _elapsed(self) -> float:
        return self._clock() - self._start

    def _describe(self) -> str:
        """The state without the title: share, rate and time left."""
        elapsed = self._elapsed
        rate = f", {describe_rate(self._n_done / elapsed, self._what)}" if elapsed > 0 and self._n_done else ""
        if self._total is None:
            return f"{self._n_done:,} {self._what}{rate}"
        progress = f"{100 * min(self._n_done, self._total) // self._total} % of {self._total:,} {self._what}{rate}"
        if not self._n_done:
            return progress
        if self._n_done >= self._total:
            return f"{progress}, done"
        remaining = elapsed / self._n_done * (self._total - self._n_done)
        return f"{progress}, {describe_duration(remaining)} left"


class _Lines(_Counter):
    """A counter that says a line of progress after a fiftieth and after each tenth of the steps."""

    def __init__(self, title: str, total: int | None, say: Say, what: str, clock: Callable[[], float]) -> None:
        super().__init__(title, total, what, clock)
        self._say = say
        self._n_said = 0  # steps at the last line

    def update(self, n: int) -> None:
        self._n_done += n
        if self._is_due() and self._elapsed >= _PATIENCE:
            self._n_said = self._n_done
            self._say(f"{self._title}: {self._describe()}")

    def _is_due(self) -> bool:
        if self._total is None:
            return self._n_done >= max(2 * self._n_said, 1)
        if self._n_said == 0:
            return self._n_done >= -(-self._total // _FIRST)
        tenth, tenth_said = (min(10, 10 * done // self._total) for done in (self._n_done, self._n_said))
        return tenth > tenth_said


class _Display(_Counter):
    """A counter that a notebook shows under its cell, and that leaves nothing there when it is done."""

    def __init__(self, title: str, total: int | None, what: str, clock: Callable[[], float]) -> None:
        super().__init__(title, total, what, clock)
        self._handle: Any = None
        self._shown = 0.0

    def update(self, n: int) -> None:
        self._n_done += n
        elapsed = self._elapsed
        if elapsed >= _PATIENCE and elapsed - self._shown >= _REFRESH:
            self._shown = elapsed
            self._show(self._render())

    def clear(self) -> None:
        if self._handle is not None:
            self._show({"text/html": "", "text/plain": ""})

    def _show(self, content: dict[str, str]) -> None:
        from IPython.display import display

        if self._handle is None:
            self._handle = display(content, raw=True, display_id=True)
        else:
            self._handle.update(content, raw=True)

    def _render(self) -> dict[str, str]:
        """The state as a progress element that its words label, and as plain text."""
        state = self._describe()
        share = "" if self._total is None else f' value="{min(self._n_done, self._total)}" max="{self._total}"'
        title, words = html.escape(self._title), html.escape(state)
        bar = f'<progress aria-label="{title}"{share}>{words}</progress>'
        return {"text/html": f"<div>{title} {bar} {words}</div>", "text/plain": f"{self._title}: {state}"}


def describe_rate(rate: float, what: str) -> str:
    """Describe a rate in words.

    Parameters
    ----------
    rate : float
        Things a second.
    what : str
        Their plural.

    Returns
    -------
    str
        A second, a minute or an hour, so that the number is at least 1 where it can be.

    Examples
    --------
    >>> describe_rate(412.3, "passages"), describe_rate(2.52, "steps"), describe_rate(0.2, "files")
    ('412 passages/s', '2.5 steps/s', '12 files/min')
    """
    for seconds, unit in ((1, "s"), (60, "min"), (3600, "h")):
        number = rate * seconds
        if number >= 1 or unit == "h":
            break
    return f"{number:,.0f} {what}/{unit}" if number >= 10 else f"{number:.1f} {what}/{unit}"


def describe_duration(seconds: float) -> str:
    """Describe a duration in words.

    Parameters
    ----------
    seconds : float
        The duration.

    Returns
    -------
    str
        Rounded, with `about`.

    Examples
    --------
    >>> describe_duration(12), describe_duration(80), describe_duration(200), describe_duration(5000)
    ('less than a minute', 'about 1 minute', 'about 3 minutes', 'about 1 h 23 min')
    """
    minutes = round(seconds / 60)
    if seconds < 55:
        return "less than a minute"
    if minutes < 60:
        return f"about {minutes} minute{'s' * (minutes > 1)}"
    return f"about {minutes // 60} h {minutes % 60} min"
