"""The codebook that a command's options ask for."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, cast, get_args

import typer

from framing.codebook import Codebook, read_codebook
from framing.codebook.drafts import check_written
from framing.defaults import Unit
from framing.errors import InputError
from framing.project import named_file

__all__ = ["UnitOption", "open_codebook"]

UnitOption = Annotated[
    str, typer.Option("--unit", help="passage, or document: documents as a whole (else as the codebook says)")
]


def open_codebook(file: Path, *, unit: str = "", option: str = "--unit", draft: bool = False) -> Codebook:
    """Read a codebook.

    Parameters
    ----------
    file : Path
        A file, or the name of one in seeds/ without its ending.
    unit : str, default ""
        The unit that an option asks for, which wins over the codebook's own.
    option : str, default "--unit"
        That option.
    draft : bool, default False
        Whether it may be a draft that a person has not finished.

    Returns
    -------
    Codebook
        The codebook.

    Raises
    ------
    InputError
        If the file is missing or wrong, or there is no such unit.
    """
    if unit not in ("", *get_args(Unit)):
        raise InputError(f"{option} {unit}: choose {' or '.join(get_args(Unit))}.")
    if not file.suffix and not file.exists() and file.name == str(file):
        file = named_file("seeds", file.name, ".yaml", kind="codebook")
    book = read_codebook(file).with_unit(cast(Unit, unit))
    return book if draft else check_written(book)
