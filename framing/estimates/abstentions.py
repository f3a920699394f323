"""What passages that the classifier left undecided can do to shares of its marks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from framing.defaults import LEVEL, N_BOOTSTRAP, RANDOM_SEED
from framing.estimates.groups import check_groups
from framing.estimates.prevalence import estimate_prevalence
from framing.tables import ABSTENTIONS, CLASSIFIED

__all__ = ["bound_abstentions"]

_NOTHING = "nothing was decided"
_METHOD = "marks alone; undecided passages left out, all taken as absent, or all as present; {}"


def bound_abstentions(
    classified: pd.DataFrame,
    *,
    by: str | Sequence[str] | None = "outlet",
    level: float = LEVEL,
    n_bootstrap: int = N_BOOTSTRAP,
    random_seed: int = RANDOM_SEED,
) -> pd.DataFrame:
    """Bound shares of marks by what undecided passages may be: all without the frame, or all with it.

    Parameters
    ----------
    classified : DataFrame
        Classified passages: a row a passage and frame.
    by : str, sequence of str or None, default "outlet"
        Columns that make the groups; None: all passages are one.
    level : float, default 0.95
        Chance that each interval holds.
    n_bootstrap : int, default 2000
        Number of draws.
    random_seed : int, optional
        Start of the draws.

    Returns
    -------
    DataFrame
        The keys, then `ABSTENTIONS`: a row a group and frame of which any passage is undecided. `estimate, low, high`
        leave undecided passages out, as raw shares do elsewhere. `if_absent` and `if_present` count them, with the
        lower bound of the one and the upper bound of the other. `n_passages` are all of the group.

    Raises
    ------
    InputError
        Where a column is missing, or an option is out of range.

    Notes
    -----
    With a passages undecided, h marked and n in all, the estimate is `h / (n - a)`, and the bounds `h / n` and
    `(h + a) / n` hold whatever the undecided passages are (Manski 1995, *Identification Problems in the Social
    Sciences*, ch. 2); between the outer ends lies the share of marks of all passages with at least `level`. Errors of
    the classifier on decided passages are not included. Corrected shares rest on scores and leave no passage out.
    """
    table, keys = check_groups(classified, by, CLASSIFIED)
    is_open = table["decision"] == "abstain"
    columns = [*keys, *ABSTENTIONS]
    if not is_open.any():
        return pd.DataFrame(columns=columns)
    index = [*keys, "frame"]

    def estimate(decisions: pd.Series) -> pd.DataFrame:
        return estimate_prevalence(
            table.assign(decision=decisions),
            by=keys if by else None,
            level=level,
            n_bootstrap=n_bootstrap,
            random_seed=random_seed,
            corrected=False,
        ).set_index(index)

    absent, present = (estimate(table["decision"].mask(is_open, word)) for word in ("absent", "present"))
    left_out = absent.iloc[:0] if is_open.all() else estimate(table["decision"])
    left_out = left_out.reindex(absent.index)
    counts = table.assign(n_abstained=is_open).groupby(index, sort=False, observed=True)["n_abstained"].sum()
    bounds = absent.assign(
        estimate=left_out["estimate"],
        low=left_out["low"],
        high=left_out["high"],
        if_absent=absent["estimate"],
        low_if_absent=np.fmin(absent["low"], left_out["low"]),
        if_present=present["estimate"],
        high_if_present=np.fmax(present["high"], left_out["high"]),
        n_abstained=counts.reindex(absent.index),
        method=[_METHOD.format(method) for method in left_out["method"].fillna(_NOTHING)],
    ).reset_index()
    return bounds.loc[bounds["n_abstained"] > 0, columns].reset_index(drop=True)
