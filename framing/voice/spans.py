"""Passages cut by voice: what each speaker says in a passage, and what is left in the outlet's own voice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from framing.corpus.words import count_words, is_unspaced
from framing.errors import InputError
from framing.tables import SEGMENTS, VOICE_SPANS, require_columns
from framing.voice.marking import choose_voice, count_voice_words

__all__ = ["LEAST_WORDS", "cut_spans"]

LEAST_WORDS = 5  # of a span, below which it is not scored
_BEFORE, _BEHIND = ",;:.!?…–—-)/ \t\r\n\u00a0", ",;:–—-(/ \t\r\n\u00a0"  # signs that belong to what was cut away


class _Stretch(NamedTuple):
    """An attributed stretch of a passage."""

    start: int
    end: int
    voice: str
    speaker: str
    group: str


def cut_spans(passages: pd.DataFrame, voices: pd.DataFrame, segments: pd.DataFrame) -> pd.DataFrame:
    """Cut passages into spans of one voice each.

    Parameters
    ----------
    passages : DataFrame
        Columns `passage_id, text`, n rows.
    voices : DataFrame
        Voice of each passage, as `framing.find_voices` or `framing.mark_voices` returned them.
    segments : DataFrame
        Attributed stretches of the same passages, as `framing.find_voices` or `framing.find_voice_segments` returned
        them.

    Returns
    -------
    DataFrame
        Columns `framing.tables.VOICE_SPANS`, one row a span, at least one a passage, in the order of the passages:
        first what is left in the outlet's own voice (`own`), then what each speaker says, with all stretches of a
        speaker in the passage joined by spaces. `voice` is `quoted` or `reported` by the rule for passages, and
        `unknown` for the whole of a passage in a language without rules. A passage in which nothing is attributed
        is one span with the text unchanged. `is_scored` is False for spans of fewer than five words (in scripts
        without spaces as many as `framing.split_passages` counts), which say too little to carry a frame.

    Raises
    ------
    InputError
        Where columns are missing, a passage stands twice or has no voice, a stretch is of no passage, or stretches
        overlap or reach beyond the text.

    Notes
    -----
    What introduces speech ("the minister said", "according to a witness") is the outlet's own. Spans of a passage
    are dependent: intervals must be over documents.

    Examples
    --------
    >>> text = "The bridge is late. “It was never funded by them,” said Ana Duarte, who builds it."
    >>> passages = pd.DataFrame({"passage_id": ["p"], "text": [text]})
    >>> voices = pd.DataFrame({"passage_id": ["p"], "voice": ["quoted"]})
    >>> stretch = ("p", 20, 50, "quoted", "Ana Duarte", "other persons", "said")
    >>> spans = cut_spans(passages, voices, pd.DataFrame([stretch], columns=list(SEGMENTS)))
    >>> spans["text"].to_list()
    ['The bridge is late. said Ana Duarte, who builds it.', '“It was never funded by them,”']
    >>> spans["voice"].to_list(), spans["n_words"].to_list()
    (['own', 'quoted'], [10, 6])
    """
    require_columns(passages, ("passage_id", "text"), what="passages")
    require_columns(voices, ("passage_id", "voice"), what="voices")
    require_columns(segments, SEGMENTS, what="segments")
    ids = list(passages["passage_id"])
    for table, what in ((passages, "passages"), (voices, "voices")):
        if table["passage_id"].duplicated().any():
            raise InputError(f"{what} has some passages twice; expected one row a passage.")
    voice_of = dict(zip(voices["passage_id"], voices["voice"], strict=True))
    without = [name for name in ids if name not in voice_of]
    if without:
        raise InputError(
            f"{len(without)} passage(s) have no voice (the first is {without[0]}); find voices and stretches of the "
            "same passages."
        )
    stretches: dict[str, list[_Stretch]] = {name: [] for name in ids}
    for name, *values in segments[list(SEGMENTS[:6])].itertuples(index=False):
        if name not in stretches:
            raise InputError(f"A stretch is of passage {name}, which is not among the passages; find both together.")
        stretches[name].append(_Stretch(*values))
    rows = [
        (f"{name}-{number}", name, *span)
        for name, text in zip(ids, passages["text"], strict=True)
        for number, span in enumerate(_cut(name, text, voice_of[name], sorted(stretches[name])))
    ]
    return pd.DataFrame(rows, columns=list(VOICE_SPANS))


def _cut(name: str, text: str, voice: str, stretches: list[_Stretch]) -> Iterator[tuple[str, str, str, str, int, bool]]:
    """Spans of a passage: voice, speaker, group, text, words, and whether it is scored."""
    unspaced = is_unspaced(text)
    if voice == "unknown" or not stretches:
        n_words = count_words(text, unspaced=unspaced)
        yield "unknown" if voice == "unknown" else "own", "", "", text, n_words, n_words >= LEAST_WORDS
        return
    own: list[str] = []
    said: dict[str, list[_Stretch]] = {}
    place = 0
    for stretch in stretches:
        if not place <= stretch.start <= stretch.end <= len(text):
            raise InputError(
                f"A stretch of passage {name} goes from {stretch.start} to {stretch.end}; expected stretches that do "
                f"not overlap, within its {len(text)} characters. Find voices of the same passages again."
            )
        own.append(text[place : stretch.start])
        said.setdefault(stretch.speaker, []).append(stretch)
        place = stretch.end
    own.append(text[place:])
    joined = _join(own)
    n_words = count_words(joined, unspaced=unspaced)
    if n_words:
        yield "own", "", "", joined, n_words, n_words >= LEAST_WORDS
    for speaker, parts in said.items():
        pieces = [text[part.start : part.end] for part in parts]
        counts = {"quoted": 0, "reported": 0}
        for part, piece in zip(parts, pieces, strict=True):
            counts[part.voice] += count_voice_words(piece)
        joined = _join(pieces)
        n_words = count_words(joined, unspaced=unspaced)
        yield choose_voice(counts), speaker, parts[0].group, joined, n_words, n_words >= LEAST_WORDS


def _join(pieces: list[str]) -> str:
    """Pieces with a space between, without signs that belong to what stood beside them.

    >>> _join([" ", "The bridge is late. ", " she said, "])
    'The bridge is late. she said'
    """
    cut = [piece.lstrip(_BEFORE).rstrip(_BEHIND) for piece in pieces]
    return " ".join(piece for piece in cut if any(map(str.isalnum, piece)))
