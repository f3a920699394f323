"""The independent units of every interval and test: clusters of documents, and the weight of each passage."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.corpus.periods import add_period, has_period
from framing.errors import InputError
from framing.tables import require_columns
from framing.texts import phrase

__all__ = [
    "CLUSTER",
    "WEIGHT",
    "Cluster",
    "Weights",
    "add_clusters",
    "add_weights",
    "describe_clusters",
    "explain_clusters",
    "find_unit",
    "name_unit",
    "read_weights",
]

Cluster = Literal["story", "document"]
Weights = Literal["passages", "documents", "outlets"]

CLUSTER = "cluster"  # column of the cluster of a passage; estimators take a document where a table lacks it
WEIGHT = "weight"  # column of the weight of a passage; estimators take 1 where a table lacks it

_LEAST_SPANS = 8  # weeks, or days, of the median outlet from which on they stand for stories
_ORIGINAL = "translation_of"  # column of the documents: the id of the one that a document translates
_KINDS = {"event": "events", "week": "weeks of an outlet", "day": "days of an outlet", "document": "single documents"}


def find_unit(table: pd.DataFrame) -> str:
    """Column of the independent units: the cluster where the table has one, else the document.

    Parameters
    ----------
    table : DataFrame
        Any table of passages.

    Returns
    -------
    str
        `cluster` or `document_id`.

    Examples
    --------
    >>> find_unit(pd.DataFrame({"document_id": ["a"]})), find_unit(pd.DataFrame({"cluster": ["s"]}))
    ('document_id', 'cluster')
    """
    return CLUSTER if CLUSTER in table.columns else "document_id"


def name_unit(table: pd.DataFrame) -> str:
    """The word for an independent unit of a table, for the column `method`.

    Parameters
    ----------
    table : DataFrame
        Any table of passages.

    Returns
    -------
    str
        `cluster` or `document`.

    Examples
    --------
    >>> name_unit(pd.DataFrame({"document_id": ["a"]})), name_unit(pd.DataFrame({"cluster": ["s"]}))
    ('document', 'cluster')
    """
    return "cluster" if CLUSTER in table.columns else "document"


def read_weights(table: pd.DataFrame) -> NDArray[np.float64]:
    """Weight of each row: its column `weight`, or 1.

    Parameters
    ----------
    table : DataFrame
        Any table of passages.

    Returns
    -------
    array
        A number a row.

    Raises
    ------
    InputError
        If a weight is missing, infinite, or not above 0.

    Examples
    --------
    >>> read_weights(pd.DataFrame({"document_id": ["a", "b"]})).tolist()
    [1.0, 1.0]
    """
    if WEIGHT not in table.columns:
        return np.ones(len(table))
    weights = pd.to_numeric(table[WEIGHT], errors="coerce").to_numpy(float)
    is_wrong = ~(np.isfinite(weights) & (weights > 0))
    if is_wrong.any():
        raise InputError(
            f"the column {WEIGHT}: expected numbers above 0, got {table[WEIGHT].to_numpy()[is_wrong][0]!r} in "
            f"{int(is_wrong.sum()):,} of {len(table):,} rows. Leave out passages that should not count."
        )
    return weights


def add_clusters(classified: pd.DataFrame, cluster: Cluster = "story") -> pd.DataFrame:
    """Add the column `cluster`: the documents of a story, which share subject and sources and so are not independent.

    Parameters
    ----------
    classified : DataFrame
        Classified passages with `document_id, outlet, published`, and `event` where the corpus has events.
    cluster : {"story", "document"}, default "story"
        `story`: the event of a document; where it has none, all that its outlet published in its week, or, in a corpus
        of fewer than eight weeks (the median outlet), on its day; with fewer than eight days, or without a date, the
        document. Where documents have the column `translation_of`, a translation is of the cluster of its original,
        and all of the two clusters are one. `document`: no column is added, and each document is a unit.

    Returns
    -------
    DataFrame
        `classified` with the column, or itself.

    Raises
    ------
    InputError
        For another `cluster`, or where a column is missing.

    Notes
    -----
    Estimators that resample, permute or add up squares do so by cluster within each group. A cluster that reaches over
    groups is a cluster of each: groups are compared as if they were sampled independently, which errs towards wider
    intervals where an event moves all of them alike.
    """
    if cluster not in get_args(Cluster):
        raise InputError(f"cluster: expected one of {', '.join(get_args(Cluster))}, got {cluster!r}.")
    if cluster == "document":
        return classified
    require_columns(classified, ("document_id", "outlet", "published"), what="classified passages")
    names = ("document: " + classified["document_id"].astype(str)).to_numpy(object)
    events = np.full(len(classified), "", dtype=object)
    if "event" in classified.columns:
        events = classified["event"].fillna("").astype(str).to_numpy(object)
    is_dated = has_period(classified["published"]).to_numpy() & (events == "")
    dated = classified.loc[is_dated, ["outlet", "published"]]
    for span in ("week", "day") if len(dated) else ():
        starts = add_period(dated, span)["period"].dt.strftime("%Y-%m-%d")
        if starts.groupby(dated["outlet"], dropna=False).nunique().median() >= _LEAST_SPANS:
            names[is_dated] = (f"{span}: " + dated["outlet"].astype(str) + ", " + starts).to_numpy(object)
            break
    names = np.where(events != "", "event: " + events, names)
    return classified.assign(**{CLUSTER: _join_translated(classified, names)})


def _join_translated(classified: pd.DataFrame, names: NDArray[np.object_]) -> NDArray[np.object_]:
    """Names of clusters, that of the original for all that a translation binds to it."""
    if _ORIGINAL not in classified.columns:
        return names
    cluster_of = dict(zip(classified["document_id"].astype(str), names, strict=True))
    chief: dict[str, str] = {}

    def find(name: str) -> str:
        while name in chief:
            name = chief[name]
        return name

    for name, original in zip(names, classified[_ORIGINAL].fillna("").astype(str), strict=True):
        if original in cluster_of and find(name) != find(cluster_of[original]):
            chief[find(name)] = find(cluster_of[original])
    return np.array([find(name) for name in names], dtype=object)


def explain_clusters(classified: pd.DataFrame) -> str:
    """Say why the independent units of a corpus are not events, in the language of the reader.

    Parameters
    ----------
    classified : DataFrame
        Classified passages, with the column `cluster` or without.

    Returns
    -------
    str
        A sentence; empty where all units are events, or documents were asked for.
    """
    if CLUSTER not in classified.columns:
        return ""
    kinds = set(classified[CLUSTER].astype(str).str.split(": ", n=1).str[0])
    if "week" in kinds:
        return phrase("Documents of which the corpus names no event stand together by outlet and week, for stories.")
    if "day" in kinds:
        return phrase(
            "Documents of which the corpus names no event stand together by outlet and day, for stories: the outlet in "
            "the middle has documents in fewer than {n} weeks.",
            n=_LEAST_SPANS,
        )
    if "document" in kinds:
        return phrase(
            "Documents of which the corpus names no event stand alone: they have no date, or the outlet in the middle "
            "has documents on fewer than {n} days.",
            n=_LEAST_SPANS,
        )
    return ""


def add_weights(classified: pd.DataFrame, weights: Weights = "passages", *, by: str | None = "outlet") -> pd.DataFrame:
    """Add the column `weight`, with which shares count documents, or outlets, alike.

    Parameters
    ----------
    classified : DataFrame
        Classified passages: a row a passage and frame.
    weights : {"passages", "documents", "outlets"}, default "passages"
        `passages`: no column is added, and each passage counts once, so that long articles and prolific outlets count
        for more. `documents`: each document counts once. `outlets`: each outlet counts once within its group, and each
        passage of an outlet alike.
    by : str or None, default "outlet"
        Column of the groups within which outlets count alike; None: all passages are one group.

    Returns
    -------
    DataFrame
        `classified` with the column, of mean 1 over passages, or itself.

    Raises
    ------
    InputError
        For another `weights`, or where a column is missing.
    """
    if weights not in get_args(Weights):
        raise InputError(f"weights: expected one of {', '.join(get_args(Weights))}, got {weights!r}.")
    if weights == "passages" or classified.empty:
        return classified
    keys = ["document_id"] if weights == "documents" else list(dict.fromkeys([*([by] if by else []), "outlet"]))
    require_columns(classified, keys, what="classified passages")
    weight = 1.0 / classified.groupby(keys, dropna=False)["passage_id"].transform("size").to_numpy(float)
    return classified.assign(**{WEIGHT: weight / weight.mean()})


def describe_clusters(classified: pd.DataFrame) -> str:
    """Say which units intervals and tests take as independent.

    Parameters
    ----------
    classified : DataFrame
        Classified passages, with the column `cluster` or without.

    Returns
    -------
    str
        A phrase.
    """
    n_documents = classified["document_id"].nunique()
    if CLUSTER not in classified.columns:
        return f"independent units: {n_documents:,} documents"
    kinds = pd.Series(classified[CLUSTER].astype(str).unique()).str.split(": ", n=1).str[0]
    counts = [(int((kinds == kind).sum()), words) for kind, words in _KINDS.items()]
    parts = ", ".join(f"{count:,} {words}" for count, words in counts if count)
    return f"independent units: {parts} ({n_documents:,} documents)"
