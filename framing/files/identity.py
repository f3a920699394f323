"""Identity of what is behind a result: hashes of files and of the source, and versions of the libraries."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

__all__ = ["code_hash", "describe_installed", "file_sha256", "hash_content", "library_versions", "package_hash"]

_LIBRARIES = (
    "framing", "numpy", "pandas", "scikit-learn", "scipy", "torch", "transformers", "sentence-transformers",
    "openvino", "onnxruntime", "sentencex", "py3langid", "altair", "papermill",
)  # fmt: skip


def library_versions() -> dict[str, str]:
    """Look up the version of each library that numbers may depend on.

    Returns
    -------
    dict of str to str
        Versions by name, without libraries that are not installed. One that is changed in place without a new version
        is not seen.
    """
    versions = {}
    for name in _LIBRARIES:
        with suppress(PackageNotFoundError):
            versions[name] = version(name)
    return versions


def describe_installed() -> str:
    """Hash the names and versions of all installed distributions, and the version of Python.

    Returns
    -------
    str
        sha256, 64 hexadecimal digits. Another version of any distribution gives another; one that is changed in place
        without a new version is not seen.
    """
    names = {
        item.name
        for folder in map(Path, sys.path)
        if folder.is_dir()
        for item in folder.iterdir()
        if item.suffix in (".dist-info", ".egg-info")
    }
    return hashlib.sha256("\n".join([sys.version, *sorted(names)]).encode()).hexdigest()


def file_sha256(path: Path) -> str:
    """Hash of a file.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    str
        sha256 of its bytes, in hexadecimal digits.
    """
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def hash_content(content: object) -> str:
    """Hash a value that JSON can represent.

    Parameters
    ----------
    content : object
        The value.

    Returns
    -------
    str
        sha256 of its canonical JSON, 64 hexadecimal digits.
    """
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def code_hash(parts: Iterable[str], *, package: str = "framing") -> str:
    """Hash the source and data files of some parts of the package.

    Parameters
    ----------
    parts : iterable of str
        Modules, packages or folders below `package`, with dots: `corpus`, `classify.frozen`. Of a package or folder
        every file counts, its data files too.
    package : str, default "framing"
        The package that holds them.

    Returns
    -------
    str
        sha256, 64 hexadecimal digits; the order of the parts does not matter.

    Raises
    ------
    ValueError
        If there is no such part.

    Notes
    -----
    As part of the key of a cached table, the hash ensures that no table outlives the code that made it. It is over
    parts that are named: code that is added elsewhere changes no key.
    """
    content = hashlib.sha256()
    for part in sorted(set(parts)):
        for name, file in _find_files(part, package):
            source = file.read_bytes()
            content.update(f"{name}\x1f{len(source)}\x1f".encode())
            content.update(source)
    return content.hexdigest()


def package_hash(*, without: Iterable[str] = (), package: str = "framing") -> str:
    """Hash all source and data files of the package.

    Parameters
    ----------
    without : iterable of str, default ()
        Modules and packages directly below `package` that do not count.
    package : str, default "framing"
        The package.

    Returns
    -------
    str
        sha256, 64 hexadecimal digits.
    """
    left_out = {f"{package}/{name}" for name in without}
    content = hashlib.sha256()
    for name, file in sorted(_walk(files(package), package), key=lambda item: item[0]):
        if name.removesuffix(".py") in left_out or any(name.startswith(f"{part}/") for part in left_out):
            continue
        source = file.read_bytes()
        content.update(f"{name}\x1f{len(source)}\x1f".encode())
        content.update(source)
    return content.hexdigest()


def _find_files(part: str, package: str) -> list[tuple[str, Traversable]]:
    """Name and path of every file of a part, sorted by name."""
    root = files(package)
    *parents, last = part.split(".")
    if all(name.isidentifier() for name in (*parents, last)):
        folder = root.joinpath(*parents)
        module = folder / f"{last}.py"
        if module.is_file():
            return [(f"{part}.py", module)]
        if (folder / last).is_dir():
            return sorted(_walk(folder / last, part), key=lambda item: item[0])
    raise ValueError(f"There is no module or package {package}.{part}.")


def _walk(folder: Traversable, name: str) -> Iterator[tuple[str, Traversable]]:
    for item in folder.iterdir():
        if item.is_dir() and item.name != "__pycache__":
            yield from _walk(item, f"{name}/{item.name}")
        elif item.is_file():
            yield f"{name}/{item.name}", item
