"""How an encoder is built, as the files of its folder say: the tokens that it reads, and how it pools its states."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from framing.encoders.windows import read_json, read_window

__all__ = ["STATIC_VECTORS", "Layout", "StaticLayout", "read_layout"]

STATIC_VECTORS = "embedding.weight"  # their name in the file of weights

_ARCHITECTURES = ("albert", "bert", "camembert", "distilbert", "electra", "mpnet", "roberta", "xlm-roberta")
_READ = ("F16", "F32")
_LARGEST = 1_900_000_000  # bytes of weights; a file of ONNX holds less than 2 GiB


@dataclass(frozen=True)
class Layout:
    """A transformer whose states are pooled, and nothing else.

    Attributes
    ----------
    folder : Path
        Of the transformer's weights and configuration.
    tokenizer : Path
        The file of its tokenizer.
    most : int
        Tokens that it reads at once, those that the tokenizer adds included.
    pooling : {"mean", "cls"}
        Mean of the states, or the first.
    prompt : str
        Stands before each text.
    padding : int
        Token after the end of a text.
    width : int
        Of a state.
    """

    folder: Path
    tokenizer: Path
    most: int
    pooling: Literal["mean", "cls"]
    prompt: str
    padding: int
    width: int


@dataclass(frozen=True)
class StaticLayout:
    """A vector for each token, and their mean.

    Attributes
    ----------
    weights : Path
        The file of the vectors.
    tokenizer : Path
        The file of the tokenizer.
    """

    weights: Path
    tokenizer: Path


def read_layout(folder: Path, prompt: str = "") -> Layout | StaticLayout | str:
    """Read how a folder of sentence-transformers is built.

    Parameters
    ----------
    folder : Path
        Folder of the model.
    prompt : str
        Stands before each text.

    Returns
    -------
    Layout or StaticLayout or str
        Words where it is built in another way: why only sentence-transformers itself can compute it.
    """
    modules = read_json(folder / "modules.json")
    if not isinstance(modules, list) or not modules:
        return "it lists no modules"
    kinds = [str(module.get("type", "")).rpartition(".")[2] for module in modules]
    places = [folder / str(module.get("path", "")) for module in modules]
    if kinds[-1] == "Normalize":
        kinds.pop()
    if kinds == ["StaticEmbedding"]:
        layout = StaticLayout(places[0] / "model.safetensors", places[0] / "tokenizer.json")
        if prompt or not layout.tokenizer.is_file() or not _has_vectors(layout.weights):
            return "it has a prompt, or model.safetensors does not hold one vector for each token"
        return layout
    if kinds != ["Transformer", "Pooling"]:
        return f"it consists of {', '.join(kinds)}, where a transformer and its pooling are expected"
    return _read_transformer(folder, places[0], places[1], prompt)


def _has_vectors(weights: Path) -> bool:
    """Whether a file holds the vectors of tokens in a format that numpy reads."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(str(weights), framework="numpy") as values:
            return list(values.keys()) == [STATIC_VECTORS] and values.get_slice(STATIC_VECTORS).get_dtype() in _READ
    except (OSError, SafetensorError):
        return False  # what is wrong says the library that loads it then


def _read_transformer(folder: Path, place: Path, pooling_place: Path, prompt: str) -> Layout | str:
    config = read_json(place / "config.json")
    if config.get("model_type") not in _ARCHITECTURES:
        return f"its architecture is {config.get('model_type')!r}, none of {', '.join(_ARCHITECTURES)}"
    pooling = _read_pooling(read_json(pooling_place / "config.json"))
    if pooling is None:
        return "its pooling is neither the mean nor the first state"
    window = read_window(folder, prompt)
    if place != folder or window is None or window.most is None:
        return "its files do not say how it makes tokens of a text"
    padding, width = config.get("pad_token_id"), config.get("hidden_size", config.get("dim"))
    if not isinstance(padding, int) or not isinstance(width, int):
        return "its configuration names no token for padding, or no width"
    if (place / "model.safetensors").stat().st_size > _LARGEST:
        return "its weights are larger than a file of ONNX can be"
    return Layout(place, folder / "tokenizer.json", window.most, pooling, prompt, padding, width)


def _read_pooling(config: dict[str, Any]) -> Literal["mean", "cls"] | None:
    """The pooling that a configuration names, in the words of old versions or new ones."""
    if not config.get("include_prompt", True):
        return None
    named: object = config.get("pooling_mode")
    if named is None:
        chosen = [name for name, value in config.items() if name.startswith("pooling_mode_") and value is True]
        named = {"pooling_mode_mean_tokens": "mean", "pooling_mode_cls_token": "cls"}.get("+".join(chosen))
    return "mean" if named == "mean" else "cls" if named == "cls" else None
