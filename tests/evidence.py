"""Shares of groups with given variances, for tests of the tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from framing.estimates.evidence import Evidence


def evidence_of(shares: Any, spreads: Any, sizes: Sequence[float], degrees: Sequence[float]) -> Evidence:
    """Evidence of groups A, B, ... and frames f0, f1, ..., whose frames are independent of each other."""
    shares, spreads = np.array(shares, float), np.array(spreads, float)
    n_groups, n_frames = shares.shape
    signs = np.array([[(unit >> column) % 2 * 2 - 1 for column in range(n_frames)] for unit in range(2**n_frames)])
    return Evidence(
        groups=pd.DataFrame({"outlet": list("ABCDEFGHIJKLMNOP"[:n_groups])}),
        frames=[f"f{number}" for number in range(n_frames)],
        shares=shares,
        spreads=spreads,
        label_spreads=np.full_like(spreads, np.inf),
        misread=np.zeros(n_groups),
        sizes=np.array(sizes, float),
        degrees=np.array(degrees, float),
        contributions=[signs.astype(float)] * n_groups,
        n_passages=np.full(n_groups, 200),
        n_documents=np.full(n_groups, 33),
        n_gold=np.full(n_groups, 48),
        is_corrected=True,
    )
