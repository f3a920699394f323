"""Framing analysis of news corpora: codebooks, sentence embeddings, valid comparisons, reports.

Importing this package is instant: heavy libraries load when a name below is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from framing.analysis.analysis import Analysis, classify_passages, open_analysis
    from framing.analysis.fragility import measure_fragility
    from framing.analysis.stories import open_stories
    from framing.analysis.validity import Validity, open_validity
    from framing.analysis.voices import open_voices
    from framing.charts import shares as charts
    from framing.charts import stories as story_charts
    from framing.charts import voices as voice_charts
    from framing.classify.classifier import FrameClassifier
    from framing.classify.nli import NliScorer
    from framing.classify.saved import load_classifier, save_classifier
    from framing.codebook import Codebook, compare_codebooks, read_codebook
    from framing.coding.sample_size import labels_needed
    from framing.coding.sampling import draw_sample
    from framing.coding.settle import read_coded
    from framing.corpus import Corpus, read_corpus, split_passages
    from framing.corpus.periods import add_period
    from framing.encoders.sentence import SentenceEncoder
    from framing.errors import FramingError, InputError
    from framing.estimates.by_voice import add_voices, count_voices, frame_shares_by_voice, who_speaks
    from framing.estimates.changes import find_changes
    from framing.estimates.compare import compare_groups, rank_groups
    from framing.estimates.cooccurrence import count_pairs
    from framing.estimates.correction import enough_labels
    from framing.estimates.decompose import add_strata, decompose_differences
    from framing.estimates.prevalence import estimate_prevalence
    from framing.estimates.summaries import (
        borderline_passages,
        count_by_language,
        count_by_period,
        count_labels,
        count_refused,
        one_per_frame,
        passages_behind,
        summarise_outlets,
        top_passages,
        widest_frames,
    )
    from framing.estimates.trends import compare_trends
    from framing.estimates.words import distinctive_words, passages_with_words
    from framing.reports.show import show
    from framing.settings import Settings
    from framing.side_by_side.page import PageParts, passages_link, render_side_by_side
    from framing.stories.aligned import align_passages, contrast_pairs, encode_passages, find_omissions
    from framing.stories.coverage import count_coverage, summarise_stories
    from framing.stories.duplicates import count_with_and_without, find_duplicates, mark_duplicates, reprint_chains
    from framing.stories.find import find_stories, mark_stories
    from framing.stories.pins import pins_of, read_pins
    from framing.validation.decisions import evaluate_decisions
    from framing.voice.marking import mark_voices, voice_segments

__version__ = "0.1.0"

_HOMES = {
    "Analysis": "analysis",
    "Codebook": "codebook",
    "Corpus": "corpus",
    "FrameClassifier": "classify",
    "FramingError": "errors",
    "InputError": "errors",
    "NliScorer": "nli",
    "SentenceEncoder": "encode",
    "PageParts": "side_by_side",
    "Settings": "settings",
    "Validity": "validity",
    "add_period": "periods",
    "borderline_passages": "summaries",
    "charts": "",
    "classify_passages": "analysis",
    "compare_codebooks": "codebook",
    "compare_groups": "compare",
    "add_strata": "decompose",
    "decompose_differences": "decompose",
    "compare_trends": "trends",
    "find_changes": "changes",
    "measure_fragility": "fragility",
    "count_pairs": "cooccurrence",
    "distinctive_words": "words",
    "enough_labels": "correction",
    "passages_with_words": "words",
    "passages_link": "side_by_side",
    "rank_groups": "compare",
    "render_side_by_side": "side_by_side",
    "count_by_period": "summaries",
    "count_labels": "summaries",
    "draw_sample": "sampling",
    "estimate_prevalence": "prevalence",
    "evaluate_decisions": "evaluate",
    "labels_needed": "sample_size",
    "load_classifier": "saved",
    "open_analysis": "analysis",
    "open_stories": "analysis_stories",
    "open_validity": "validity",
    "open_voices": "analysis_voices",
    "read_codebook": "codebook",
    "read_coded": "coded",
    "read_corpus": "corpus",
    "save_classifier": "saved",
    "show": "reports.show",
    "split_passages": "corpus",
    "summarise_outlets": "summaries",
    "top_passages": "summaries",
    "count_by_language": "summaries",
    "count_refused": "summaries",
    "one_per_frame": "summaries",
    "passages_behind": "summaries",
    "widest_frames": "summaries",
    "align_passages": "aligned",
    "contrast_pairs": "aligned",
    "count_coverage": "story_coverage",
    "count_with_and_without": "duplicates",
    "encode_passages": "aligned",
    "find_duplicates": "duplicates",
    "find_omissions": "aligned",
    "find_stories": "stories",
    "mark_duplicates": "duplicates",
    "mark_stories": "stories",
    "pins_of": "story_pins",
    "read_pins": "story_pins",
    "reprint_chains": "duplicates",
    "story_charts": "",
    "summarise_stories": "story_coverage",
    "mark_voices": "voice.marking",
    "voice_charts": "",
    "voice_segments": "voice.marking",
    "add_voices": "voice_shares",
    "count_voices": "voice_shares",
    "frame_shares_by_voice": "voice_shares",
    "who_speaks": "voice_shares",
}

__all__ = [
    "Analysis",
    "Codebook",
    "Corpus",
    "FrameClassifier",
    "FramingError",
    "InputError",
    "NliScorer",
    "SentenceEncoder",
    "PageParts",
    "Settings",
    "Validity",
    "add_period",
    "borderline_passages",
    "charts",
    "classify_passages",
    "compare_codebooks",
    "compare_groups",
    "add_strata",
    "decompose_differences",
    "compare_trends",
    "find_changes",
    "measure_fragility",
    "count_pairs",
    "distinctive_words",
    "enough_labels",
    "passages_with_words",
    "passages_link",
    "rank_groups",
    "render_side_by_side",
    "count_by_period",
    "count_labels",
    "draw_sample",
    "estimate_prevalence",
    "evaluate_decisions",
    "labels_needed",
    "load_classifier",
    "open_analysis",
    "open_stories",
    "open_validity",
    "open_voices",
    "read_codebook",
    "read_coded",
    "read_corpus",
    "save_classifier",
    "show",
    "split_passages",
    "summarise_outlets",
    "top_passages",
    "count_by_language",
    "count_refused",
    "one_per_frame",
    "passages_behind",
    "widest_frames",
    "align_passages",
    "contrast_pairs",
    "count_coverage",
    "count_with_and_without",
    "encode_passages",
    "find_duplicates",
    "find_omissions",
    "find_stories",
    "mark_duplicates",
    "mark_stories",
    "pins_of",
    "read_pins",
    "reprint_chains",
    "story_charts",
    "summarise_stories",
    "mark_voices",
    "voice_charts",
    "voice_segments",
    "add_voices",
    "count_voices",
    "frame_shares_by_voice",
    "who_speaks",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'framing' has no attribute {name!r}")
    return getattr(import_module(f"framing.{home}"), name) if home else import_module(f"framing.{name}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
