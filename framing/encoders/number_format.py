"""Number formats that a model computes in, and which of them this machine's processor multiplies itself."""

from __future__ import annotations

from typing import Literal

from framing.files.machine import read_processor

__all__ = ["Dtype", "has_bfloat16"]

Dtype = Literal["auto", "float32", "bfloat16"]


def has_bfloat16() -> bool:
    """Say whether the processor multiplies bfloat16 itself (AVX-512 BF16 or AMX).

    Returns
    -------
    bool
        False where the system does not name the processor's features.
    """
    features = read_processor()
    return "avx512_bf16" in features or "amx_bf16" in features
