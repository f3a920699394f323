"""What this machine's processor can do."""

from __future__ import annotations

from pathlib import Path

__all__ = ["has_bfloat16"]


def has_bfloat16() -> bool:
    """Whether the processor multiplies bfloat16 itself (AVX-512 BF16 or AMX); False where it does not say."""
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return False
    return "avx512_bf16" in flags or "amx_bf16" in flags
