"""The proof that a way of computing agrees with float32."""

from __future__ import annotations

import json

import numpy as np
import pytest

from framing.encoders import agreement
from framing.encoders.agreement import (
    LEAST_COSINE,
    PROBES,
    Agreement,
    compare_vectors,
    first_that_agrees,
    prove,
    unit_length,
)
from framing.project import cache_folder


@pytest.fixture(autouse=True)
def empty_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("FRAMING_CACHE", str(tmp_path / "cache"))


def draw(n: int = 24, width: int = 64) -> np.ndarray:
    return unit_length(np.random.default_rng(3).normal(size=(n, width)).astype(np.float32))


def test_the_probes_are_of_many_lengths_and_scripts():
    lengths = [len(text.split()) for text in PROBES]
    assert (len(set(PROBES)), min(lengths)) == (24, 1)
    assert max(lengths) > 120
    for letter in "д部ق“é":
        assert any(letter in text for text in PROBES)


def test_equal_vectors_agree():
    assert compare_vectors(draw(), draw()).agrees


@pytest.mark.parametrize(("error", "agrees"), [(0.001, True), (0.01, False)])
def test_a_vector_that_is_turned_too_far_disagrees(error, agrees):
    exact = draw()
    other = exact.copy()
    other[5] += error * 8 * draw(24)[0] / 2
    made = compare_vectors(exact, unit_length(other))
    assert made.agrees is agrees
    assert (made.measure >= LEAST_COSINE) is agrees


def test_another_nearest_neighbour_disagrees_however_close_the_vectors_are():
    exact = np.zeros((3, 10_000), dtype=np.float32)
    exact[0, 0] = exact[1, 1] = exact[2, 2] = 1
    exact[0, 1], exact[0, 2] = 0.5, 0.49
    exact = unit_length(exact)
    other = exact.copy()
    other[0, 1], other[0, 2] = other[0, 1] - 0.012, other[0, 2] + 0.012
    made = compare_vectors(exact, unit_length(other))
    assert not made.agrees
    assert made.measure >= LEAST_COSINE
    assert made.words.endswith("1 have another nearest neighbour (0 expected)")


def test_texts_without_a_vector_are_equal_and_not_a_number_is_not():
    exact = draw()
    exact[2] = 0
    assert compare_vectors(exact, exact.copy()).agrees
    broken = exact.copy()
    broken[4] = np.nan
    assert compare_vectors(exact, broken).words == "it makes vectors that are not numbers"
    assert compare_vectors(exact, exact[:, :9]).words == "its vectors have 9 columns, not 64"


@pytest.mark.parametrize("made", [Agreement(True, 0.9999, "well"), Agreement(False, 0.9, "not so")])
def test_a_proof_is_made_once_for_each_way(made):
    assert prove("model", ["openvino", "bfloat16", "1"], lambda: made) == made
    assert prove("model", ["openvino", "bfloat16", "1"], lambda: pytest.fail("compared again")) == made
    other = Agreement(True, 1.0, "")
    for model, way in (("other", ["openvino", "bfloat16", "1"]), ("model", ["openvino", "bfloat16", "2"])):
        assert prove(model, way, lambda: other) == other


def test_another_processor_proves_anew(monkeypatch):
    assert prove("model", ["torch"], lambda: Agreement(True, 1.0, "")).agrees
    monkeypatch.setattr("framing.encoders.agreement.describe_processor", lambda: "another")
    assert not prove("model", ["torch"], lambda: Agreement(False, 0.5, "")).agrees


@pytest.mark.parametrize("content", ["", "{", "[]", '{"agrees": true}', '{"agrees": "yes", "measure": 1, "words": ""}'])
def test_a_damaged_proof_is_made_again(content):
    prove("model", ["torch"], lambda: Agreement(True, 1.0, ""))
    (path,) = (cache_folder() / "onnx" / "agreement").iterdir()
    path.write_text(content)
    assert prove("model", ["torch"], lambda: Agreement(True, 0.99999, "")).measure == 0.99999
    assert json.loads(path.read_text())["measure"] == 0.99999


def test_an_unwritable_cache_costs_a_proof_and_nothing_else(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("FRAMING_CACHE", str(tmp_path / "file"))
    assert prove("model", ["torch"], lambda: Agreement(True, 1.0, "")).agrees


@pytest.mark.parametrize("error", [RuntimeError("CUDA out of memory"), MemoryError("short"), ImportError("no such")])
def test_what_could_not_be_compared_is_tried_again_by_the_next_run(monkeypatch, error):
    calls: list[str] = []

    def open_way(backend, dtype):
        calls.append(backend)
        if len(calls) == 1:
            raise error
        return "opened"

    def choose():
        ways = [("torch", "bfloat16")]
        return first_that_agrees("m", "model", ways, open_way, lambda: 1, lambda *_: Agreement(True, 1.0, ""))

    for _ in range(2):  # one run computes in one way
        with pytest.warns(UserWarning, match=rf"torch in bfloat16 could not be compared .*: {error}\. The next run"):
            assert choose() == (None, [])
    assert calls == ["torch"]
    assert not (cache_folder() / "onnx").exists()
    monkeypatch.setattr(agreement, "_FAILED", {})  # as in another process
    assert choose() == (("torch", "bfloat16"), ["opened"])


def test_a_measured_disagreement_is_kept(monkeypatch):
    def choose(open_way):
        measured = Agreement(False, 0.5, "the least cosine is 0.5")
        return first_that_agrees("m", "model", [("torch", "bfloat16")], open_way, lambda: 1, lambda *_: measured)

    for open_way in (lambda *_: "opened", lambda *_: pytest.fail("compared again")):
        monkeypatch.setattr(agreement, "_FAILED", {})
        with pytest.warns(UserWarning, match=r"does not agree with float32 and is not used: the least cosine is 0\.5"):
            assert choose(open_way)[0] is None
