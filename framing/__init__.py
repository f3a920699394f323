"""Framing analysis of news corpora: codebooks, sentence embeddings, valid comparisons, reports.

Importing this package is instant: heavy libraries load when a name below is first used. `framing/__init__.pyi` says
where each lives.
"""

from __future__ import annotations

import textwrap
import warnings
from typing import Any

import lazy_loader

__version__ = "0.1.0"

GROUPS = {
    "Read": (
        "read_corpus",
        "split_passages",
        "whole_passages",
        "read_codebook",
        "compare_codebooks",
        "check_codebook",
        "Corpus",
        "Codebook",
    ),
    "Encode and classify": (
        "SentenceEncoder",
        "known_languages",
        "FrameClassifier",
        "NliScorer",
        "LlmScorer",
        "LanguageModel",
        "TuningPlan",
        "save_classifier",
        "load_classifier",
        "classify_passages",
    ),
    "One analysis of a corpus": (
        "Settings",
        "Analysis",
        "open_analysis",
        "measure_fragility",
        "decide_again",
        "compare_decisions",
        "compare_contrasts",
    ),
    "Code passages by hand": (
        "plan_labels",
        "draw_sample",
        "read_sheets",
        "settle_labels",
        "make_gold_table",
        "code_widget",
    ),
    "Compare with human labels": (
        "open_validity",
        "Validity",
        "evaluate_decisions",
        "compare_errors",
        "measure_reliability",
        "compare_coders",
        "count_confusions",
        "bound_coder_errors",
        "judge_marks",
    ),
    "Estimate and compare": (
        "estimate_prevalence",
        "bound_abstentions",
        "compare_hypotheses",
        "compare_frames",
        "compare_with_rest",
        "compare_groups",
        "rank_groups",
        "decompose_differences",
        "compare_trends",
        "find_changes",
        "compare_arrivals",
        "measure_cooccurrence",
        "find_distinctive_words",
        "describe_word_languages",
        "regress_frame",
        "regress_frames",
        "Regression",
        "add_period",
        "add_agenda_items",
        "add_clusters",
        "add_weights",
        "has_enough_labels",
        "stack_scores",
    ),
    "Summarise and find passages": (
        "summarise_dates",
        "summarise_outlets",
        "count_by_period",
        "count_by_language",
        "count_refused",
        "find_unlikely_dates",
        "count_labels",
        "find_top_passages",
        "find_borderline_passages",
        "find_passages_behind",
        "find_passages_with_words",
        "keep_one_per_frame",
        "find_widest_frames",
    ),
    "Stories and duplicates": (
        "open_stories",
        "find_duplicates",
        "mark_duplicates",
        "find_reprint_chains",
        "count_duplicates",
        "find_translations",
        "join_translations",
        "mark_translations",
        "find_stories",
        "mark_stories",
        "summarise_stories",
        "count_coverage",
        "read_pins",
        "read_corpus_pins",
        "encode_passages",
        "align_passages",
        "find_omissions",
        "find_contrast_pairs",
    ),
    "Voices": (
        "open_voices",
        "open_voice_spans",
        "find_voices",
        "mark_voices",
        "find_voice_segments",
        "cut_spans",
        "join_passages",
        "add_voices",
        "count_voices",
        "count_spans",
        "estimate_prevalence_by_voice",
        "estimate_prevalence_in_voice",
        "estimate_speakers",
    ),
    "Show": (
        "charts",
        "show",
        "sentence",
        "render_side_by_side",
        "PageParts",
        "link_passages",
    ),
    "Errors": (
        "FramingError",
        "InputError",
        "NotFittedError",
        "LockedError",
        "RunError",
    ),
}

# help(framing) shows the groups
__doc__ = f"{__doc__}\n" + "\n".join(
    f"{title}\n" + textwrap.fill(", ".join(names), 100, initial_indent="    ", subsequent_indent="    ")
    for title, names in GROUPS.items()
)

# names of version 0.1.0 that have changed; they go in version 0.3
RENAMED = {
    "add_strata": "add_agenda_items",
    "borderline_passages": "find_borderline_passages",
    "contrast_pairs": "find_contrast_pairs",
    "count_pairs": "measure_cooccurrence",
    "count_with_and_without": "count_duplicates",
    "distinctive_words": "find_distinctive_words",
    "enough_labels": "has_enough_labels",
    "frame_shares_by_voice": "estimate_prevalence_by_voice",
    "labels_needed": "plan_labels",
    "one_per_frame": "keep_one_per_frame",
    "passages_behind": "find_passages_behind",
    "passages_link": "link_passages",
    "passages_with_words": "find_passages_with_words",
    "pins_of": "read_corpus_pins",
    "read_coded": "read_sheets",
    "reprint_chains": "find_reprint_chains",
    "top_passages": "find_top_passages",
    "voice_segments": "find_voice_segments",
    "who_speaks": "estimate_speakers",
    "widest_frames": "find_widest_frames",
}

__all__ = [name for names in GROUPS.values() for name in names]

_load, _, _ = lazy_loader.attach_stub(__name__, __file__)


def __getattr__(name: str) -> Any:
    if name in RENAMED:
        warnings.warn(f"framing.{name} is now framing.{RENAMED[name]}", DeprecationWarning, stacklevel=2)
        name = RENAMED[name]
    return _load(name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
