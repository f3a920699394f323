"""Language models in an analysis: which one the settings ask for, what may be spent, passages without an answer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from framing.classify.llm import LlmScorer
from framing.codebook import Codebook
from framing.errors import InputError
from framing.llm.answers import AnswerStore, answers_file
from framing.llm.costs import read_prices
from framing.llm.model import LanguageModel
from framing.llm.redaction import read_redaction
from framing.project import project_root
from framing.settings import Settings
from framing.steps import Say

__all__ = ["announce_questions", "fill_unscored", "open_language_model"]

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
        path = Path(settings.llm_redaction)
        redaction = read_redaction(path if path.is_absolute() else project_root() / path)
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
