"""Stories: the documents of several outlets about one event, by their words, the names in them and their dates."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.encoders.known import known_languages
from framing.encoders.sentence import Encoder, default_store, open_encoder
from framing.errors import InputError
from framing.stories.across import describe_across
from framing.stories.ids import label_stories, name_stories
from framing.stories.linkage import average_link, find_components
from framing.stories.pins import StoryPins, read_pins
from framing.stories.similarity import find_neighbours, find_short, make_features
from framing.tables import DUPLICATES, STORIES, require_columns

__all__ = ["find_stories", "mark_stories", "resolve_encoder"]


# Chosen on half of the sample's events, see benchmarks/stories.py
THRESHOLD = 0.05
DECAY = 10.0

TEXT, HEADLINE = "text", "headline only"  # what a story rests on

Pairs = list[tuple[int, int]]


def find_stories(
    documents: pd.DataFrame,
    encoder: Encoder | str = "minilm",
    *,
    duplicates: pd.DataFrame | None = None,
    pins: StoryPins | Path | str | None = None,
    previous: pd.DataFrame | None = None,
    threshold: float = THRESHOLD,
    decay: float = DECAY,
    neighbours: int = 50,
    lead_words: int = 80,
    progress: str = "",
) -> pd.DataFrame:
    """Find the story of each document.

    Parameters
    ----------
    documents : DataFrame
        Columns `document_id, outlet, published, title, text`.
    encoder : Encoder or str, default "minilm"
        Encoder of the title and the first `lead_words` words; a name opens it with the store that all commands share.
    duplicates : DataFrame, optional
        Near-equal documents, as `find_duplicates` returns them. A copy that follows its original within `decay` days
        belongs to the same story.
    pins : StoryPins, Path or str, optional
        A `stories.yaml`, or what `read_pins` read from it: documents that stand together or apart, and labels.
    previous : DataFrame, optional
        The table of an earlier run; its stories keep their ids.
    threshold : float, default 0.05
        Least mean similarity at which two groups of documents are one story; a higher one gives more, smaller stories.
    decay : float, default 10.0
        Days between two documents that divide their similarity by e; beyond three times as many they are not compared.
    neighbours : int, default 50
        Largest number of documents with which each is compared in the end; bounds time and memory.
    lead_words : int, default 80
        Number of words of the text that count as its lead.
    progress : str, default ""
        Title of the progress, as in `framing.steps.count_steps`; empty for none.

    Returns
    -------
    DataFrame
        Columns `STORIES`, one row a document in the order of `documents`. Every document has a story; a document on an
        event that no other covers is a story by itself. `story_id` is made of the date and a hash of the story's
        earliest document, or is that of `previous`; `story_label` is the title of a central document and the day on
        which the story begins, or the label of the pins. `support` is `text` if half of the story's documents or more
        have 20 words with their title, else `headline only`: too little to tell events of one kind apart.

    Raises
    ------
    InputError
        If a column is missing, an id is repeated, an option is out of range, or pins contradict each other or name a
        document or story that does not exist.

    See Also
    --------
    mark_stories : Writes the story of each document to its passages.
    summarise_stories : Counts documents and outlets of each story.
    align_passages : Compares passages of outlets within each story.

    Notes
    -----
    The similarity of two documents is `(0.6 words + 0.2 names + 0.2 vectors) * exp(-days / decay)`: the TF-IDF cosine
    of their words, that of their capitalised words and figures, and the cosine of their vectors less the mean vector.
    Likeness to a document of fewer than 20 words with its title counts 0.7: a word or two in common are not an event.
    Documents are merged by average link over the graph of nearest neighbours, under the constraints of the pins.
    Weights and defaults were chosen on half of the events of one constructed sample: stories are candidates for
    inspection and pins, not findings. A story is limited in time; an event that is taken up again weeks later is a
    second story. Undated documents are compared only with each other.
    """
    _check_documents(documents)
    for name, value in (("threshold", threshold), ("decay", decay), ("neighbours", neighbours)):
        if not value > 0:
            raise InputError(f"{name} {value:g}: expected a number above 0.")
    constraints = StoryPins() if pins is None else pins if isinstance(pins, StoryPins) else read_pins(pins)
    constraints.check_documents(documents["document_id"])
    table = documents.sort_values(["published", "outlet", "document_id"], kind="stable", ignore_index=True)
    if table.empty:
        return pd.DataFrame(columns=list(STORIES))
    encoder = resolve_encoder(encoder)
    words, vectors = make_features(table, encoder, lead_words, progress=progress)
    short = find_short(table)
    edges = find_neighbours(
        table, words, vectors, decay=decay, neighbours=neighbours, short=short,
        across=describe_across(table, known_languages(encoder.name)), progress=progress,
    )  # fmt: skip
    together, apart = _list_constraints(table, constraints, duplicates, decay)
    clusters = average_link(
        len(table), edges.left, edges.right, edges.similarity, threshold=threshold, together=together, apart=apart
    )
    story_ids = name_stories(table, clusters, previous=previous)
    constraints.check_stories(story_ids)
    labels = {**label_stories(table, story_ids, words), **constraints.labels}
    support = _find_support(story_ids, short)
    story_of = dict(zip(table["document_id"], story_ids, strict=True))
    stories = documents[["document_id", "outlet", "published", "title"]].copy()
    stories["story_id"] = [story_of[name] for name in stories["document_id"]]
    stories["story_label"] = [labels[story] for story in stories["story_id"]]
    stories["support"] = [support[story] for story in stories["story_id"]]
    return stories[list(STORIES)].reset_index(drop=True)


def mark_stories(passages: pd.DataFrame, stories: pd.DataFrame) -> pd.DataFrame:
    """Mark passages with the story of their document.

    Parameters
    ----------
    passages : DataFrame
        Passages, columns `framing.tables.PASSAGES`.
    stories : DataFrame
        Story of each document, as `find_stories` returns them.

    Returns
    -------
    DataFrame
        The same passages, `story_id` filled from the table of stories; empty if the document is not in it.

    Raises
    ------
    InputError
        If a table lacks a column.
    """
    require_columns(passages, ("document_id",), what="passages")
    require_columns(stories, ("document_id", "story_id"), what="stories")
    marked = passages.copy()
    story_of = dict(zip(stories["document_id"], stories["story_id"], strict=True))
    marked["story_id"] = [story_of.get(name, "") for name in passages["document_id"]]
    return marked


def resolve_encoder(encoder: Encoder | str) -> Encoder:
    """Open the encoder of a name with the store that all commands share; an encoder is returned as it is.

    Parameters
    ----------
    encoder : Encoder or str
        The encoder, or the name of one.

    Returns
    -------
    Encoder
        The encoder.
    """
    return open_encoder(encoder, store=default_store()) if isinstance(encoder, str) else encoder


def _check_documents(documents: pd.DataFrame) -> None:
    require_columns(documents, ("document_id", "outlet", "published", "title", "text"), what="documents")
    repeated = documents["document_id"].duplicated()
    if repeated.any():
        name = documents.loc[repeated, "document_id"].iloc[0]
        raise InputError(f"The document {name} stands in several rows; expected one row a document.")


def _find_support(story_ids: list[str], short: NDArray[np.bool_]) -> dict[str, str]:
    """What each story rests on: `text` where half of its documents or more are longer than a headline."""
    share_short = pd.Series(short, dtype=float).groupby(pd.Series(story_ids, dtype=object)).mean()
    return {str(story): TEXT if share <= 0.5 else HEADLINE for story, share in share_short.items()}


def _list_constraints(
    table: pd.DataFrame, pins: StoryPins, duplicates: pd.DataFrame | None, decay: float
) -> tuple[Pairs, Pairs]:
    """Rows that stand together, by a pin or as copies that soon followed their original, and rows that pins part."""
    place = {name: row for row, name in enumerate(table["document_id"])}
    apart = [(place[a], place[b]) for a, b in pins.apart]
    together = [(place[first], place[name]) for first, *others in pins.together for name in others]
    if duplicates is None:
        return together, apart
    copies = _find_copies(table, duplicates, place, decay)
    if apart:  # pins take precedence: copies of a component that holds a parted pair are left out
        component = find_components(len(table), [*together, *copies])
        contradicted = {int(component[a]) for a, b in apart if component[a] == component[b]}
        copies = [(a, b) for a, b in copies if int(component[a]) not in contradicted]
    return [*together, *copies], apart


def _find_copies(table: pd.DataFrame, duplicates: pd.DataFrame, place: dict[str, int], decay: float) -> Pairs:
    """Rows of each original and of a copy that followed it within `decay` days, or without a date."""
    require_columns(duplicates, ("document_id", *DUPLICATES), what="duplicates")
    dates = table["published"].to_list()
    copies = []
    for name, original in zip(duplicates["document_id"], duplicates["duplicate_of"], strict=True):
        if original and name in place and original in place:
            gap = dates[place[name]] - dates[place[original]]
            if pd.isna(gap) or gap <= pd.Timedelta(days=decay):
                copies.append((place[original], place[name]))
    return copies
