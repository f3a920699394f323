"""The files that a new project gets: those of the wheel, or of the clone that the package is used from."""

from __future__ import annotations

from pathlib import Path

from framing.errors import FramingError

__all__ = ["read_template"]

_HERE = Path(__file__).parent
_BESIDE = {
    "README.md": "README.md",
    "gitignore": ".gitignore",
}  # files beside this module, and their names in a project
_SAMPLE = ("corpora/deep-strike/", "reports/sample.yaml")


def read_template(*, sample: bool = True) -> dict[str, bytes]:
    """Read the files of a new project.

    Parameters
    ----------
    sample : bool, default True
        Whether the constructed sample corpus and its report are among them.

    Returns
    -------
    dict of str to bytes
        Content by the path in the project, with slashes.

    Raises
    ------
    FramingError
        If the installation lacks them.

    Notes
    -----
    The build copies the files that `files.txt` lists, from the top of the repository, into this folder of the wheel.
    In a clone they are read from there.
    """
    patterns = (_HERE / "files.txt").read_text(encoding="utf-8").split()
    for home in (_HERE, _HERE.parents[1]):
        paths = [path for pattern in patterns for path in home.glob(pattern) if path.is_file()]
        if paths:
            found = {path.relative_to(home).as_posix(): path for path in paths}
            break
    else:
        raise FramingError("This installation of framing lacks the files of a project: install it again.")
    content = {name: (_HERE / source).read_bytes() for source, name in _BESIDE.items()}
    content |= {name: path.read_bytes() for name, path in found.items() if sample or not name.startswith(_SAMPLE)}
    return dict(sorted(content.items()))
