"""Passages to frames by a language model that reads the codebook. Nothing is learned."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.classify.scorer import list_texts
from framing.classify.zero_shot import ZeroShotScorer
from framing.codebook import Codebook
from framing.defaults import LLM_PREFIX
from framing.errors import InputError
from framing.llm.answers import Answer, AnswerStore, answers_file
from framing.llm.costs import Forecast, add_forecasts
from framing.llm.model import LanguageModel
from framing.llm.prompts import Mode, Prompt, make_prompts
from framing.llm.questions import SEED, TEMPERATURE, Question
from framing.llm.redaction import Redaction

__all__ = ["LlmScorer"]

Array = NDArray[np.float64]

_CHUNK = 1024  # texts whose questions are in memory at once


class LlmScorer(ZeroShotScorer):
    """Scores of each frame of a codebook for each passage, by a language model behind an endpoint.

    The model gets definition, rules, some seeds and examples of the codebook, and the passage. Its address and key are
    in the environment variables `FRAMING_LLM_URL` and `FRAMING_LLM_KEY`. Passages leave this machine unless the server
    runs on it.

    Parameters
    ----------
    codebook : Codebook
        Its frames are the classes.
    model : str or LanguageModel
        Name of the model as the server knows it, whose answers are kept in the cache; or a model with options of its
        own.
    mode : {"all", "one"}, default "all"
        Whether all frames are asked for at once, or each by itself, which takes K times as many questions and gives
        chances where the server tells log-probabilities.
    redaction : Redaction, optional
        What is replaced in texts before they are sent.
    repeat : int, default 0
        Number of a repetition, whose answers do not count as known.

    Attributes
    ----------
    classes_ : ndarray of str, shape (K,)
        Frame ids.
    threshold_ : float
        0.5; a frame is present from this score on (codebooks with several labels).
    decision_rule_ : DecisionRule
        The threshold; there are no abstentions.
    zero_shot_ : bool
        True; such scores are exploratory.
    strength_ : str
        `zero-shot`.
    encoder_name_ : str
        Name of the model, with `llm:` before it.
    dtype_, training_dtype_ : str
        Empty: the server does not say, and nothing is trained.
    cross_fitted_, folds_ : None
        Nothing is learned from labels.
    guarantees_ : DataFrame
        Without rows, likewise.
    model_ : LanguageModel
        The model, with counts of what it was asked.
    prompts_ : tuple of Prompt
        What it is told.
    failures_ : dict of str to str
        Texts that have no score, with the reason.
    n_redacted_ : int
        Replacements in all texts.

    Notes
    -----
    All at once, scores are 1 for frames that were answered and 0 for the others: answers, no chances. One by one, a
    score is P(yes) of the first token of the answer where the server tells log-probabilities, else 1 or 0. Neither is
    calibrated to a corpus. A text without an answer has NaN for each frame: the model refused, or its answer was not
    in the form asked for, three times in a row.
    """

    _what = "a language model"

    def __init__(
        self,
        codebook: Codebook,
        model: str | LanguageModel,
        *,
        mode: Mode = "all",
        redaction: Redaction | None = None,
        repeat: int = 0,
    ) -> None:
        self.codebook = codebook
        self.model = model
        self.mode = mode
        self.redaction = redaction
        self.repeat = repeat

    def _prepare(self) -> str:
        name = self.model if isinstance(self.model, str) else self.model.name
        if not name.strip():
            raise InputError("LlmScorer: model is empty; name it as the server knows it.")
        self.prompts_: tuple[Prompt, ...] = make_prompts(self.codebook, self.mode)
        self.model_ = (
            LanguageModel(name, store=AnswerStore(answers_file())) if isinstance(self.model, str) else self.model
        )
        self.dtype_ = ""
        self.failures_: dict[str, str] = {}
        self.n_redacted_ = 0
        self._redacted: dict[str, str] = {}
        return LLM_PREFIX + name

    @property
    def identity(self) -> str:
        """Hash of all that scores depend on, beside the model's own answers.

        Returns
        -------
        str
            64 hexadecimal digits, of the name of the model, the prompts, the parameters and the patterns that are
            replaced.
        """
        patterns = [] if self.redaction is None else [[p.pattern, r] for p, r in self.redaction.patterns]
        known = [self.encoder_name_, [prompt.hash for prompt in self.prompts_], TEMPERATURE, SEED, patterns]
        return hashlib.sha256(json.dumps([*known, self.repeat]).encode()).hexdigest()

    def forecast(self, texts: Iterable[str]) -> Forecast:
        """Forecast what scoring texts would take; nothing is sent.

        Parameters
        ----------
        texts : iterable of str
            Any number; equal ones count once.

        Returns
        -------
        Forecast
            Questions without an answer, tokens and cost.
        """
        sent = iter(dict.fromkeys(map(self._redact, texts)))
        chunks = iter(lambda: list(islice(sent, _CHUNK)), [])
        return add_forecasts([self.model_.forecast(self._ask_for(chunk)) for chunk in chunks], self.model_.prices)

    def predict_proba(self, texts: Sequence[str], *, progress: str = "") -> Array:
        """Score passages.

        Parameters
        ----------
        texts : sequence of str
            Length n; equal texts are asked for once.
        progress : str
            Title of a bar, on a terminal.

        Returns
        -------
        ndarray, shape (n, K)
            Scores from 0 to 1; NaN in all of a row without an answer, whose reason is in `failures_`.

        Raises
        ------
        NotFittedError
            Before `fit`.
        InputError
            If the server cannot be reached or answers nothing, or the limit of cost is reached.
        """
        self._check_fitted("predict_proba")
        listed = list_texts(texts, method="predict_proba")
        unique = list(dict.fromkeys(listed))
        answers = self.model_.ask(list(self._ask_for(map(self._redact, unique))), progress=progress)
        k = len(self.prompts_)
        scores = {text: self._score(text, answers[row * k : (row + 1) * k]) for row, text in enumerate(unique)}
        return np.array([scores[text] for text in listed]).reshape(len(listed), len(self.classes_))

    def find_long(self, texts: Sequence[str]) -> NDArray[np.bool_]:
        """Say that no passage is scored in pieces: a text that is too long for the model has no score.

        Parameters
        ----------
        texts : sequence of str
            Length n.

        Returns
        -------
        ndarray of bool, shape (n,)
            False.
        """
        return np.zeros(len(texts), dtype=bool)

    def describe_anchors(self) -> pd.DataFrame:
        """List the seeds of each frame; none is scored, as each would be a question that costs.

        Returns
        -------
        DataFrame
            Columns `frame, n_seeds, precision, recall, f1, average_precision, confused_with`; measures are NaN.
            `framing codebook test` asks about the codebook's own passages.
        """
        table = pd.DataFrame({"frame": self.codebook.frame_ids})
        table["n_seeds"] = [len(frame.seeds) for frame in self.codebook.frames]
        for name in ("precision", "recall", "f1", "average_precision"):
            table[name] = np.nan
        return table.assign(confused_with="")

    def describe_scores(self) -> str:
        """Say what the scores are.

        Returns
        -------
        str
            A phrase.
        """
        if self.mode == "all":
            return "answers (1 or 0), no chances"
        return "P(yes) where the server tells log-probabilities, else answers (1 or 0)"

    def _ask_for(self, sent: Iterable[str]) -> Iterator[Question]:
        """The questions about each text, as it is sent, one after another."""
        return (prompt.ask(text, repeat=self.repeat) for text in sent for prompt in self.prompts_)

    def _redact(self, text: str) -> str:
        """The text as it is sent; replacements count once a text."""
        if self.redaction is None:
            return text
        if text not in self._redacted:
            self._redacted[text], n = self.redaction.apply(text)
            self.n_redacted_ += n
        return self._redacted[text]

    def _score(self, text: str, answers: Sequence[Answer]) -> list[float]:
        """Scores of a text, length K; NaN where an answer is missing."""
        for prompt, answer in zip(self.prompts_, answers, strict=True):
            if answer.failure:
                self.failures_[text] = f"{prompt.frame}: {answer.failure}" if prompt.frame else answer.failure
                return [float("nan")] * len(self.classes_)
        if self.mode == "all":
            return [float(name in answers[0].chosen) for name in self.codebook.frame_ids]
        return [
            float(answer.chosen == ("yes",)) if answer.probability is None else answer.probability for answer in answers
        ]
