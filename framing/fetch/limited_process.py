"""A process in which lists and pages are parsed: what costs too much time or memory ends there, and the run goes on."""

from __future__ import annotations

import asyncio
import atexit
import functools
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import IO, Any, TypeVar, cast

from framing.fetch.addresses import RefusedError

__all__ = ["LimitedProcess", "main", "shared_process"]

_Result = TypeVar("_Result")
_MAX_SECONDS = 20  # of the processor, for one list or page
_WAIT = 3  # times as long by the clock, on a busy machine
_MAX_MEGABYTES = 3072
_MAX_CALLS = 1_000  # of one process
_LENGTH = 8  # bytes of the length before each message
_OUT_OF_TIME = (-getattr(signal, "SIGXCPU", 24), -getattr(signal, "SIGKILL", 9))  # statuses of a process that was ended


class LimitedProcess:
    """A Python process that runs functions of this package, one at a time; it is started when it is needed, and again.

    Parameters
    ----------
    seconds : int, default 20
        Most time of the processor for one call, where the system can limit it; three times as much by the clock.
    megabytes : int, default 3072
        Most memory of the process, where the system can limit it.
    """

    def __init__(self, *, seconds: int = _MAX_SECONDS, megabytes: int = _MAX_MEGABYTES) -> None:
        self._seconds, self._megabytes = seconds, megabytes
        self._process: subprocess.Popen[bytes] | None = None
        self._n_calls = 0
        self._thread = ThreadPoolExecutor(1)  # calls wait for their turn here, not in the threads that look up hosts

    async def run(self, function: Callable[..., _Result], *arguments: object) -> _Result:
        """Call a function in the process.

        Parameters
        ----------
        function : callable
            Function of a module.
        *arguments : object
            Its arguments, which can be pickled.

        Returns
        -------
        object
            What it returns.

        Raises
        ------
        RefusedError
            If it takes too much time or memory, or raises any error.
        """
        message = pickle.dumps((function, arguments))
        return cast(_Result, await asyncio.get_running_loop().run_in_executor(self._thread, self._call, message))

    def close(self) -> None:
        """End the process, with the call that it is answering."""
        if (process := self._process) is not None:
            process.kill()
        self._thread.shutdown()
        self._end()

    def _call(self, message: bytes) -> object:
        process = self._process or self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        timer = threading.Timer(self._seconds * _WAIT, process.kill)
        timer.start()
        try:
            _write(process.stdin, message)
            answer = _read(process.stdout)
        except OSError:  # it ended before it had read everything
            answer = None
        finally:
            timer.cancel()
        if answer is None:
            process.wait()
            raise self._explain(process)
        self._n_calls += 1
        if self._n_calls % _MAX_CALLS == 0:
            self._end()  # what the libraries keep would fill its memory in the end
        is_result, value = pickle.loads(answer)  # of our own process
        if is_result:
            return value
        raise value

    def _start(self) -> subprocess.Popen[bytes]:
        path = os.pathsep.join(entry for entry in sys.path if entry)
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, str(self._seconds), str(self._megabytes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path},
            start_new_session=True,  # an interruption of the run is none of the process, which ends with its input
        )
        return self._process

    def _explain(self, process: subprocess.Popen[bytes]) -> RefusedError:
        self._end()
        if process.returncode in _OUT_OF_TIME:
            return RefusedError(f"reading it took more than {self._seconds} seconds", later=True)
        return RefusedError(f"reading it ended the reader (status {process.returncode})", later=True)

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        for stream in (process.stdin, process.stdout):
            with suppress(OSError):
                if stream is not None:
                    stream.close()
        with suppress(subprocess.TimeoutExpired):
            process.wait(5)
        process.kill()
        process.wait()


@functools.cache
def shared_process() -> LimitedProcess:
    """The process of this program, which ends with it.

    Returns
    -------
    LimitedProcess
        The same at each call: it takes seconds to start.
    """
    process = LimitedProcess()
    atexit.register(process.close)
    return process


def _write(stream: IO[bytes], message: bytes) -> None:
    stream.write(len(message).to_bytes(_LENGTH, "big") + message)
    stream.flush()


def _read(stream: IO[bytes]) -> bytes | None:
    """The next message; None where the other side has ended."""
    head = stream.read(_LENGTH)
    if len(head) < _LENGTH:
        return None
    length = int.from_bytes(head, "big")
    message = stream.read(length)
    return message if len(message) == length else None


def main(seconds: int, megabytes: int) -> None:
    """Answer calls until the input ends.

    Parameters
    ----------
    seconds : int
        Most time of the processor for one call.
    megabytes : int
        Most memory.
    """
    calls, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    _limit_memory(megabytes)
    while (message := _read(calls)) is not None:
        _limit_time(seconds)
        answer: tuple[bool, Any]
        try:
            function, arguments = pickle.loads(message)  # of our own process
            answer = (True, function(*arguments))
        except RefusedError as refusal:
            answer = (False, refusal)
        except MemoryError:
            answer = (False, RefusedError(f"reading it took more than {megabytes} MB of memory", later=True))
        except Exception as error:  # the libraries that parse may raise anything on a hostile list or page
            answer = (False, RefusedError(f"not readable: {type(error).__name__}: {error}"))
        _write(answers, pickle.dumps(answer))


def _limit_memory(megabytes: int) -> None:
    with suppress(ImportError, ValueError, OSError):  # not on every system
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))


def _limit_time(seconds: int) -> None:
    with suppress(ImportError, ValueError, OSError):
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        soft = int(used.ru_utime + used.ru_stime) + 1 + seconds
        resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
