"""Models of sentence-transformers, loaded from a folder or a hub; no code of theirs is run."""

from __future__ import annotations

from typing import Any

from framing.encoders.weights import ModelSource
from framing.errors import FramingError, InputError

__all__ = ["load_sentence_model", "load_transformer"]


def load_sentence_model(source: ModelSource) -> Any:
    """Load a sentence-transformers model.

    Parameters
    ----------
    source : ModelSource
        Where its files are.

    Returns
    -------
    SentenceTransformer
        In evaluation mode, on the GPU where there is one.

    Raises
    ------
    FramingError
        Where it cannot be loaded.
    """
    from safetensors import SafetensorError
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()
    try:
        return SentenceTransformer(
            str(source.folder or source.hub),
            revision=source.revision,
            trust_remote_code=False,
            local_files_only=source.folder is not None,
            device=None,
            model_kwargs={"use_safetensors": True},
        ).eval()
    except (OSError, ValueError, SafetensorError) as error:
        place = source.folder or f"the model hub as {source.hub} at {source.revision}"
        raise FramingError(f"The encoder {source.name} could not be loaded from {place}: {error}") from None


def load_transformer(source: ModelSource) -> tuple[Any, Any, int, str]:
    """Load the transformer inside an encoder.

    Parameters
    ----------
    source : ModelSource
        Where its files are.

    Returns
    -------
    model : PreTrainedModel
        In float32.
    tokenizer : PreTrainedTokenizer
        Its tokenizer.
    max_tokens : int
        Longest text that the encoder reads.
    pooling : str
        `mean` or `cls`.

    Raises
    ------
    InputError
        Where the encoder is no transformer of embeddings and layers.
    """
    modules = load_sentence_model(source)
    model, tokenizer = getattr(modules[0], "model", None), getattr(modules[0], "tokenizer", None)
    if model is None or not hasattr(getattr(model, "encoder", None), "layer") or not hasattr(model, "embeddings"):
        raise InputError(
            f"The encoder {source.name} is no transformer of embeddings and layers, so it cannot be fine-tuned; "
            "choose strength head, or another encoder."
        )
    pooling = "cls" if "cls" in str(getattr(modules[1], "pooling_mode", "mean")) else "mean"
    return model.float(), tokenizer, int(modules.max_seq_length or 512), pooling
