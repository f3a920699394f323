"""Parts on the workers of a Dask scheduler: lost workers cost time, and no part."""

from __future__ import annotations

import os
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

from framing.errors import FramingError, InputError
from framing.files.machine import count_available_cores
from framing.steps import Say

__all__ = ["ClusterExecutor"]

P = TypeVar("P")
R = TypeVar("R")

_ANSWER = 10  # seconds in which the scheduler must answer
_LOOK = 20.0  # seconds after which an idle wait looks whether there are workers
_AHEAD = 3  # parts that are sent for each worker
_RETRIES = 2  # of a part whose function raised; Dask calls it elsewhere
_LOSSES = 8  # times that Dask may give a part up, each after several workers died with it
_ONE_PART = threading.Lock()  # one part at a time in a process, whatever the threads of its worker


class ClusterExecutor:
    """Workers of a Dask scheduler.

    Parameters
    ----------
    name : str
        As it was asked for.
    address : str
        Address of the scheduler, such as `tcp://HOST:PORT`.
    say : callable, optional
        Function of one line of text, called when a part is sent again or no worker is there.

    Attributes
    ----------
    remote : bool
        True.
    """

    remote = True

    def __init__(self, name: str, address: str, *, say: Say | None = None) -> None:
        self.name = name
        self.address = address
        self._say = say or (lambda _: None)

    def check(self) -> None:
        """Check that Dask is installed and the scheduler answers, before any work is done.

        Raises
        ------
        InputError
            If not.
        """
        with self._connect():
            pass

    def map_parts(self, function: Callable[[P], R], parts: Iterable[P]) -> Iterator[tuple[int, R]]:
        """Call a function for each part on the workers.

        Parameters
        ----------
        function : callable
            Function of one part; it is sent to the workers. Where a worker is lost its part is computed again.
        parts : iterable
            The parts; a few for each worker are sent ahead.

        Yields
        ------
        number : int
            Number of the part, from 0.
        result : object
            What the function returned; in the order in which parts are ready.

        Raises
        ------
        InputError
            If Dask is not installed, or the scheduler does not answer.
        FramingError
            If the scheduler is lost, or a part is lost again and again.
        """
        waiting = enumerate(parts)
        running: dict[Any, tuple[int, P, int]] = {}
        with self._connect() as client:
            sharing = _count_sharing(client)

            def send(number: int, part: P, n_lost: int) -> None:
                future = client.submit(_call, function, part, sharing, pure=False, retries=_RETRIES)
                running[future] = (number, part, n_lost)

            try:
                while True:
                    if len(running) < _AHEAD * max(sum(sharing.values()), 1):
                        item = next(waiting, None)
                        if item is not None:
                            send(*item, 0)
                            continue
                    if not running:
                        return
                    for future in self._wait(client, list(running)):
                        number, part, n_lost = running.pop(future)
                        results = self._take(client, future, number, n_lost)
                        if not results:
                            send(number, part, n_lost + 1)
                        for result in results:
                            yield number, result
                    for host, n_workers in _count_sharing(client).items():  # one that is starting again counts
                        sharing[host] = max(n_workers, sharing.get(host, 0))
            finally:
                with suppress(Exception):  # a scheduler that is gone has nothing to cancel
                    client.cancel(list(running))

    @contextmanager
    def _connect(self) -> Iterator[Any]:
        try:
            from distributed import Client
        except ImportError:
            raise InputError(
                f"{self.name} needs Dask, which is not installed: pip install 'framing[cluster]'.", argument="executor"
            ) from None
        try:
            client = Client(self.address, timeout=_ANSWER, set_as_default=False)
        except (OSError, TimeoutError) as error:
            raise InputError(
                f"no Dask scheduler answers at {self.name}: {str(error) or type(error).__name__}. Start one with "
                "`dask scheduler`, and workers with `dask worker`, or take local.",
                argument="executor",
            ) from None
        try:
            yield client
        finally:
            with suppress(Exception):
                client.close()

    def _wait(self, client: Any, futures: list[Any]) -> list[Any]:
        """Wait until some parts are ready, given up, or cancelled."""
        from distributed import CancelledError, wait

        while True:
            try:
                with client.as_current():
                    return list(wait(futures, timeout=_LOOK, return_when="FIRST_COMPLETED").done)
            except CancelledError:
                return [future for future in futures if future.status == "cancelled"]
            except TimeoutError:
                if client.status != "running":
                    raise self._make_lost_error() from None
                if not _count_sharing(client):
                    self._say(f"waiting for workers: the scheduler at {self.name} has none")

    def _take(self, client: Any, future: Any, number: int, n_lost: int) -> list[Any]:
        """The result of a part; none where it was lost with its worker and is to be sent again."""
        from distributed import CancelledError, KilledWorker

        try:
            return [future.result()]
        except KilledWorker:  # Dask gave it up
            pass
        except CancelledError:  # its result was lost before it came here
            if client.status != "running":
                raise self._make_lost_error() from None
        if n_lost >= _LOSSES:
            raise FramingError(
                f"Part {number} was lost with its worker again and again. Perhaps the workers lack memory: see their "
                "logs, give them more, and run the same command again; finished parts are kept."
            )
        self._say(f"part {number} was lost with its worker and is sent again")
        return []

    def _make_lost_error(self) -> FramingError:
        return FramingError(
            f"The Dask scheduler at {self.name} is gone. Start it again and run the same command; finished parts are "
            "kept."
        )


def _count_sharing(client: Any) -> dict[str, int]:
    """Number of workers on each host."""
    with suppress(Exception):  # between losing the scheduler and finding out
        return dict(Counter(worker["host"] for worker in client.scheduler_info(n_workers=-1)["workers"].values()))
    return {}


def _call(function: Callable[[P], R], part: P, sharing: Mapping[str, int]) -> R:
    """Call the function for a part on a worker."""
    with _ONE_PART:
        _share_cores(sharing)
        return function(part)


def _share_cores(sharing: Mapping[str, int]) -> None:
    """Leave each worker of this host its share of the cores: libraries take all of them by default."""
    from distributed import get_worker

    host = get_worker().address.partition("://")[2].rpartition(":")[0].strip("[]")
    share = max(count_available_cores() // max(sharing.get(host, 1), 1), 1)
    os.environ["OMP_NUM_THREADS"] = str(share)  # for what is loaded later; Dask's nanny sets it to 1
    torch = sys.modules.get("torch")
    if torch is not None and torch.get_num_threads() != share:
        torch.set_num_threads(share)
