"""Models of natural language inference from a folder or a hub: tokenizer, labels, weights; no code of theirs is run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from framing.encoders.weights import ModelSource
from framing.errors import FramingError, InputError

__all__ = ["load_model", "load_tokenizer", "read_max_tokens"]

_UNSET_LENGTH = 1_000_000  # tokenizers without a limit name an astronomic one
_USUAL_LENGTH = 512
_OFFSET = 2  # positions that RoBERTa and its kin count in their configuration and cannot use


def load_tokenizer(source: ModelSource) -> tuple[Any, Any, dict[int, str], tuple[int, int]]:
    """Load a tokenizer, and read which logit is that of entailment.

    Parameters
    ----------
    source : ModelSource
        Where the files are.

    Returns
    -------
    config : PreTrainedConfig
        Configuration of the model.
    tokenizer : PreTrainedTokenizer
        Its tokenizer.
    labels : dict of int to str
        Labels by number.
    columns : tuple of int
        Places of entailment and its opposite among the logits.

    Raises
    ------
    InputError
        Where the configuration does not say which label is entailment.
    FramingError
        Where files are missing or damaged.
    """
    from transformers import AutoConfig, AutoTokenizer, PreTrainedConfig

    path, options = _locate(source)
    with _named(source):
        facts, _ = PreTrainedConfig.get_config_dict(path, **options)
        if "model_type" not in facts:  # where the file is missing this is an empty dict, not an error
            raise OSError("expected a config.json that names a model_type, found none.")
        labels, columns = _read_labels(facts, source.name)
        tokenizer = AutoTokenizer.from_pretrained(path, trust_remote_code=False, **options)
        return AutoConfig.from_pretrained(path, trust_remote_code=False, **options), tokenizer, labels, columns


def load_model(source: ModelSource, labels: dict[int, str], attention: str | None = None) -> Any:
    """Load a model whose outputs have these labels.

    Parameters
    ----------
    source : ModelSource
        Where the files are.
    labels : dict of int to str
        Labels by number.
    attention : str, optional
        How attention is computed: `eager` can be exported; by default what is fast.

    Returns
    -------
    PreTrainedModel
        In float32 and evaluation mode.

    Raises
    ------
    InputError
        Where it holds no trained classifier.
    FramingError
        Where files are missing or damaged.
    """
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
            attn_implementation=attention,
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


def read_max_tokens(config: Any, tokenizer: Any) -> int:
    """Read the longest pair in tokens.

    Parameters
    ----------
    config : PreTrainedConfig
        Of the model.
    tokenizer : PreTrainedTokenizer
        Its tokenizer.

    Returns
    -------
    int
        The smaller of the limits of the tokenizer and of the table of positions.
    """
    positions = getattr(config, "max_position_embeddings", None)
    positions = positions if isinstance(positions, int) and positions > 0 else None
    if tokenizer.model_max_length < _UNSET_LENGTH:
        return int(min(tokenizer.model_max_length, positions or tokenizer.model_max_length))
    return positions - _OFFSET if positions else _USUAL_LENGTH
