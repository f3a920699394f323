"""Stories: the documents of several outlets about one event, from what they say, whom they name and when."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.encoders.sentence import Encoder, default_store, open_encoder
from framing.errors import InputError
from framing.stories.ids import label_stories, name_stories
from framing.stories.linkage import average_link, joined
from framing.stories.pins import StoryPins, read_pins
from framing.tables import DUPLICATES, STORIES, require_columns

__all__ = ["find_stories", "lead_of", "mark_stories", "opened"]


# Chosen on half of the sample's events, see benchmarks/stories.py
THRESHOLD = 0.05
DECAY = 10.0
_WORDS, _NAMES, _VECTORS = 0.6, 0.2, 0.2  # weights of the three likenesses
_WINDOW = 3  # decays, beyond which two documents are not compared
_BLOCK = 256  # rows whose neighbours are looked for at once
_FEW = 20  # documents, below which rare and common words cannot be told
_MOST_COMMON = 0.3  # of documents, above which a word tells no story
_NAME = re.compile(r"\b[^\W\d_a-z][\w’'-]+|\b\d[\d.,]*\d|\b\d\b")

Array = NDArray[np.float64]


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
) -> pd.DataFrame:
    """The story of each document, one row a document in the order of `documents`.

    Parameters
    ----------
    documents : DataFrame
        Columns `document_id, outlet, published, title, text`.
    encoder : Encoder or str, default "minilm"
        Encoder of the title and the first `lead_words` words; a name opens it with the store that all commands share.
    duplicates : DataFrame, optional
        As `find_duplicates(documents)` returned them: copies that follow their original within `decay` days are in the
        same story.
    pins : StoryPins, Path or str, optional
        A `stories.yaml`, or what `read_pins` made of it: documents that stand together or apart, and labels.
    previous : DataFrame, optional
        The table of an earlier run, for ids that stay.
    threshold : float, default 0.05
        Least mean likeness of two groups of documents that are one story; higher: more and smaller stories.
    decay : float, default 10.0
        Days after which the likeness of two documents counts 1/e; beyond three times that they are not compared.
    neighbours : int, default 50
        Most documents to which each is compared in the end; bounds time and memory.
    lead_words : int, default 80
        Words of the text that count as its lead.

    Returns
    -------
    DataFrame
        Columns `STORIES`. Every document has a story; one that nobody else covers is a story of its own. `story_id`
        is made of the date and a hash of the story's earliest document, or is the one of `previous`; `story_label` is
        the title of a central document and the day on which the story begins, or the label of the pins.

    Raises
    ------
    InputError
        Where columns lack, ids are not unique, an option is out of range, or pins contradict each other or name what
        is not there.

    Notes
    -----
    Likeness of two documents is 0.6 of the TF-IDF cosine of their words, 0.2 of that of their capitalised words and
    figures, and 0.2 of the cosine of their vectors less the mean of all, times `exp(-days / decay)`. Documents are
    merged by average link over the graph of nearest neighbours, pins being constraints of the merging. Weights and
    defaults were chosen on half of the events of one constructed sample: stories are candidates to be looked through
    and pinned, not findings. A story is what is alike at one time; one event that is taken up again weeks later makes
    two. Undated documents are compared only with each other.
    """
    require_columns(documents, ("document_id", "outlet", "published", "title", "text"), what="documents")
    for name, value in (("threshold", threshold), ("decay", decay), ("neighbours", neighbours)):
        if not value > 0:
            raise InputError(f"{name} {value:g}: expected a number above 0.")
    if documents["document_id"].duplicated().any():
        twice = documents.loc[documents["document_id"].duplicated(), "document_id"].iloc[0]
        raise InputError(f"The document {twice} stands in several rows; expected one row a document.")
    settled = StoryPins() if pins is None else pins if isinstance(pins, StoryPins) else read_pins(pins)
    settled.check_documents(documents["document_id"])
    table = documents.sort_values(["published", "outlet", "document_id"], kind="stable").reset_index(drop=True)
    if table.empty:
        return pd.DataFrame(columns=list(STORIES))
    words, vectors = _features(table, opened(encoder), lead_words)
    left, right, likeness = _graph(table, words, vectors, decay=decay, neighbours=neighbours)
    place = {name: number for number, name in enumerate(table["document_id"])}
    apart = [(place[a], place[b]) for a, b in settled.apart]
    together = [(place[group[0]], place[name]) for group in settled.together for name in group[1:]]
    together = _with_copies(table, duplicates, place, together, apart, decay)
    clusters = average_link(len(table), left, right, likeness, threshold=threshold, together=together, apart=apart)
    stories = name_stories(table, clusters, previous=previous)
    settled.check_stories(stories)
    labels = {**label_stories(table, stories, words), **settled.labels}
    of = dict(zip(table["document_id"], stories, strict=True))
    found = documents[["document_id", "outlet", "published", "title"]].reset_index(drop=True)
    found["story_id"] = [of[name] for name in found["document_id"]]
    found["story_label"] = [labels[story] for story in found["story_id"]]
    return found[list(STORIES)]


def mark_stories(passages: pd.DataFrame, stories: pd.DataFrame) -> pd.DataFrame:
    """Mark passages with the story of their document.

    Parameters
    ----------
    passages : DataFrame
        Passages, columns `framing.tables.PASSAGES`.
    stories : DataFrame
        Story of each document, as `find_stories` returned them.

    Returns
    -------
    DataFrame
        The same passages, `story_id` filled from the table of stories; empty if the document is not in it.
    """
    require_columns(passages, ("document_id",), what="passages")
    require_columns(stories, ("document_id", "story_id"), what="stories")
    marked = passages.copy()
    of = dict(zip(stories["document_id"], stories["story_id"], strict=True))
    marked["story_id"] = [of.get(name, "") for name in passages["document_id"]]
    return marked


def opened(encoder: Encoder | str) -> Encoder:
    """The encoder itself, or the one of that name with the store that all commands share."""
    return open_encoder(encoder, store=default_store()) if isinstance(encoder, str) else encoder


def lead_of(title: Any, text: str, *, words: int = 80) -> str:
    """Title and the first words of a text, which may itself begin with the title.

    >>> lead_of("Pier closed", "Pier closed. The pier was closed on Monday.", words=5)
    'Pier closed\\nThe pier was closed on'
    """
    head = " ".join(str(title).split()) if not pd.isna(title) else ""
    body = " ".join(text.split())
    if head and body.startswith(head):
        body = body[len(head) :].lstrip(" .:—–-")
    return "\n".join(part for part in (head, " ".join(body.split()[:words])) if part)


def _features(table: pd.DataFrame, encoder: Encoder, lead_words: int) -> tuple[Any, NDArray[np.float32]]:
    """Words and names as one sparse matrix whose rows' products are their weighted likeness; vectors of the leads."""
    from scipy.sparse import hstack

    texts = [
        f"{'' if pd.isna(title) else title}\n{text}" for title, text in zip(table["title"], table["text"], strict=True)
    ]
    leads = [lead_of(title, text, words=lead_words) for title, text in zip(table["title"], table["text"], strict=True)]
    vectors = np.asarray(encoder.encode(leads), dtype=np.float32)
    if len(table) >= _FEW:  # what all have in common tells no story
        vectors = vectors - vectors.mean(axis=0)
    vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    parts = [
        part * np.float32(np.sqrt(weight))
        for part, weight in ((_weighted(texts, None), _WORDS), (_weighted(texts, _names), _NAMES))
        if part is not None
    ]
    return (hstack(parts, format="csr") if parts else _nothing(len(table))), vectors


def _names(text: str) -> list[str]:
    return [found.casefold() for found in _NAME.findall(text)]


def _weighted(texts: Sequence[str], analyzer: Any) -> Any:
    """TF-IDF of the texts, rows of unit length; nothing where no word is shared."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    limits: dict[str, Any] = {"min_df": 2, "max_df": _MOST_COMMON} if len(texts) >= _FEW else {}
    how = {"analyzer": analyzer} if analyzer is not None else {}
    try:
        return TfidfVectorizer(sublinear_tf=True, dtype=np.float32, **limits, **how).fit_transform(texts)
    except ValueError:  # no word is left
        return None


def _nothing(n: int) -> Any:
    from scipy.sparse import csr_matrix

    return csr_matrix((n, 1), dtype=np.float32)


def _graph(
    table: pd.DataFrame, words: Any, vectors: NDArray[np.float32], *, decay: float, neighbours: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], Array]:
    """Each document's nearest in time and content: pairs, the smaller row first, with their likeness."""
    rows, others, values = [], [], []
    for block, near, days in _windows(table, decay):
        likeness = (words[block] @ words[near].T).toarray()
        likeness += _VECTORS * np.maximum(vectors[block] @ vectors[near].T, 0)
        likeness *= np.exp(-days / decay)
        likeness[days > _WINDOW * decay] = 0
        likeness[block[:, None] == near[None]] = 0
        if likeness.shape[1] > neighbours:
            least = np.partition(likeness, -neighbours, axis=1)[:, -neighbours]
            likeness[likeness < least[:, None]] = 0
        row, column = np.nonzero(likeness)
        rows.append(block[row])
        others.append(near[column])
        values.append(likeness[row, column])
    a, b, value = np.concatenate(rows), np.concatenate(others), np.concatenate(values)
    left, right = np.minimum(a, b), np.maximum(a, b)
    _, first = np.unique(left * len(table) + right, return_index=True)
    return left[first], right[first], np.round(value[first].astype(float), 6)  # last bits differ between machines


def _windows(
    table: pd.DataFrame, decay: float
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]]:
    """Blocks of rows, the rows that are near in time, and the days between them; undated rows are on one day."""
    dated = table["published"].notna().to_numpy()
    n_dated = int(dated.sum())  # they come first
    first = table["published"].min()
    days = ((table["published"] - first) / pd.Timedelta(days=1)).fillna(0).to_numpy(float)
    days = np.floor(days)
    for low, high in ((0, n_dated), (n_dated, len(table))):
        for start in range(low, high, _BLOCK):
            block = np.arange(start, min(start + _BLOCK, high))
            here = days[low:high]
            begin = low + int(np.searchsorted(here, days[block[0]] - _WINDOW * decay, side="left"))
            end = low + int(np.searchsorted(here, days[block[-1]] + _WINDOW * decay, side="right"))
            near = np.arange(begin, end)
            yield block, near, np.abs(days[block][:, None] - days[near][None]).astype(np.float32)


def _with_copies(
    table: pd.DataFrame,
    duplicates: pd.DataFrame | None,
    place: dict[str, int],
    together: list[tuple[int, int]],
    apart: list[tuple[int, int]],
    decay: float,
) -> list[tuple[int, int]]:
    """`together`, and the copies that soon followed their originals, but for those that pins keep apart."""
    if duplicates is None:
        return together
    require_columns(duplicates, ("document_id", *DUPLICATES), what="duplicates")
    dates = table["published"].to_list()
    every = list(together)
    for name, original in zip(duplicates["document_id"], duplicates["duplicate_of"], strict=True):
        if not original or name not in place or original not in place:
            continue
        pair = (place[original], place[name])
        gap = dates[pair[1]] - dates[pair[0]]
        if pd.isna(gap) or gap <= pd.Timedelta(days=decay):
            every.append(pair)
    if apart:  # pins go before copies
        home = joined(len(table), every)
        broken = {int(home[a]) for a, b in apart if home[a] == home[b]}
        every = [*together, *(pair for pair in every[len(together) :] if int(home[pair[0]]) not in broken)]
    return every
