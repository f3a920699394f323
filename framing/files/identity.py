"""What made the numbers: the package's own source and the versions of the libraries beneath it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from importlib.resources.abc import Traversable

__all__ = ["code_hash", "library_versions"]

_LIBRARIES = (
    "framing", "numpy", "pandas", "scikit-learn", "scipy", "torch", "transformers", "sentence-transformers",
    "sentencex", "py3langid", "altair", "papermill",
)  # fmt: skip


def library_versions() -> dict[str, str]:
    """Version of each library that numbers may depend on."""
    found = {}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def code_hash(parts: Iterable[str], *, package: str = "framing") -> str:
    """sha256 of the source and data files of some parts of the package.

    Tables that are kept under it never outlive the code that made them. The parts are named, not what is left out: code
    that is added elsewhere changes no key.

    Parameters
    ----------
    parts : iterable of str
        Modules, packages or folders below `package`, with dots: `corpus`, `classify.frozen`. Of a package or folder
        every file counts, its data files too.
    package : str
        The package that holds them.

    Returns
    -------
    str
        64 hexadecimal digits; the order in which the parts are named does not matter.

    Raises
    ------
    ValueError
        For a part that there is not.
    """
    content = hashlib.sha256()
    for part in sorted(set(parts)):
        for name, file in _files_of(part, package):
            source = file.read_bytes()
            content.update(f"{name}\x1f{len(source)}\x1f".encode())
            content.update(source)
    return content.hexdigest()


def _files_of(part: str, package: str) -> list[tuple[str, Traversable]]:
    """Name and place of every file of a part, sorted by name."""
    home = files(package)
    *above, last = part.split(".")
    if all(name.isidentifier() for name in (*above, last)):
        folder = home.joinpath(*above)
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
