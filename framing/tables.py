"""Column names of every table that goes from one wing to another, and the check at the border."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from framing.errors import InputError

__all__ = [
    "ABSTENTIONS",
    "AGAINST_REST",
    "ALIGNED",
    "ARRIVALS",
    "CHANGED_PASSAGES",
    "CHANGES",
    "CLASSIFIED",
    "CODER_ERRORS",
    "COEFFICIENTS",
    "COMPONENTS",
    "CONTRASTS",
    "CONTRAST_MOVES",
    "CONTRAST_PAIRS",
    "COVERAGE",
    "DECISION_CHANGES",
    "DOCUMENTS",
    "DRAWN",
    "DRIFT",
    "DUPLICATES",
    "EFFECTS",
    "ESTIMATE",
    "FLOOR",
    "FRAGILITY",
    "FRAME_TESTS",
    "GOLD",
    "GOLD_SPEAKER",
    "GUARANTEES",
    "HYPOTHESES",
    "LABELS_NEEDED",
    "OMISSIONS",
    "PAIRS",
    "PASSAGES",
    "QUARANTINE",
    "RANKS",
    "RAW",
    "REPRINTS",
    "SEGMENTS",
    "SHARES",
    "SHEET",
    "SLOPES",
    "SPANS",
    "SPAN_COUNTS",
    "SPEAKERS",
    "STORIES",
    "STRATA",
    "TRANSLATED",
    "TRANSLATIONS",
    "TRANSLATION_AGREEMENT",
    "TURNED_PASSAGES",
    "VERSION_AGREEMENT",
    "VERSION_SHARES",
    "VOICES",
    "VOICE_SPANS",
    "VOICE_VALUES",
    "WINDOWS",
    "LANGUAGES",
    "WORDS",
    "WORD_LANGUAGES",
    "list_columns",
    "groups_in_words",
    "require_columns",
]

# fmt: off
DOCUMENTS = (
    "document_id", "corpus", "outlet", "perspective", "published", "language", "title", "url", "text",
    "event", "file", "line",
)
QUARANTINE = ("file", "line", "reason", "excerpt")
PASSAGES = (
    "passage_id", "document_id", "corpus", "outlet", "perspective", "published", "position", "text",
    "n_words", "duplicate_of", "story_id", "speaker", "start", "end", "language",
)
CLASSIFIED = (
    "passage_id", "document_id", "outlet", "perspective", "published", "text", "frame", "score", "decision",
)
WINDOWS = ("document_id", "start", "end", "text", "frame", "score")
GOLD = ("proxy", "gold", "gold_proxy", "gold_weight", "gold_stratum", "gold_cluster")
GOLD_SPEAKER = "gold_speaker"  # beside GOLD where coders named speakers: empty for the outlet, None without a label
ESTIMATE = ("estimate", "low", "high", "n_passages", "n_documents", "n_gold", "method")
SHARES = ("frame", *ESTIMATE)
RAW = ("raw", "raw_low", "raw_high")  # beside a corrected share: the one of the classifier's decisions
CONTRASTS = (
    "frame", "group_a", "group_b", "estimate", "low", "high", "p_adjusted", "differs", "n_passages",
    "n_documents", "n_gold", "method", "ratio", "ratio_low", "ratio_high", "q_value", "p_value", "detectable",
    "equivalent",
)
FRAME_TESTS = (  # one F test a frame: do the groups differ at all?
    "frame", "estimate", "low", "high", "f_value", "df_between", "df_within", "p_value", "p_adjusted", "differs",
    "n_groups", "n_passages", "n_documents", "n_gold", "method",
)
AGAINST_REST = (  # each group against the mean of the others
    "frame", "group", "estimate", "low", "high", "p_adjusted", "differs", "share", "rest", "n_passages",
    "n_documents", "n_gold", "method", "q_value", "p_value", "detectable", "equivalent",
)
HYPOTHESES = (  # named before labels are read
    "hypothesis", "frame", "group_a", "group_b", "expect", "estimate", "low", "high", "p_adjusted", "differs",
    "supported", "n_passages", "n_documents", "n_gold", "method", "p_value", "detectable",
)
CONTRAST_MOVES = (
    "frame", "group_a", "group_b", "before", "before_low", "before_high", "after", "after_low", "after_high",
    "estimate", "low", "high", "p_adjusted", "differs", "verdict", "n_passages", "n_documents", "n_gold", "method",
)
CHANGES = (
    "group", "frame", "change", "before", "after", "estimate", "low", "high", "p_adjusted", "differs", "n_passages",
    "n_documents", "n_gold", "method", "near",
)
SLOPES = (
    "frame", "group_a", "group_b", "estimate", "low", "high", "p_adjusted", "differs", "n_passages", "n_documents",
    "n_gold", "method", "slope_a", "slope_b",
)
COMPONENTS = (
    "frame", "group_a", "group_b", "component", "estimate", "low", "high", "difference", "common", "p_adjusted",
    "differs", "n_passages", "n_documents", "n_gold", "method", "agenda_items",
)
COEFFICIENTS = (  # of regressions
    "frame", "term", "estimate", "low", "high", "p_value", "p_adjusted", "standard_error", "degrees", "n_passages",
    "n_documents", "n_gold", "n_clusters", "n_left_out", "method",
)
EFFECTS = (  # average marginal effects of regressions
    "frame", "variable", "level", "reference", "estimate", "low", "high", "p_value", "p_adjusted", "standard_error",
    "degrees", "n_passages", "n_documents", "n_gold", "n_clusters", "n_left_out", "method",
)
FRAGILITY = (
    "family", "frame", "group_a", "group_b", "estimate", "low", "high", "differs", "in_words", "n_sources",
    "n_survived", "encoders", "thresholds", "passage_sizes", "language_shift", "seeds", "seeds_sd", "seeds_same_sign",
    "influential_seed", "without_it", "smallest", "largest", "worst", "n_passages", "n_documents", "n_gold", "method",
)
DECISION_CHANGES = (
    "frame", "status", "n_passages", "n_before", "n_after", "n_newly", "n_no_longer", "share_changed", "kappa",
)
VERSION_AGREEMENT = (  # decisions by two versions of a codebook
    "frame", "status", "n_before", "n_after", "n_both", "n_newly", "n_no_longer", "measure", "estimate", "low",
    "high", "n_passages", "n_documents", "n_gold", "method", "n_rules",
)
TURNED_PASSAGES = (
    "frame", "change", "document_id", "outlet", "passage_id", "score_before", "score_after", "margin_before",
    "margin_after", "margin_change", "text",
)
VERSION_SHARES = (
    "frame", "group", "before", "before_low", "before_high", "after", "after_low", "after_high", "n_passages",
    "n_documents", "method",
)
CHANGED_PASSAGES = ("frame", "change", "passage_id", "outlet", "score_before", "score_after", "text")
WORDS = (
    "frame", "word", "estimate", "low", "high", "z", "q_value", "n_passages", "n_documents", "n_gold", "method",
)
LANGUAGES = (
    "outlet", "language", "n_documents", "n_passages", "share", "encoder", "codebook", "sentences", "stop_words",
    "voices",
)
WORD_LANGUAGES = ("language", "n_passages", "n_documents", "n_groups", "words", "stop_words", "compared")
PAIRS = (
    "frame_a", "frame_b", "estimate", "low", "high", "p_adjusted", "differs", "observed", "expected", "n_passages",
    "n_documents", "n_gold", "method",
)
VOICE_VALUES = ("own", "quoted", "reported", "unknown")  # values of the column voice
RANKS = (
    "frame", "group", "rank", "low", "high", "estimate", "n_groups", "n_passages", "n_documents", "n_gold", "method",
)
GUARANTEES = (
    "frame", "measure", "asked", "confidence", "threshold", "held", "n_gold", "share_kept", "n_enough", "shortfall",
    "note",
)
STRATA = (
    "stratum", "outlet", "first", "last", "band", "n_units", "n_passages", "n_drawn", "inclusion_probability",
)
LABELS_NEEDED = (
    "goal", "frame", "group_a", "group_b", "unit", "share_a", "share_b", "n_labels", "n_labels_gold_only",
    "n_documents", "expected", "n_with_frame", "n_passages", "method",
)
CODER_ERRORS = (
    "frame", "group", "estimate", "low", "high", "bound_low", "bound_high", "sensitivity", "specificity", "n_double",
    "method",
)
ABSTENTIONS = (
    "frame", "estimate", "low", "high", "if_absent", "low_if_absent", "if_present", "high_if_present", "n_abstained",
    "n_passages", "n_documents", "method",
)
FLOOR = ("frame", "verdict", "f1", "low", "high", "alpha", "reason")  # can raw marks be read?
DRAWN = (
    "passage_id", "document_id", "outlet", "published", "text", "inclusion_probability", "stratum", "coders",
)
SHEET = ("coder", "place", "passage_id", "text", "frames", "notes")  # what coders fill: no frame has such an id
SPANS = ("passage_id", "coder", "frame", "start", "end", "text")  # words that coders marked
ARRIVALS = (
    "group", "frame", "estimate", "low", "high", "p_adjusted", "differs", "n_passages", "n_documents", "n_gold",
    "method",
)
DRIFT = ("frame", "estimate", "low", "high", "p_adjusted", "differs", "n_passages", "n_documents", "n_gold", "method")
STORIES = ("document_id", "outlet", "published", "title", "story_id", "story_label", "support")
COVERAGE = ("story_id", "story_label", "n_documents", "first", "last")
DUPLICATES = ("group", "duplicate_of", "similarity")
TRANSLATED = ("translation", "translation_unit")  # beside the texts of a corpus that names a column of translations
TRANSLATION_AGREEMENT = (  # decisions on the original against those on its translation
    "language", "frame", "measure", "estimate", "low", "high", "n_original", "n_translation", "n_passages",
    "n_documents", "n_gold", "method",
)
TRANSLATIONS = ("document_id", "translation_of", "similarity")
REPRINTS = (
    "group", "n_documents", "n_outlets", "order", "outlet", "published", "document_id", "title", "similarity",
)
ALIGNED = (
    "story_id", "passage_id", "outlet", "other_id", "other_outlet", "similarity", "text", "other_text",
)
OMISSIONS = (
    "story_id", "passage_id", "outlet", "missing_in", "similarity", "n_covering", "n_outlets", "text",
)
CONTRAST_PAIRS = (
    "story_id", "outlet", "frame", "other_outlet", "other_frame", "contrast", "similarity", "distance", "text",
    "other_text", "passage_id", "other_id",
)
VOICES = ("passage_id", "voice", "speaker", "speakers", "speaker_group", "share_quoted", "share_reported", "n_speakers")
SEGMENTS = ("passage_id", "start", "end", "voice", "speaker", "speaker_group", "cue")
VOICE_SPANS = ("span_id", "passage_id", "voice", "speaker", "speaker_group", "text", "n_words", "is_scored")
SPAN_COUNTS = ("voice", "n_spans", "n_too_short", "share", "n_words", "n_passages", "n_speakers")
SPEAKERS = ("frame", "speaker_group", *ESTIMATE)
# fmt: on


def list_columns(by: str | Sequence[str] | None) -> list[str]:
    """The columns that make groups, as a list; none for None, an empty name or an empty list.

    Parameters
    ----------
    by : str, sequence of str or None
        Column or columns.

    Returns
    -------
    list of str
        The same columns.

    Examples
    --------
    >>> list_columns("outlet"), list_columns(("outlet", "language")), list_columns(None)
    (['outlet'], ['outlet', 'language'], [])
    """
    if not by:
        return []
    return [by] if isinstance(by, str) else list(by)


def groups_in_words(by: str) -> str:
    """Name the groups of a column in the plural.

    Parameters
    ----------
    by : str
        The column.

    Returns
    -------
    str
        Words for a sentence.

    Examples
    --------
    >>> groups_in_words("outlet"), groups_in_words("section")
    ('outlets', 'groups by section')
    """
    return f"{by}s" if by in ("outlet", "perspective", "language") else f"groups by {by}"


def require_columns(table: pd.DataFrame, columns: Iterable[str], *, what: str) -> None:
    """Check that a table has the columns that a function needs.

    Parameters
    ----------
    table : DataFrame
        Any table.
    columns : iterable of str
        Columns that it must have.
    what : str
        What the table is, in the error message.

    Raises
    ------
    InputError
        Names the missing columns and those present.

    Examples
    --------
    >>> require_columns(pd.DataFrame({"a": [1]}), ["a"], what="a table")
    """
    missing = [name for name in dict.fromkeys(columns) if name not in table.columns]
    if missing:
        raise InputError(
            f"{what} lacks the column(s) {', '.join(missing)}. It has: {', '.join(map(str, table.columns))}."
        )
