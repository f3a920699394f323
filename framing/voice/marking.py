"""The voice of every passage: its outlet's own, or that of somebody quoted or reported."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

import pandas as pd

from framing.corpus.voice_languages import known_languages
from framing.corpus.words import UNSPACED
from framing.errors import InputError
from framing.tables import SEGMENTS, VOICES, require_columns
from framing.voice.attribution import Span
from framing.voice.documents import read_documents
from framing.voice.languages.choosing import choose_languages
from framing.voice.sides import read_sides

__all__ = [
    "choose_voice",
    "count_voice_words",
    "find_voice_segments",
    "find_voices",
    "join_passages",
    "mark_voices",
]

_LEAST_SHARE = 0.03  # attributed share of its words from which a passage is somebody's
_QUOTED_WEIGHT = 3  # a third as many words in quotation as in report make a speaker quoted
_WORD = re.compile(r"\w+(?:[’'-]\w+)*")


class _Reading(NamedTuple):
    """The spans of a passage, and whether its language is one in which voices are found."""

    spans: list[Span]
    known: bool


def mark_voices(
    passages: pd.DataFrame,
    documents: pd.DataFrame | None = None,
    *,
    sides: Mapping[str, str] | None = None,
    progress: str = "",
) -> pd.DataFrame:
    """Who speaks in each passage.

    Parameters
    ----------
    passages : DataFrame
        Columns `passage_id, text`; with `document_id, start, end` and `documents` the whole document is read, so that
        names, pronouns and quotations carry across its passages. Else each passage is read alone. With a column
        `language` (ISO 639-1) that is its language; else it is detected.
    documents : DataFrame, optional
        Columns `document_id, text`, and `language` where it is known.
    sides : mapping of str to str, optional
        Names and the side each stands for, over those of `framing/data/sides.yaml`.
    progress : str, default ""
        Title of the progress, as in `framing.steps.count_steps`; empty for none.

    Returns
    -------
    DataFrame
        One row a passage, in the order of `passages`, columns `VOICES`. `voice` is `own`, `quoted` (their words) or
        `reported` (the outlet's words for what they said, with less than a quarter in quotation); `unknown` in a
        language without rules (see `framing.voice.known_languages`), with shares that are missing. A passage is that of
        the speaker with most of its attributed words. `speaker` is the name as the document gives it, empty for `own`;
        `not named` where a quotation has no speaker. `speaker_group` is a state or organisation, or else `experts`,
        `residents and witnesses`, `officials, state not named`, `media` or `other persons`; empty for `own`.
        `speakers` are the names of all whom
        the passage quotes or reports, in the order in which they speak, with `; ` between; in a passage that counts as
        `own`, of those few words. `share_quoted` and `share_reported` are shares of the passage's words, `n_speakers`
        is the number of speakers.

    Raises
    ------
    InputError
        Where columns are missing, a passage is no slice of its document, or a name in `sides` is empty.

    Notes
    -----
    In English, rules over a dependency parse (spaCy); in the other languages of `framing.voice.known_languages`, rules
    over words and marks, each in a file of `framing/data/voices/`. No probability comes with a voice. Irony, and speech
    reported without any verb of speech, are taken for the outlet's own voice.
    """
    return _make_voices(passages, _find_spans(passages, documents, sides, progress))


def find_voices(
    passages: pd.DataFrame,
    documents: pd.DataFrame | None = None,
    *,
    sides: Mapping[str, str] | None = None,
    progress: str = "",
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Find who speaks in each passage, and the attributed stretches of each, from one reading.

    Parameters
    ----------
    passages : DataFrame
        As in `mark_voices`.
    documents : DataFrame, optional
        As in `mark_voices`.
    sides : mapping of str to str, optional
        Names and the side each stands for, over those of `framing/data/sides.yaml`.
    progress : str, default ""
        Title of the progress, as in `framing.steps.count_steps`; empty for none.

    Returns
    -------
    DataFrame
        The table of `mark_voices`.
    DataFrame
        The table of `find_voice_segments`.

    Raises
    ------
    InputError
        As in `mark_voices`.
    """
    spans = _find_spans(passages, documents, sides, progress)
    return _make_voices(passages, spans), _make_segments(passages, spans)


def _make_voices(passages: pd.DataFrame, readings: list[_Reading]) -> pd.DataFrame:
    rows: list[tuple[object, ...]] = []
    for passage_id, text, (spans, known) in zip(passages["passage_id"], passages["text"], readings, strict=True):
        if not known:
            rows.append((passage_id, "unknown", "", "", "", float("nan"), float("nan"), 0))
            continue
        total = max(1, count_voice_words(text))
        words: dict[str, dict[str, int]] = defaultdict(lambda: {"quoted": 0, "reported": 0})
        groups: dict[str, str] = {}
        for span in spans:
            words[span.speaker][span.voice] += count_voice_words(text[span.start : span.end])
            groups.setdefault(span.speaker, span.group)
        shares = [sum(each[kind] for each in words.values()) / total for kind in ("quoted", "reported")]
        speakers = "; ".join(words)
        if not words or sum(shares) < _LEAST_SHARE:
            rows.append((passage_id, "own", "", speakers, "", *shares, len(words)))
            continue
        speaker = max(words, key=lambda name: sum(words[name].values()))
        counts = words[speaker]
        rows.append((passage_id, choose_voice(counts), speaker, speakers, groups[speaker], *shares, len(words)))
    return pd.DataFrame(rows, columns=list(VOICES))


def choose_voice(counts: Mapping[str, int]) -> str:
    """Choose between `quoted` and `reported` for what one speaker says.

    Parameters
    ----------
    counts : mapping of str to int
        Words in quotation (`quoted`) and in report (`reported`).

    Returns
    -------
    str
        `quoted` where a quarter or more of the words are in quotation.

    Examples
    --------
    >>> choose_voice({"quoted": 5, "reported": 15}), choose_voice({"quoted": 4, "reported": 15})
    ('quoted', 'reported')
    """
    return "quoted" if _QUOTED_WEIGHT * counts["quoted"] >= counts["reported"] else "reported"


def count_voice_words(text: str) -> int:
    """Count the words by which the shares of voices in a passage are weighed.

    Parameters
    ----------
    text : str
        A piece of a passage.

    Returns
    -------
    int
        Number of words; a character of a script that is written without spaces counts as one.

    Examples
    --------
    >>> count_voice_words("He didn't go."), count_voice_words("他没有去。")
    (3, 4)
    >>> count_voice_words("Li Hua (李华) didn't go.")
    6
    """
    return len(UNSPACED.findall(text)) + len(_WORD.findall(UNSPACED.sub(" ", text)))


def find_voice_segments(
    passages: pd.DataFrame,
    documents: pd.DataFrame | None = None,
    *,
    sides: Mapping[str, str] | None = None,
    progress: str = "",
) -> pd.DataFrame:
    """Attributed stretches of each passage, for marking them in a page.

    Parameters
    ----------
    passages : DataFrame
        Columns `passage_id, text`; with `document_id, start, end` and `documents` the whole document is read, so that
        names, pronouns and quotations carry across its passages. Else each passage is read alone. With a column
        `language` (ISO 639-1) that is its language; else it is detected.
    documents : DataFrame, optional
        Columns `document_id, text`, and `language` where it is known.
    sides : mapping of str to str, optional
        Names and the side each stands for, over those of `framing/data/sides.yaml`.
    progress : str, default ""
        Title of the progress, as in `framing.steps.count_steps`; empty for none.

    Returns
    -------
    DataFrame
        One row a stretch, columns `SEGMENTS`, in reading order; `start, end` count in the passage's text and stretches
        do not overlap; `cue` is the word that attributes. What no row covers is the outlet's own, save in
        languages without rules, in which nothing is found.

    Raises
    ------
    InputError
        As in `mark_voices`.
    """
    return _make_segments(passages, _find_spans(passages, documents, sides, progress))


def _make_segments(passages: pd.DataFrame, readings: list[_Reading]) -> pd.DataFrame:
    rows = [
        (passage_id, span.start, span.end, span.voice, span.speaker, span.group, span.cue)
        for passage_id, reading in zip(passages["passage_id"], readings, strict=True)
        for span in reading.spans
    ]
    return pd.DataFrame(rows, columns=list(SEGMENTS))


def join_passages(passages: pd.DataFrame) -> pd.DataFrame:
    """Put documents together again from all their passages, for `mark_voices`.

    Parameters
    ----------
    passages : DataFrame
        Columns `document_id, text, start, end`.

    Returns
    -------
    DataFrame
        Columns `document_id, text`. What stood between two passages is a space, or line breaks where it was two
        characters or more.

    Raises
    ------
    InputError
        Where a column is missing, or passages of a document overlap: then they are not slices of one text.

    Examples
    --------
    >>> cut = pd.DataFrame({"document_id": ["d", "d"], "text": ["One.", "Two."], "start": [0, 5], "end": [4, 9]})
    >>> join_passages(cut)["text"].tolist()
    ['One. Two.']
    """
    require_columns(passages, ("document_id", "text", "start", "end"), what="passages")
    rows = []
    for document_id, part in passages.groupby("document_id", sort=False):
        pieces, place = [], 0
        for text, start, end in part.sort_values("start")[["text", "start", "end"]].itertuples(index=False):
            if start < place:
                raise InputError(f"Passages of document {document_id} overlap; expected those of split_passages.")
            gap = int(start) - place
            pieces.append("\n" * gap if gap > 1 else " " * gap)
            pieces.append(text)
            place = int(end)
        rows.append((document_id, "".join(pieces)))
    return pd.DataFrame(rows, columns=["document_id", "text"])


def _find_spans(
    passages: pd.DataFrame, documents: pd.DataFrame | None, extra: Mapping[str, str] | None, progress: str
) -> list[_Reading]:
    """Spans of each passage, offsets in the passage, and whether its language is known."""
    require_columns(passages, ("passage_id", "text"), what="passages")
    sides = read_sides(extra)
    whole: dict[str, str] = {}
    if documents is not None:
        require_columns(documents, ("document_id", "text"), what="documents")
        require_columns(passages, ("document_id", "start", "end"), what="passages of documents")
        whole = dict(zip(documents["document_id"], documents["text"], strict=True))
    texts = passages["text"].to_list()
    places = list(_locate_passages(passages, texts, whole))
    sources = list(dict.fromkeys(source for source, _, _ in places))
    languages = _find_languages(sources, documents if documents is not None and whole else passages)
    what = "documents" if whole else "passages"
    read = read_documents(
        sources, sides, languages=[languages[source] for source in sources], progress=progress, what=what
    )
    spans = dict(zip(sources, read, strict=True))
    return [
        _Reading(list(_cut_spans(spans[source], low, high, source)), languages[source] in known_languages())
        for source, low, high in places
    ]


def _find_languages(sources: list[str], table: pd.DataFrame) -> dict[str, str]:
    """Language of each source, as its table has it or as it is detected."""
    if "language" not in table.columns:
        return dict(zip(sources, choose_languages(sources), strict=True))
    given = dict(zip(table["text"], table["language"], strict=True))
    return dict(zip(sources, choose_languages(sources, [given[source] for source in sources]), strict=True))


def _locate_passages(
    passages: pd.DataFrame, texts: list[str], whole: Mapping[str, str]
) -> Iterator[tuple[str, int, int]]:
    if not whole:
        for text in texts:
            yield text, 0, len(text)
        return
    for document_id, text, start, end in zip(
        passages["document_id"], texts, passages["start"], passages["end"], strict=True
    ):
        source = whole.get(document_id)
        if source is None:
            raise InputError(f"There is a passage of document {document_id}, but no such document.")
        if source[int(start) : int(end)] != text:
            raise InputError(
                f"A passage of document {document_id} is not its text from {start} to {end}; split the documents anew."
            )
        yield source, int(start), int(end)


def _cut_spans(spans: list[Span], low: int, high: int, source: str) -> Iterator[Span]:
    """Spans of a document within one of its passages, offsets in the passage."""
    first = bisect_right(spans, low, key=lambda span: span.end)
    last = bisect_left(spans, high, key=lambda span: span.start)
    for span in spans[first:last]:
        start, end = max(span.start, low), min(span.end, high)
        if start < end and source[start:end].strip():
            yield replace(span, start=start - low, end=end - low)
