"""Who says what in a constructed text: helper of the tests of languages."""

from __future__ import annotations

from framing.voice.languages.reading import read_document
from framing.voice.sides import read_sides


def who_says(text: str, language: str, voice: str = "quoted") -> list[tuple[str, str]]:
    """Speaker and words of each stretch of one voice."""
    spans = read_document(text, language, read_sides())
    return [(span.speaker, text[span.start : span.end].strip("„“”«»»«‹›「」『』\"‚‘ \u00a0\u202f")) for span in spans if span.voice == voice]


def speakers(text: str, language: str, voice: str = "quoted") -> list[str]:
    """Speakers of one voice, in order."""
    return [speaker for speaker, _ in who_says(text, language, voice)]
