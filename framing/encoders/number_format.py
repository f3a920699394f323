"""Number formats that a model computes in, and which of them this machine's processor multiplies itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

from framing.files.whole import write_whole
from framing.project import cache_folder

__all__ = ["Dtype", "choose_dtype", "has_bfloat16"]

Dtype = Literal["auto", "float32", "bfloat16"]


def has_bfloat16() -> bool:
    """Say whether the processor multiplies bfloat16 itself (AVX-512 BF16 or AMX).

    Returns
    -------
    bool
        False where the system does not name the processor's features.
    """
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return False
    return "avx512_bf16" in flags or "amx_bf16" in flags


def choose_dtype(fingerprint: str, *, agrees: Callable[[], bool]) -> Dtype:
    """Choose bfloat16 for a model where this processor has it and the model agrees with itself in float32.

    Parameters
    ----------
    fingerprint : str
        Of the model; the result is stored under it in the cache folder.
    agrees : callable
        Compares the model in both formats; called once for each model, and only where the processor has bfloat16.

    Returns
    -------
    str
        `bfloat16` or `float32`.
    """
    if not has_bfloat16():
        return "float32"
    marker = cache_folder() / "precision" / f"{fingerprint}-probed"
    result = marker.read_bytes() if marker.is_file() else b""
    if result in (b"bfloat16", b"float32"):
        return "bfloat16" if result == b"bfloat16" else "float32"
    chosen: Dtype = "bfloat16" if agrees() else "float32"
    try:
        marker.parent.mkdir(parents=True, exist_ok=True)
        write_whole(marker, chosen.encode("ascii"))
    except OSError:
        return chosen  # an unwritable cache costs a second probe, nothing else
    return chosen
