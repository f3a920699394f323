"""The files that are meant, and their places in the folder of a corpus."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from framing.corpus.file_kinds import is_hidden
from framing.errors import InputError

__all__ = ["list_files", "place_files"]


def list_files(places: Sequence[Path]) -> list[Path]:
    """List files, and those in folders; hidden ones are passed over.

    Parameters
    ----------
    places : sequence of Path
        Files and folders.

    Returns
    -------
    list of Path
        The files, sorted within each folder.

    Raises
    ------
    InputError
        If a place does not exist, or there is no file.
    """
    files: dict[Path, None] = {}
    for place in places:
        if place.is_dir():
            inside = [path for path in sorted(place.rglob("*")) if path.is_file()]
            files |= dict.fromkeys(path for path in inside if not _is_aside(path.relative_to(place)))
        elif place.is_file():
            files[place] = None
        else:
            raise InputError(f"There is no file or folder {place}.")
    if not files:
        raise InputError(f"{', '.join(map(str, places))} holds no file.")
    return list(files)


def _is_aside(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts) or is_hidden(path.as_posix())


def place_files(places: Sequence[Path], files: Sequence[Path]) -> dict[Path, PurePosixPath]:
    """Choose where files go below the folder of the data.

    Parameters
    ----------
    places : sequence of Path
        Files and folders as they were given.
    files : sequence of Path
        The files in them.

    Returns
    -------
    dict of Path to PurePosixPath
        Place by file. Files of a folder keep their places in it, below its name; those of one name that were given one
        by one are set apart by the names of their folders.
    """
    folders = [place for place in places if place.is_dir()]
    chosen: dict[Path, PurePosixPath] = {}
    names = Counter(path.name.casefold() for path in files)
    taken: set[str] = set()
    for path in files:
        folder = next((place for place in folders if place in path.parents), None)
        if folder is not None:
            spot = PurePosixPath(folder.resolve().name, *path.relative_to(folder).parts)
        elif names[path.name.casefold()] > 1:
            spot = PurePosixPath(path.resolve().parent.name, path.name)
        else:
            spot = PurePosixPath(path.name)
        number = 2
        while str(spot).casefold() in taken:
            spot = PurePosixPath(f"{spot.parts[0]}-{number}", *spot.parts[1:]) if len(spot.parts) > 1 else spot
            spot = PurePosixPath(str(number), spot.name) if len(spot.parts) == 1 else spot
            number += 1
        taken.add(str(spot).casefold())
        chosen[path] = spot
    return chosen
