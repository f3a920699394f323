"""One run of threads that ask: what they share, and why it ends."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from framing.llm.endpoint import Endpoint
from framing.llm.pace import Pace

if TYPE_CHECKING:
    import httpx

__all__ = ["Run", "StoppedError"]


class StoppedError(Exception):
    """The run ends; it says why."""


class Run:
    """What the threads of a run share.

    Parameters
    ----------
    endpoint : Endpoint
        The server.
    client : httpx.Client
        Sends the requests.

    Attributes
    ----------
    stop : Event
        Set once the run ends.
    reason : str
        Why it ends.
    pace : Pace
        When requests may go.
    """

    def __init__(self, endpoint: Endpoint, client: httpx.Client) -> None:
        self.endpoint, self.client, self.stop, self.reason = endpoint, client, threading.Event(), ""
        self.pace = Pace(endpoint.rate, self.stop)

    def end(self, reason: str) -> StoppedError:
        """Let all threads end.

        Parameters
        ----------
        reason : str
            Why; the first one is told.

        Returns
        -------
        StoppedError
            To be raised.
        """
        self.reason = self.reason or reason
        self.stop.set()
        return StoppedError()
