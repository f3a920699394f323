"""Who speaks in a passage: the outlet itself, or the person, office or state whom it quotes or reports."""

from framing.corpus.voice_languages import known_languages

__all__ = ["known_languages"]
