"""Parts of a translation that stand for passages, where paragraphs do not tell: by the vectors of sentences."""

from __future__ import annotations

import numpy as np
import pandas as pd

from framing.corpus.language import detect_languages
from framing.corpus.sentences import split_sentences
from framing.encoders.encoder import Encoder
from framing.encoders.known import known_languages
from framing.stories.across import centre_vectors
from framing.stories.parallel import align_sentences
from framing.tables import TRANSLATED, require_columns

__all__ = ["refine_translations"]

_MAX_SENTENCES = 200  # of a text that are aligned: time and memory grow with their square


def refine_translations(passages: pd.DataFrame, documents: pd.DataFrame, encoder: Encoder) -> pd.DataFrame:
    """Find the sentences of a translation that stand for each passage, where its unit is the whole document.

    Parameters
    ----------
    passages : DataFrame
        Columns `document_id, start, end, translation, translation_unit`.
    documents : DataFrame
        Columns `document_id, text, language, translation`.
    encoder : Encoder
        Encoder of the sentences.

    Returns
    -------
    DataFrame
        The same passages. A passage of a document with several has the sentences from the first to the last that
        `align_sentences` aligns with its own, and the unit `sentence`. Passages in which none is aligned, documents of
        more than 200 sentences, and those in a language that the encoder does not know stay as they are.

    Raises
    ------
    InputError
        If a column is missing.
    """
    require_columns(passages, ("document_id", "start", "end", *TRANSLATED), what="passages")
    require_columns(documents, ("document_id", "text", "language", "translation"), what="documents")
    passages = passages.reset_index(drop=True)
    several = passages.duplicated("document_id", keep=False) & (passages["translation_unit"] == "document")
    rows = passages.loc[several, ["document_id"]].groupby("document_id").groups
    wanted = documents[documents["document_id"].isin(list(rows))]
    known = known_languages(encoder.name)
    sides = _split_sides(wanted, known)
    if not sides:
        return passages
    texts = [text[start:end] for bounds in sides.values() for text, _, spans in bounds for start, end in spans]
    names = [language for bounds in sides.values() for _, language, spans in bounds for _ in spans]
    codes, _ = pd.factorize(pd.Series(names, dtype=object))
    vectors = centre_vectors(np.asarray(encoder.encode(texts), dtype=np.float32), codes.astype(np.int64))
    sizes = np.array([len(text) for text in texts], dtype=float)
    starts, ends = passages["start"].to_list(), passages["end"].to_list()
    cells = passages["translation"].to_list()
    units = passages["translation_unit"].to_list()
    first = 0
    for document, (own, other) in sides.items():
        middle, last = first + len(own[2]), first + len(own[2]) + len(other[2])
        left, right = slice(first, middle), slice(middle, last)
        pairs = align_sentences(vectors[left], vectors[right], sizes[left], sizes[right])
        for row in rows[document].tolist():
            start, end = starts[row], ends[row]
            inside = [pair for pair in pairs if any(own[2][n][0] < end and start < own[2][n][1] for n in pair.left)]
            if inside:
                cells[row] = other[0][other[2][inside[0].right[0]][0] : other[2][inside[-1].right[-1]][1]]
                units[row] = "sentence"
        first = last
    return passages.assign(translation=cells, translation_unit=units)


_Side = tuple[str, str, list[tuple[int, int]]]  # a text, its language, and its sentences


def _split_sides(documents: pd.DataFrame, known: frozenset[str] | None) -> dict[str, tuple[_Side, _Side]]:
    """Text and translation of each document with their sentences, if the encoder knows both languages."""
    translated = detect_languages(documents["translation"])
    columns = (documents[name] for name in ("document_id", "text", "language", "translation"))
    sides = {}
    for document, text, language, translation, other in zip(*columns, translated, strict=True):
        if known is not None and not {language, other} <= known:
            continue
        pair = tuple(
            (content, name, split_sentences(content, language="en" if name == "und" else name))
            for content, name in ((text, language), (translation, other))
        )
        if all(0 < len(spans) <= _MAX_SENTENCES for _, _, spans in pair):
            sides[document] = (pair[0], pair[1])
    return sides
