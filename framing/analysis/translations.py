"""Frames of passages by their translation: scores, and how far decisions agree with those on the original."""

from __future__ import annotations

import pandas as pd

from framing.analysis.kappa import bound_kappa
from framing.classify.scorer import Scorer
from framing.corpus.parallel_texts import UNITS
from framing.encoders.sentence import default_store, open_encoder
from framing.settings import Settings
from framing.stories.translated import refine_translations
from framing.tables import TRANSLATION_AGREEMENT

__all__ = ["align_translations", "has_translations", "measure_translation_agreement", "score_translations"]

_ALL = "all frames"


def has_translations(passages: pd.DataFrame) -> bool:
    """Say whether passages have translations of their own, which whole documents do not stand for.

    Parameters
    ----------
    passages : DataFrame
        Passages of an analysis.

    Returns
    -------
    bool
        True if one has.
    """
    return "translation" in passages.columns and bool(_find_translated(passages).any())


def align_translations(passages: pd.DataFrame, documents: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Align translations with passages by vectors where paragraphs do not tell.

    Parameters
    ----------
    passages, documents : DataFrame
        Those of an analysis.
    settings : Settings
        Settings with the name of the encoder.

    Returns
    -------
    DataFrame
        The same passages, as `refine_translations` returns them.
    """
    if "translation" not in passages.columns or "translation" not in documents.columns:
        return passages
    if not (passages["translation_unit"] == UNITS[-1]).any():
        return passages
    return refine_translations(passages, documents, open_encoder(settings.encoder, store=default_store()))


def score_translations(classifier: Scorer, passages: pd.DataFrame) -> pd.DataFrame:
    """Score and decide the translations of passages as the passages themselves.

    Parameters
    ----------
    classifier : Scorer
        Fitted classifier.
    passages : DataFrame
        Passages of an analysis.

    Returns
    -------
    DataFrame
        One row a passage with a translation of its own: `passage_id`, then the decision on each frame.
    """
    frames = classifier.codebook.frame_ids
    if not has_translations(passages):
        return pd.DataFrame(columns=["passage_id", *frames])
    translated = passages[_find_translated(passages)]
    decisions = classifier.decide_scores(classifier.predict_proba(translated["translation"].to_list()))
    table = pd.DataFrame(decisions, columns=frames)
    table.insert(0, "passage_id", translated["passage_id"].to_numpy())
    return table


def measure_translation_agreement(
    passages: pd.DataFrame,
    decisions: pd.DataFrame,
    translated: pd.DataFrame,
    *,
    level: float = 0.95,
    n_bootstrap: int = 2000,
    random_seed: int = 0,
) -> pd.DataFrame:
    """Measure how far decisions on translations agree with those on the original, per language and frame.

    Parameters
    ----------
    passages : DataFrame
        Columns `passage_id, document_id, language`.
    decisions : DataFrame
        `passage_id` and the decision on each frame.
    translated : DataFrame
        The same for translations, as `score_translations` returns it.
    level : float, default 0.95
        Confidence level of each interval.
    n_bootstrap : int, default 2000
        Draws of documents.
    random_seed : int, default 0
        Seed of the draws.

    Returns
    -------
    DataFrame
        Columns `TRANSLATION_AGREEMENT`, one row a language and frame; `all frames` (decisions on all of them pooled)
        of every language come first. `estimate` is Cohen's kappa (1960) of present, absent and abstain; `n_original`
        and `n_translation` count the decisions `present`.

    Notes
    -----
    Kappa is `(p_o - p_e) / (1 - p_e)`, with p_o the share of equal decisions and p_e that by chance, from how often
    each decision is made on either text. Where a frame is rare, few decisions move it. It says how far a result depends
    on the language in which passages were read; which of both decisions is right it does not say. The errors of a
    machine that translated are among the differences.
    """
    frames = [name for name in decisions.columns if name != "passage_id"]
    rows = []
    both = translated[["passage_id"]].merge(passages[["passage_id", "document_id", "language"]], on="passage_id")
    for language, part in both.groupby("language", sort=True):
        first = decisions.set_index("passage_id").loc[part["passage_id"], frames].to_numpy(object)
        second = translated.set_index("passage_id").loc[part["passage_id"], frames].to_numpy(object)
        documents, _ = pd.factorize(part["document_id"])
        columns = [(_ALL, first, second)]
        columns += [(frame, first[:, [place]], second[:, [place]]) for place, frame in enumerate(frames)]
        for frame, here, there in columns:
            estimate, low, high, method = bound_kappa(here, there, documents, level, n_bootstrap, random_seed)
            counts = (int((side == "present").sum()) for side in (here, there))
            rows.append(
                (language, frame, "kappa", estimate, low, high, *counts, len(part), documents.max() + 1, 0, method)
            )
    table = pd.DataFrame(rows, columns=list(TRANSLATION_AGREEMENT))
    return table.sort_values("frame", key=lambda names: names != _ALL, kind="stable", ignore_index=True)


def _find_translated(passages: pd.DataFrame) -> pd.Series:
    """Passages with a translation of their own: not that of a document of several passages."""
    several = passages.duplicated("document_id", keep=False)
    blank = passages["translation"].fillna("").str.strip() == ""
    return ~blank & ~(several & (passages["translation_unit"] == UNITS[-1]))
