"""The backend that is chosen: by machine, model and user, proved, with a warning where it does not agree."""

from __future__ import annotations

import itertools
import subprocess
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import pytest

from framing.encoders.backends import choice as choices
from framing.encoders.backends.choice import check_backend, ways
from framing.encoders.backends.with_torch import TorchBackend
from framing.encoders.number_format import has_bfloat16
from framing.encoders.sentence import SentenceEncoder
from framing.errors import InputError
from framing.project import cache_folder
from tests.tiny import static_model, transformer_model

TEXTS = ["missile talks", "grain of winter", "ships", "the war of the ships and talks of the winter"]
PLAIN = [("torch", "float32")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return transformer_model(tmp_path_factory.mktemp("choice") / "bert")


@pytest.fixture(autouse=True)
def _no_wish(monkeypatch):
    monkeypatch.delenv("FRAMING_BACKEND", raising=False)


@pytest.fixture
def empty_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("FRAMING_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def machine(monkeypatch):
    """A machine with or without bfloat16, OpenVINO and a GPU."""

    def make(*, bfloat16: bool = True, openvino: bool = True) -> None:
        monkeypatch.setattr(choices, "has_bfloat16", lambda: bfloat16)
        monkeypatch.setattr(choices, "has_cuda", lambda: False)
        find = choices.find_spec
        monkeypatch.setattr(choices, "find_spec", lambda name: find(name) if openvino or name != "openvino" else None)

    return make


@pytest.mark.parametrize(
    ("has", "dtype", "expected"),
    [
        ({}, "auto", ["openvino bfloat16", "torch bfloat16", "openvino float32", "torch float32"]),
        ({}, "float32", ["openvino float32", "torch float32"]),
        ({}, "bfloat16", ["openvino bfloat16", "torch bfloat16", "torch float32"]),
        ({"bfloat16": False}, "auto", ["openvino float32", "torch float32"]),
        ({"bfloat16": False}, "bfloat16", ["torch bfloat16", "torch float32"]),
        ({"openvino": False}, "auto", ["torch bfloat16", "torch float32"]),
        ({"openvino": False, "bfloat16": False}, "auto", ["torch float32"]),
    ],
)
def test_the_machine_decides(machine, has, dtype, expected):
    machine(**has)
    assert [" ".join(way) for way in ways("auto", dtype)] == expected


@pytest.mark.parametrize(
    ("backend", "expected"),
    [
        ("torch", ["torch bfloat16", "torch float32"]),
        ("onnxruntime", ["onnxruntime float32", "torch bfloat16", "torch float32"]),
        ("openvino", ["openvino bfloat16", "openvino float32", "torch bfloat16", "torch float32"]),
    ],
)
def test_a_backend_that_is_asked_for_comes_first(machine, backend, expected):
    machine()
    assert [" ".join(way) for way in ways(backend, "auto")] == expected


def test_a_gpu_is_preferred(machine, monkeypatch):
    import torch

    machine()
    monkeypatch.setattr(choices, "has_cuda", lambda: True)
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation: False)
    assert ways("auto", "auto") == PLAIN
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation: True)
    assert ways("auto", "auto") == [("torch", "bfloat16"), *PLAIN]


def test_argument_and_variable_name_a_backend(monkeypatch):
    assert check_backend("auto", "auto") == "auto"
    monkeypatch.setenv("FRAMING_BACKEND", "torch")
    assert check_backend("auto", "auto") == "torch"
    assert check_backend("onnxruntime", "auto") == "onnxruntime"
    monkeypatch.setenv("FRAMING_BACKEND", "tensor")
    with pytest.raises(InputError, match=r"There is no backend 'tensor' \(FRAMING_BACKEND\)\. Choose auto, openvino"):
        SentenceEncoder("minilm")
    with pytest.raises(InputError, match=r"There is no backend 'onnx'\. Choose auto, openvino, onnxruntime, torch"):
        SentenceEncoder("minilm", backend="onnx")
    with pytest.raises(InputError, match="onnxruntime computes in float32"):
        SentenceEncoder("minilm", backend="onnxruntime", dtype="bfloat16")


def test_a_backend_that_is_missing_says_what_to_install(machine):
    machine(openvino=False)
    with pytest.raises(InputError, match=r"The backend openvino is not installed\. Run: pip install openvino"):
        SentenceEncoder("minilm", backend="openvino")


@pytest.mark.parametrize("backend", ["openvino", "onnxruntime", "torch"])
@pytest.mark.parametrize("kind", ["bert", "mpnet"])
def test_backends_agree(tmp_path, kind, backend):
    from sentence_transformers import SentenceTransformer

    folder = transformer_model(tmp_path / kind, kind)
    encoder = SentenceEncoder(str(folder), backend=backend, dtype="float32")
    assert (encoder.backend, encoder.dtype) == (backend, "float32")
    plain = SentenceTransformer(str(folder), device="cpu").encode(TEXTS, normalize_embeddings=True)
    np.testing.assert_allclose(encoder.encode(TEXTS), plain, atol=2e-5)
    assert encoder.fingerprint.endswith(f"-{backend}-float32")


def test_static_embeddings_need_no_library_of_models(tmp_path):
    folder = static_model(tmp_path / "static")
    fast, slow = SentenceEncoder(str(folder)), SentenceEncoder(str(folder), backend="torch", dtype="float32")
    assert (fast.backend, slow.backend) == ("static", "torch")
    texts = [*TEXTS, "", "missile " * 300]
    np.testing.assert_allclose(fast.encode(texts), slow.encode(texts), atol=3e-6)
    assert not fast.encode([""]).any()
    assert fast.fingerprint != slow.fingerprint


def test_a_model_of_other_modules_is_computed_by_sentence_transformers(tmp_path):
    folder = str(static_model(tmp_path / "dense", dense=2))
    assert SentenceEncoder(folder).backend == "torch"
    with pytest.warns(UserWarning, match=r"it consists of StaticEmbedding, Dense.* instead of onnxruntime"):
        assert SentenceEncoder(folder, backend="onnxruntime").backend == "torch"


@pytest.mark.skipif(not has_bfloat16(), reason="this processor has no bfloat16")
def test_minilm_in_bfloat16_agrees_with_float32(encoder):
    from framing.encoders.agreement import PROBES

    assert (encoder.backend, encoder.dtype) == ("openvino", "bfloat16")
    exact = SentenceEncoder("minilm", dtype="float32")
    cosines = (encoder.encode(PROBES) * exact.encode(PROBES)).sum(axis=1)
    assert 0.9999 <= cosines.min() < 1.0 - 1e-6, "it was computed in bfloat16, not in float32 twice"
    assert encoder.fingerprint != exact.fingerprint


class Wrong(TorchBackend):
    """A backend whose last two numbers are exchanged."""

    def _compute(self, tokens):
        return super()._compute(tokens)[:, [*range(30), 31, 30]]


class Broken(TorchBackend):
    def __init__(self, *_):
        raise RuntimeError("no such operation")


@pytest.mark.parametrize(
    ("backend", "words"),
    [
        (Wrong, r"openvino in float32 does not agree.*the least cosine with float32 is 0\.\d{5} \(at least 0\.9995"),
        (Broken, r"openvino in float32 could not be compared.*it failed with RuntimeError: no such operation"),
    ],
)
def test_what_does_not_agree_is_not_used(folder, empty_cache, machine, monkeypatch, backend, words):
    machine(bfloat16=False)
    right = SentenceEncoder(str(folder), backend="torch").encode(TEXTS)
    monkeypatch.setattr(choices, "OnnxBackend", lambda layout, *way: backend(layout, way[-1]))
    fallen = SentenceEncoder(str(folder))
    with pytest.warns(UserWarning, match=words):
        assert fallen.backend == "torch"
    np.testing.assert_array_equal(fallen.encode(TEXTS), right)
    monkeypatch.setattr(choices, "_encode_probes", lambda _: pytest.fail("proved again"))
    with pytest.warns(UserWarning, match=words):
        assert SentenceEncoder(str(folder)).backend == "torch"


def test_where_nothing_agrees_sentence_transformers_computes(folder, empty_cache, machine, monkeypatch):
    machine(bfloat16=False, openvino=False)
    monkeypatch.setattr(choices, "TorchBackend", Wrong)
    with pytest.warns(UserWarning, match="torch in float32 does not agree"):
        vectors = SentenceEncoder(str(folder)).encode(TEXTS)
    monkeypatch.undo()
    np.testing.assert_allclose(vectors, SentenceEncoder(str(folder), dtype="float32").encode(TEXTS), atol=2e-5)


def test_the_choice_does_not_follow_the_clock(folder, empty_cache, machine, monkeypatch):
    """A machine that is busy for one minute computes as it does in any other."""
    machine(bfloat16=False)
    clock = itertools.accumulate(itertools.count(1))  # every pass takes longer than the one before
    monkeypatch.setattr(time, "perf_counter", lambda: float(next(clock)))
    assert SentenceEncoder(str(folder)).backend == "openvino"


def test_a_cache_that_cannot_be_written_leaves_torch(folder, tmp_path, machine, monkeypatch):
    machine(bfloat16=False)
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("FRAMING_CACHE", str(tmp_path / "file"))
    encoder = SentenceEncoder(str(folder))
    with pytest.warns(UserWarning, match="openvino in float32 .* its files cannot be kept"):
        assert encoder.backend == "torch"
    assert encoder.encode(TEXTS).shape == (4, 32)


@pytest.mark.parametrize("backend", ["openvino", "onnxruntime"])
def test_a_proved_encoder_does_not_import_torch(folder, backend):
    code = (
        "import sys, framing; "
        f"encoder = framing.SentenceEncoder({str(folder)!r}, backend={backend!r}); "
        "print(encoder.encode(['missile talks', 'ships']).shape, encoder.backend, "
        "sorted({'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)))"
    )
    SentenceEncoder(str(folder), backend=backend).encode(TEXTS)  # exports, and proves
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[0] == f"(2, 32) {backend} []"


def test_another_process_opens_its_own_backend(folder, monkeypatch):
    """A fork has none of the threads of the process that opened the model."""
    import os

    encoder = SentenceEncoder(str(folder))
    vectors = encoder.encode(TEXTS)
    first = encoder._open()
    monkeypatch.setattr(os, "getpid", lambda: -1)
    assert encoder._open() is not first
    np.testing.assert_array_equal(encoder.encode(TEXTS), vectors)


def test_no_warning_where_all_agrees(folder):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        SentenceEncoder(str(folder)).encode(TEXTS)
    assert (cache_folder() / "onnx" / "agreement").is_dir()
