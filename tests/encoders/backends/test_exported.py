"""Exports and compiled models: kept whole, made again where they are damaged, by several writers at once."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from framing.encoders.backends import exported
from framing.encoders.backends.exported import compile_openvino, export_encoder
from framing.encoders.backends.kept_files import find_kept, keep_file, kept_folder
from framing.encoders.backends.layout import Layout, read_layout
from framing.encoders.sentence import SentenceEncoder
from tests.tiny import transformer_model

TEXTS = ["missile talks", "grain of winter"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return transformer_model(tmp_path_factory.mktemp("exported") / "bert", seed=5)


@pytest.fixture
def layout(folder, tmp_path, monkeypatch) -> Layout:
    """Of a model whose export is not there yet."""
    monkeypatch.setenv("FRAMING_CACHE", str(tmp_path / "cache"))
    read = read_layout(folder)
    assert isinstance(read, Layout)
    return read


def test_a_model_is_exported_once(layout, monkeypatch):
    first = export_encoder(layout, "model")
    monkeypatch.setattr(exported, "_write_onnx", lambda *_: pytest.fail("exported again"))
    assert export_encoder(layout, "model") == first
    assert first.parent == kept_folder("model")


@pytest.mark.parametrize("damage", [lambda path: path.write_bytes(path.read_bytes()[:5000]), Path.unlink])
def test_a_damaged_export_is_made_again(layout, damage):
    path = export_encoder(layout, "model")
    content = path.read_bytes()
    damage(path)
    assert find_kept(path.parent, "encoder-mean.onnx") is None
    assert export_encoder(layout, "model").read_bytes() == content


def test_an_export_that_is_cut_short_leaves_nothing(layout, monkeypatch):
    def fail(model, path, output, inputs):
        path.write_bytes(b"half")
        raise RuntimeError("stopped")

    with monkeypatch.context() as patch:
        patch.setattr(exported, "_write_onnx", fail)
        with pytest.raises(RuntimeError, match="stopped"):
            export_encoder(layout, "model")
    assert list(kept_folder("model").iterdir()) == []
    assert export_encoder(layout, "model").is_file()


def test_writers_that_meet_leave_one_whole_file(tmp_path):
    meeting = threading.Barrier(4)
    paths: list[Path] = []

    def write(path: Path, number: int) -> None:
        meeting.wait()  # all have found nothing, and write at once
        path.write_bytes(bytes([number]) * 1_000_000)

    def run(number: int) -> None:
        paths.append(keep_file(tmp_path / "made", "model.onnx", lambda path: write(path, number % 2)))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(paths) == 4
    assert all(set(path.read_bytes()) in ({0}, {1}) and path.stat().st_size == 1_000_000 for path in paths)
    assert find_kept(tmp_path / "made", "model.onnx") in paths


def test_what_was_replaced_long_ago_is_removed(tmp_path):
    old = keep_file(tmp_path, "model.onnx", lambda path: path.write_bytes(b"old"))
    other = keep_file(tmp_path, "other.onnx", lambda path: path.write_bytes(b"other"))
    left = tmp_path / ".model.onnx.making-x"
    left.mkdir()
    for path in (old, other, left):
        os.utime(path, (time.time() - 10**6,) * 2)
    new = keep_file(tmp_path, "model.onnx", lambda path: path.write_bytes(b"new"))
    assert {path for path in tmp_path.iterdir() if path.suffix != ".json"} == {new, other}


def test_a_compiled_model_is_read_and_where_it_is_damaged_compiled_again(layout, monkeypatch):
    import openvino

    onnx = export_encoder(layout, "model")
    tokens = {name: np.ones((2, 5), dtype=np.int64) for name in ("input_ids", "attention_mask")}

    def compute() -> np.ndarray:
        request = compile_openvino(onnx, "float32", streams=1).create_infer_request()
        request.infer(tokens)
        return request.get_output_tensor(0).data.copy()

    first = compute()
    (blob,) = onnx.parent.glob("*.blob")
    with monkeypatch.context() as patch:
        patch.setattr(openvino.Core, "compile_model", lambda *_: pytest.fail("compiled again"))
        np.testing.assert_array_equal(compute(), first)
    for damaged in (b"", blob.read_bytes()[:-2000], b"x" * blob.stat().st_size):
        blob.write_bytes(damaged)
        np.testing.assert_array_equal(compute(), first)


def test_a_compiled_model_of_another_build_is_compiled_again(layout, monkeypatch):
    import openvino

    onnx = export_encoder(layout, "model")
    compile_openvino(onnx, "float32", streams=1)

    def refuse(*_):
        raise RuntimeError("another build")

    monkeypatch.setattr(openvino.Core, "import_model", refuse)
    assert compile_openvino(onnx, "float32", streams=1).inputs


def test_an_encoder_whose_export_was_damaged_computes_the_same(folder, layout):
    first = SentenceEncoder(str(folder), backend="onnxruntime").encode(TEXTS)
    (onnx,) = (path for path in kept_folder(SentenceEncoder(str(folder)).source.fingerprint).glob("*.onnx"))
    onnx.write_bytes(b"")
    np.testing.assert_array_equal(SentenceEncoder(str(folder), backend="onnxruntime").encode(TEXTS), first)
