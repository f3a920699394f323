"""Who covers which story, how much and when."""

from __future__ import annotations

import pandas as pd

from framing.tables import COVERAGE, require_columns

__all__ = ["count_coverage", "summarise_stories"]

_NEEDED = ("document_id", "outlet", "published", "story_id", "story_label")


def summarise_stories(stories: pd.DataFrame, *, by: str = "outlet") -> pd.DataFrame:
    """One row a story: how many documents and groups it has, and when.

    Parameters
    ----------
    stories : DataFrame
        Story of each document, as `find_stories` returned them.
    by : str, default "outlet"
        Column of the groups.

    Returns
    -------
    DataFrame
        Columns `story_id, story_label, n_documents, n_<by>s, first, last, <by>s`, most widely covered first.
    """
    require_columns(stories, (*_NEEDED, by), what="stories")
    table = (
        stories.groupby("story_id", sort=True)
        .agg(
            story_label=("story_label", "first"),
            n_documents=("document_id", "size"),
            groups=(by, "nunique"),
            first=("published", "min"),
            last=("published", "max"),
            names=(by, lambda values: ", ".join(sorted(set(values)))),
        )
        .reset_index()
        .sort_values(["groups", "n_documents", "first", "story_id"], ascending=[False, False, True, True])
    )
    columns = ["story_id", "story_label", "n_documents", "groups", "first", "last", "names"]
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
        Groups that must cover a story.
    top : int, default 0
        Keep only so many of the most widely covered stories; 0: all.

    Returns
    -------
    DataFrame
        The group, then `COVERAGE`. Every group has a row in every story, 0 documents where it is silent. Stories in the
        order of their first day. Exact counts of the corpus, hence without intervals.
    """
    require_columns(stories, (*_NEEDED, by), what="stories")
    summary = summarise_stories(stories, by=by)
    chosen = summary[summary[f"n_{by}s"] >= least]
    chosen = (chosen.head(top) if top else chosen).sort_values(["first", "story_id"], kind="stable")
    groups = pd.DataFrame({by: sorted(stories[by].unique())})
    grid = chosen[["story_id", "story_label"]].merge(groups, how="cross")
    counts = (
        stories.groupby(["story_id", by])
        .agg(n_documents=("document_id", "size"), first=("published", "min"), last=("published", "max"))
        .reset_index()
    )
    table = grid.merge(counts, on=["story_id", by], how="left")
    table["n_documents"] = table["n_documents"].fillna(0).astype(int)
    return table[[by, *COVERAGE]]
