"""`framing init`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from framing.cli.options import say
from framing.errors import InputError
from framing.project import MARKER, project_root
from framing.template import Layout, lay_out_project

__all__ = ["init"]


def init(
    folder: Annotated[
        Path | None, typer.Argument(help="A new or empty folder, or a project; with --update this project")
    ] = None,
    update: Annotated[bool, typer.Option("--update", help="Bring a project up to date; FOLDER must be one")] = False,
    sample: Annotated[
        bool | None, typer.Option("--sample/--empty", help="With or without the sample corpus and its report")
    ] = None,
    restore: Annotated[bool, typer.Option("--restore", help="Lay out again what was deleted")] = False,
) -> None:
    """Lay out a project of your own in FOLDER, or bring one up to date; what you changed is never overwritten."""
    if folder is None:
        if not update:
            raise InputError("FOLDER: name a new or empty folder; or update the project that you are in: --update.")
        folder = project_root()
    if update and not (folder / MARKER).is_file():
        raise InputError(f"{folder} was not laid out by `framing init`: it has no {MARKER.as_posix()}.")
    layout = lay_out_project(folder, sample=sample, restore=restore)
    _show(layout)
    variable = os.environ.get("FRAMING_PROJECT", "")
    if variable and Path(variable).resolve() != folder.resolve():
        say(f"FRAMING_PROJECT names another project, which commands use: {variable}")
    typer.echo(str(folder))


def _show(layout: Layout) -> None:
    """What was done, on standard error."""
    if layout.is_new:
        say(f"{len(layout.written)} files laid out; README.md says how to go on")
    else:
        for name in layout.written:
            say(f"new: {name}")
    for name in layout.updated:
        say(f"updated: {name}")
    for name, beside in layout.beside.items():
        say(f"changed by you, kept: {name}; the new version is beside it: {beside}")
    for name in layout.kept:
        say(f"changed by you, kept: {name}")
    for name in layout.absent:
        say(f"deleted by you: {name} (--restore lays it out again)")
    if not layout.is_new and not (layout.written or layout.updated or layout.beside):
        say("up to date")
