"""When the next request may go: the rate of the user, the waits that a server asks for, and a delay that doubles."""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass

__all__ = ["Pace", "Patience"]


@dataclass(frozen=True)
class Patience:
    """How often a request is tried again, and after how long.

    Attributes
    ----------
    tries : int
        Requests for one answer, where none comes.
    wrong_tries : int
        Answers that are asked for, where they are wrong.
    first_wait : float
        Seconds before the second try; each later wait is twice as long, and up to half of it is left to chance.
    longest_wait : float
        Seconds of a wait at most, unless the server asks for more.
    failures : int
        Questions without an answer one after another that end a run.
    """

    tries: int = 6
    wrong_tries: int = 3
    first_wait: float = 1.0
    longest_wait: float = 60.0
    failures: int = 10

    def choose_wait(self, attempt: int) -> float:
        """Choose the wait before a try.

        Parameters
        ----------
        attempt : int
            Number of the tries that failed, from 1.

        Returns
        -------
        float
            Seconds.

        Examples
        --------
        >>> 2 <= Patience().choose_wait(3) <= 4
        True
        """
        whole = min(self.first_wait * 2.0 ** (attempt - 1), self.longest_wait)
        return whole * random.uniform(0.5, 1.0)


class Pace:
    """Keeps requests of all threads within a rate, and lets all of them wait where the server asks for it.

    Parameters
    ----------
    rate : float
        Most requests a minute; 0: as many as come.
    stop : Event
        Ends every wait.
    """

    def __init__(self, rate: float, stop: threading.Event) -> None:
        self._interval = 60 / rate if rate else 0.0
        self._stop, self._lock, self._next = stop, threading.Lock(), 0.0

    def wait_turn(self) -> None:
        """Wait until a request may go."""
        while not self._stop.is_set():
            with self._lock:
                now = time.monotonic()
                if now >= self._next:
                    self._next = now + self._interval
                    return
                left = self._next - now
            self._stop.wait(left)

    def hold(self, seconds: float) -> None:
        """Let nobody ask for a while.

        Parameters
        ----------
        seconds : float
            How long from now.
        """
        with self._lock:
            self._next = max(self._next, time.monotonic() + seconds)
