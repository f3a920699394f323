"""Column names of every table that crosses a room, and the check at the border."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from framing.errors import InputError

__all__ = [
    "CHANGES",
    "CLASSIFIED",
    "COMPONENTS",
    "CONTRASTS",
    "DOCUMENTS",
    "ESTIMATE",
    "FRAGILITY",
    "GOLD",
    "PAIRS",
    "PASSAGES",
    "QUARANTINE",
    "RANKS",
    "RAW",
    "SHARES",
    "SLOPES",
    "VOICE_VALUES",
    "WORDS",
    "require_columns",
]

DOCUMENTS = (
    "document_id", "corpus", "outlet", "perspective", "published", "language", "title", "url", "text",
    "event", "file", "line",
)  # fmt: skip
QUARANTINE = ("file", "line", "reason", "excerpt")
PASSAGES = (
    "passage_id", "document_id", "corpus", "outlet", "perspective", "published", "position", "text",
    "n_words", "duplicate_of", "story_id", "speaker", "start", "end",
)  # fmt: skip
CLASSIFIED = (
    "passage_id", "document_id", "outlet", "perspective", "published", "text", "frame", "score", "decision",
)  # fmt: skip
GOLD = ("proxy", "gold", "gold_proxy", "gold_weight", "gold_stratum", "gold_cluster")
ESTIMATE = ("estimate", "low", "high", "n_passages", "n_documents", "n_gold", "method")
SHARES = ("frame", *ESTIMATE)
RAW = ("raw", "raw_low", "raw_high")  # beside a corrected share: the one of the classifier's decisions
CONTRASTS = (
    "frame", "group_a", "group_b", "estimate", "low", "high", "p_adjusted", "differs", "n_passages",
    "n_documents", "n_gold", "method", "ratio", "ratio_low", "ratio_high", "q_value",
)  # fmt: skip
CHANGES = (
    "group", "frame", "change", "before", "after", "estimate", "low", "high", "p_adjusted", "differs", "n_passages",
    "n_documents", "n_gold", "method", "near",
)  # fmt: skip
SLOPES = (
    "frame", "group_a", "group_b", "estimate", "low", "high", "p_adjusted", "differs", "n_passages", "n_documents",
    "n_gold", "method", "slope_a", "slope_b",
)  # fmt: skip
COMPONENTS = (
    "frame", "group_a", "group_b", "component", "estimate", "low", "high", "difference", "common", "p_adjusted",
    "differs", "n_passages", "n_documents", "n_gold", "method", "strata",
)  # fmt: skip
FRAGILITY = (
    "frame", "group_a", "group_b", "estimate", "low", "high", "differs", "n_variations", "n_same_sign", "n_survived",
    "encoders", "thresholds", "passage_sizes", "seeds_left_out", "smallest", "largest", "worst", "n_passages",
    "n_documents", "n_gold", "method",
)  # fmt: skip
WORDS = (
    "frame", "word", "estimate", "low", "high", "z", "q_value", "n_passages", "n_documents", "n_gold", "method",
)  # fmt: skip
PAIRS = (
    "frame_a", "frame_b", "estimate", "low", "high", "p_adjusted", "differs", "observed", "expected", "n_passages",
    "n_documents", "n_gold", "method",
)  # fmt: skip
VOICE_VALUES = ("own", "quoted", "reported")  # values of the column voice
RANKS = ("frame", "group", "rank", "low", "high", "estimate", "n_groups", "method")


def require_columns(table: pd.DataFrame, columns: Iterable[str], *, what: str) -> None:
    """Raise `InputError` naming the missing columns and those present.

    >>> require_columns(pd.DataFrame({"a": [1]}), ["a"], what="a table")
    """
    missing = [name for name in columns if name not in table.columns]
    if missing:
        raise InputError(
            f"{what} lacks the column(s) {', '.join(missing)}. It has: {', '.join(map(str, table.columns))}."
        )
