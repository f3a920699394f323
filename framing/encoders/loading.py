"""Models of sentence-transformers, loaded from a folder or a hub; no code of theirs is run."""

from __future__ import annotations

from logging import ERROR, getLogger
from pathlib import Path
from typing import Any

from framing.encoders.prompts import find_prompt, split_name
from framing.encoders.weights import ModelSource
from framing.errors import FramingError, InputError

__all__ = ["load_pooled", "load_sentence_model", "load_transformer", "local_folder", "prompt_of"]

_PROMPT = "framing"  # name of the prompt that is used
_FILES = ("*.json", "*.txt", "*.model", "*.safetensors")  # of a model on a hub: no code, no pickles


def load_sentence_model(source: ModelSource) -> Any:
    """Load a sentence-transformers model.

    Parameters
    ----------
    source : ModelSource
        Where its files are.

    Returns
    -------
    SentenceTransformer
        In evaluation mode, on the GPU where there is one; `encode` sets the prompt of the source before each text.

    Raises
    ------
    FramingError
        Where it cannot be loaded.
    """
    from safetensors import SafetensorError
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()
    prompt = prompt_of(source)
    logger = getLogger("sentence_transformers")
    level = logger.level
    logger.setLevel(ERROR)  # it says which prompt it found, whatever is used
    try:
        model = SentenceTransformer(
            str(local_folder(source)),
            trust_remote_code=False,
            local_files_only=True,
            device=None,
            model_kwargs={"use_safetensors": True},
        ).eval()
    except (OSError, ValueError, SafetensorError) as error:
        place = source.folder or f"the model hub as {source.hub} at {source.revision}"
        raise FramingError(f"The encoder {source.name} could not be loaded from {place}: {error}") from None
    finally:
        logger.setLevel(level)
    model.prompts, model.default_prompt_name = {_PROMPT: prompt}, _PROMPT
    return model


def load_transformer(source: ModelSource) -> tuple[Any, Any, int, str, str]:
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
    prompt : str
        Stands before each text.

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
    return model.float(), tokenizer, int(modules.max_seq_length or 512), pooling, modules.prompts[_PROMPT]


def load_pooled(folder: Path, pooling: str, *, attention: str | None = None) -> Any:
    """Load a transformer that pools its states.

    Parameters
    ----------
    folder : Path
        Of its weights and configuration.
    pooling : str
        `mean` or `cls`.
    attention : str, optional
        How attention is computed, as transformers names it: `eager` can be exported; by default what is fast.

    Returns
    -------
    Module
        In float32 and evaluation mode: `input_ids` and `attention_mask`, or None where no text is padded, to vectors in
        float32, not of unit length.

    Raises
    ------
    FramingError
        Where it cannot be loaded.
    """
    import torch
    from safetensors import SafetensorError
    from transformers import AutoModel
    from transformers.utils import logging

    class Pooled(torch.nn.Module):  # type: ignore[misc]
        def __init__(self, model: Any) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            states = self.model(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state.float()
            if pooling == "cls":
                return states[:, 0]
            if attention_mask is None:
                return states.mean(1)
            mask = attention_mask[..., None].float()
            return (states * mask).sum(1) / mask.sum(1)

    logging.disable_progress_bar()
    try:
        model = AutoModel.from_pretrained(
            str(folder), trust_remote_code=False, local_files_only=True, use_safetensors=True, dtype=torch.float32,
            attn_implementation=attention,
        )  # fmt: skip
    except (OSError, ValueError, SafetensorError) as error:
        raise FramingError(f"The encoder could not be loaded from {folder}: {error}") from None
    return Pooled(model).eval()


def prompt_of(source: ModelSource) -> str:
    """Find what stands before each text that a model reads.

    Parameters
    ----------
    source : ModelSource
        Where its files are.

    Returns
    -------
    str
        As `find_prompt` finds it; empty where there is none.

    Raises
    ------
    FramingError
        Where its files cannot be fetched.
    InputError
        Where a prompt was asked for that there is not.
    """
    return find_prompt(local_folder(source), source.prompt, name=split_name(source.name)[0])


def local_folder(source: ModelSource) -> Path:
    """Find the files of a model on this machine, fetched from its hub where they are not here yet.

    Parameters
    ----------
    source : ModelSource
        Where its files are.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    FramingError
        Where they cannot be fetched.
    """
    if source.folder is not None:
        return source.folder
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(str(source.hub), revision=source.revision, allow_patterns=list(_FILES)))
    except (OSError, ValueError) as error:
        raise FramingError(
            f"The encoder {source.name} could not be loaded from the model hub as {source.hub} at {source.revision}: "
            f"{error}"
        ) from None
