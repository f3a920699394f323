"""A proof that is made in a process beside: it is waited for, says nothing, and leaves what an ordinary one leaves."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pytest

from framing.encoders.agreement import Agreement, find_proof, prove
from framing.encoders.backends import ahead, choice
from framing.encoders.backends.ahead import begin_proof, wait_for_proof
from framing.encoders.sentence import SentenceEncoder, prepare_encoder
from framing.encoders.weights import ModelSource, find_model
from tests.tiny import static_model, transformer_model


@pytest.fixture(autouse=True)
def _two_cores(monkeypatch):
    monkeypatch.setattr(ahead, "count_available_cores", lambda: 2)


def test_whoever_waits_finds_what_the_other_process_made(tmp_path):
    def prove() -> None:
        with (tmp_path / "made").open("a") as file:
            file.write("once")

    begin_proof("a", prove)
    begin_proof("a", prove)  # is under way
    wait_for_proof("b")  # was never begun
    wait_for_proof("a")
    assert (tmp_path / "made").read_text() == "once"
    wait_for_proof("a")  # has ended


def test_a_proof_that_fails_says_nothing(capfd):
    def prove() -> None:
        warnings.warn("it does not agree", stacklevel=1)
        raise RuntimeError("no such operation")

    begin_proof("a", prove)
    wait_for_proof("a")
    assert capfd.readouterr() == ("", "")


def test_one_core_proves_when_it_must(tmp_path, monkeypatch):
    monkeypatch.setattr(ahead, "count_available_cores", lambda: 1)
    begin_proof("a", (tmp_path / "made").touch)
    wait_for_proof("a")
    assert not (tmp_path / "made").exists()


@pytest.fixture
def begun(monkeypatch) -> list[str]:
    """Fingerprints of the models whose proof is begun; what proves is not imported in this process."""
    models: list[str] = []

    def begin(model: str, prove: Callable[[], object]) -> None:
        models.append(model)
        begin_proof(model, prove)

    monkeypatch.setattr(choice, "begin_proof", begin)
    monkeypatch.setattr(choice, "_PROVING", frozenset())
    return models


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """A transformer that nobody has proved yet."""
    monkeypatch.setenv("FRAMING_CACHE", str(tmp_path / "cache"))
    return transformer_model(tmp_path / "bert")


@pytest.mark.parametrize("agrees", [True, False])
def test_a_proof_is_begun_for_the_first_way_that_lacks_one(folder, begun, monkeypatch, agrees):
    source, found = find_model(str(folder)), choice.ways("auto", "auto")

    def choose(source: ModelSource, *, backend: str, dtype: str) -> None:
        assert (backend, dtype) == ("auto", "auto")
        name, number_format = found[len(begun) - 1]
        way = (name, number_format, version(name))
        prove(source.fingerprint, way, lambda: Agreement(agrees, 1.0, "as in float32"))

    monkeypatch.setattr(choice, "choose_backend", choose)
    for n_begun in (1, 1 if agrees else 2):
        prepare_encoder(str(folder))
        wait_for_proof(source.fingerprint)
        assert begun == [source.fingerprint] * n_begun
    assert find_proof(source.fingerprint, *found[0]) == Agreement(agrees, 1.0, "as in float32")


def test_whoever_chooses_waits_for_the_proof_that_is_under_way(folder, monkeypatch):
    waited = []

    def wait(model: str) -> None:
        waited.append(model)
        raise RuntimeError("enough")

    monkeypatch.setattr(choice, "wait_for_proof", wait)
    encoder = SentenceEncoder(str(folder))
    with pytest.raises(RuntimeError, match="enough"):
        _ = encoder.fingerprint
    assert waited == [encoder.source.fingerprint]


def test_a_process_with_threads_of_torch_does_not_fork(folder, begun, monkeypatch):
    monkeypatch.setattr(choice, "_PROVING", frozenset({"sys"}))
    prepare_encoder(str(folder))
    assert begun == []


def test_what_needs_no_proof_and_what_is_missing_is_left_to_whoever_opens_it(tmp_path, begun):
    prepare_encoder(str(static_model(tmp_path / "static")))
    prepare_encoder(str(tmp_path / "nowhere"))
    prepare_encoder("no encoder+static")
    assert begun == []
