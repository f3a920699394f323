"""Language models in an analysis: which one the settings ask for, what may be spent, passages without an answer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.analysis.facts import AnalysisFacts
from framing.classify.llm import LlmScorer
from framing.classify.llm_record import describe_language_model, list_remarks
from framing.codebook import Codebook
from framing.coding.gold import Gold
from framing.errors import InputError
from framing.estimates.stacking import stack_scores
from framing.llm.answers import AnswerStore, answers_file
from framing.llm.costs import read_prices
from framing.llm.model import LanguageModel
from framing.llm.redaction import read_redaction
from framing.project import project_root
from framing.settings import Settings
from framing.steps import Say

__all__ = [
    "add_language_model",
    "announce_questions",
    "fill_unscored",
    "list_labelled",
    "open_beside",
    "open_language_model",
    "stack_beside",
]

Array = NDArray[np.float64]


def open_language_model(settings: Settings, codebook: Codebook) -> LlmScorer:
    """Open the language model that the settings name.

    Parameters
    ----------
    settings : Settings
        Settings of the run.
    codebook : Codebook
        Its frames are asked for.

    Returns
    -------
    LlmScorer
        Ready to be asked; nothing is sent yet.

    Raises
    ------
    InputError
        If no model is named, the list of patterns cannot be read, or the mode does not suit the codebook.
    """
    if not settings.llm_model:
        raise InputError("scorer llm and llm_beside: name the model with llm_model, as the server knows it.")
    redaction = None
    if settings.llm_redaction:
        redaction = read_redaction(project_root() / settings.llm_redaction)  # itself where it is absolute
    model = LanguageModel(
        settings.llm_model,
        prices=read_prices(),
        max_cost=settings.llm_max_cost,
        store=AnswerStore(answers_file()),
    )
    return LlmScorer(codebook, model, mode=settings.llm_mode, redaction=redaction).fit()


def announce_questions(scorer: LlmScorer, texts: Sequence[str], *, say: Say | None) -> None:
    """Say what asking about texts will take, and refuse what may not be spent, before anything is sent.

    Parameters
    ----------
    scorer : LlmScorer
        The language model.
    texts : sequence of str
        All texts that it will be asked about.
    say : callable or None
        Gets the forecast.

    Raises
    ------
    InputError
        If the limit `llm_max_cost` would be passed. A server on this machine may answer without prices: it bills
        nobody.
    """
    forecast = scorer.forecast(texts)
    if not forecast.n_questions:
        return
    model = scorer.model_
    if say is not None:
        say(f"{forecast.describe(model.name)}; scores are {scorer.describe_scores()}")
    if forecast.cost is None and model.endpoint.is_local:
        model.max_cost = None
    model.announce(forecast)


def fill_unscored(scores: Array) -> tuple[Array, NDArray[np.bool_]]:
    """Give passages without an answer the mean score of the others.

    Parameters
    ----------
    scores : ndarray, shape (n, K)
        Scores; NaN in all of a row without an answer.

    Returns
    -------
    scores : ndarray, shape (n, K)
        Without NaN. A corrected share stays unbiased with any number there, as it is with any score that does not
        depend on the passage's label; decisions of such passages are abstentions.
    is_unscored : ndarray of bool, shape (n,)
        Which rows were filled.

    Raises
    ------
    InputError
        If no passage has an answer.

    Examples
    --------
    >>> filled, is_unscored = fill_unscored(np.array([[1.0], [np.nan], [0.0]]))
    >>> filled.ravel().tolist(), is_unscored.tolist()
    ([1.0, 0.5, 0.0], [False, True, False])
    """
    is_unscored: NDArray[np.bool_] = np.asarray(np.isnan(scores).any(axis=1))
    if not is_unscored.any():
        return scores, is_unscored
    if is_unscored.all():
        raise InputError(f"The language model answered for none of {len(scores):,} passages; see its answers.")
    return np.where(is_unscored[:, None], scores[~is_unscored].mean(axis=0), scores), is_unscored


def open_beside(settings: Settings, codebook: Codebook, reason: str) -> LlmScorer | None:
    """Open the language model that is asked beside the scorer.

    Parameters
    ----------
    settings : Settings
        Settings of the run.
    codebook : Codebook
        Its frames are asked for.
    reason : str
        Why labels correct no shares; empty if they do.

    Returns
    -------
    LlmScorer or None
        None where the settings ask for none, or it would correct nothing.
    """
    return open_language_model(settings, codebook) if settings.llm_beside and not reason else None


def list_labelled(gold: Gold | None) -> list[str]:
    """List the texts of labelled passages.

    Parameters
    ----------
    gold : Gold or None
        Human labels.

    Returns
    -------
    list of str
        Empty without labels.
    """
    return gold.passages["text"].to_list() if gold is not None else []


def stack_beside(
    beside: LlmScorer, sample: pd.DataFrame, proxies: Array, gold: Gold, passages: pd.DataFrame, *, progress: str
) -> tuple[pd.DataFrame, Array]:
    """Join the scores of the scorer with those of a language model.

    Parameters
    ----------
    beside : LlmScorer
        The language model.
    sample : DataFrame
        Labelled passages with weights, as `labelled_sample` returns them, in the order of `gold`.
    proxies : ndarray, shape (n, K)
        Scores of all passages by classifiers that had not learned from their labels.
    gold : Gold
        The labels.
    passages : DataFrame
        All passages, n rows.
    progress : str
        Title of a bar, on a terminal.

    Returns
    -------
    sample : DataFrame
        With joined scores in the columns `proxy_…`, each by weights that the passage's label did not shape.
    proxies : ndarray, shape (n, K)
        Joined scores of all passages.
    """
    frames = beside.codebook.frame_ids
    answers, _ = fill_unscored(beside.predict_proba(passages["text"].to_list(), progress=progress))
    rows = pd.Index(passages["passage_id"]).get_indexer(pd.Index(gold.passages["passage_id"]))
    own = sample[[f"proxy_{name}" for name in frames]].to_numpy(float)
    stacked = stack_scores(
        sample[[f"gold_{name}" for name in frames]].to_numpy(float),
        np.stack([own, answers[rows]]),
        np.stack([proxies, answers]),
        weights=sample["weight"].to_numpy(float),
        groups=gold.passages["document_id"].to_list(),
    )
    joined = {f"proxy_{name}": stacked.labelled[:, place] for place, name in enumerate(frames)}
    return sample.assign(**joined), stacked.all


def add_language_model(facts: AnalysisFacts, asked: LlmScorer | None, *, n_unscored: int) -> AnalysisFacts:
    """Add what a reader must know of the language model to the facts.

    Parameters
    ----------
    facts : AnalysisFacts
        Facts of the analysis.
    asked : LlmScorer or None
        The language model, after it scored; None: there is none.
    n_unscored : int
        Passages that it gave no score.

    Returns
    -------
    AnalysisFacts
        With its record, remarks and the number.
    """
    record = describe_language_model(asked)
    if record is None:
        return facts
    remarks = list(list_remarks(record, n_texts=facts.counts.passages, n_failed=n_unscored))
    if n_unscored:
        remarks.append("passages without a score count as abstentions, and corrected shares stay unbiased")
    counts = facts.counts.model_copy(update={"passages_without_score": n_unscored})
    update = {"language_model": record, "counts": counts, "remarks": (*facts.remarks, *remarks)}
    return facts.model_copy(update=update)
