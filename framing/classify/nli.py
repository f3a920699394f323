"""Passages to frames by natural language inference: does a passage entail what a frame claims? Nothing is learned."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.classify.anchors import describe_anchors
from framing.classify.nli_backends import PairTokens
from framing.classify.nli_model import EntailmentModel
from framing.classify.scorer import list_texts
from framing.classify.zero_shot import ZeroShotScorer
from framing.codebook import Codebook
from framing.encoders.backends.choice import check_backend
from framing.encoders.batches import read_ahead
from framing.encoders.number_format import Dtype
from framing.encoders.store import VectorStore
from framing.encoders.weights import find_nli_model, one_tokenizer_thread
from framing.encoders.windows import TokenWindow, split_long
from framing.errors import InputError
from framing.steps import count_steps

__all__ = ["NliScorer"]

Array = NDArray[np.float64]

_COMMIT_PAIRS = 2048  # pairs scored before the results are stored; a stopped run loses at most these


class NliScorer(ZeroShotScorer):
    """Scores of each frame of a codebook for each passage, by entailment (Yin et al. 2019).

    The passage is the premise. A frame's hypotheses are those that the codebook gives it, or else its
    definition alone; the hypothesis with the most evidence counts. Seeds are not used for scoring.

    Parameters
    ----------
    codebook : Codebook
        Its frames are the classes.
    model : str
        A sequence-classification model trained for natural language inference: the path of a local folder
        (config.json, the tokenizer's files, model.safetensors) or `owner/name@<40 hex digits>` of a model hub. Which of
        its labels is entailment is read from its configuration.
    batch_size : int, optional
        Most pairs of passage and hypothesis scored at once; affects speed and memory, not scores. By default as many as
        have some thousand tokens.
    backend : {"auto", "openvino", "onnxruntime", "torch"}, default "auto"
        What computes the model, as in `SentenceEncoder`.
    dtype : {"auto", "float32", "bfloat16"}, default "auto"
        Its number format, likewise.
    store : VectorStore, optional
        Where scores are stored under the model's fingerprint and the hypotheses; by default nowhere.

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
        Name of the model.
    dtype_ : str
        Number format that the model computes in.
    training_dtype_ : str
        Empty, nothing is trained.
    cross_fitted_ : None
        Nothing is learned from labels.
    folds_ : None
        Likewise.
    guarantees_ : DataFrame
        Without rows, likewise.
    entailment_model_ : EntailmentModel or None
        The model, once passages came.

    Notes
    -----
    With several labels a passage, a hypothesis scores P(entailment) of the softmax over entailment and
    contradiction, neutral left out (over entailment and not-entailment in models of two classes). With one
    label a passage, scores are the softmax over frames of the logits of entailment: they sum to one and the
    highest decides. Neither is calibrated to a corpus. A passage that is longer than the model takes is
    scored in pieces of whole sentences; of each hypothesis the piece with the most evidence counts.

    References
    ----------
    Yin, Hay and Roth (2019), Benchmarking zero-shot text classification: datasets, evaluation and entailment
    approach. EMNLP. https://doi.org/10.18653/v1/D19-1404
    """

    _what = "scoring by natural language inference"

    def __init__(
        self,
        codebook: Codebook,
        model: str,
        *,
        batch_size: int | None = None,
        backend: str = "auto",
        dtype: Dtype = "auto",
        store: VectorStore | None = None,
    ) -> None:
        self.codebook = codebook
        self.model = model
        self.batch_size = batch_size
        self.backend = backend
        self.dtype = dtype
        self.store = store

    def _prepare(self) -> str:
        if self.batch_size is not None and (not isinstance(self.batch_size, int) or self.batch_size < 1):
            raise InputError(f"NliScorer: batch_size must be a whole number of at least 1, got {self.batch_size!r}.")
        check_backend(self.backend, self.dtype)
        model = (find_nli_model(self.model), self.backend, self.dtype, self.batch_size)
        if model != getattr(self, "_model", None):
            self.entailment_model_: EntailmentModel | None = None
        self._model, self._source = model, model[0]
        self._hypotheses = [frame.hypotheses or (frame.definition,) for frame in self.codebook.frames]
        return self._source.name

    def predict_proba(self, texts: Sequence[str], *, progress: str = "") -> Array:
        """Score passages.

        Parameters
        ----------
        texts : sequence of str
            Length n; equal texts are scored once.
        progress : str
            Title of a bar, on a terminal.

        Returns
        -------
        ndarray, shape (n, K)
            Scores from 0 to 1.

        Raises
        ------
        NotFittedError
            Before `fit`.
        """
        self._check_fitted("predict_proba")
        text_list = list_texts(texts, method="predict_proba")
        if not text_list:
            return np.zeros((0, len(self.classes_)))
        texts_once = list(dict.fromkeys(text_list))
        pieces, owners = split_long(texts_once, self.find_long)
        unique = list(dict.fromkeys(pieces))
        known = self.store.get(self._key, unique) if self.store is not None else {}
        unknown = [text for text in unique if text not in known]
        self._open_model().statistics.from_store += len(known)
        if unknown:
            known = {**known, **self._score_unknown(unknown, progress)}
        of_pieces = np.stack([known[piece] for piece in pieces]).astype(np.float64)
        highest = np.maximum.reduceat(of_pieces, np.flatnonzero(np.diff(owners, prepend=-1)), axis=0)
        place = {text: row for row, text in enumerate(texts_once)}
        evidence = highest[[place[text] for text in text_list]]
        if self.codebook.multi_label:
            return np.asarray(1 / (1 + np.exp(-np.clip(evidence, -60, 60))))
        powers = np.exp(evidence - evidence.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True))

    def find_long(self, texts: Sequence[str]) -> NDArray[np.bool_]:
        """Find the passages that the model does not read at once, beside the longest hypothesis.

        Parameters
        ----------
        texts : sequence of str
            Length n.

        Returns
        -------
        ndarray of bool, shape (n,)
            True for those that are scored in pieces.

        Raises
        ------
        NotFittedError
            Before `fit`.
        InputError
            For a hypothesis that takes more than half of what the model reads at once.
        """
        self._check_fitted("find_long")
        model = self._open_model()
        longest = max(model.count_tokens(hypothesis) for group in self._hypotheses for hypothesis in group)
        return TokenWindow(model.max_tokens - longest, model.count_passages).find_long(texts)

    def _open_model(self) -> EntailmentModel:
        """The model, whose weights are loaded once a passage is scored."""
        if self.entailment_model_ is None:
            self.entailment_model_ = EntailmentModel(
                self._source, backend=self.backend, dtype=self.dtype, batch_size=self.batch_size
            )
            self._check_hypotheses(self.entailment_model_)
        return self.entailment_model_

    def describe_anchors(self) -> pd.DataFrame:
        """Describe per frame how well its seeds are found among all seeds and, with several labels, counter-seeds.

        Returns
        -------
        DataFrame
            Columns `frame, n_seeds, precision, recall, f1, average_precision, confused_with`. Every seed is scored,
            which loads the model; none was learned from, so none is left out.
        """
        frames = self.codebook.frames
        rows = [(text, column) for column, frame in enumerate(frames) for text in frame.seeds]
        if self.codebook.multi_label:  # with one label every passage has a frame, and a counter-seed has none
            rows += [(text, -1) for frame in frames for text in frame.counter_seeds]
        labels = np.array([column for _, column in rows])[:, None] == np.arange(len(frames))
        scores = self.predict_proba([text for text, _ in rows])
        return describe_anchors(scores, self.decide_scores(scores) == "present", labels, self.classes_)

    @property
    def dtype_(self) -> str:
        """Number format that the model computes in.

        Returns
        -------
        str
            `float32` or `bfloat16`.
        """
        return self._open_model().dtype

    @property
    def _key(self) -> str:
        """Names the scores in the store: the model, the hypotheses of all frames, and what of the logits is stored."""
        question = json.dumps([self.codebook.multi_label, self._hypotheses], ensure_ascii=False)
        model = self._open_model()
        way = "" if (model.backend, model.dtype) == ("torch", "float32") else f"-{model.backend}-{model.dtype}"
        return f"{self._source.fingerprint}-nli{way}-{hashlib.sha256(question.encode()).hexdigest()}"

    def _score_unknown(self, texts: list[str], progress: str) -> dict[str, NDArray[np.float32]]:
        """Evidence of each frame for each text, shape `(K,)`: log-odds, or the logit of entailment (one label)."""
        model = self._open_model()
        hypotheses = [hypothesis for group in self._hypotheses for hypothesis in group]
        first_of_frame = np.cumsum([0, *(len(group) for group in self._hypotheses[:-1])])
        evidence_of: dict[str, NDArray[np.float32]] = {}
        texts = sorted(texts, key=lambda text: (len(text), text))
        n_texts = max(_COMMIT_PAIRS // len(hypotheses), 1)

        def read(part: list[str]) -> tuple[list[str], list[PairTokens]]:
            return part, model.read([(text, hypothesis) for text in part for hypothesis in hypotheses])

        start = time.perf_counter()
        parts = [texts[first : first + n_texts] for first in range(0, len(texts), n_texts)]
        with count_steps(progress, len(texts) * len(hypotheses), what="pairs") as bar, one_tokenizer_thread():
            for part, pairs in read_ahead(parts, read):
                logits = model.compute_logits(pairs, bar.update)
                evidence = logits[:, 0] - logits[:, 1] if self.codebook.multi_label else logits[:, 0]
                by_pair = evidence.reshape(len(part), len(hypotheses))
                highest = np.maximum.reduceat(by_pair, first_of_frame, axis=1)
                if self.store is not None:
                    self.store.put(self._key, part, highest)
                evidence_of.update(zip(part, highest, strict=True))
        model.statistics.count(len(texts), time.perf_counter() - start)
        return evidence_of

    def _check_hypotheses(self, model: EntailmentModel) -> None:
        """Raise `InputError` for a hypothesis that takes more than half of what the model reads at once."""
        for frame, group in zip(self.codebook.frames, self._hypotheses, strict=True):
            for hypothesis in group:
                n_tokens = model.count_tokens(hypothesis)
                if 2 * n_tokens > model.max_tokens:
                    what = "hypothesis" if frame.hypotheses else "definition (it has no hypotheses)"
                    raise InputError(
                        f"Frame {frame.id}: its {what} {hypothesis!r} takes {n_tokens} of the {model.max_tokens} "
                        f"tokens that {self.encoder_name_} reads at once; give it hypotheses of at most half of them."
                    )
