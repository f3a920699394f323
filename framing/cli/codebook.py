"""`framing codebook check`."""

from __future__ import annotations

import re
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
from framing.errors import InputError

__all__ = ["check"]


def check(
    file: Annotated[Path, typer.Argument(help="Codebook file")],
    encoder: EncoderOption = DEFAULT_ENCODER,
    other: Annotated[Path | None, typer.Option("--against", help="An earlier version to compare with")] = None,
    frame: Annotated[
        list[str] | None, typer.Option("--frame", help="Show the remarks on this frame alone (may be repeated)")
    ] = None,
) -> None:
    """Check a codebook: its form, stray seeds, frames that cannot be distinguished."""
    book = open_codebook(file, draft=True)
    for name in frame or ():
        if name not in book.frame_ids:
            raise InputError(f"--frame {name}: {file} has no such frame; it has {', '.join(book.frame_ids)}.")
    if other is not None:
        typer.echo(format_changes(compare_codebooks(open_codebook(other, draft=True), book)))
    choice = choose_encoder(encoder, Work.of_codebook(book))
    if choice.sentence:
        say(choice.sentence)
    checked = check_codebook(book, open_encoder(choice.name, store=default_store()))
    shown = [problem for problem in checked.problems if not frame or _is_about(problem, frame)]
    for problem in shown:
        typer.echo(f"{file}: {problem}")
    if len(shown) < len(checked.problems):
        typer.echo(f"{len(checked.problems) - len(shown):,} remarks on other frames are not shown (leave out --frame)")
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
    if checked.unwritten:
        texts = "\n".join(checked.unwritten)
        raise InputError(f"{file} is a draft; a person has to write what is not there yet:\n{texts}")


def _is_about(problem: str, frames: list[str]) -> bool:
    """Whether a remark names one of the frames before it quotes any passage."""
    named = set(re.findall(r"[\w-]+", problem.partition("“")[0]))
    return not named.isdisjoint(frames)
