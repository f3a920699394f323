"""A model of natural language inference, loaded: logits of entailment for pairs of passage and hypothesis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from framing.encoders.weights import ModelSource, one_tokenizer_thread
from framing.errors import FramingError, InputError

__all__ = ["EntailmentModel"]

_UNSET_LENGTH = 1_000_000  # tokenizers without a limit name an astronomic one
_USUAL_LENGTH = 512
_OFFSET = 2  # positions that RoBERTa and its kin count in their configuration and cannot use


class EntailmentModel:
    """A model and its tokenizer, in float32 on the processor or the GPU; the weights are loaded at the first pair.

    Parameters
    ----------
    source : ModelSource
        Where its files are.

    Attributes
    ----------
    tokenizer : PreTrainedTokenizer
        Its tokenizer.
    max_tokens : int
        Longest pair that it reads.
    can_pad : bool
        Whether pairs of unlike length can be read together.
    """

    def __init__(self, source: ModelSource) -> None:
        import torch

        self._source, self._name = source, source.name
        self._config, self.tokenizer, self._labels, self._columns = _load_tokenizer(source)
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        self.max_tokens = _read_max_tokens(self._config, self.tokenizer)
        self.can_pad = self.tokenizer.pad_token is not None

    @cached_property
    def model(self) -> Any:
        """The model.

        Returns
        -------
        PreTrainedModel
            In evaluation mode.
        """
        return _load_model(self._source, self._labels).to(self._device)

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

    def predict_logits(self, pairs: list[tuple[str, str]]) -> NDArray[np.float32]:
        """Predict the logits of entailment and of its opposite.

        Parameters
        ----------
        pairs : list of tuple of str and str
            Passage and hypothesis. A pair that is too long loses the end of its passage, which `NliScorer` avoids.

        Returns
        -------
        ndarray, shape (n, 2)
            Entailment; contradiction, or not-entailment in models of two classes.

        Raises
        ------
        FramingError
            For logits that are not numbers.
        """
        import torch

        with one_tokenizer_thread():
            tokens = self.tokenizer(
                [passage for passage, _ in pairs],
                [hypothesis for _, hypothesis in pairs],
                truncation="only_first",
                max_length=self.max_tokens,
                padding=self.can_pad,
                split_special_tokens=True,  # a passage that spells a separator must not end itself
                return_tensors="pt",
            ).to(self._device)
        with torch.inference_mode():
            logits = self.model(**tokens).logits[:, list(self._columns)].float().cpu().numpy()
        if not np.isfinite(logits).all():
            raise FramingError(f"The NLI model {self._name} made scores that are not numbers; choose another model.")
        return np.asarray(logits, dtype=np.float32)


def _load_tokenizer(source: ModelSource) -> tuple[Any, Any, dict[int, str], tuple[int, int]]:
    """Configuration, tokenizer, labels, and the places of entailment and its opposite among the logits."""
    from transformers import AutoConfig, AutoTokenizer, PreTrainedConfig

    path, options = _locate(source)
    with _named(source):
        facts, _ = PreTrainedConfig.get_config_dict(path, **options)
        if "model_type" not in facts:  # where the file is missing this is an empty dict, not an error
            raise OSError("expected a config.json that names a model_type, found none.")
        labels, columns = _read_labels(facts, source.name)
        tokenizer = AutoTokenizer.from_pretrained(path, trust_remote_code=False, **options)
        return AutoConfig.from_pretrained(path, trust_remote_code=False, **options), tokenizer, labels, columns


def _load_model(source: ModelSource, labels: dict[int, str]) -> Any:
    """The model, whose outputs have these labels."""
    import torch
    from transformers import AutoModelForSequenceClassification
    from transformers.utils import logging

    logging.disable_progress_bar()
    path, options = _locate(source)
    with _named(source):
        model, info = AutoModelForSequenceClassification.from_pretrained(
            path,
            trust_remote_code=False,
            use_safetensors=True,
            dtype=torch.float32,  # whatever it was saved in: half precision is slow and coarse on a processor
            id2label=labels,
            label2id={label: number for number, label in labels.items()},
            output_loading_info=True,
            **options,
        )
    if info["missing_keys"]:  # they would be initialised at random
        raise InputError(
            f"The model {source.name} holds no weights for {', '.join(sorted(info['missing_keys']))}; expected a "
            "sequence-classification model trained for natural language inference."
        )
    return model.eval()


def _locate(source: ModelSource) -> tuple[str, dict[str, Any]]:
    """Where the files are, as transformers names it."""
    return str(source.folder or source.hub), {
        "revision": source.revision,
        "local_files_only": source.folder is not None,
    }


@contextmanager
def _named(source: ModelSource) -> Iterator[None]:
    """Turn what the libraries raise for files that cannot be loaded into our error with the model's name."""
    from safetensors import SafetensorError

    try:
        yield
    except InputError:
        raise
    except (OSError, ValueError, RuntimeError, ImportError, SafetensorError) as error:
        place = source.folder or f"the model hub as {source.hub} at {source.revision}"
        raise FramingError(f"The NLI model {source.name} could not be loaded from {place}: {error}") from None


def _read_labels(config: Mapping[str, Any], name: str) -> tuple[dict[int, str], tuple[int, int]]:
    """Labels by number, and the numbers of entailment and of contradiction (or not-entailment)."""
    by_number = {int(number): str(label) for number, label in (config.get("id2label") or {}).items()}
    by_label = {int(number): str(label) for label, number in (config.get("label2id") or {}).items()}
    readings = {}
    for key, labels in (("id2label", by_number), ("label2id", by_label)):
        places = {label.strip().lower().replace("-", "_").replace(" ", "_"): place for place, label in labels.items()}
        opposite = places.get("contradiction", places.get("not_entailment"))
        if "entailment" in places and opposite is not None:
            readings[key] = (labels, (places["entailment"], opposite))
    if not readings:
        names = ", ".join(by_number.values() or by_label.values()) or "none"
        raise InputError(
            f"The configuration of {name} does not say which label is entailment; expected entailment and "
            f"contradiction, or entailment and not_entailment, among its labels, found: {names}. Choose a model "
            "trained for natural language inference, or name the labels in id2label of its config.json."
        )
    if len({columns for _, columns in readings.values()}) > 1:
        raise InputError(
            f"The configuration of {name} contradicts itself: id2label says {by_number}, label2id says {by_label}. "
            "Correct its config.json."
        )
    return next(iter(readings.values()))


def _read_max_tokens(config: Any, tokenizer: Any) -> int:
    """Longest pair in tokens; the smaller of the limits of the tokenizer and of the table of positions."""
    positions = getattr(config, "max_position_embeddings", None)
    positions = positions if isinstance(positions, int) and positions > 0 else None
    if tokenizer.model_max_length < _UNSET_LENGTH:
        return int(min(tokenizer.model_max_length, positions or tokenizer.model_max_length))
    return positions - _OFFSET if positions else _USUAL_LENGTH
