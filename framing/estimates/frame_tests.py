"""Whether groups differ in a frame at all: one test a frame, which is asked before any pair."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from framing.defaults import LEVEL, MIN_DOCUMENTS
from framing.estimates.comparison import open_comparison
from framing.estimates.correction import Target
from framing.estimates.omnibus import compare_all
from framing.tables import FRAME_TESTS
from framing.uncertainty.joint import holm
from framing.uncertainty.options import check_interval_options

__all__ = ["compare_frames"]

METHOD = (
    "one of {k} tests of a frame; F test that {g} groups have the same share, with pooled design effects, Holm over "
    "frames; largest less smallest share, no interval: a range is never negative; {basis}"
)


def compare_frames(
    classified: pd.DataFrame,
    *,
    by: str | Sequence[str] = "outlet",
    level: float = LEVEL,
    min_documents: int = MIN_DOCUMENTS,
    corrected: bool = True,
    target: Target = "process",
) -> pd.DataFrame:
    """Test frame by frame whether the groups differ in its share at all.

    Parameters
    ----------
    classified : DataFrame
        Classified passages: a row a passage and frame. With the column `cluster`, clusters are the independent units,
        else documents; with the column `weight`, passages count by it.
    by : str or sequence of str, default "outlet"
        Columns that make the groups.
    level : float, default 0.95
        Chance that no frame is falsely said to differ.
    min_documents : int, default 5
        Groups with fewer are left out.
    corrected : bool, default True
        Whether to correct shares with labelled passages, where the table has them.
    target : {"process", "corpus"}, default "process"
        What corrected shares are about, as in `framing.estimates.correction.draw_corrected_shares`.

    Returns
    -------
    DataFrame
        Columns `framing.tables.FRAME_TESTS`, clearest first. `estimate` is the largest share less the smallest (0 to
        1), without an interval. `p_adjusted` holds jointly for all frames (Holm 1979), and `differs` is `p_adjusted < 1
        - level`.

    Raises
    ------
    InputError
        Where a column is missing, or fewer than two groups have `min_documents` documents (and, where shares are
        corrected, ten labels).
        Also unless `level` lies between 0 and 1.

    Notes
    -----
    The F test of `framing.estimates.omnibus.compare_all`: Pearson's chi-squared test with a design effect pooled over
    groups (Rao & Scott 1984). It says that some groups differ, not which.
    """
    check_interval_options(level=level)
    comparison = open_comparison(classified, by=by, min_documents=min_documents, corrected=corrected, target=target)
    evidence = comparison.evidence
    test = compare_all(evidence, comparison.pooled)
    shares = np.clip(evidence.shares, 0, 1)
    p_adjusted = holm(test.p_value)
    n_groups, n_frames = shares.shape
    frames = pd.DataFrame(
        {
            "frame": np.array(evidence.frames, dtype=object),
            "estimate": shares.max(axis=0) - shares.min(axis=0),
            "low": np.nan,
            "high": np.nan,
            "f_value": test.f_value,
            "df_between": test.df_between,
            "df_within": test.df_within,
            "p_value": test.p_value,
            "p_adjusted": p_adjusted,
            "differs": p_adjusted < 1 - level,
            "n_groups": n_groups,
            **{name: int(getattr(evidence, name).sum()) for name in ("n_passages", "n_documents", "n_gold")},
            "method": METHOD.format(k=n_frames, g=n_groups, basis=comparison.describe()),
        }
    )
    return frames.sort_values(["p_adjusted", "p_value"], kind="stable", ignore_index=True)[list(FRAME_TESTS)]
