"""`framing codebook check`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from framing.classify.auto_encoder import choose_encoder
from framing.classify.codebook_check import check_codebook
from framing.classify.work import Work
from framing.cli.codebook_changes import format_changes
from framing.cli.codebooks import open_codebook
from framing.cli.options import DEFAULT_ENCODER, EncoderOption, say
from framing.codebook import compare_codebooks
from framing.encoders.sentence import default_store, open_encoder

__all__ = ["check"]


def check(
    file: Annotated[Path, typer.Argument(help="Codebook file")],
    encoder: EncoderOption = DEFAULT_ENCODER,
    other: Annotated[Path | None, typer.Option("--against", help="An earlier version to compare with")] = None,
) -> None:
    """Check a codebook: its form, stray seeds, frames that cannot be distinguished."""
    book = open_codebook(file)
    if other is not None:
        typer.echo(format_changes(compare_codebooks(open_codebook(other), book)))
    choice = choose_encoder(encoder, Work.of_codebook(book))
    if choice.sentence:
        say(choice.sentence)
    checked = check_codebook(book, open_encoder(choice.name, store=default_store()))
    for problem in checked.problems:
        typer.echo(f"{file}: {problem}")
    n_seeds = sum(len(frame.seeds) for frame in book.frames)
    examples = f"{len(book.examples):,} examples, " if book.examples else ""
    unit = f"unit {book.unit}; " if book.unit == "document" else ""
    size = f"{len(book.frames)} frames, {n_seeds} seeds, {examples}{len(checked.problems)} remarks"
    typer.echo(f"{book.codebook} {book.version}: {size}; {unit}hash {book.hash[:16]}")
    counts = book.count_languages()
    languages = ", ".join(f"{language} {n:,}" for language, n in counts.items())
    typer.echo(f"Languages of its seeds, counter-seeds and examples: {languages}")
    typer.echo("How well seeds find the frame they belong to (cross-validated):")
    typer.echo(checked.anchors.round(2).to_string(index=False))
