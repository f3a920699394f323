"""Passages and scores that tests of sampling share."""

from __future__ import annotations

import numpy as np
import pandas as pd


def make_passages(n: int = 40, *, outlets: str = "AAB", per_document: int = 2, weeks: int = 4) -> pd.DataFrame:
    number = np.arange(n)
    document = number // per_document
    return pd.DataFrame(
        {
            "passage_id": [f"p{k:03}" for k in number],
            "document_id": [f"d{k:03}" for k in document],
            "outlet": [outlets[k % len(outlets)] for k in document],
            "published": pd.Timestamp("2025-07-07") + pd.to_timedelta(7 * (document % weeks), unit="D"),
            "position": number % per_document,
            "text": [f"Passage {k}." for k in number],
        }
    )


def make_scores(passages: pd.DataFrame, n_frames: int = 2) -> np.ndarray:
    number = passages["passage_id"].str[1:].astype(int).to_numpy()
    return np.column_stack([(number * (7 + k) % 41) / 41 for k in range(n_frames)])
