"""Who says what in a constructed text: helper of the tests of languages."""

from __future__ import annotations

from framing.voice.languages.reading import read_document
from framing.voice.sides import read_sides

_MARKS = frozenset('„“”«»‹›「」『』"‚‘ \u00a0\u202f')


def who_says(text: str, language: str, voice: str = "quoted") -> list[tuple[str, str]]:
    """Speaker and words of each stretch of one voice, without marks."""
    spans = read_document(text, language, read_sides())
    return [(span.speaker, _strip(text[span.start : span.end])) for span in spans if span.voice == voice]


def _strip(words: str) -> str:
    while words and words[0] in _MARKS:
        words = words[1:]
    while words and words[-1] in _MARKS:
        words = words[:-1]
    return words


def speakers(text: str, language: str, voice: str = "quoted") -> list[str]:
    """Speakers of one voice, in order."""
    return [speaker for speaker, _ in who_says(text, language, voice)]
