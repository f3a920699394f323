"""From the start of an ordinary kernel to the first table of each notebook of the sample, with a warm cache.

python -m benchmarks.notebooks [NOTEBOOK …]
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path
from typing import Any

import psutil
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

from framing.analysis.analysis import open_analysis
from framing.reports.notebooks import KERNEL_ARGUMENTS, read_notebook
from framing.reports.plan import read_plan

ROOT = Path(__file__).resolve().parent.parent


class _FirstTable(NotebookClient):
    """Notes when the first table is displayed, and the seconds of a processor that the kernel used until then."""

    seconds: float = 0.0
    used: float = 0.0
    started: float = 0.0

    def output(self, outs: Any, msg: Any, display_id: str, cell_index: int) -> Any:
        if not self.seconds and "<table" in str(msg["content"].get("data", {}).get("text/html", "")):
            self.seconds = time.perf_counter() - self.started
            times = psutil.Process(self.km.provisioner.pid).cpu_times()
            self.used = times.user + times.system
        return super().output(outs, msg, display_id, cell_index)


async def find_first_table(path: Path) -> tuple[float, float]:
    """Wall seconds and processor seconds to the first table, as a person runs the notebook: no settings injected."""
    manager = AsyncKernelManager(kernel_name="python3")
    client = _FirstTable(read_notebook(path), km=manager, extra_arguments=list(KERNEL_ARGUMENTS))
    client.started = time.perf_counter()
    try:
        await client.async_start_new_kernel(cwd=str(ROOT), env=os.environ | {"FRAMING_PROJECT": str(ROOT)})
        await client.async_start_new_kernel_client()
        for place, cell in enumerate(client.nb.cells):
            await client.async_execute_cell(cell, place)
            if client.seconds:
                break
    finally:
        if client.kc is not None:
            client.kc.stop_channels()
        await manager.shutdown_kernel(now=True)
    return client.seconds, client.used


def main(wanted: list[str]) -> None:
    open_analysis(read_plan("sample").settings({}))
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        if wanted and path.stem not in wanted:
            continue
        asyncio.run(find_first_table(path))  # makes what the cache lacks
        seconds, used = asyncio.run(find_first_table(path))
        print(f"{path.stem:<16}first table after {seconds:.1f} s ({used:.1f} s of a processor)", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
