"""How folders of sentence-transformers are read: exactly, or not at all."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from framing.encoders.backends.layout import Layout, StaticLayout, read_layout
from framing.encoders.weights import find_model
from tests.tiny import static_model, transformer_model


@pytest.fixture(scope="module")
def transformer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return transformer_model(tmp_path_factory.mktemp("layout") / "bert")


def changed(folder: Path, name: str, change: Callable[[Any], object]) -> None:
    path = folder / name
    content = json.loads(path.read_text()) if path.is_file() else {}
    change(content)
    path.write_text(json.dumps(content))


def test_the_bundled_encoder():
    folder = find_model("minilm").folder
    assert folder is not None
    assert read_layout(folder) == Layout(folder, folder / "tokenizer.json", 256, "mean", "", 0, 384)


@pytest.mark.parametrize("pooling", ["mean", "cls"])
def test_pooling_and_window_are_read(tmp_path, pooling):
    folder = transformer_model(tmp_path / "bert", pooling=pooling)
    assert read_layout(folder) == Layout(folder, folder / "tokenizer.json", 48, pooling, "", 1, 32)


def test_a_prompt_stands_before_each_text(transformer):
    layout = read_layout(transformer, "query: ")
    assert isinstance(layout, Layout)
    assert layout.prompt == "query: "


@pytest.mark.parametrize(
    ("name", "change", "reason"),
    [
        ("modules.json", lambda modules: modules.pop(), "it consists of Transformer,"),
        ("modules.json", lambda modules: modules[1].update(type="x.Dense"), "it consists of Transformer, Dense"),
        ("config.json", lambda config: config.update(model_type="t5"), "its architecture is 't5'"),
        ("config.json", lambda config: config.pop("pad_token_id"), "names no token for padding"),
        ("1_Pooling/config.json", lambda config: config.update(pooling_mode="max"), "neither the mean nor the first"),
        ("1_Pooling/config.json", lambda config: config.update(pooling_mode=["mean", "max"]), "neither the mean"),
        ("1_Pooling/config.json", lambda config: config.update(include_prompt=False), "neither the mean nor the first"),
        ("sentence_bert_config.json", lambda config: config.update(do_lower_case=True), "how it makes tokens"),
    ],
)
def test_what_is_built_otherwise_is_left_to_sentence_transformers(transformer, tmp_path, name, change, reason):
    folder = shutil.copytree(transformer, tmp_path / "changed")
    changed(folder, name, change)
    found = read_layout(folder)
    assert isinstance(found, str)
    assert reason in found


@pytest.mark.parametrize(
    ("config", "pooling"),
    [
        ({"pooling_mode_mean_tokens": True, "pooling_mode_cls_token": False}, "mean"),
        ({"pooling_mode_mean_tokens": False, "pooling_mode_cls_token": True}, "cls"),
    ],
)
def test_pooling_in_the_words_of_old_versions(transformer, tmp_path, config, pooling):
    folder = shutil.copytree(transformer, tmp_path / "old")
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(config))
    layout = read_layout(folder)
    assert isinstance(layout, Layout)
    assert layout.pooling == pooling


def test_two_poolings_at_once_are_none_of_ours(transformer, tmp_path):
    folder = shutil.copytree(transformer, tmp_path / "two")
    both = {"pooling_mode_mean_tokens": True, "pooling_mode_cls_token": True}
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(both))
    assert read_layout(folder) == "its pooling is neither the mean nor the first state"


def test_static_embeddings(tmp_path):
    folder = static_model(tmp_path / "static")
    assert read_layout(folder) == StaticLayout(folder / "model.safetensors", folder / "tokenizer.json")
    assert isinstance(read_layout(static_model(tmp_path / "dense", dense=1)), str)
    (folder / "model.safetensors").write_bytes(b"damaged")
    assert isinstance(read_layout(folder), str)


def test_a_folder_without_modules(tmp_path):
    assert read_layout(tmp_path) == "it lists no modules"
