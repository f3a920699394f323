"""What this machine computes with: the cores that this process may use, its processor, a GPU."""

from __future__ import annotations

import math
import os
import platform
import sys
from collections.abc import Iterator
from pathlib import Path

__all__ = ["count_available_cores", "count_cores", "describe_processor", "has_cuda", "read_processor"]

_CONTROL_GROUPS = Path("/sys/fs/cgroup")
_GROUP = Path("/proc/self/cgroup")
_PROCESSOR = Path("/proc/cpuinfo")
_GPU_DEVICES = ("/dev/nvidiactl", "/dev/nvidia0", "/dev/dxg", "/dev/kfd")  # NVIDIA, Windows' Linux, AMD


def count_available_cores() -> int:
    """Count the cores that this process and its children may use.

    Returns
    -------
    int
        The least of the cores that the process is bound to, and its share in the control groups that it belongs to; at
        least 1.
    """
    bound = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min([bound, *_read_quotas()]))


def count_cores() -> int:
    """Count the cores that the threads of this process may use.

    Returns
    -------
    int
        `count_available_cores`, or OMP_NUM_THREADS where that is set and less; at least 1.
    """
    wanted = os.environ.get("OMP_NUM_THREADS", "").partition(",")[0].strip()
    available = count_available_cores()
    return min(available, int(wanted)) if wanted.isdecimal() and int(wanted) else available


def _read_quotas() -> Iterator[int]:
    """Cores that control groups grant: of this process's group and those above it, in versions 2 and 1."""
    try:
        lines = _GROUP.read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    places = [Path(line.split(":", 2)[2].lstrip("/")) for line in lines if line.count(":") >= 2]
    for group in _climb(places):
        try:
            quota, period = (_CONTROL_GROUPS / group / "cpu.max").read_text(encoding="ascii").split()
        except (OSError, ValueError):
            try:
                old = _CONTROL_GROUPS / "cpu" / group
                quota = (old / "cpu.cfs_quota_us").read_text(encoding="ascii").strip()
                period = (old / "cpu.cfs_period_us").read_text(encoding="ascii").strip()
            except OSError:
                continue
        if quota.isdecimal() and int(quota) and int(period):  # else `max`, or -1
            yield max(1, math.ceil(int(quota) / int(period)))


def _climb(places: list[Path]) -> list[Path]:
    """Groups and all groups above them, each once."""
    return list(dict.fromkeys([Path(), *(group for place in places for group in (place, *place.parents))]))


def has_cuda() -> bool:
    """Say whether torch computes on a GPU here.

    Returns
    -------
    bool
        False, without importing torch, on a Linux without the device of a GPU and on systems that have none for torch.
    """
    if sys.platform == "darwin" or (
        sys.platform.startswith("linux") and not any(Path(device).exists() for device in _GPU_DEVICES)
    ):
        return False
    import torch

    return bool(torch.cuda.is_available())


def describe_processor() -> str:
    """Describe the processor.

    Returns
    -------
    str
        Its architecture, name and number formats: where these are equal, a model computes the same numbers.
    """
    lines = read_processor().splitlines()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    formats = [name for name in ("avx2", "avx512f", "avx512_bf16", "amx_bf16", "avx512_fp16") if name in "".join(lines)]
    return " ".join([platform.machine(), *(names[:1] or [platform.processor()]), *formats])


def read_processor() -> str:
    """Read what Linux says of the first processor.

    Returns
    -------
    str
        A line a property; empty on other systems.
    """
    try:
        return _PROCESSOR.read_text(encoding="utf-8").partition("\n\n")[0]
    except OSError:
        return ""
