"""Where a project and its cache are, the files of a project by name, and the environment that says so."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from framing.errors import InputError

__all__ = ["cache_folder", "changed_environment", "corpus_folder", "named_file", "project_root"]


def project_root() -> Path:
    """Folder that holds corpora/ and seeds/: FRAMING_PROJECT, else the nearest one upwards from here."""
    named = os.environ.get("FRAMING_PROJECT")
    if named:
        root = Path(named)
        if not root.is_dir():
            raise InputError(f"FRAMING_PROJECT names {named}, which is not a folder.")
        return root.resolve()
    here = Path.cwd().resolve()
    for folder in (here, *here.parents):
        if (folder / "corpora").is_dir() and (folder / "seeds").is_dir():
            return folder
    raise InputError(
        f"No project here: neither {here} nor a folder above it holds corpora/ and seeds/. "
        "Change into your clone of framing, or set FRAMING_PROJECT to it."
    )


def named_file(folder: str, name: str, suffix: str, *, kind: str) -> Path:
    """Path of `<root>/<folder>/<name><suffix>`; raises `InputError` listing the names there are."""
    home = project_root() / folder
    path = home / f"{name}{suffix}"
    if not _is_name(name) or not path.is_file():
        known = sorted(item.name.removesuffix(suffix) for item in home.glob(f"*{suffix}"))
        raise InputError(f"There is no {kind} {name!r} in {folder}/. There are: {', '.join(known) or 'none'}.")
    return path


def corpus_folder(name: str) -> Path:
    """Folder of a corpus by name; raises `InputError` listing the corpora there are."""
    home = project_root() / "corpora"
    if not _is_name(name) or not (home / name / "corpus.yaml").is_file():
        known = sorted(item.parent.name for item in home.glob("*/corpus.yaml"))
        raise InputError(f"There is no corpus {name!r} in corpora/. There are: {', '.join(known) or 'none'}.")
    return home / name


def cache_folder() -> Path:
    """Where embeddings and prepared tables are kept: FRAMING_CACHE, else the user's cache folder."""
    named = os.environ.get("FRAMING_CACHE")
    if named:
        return Path(named)
    from platformdirs import user_cache_path

    return user_cache_path("framing", appauthor=False)


@contextmanager
def changed_environment(**values: str) -> Iterator[None]:
    """Set environment variables within a block, for this process and those that it starts; restored afterwards."""
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


def _is_name(name: str) -> bool:
    return len(name) <= 100 and name.replace("-", "").replace("_", "").isalnum() and name.isascii()
