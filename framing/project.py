"""The folder of a project, its files by name, the folder of the cache, and the environment variables for them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from framing.errors import InputError

__all__ = [
    "MARKER",
    "OUTPUT_VARIABLE",
    "cache_folder",
    "changed_environment",
    "corpus_folder",
    "data_folder",
    "is_name",
    "named_file",
    "project_root",
]

MARKER = Path(".framing", "project.json")  # what makes a folder a project, beside holding corpora/ and seeds/
OUTPUT_VARIABLE = "FRAMING_REPORT_OUTPUT"  # in a kernel: folder of the report that is being made


def project_root() -> Path:
    """Find the folder of the project: it was laid out by `framing init`, or holds corpora/ and seeds/.

    Returns
    -------
    Path
        The folder that the environment variable FRAMING_PROJECT names, else the nearest one from the current folder
        upwards.

    Raises
    ------
    InputError
        If there is none.
    """
    variable = os.environ.get("FRAMING_PROJECT")
    if variable:
        root = Path(variable)
        if not root.is_dir():
            raise InputError(f"FRAMING_PROJECT names {variable}, which is not a folder.")
        return root.resolve()
    here = Path.cwd().resolve()
    for folder in (here, *here.parents):
        if (folder / MARKER).is_file() or ((folder / "corpora").is_dir() and (folder / "seeds").is_dir()):
            return folder
    raise InputError(
        f"No project here: neither {here} nor a folder above it holds {MARKER.as_posix()}, or corpora/ and seeds/. "
        "Make one with `framing init FOLDER`, change into one, or set FRAMING_PROJECT to it."
    )


def named_file(folder: str, name: str, suffix: str, *, kind: str) -> Path:
    """Find a file of the project by its name.

    Parameters
    ----------
    folder : str
        Folder of the project.
    name : str
        Name of the file without its ending.
    suffix : str
        Ending of the file.
    kind : str
        What the file is, in an error message.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InputError
        Lists the names in the folder.
    """
    home = project_root() / folder
    path = home / f"{name}{suffix}"
    if not is_name(name) or not path.is_file():
        known = sorted(item.name.removesuffix(suffix) for item in home.glob(f"*{suffix}"))
        remedy = "" if known else f" `framing init` lays out a project with its folder {folder}/."
        raise InputError(f"There is no {kind} {name!r} in {folder}/. There are: {', '.join(known) or 'none'}.{remedy}")
    return path


def corpus_folder(name: str) -> Path:
    """Find the folder of a corpus by its name.

    Parameters
    ----------
    name : str
        Name of a folder in corpora/.

    Returns
    -------
    Path
        The folder, which holds a corpus.yaml.

    Raises
    ------
    InputError
        Lists the corpora of the project.
    """
    home = project_root() / "corpora"
    if not is_name(name) or not (home / name / "corpus.yaml").is_file():
        known = sorted(item.parent.name for item in home.glob("*/corpus.yaml"))
        raise InputError(f"There is no corpus {name!r} in corpora/. There are: {', '.join(known) or 'none'}.")
    return home / name


def cache_folder() -> Path:
    """Find the folder of the cache, for embeddings and prepared tables.

    Returns
    -------
    Path
        The folder that the environment variable FRAMING_CACHE names, else one in the cache folder of the user.
    """
    variable = os.environ.get("FRAMING_CACHE")
    if variable:
        return Path(variable)
    from platformdirs import user_cache_path

    return user_cache_path("framing", appauthor=False)


def data_folder() -> Path | None:
    """Folder of the data that the environment variable FRAMING_DATA names.

    Returns
    -------
    Path or None
        None where the variable is not set or empty.
    """
    name = os.environ.get("FRAMING_DATA")
    return Path(name) if name else None


@contextmanager
def changed_environment(**values: str) -> Iterator[None]:
    """Set environment variables for the time of a block, for this process and those that it starts.

    Parameters
    ----------
    **values : str
        Values by the names of the variables.

    Yields
    ------
    None
        While they are set; their earlier values come back afterwards.
    """
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def is_name(name: str) -> bool:
    """Check whether a text can be the name of a corpus, codebook, report or notebook.

    Parameters
    ----------
    name : str
        Any text.

    Returns
    -------
    bool
        True for ASCII letters, digits, - and _, of which one is a letter or digit, at most a hundred.
    """
    return len(name) <= 100 and name.replace("-", "").replace("_", "").isalnum() and name.isascii()
