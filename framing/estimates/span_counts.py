"""Spans of passages counted by voice, with those that are too short to be scored."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from framing.errors import InputError
from framing.estimates.groups import check_groups
from framing.tables import SPAN_COUNTS, VOICE_SPANS, require_columns
from framing.uncertainty.resample import ratio_or_zero

__all__ = ["count_spans"]


def count_spans(
    passages: pd.DataFrame, spans: pd.DataFrame, *, by: str | Sequence[str] | None = "outlet"
) -> pd.DataFrame:
    """Count the spans of each group by voice, and those that are too short to be scored.

    Parameters
    ----------
    passages : DataFrame
        Passages, columns `framing.tables.PASSAGES`.
    spans : DataFrame
        Their spans, as `cut_spans` returned them.
    by : str, sequence of str or None, default "outlet"
        Columns that make the groups; None: all passages are one.

    Returns
    -------
    DataFrame
        Columns `by` (or `group`, which is `all`), then `framing.tables.SPAN_COUNTS`. `n_spans` are scored;
        `n_too_short` are left out of all shares, and of the other columns; `share` is of the group's scored spans, and
        `n_passages` have at least one of them. Counts are exact, hence
        without intervals.

    Raises
    ------
    InputError
        Where columns are missing, or a span is of no passage.
    """
    table, keys = check_groups(passages, by, ("passage_id",), what="passages")
    require_columns(spans, VOICE_SPANS, what="spans")
    unknown = sorted(set(spans["passage_id"]) - set(passages["passage_id"]))
    if unknown:
        raise InputError(f"{len(unknown)} passage(s) of spans are not among the passages (the first is {unknown[0]}).")
    every = spans.drop(columns=keys, errors="ignore").merge(table[["passage_id", *keys]], on="passage_id")
    groups = [*keys, "voice"]
    counts = every.groupby(groups)["is_scored"].agg(n_spans="sum", n="size")
    scored = every[every["is_scored"]]
    of_scored = scored.assign(speaker=scored["speaker"].replace("", None)).groupby(groups)
    counts = counts.join(
        of_scored.agg(
            n_words=("n_words", "sum"), n_passages=("passage_id", "nunique"), n_speakers=("speaker", "nunique")
        )
    )
    counts = counts.fillna(0).astype(int)
    counts["n_too_short"] = counts["n"] - counts["n_spans"]
    n_scored = counts.groupby(level=keys)["n_spans"].transform("sum")
    counts["share"] = ratio_or_zero(counts["n_spans"].to_numpy(float), n_scored.to_numpy(float))
    result: pd.DataFrame = counts.reset_index()[[*keys, *SPAN_COUNTS]]
    return result
