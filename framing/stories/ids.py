"""Names of stories that last: ids that stay when documents arrive, and labels that can be read."""

from __future__ import annotations

import hashlib
from itertools import chain, count
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.errors import InputError
from framing.tables import require_columns

__all__ = ["label_stories", "name_stories"]

_CENTRAL = 1 / 3  # of a story's documents, among which the shortest title is taken
_TITLE_WORDS = 12  # of a text that has no title


def name_stories(
    documents: pd.DataFrame, clusters: NDArray[np.int64], *, previous: pd.DataFrame | None = None
) -> list[str]:
    """The story_id of each document, from the clusters, shape `(n,)`, and an earlier table of stories.

    An id is made of the date and a hash of the story's earliest document (by date, then outlet, then id). With
    `previous` (columns `document_id, story_id`, as `find_stories` returned them), a story keeps its id where most of
    it went: when one splits, its largest part keeps the id (of equal parts, that with the earliest document); when
    several come together, the id of the oldest survives. Documents that have left do not count. No id that was used
    before is given to another story.

    Raises
    ------
    InputError
        Where `previous` lacks a column or names a document twice.
    """
    order = documents.sort_values(["published", "outlet", "document_id"], kind="stable")
    ids = order["document_id"].to_list()
    members: dict[int, list[str]] = {}
    for name, cluster in zip(ids, clusters[documents.index.get_indexer(order.index)].tolist(), strict=True):
        members.setdefault(cluster, []).append(name)
    dates = dict(zip(ids, order["published"], strict=True))
    kept = _kept(members, ids, previous)
    used = set(kept.values()) | (set(previous["story_id"].astype(str)) if previous is not None else set())
    names: dict[str, str] = {}
    for cluster, inside in members.items():
        story = kept.get(cluster, "")
        if not story:
            # the first free one: where a story has split, the earliest document may have given its name to the rest
            more = (f"{inside[0]}\x1f{number}" for number in count(1))
            made = (_identity(name, dates[inside[0]]) for name in chain(inside, more))
            story = next(item for item in made if item not in used)
            used.add(story)
        names.update(dict.fromkeys(inside, story))
    return [names[name] for name in documents["document_id"]]


def _kept(members: dict[int, list[str]], ids: list[str], previous: pd.DataFrame | None) -> dict[int, str]:
    """The earlier id of each cluster that has one."""
    if previous is None or previous.empty:
        return {}
    require_columns(previous, ("document_id", "story_id"), what="the previous stories")
    if previous["document_id"].duplicated().any():
        twice = previous.loc[previous["document_id"].duplicated(), "document_id"].iloc[0]
        raise InputError(f"The previous stories name the document {twice} twice; expected one row a document.")
    before = dict(zip(previous["document_id"].astype(str), previous["story_id"].astype(str), strict=True))
    place = {name: number for number, name in enumerate(ids)}
    # of each earlier story: its oldest document that is still there, and how much of it each cluster holds
    oldest: dict[str, int] = {}
    parts: dict[str, dict[int, tuple[int, int]]] = {}
    for cluster, inside in members.items():
        for name in inside:
            story = before.get(name)
            if story is None:
                continue
            oldest[story] = min(oldest.get(story, place[name]), place[name])
            count, first = parts.setdefault(story, {}).get(cluster, (0, place[name]))
            parts[story][cluster] = (count + 1, min(first, place[name]))
    kept: dict[int, str] = {}
    for story in sorted(parts, key=lambda item: oldest[item]):
        heir = min(parts[story], key=lambda item: (-parts[story][item][0], parts[story][item][1]))
        kept.setdefault(heir, story)
    return kept


def _identity(name: str, date: pd.Timestamp) -> str:
    day = "undated" if pd.isna(date) else f"{date:%Y-%m-%d}"
    return f"{day}-{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def label_stories(documents: pd.DataFrame, stories: list[str], vectors: Any) -> dict[str, str]:
    """A label for each story: a title and the day on which the story begins; never empty.

    The title is the shortest among the third of its documents that are nearest to the mean of its vectors, shape
    `(n, d)`, dense or sparse; without titles, the first words of the text.
    """
    titles = [_title(title, text) for title, text in zip(documents["title"], documents["text"], strict=True)]
    dates = documents["published"].to_list()
    ids = documents["document_id"].to_list()
    rows: dict[str, list[int]] = {}
    for row, story in enumerate(stories):
        rows.setdefault(story, []).append(row)
    labels = {}
    for story, inside in rows.items():
        part = vectors[inside]
        closeness = np.round(np.asarray(part @ np.asarray(part.mean(axis=0)).ravel()).ravel(), 6)
        ranked = sorted(range(len(inside)), key=lambda item: (-closeness[item], ids[inside[item]]))
        central = [inside[item] for item in ranked[: max(1, round(len(inside) * _CENTRAL))]]
        title = min((titles[row] or ids[row] for row in central), key=lambda item: (len(item), item))
        days = [dates[row] for row in inside if not pd.isna(dates[row])]
        labels[story] = f"{title} ({min(days).day} {min(days):%b %Y})" if days else title
    return labels


def _title(title: Any, text: str) -> str:
    found = " ".join(str(title).split()) if not pd.isna(title) else ""
    if found:
        return found
    words = text.split()
    return " ".join(words[:_TITLE_WORDS]) + (" …" if len(words) > _TITLE_WORDS else "")
