"""Names of stories: ids that stay when documents arrive, and labels for readers."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from itertools import chain, count
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.errors import InputError
from framing.tables import require_columns

__all__ = ["label_stories", "name_stories"]

_CENTRAL = 1 / 3  # share of a story's documents among which the shortest title is taken
_TITLE_WORDS = 12  # words of a text that stand for a missing title
_UNKNOWN = ("", "und")  # languages that were not told
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_DECIMALS = 6  # of similarities: later ones differ between machines


def name_stories(
    documents: pd.DataFrame, clusters: NDArray[np.int64], *, previous: pd.DataFrame | None = None
) -> list[str]:
    """Name the story of each document by an id that stays when documents arrive.

    Parameters
    ----------
    documents : DataFrame
        Columns `document_id, outlet, published`; the index is unique.
    clusters : ndarray of shape (n,)
        Cluster of each document.
    previous : DataFrame, optional
        An earlier table of stories, columns `document_id, story_id`.

    Returns
    -------
    list of str
        The story_id of each document.

    Raises
    ------
    InputError
        If `previous` lacks a column or names a document twice.

    Notes
    -----
    An id is the date and a hash of the story's earliest document (by date, then outlet, then id). A story of `previous`
    passes its id on to the cluster that has most of its documents. If two clusters have as many, the one with the
    earlier document gets it; if one cluster gets several ids, it bears that of the story with the earliest document.
    Documents that have left the corpus do not count. No id of `previous` is given to another story: if the id of a
    story's earliest document is in use, its hash is that of the next document.
    """
    order = documents.sort_values(["published", "outlet", "document_id"], kind="stable")
    names = order["document_id"].to_list()
    dates = dict(zip(names, order["published"], strict=True))
    members: dict[int, list[str]] = {}
    for name, cluster in zip(names, clusters[documents.index.get_indexer(order.index)].tolist(), strict=True):
        members.setdefault(cluster, []).append(name)
    inherited = _inherit_ids(members, names, previous)
    used: set[str] = set() if previous is None else set(previous["story_id"].astype(str))
    story_of: dict[str, str] = {}
    for cluster, documents_inside in members.items():
        story = inherited.get(cluster, "")
        if not story:
            story = _make_id(documents_inside, dates[documents_inside[0]], used)
            used.add(story)
        story_of.update(dict.fromkeys(documents_inside, story))
    return [story_of[name] for name in documents["document_id"]]


def label_stories(documents: pd.DataFrame, stories: list[str], vectors: Any, *, language: str = "en") -> dict[str, str]:
    """Label each story by a title and the day on which the story begins.

    Parameters
    ----------
    documents : DataFrame
        Columns `document_id, published, title, text`.
    stories : list of str
        The story_id of each document.
    vectors : array or sparse array of shape (n, d)
        Vectors of the documents.
    language : str, default "en"
        Language of labels where a story has titles in it (column `language`), else the most common one of the corpus
        that it has.

    Returns
    -------
    dict of str to str
        The label of each story_id, never empty. The title is the shortest among the third of the story's documents that
        are nearest to the mean of its vectors; without titles, the first words of the text.
    """
    titles = [_make_title(title, text) for title, text in zip(documents["title"], documents["text"], strict=True)]
    dates = documents["published"].to_list()
    names = documents["document_id"].to_list()
    rows: dict[str, list[int]] = {}
    for row, story in enumerate(stories):
        rows.setdefault(story, []).append(row)
    languages = documents["language"].to_list() if "language" in documents.columns else [""] * len(documents)
    labels = {}
    for story, inside in rows.items():
        part = vectors[inside]
        closeness = np.round(np.asarray(part @ np.asarray(part.mean(axis=0)).ravel()).ravel(), _DECIMALS)
        ranked = sorted(range(len(inside)), key=lambda item: (-closeness[item], names[inside[item]]))
        ranked = _keep_language([inside[item] for item in ranked], languages, language)
        central = ranked[: max(1, round(len(ranked) * _CENTRAL))]
        title = min((titles[row] or names[row] for row in central), key=lambda item: (len(item), item))
        days = [dates[row] for row in inside if not pd.isna(dates[row])]
        title = f"\u2068{title}\u2069" if _RIGHT_TO_LEFT.search(title) else title  # the date is read by itself
        labels[story] = f"{title} ({min(days).day} {min(days):%b} {min(days).year:04})" if days else title
    return labels


def _keep_language(rows: list[int], languages: list[str], wanted: str) -> list[int]:
    """The rows in the wanted language, else in the most common one that they have; all of one language."""
    counts = Counter(name for name in languages if name not in _UNKNOWN)
    present = {languages[row] for row in rows} - set(_UNKNOWN)
    if len(present) < 2:
        return rows
    chosen = wanted if wanted in present else min(present, key=lambda name: (-counts[name], name))
    return [row for row in rows if languages[row] == chosen]


def _inherit_ids(members: dict[int, list[str]], names: list[str], previous: pd.DataFrame | None) -> dict[int, str]:
    """The id of an earlier story for each cluster that continues one; `names` of documents are in order of date."""
    if previous is None or previous.empty:
        return {}
    require_columns(previous, ("document_id", "story_id"), what="the previous stories")
    repeated = previous["document_id"].duplicated()
    if repeated.any():
        name = previous.loc[repeated, "document_id"].iloc[0]
        raise InputError(f"The previous stories name the document {name} twice; expected one row a document.")
    before = dict(zip(previous["document_id"].astype(str), previous["story_id"].astype(str), strict=True))
    place = {name: number for number, name in enumerate(names)}
    earlier: dict[str, dict[int, list[int]]] = {}  # of each earlier story the places of its documents, by cluster
    for cluster, inside in members.items():
        for name in inside:
            if name in before:
                earlier.setdefault(before[name], {}).setdefault(cluster, []).append(place[name])
    inherited: dict[int, str] = {}
    for story_id, parts in sorted(earlier.items(), key=lambda item: min(chain.from_iterable(item[1].values()))):
        inherited.setdefault(_find_heir(parts), story_id)
    return inherited


def _find_heir(parts: dict[int, list[int]]) -> int:
    """Cluster with most documents of a story; of equal ones, that with the earliest document."""
    return min(parts, key=lambda cluster: (-len(parts[cluster]), min(parts[cluster])))


def _make_id(names: list[str], date: pd.Timestamp, used: set[str]) -> str:
    """The first id that is not used: where a story has split, the rest may bear the id of the earliest document."""
    day = "undated" if pd.isna(date) else date.date().isoformat()
    ids = (f"{day}-{_hash(name)}" for name in chain(names, (f"{names[0]}\x1f{number}" for number in count(1))))
    return next(story for story in ids if story not in used)


def _hash(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _make_title(title: Any, text: str) -> str:
    """The title on one line, or the first words of the text."""
    line = " ".join(str(title).split()) if not pd.isna(title) else ""
    if line:
        return line
    words = text.split()
    return " ".join(words[:_TITLE_WORDS]) + (" …" if len(words) > _TITLE_WORDS else "")
