"""Counts of documents, passages and labels, and the frames that groups differ most in."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from framing.corpus.periods import add_period, has_period
from framing.errors import InputError
from framing.estimates.groups import check_groups, join_groups
from framing.selection import find_overlap, is_blank, select_documents
from framing.tables import require_columns

__all__ = [
    "count_by_language",
    "count_by_period",
    "count_labels",
    "count_refused",
    "summarise_dates",
    "summarise_outlets",
    "find_widest_frames",
]


def summarise_outlets(documents: pd.DataFrame, passages: pd.DataFrame) -> pd.DataFrame:
    """Perspective, counts of documents and passages, median length, first and last day of each outlet.

    Parameters
    ----------
    documents : DataFrame
        Documents, columns `framing.tables.DOCUMENTS`.
    passages : DataFrame
        Passages, columns `framing.tables.PASSAGES`.

    Returns
    -------
    DataFrame
        Columns `outlet, perspective, n_documents, n_passages, median_words, first, last, n_undated`, one row an outlet.
        Exact counts of the documents that were read, hence without intervals.

    Raises
    ------
    InputError
        Where a column is missing.
    """
    require_columns(documents, ("outlet", "perspective", "published", "document_id"), what="documents")
    require_columns(passages, ("outlet", "passage_id", "n_words"), what="passages")
    grouped = documents.groupby("outlet")
    table = grouped.agg(
        perspective=("perspective", "first"),
        n_documents=("document_id", "size"),
        first=("published", "min"),
        last=("published", "max"),
        n_undated=("published", lambda dates: int(dates.isna().sum())),
    )
    split = passages.groupby("outlet").agg(n_passages=("passage_id", "size"), median_words=("n_words", "median"))
    order = ["perspective", "n_documents", "n_passages", "median_words", "first", "last", "n_undated"]
    return table.join(split)[order].reset_index()


def summarise_dates(documents: pd.DataFrame, *, by: str = "outlet", overlap: bool = True) -> pd.DataFrame:
    """First and last day of each group, and how many of its documents lie in the days that all groups cover.

    Parameters
    ----------
    documents : DataFrame
        Documents, columns `framing.tables.DOCUMENTS`.
    by : str, default "outlet"
        Column that makes the groups.
    overlap : bool, default True
        Whether the days that all groups cover are found; False where documents were restricted to some days already.

    Returns
    -------
    DataFrame
        Columns `by`, `n_documents, n_undated, first, last, n_in_overlap`, one row a group; then a row `(overlap)` with
        the days that all groups with dates cover, empty where they have none in common. Without `overlap` neither that
        column nor that row. Exact counts, hence without intervals.

    Raises
    ------
    InputError
        Where a column is missing.
    """
    require_columns(documents, (by, "published", "document_id"), what="documents")
    table = documents.groupby(by).agg(
        n_documents=("document_id", "size"),
        n_undated=("published", lambda dates: int(dates.isna().sum())),
        first=("published", "min"),
        last=("published", "max"),
    )
    if not overlap:
        return table.reset_index()
    first, last = "NaT", "NaT"
    within = pd.Series(False, index=documents.index)
    possible = documents.assign(published=documents["published"].where(has_period(documents["published"])))
    grouped = possible[~is_blank(possible[by])]
    with_dates = grouped[grouped[by].isin(grouped.loc[grouped["published"].notna(), by])]
    try:
        shared = find_overlap(with_dates, by)
        first, last = str(shared.first), str(shared.last)
        within |= select_documents(grouped, {"published": shared}).reindex(documents.index, fill_value=False)
    except InputError:  # no date, or no day in common
        pass
    table["n_in_overlap"] = within.groupby(documents[by]).sum()
    n_within = int(within.sum())
    days = {"first": pd.to_datetime([first]), "last": pd.to_datetime([last])}
    counts = {"n_documents": n_within, "n_undated": 0, "n_in_overlap": n_within}
    row = pd.DataFrame({**counts, **days}, index=["(overlap)"])
    return pd.concat([table, row[table.columns]]).rename_axis(by).reset_index()


def count_by_period(
    documents: pd.DataFrame, *, by: str | Sequence[str] | None = "outlet", period: str = "week"
) -> pd.DataFrame:
    """Dated documents per group and period.

    Parameters
    ----------
    documents : DataFrame
        Documents, columns `framing.tables.DOCUMENTS`.
    by : str, sequence of str or None, default "outlet"
        Columns that make the groups; None: all documents are one.
    period : {"day", "week", "month"}, default "week"
        Length of a period.

    Returns
    -------
    DataFrame
        Columns `by` (or `group`, which is `all`), `period` (its first day) and `n_documents`.

    Raises
    ------
    InputError
        Where a column is missing, or for another period.
    """
    table, keys = check_groups(documents, by, ("published",), what="documents")
    dated = add_period(table, period)
    return dated.groupby([*keys, "period"]).size().rename("n_documents").reset_index()


def count_by_language(documents: pd.DataFrame) -> pd.DataFrame:
    """Documents per outlet and detected language.

    Parameters
    ----------
    documents : DataFrame
        Documents, columns `framing.tables.DOCUMENTS`.

    Returns
    -------
    DataFrame
        Columns `outlet, language, n_documents`.

    Raises
    ------
    InputError
        Where a column is missing.
    """
    require_columns(documents, ("outlet", "language"), what="documents")
    return documents.groupby(["outlet", "language"]).size().rename("n_documents").reset_index()


def count_refused(quarantine: pd.DataFrame) -> pd.DataFrame:
    """Refused rows per file and reason, with the first line.

    Parameters
    ----------
    quarantine : DataFrame
        Refused rows, columns `framing.tables.QUARANTINE`.

    Returns
    -------
    DataFrame
        Columns `file, reason, n_rows, first_line`.

    Raises
    ------
    InputError
        Where a column is missing.
    """
    require_columns(quarantine, ("file", "line", "reason"), what="refused rows")
    grouped = quarantine.groupby(["file", "reason"])
    return grouped.agg(n_rows=("line", "size"), first_line=("line", "min")).reset_index()


def count_labels(shares: pd.DataFrame, *, by: str | Sequence[str] | None = "outlet") -> pd.DataFrame:
    """Per group of `estimate_prevalence`: the counts that its shares rest on, and whether they are corrected.

    Parameters
    ----------
    shares : DataFrame
        Shares, as `estimate_prevalence` returned them.
    by : str, sequence of str or None, default "outlet"
        Columns that make the groups, as there.

    Returns
    -------
    DataFrame
        Columns `by` (or `group`, which is `all`), `n_passages, n_documents, n_gold, corrected`. Exact counts, hence
        without intervals. A group that has too few labelled passages is not corrected and has no share, if other groups
        are.

    Raises
    ------
    InputError
        Where a column is missing.
    """
    table, keys = check_groups(shares, by, ("estimate", "n_passages", "n_documents", "n_gold"), what="shares")
    groups = table.drop_duplicates(keys)
    counts = groups[[*keys, "n_passages", "n_documents", "n_gold"]]
    return counts.assign(corrected=(groups["n_gold"] > 0) & groups["estimate"].notna()).reset_index(drop=True)


def find_widest_frames(trends: pd.DataFrame, *, by: str | Sequence[str] = "outlet", top: int = 6) -> list[str]:
    """Frames whose mean share differs most between groups, in order; to choose which to draw.

    Parameters
    ----------
    trends : DataFrame
        Shares per group and period.
    by : str or sequence of str, default "outlet"
        Columns that make the groups.
    top : int, default 6
        How many frames.

    Returns
    -------
    list of str
        Ids of the frames.

    Raises
    ------
    InputError
        Where a column is missing.
    """
    table, group = join_groups(trends, by, ("frame", "estimate", "n_passages"), what="shares per group and period")
    weighted = table.assign(n_present=table["estimate"] * table["n_passages"])
    sums = weighted.groupby(["frame", group])[["n_present", "n_passages"]].sum()
    shares = (sums["n_present"] / sums["n_passages"].clip(lower=1)).unstack(group)
    spread = (shares.max(axis=1) - shares.min(axis=1)).sort_values(ascending=False, kind="stable")
    return [str(frame) for frame in spread.index[:top]]
