"""The smallest real things that tests share: a codebook of three frames, a static sentence encoder."""

from __future__ import annotations

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


def codebook(*frames: dict[str, Any], multi_label: bool = False):
    """One frame a passage by default: then no background prose needs encoding."""
    from framing.codebook import Codebook

    listed = frames or (frame("war", WAR), frame("trade", TRADE), frame("sport", SPORT))
    return Codebook(codebook="tiny", version="1.0.0", description="Topics.", multi_label=multi_label, frames=listed)


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
