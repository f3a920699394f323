"""The frames of an instrument: codebooks, their changes, and the cells in which people write frames."""

from __future__ import annotations

from framing.codebook.codebook import Codebook, Example, Frame, read_codebook
from framing.codebook.compare import compare_codebooks
from framing.codebook.texts import PassageText

__all__ = ["Codebook", "Example", "Frame", "PassageText", "compare_codebooks", "read_codebook"]
