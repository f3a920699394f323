"""Checks of a folder that will be written, before any work is done for it."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path

from framing.errors import InputError

__all__ = ["check_output_folder"]


def check_output_folder(path: Path, *, corpus: Path | None = None, own: Collection[str] = ()) -> None:
    """Check that a folder can be written, and that nothing of somebody else is replaced in it.

    Parameters
    ----------
    path : Path
        The folder; it need not exist, nor those above it.
    corpus : Path or None, default None
        Folder of the corpus that is read, which would take what is written into it for texts.
    own : collection of str, default ()
        Names of files that an earlier run wrote, and that may be replaced; empty: the folder has to be new or empty.

    Raises
    ------
    InputError
        If it is a file or holds something else, lies in the corpus, or cannot be made.
    """
    if corpus is not None and path.resolve().is_relative_to(corpus.resolve()):
        raise InputError(f"--output {path} lies in the corpus {corpus}, which would read it; name a folder elsewhere.")
    there = next(folder for folder in (path, *path.absolute().parents) if folder.exists())
    if not there.is_dir():
        raise InputError(f"--output {path}: {there} is a file; expected a new or empty folder.")
    if not os.access(there, os.W_OK | os.X_OK):
        raise InputError(f"--output {path}: {there} cannot be written; name a folder elsewhere.")
    if there.absolute() != path.absolute():
        return
    others = sorted(item.name for item in path.iterdir() if item.name not in own or item.is_dir())
    if others:
        reason = f" (it holds {others[0]}, which is not of an earlier run)" if own else ""
        raise InputError(f"--output {path}: expected a new or empty folder; choose another one{reason}.")
