"""The prepared process: it has imported what notebooks use, and a copy of it becomes the kernel of each notebook.

It computes nothing and opens no file, so that each copy begins in the same clean state. `framing.reports.kernels`
starts it and asks it for kernels.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
from contextlib import suppress
from typing import Any, NoReturn

import framing

__all__ = ["serve"]

_MODULES = (  # beside those of `framing`: what its functions import when they are called
    "altair", "cloudpickle", "ipykernel.kernelapp", "ipykernel.zmqshell", "ipykernel.ipkernel", "markdown_it", "nh3",
    "pyarrow.parquet", "scipy.optimize", "scipy.sparse", "scipy.stats", "sklearn.feature_extraction.text",
    "sklearn.linear_model", "sklearn.metrics", "vl_convert", "zmq",
)  # fmt: skip
_POLL_SECONDS = 1.0  # between two looks for kernels that have ended
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of Linux


def serve(descriptor: int) -> None:
    """Answer requests for kernels until the process that asks is gone; then end those that are left.

    Parameters
    ----------
    descriptor : int
        A connected socket. A request is a line of JSON: `arguments` of the kernel, `env` and `cwd`. The answer is a
        line with its `pid`, sent together with a descriptor of the process.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the report ends its kernels itself
    connection = socket.socket(fileno=descriptor)
    _import_all()
    gc.collect()
    gc.freeze()
    requests = connection.makefile("rb")
    kernels: set[int] = set()
    try:
        while True:
            waiting, _, _ = select.select([connection], [], [], _POLL_SECONDS)
            _forget_ended(kernels)
            if not waiting:
                continue
            line = requests.readline()
            if not line:
                return
            pid = os.fork()
            if pid == 0:
                connection.close()
                _become_kernel(json.loads(line))
            kernels.add(pid)
            process = os.pidfd_open(pid)
            socket.send_fds(connection, [json.dumps({"pid": pid}).encode() + b"\n"], [process])
            os.close(process)
    finally:
        for pid in kernels:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)


def _import_all() -> None:
    """Import what notebooks use; a library that is not installed is imported by none."""
    for name in framing.__all__:
        getattr(framing, name)
    for module in _MODULES:
        with suppress(ImportError):
            importlib.import_module(module)


def _forget_ended(kernels: set[int]) -> None:
    for pid in list(kernels):
        if os.waitpid(pid, os.WNOHANG)[0]:
            kernels.remove(pid)


def _become_kernel(request: dict[str, Any]) -> NoReturn:
    """Turn this copy into the kernel of a notebook; it ends with it, or with the prepared process."""
    code = 1
    try:
        parent = os.getppid()
        os.setsid()
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(code)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.environ.clear()
        os.environ.update(request["env"])
        os.chdir(request["cwd"])
        sys.argv = ["ipykernel_launcher", *request["arguments"]]

        from ipykernel.kernelapp import IPKernelApp

        app = IPKernelApp.instance(parent_handle=parent)
        app.initialize(request["arguments"])
        app.start()
        code = 0
    finally:
        os._exit(code)
