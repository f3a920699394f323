"""Large files in the cache folder that can be made again: whole, checked by their sha256 before they are used."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from framing.files.digests import stored_sha256
from framing.files.whole import remove_place, temporary_folder, write_whole
from framing.project import cache_folder

__all__ = ["find_kept", "keep_file", "kept_folder"]

_OLD = 24 * 3600  # seconds after which nobody is about to open what has been replaced


def kept_folder(fingerprint: str) -> Path:
    """Name the folder of what was made of a model.

    Parameters
    ----------
    fingerprint : str
        Of the model.

    Returns
    -------
    Path
        In the cache folder; it need not exist.
    """
    return cache_folder() / "onnx" / fingerprint


def find_kept(folder: Path, name: str) -> Path | None:
    """Find a file that was kept.

    Parameters
    ----------
    folder : Path
        Where it is.
    name : str
        Its name, with ending.

    Returns
    -------
    Path or None
        None where there is none, and where it is not what was written.
    """
    try:
        record = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        path, expected = folder / str(record["file"]), record["sha256"]
        return path if path.is_file() and stored_sha256(path) == expected else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def keep_file(folder: Path, name: str, write: Callable[[Path], None]) -> Path:
    """Keep a file in the place of one that is missing or damaged.

    Parameters
    ----------
    folder : Path
        Where it is to be; made where it is missing.
    name : str
        Its name, with ending.
    write : callable
        Writes it to a path.

    Returns
    -------
    Path
        The file. Its name contains its sha256: two writers do not meet, and the record names a whole one.

    Raises
    ------
    OSError
        Where the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with temporary_folder(folder / name) as work:
        write(work / name)
        with (work / name).open("rb") as stream:
            os.fsync(stream.fileno())
        digest = stored_sha256(work / name)
        path = folder / f"{Path(name).stem}-{digest[:16]}{Path(name).suffix}"
        (work / name).replace(path)
    write_whole(folder / f"{name}.json", json.dumps({"file": path.name, "sha256": digest}).encode("ascii"))
    for other in folder.iterdir():  # damaged ones, and what was left by a writer that was killed
        with suppress(OSError):
            if Path(name).stem in other.name and other != path and time.time() - other.stat().st_mtime > _OLD:
                remove_place(other)
    return path
