"""Passages to frames by natural language inference: does a passage entail what a frame claims? Nothing is learned."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import BaseEstimator

from framing.classify.anchors import describe_anchors
from framing.classify.scorer import NotFittedError, as_table, list_texts
from framing.codebook import Codebook
from framing.encoders.store import VectorStore
from framing.encoders.weights import ModelSource, find_nli_model, one_tokenizer_thread
from framing.errors import FramingError, InputError
from framing.steps import Say
from framing.tables import GUARANTEES

__all__ = ["NliScorer"]

_COMMIT_PAIRS = 2048  # kept at once; a stopped run loses at most these
_UNSET_LENGTH = 1_000_000  # tokenizers without a limit name an astronomic one
_USUAL_LENGTH = 512
_OFFSET = 2  # positions that RoBERTa and its kin count in their configuration and cannot use


class NliScorer(BaseEstimator):  # type: ignore[misc]
    """Scores of each frame of a codebook for each passage, by entailment (Yin et al. 2019).

    The passage is the premise. A frame's hypotheses are those that the codebook gives it, or else its
    definition alone; the hypothesis that is entailed best counts. Seeds are not used for scoring.

    Parameters
    ----------
    codebook : Codebook
    model : a sequence-classification model trained for natural language inference: the path of a local
        folder (config.json, the tokenizer's files, model.safetensors) or `owner/name@<40 hex digits>` of a
        model hub. Which of its labels is entailment is read from its configuration.
    batch_size : pairs of passage and hypothesis scored at once; affects speed and memory, not scores.
    store : where scores are kept under the model's fingerprint and the hypotheses; `None` keeps none.

    Attributes
    ----------
    classes_ : frame ids, length K.
    threshold_ : 0.5; a frame is present from this score on (codebooks with several labels).
    zero_shot_, strength_ : `True` and `"zero-shot"`; such scores are exploratory.
    encoder_name_ : name of the model.
    dtype_ : number format that the model computes in. `training_dtype_` : empty, nothing is trained.
    cross_fitted_, folds_ : None, `guarantees_` : without rows; nothing is learned from labels.

    Notes
    -----
    With several labels a passage, a hypothesis scores P(entailment) of the softmax over entailment and
    contradiction, neutral left out (over entailment and not-entailment in models of two classes). With one
    label a passage, scores are the softmax over frames of the logits of entailment: they sum to one and the
    highest decides. Neither is calibrated to a corpus. Passages longer than the model takes are cut at the
    end, so only their beginning is read.

    References
    ----------
    Yin, Hay and Roth (2019), Benchmarking zero-shot text classification: datasets, evaluation and entailment
    approach. EMNLP. https://doi.org/10.18653/v1/D19-1404
    """

    def __init__(
        self, codebook: Codebook, model: str, *, batch_size: int = 16, store: VectorStore | None = None
    ) -> None:
        self.codebook = codebook
        self.model = model
        self.batch_size = batch_size
        self.store = store

    def fit(
        self,
        texts: Sequence[str] | None = None,
        labels: Any = None,
        *,
        groups: Sequence[object] | None = None,
        progress: str = "",
        say: Say | None = None,
    ) -> NliScorer:
        """Find the model and take the hypotheses from the codebook; the model is loaded at the first new passage.

        `groups`, `progress` and `say` are those of `FrameClassifier.fit`, and of no use here.

        Raises `InputError` when texts or labels are given: there is nothing to learn.
        """
        if texts is not None or labels is not None:
            raise InputError(
                "fit: scoring by natural language inference does not learn from texts or labels; call fit() with "
                "nothing, or use FrameClassifier, which learns from them."
            )
        if not isinstance(self.batch_size, int) or self.batch_size < 1:
            raise InputError(f"NliScorer: batch_size must be a whole number of at least 1, got {self.batch_size!r}.")
        source = find_nli_model(self.model)
        if source != getattr(self, "_source", None):
            self._loaded: _EntailmentModel | None = None
        self._source = source
        self._hypotheses = [frame.hypotheses or (frame.definition,) for frame in self.codebook.frames]
        self.encoder_name_ = source.name
        self.classes_ = np.array(self.codebook.frame_ids)
        self.threshold_ = 0.5
        self.zero_shot_ = True
        self.strength_ = "zero-shot"
        self.dtype_, self.training_dtype_ = "float32", ""
        self.cross_fitted_: NDArray[np.float64] | None = None
        self.folds_: NDArray[np.int64] | None = None
        self.guarantees_ = pd.DataFrame(columns=list(GUARANTEES))
        return self

    def predict_proba(self, texts: Sequence[str], *, progress: str = "") -> NDArray[np.float64]:
        """Scores, shape `(n, K)`, 0 to 1; `progress` titles a bar on a terminal."""
        if not hasattr(self, "_source"):
            raise NotFittedError("predict_proba: call fit first.")
        listed = list_texts(texts, method="predict_proba")
        if not listed:
            return np.zeros((0, len(self.classes_)))
        unique = list(dict.fromkeys(listed))
        known = self.store.get(self._key, unique) if self.store is not None else {}
        missing = [text for text in unique if text not in known]
        if missing:
            known = {**known, **self._score_missing(missing, progress)}
        evidence = np.stack([known[text] for text in listed]).astype(np.float64)
        if self.codebook.multi_label:
            return np.asarray(1 / (1 + np.exp(-np.clip(evidence, -60, 60))))
        powers = np.exp(evidence - evidence.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True))

    def predict(self, texts: Sequence[str]) -> pd.DataFrame:
        """Whether each passage carries each frame: booleans, a row a text, a column a frame named by its id."""
        return as_table(self.decide(texts) == "present", texts, self.classes_)

    def decide(self, texts: Sequence[str]) -> NDArray[np.str_]:
        """`present` or `absent` for each passage and frame, shape `(n, K)`."""
        return self.decide_scores(self.predict_proba(texts))

    def decide_scores(self, scores: NDArray[np.float64]) -> NDArray[np.str_]:
        """Decisions of given scores."""
        if self.codebook.multi_label:
            present = scores >= self.threshold_
        else:
            present = np.arange(scores.shape[1]) == scores.argmax(axis=1)[:, None]
        return np.where(present, "present", "absent")

    def describe_anchors(self) -> pd.DataFrame:
        """Per frame, how well its seeds are found among all seeds and, with several labels a passage, counter-seeds.

        Returns
        -------
        DataFrame
            Columns `frame, n_seeds, precision, recall, f1, average_precision, confused_with`.

        Notes
        -----
        Scores every seed, which loads the model. No seed was learned from, so nothing needs holding out.
        """
        frames = self.codebook.frames
        rows = [(text, place) for place, frame in enumerate(frames) for text in frame.seeds]
        if self.codebook.multi_label:  # else every passage has a frame, and a counter-seed has none to have
            rows += [(text, -1) for frame in frames for text in frame.counter_seeds]
        targets = np.array([place for _, place in rows])[:, None] == np.arange(len(frames))
        scores = self.predict_proba([text for text, _ in rows])
        return describe_anchors(scores, self.decide_scores(scores) == "present", targets, self.classes_)

    def predict_folds(self, texts: Sequence[str], *, progress: str = "") -> NDArray[np.float64]:
        """Raises `InputError`: nothing was learned, so there are no folds."""
        raise InputError("predict_folds: scoring by natural language inference learns from no labels, so has no folds.")

    @property
    def _key(self) -> str:
        """Names the scores in the store: the model, the hypotheses of all frames, and what of the logits is kept."""
        asked = json.dumps([self.codebook.multi_label, self._hypotheses], ensure_ascii=False)
        return f"{self._source.fingerprint}-nli-{hashlib.sha256(asked.encode()).hexdigest()}"

    def _score_missing(self, missing: list[str], progress: str) -> dict[str, NDArray[np.float32]]:
        """Evidence of each frame for each text, shape `(K,)`: log-odds, or the logit of entailment (one label)."""
        from tqdm import tqdm

        if self._loaded is None:
            self._loaded = _EntailmentModel(self._source)
        self._refuse_long_hypotheses(self._loaded)
        owners = np.array([place for place, group in enumerate(self._hypotheses) for _ in group])
        asked = [hypothesis for group in self._hypotheses for hypothesis in group]
        starts = np.flatnonzero(np.r_[True, np.diff(owners) > 0])
        made: dict[str, NDArray[np.float32]] = {}
        missing = sorted(missing, key=len)
        n_texts = max(_COMMIT_PAIRS // len(asked), 1)
        hidden = not (progress and sys.stderr.isatty())
        with tqdm(total=len(missing) * len(asked), desc=progress, unit=" pairs", disable=hidden) as bar:
            for start in range(0, len(missing), n_texts):
                part = missing[start : start + n_texts]
                logits = self._logits(self._loaded, [(text, claim) for text in part for claim in asked], bar)
                evidence = logits[:, 0] - logits[:, 1] if self.codebook.multi_label else logits[:, 0]
                highest = np.maximum.reduceat(evidence.reshape(len(part), len(asked)), starts, axis=1)
                if self.store is not None:
                    self.store.put(self._key, part, highest)
                made.update(zip(part, highest, strict=True))
        return made

    def _logits(self, model: _EntailmentModel, pairs: list[tuple[str, str]], bar: Any) -> NDArray[np.float32]:
        size = self.batch_size if model.can_pad else 1
        order = sorted(range(len(pairs)), key=lambda row: len(pairs[row][0]) + len(pairs[row][1]))
        found = np.zeros((len(pairs), 2), dtype=np.float32)
        for start in range(0, len(order), size):
            rows = order[start : start + size]
            found[rows] = model.logits([pairs[row] for row in rows])
            bar.update(len(rows))
        return found

    def _refuse_long_hypotheses(self, model: _EntailmentModel) -> None:
        for frame, group in zip(self.codebook.frames, self._hypotheses, strict=True):
            for hypothesis in group:
                n_tokens = model.n_tokens(hypothesis)
                if 2 * n_tokens > model.max_tokens:
                    what = "hypothesis" if frame.hypotheses else "definition (it has no hypotheses)"
                    raise InputError(
                        f"Frame {frame.id}: its {what} {hypothesis!r} takes {n_tokens} of the {model.max_tokens} "
                        f"tokens that {self.encoder_name_} reads at once; give it hypotheses of at most half of them."
                    )


class _EntailmentModel:
    """A loaded model and its tokenizer, in float32 on the processor or the GPU."""

    def __init__(self, source: ModelSource) -> None:
        import torch

        self._name = source.name
        self._model, self._tokenizer, self._columns = _load_model(source)
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        self._model.to(self._device)
        self.max_tokens = _most_tokens(self._model.config, self._tokenizer)
        self.can_pad = self._tokenizer.pad_token is not None

    def n_tokens(self, hypothesis: str) -> int:
        """Tokens of the pair of an empty passage and `hypothesis`."""
        return len(self._tokenizer("", hypothesis, split_special_tokens=True)["input_ids"])

    def logits(self, pairs: list[tuple[str, str]]) -> NDArray[np.float32]:
        """Logits of entailment and of its opposite, shape `(n, 2)`."""
        import torch

        with one_tokenizer_thread():
            tokens = self._tokenizer(
                [passage for passage, _ in pairs],
                [hypothesis for _, hypothesis in pairs],
                truncation="only_first",
                max_length=self.max_tokens,
                padding=self.can_pad,
                split_special_tokens=True,  # a passage that spells a separator must not end itself
                return_tensors="pt",
            ).to(self._device)
        with torch.inference_mode():
            found = self._model(**tokens).logits[:, list(self._columns)].float().cpu().numpy()
        if not np.isfinite(found).all():
            raise FramingError(f"The NLI model {self._name} made scores that are not numbers; choose another model.")
        return np.asarray(found, dtype=np.float32)


def _load_model(source: ModelSource) -> tuple[Any, Any, tuple[int, int]]:
    """Model, tokenizer, and the places of entailment and its opposite among the logits."""
    import torch
    from safetensors import SafetensorError
    from transformers import AutoModelForSequenceClassification, AutoTokenizer, PreTrainedConfig
    from transformers.utils import logging

    logging.disable_progress_bar()
    where = str(source.folder or source.hub)
    options: dict[str, Any] = {"revision": source.revision, "local_files_only": source.folder is not None}
    try:
        config, _ = PreTrainedConfig.get_config_dict(where, **options)
        if "model_type" not in config:  # where the file is missing this is an empty dict, not an error
            raise OSError("expected a config.json that names a model_type, found none.")
        labels, columns = _read_labels(config, source.name)
        tokenizer = AutoTokenizer.from_pretrained(where, trust_remote_code=False, **options)
        model, info = AutoModelForSequenceClassification.from_pretrained(
            where,
            trust_remote_code=False,
            use_safetensors=True,
            dtype=torch.float32,  # whatever it was saved in: half precision is slow and coarse on a processor
            id2label=labels,
            label2id={label: number for number, label in labels.items()},
            output_loading_info=True,
            **options,
        )
    except InputError:
        raise
    except (OSError, ValueError, RuntimeError, ImportError, SafetensorError) as error:
        place = source.folder or f"the model hub as {source.hub} at {source.revision}"
        raise FramingError(f"The NLI model {source.name} could not be loaded from {place}: {error}") from None
    if info["missing_keys"]:  # they would be drawn at random
        raise InputError(
            f"The model {source.name} holds no weights for {', '.join(sorted(info['missing_keys']))}; expected a "
            "sequence-classification model trained for natural language inference."
        )
    return model.eval(), tokenizer, columns


def _read_labels(config: Mapping[str, Any], name: str) -> tuple[dict[int, str], tuple[int, int]]:
    """Labels by number, and the numbers of entailment and of contradiction (or not-entailment)."""
    by_number = {int(number): str(label) for number, label in (config.get("id2label") or {}).items()}
    by_label = {int(number): str(label) for label, number in (config.get("label2id") or {}).items()}
    found = {}
    for key, labels in (("id2label", by_number), ("label2id", by_label)):
        places = {label.strip().lower().replace("-", "_").replace(" ", "_"): place for place, label in labels.items()}
        opposite = places.get("contradiction", places.get("not_entailment"))
        if "entailment" in places and opposite is not None:
            found[key] = (labels, (places["entailment"], opposite))
    if not found:
        listed = ", ".join(by_number.values() or by_label.values()) or "none"
        raise InputError(
            f"The configuration of {name} does not say which label is entailment; expected entailment and "
            f"contradiction, or entailment and not_entailment, among its labels, found: {listed}. Choose a model "
            "trained for natural language inference, or name the labels in id2label of its config.json."
        )
    if len({columns for _, columns in found.values()}) > 1:
        raise InputError(
            f"The configuration of {name} contradicts itself: id2label says {by_number}, label2id says {by_label}. "
            "Correct its config.json."
        )
    return next(iter(found.values()))


def _most_tokens(config: Any, tokenizer: Any) -> int:
    """Longest pair in tokens; the smaller of what the tokenizer and the table of positions allow."""
    positions = getattr(config, "max_position_embeddings", None)
    positions = positions if isinstance(positions, int) and positions > 0 else None
    if tokenizer.model_max_length < _UNSET_LENGTH:
        return int(min(tokenizer.model_max_length, positions or tokenizer.model_max_length))
    return positions - _OFFSET if positions else _USUAL_LENGTH
