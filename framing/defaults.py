"""Defaults that settings and signatures share, so that a call without options is what a report without options does."""

from __future__ import annotations

from typing import Final

__all__ = ["LEVEL", "MIN_DOCUMENTS", "N_BOOTSTRAP", "RANDOM_SEED"]

LEVEL: Final = 0.95  # of intervals and joint tests
N_BOOTSTRAP: Final = 2000  # draws of documents
MIN_DOCUMENTS: Final = 5  # documents of a group below which it is shown and not compared
RANDOM_SEED: Final = 20250704  # start of every random draw
