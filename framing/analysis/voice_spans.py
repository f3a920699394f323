"""Spans of one voice each, scored by the classifier of an analysis; computed once and then loaded."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.analysis.analysis import Analysis
from framing.analysis.classified import add_design, make_long
from framing.analysis.language_model import announce_questions, fill_unscored
from framing.analysis.prepare import choose_classifier, fit_classifier
from framing.analysis.score_texts import score_texts
from framing.analysis.tables import cached_tables
from framing.analysis.voices import describe_inputs, open_voices
from framing.classify.llm import LlmScorer
from framing.executors.executor import open_executor
from framing.voice.spans import cut_spans

__all__ = ["VoiceSpans", "open_voice_spans"]

_SPAN = "span_id"


@dataclass(frozen=True)
class VoiceSpans:
    """Spans of the passages of a corpus, each in one voice, with scores of its own.

    Attributes
    ----------
    spans : DataFrame
        One row a span, as `framing.cut_spans` returns them; those that are too short to be scored included.
    classified : DataFrame
        One row a scored span and frame: `span_id`, and the columns of `Analysis.classified` without those of labels,
        which are of whole passages. `text`, `score` and `decision` are of the span, all else of its passage.
    """

    spans: pd.DataFrame
    classified: pd.DataFrame


def open_voice_spans(analysis: Analysis) -> VoiceSpans:
    """Cut the passages of an analysis by voice and score each span, or load both from the cache.

    Parameters
    ----------
    analysis : Analysis
        Analysis of the corpus.

    Returns
    -------
    VoiceSpans
        Spans, and their scores and decisions.

    Raises
    ------
    InputError
        As `open_voices` does.

    Notes
    -----
    The classifier and its threshold are those of the passages: of these it was made for, so of spans of a few words it
    is less sure. A span that is a whole passage has the passage's scores, and a text that occurs several times is
    scored once. A classifier that learned from labels is fitted again first, with the same `random_seed`; a language
    model that scores is asked about each span, within the limit `llm_max_cost`.
    """
    voices, frames = open_voices(analysis), analysis.codebook.frame_ids

    def score() -> dict[str, pd.DataFrame]:
        spans = cut_spans(analysis.passages, voices.passages, voices.segments)
        scores, decisions = _score(analysis, spans[spans["is_scored"]])
        return {
            "spans": spans,
            "scores": pd.DataFrame(scores, columns=frames),
            "decisions": pd.DataFrame(decisions, columns=frames),
        }

    tables = cached_tables("voice-spans", [analysis.key, *describe_inputs(analysis)], score)
    spans = tables["spans"]
    scored = spans.loc[spans["is_scored"], [_SPAN, "passage_id", "text"]]
    of_passage = analysis.passages.drop(columns=["text", "n_words"], errors="ignore")
    units = scored.merge(of_passage, on="passage_id", how="left", validate="many_to_one")
    long = make_long(units, tables["scores"].to_numpy(), tables["decisions"].to_numpy(), frames)
    return VoiceSpans(spans=spans, classified=add_design(long, analysis.documents, analysis.settings))


def _score(analysis: Analysis, spans: pd.DataFrame) -> tuple[NDArray[np.float64], NDArray[np.str_]]:
    """Scores and decisions of spans, shape (n, K): those of the passage where a span is the whole of it."""
    frames = analysis.codebook.frame_ids
    place = pd.Index(analysis.passages["passage_id"]).get_indexer(pd.Index(spans["passage_id"]))
    scores = analysis.scores[frames].to_numpy(float)[place]
    decisions = analysis.decisions[frames].to_numpy().astype(str)[place]
    is_part = spans["text"].to_numpy() != analysis.passages["text"].to_numpy()[place]
    if is_part.any():
        codes, texts = pd.factorize(spans.loc[is_part, "text"])
        classifier, _ = choose_classifier(analysis.settings, analysis.codebook)
        gold = analysis.gold if analysis.settings.learn_from_gold else None
        classifier = fit_classifier(classifier, analysis.settings, gold)
        if isinstance(classifier, LlmScorer):
            announce_questions(classifier, list(texts), say=None)
        title = "scoring what each voice says"
        new, _ = score_texts(classifier, list(texts), open_executor(), title=title, what="spans")
        new, is_unscored = fill_unscored(new)
        decided = classifier.decide_scores(new).astype(object)
        decided[is_unscored] = "abstain"
        decisions = decisions.astype(object)
        scores[is_part], decisions[is_part] = new[codes], decided[codes]
    return scores, decisions.astype(str)
