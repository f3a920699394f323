"""Plain counts and example passages: what was read, and what stands behind each share."""

from __future__ import annotations

import numpy as np
import pandas as pd

from framing.corpus.periods import add_period
from framing.tables import require_columns

__all__ = [
    "find_borderline_passages",
    "count_by_language",
    "count_by_period",
    "count_labels",
    "count_refused",
    "keep_one_per_frame",
    "find_passages_behind",
    "summarise_outlets",
    "find_top_passages",
    "find_widest_frames",
]

_SHOWN = ["outlet", "published", "score", "text", "passage_id"]


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
        One row an outlet. Exact counts of what was read, hence without intervals.
    """
    require_columns(documents, ("outlet", "perspective", "published", "document_id"), what="documents")
    grouped = documents.groupby("outlet", sort=True)
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


def count_by_period(documents: pd.DataFrame, *, by: str = "outlet", period: str = "week") -> pd.DataFrame:
    """Dated documents per group and period.

    Parameters
    ----------
    documents : DataFrame
        Documents, columns `framing.tables.DOCUMENTS`.
    by : str, default "outlet"
        Column of the groups.
    period : str, default "week"
        `day`, `week` or `month`.

    Returns
    -------
    DataFrame
        Columns `by`, `period` (its first day) and `n_documents`.
    """
    dated = add_period(documents, period)
    return dated.groupby([by, "period"], sort=True).size().rename("n_documents").reset_index()


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
    """
    return documents.groupby(["outlet", "language"], sort=True).size().rename("n_documents").reset_index()


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
    """
    grouped = quarantine.groupby(["file", "reason"], sort=True)
    return grouped.agg(n_rows=("line", "size"), first_line=("line", "min")).reset_index()


def count_labels(shares: pd.DataFrame, *, by: str = "outlet") -> pd.DataFrame:
    """Per group of `estimate_prevalence`: what its shares rest on, and whether they are corrected with labels.

    Parameters
    ----------
    shares : DataFrame
        Shares, as `estimate_prevalence` returned them.
    by : str, default "outlet"
        Column of the groups.

    Returns
    -------
    DataFrame
        Columns `by`, `n_passages, n_documents, n_gold, corrected`. Exact counts, hence without intervals. A group that
        has too few labelled passages is not corrected and has no share, if other groups are.
    """
    require_columns(shares, (by, "estimate", "n_passages", "n_documents", "n_gold"), what="shares")
    groups = shares.drop_duplicates(by)
    table = groups[[by, "n_passages", "n_documents", "n_gold"]]
    return table.assign(corrected=(groups["n_gold"] > 0) & groups["estimate"].notna()).reset_index(drop=True)


def find_top_passages(classified: pd.DataFrame, *, per_outlet: int = 3) -> pd.DataFrame:
    """The passages with the highest scores of each frame and outlet among those where it is present.

    Parameters
    ----------
    classified : DataFrame
        Classified passages, columns `framing.tables.CLASSIFIED`.
    per_outlet : int, default 3
        Passages of each frame and outlet.

    Returns
    -------
    DataFrame
        Columns `frame, outlet, published, score, text, passage_id`, highest scores first within frame and outlet.
    """
    present = classified[classified["decision"] == "present"]
    ordered = present.sort_values(["frame", "outlet", "score"], ascending=[True, True, False], kind="stable")
    picked = ordered.groupby(["frame", "outlet"], sort=False).head(per_outlet)
    return picked[["frame", *_SHOWN]].reset_index(drop=True)


def find_borderline_passages(classified: pd.DataFrame, *, threshold: float, per_frame: int = 4) -> pd.DataFrame:
    """The passages of each frame whose scores lie nearest to the threshold, on either side.

    With one label a passage (`threshold` NaN): those whose two highest scores are closest.

    Parameters
    ----------
    classified : DataFrame
        Classified passages, columns `framing.tables.CLASSIFIED`.
    threshold : float
        Score from which a frame is present; NaN for a codebook with one label a passage.
    per_frame : int, default 4
        Passages of each frame.

    Returns
    -------
    DataFrame
        Columns `frame, decision, outlet, published, score, text, passage_id`; frame by frame, nearest to the threshold
        first.
    """
    if np.isnan(threshold):
        wide = classified.pivot(index="passage_id", columns="frame", values="score")
        two = np.sort(wide.to_numpy(), axis=1)[:, -2:]
        distance = pd.Series(two[:, 1] - two[:, 0], index=wide.index, name="distance")
        rows = classified[classified["decision"] == "present"].merge(distance, on="passage_id")
    else:
        rows = classified.assign(distance=(classified["score"] - threshold).abs())
    ordered = rows.sort_values(["frame", "distance"], kind="stable")
    picked = ordered.groupby("frame", sort=False).head(per_frame)
    return picked[["frame", "decision", *_SHOWN]].reset_index(drop=True)


def keep_one_per_frame(top: pd.DataFrame) -> pd.DataFrame:
    """The highest-scored row of each frame of a table of top passages.

    Parameters
    ----------
    top : DataFrame
        Passages with a `frame` and a `score`, as `find_top_passages` returned them.

    Returns
    -------
    DataFrame
        One row a frame.
    """
    best = top.sort_values(["frame", "score"], ascending=[True, False], kind="stable")
    return best.groupby("frame", sort=False).head(1).reset_index(drop=True)


def find_passages_behind(
    contrasts: pd.DataFrame, classified: pd.DataFrame, *, by: str = "outlet", top: int = 5, per_group: int = 1
) -> pd.DataFrame:
    """Passages of the frame in either group, for the `top` clearest contrasts: highest scores first.

    Parameters
    ----------
    contrasts : DataFrame
        Contrasts, as `compare_groups` returned them, or components, as `decompose_differences` did; the two components
        of a difference count as one contrast.
    classified : DataFrame
        Classified passages. With `add_agenda_items` the column `agenda_item` says which event a passage is about.
    by : str, default "outlet"
        Column of the groups.
    top : int, default 5
        How many contrasts, the clearest first.
    per_group : int, default 1
        Passages of each group.

    Returns
    -------
    DataFrame
        Columns `contrast, frame`, the group, then `published, score, text, passage_id`.
    """
    found = []
    pairs = contrasts.drop_duplicates(["frame", "group_a", "group_b"])
    for number, row in enumerate(pairs.head(top).itertuples(), start=1):
        rows = classified[
            (classified["frame"] == row.frame)
            & classified[by].isin([row.group_a, row.group_b])
            & (classified["decision"] == "present")
        ].sort_values("score", ascending=False, kind="stable")
        found.append(rows.groupby(by, sort=True).head(per_group).assign(contrast=number))
    table = pd.concat(found) if found else classified.head(0).assign(contrast=0)
    story = ["agenda_item"] if "agenda_item" in table.columns else []
    return table[["contrast", "frame", by, *story, "published", "score", "text", "passage_id"]].reset_index(drop=True)


def find_widest_frames(trends: pd.DataFrame, *, by: str = "outlet", top: int = 6) -> list[str]:
    """Frames whose mean share differs most between groups, in order; to choose which to draw.

    Parameters
    ----------
    trends : DataFrame
        Shares per group and period.
    by : str, default "outlet"
        Column of the groups.
    top : int, default 6
        How many frames.

    Returns
    -------
    list of str
        Ids of the frames.
    """
    weighted = trends.assign(hits=trends["estimate"] * trends["n_passages"])
    sums = weighted.groupby(["frame", by])[["hits", "n_passages"]].sum()
    shares = (sums["hits"] / sums["n_passages"].clip(lower=1)).unstack(by)
    spread = (shares.max(axis=1) - shares.min(axis=1)).sort_values(ascending=False, kind="stable")
    return [str(frame) for frame in spread.index[:top]]
