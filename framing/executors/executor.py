"""A function over parts: what the same code needs to run in one process or on many machines."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

from framing.errors import InputError
from framing.executors.cluster import ClusterExecutor
from framing.steps import Say

__all__ = ["EXECUTOR", "Executor", "LocalExecutor", "open_executor"]

EXECUTOR = "FRAMING_EXECUTOR"  # environment variable with the place where parts are computed
_DASK = re.compile(r"dask://([^/\s:]+|\[[0-9a-fA-F:]+\]):(\d{1,5})")

P = TypeVar("P")
R = TypeVar("R")


class Executor(Protocol):
    """A place where a function is called for each part.

    Attributes
    ----------
    name : str
        As it was asked for.
    remote : bool
        Whether the function runs in other processes, to which it must be sent.
    """

    name: str
    remote: bool

    def check(self) -> None:
        """Check that parts can be computed there, before any work is done."""
        ...

    def map_parts(self, function: Callable[[P], R], parts: Iterable[P]) -> Iterator[tuple[int, R]]:
        """Call a function for each part.

        Parameters
        ----------
        function : callable
            Function of one part. Where it runs in other processes it is sent there; it may be called twice for a part,
            at the same time too, and must then give the same.
        parts : iterable
            The parts; not all are taken at once.

        Yields
        ------
        number : int
            Number of the part, from 0.
        result : object
            What the function returned; parts come in any order.
        """
        ...


class LocalExecutor:
    """This process: part after part; libraries use all cores for each.

    Attributes
    ----------
    name : str
        `local`.
    remote : bool
        False.
    """

    name = "local"
    remote = False

    def check(self) -> None:
        """Do nothing: this process is there."""

    def map_parts(self, function: Callable[[P], R], parts: Iterable[P]) -> Iterator[tuple[int, R]]:
        """Call a function for each part, in their order.

        Parameters
        ----------
        function : callable
            Function of one part.
        parts : iterable
            The parts.

        Yields
        ------
        number : int
            Number of the part, from 0.
        result : object
            What the function returned.
        """
        for number, part in enumerate(parts):
            yield number, function(part)


def open_executor(name: str = "", *, say: Say | None = None) -> Executor:
    """Open the place where parts are computed.

    Parameters
    ----------
    name : str, default ""
        `local`, or `dask://HOST:PORT` for the workers of a Dask scheduler; by default what the environment variable
        FRAMING_EXECUTOR names, else `local`.
    say : callable, optional
        Function of one line of text, called when a worker is lost or none is there.

    Returns
    -------
    Executor
        The place. A scheduler is called when the first part is computed.

    Raises
    ------
    InputError
        For any other name.

    Examples
    --------
    >>> open_executor("local").name
    'local'
    """
    name = name or os.environ.get(EXECUTOR, "") or LocalExecutor.name
    if name == LocalExecutor.name:
        return LocalExecutor()
    match = _DASK.fullmatch(name)
    if match is None:
        raise InputError(f"expected local or dask://HOST:PORT, got {name!r}.", argument="executor")
    return ClusterExecutor(name, f"tcp://{match[1]}:{match[2]}", say=say)
