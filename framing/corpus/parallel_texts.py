"""Which part of a document's translation stands for each of its passages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from framing.corpus.language import detect_languages
from framing.corpus.sentences import split_sentences
from framing.tables import TRANSLATED

__all__ = ["UNITS", "add_translations", "find_paragraphs", "translate_spans"]

UNITS = ("sentence", "paragraph", "document")  # from the finest on
_LINE = "\n"

Span = tuple[int, int]


def add_translations(passages: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    """Add to each passage the part of its document's translation that stands for it.

    Parameters
    ----------
    passages : DataFrame
        Columns `document_id, start, end`.
    documents : DataFrame
        Columns `document_id, text, translation`, of which the passages are, and `language` where it is known.

    Returns
    -------
    DataFrame
        The same passages with the columns `framing.tables.TRANSLATED`; both are empty where a document has no
        translation.
    """
    translation, unit = TRANSLATED
    languages = detect_languages(documents[translation])
    rows = dict(zip(documents["document_id"], range(len(documents)), strict=True))
    texts, translations = documents["text"].to_list(), documents[translation].to_list()
    own = documents["language"].to_list() if "language" in documents.columns else ["und"] * len(documents)
    found: dict[int, tuple[str, str]] = {}
    for document, part in passages.reset_index(drop=True).groupby("document_id", sort=False):
        row = rows[document]
        spans = list(zip(part["start"].tolist(), part["end"].tolist(), strict=True))
        found |= zip(
            part.index.tolist(),
            translate_spans(texts[row], translations[row], spans, languages=(own[row], languages[row])),
            strict=True,
        )
    cells = [found[place] for place in range(len(passages))]
    return passages.assign(**{translation: [text for text, _ in cells], unit: [name for _, name in cells]})


def translate_spans(
    text: str, translation: str, spans: Sequence[Span], *, languages: tuple[str, str]
) -> list[tuple[str, str]]:
    """Find the part of a translation that stands for each span of a text.

    Parameters
    ----------
    text : str
        Text of a document.
    translation : str
        The same document in another language; blank if there is none.
    spans : sequence of (int, int)
        Start and end of each span in the text.
    languages : (str, str)
        Languages of both, for the rules that split sentences.

    Returns
    -------
    list of (str, str)
        Part of the translation and its unit: `sentence` or `paragraph`, whichever holds no less than the span, or
        `document` where both texts differ in the number of their paragraphs. Both are empty without a translation.

    Notes
    -----
    Paragraphs are lines that are not blank. Where both texts have as many, those in the same place stand for each
    other; within a paragraph that the span holds in part, sentences do if it has as many in both languages.

    Examples
    --------
    >>> translate_spans("Ja. Nein.\\nGut.", "Yes. No.\\nGood.", [(0, 3), (4, 14)], languages=("de", "en"))
    [('Yes.', 'sentence'), ('No.\\nGood.', 'sentence')]
    """
    if not translation.strip():
        return [("", "")] * len(spans)
    paragraphs, translated = find_paragraphs(text), find_paragraphs(translation)
    if len(paragraphs) != len(translated) or not paragraphs:
        return [(translation.strip(), "document")] * len(spans)
    pairs = list(zip(paragraphs, translated, strict=True))
    sentences = {}  # of paragraphs that a span holds in part
    results = []
    for start, end in spans:
        parts, units = [], {"paragraph"}
        for number, (own, other) in enumerate(pairs):
            if own[1] <= start or end <= own[0]:
                continue
            if start <= own[0] and own[1] <= end:
                parts.append(translation[slice(*other)])
                continue
            if number not in sentences:
                sentences[number] = _pair_sentences(text, own, translation, other, languages)
            inside = [there for here, there in sentences[number] if here[0] < end and start < here[1]]
            units.add("sentence" if len(sentences[number]) > 1 else "paragraph part")
            parts.append(translation[inside[0][0] : inside[-1][1]])
        results.append((_LINE.join(parts), _name_unit(units)))
    return results


def find_paragraphs(text: str) -> list[Span]:
    """Find the lines of a text that are not blank.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of (int, int)
        Start and end of each, without the space around it.

    Examples
    --------
    >>> find_paragraphs("One.\\n\\n Two. ")
    [(0, 4), (7, 11)]
    """
    found = []
    start = 0
    for line in text.split(_LINE):
        if stripped := line.strip():
            first = start + line.index(stripped)
            found.append((first, first + len(stripped)))
        start += len(line) + 1
    return found


def _pair_sentences(
    text: str, own: Span, translation: str, other: Span, languages: tuple[str, str]
) -> list[tuple[Span, Span]]:
    """Sentences of a paragraph and of its translation; both as a whole where they differ in number."""
    sides = []
    for whole, (start, end), language in ((text, own, languages[0]), (translation, other, languages[1])):
        bounds = split_sentences(whole[start:end], language="en" if language == "und" else language)
        sides.append([(start + first, start + last) for first, last in bounds])
    return list(zip(*sides, strict=True)) if len(sides[0]) == len(sides[1]) else [(own, other)]


def _name_unit(units: Iterable[str]) -> str:
    """The unit of the parts of a span: `paragraph` if one of them holds more than the span does."""
    return "paragraph" if "paragraph part" in units else "sentence" if "sentence" in units else "paragraph"
