"""Kernels for the notebooks of a report: copies of a prepared process, or ordinary ones where a system cannot copy."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jupyter_client.manager import AsyncKernelManager

__all__ = ["KernelSource", "open_kernels"]

_SECONDS_TO_END = 5
_SECONDS_TO_START = 120  # of the prepared process, on a machine that is busy
_ORDINARY = "FRAMING_ORDINARY_KERNELS"  # where it is set, no process is prepared


class KernelSource:
    """Starts the kernels of a report.

    Parameters
    ----------
    process : Popen or None
        The prepared process; None: kernels are started in the ordinary way.
    connection : socket or None
        Its socket.
    """

    def __init__(self, process: subprocess.Popen[bytes] | None, connection: socket.socket | None) -> None:
        self._process, self._connection = process, connection

    def make_manager(self) -> AsyncKernelManager:
        """Make the manager of a kernel that is not started yet.

        Returns
        -------
        AsyncKernelManager
            Manager of one kernel.
        """
        from jupyter_client.manager import AsyncKernelManager

        manager = AsyncKernelManager(kernel_name="python3")
        if self._process is not None and self._process.poll() is None:
            from framing.reports.forked import ForkedProvisioner

            manager.provisioner = ForkedProvisioner(
                kernel_id=manager.kernel_id, kernel_spec=manager.kernel_spec, parent=manager, fork=self._fork
            )
        return manager

    def _fork(self, arguments: list[str], env: dict[str, str], cwd: str) -> tuple[int, int]:
        """Process number and descriptor of a new kernel."""
        if self._connection is None:
            raise RuntimeError("there is no prepared process")
        request = json.dumps({"arguments": arguments, "env": env, "cwd": cwd}).encode() + b"\n"
        self._connection.sendall(request)
        answer, descriptors, _, _ = socket.recv_fds(self._connection, 1024, 1)
        if not descriptors:
            raise RuntimeError("the prepared process ended")
        return int(json.loads(answer)["pid"]), descriptors[0]


@contextmanager
def open_kernels(*, prepare: bool = True) -> Iterator[KernelSource]:
    """Start the prepared process for the time of a block; it imports while the block goes on.

    Parameters
    ----------
    prepare : bool, default True
        Whether a process is prepared, where the system can copy one.

    Yields
    ------
    KernelSource
        Starts kernels. Those that are left at the end of the block are ended.
    """
    if not prepare or not can_fork():
        yield KernelSource(None, None)
        return
    ours, theirs = socket.socketpair()
    ours.settimeout(_SECONDS_TO_START)
    code = (
        f"import sys; sys.path[:] = {sys.path!r}; from framing.reports.prepared import serve; serve({theirs.fileno()})"
    )
    with ours:
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-c", code], pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL
            )
        try:
            yield KernelSource(process, ours)
        finally:
            ours.close()  # on which it ends its kernels, and itself
            try:
                process.wait(timeout=_SECONDS_TO_END)
            except subprocess.TimeoutExpired:
                process.kill()  # its kernels end with it
                process.wait()


def can_fork() -> bool:
    """Check whether this system can copy a prepared process safely.

    Returns
    -------
    bool
        True on Linux, unless the variable FRAMING_ORDINARY_KERNELS is set.
    """
    return sys.platform == "linux" and hasattr(os, "pidfd_open") and not os.environ.get(_ORDINARY)


class ForkedProcess:
    """A kernel that another process forked, with the methods of `subprocess.Popen` that its manager calls.

    Parameters
    ----------
    pid : int
        Its number.
    descriptor : int
        Its descriptor, which stands for this process alone, whatever becomes of the number.
    """

    stdin = stdout = stderr = None

    def __init__(self, pid: int, descriptor: int) -> None:
        self.pid = pid
        self._descriptor = descriptor
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Look whether it has ended.

        Returns
        -------
        int or None
            None while it runs; else 1: only its parent knows its exit code.
        """
        if self.returncode is None and select.select([self._descriptor], [], [], 0)[0]:
            os.close(self._descriptor)
            self.returncode = 1
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end.

        Parameters
        ----------
        timeout : float or None
            Seconds.

        Returns
        -------
        int
            As `poll`.

        Raises
        ------
        TimeoutExpired
            If it takes longer.
        """
        if self.returncode is None and not select.select([self._descriptor], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired("kernel", timeout or 0)
        return self.poll() or 1

    def send_signal(self, number: int) -> None:
        """Send it a signal.

        Parameters
        ----------
        number : int
            The signal.
        """
        if self.poll() is None:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._descriptor, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)
