"""How far a long computation is: a bar on a terminal, else a plain line each tenth of the way."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

__all__ = ["Say", "Steps", "count_steps", "duration"]

Say = Callable[[str], None]

_FIRST = 50  # part of the way after which a duration can be guessed


class Steps(Protocol):
    """Takes how many steps were done."""

    def update(self, n: int) -> Any: ...


@contextmanager
def count_steps(
    title: str, total: int, *, say: Say | None = None, what: str = "steps", clock: Callable[[], float] = time.monotonic
) -> Iterator[Steps]:
    """A counter of `total` steps. Without a `title` nothing is shown.

    On a terminal it is a bar on standard error. Elsewhere `say`, where there is one, gets a line with the expected
    duration once a fiftieth is done, and one each tenth.
    """
    from tqdm import tqdm

    terminal = sys.stderr.isatty()
    if title and say is not None and not terminal:
        yield _Lines(title, total, say, what, clock)
        return
    with tqdm(total=total, desc=title, disable=not (title and terminal)) as bar:
        yield bar


class _Lines:
    def __init__(self, title: str, total: int, say: Say, what: str, clock: Callable[[], float]) -> None:
        self._title, self._total, self._say, self._what, self._clock = title, max(total, 1), say, what, clock
        self._done, self._begun = 0, clock()

    def update(self, n: int) -> None:
        before, self._done = self._done, self._done + n
        first = -(-self._total // _FIRST)
        tenth, earlier = (min(10, 10 * done // self._total) for done in (self._done, before))
        if not (tenth > earlier or before < first <= self._done):
            return
        left = (self._clock() - self._begun) / self._done * max(self._total - self._done, 0)
        head = f"{self._title}: {100 * min(self._done, self._total) // self._total} % of {self._total:,} {self._what}"
        self._say(f"{head}, {duration(left)} left" if tenth < 10 else f"{head}, done")


def duration(seconds: float) -> str:
    """About how long, in words.

    >>> duration(12), duration(80), duration(200), duration(5000)
    ('less than a minute', 'about 1 minute', 'about 3 minutes', 'about 1 h 23 min')
    """
    minutes = round(seconds / 60)
    if seconds < 55:
        return "less than a minute"
    if minutes < 60:
        return f"about {minutes} minute{'s' * (minutes > 1)}"
    return f"about {minutes // 60} h {minutes % 60} min"
