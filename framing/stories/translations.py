"""Translations: documents that say the same, sentence by sentence, as one in another language does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.corpus.sentences import split_sentences
from framing.corpus.words import count_words, is_unspaced
from framing.encoders.encoder import Encoder
from framing.encoders.known import known_languages
from framing.errors import InputError
from framing.stories.across import centre_vectors, number_known
from framing.stories.find import resolve_encoder
from framing.stories.linkage import find_components
from framing.stories.parallel import measure_parallel
from framing.stories.similarity import make_lead
from framing.tables import DUPLICATES, TRANSLATIONS, require_columns

__all__ = ["add_originals", "find_translations", "join_translations", "mark_translations"]

# Chosen on half of the posts of FIGNEWS, see benchmarks/story_languages.py
THRESHOLD = 0.4  # least mean cosine of two texts, sentence by sentence
_LEAD_FLOOR = 0.3  # least cosine of the leads of two documents that are compared
_NEAREST = 3  # documents of each other language with which one is compared
_RIVAL = 0.9  # of the similarity to the best candidate in a language, which another must have
_MAX_RATIO = 2.0  # of the words of two texts
MIN_SENTENCES = 6  # of a document that is judged; chosen on half of the events of the sample, see the same file
_MAX_SENTENCES = 60  # of a document that are compared

_Pair = tuple[int, int]
Vectors = NDArray[np.float32]
Rows = NDArray[np.int64]


def find_translations(
    documents: pd.DataFrame,
    encoder: Encoder | str = "multilingual",
    *,
    threshold: float = THRESHOLD,
    min_sentences: int = MIN_SENTENCES,
    within_days: float = 30.0,
    lead_words: int = 80,
    progress: str = "",
) -> pd.DataFrame:
    """Find documents that translate a document in another language.

    Parameters
    ----------
    documents : DataFrame
        Columns `document_id, outlet, published, language, title, text`.
    encoder : Encoder or str, default "multilingual"
        Encoder that knows the languages; a name opens it with the store that all commands share.
    threshold : float, default 0.4
        Least mean cosine of the two texts, sentence by sentence in the same order.
    min_sentences : int, default 6
        Least number of sentences of a translation and of its original: two or three sentences on one event say the same
        things in the same order without being translations.
    within_days : float, default 30.0
        Most days between the two documents; documents without a date are compared with each other alone.
    lead_words : int, default 80
        Number of words of the text that count as its lead, by which candidates are found.
    progress : str, default ""
        Title of the progress, as in `framing.steps.count_steps`; empty for none.

    Returns
    -------
    DataFrame
        Columns `TRANSLATIONS`, one row a translation, in the order of `documents`. `translation_of` is the earliest
        document (by date, then outlet, then id) of those that say the same; that it was written first is not known
        beyond that.

    Raises
    ------
    InputError
        If a column is missing, an id is repeated, or an option is out of range.

    See Also
    --------
    find_duplicates : Near-equal texts in one language.
    join_translations : Both as one table of texts that ran more than once.

    Notes
    -----
    Two documents in different languages are compared if neither has more than twice the words of the other, and one is
    among the three in its language whose leads are nearest to that of the other. The similarity is that of
    `measure_parallel`, over vectors of sentences less the mean of their language: an article on the same event that was
    written for itself shares facts with another, and not its sentences in their order. Of several candidates in one
    language, the best counts, and others with 0.9 of its similarity. Documents in languages that the encoder does not
    know are not compared, and those of fewer than `min_sentences` sentences
    count as rivals alone. Of long documents the first 60 sentences count. A translation cut to less than half is not
    found.
    """
    require_columns(documents, ("document_id", "outlet", "published", "language", "title", "text"), what="documents")
    if not 0 < threshold <= 1:
        raise InputError(f"threshold {threshold:g}: expected a cosine above 0 and at most 1, for instance {THRESHOLD}.")
    if not within_days >= 0:
        raise InputError(f"within_days {within_days:g}: expected a number of days, 0 or more.")
    if min_sentences < 1:
        raise InputError(f"min_sentences {min_sentences}: expected a number of sentences, 1 or more.")
    repeated = documents["document_id"].duplicated()
    if repeated.any():
        name = documents.loc[repeated, "document_id"].iloc[0]
        raise InputError(f"The document {name} stands in several rows; expected one row a document.")
    encoder = resolve_encoder(encoder)
    languages = number_known(documents, known_languages(encoder.name))
    if languages.max(initial=-1) < 1:  # no two languages
        return pd.DataFrame(columns=list(TRANSLATIONS))
    order = documents.assign(number=languages).sort_values(["published", "outlet", "document_id"], kind="stable")
    table, languages = order.reset_index(drop=True), order["number"].to_numpy()
    pairs = _find_candidates(table, languages, encoder, within_days, lead_words, progress)
    compared = sorted({row for pair in pairs for row in pair})
    sentences = {row: _split(table["text"][row], table["language"][row]) for row in compared}
    similarities = _measure_pairs(sentences, languages, pairs, encoder, progress)
    is_judged = {row: len(parts) >= min_sentences for row, parts in sentences.items()}
    originals = _choose(pairs, similarities, languages, threshold, is_judged)
    ids = table["document_id"].to_list()
    found = {ids[row]: (ids[original], similarity) for row, (original, similarity) in originals.items()}
    rows = [(name, *found[name]) for name in documents["document_id"] if name in found]
    return pd.DataFrame(rows, columns=list(TRANSLATIONS))


def join_translations(documents: pd.DataFrame, duplicates: pd.DataFrame, translations: pd.DataFrame) -> pd.DataFrame:
    """Join near-equal texts and translations to groups of texts that say the same.

    Parameters
    ----------
    documents : DataFrame
        Columns `document_id, outlet, published`.
    duplicates : DataFrame
        Near-equal documents, as `find_duplicates` returns them.
    translations : DataFrame
        Translations, as `find_translations` returns them.

    Returns
    -------
    DataFrame
        Columns `document_id`, `DUPLICATES` and `relation`: empty for the original, `copy`, or `translation` for a
        document that was found as one. The original of a group is its earliest document. `similarity` is the one by
        which the document was found.

    Raises
    ------
    InputError
        If a table lacks a column.
    """
    require_columns(documents, ("document_id", "outlet", "published"), what="documents")
    require_columns(duplicates, ("document_id", *DUPLICATES), what="duplicates")
    require_columns(translations, TRANSLATIONS, what="translations")
    order = documents.sort_values(["published", "outlet", "document_id"], kind="stable")["document_id"].to_list()
    place = {name: row for row, name in enumerate(order)}
    copies = dict(zip(duplicates["document_id"], duplicates["similarity"], strict=True))
    translated = dict(zip(translations["document_id"], translations["similarity"], strict=True))
    links = [
        *zip(duplicates["document_id"], duplicates["group"], strict=True),
        *zip(translations["document_id"], translations["translation_of"], strict=True),
    ]
    groups = find_components(len(order), [(place[a], place[b]) for a, b in links])
    rows: list[tuple[str, str, str, float, str]] = []
    for row in sorted({place[name] for link in links for name in link}, key=lambda row: (groups[row], row)):
        name, original = order[row], order[groups[row]]
        if name == original:
            rows.append((name, original, "", 1.0, ""))
        else:
            relation = "translation" if name in translated else "copy"
            similarity = float(translated[name] if name in translated else copies.get(name, 1.0))
            rows.append((name, original, original, similarity, relation))
    return pd.DataFrame(rows, columns=["document_id", *DUPLICATES, "relation"])


def add_originals(stories: pd.DataFrame, duplicates: pd.DataFrame) -> pd.DataFrame:
    """Add the original of each copy and translation to the table of stories.

    Parameters
    ----------
    stories : DataFrame
        Story of each document, as `find_stories` returns them.
    duplicates : DataFrame
        Texts that ran more than once, as `join_translations` returns them.

    Returns
    -------
    DataFrame
        The same rows with the columns `duplicate_of` and `translation_of`: the original of a copy, or of a
        translation; empty for others.

    Raises
    ------
    InputError
        If a table lacks a column.
    """
    require_columns(stories, ("document_id",), what="stories")
    require_columns(duplicates, ("document_id", "duplicate_of", "relation"), what="duplicates")
    rows = duplicates.set_index("document_id")
    added = {}
    for column, relation in (("duplicate_of", "copy"), ("translation_of", "translation")):
        originals = rows.loc[rows["relation"] == relation, "duplicate_of"]
        added[column] = stories["document_id"].map(originals).astype(object).fillna("")
    return stories.assign(**added)


def mark_translations(passages: pd.DataFrame, vectors: Vectors, translations: pd.DataFrame) -> pd.DataFrame:
    """Mark the passages of translations with the passage of the original that is most like each.

    Parameters
    ----------
    passages : DataFrame
        Columns `passage_id, document_id, duplicate_of`.
    vectors : ndarray of shape (n, d)
        Vectors of the passages, of unit length.
    translations : DataFrame
        Translations, as `find_translations` returns them.

    Returns
    -------
    DataFrame
        The same passages; `duplicate_of` is filled where it was empty.

    Raises
    ------
    InputError
        If a table lacks a column, or vectors and passages differ in number.
    """
    require_columns(passages, ("passage_id", "document_id", "duplicate_of"), what="passages")
    require_columns(translations, TRANSLATIONS, what="translations")
    if len(vectors) != len(passages):
        raise InputError(f"{len(passages)} passages, but {len(vectors)} vectors; encode the same passages.")
    rows = passages.reset_index(drop=True).groupby("document_id").groups
    ids = passages["passage_id"].to_list()
    marked = passages["duplicate_of"].to_list()
    for name, original in zip(translations["document_id"], translations["translation_of"], strict=True):
        if name in rows and original in rows:
            inside, others = rows[name].to_numpy(), rows[original].to_numpy()
            for row, nearest in zip(inside, (vectors[inside] @ vectors[others].T).argmax(axis=1), strict=True):
                marked[row] = marked[row] or ids[others[nearest]]
    return passages.assign(duplicate_of=marked)


def _find_candidates(
    table: pd.DataFrame, languages: Rows, encoder: Encoder, within_days: float, lead_words: int, progress: str
) -> list[_Pair]:
    """Pairs of rows, the earlier first, that are in different languages, near in time, alike in length and lead."""
    leads = [
        make_lead(title, text, words=lead_words) for title, text in zip(table["title"], table["text"], strict=True)
    ]
    vectors = centre_vectors(np.asarray(encoder.encode(leads, progress=progress), dtype=np.float32), languages)
    n_words = np.array([count_words(text, unspaced=is_unspaced(text)) for text in table["text"]], dtype=float)
    found = set()
    for row, low, high in _find_near(table["published"], within_days):
        if languages[row] < 0:
            continue
        near = (n_words[low:high] <= _MAX_RATIO * n_words[row]) & (n_words[row] <= _MAX_RATIO * n_words[low:high])
        near &= (languages[low:high] >= 0) & (languages[low:high] != languages[row])
        others = low + np.flatnonzero(near)
        cosines = vectors[others] @ vectors[row]
        for language in np.unique(languages[others]):
            inside = np.flatnonzero((languages[others] == language) & (cosines >= _LEAD_FLOOR))
            for other in others[inside[np.argsort(-cosines[inside], kind="stable")[:_NEAREST]]].tolist():
                found.add((min(row, other), max(row, other)))
    return sorted(found)


def _find_near(published: pd.Series, within_days: float) -> Iterator[tuple[int, int, int]]:
    """Each row and the first and last row that are near to it in time; undated rows, which come last, are together."""
    n_dated = int(published.notna().sum())
    days = ((published - published.min()) / pd.Timedelta(days=1)).to_numpy(float)[:n_dated]
    lows = np.searchsorted(days, days - within_days)
    highs = np.searchsorted(days, days + within_days, side="right")
    yield from ((row, int(lows[row]), int(highs[row])) for row in range(n_dated))
    yield from ((row, n_dated, len(published)) for row in range(n_dated, len(published)))


def _measure_pairs(
    sentences: Mapping[int, list[str]], languages: Rows, pairs: Sequence[_Pair], encoder: Encoder, progress: str
) -> list[float]:
    """The similarity of the texts of each pair of rows, by the sentences of each row."""
    texts = [text for parts in sentences.values() for text in parts]
    if not texts:
        return [0.0] * len(pairs)
    vectors = np.asarray(encoder.encode(texts, progress=progress), dtype=np.float32)
    vectors = centre_vectors(vectors, languages[np.repeat(list(sentences), list(map(len, sentences.values())))])
    sizes = np.array([len(text) for text in texts], dtype=float)
    ends = accumulate(map(len, sentences.values()))
    spans = {row: slice(end - len(parts), end) for (row, parts), end in zip(sentences.items(), ends, strict=True)}
    return [measure_parallel(vectors[spans[a]], vectors[spans[b]], sizes[spans[a]], sizes[spans[b]]) for a, b in pairs]


def _split(text: str, language: str) -> list[str]:
    """The first sentences of a text."""
    return [text[start:end] for start, end in split_sentences(text, language=language)[:_MAX_SENTENCES]]


def _choose(
    pairs: Sequence[_Pair], similarities: Sequence[float], languages: Rows, threshold: float, is_judged: dict[int, bool]
) -> dict[int, tuple[int, float]]:
    """Original of each translation and the similarity to it, or to the document through which it was found.

    A document in the language of the original is no translation of it, though both have the same translation.
    """
    best: dict[tuple[int, int], float] = {}  # of a document, in a language
    for (a, b), similarity in zip(pairs, similarities, strict=True):
        for row, other in ((a, b), (b, a)):
            key = (row, int(languages[other]))
            best[key] = max(best.get(key, 0.0), similarity)
    links = {
        (a, b): similarity
        for (a, b), similarity in zip(pairs, similarities, strict=True)
        if is_judged[a]
        and is_judged[b]
        and similarity >= max(threshold, _RIVAL * best[a, int(languages[b])], _RIVAL * best[b, int(languages[a])])
    }
    originals: dict[int, tuple[int, float]] = {}
    components = find_components(len(languages), links)
    for (a, b), similarity in links.items():
        original = int(components[b])
        for row in (a, b):
            if languages[row] == languages[original]:  # a reprint: see `find_duplicates`
                continue
            if row not in originals or similarity > originals[row][1]:
                originals[row] = (original, similarity)
    return originals
