"""One function over many items in forked processes, with the results in order; in this process where none can fork."""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from framing.files.machine import count_available_cores
from framing.steps import Steps

if TYPE_CHECKING:
    from concurrent.futures import Future

__all__ = ["SharedSteps", "map_forked"]

Item = TypeVar("Item")
Result = TypeVar("Result")

_WAIT = 0.5  # seconds
_AHEAD = 2  # items for each process that wait or are done, so that memory does not grow with their number


class SharedSteps:
    """Steps that several processes take, for the counter of the first.

    Parameters
    ----------
    bar : Steps
        The counter.
    """

    def __init__(self, bar: Steps) -> None:
        self._bar, self._process = bar, os.getpid()
        self._count = multiprocessing.Value("q", 0)
        self._n_collected = 0

    @property
    def is_forked(self) -> bool:
        """Whether this is another process than the one that shows the progress.

        Returns
        -------
        bool
            True in a process that was forked from it.
        """
        return os.getpid() != self._process

    def update(self, n: int) -> None:
        """Count steps of any process.

        Parameters
        ----------
        n : int
            Steps since the last call.
        """
        if not self.is_forked:
            self._bar.update(n)
            return
        with self._count.get_lock():
            self._count.value += n

    def collect(self) -> None:
        """Show what the other processes have counted."""
        n = self._count.value
        if n > self._n_collected:
            self._bar.update(n - self._n_collected)
            self._n_collected = n


def map_forked(
    function: Callable[[Item], Result],
    items: Sequence[Item],
    *,
    n_processes: int | None = None,
    first_here: bool = True,
    meanwhile: Callable[[], object] | None = None,
) -> Iterator[Result]:
    """Apply a function to items, the first here and the others in forked processes that share what the first loaded.

    Parameters
    ----------
    function : callable
        Of one item; its result depends on the item alone.
    items : sequence
        The items.
    n_processes : int, optional
        Number of processes; by default one a core. None is forked where the system cannot, for fewer than two items
        beside the first, or in a process that may have no children.
    first_here : bool, default True
        Whether the first item is this process's.
    meanwhile : callable, optional
        Is called every half second of waiting.

    Yields
    ------
    object
        The result of each item, in order.

    Notes
    -----
    Where a process dies (of too little memory, for instance), the items that it had are computed in this one.
    """
    if not items:
        return
    rest = items
    if first_here:
        yield function(items[0])
        rest = items[1:]
    n = min(n_processes or int(os.environ.get("NPROC", 0)) or count_available_cores(), len(rest))
    may_fork = "fork" in multiprocessing.get_all_start_methods() and not multiprocessing.current_process().daemon
    if n < 2 or not may_fork:
        yield from map(function, rest)
        return
    n_done = 0
    for result in _map_in_pool(function, rest, n, meanwhile):
        n_done += 1
        yield result
    yield from map(function, rest[n_done:])


def _map_in_pool(
    function: Callable[[Item], Result],
    items: Sequence[Item],
    n_processes: int,
    meanwhile: Callable[[], object] | None,
) -> Iterator[Result]:
    """Results in order, up to the first that a dead process owes."""
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    fork = multiprocessing.get_context("fork")
    pool = ProcessPoolExecutor(n_processes, mp_context=fork, initializer=_set_function, initargs=(function,))
    waiting: deque[Future[Result]] = deque()
    try:
        for item in items:
            waiting.append(pool.submit(_call_function, item))
            if len(waiting) >= _AHEAD * n_processes:
                yield _wait(waiting.popleft(), meanwhile)
        while waiting:
            yield _wait(waiting.popleft(), meanwhile)
    except BrokenProcessPool:
        return
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _wait(future: Future[Result], meanwhile: Callable[[], object] | None) -> Result:
    from concurrent.futures import wait

    while meanwhile is not None and not wait([future], timeout=_WAIT).done:
        meanwhile()
    return future.result()


_function: Callable[[Any], Any]  # of a forked process, which has it from its parent: it is not pickled


def _set_function(function: Callable[[Any], Any]) -> None:
    global _function
    _function = function


def _call_function(item: Any) -> Any:
    return _function(item)
