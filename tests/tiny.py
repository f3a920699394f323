"""The smallest real things that tests share: a codebook of three frames, a static sentence encoder."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

WAR = [
    "Missiles hit the port before dawn and soldiers advanced.",
    "Artillery fire killed two soldiers near the front line.",
    "Drones attacked the airfield overnight.",
]
TRADE = [
    "Exports of steel fell after new tariffs.",
    "The trade deficit grew as imports rose.",
    "A tariff of ten per cent was put on wine.",
]
SPORT = [
    "The striker scored twice in the final.",
    "The marathon was won in record time.",
    "The team lost on penalties.",
]
PASSAGES = [
    "Tanks crossed the river under heavy fire.",
    "Wine exports to the neighbouring country rose by a tenth.",
    "She won the hundred metres at the championships.",
]
WORDS = ["[UNK]", "missile", "talks", "ships", "grain", "winter", "the", "of"]


def frame(name: str, seeds: list[str], **more: Any) -> dict[str, Any]:
    return {"id": name, "name": name.title(), "definition": f"Passages about {name}.", "seeds": seeds, **more}


def codebook(*frames: dict[str, Any], multi_label: bool = False, **more: Any):
    """One frame a passage by default: then no background prose needs encoding."""
    from framing.codebook import Codebook

    listed = frames or (frame("war", WAR), frame("trade", TRADE), frame("sport", SPORT))
    fixed = {"codebook": "tiny", "version": "1.0.0", "description": "Topics."}
    return Codebook(**fixed, multi_label=multi_label, frames=listed, **more)


def codebook_file(folder: Path, *, multi_label: bool = False) -> Path:
    import json

    path = folder / "tiny.yaml"  # JSON is YAML
    path.write_text(json.dumps(codebook(multi_label=multi_label).model_dump(mode="json")), encoding="utf-8")
    return path


def static_model(folder: Path, *, dense: int | None = None) -> Path:
    """A sentence-transformers folder of a few kilobytes; `dense` adds a module drawn with that seed."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Dense, StaticEmbedding
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace

    tokenizer = Tokenizer(WordLevel({word: number for number, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    weights = np.random.default_rng(0).normal(size=(len(WORDS), 8)).astype(np.float32)
    modules: list[Any] = [StaticEmbedding(tokenizer, embedding_weights=weights)]
    if dense is not None:
        with torch.random.fork_rng():
            torch.manual_seed(dense)
            modules.append(Dense(8, 4))
    SentenceTransformer(modules=modules, device="cpu").save(str(folder), create_model_card=False)
    return folder


def transformer_model(
    folder: Path, kind: str = "bert", *, layers: int = 3, pooling: str = "mean", seed: int = 0, extra: str = ""
) -> Path:
    """A sentence-transformers folder with an untrained transformer that knows the words of this module and `extra`.

    `kind` is bert, roberta or mpnet; distilbert is one whose layers lie elsewhere.
    """
    import torch
    import transformers
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.normalizers import Lowercase
    from tokenizers.pre_tokenizers import Whitespace
    from tokenizers.processors import BertProcessing

    splitter = Whitespace()
    seen = [*WAR, *TRADE, *SPORT, *PASSAGES, "Passages about war, trade and sport.", " ".join(WORDS[1:]), extra]
    words = dict.fromkeys(word for text in seen for word, _ in splitter.pre_tokenize_str(text.lower()))
    vocabulary = {word: number for number, word in enumerate(["[CLS]", "[PAD]", "[SEP]", "[UNK]", *words])}
    inner = Tokenizer(WordLevel(vocabulary, unk_token="[UNK]"))
    inner.normalizer, inner.pre_tokenizer = Lowercase(), splitter
    inner.post_processor = BertProcessing(("[SEP]", 2), ("[CLS]", 0))
    special = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_object=inner, model_max_length=64, **special)
    sizes: dict[str, Any] = {
        "vocab_size": len(vocabulary), "hidden_size": 32, "num_hidden_layers": layers, "num_attention_heads": 2,
        "intermediate_size": 64, "max_position_embeddings": 72, "initializer_range": 0.2, "pad_token_id": 1,
    }  # fmt: skip
    if kind == "distilbert":
        renamed = {"hidden_size": "dim", "num_hidden_layers": "n_layers", "num_attention_heads": "n_heads"}
        sizes = {{**renamed, "intermediate_size": "hidden_dim"}.get(name, name): size for name, size in sizes.items()}
    name = {"bert": "Bert", "roberta": "Roberta", "mpnet": "MPNet", "distilbert": "DistilBert"}[kind]
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = getattr(transformers, f"{name}Model")(getattr(transformers, f"{name}Config")(**sizes))
    plain = folder.with_name(f"{folder.name}-plain")
    model.save_pretrained(plain)
    tokenizer.save_pretrained(plain)
    first = Transformer(str(plain), max_seq_length=48)
    modules: list[Any] = [first, Pooling(32, pooling_mode=pooling)]
    SentenceTransformer(modules=modules, device="cpu").save(str(folder), create_model_card=False)
    return folder


@cache
def _direction(word: str) -> np.ndarray:
    return np.random.default_rng(zlib.crc32(word.encode())).normal(size=64)


class WordEncoder:
    """Texts as unit vectors of their words, each word a random direction of its own: fast, and no model."""

    name, fingerprint, dtype, tunable, source = "words", "words-1", "float32", False, None

    def encode(self, texts: Sequence[str], *, progress: str = "") -> np.ndarray:
        found = np.zeros((len(texts), 64), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in text.lower().split():
                found[row] += _direction(word)
        return found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)
