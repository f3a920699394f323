"""Agreement of each two coders: people with each other, people with language models, models with each other."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.defaults import LEVEL, N_BOOTSTRAP, RANDOM_SEED
from framing.errors import InputError
from framing.tables import ESTIMATE
from framing.validation.coders import measure_reliability

__all__ = ["compare_coders"]


def compare_coders(
    codings: NDArray[np.float64],
    coders: Sequence[str],
    *,
    frames: Sequence[str],
    documents: Sequence[str],
    of: Sequence[str] | None = None,
    level: float = LEVEL,
    n_bootstrap: int = N_BOOTSTRAP,
    random_seed: int = RANDOM_SEED,
) -> pd.DataFrame:
    """Measure the agreement of each two coders, with intervals.

    Parameters
    ----------
    codings : array of float
        Labels of each coder, shape (C, n, K), as in `measure_reliability`.
    coders : sequence of str
        Names of the coders, length C.
    frames : sequence of str
        Frame ids, length K.
    documents : sequence of str
        Document of each passage, length n.
    of : sequence of str, optional
        Only pairs with one of these coders; by default all pairs.
    level : float
        Confidence level of each interval.
    n_bootstrap : int
        Number of draws.
    random_seed : int
        Start of the draws.

    Returns
    -------
    DataFrame
        `coder_a, coder_b, frame, measure` and the estimate columns, as of `measure_reliability` for the two alone.

    Raises
    ------
    InputError
        When names and codings do not fit, or as `measure_reliability` does.

    Examples
    --------
    >>> codings = np.array([[[1.0], [0.0], [1.0]], [[1.0], [0.0], [0.0]]])
    >>> table = compare_coders(codings, ["anna", "llm:x"], frames=["war"], documents=["d1", "d2", "d3"])
    >>> table.loc[table["measure"] == "percent_agreement", "estimate"].round(3).tolist()
    [0.667]
    """
    if len(coders) != len(codings):
        raise InputError(f"compare_coders: expected a name for each of {len(codings)} coders, got {len(coders)}.")
    options = {"level": level, "n_bootstrap": n_bootstrap, "random_seed": random_seed}
    tables = []
    for a, b in combinations(range(len(coders)), 2):
        if of is not None and coders[a] not in of and coders[b] not in of:
            continue
        table = measure_reliability(codings[[a, b]], frames=frames, documents=documents, **options)  # type: ignore[arg-type]
        table.insert(0, "coder_a", coders[a])
        table.insert(1, "coder_b", coders[b])
        tables.append(table)
    if not tables:
        return pd.DataFrame(columns=["coder_a", "coder_b", "frame", "measure", *ESTIMATE])
    pairs: pd.DataFrame = pd.concat(tables, ignore_index=True)
    return pairs
