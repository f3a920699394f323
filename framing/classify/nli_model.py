"""A model of natural language inference, loaded: logits of entailment for pairs of passage and hypothesis."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import cache, cached_property, partial

import numpy as np
from numpy.typing import NDArray

from framing.classify.nli_backends import EXPORTABLE, Logits, Padding, PairTokens, open_logits
from framing.classify.nli_loading import load_model, load_tokenizer, read_max_tokens
from framing.encoders.agreement import PROBES, Agreement, compare_scores, first_that_agrees
from framing.encoders.backends.choice import check_backend, ways
from framing.encoders.number_format import Dtype
from framing.encoders.statistics import EncoderStatistics
from framing.encoders.weights import ModelSource, one_tokenizer_thread
from framing.errors import FramingError
from framing.files.machine import count_cores, has_cuda

__all__ = ["EntailmentModel"]

_REFERENCE = ("torch", "float32")
_PROBE_HYPOTHESES = ("People were killed in a war.", "The price of a good rises.")


class EntailmentModel:
    """A model and its tokenizer; the weights are loaded at the first pair.

    Parameters
    ----------
    source : ModelSource
        Where its files are.
    backend : {"auto", "openvino", "onnxruntime", "torch"}, default "auto"
        As in `framing.encoders.sentence.SentenceEncoder`.
    dtype : {"auto", "float32", "bfloat16"}, default "auto"
        Likewise. A way of computing proves that no score of a probe pair is more than 0.02 from that in float32.
    batch_size : int, optional
        Most pairs computed together; by default as many as have some thousand tokens.

    Attributes
    ----------
    tokenizer : PreTrainedTokenizer
        Its tokenizer.
    max_tokens : int
        Longest pair that it reads.
    can_pad : bool
        Whether pairs of unlike length can be read together.
    statistics : EncoderStatistics
        Passages that were scored and found, and the time that it took.
    """

    def __init__(
        self, source: ModelSource, *, backend: str = "auto", dtype: Dtype = "auto", batch_size: int | None = None
    ) -> None:
        self._source, self._wanted = source, (check_backend(backend, dtype), dtype)
        self._config, self.tokenizer, self._labels, self._columns = load_tokenizer(source)
        self.max_tokens = read_max_tokens(self._config, self.tokenizer)
        self.can_pad = self.tokenizer.pad_token is not None and self.tokenizer.padding_side == "right"
        self.statistics = EncoderStatistics()
        self._most_pairs = batch_size if self.can_pad else 1
        self._opened: dict[int, Logits] = {}  # by process: a fork has none of the threads of the one that opened it

    @cached_property
    def _way(self) -> tuple[str, str]:
        """Backend and number format, chosen and proved at first need."""
        backend, dtype = self._wanted
        found = [way for way in ways(backend, dtype) if way != _REFERENCE]
        if self._config.model_type not in EXPORTABLE:
            found = [way for way in found if way[0] == "torch"]

        @cache
        def compute_exact() -> NDArray[np.float64]:
            return self._score_probes(self._open(*_REFERENCE))

        def compare(exact: NDArray[np.float64], opened: Logits) -> Agreement:
            return compare_scores(exact, self._score_probes(opened))

        name = f"{self._source.fingerprint}-entailment-{self._columns}"
        way, opened = first_that_agrees(self._source.name, name, found, self._open, compute_exact, compare)
        if opened:
            self._opened[os.getpid()] = opened[0]
        return way or _REFERENCE

    @property
    def backend(self) -> str:
        """What computes the model.

        Returns
        -------
        str
            `openvino`, `onnxruntime` or `torch`.
        """
        return self._way[0]

    @property
    def dtype(self) -> str:
        """Number format in use.

        Returns
        -------
        str
            `float32` or `bfloat16`.
        """
        return self._way[1]

    @property
    def device(self) -> str:
        """Where it computes.

        Returns
        -------
        str
            `cpu` or `cuda`.
        """
        return "cuda" if self.backend == "torch" and has_cuda() else "cpu"

    @property
    def threads(self) -> int:
        """Cores that it may use.

        Returns
        -------
        int
            As `framing.files.machine.count_cores` counts them.
        """
        return count_cores()

    def count_passages(self, passages: list[str]) -> list[int]:
        """Count the tokens of passages.

        Parameters
        ----------
        passages : list of str
            Length n.

        Returns
        -------
        list of int
            Special tokens left out.
        """
        found = self.tokenizer(passages, add_special_tokens=False, split_special_tokens=True, verbose=False)
        return [len(ids) for ids in found["input_ids"]]

    def count_tokens(self, hypothesis: str) -> int:
        """Count the tokens of the pair of an empty passage and a hypothesis.

        Parameters
        ----------
        hypothesis : str
            A claim.

        Returns
        -------
        int
            Special tokens included.
        """
        return len(self.tokenizer("", hypothesis, split_special_tokens=True)["input_ids"])

    def read(self, pairs: Sequence[tuple[str, str]]) -> list[PairTokens]:
        """Read pairs.

        Parameters
        ----------
        pairs : sequence of tuple of str and str
            Passage and hypothesis. A pair that is too long loses the end of its passage, which `NliScorer` avoids.

        Returns
        -------
        list of PairTokens
            Their tokens.
        """
        found = self.tokenizer(
            [passage for passage, _ in pairs],
            [hypothesis for _, hypothesis in pairs],
            truncation="only_first",
            max_length=self.max_tokens,
            padding=False,
            split_special_tokens=True,  # a passage that spells a separator must not end itself
            return_attention_mask=False,
        )
        return [PairTokens({name: values[row] for name, values in found.items()}) for row in range(len(pairs))]

    def compute_logits(
        self, pairs: Sequence[PairTokens], done: Callable[[int], object] = lambda _: None
    ) -> NDArray[np.float32]:
        """Compute the logits of entailment and of its opposite.

        Parameters
        ----------
        pairs : sequence of PairTokens
            As `read` returned them.
        done : callable
            Is told how many more pairs are computed.

        Returns
        -------
        ndarray, shape (n, 2)
            Entailment; contradiction, or not-entailment in models of two classes.

        Raises
        ------
        FramingError
            For logits that are not numbers.
        """
        way, process = self._way, os.getpid()  # the proof of a way may open it
        if process not in self._opened:
            self._opened[process] = self._open(*way)
        logits = self._opened[process](pairs, done)
        if not np.isfinite(logits).all():
            raise FramingError(
                f"The NLI model {self._source.name} made scores that are not numbers; choose another model."
            )
        return logits

    def predict_logits(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """Predict the logits of entailment and of its opposite.

        Parameters
        ----------
        pairs : sequence of tuple of str and str
            Passage and hypothesis, as in `read`.

        Returns
        -------
        ndarray, shape (n, 2)
            As in `compute_logits`.
        """
        with one_tokenizer_thread():
            return self.compute_logits(self.read(pairs))

    def _open(self, backend: str, dtype: str) -> Logits:
        names = [name for name in self.tokenizer.model_input_names if name != "attention_mask"]
        padding = {name: self.tokenizer.pad_token_type_id if name == "token_type_ids" else 0 for name in names}
        if self.can_pad:
            padding["input_ids"] = self.tokenizer.pad_token_id
        return open_logits(
            backend,
            dtype,
            load=partial(load_model, self._source, self._labels),
            fingerprint=self._source.fingerprint,
            columns=self._columns,
            padding=Padding(padding, self._most_pairs),
        )

    def _score_probes(self, logits: Logits) -> NDArray[np.float64]:
        """Scores of probe pairs with several labels a passage (columns 1, 2) and with one (column 3)."""
        with one_tokenizer_thread():
            read = [self.read([(text, hypothesis) for text in PROBES]) for hypothesis in _PROBE_HYPOTHESES]
        values = np.stack([logits(pairs) for pairs in read]).astype(np.float64)
        odds = np.stack([*(values[..., 0] - values[..., 1]), values[0, :, 0] - values[1, :, 0]], axis=1)
        return np.asarray(1 / (1 + np.exp(-np.clip(odds, -60, 60))))
