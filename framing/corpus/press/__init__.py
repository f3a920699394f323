"""Export files of press databases: Nexis, Factiva, ProQuest and Europresse, one module a database."""

from __future__ import annotations

from framing.corpus.press.databases import PRESS_FORMATS, read_press
from framing.corpus.press.word import is_docx

__all__ = ["PRESS_FORMATS", "is_docx", "read_press"]
