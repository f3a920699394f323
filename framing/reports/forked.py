"""What tells the manager of a kernel how to start it as a copy of the prepared process."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from framing.reports.kernels import ForkedProcess

__all__ = ["ForkedProvisioner"]


class ForkedProvisioner(LocalProvisioner):
    """Starts a kernel by asking the prepared process for a copy.

    Parameters
    ----------
    fork : callable
        Function of the kernel's arguments, environment and folder that returns its process number and descriptor.
    **options : Any
        Options of the class that it derives from.
    """

    def __init__(self, *, fork: Callable[[list[str], dict[str, str], str], tuple[int, int]], **options: Any) -> None:
        super().__init__(**options)
        self._fork = fork

    async def launch_kernel(self, cmd: list[str], **options: Any) -> Any:
        """Start the kernel.

        Parameters
        ----------
        cmd : list of str
            Command of an ordinary kernel, whose arguments the copy gets.
        **options : Any
            `env` and `cwd`.

        Returns
        -------
        dict
            How to connect to it.
        """
        arguments = cmd[cmd.index("-f") :]
        environment = {str(key): str(value) for key, value in options.get("env", os.environ).items()}
        pid, descriptor = self._fork(arguments, environment, str(options.get("cwd") or os.getcwd()))  # noqa: PTH109
        self.process = ForkedProcess(pid, descriptor)  # type: ignore[assignment]  # what its base calls of it is there
        self.pid = self.pgid = pid
        return self.connection_info
