"""What each case of `benchmarks.cases` must print, and what it must not, as regular expressions over one line."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["CHECKS", "Check"]


@dataclass(frozen=True)
class Check:
    """Patterns that the output of a case has, and patterns that it lacks."""

    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()


CHECKS: dict[str, Check] = {}
