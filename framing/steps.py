"""Progress of a long computation: a bar on a terminal, else a line each tenth of the way."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

__all__ = ["Say", "Steps", "count_steps", "describe_duration"]

Say = Callable[[str], None]

_FIRST = 50  # one in so many steps, after which the duration can be estimated


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
    title: str, total: int, *, say: Say | None = None, what: str = "steps", clock: Callable[[], float] = time.monotonic
) -> Iterator[Steps]:
    """Show the progress of a computation for the time of a block.

    Parameters
    ----------
    title : str
        What is computed; nothing is shown without it.
    total : int
        Steps of the whole computation.
    say : callable, optional
        Gets lines of progress where standard error is no terminal: one with the expected duration after a fiftieth of
        the steps, and one each tenth.
    what : str, default "steps"
        What is counted, in the lines.
    clock : callable, optional
        Gives the time in seconds; `time.monotonic` by default.

    Yields
    ------
    Steps
        The counter.
    """
    from tqdm import tqdm

    terminal = sys.stderr.isatty()
    if title and say is not None and not terminal:
        yield _Lines(title, total, say, what, clock)
        return
    with tqdm(total=total, desc=title, disable=not (title and terminal)) as bar:
        yield bar


class _Lines:
    """A counter that says a line of progress after a fiftieth and after each tenth of the steps."""

    def __init__(self, title: str, total: int, say: Say, what: str, clock: Callable[[], float]) -> None:
        self._title, self._total, self._say, self._what, self._clock = title, max(total, 1), say, what, clock
        self._n_done, self._start = 0, clock()

    def update(self, n: int) -> None:
        n_before, self._n_done = self._n_done, self._n_done + n
        first = -(-self._total // _FIRST)
        tenth, tenth_before = (min(10, 10 * done // self._total) for done in (self._n_done, n_before))
        if not (tenth > tenth_before or n_before < first <= self._n_done):
            return
        remaining = (self._clock() - self._start) / self._n_done * max(self._total - self._n_done, 0)
        percent = 100 * min(self._n_done, self._total) // self._total
        progress = f"{self._title}: {percent} % of {self._total:,} {self._what}"
        self._say(f"{progress}, {describe_duration(remaining)} left" if tenth < 10 else f"{progress}, done")


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
