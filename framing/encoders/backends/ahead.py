"""A model's backend is proved in a process beside this one, while this one does something else."""

from __future__ import annotations

import multiprocessing
import os
import signal
import warnings
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.process import BaseProcess

from framing.files.machine import count_available_cores

__all__ = ["begin_proof", "wait_for_proof"]

_MIN_CORES = 2
_under_way: dict[tuple[int, str], BaseProcess] = {}  # by this process and model: a fork waits for none of its parent


def begin_proof(model: str, prove: Callable[[], object]) -> None:
    """Begin to prove the backend of a model, where this system can fork and has a core for it.

    Parameters
    ----------
    model : str
        Its fingerprint.
    prove : callable
        Keeps the proof, and what was exported and compiled for it, in the cache folder. It runs in a fork of this
        process, which says nothing: whoever waits for the proof reads it, and finds what went wrong by itself.
    """
    may_fork = "fork" in multiprocessing.get_all_start_methods() and not multiprocessing.current_process().daemon
    if (os.getpid(), model) in _under_way or not may_fork or count_available_cores() < _MIN_CORES:
        return
    process = multiprocessing.get_context("fork").Process(target=_run_quietly, args=(prove,), daemon=True)
    process.start()
    _under_way[os.getpid(), model] = process


def wait_for_proof(model: str) -> None:
    """Wait until the proof of a model that was begun has ended, well or not.

    Parameters
    ----------
    model : str
        Its fingerprint.
    """
    if (process := _under_way.pop((os.getpid(), model), None)) is not None:
        process.join()


def _run_quietly(prove: Callable[[], object]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it ends with the process that it helps
    with warnings.catch_warnings(), suppress(Exception):
        warnings.simplefilter("ignore")
        prove()
