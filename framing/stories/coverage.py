"""Who covers which story, how much and when."""

from __future__ import annotations

import pandas as pd

from framing.tables import COVERAGE, require_columns

__all__ = ["count_coverage", "summarise_stories"]

_REPEATED = ("duplicate_of", "translation_of")
_STORIES = ("document_id", "outlet", "published", "story_id", "story_label")


def summarise_stories(stories: pd.DataFrame, *, by: str = "outlet") -> pd.DataFrame:
    """Summarise stories: how many documents and groups each has, and when.

    Parameters
    ----------
    stories : DataFrame
        Story of each document, as `find_stories` returned them.
    by : str, default "outlet"
        Column of the groups.

    Returns
    -------
    DataFrame
        One row a story: `story_id, story_label, n_documents, n_<by>s, first, last, <by>s`, and `support` if `stories`
        has it. `n_originals` counts documents that neither repeat nor translate another, if `stories` has the columns
        of `add_originals`. Stories of the most groups come first, then those of the most documents.

    Raises
    ------
    InputError
        If `stories` lacks a column.
    """
    require_columns(stories, (*_STORIES, by), what="stories")
    table = (
        stories.groupby("story_id")
        .agg(
            story_label=("story_label", "first"),
            n_documents=("document_id", "size"),
            groups=(by, "nunique"),
            first=("published", "min"),
            last=("published", "max"),
            names=(by, _join_names),
        )
        .reset_index()
        .sort_values(["groups", "n_documents", "first", "story_id"], ascending=[False, False, True, True])
    )
    columns = ["story_id", "story_label", "n_documents", "groups", "first", "last", "names"]
    if set(_REPEATED) <= set(stories.columns):
        is_original = (stories[list(_REPEATED)] == "").all(axis=1)
        table["n_originals"] = table["story_id"].map(is_original.groupby(stories["story_id"]).sum()).astype(int)
        columns.insert(3, "n_originals")
    if "support" in stories.columns:
        table["support"] = table["story_id"].map(stories.groupby("story_id")["support"].first())
        columns.append("support")
    return table[columns].rename(columns={"groups": f"n_{by}s", "names": f"{by}s"}).reset_index(drop=True)


def count_coverage(stories: pd.DataFrame, *, by: str = "outlet", least: int = 2, top: int = 0) -> pd.DataFrame:
    """Count the documents of each group in each story that several groups cover.

    Parameters
    ----------
    stories : DataFrame
        Story of each document, as `find_stories` returned them.
    by : str, default "outlet"
        Column of the groups.
    least : int, default 2
        Least number of groups that cover a story.
    top : int, default 0
        Number of stories, those of the most groups; 0: all.

    Returns
    -------
    DataFrame
        The group, then `COVERAGE`. Every group has a row in every story, with 0 documents where it has none. Stories
        come in the order of their first day. Counts of the corpus are exact, so they have no intervals.

    Raises
    ------
    InputError
        If `stories` lacks a column.
    """
    summary = summarise_stories(stories, by=by)
    covered = summary[summary[f"n_{by}s"] >= least]
    covered = (covered.head(top) if top else covered).sort_values(["first", "story_id"], kind="stable")
    groups = pd.DataFrame({by: sorted(stories[by].unique())})
    grid = covered[["story_id", "story_label"]].merge(groups, how="cross")
    counts = (
        stories.groupby(["story_id", by])
        .agg(n_documents=("document_id", "size"), first=("published", "min"), last=("published", "max"))
        .reset_index()
    )
    table = grid.merge(counts, on=["story_id", by], how="left")
    table["n_documents"] = table["n_documents"].fillna(0).astype(int)
    return table[[by, *COVERAGE]]


def _join_names(values: pd.Series) -> str:
    return ", ".join(sorted(set(values)))
