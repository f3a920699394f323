"""Tables of groups of passages: words, counts, languages, and shares by outlet and over time."""

from __future__ import annotations

import numpy as np
import pandas as pd

from framing.analysis.classified import make_long
from framing.corpus.periods import add_period, choose_period, has_period
from framing.defaults import LEVEL
from framing.discovery.naming import name_groups
from framing.estimates.prevalence import EXACT, estimate_prevalence
from framing.estimates.raw_shares import draw_raw_shares
from framing.estimates.vocabulary import count_words, make_word_analyzer, sum_rows
from framing.uncertainty.intervals import exact_bounds
from framing.uncertainty.resample import TINY

__all__ = ["ONE_LANGUAGE", "ONE_OUTLET", "describe_groups", "estimate_groups"]

ONE_OUTLET = 0.8  # share of a group's passages from which it is called that of one outlet
ONE_LANGUAGE = 0.9
POOLED = "exact (Korn-Graubard) with the design effect of all groups; classifier error not included"
_COLUMNS = [
    "group", "words", "n_passages", "n_edge", "n_documents", "n_outlets", "largest_outlet", "largest_outlet_share",
    "one_outlet", "largest_language", "largest_language_share", "one_language",
]  # fmt: skip


def describe_groups(passages: pd.DataFrame, ids: list[str], stability: pd.DataFrame) -> pd.DataFrame:
    """Describe groups of passages.

    Parameters
    ----------
    passages : DataFrame
        All passages: `document_id, outlet, language, text, status, group, nearest`.
    ids : list of str
        Ids of the G groups.
    stability : DataFrame
        As `framing.discovery.grouping.measure_stability` returns it, G rows.

    Returns
    -------
    DataFrame
        `group, words` (empty where no word is in two passages), `n_passages, n_edge, n_documents, n_outlets,
        largest_outlet, largest_outlet_share,
        one_outlet, largest_language, largest_language_share, one_language`, then the columns of `stability`. Passages
        are those of the core; `n_edge` counts those at its edge. Shares are exact counts of this corpus, hence without
        intervals. `one_outlet` and `one_language` are true where one has most of a group (80 and 90 %), and not as
        much of all passages that were to be grouped.
    """
    if not ids:
        return pd.DataFrame(columns=[*_COLUMNS, *stability.columns])
    words = _name_by_words(passages, ids)
    unexplained = passages[passages["status"].isin(("grouped", "ungrouped"))]
    of_outlets, of_languages = (
        unexplained[name].fillna("").astype(str).value_counts(normalize=True) for name in ("outlet", "language")
    )
    rows = []
    for place, name in enumerate(ids):
        core = passages[passages["group"] == name]
        outlet, outlet_share = _find_largest(core["outlet"])
        language, language_share = _find_largest(core["language"])
        n_edge = int(((passages["nearest"] == name) & (passages["group"] != name)).sum())
        rows.append(
            {
                "group": name,
                "words": ", ".join(words[place]),
                "n_passages": len(core),
                "n_edge": n_edge,
                "n_documents": core["document_id"].nunique(),
                "n_outlets": core["outlet"].nunique(),
                "largest_outlet": outlet,
                "largest_outlet_share": outlet_share,
                "one_outlet": bool(outlet_share >= ONE_OUTLET > of_outlets[outlet]),
                "largest_language": language,
                "largest_language_share": language_share,
                "one_language": bool(language_share >= ONE_LANGUAGE > of_languages[language]),
            }
        )
    return pd.concat([pd.DataFrame(rows), stability.reset_index(drop=True)], axis=1)


def _find_largest(values: pd.Series) -> tuple[str, float]:
    """The value that most rows have, first in the alphabet of several, and its share."""
    counts = values.fillna("").astype(str).value_counts().sort_index().sort_values(ascending=False, kind="stable")
    return (str(counts.index[0]), float(counts.iloc[0] / counts.sum())) if len(counts) else ("", float("nan"))


def _name_by_words(passages: pd.DataFrame, ids: list[str]) -> list[tuple[str, ...]]:
    """Words of each group against the other groups and the rest of the passages; outlets are no words."""
    kept = passages[passages["status"] != "repeated"]
    outlets = sorted(kept["outlet"].dropna().astype(str).unique())
    analyzers = {name: make_word_analyzer(outlets, language=str(name)) for name in kept["language"].unique()}
    listed = [analyzers[name](text) for name, text in zip(kept["language"], kept["text"], strict=True)]
    if not any(listed):
        return [()] * len(ids)
    counts, words = count_words(pd.Series(range(len(listed))), lambda row: listed[int(row)])
    number = {name: place for place, name in enumerate(ids)}
    places = np.array([number.get(name, len(ids)) for name in kept["group"]], dtype=np.int64)
    by_group = np.asarray(sum_rows(counts, places, len(ids) + 1).todense())
    return name_groups(by_group, list(words), n_groups=len(ids))


def estimate_groups(
    passages: pd.DataFrame, ids: list[str], *, random_seed: int
) -> tuple[pd.DataFrame, pd.DataFrame, str]:
    """Estimate the share of passages in each group, by outlet and over time.

    Parameters
    ----------
    passages : DataFrame
        All passages, with `status` and `group`; those that repeat another are left out.
    ids : list of str
        The groups.
    random_seed : int
        Start of the draws.

    Returns
    -------
    shares, trends : DataFrame
        As `framing.estimate_prevalence` returns them by `outlet` and by `period`, the groups being the frames: shares
        of all passages, explained ones too. Documents are resampled; where fewer than five have a group, the interval
        is exact (Korn & Graubard 1998), with the design effect of all groups in that outlet or period.
    period : str
        Length of the periods, by `choose_period`.
    """
    kept = passages[passages["status"] != "repeated"].reset_index(drop=True)
    decisions = np.where(kept["group"].to_numpy(object)[:, None] == np.array(ids, dtype=object), "present", "absent")
    table = make_long(kept, (decisions == "present").astype(float), decisions, ids)
    shares = _estimate_shares(table, by="outlet", random_seed=random_seed)
    dated = kept.loc[has_period(kept["published"]), "published"]
    if dated.empty:
        return shares, shares.iloc[:0].rename(columns={"outlet": "period"}), "week"
    period = choose_period(dated)
    trends = _estimate_shares(add_period(table, period), by="period", random_seed=random_seed)
    return shares, trends, period


def _estimate_shares(table: pd.DataFrame, *, by: str, random_seed: int) -> pd.DataFrame:
    """Shares with intervals; exact ones have the design effect of all groups of passages together.

    A group that an outlet lacks has no design effect of its own, and one in few documents hardly any: with their own,
    none of 200 passages would have a far wider interval than one of them.
    """
    shares = estimate_prevalence(table, by=by, random_seed=random_seed)
    drawn = draw_raw_shares(table, by=by, random_seed=random_seed)
    simple = (drawn.shares * (1 - drawn.shares)).sum(axis=1) / drawn.n_passages
    effects = np.maximum(drawn.draws.var(axis=0).sum(axis=1) / np.maximum(simple, TINY), 1.0)
    sizes = np.where(simple > 0, np.maximum(drawn.n_passages / effects, 1.0), drawn.n_units)
    bounds = [
        exact_bounds(share, float(sizes[place // len(drawn.frames)]), level=LEVEL) if method == EXACT else (low, high)
        for place, (share, low, high, method) in enumerate(
            zip(shares["estimate"], shares["low"], shares["high"], shares["method"], strict=True)
        )
    ]
    lows, highs = zip(*bounds, strict=True)
    return shares.assign(low=lows, high=highs, method=shares["method"].replace(EXACT, POOLED))
