"""Defaults and choices that settings and signatures share: a call without options does what such a report does."""

from __future__ import annotations

from typing import Final, Literal

__all__ = ["AUTO_ENCODER", "LEVEL", "LLM_PREFIX", "MAX_WORDS", "MIN_DOCUMENTS", "N_BOOTSTRAP", "RANDOM_SEED", "Unit"]

Unit = Literal["passage", "document"]  # what is scored, decided, labelled and counted

AUTO_ENCODER: Final = "auto"  # the encoder that a classifier chooses itself
LEVEL: Final = 0.95  # of intervals and joint tests
LLM_PREFIX: Final = "llm:"  # of the name of a language model, where other scorers and coders have names too
N_BOOTSTRAP: Final = 2000  # draws of documents
MAX_WORDS: Final = 90  # most words in a passage
MIN_DOCUMENTS: Final = 5  # groups with fewer documents are shown and not compared
RANDOM_SEED: Final = 20250704  # seed of every random draw
