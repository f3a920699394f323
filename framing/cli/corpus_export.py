"""`framing corpus export`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from framing.cli.options import MAX_REFUSED, CorpusArgument, PathOption, WordsOption, find_corpus, say
from framing.corpus.documents import read_corpus
from framing.corpus.export import make_export_table
from framing.corpus.fingerprint import list_source_files
from framing.defaults import MAX_WORDS
from framing.errors import InputError
from framing.files.exports import check_export, write_export
from framing.files.whole import check_not_read

__all__ = ["export"]


def export(
    corpus: CorpusArgument,
    output: Annotated[Path, typer.Option("--output", help="File to write: .csv, .tsv, .jsonl, .parquet or .xlsx")],
    passages: Annotated[bool, typer.Option("--passages", help="A row a passage, instead of a document")] = False,
    words: WordsOption = MAX_WORDS,
    quarantine: Annotated[
        Path | None, typer.Option("--quarantine", help="File to write the refused rows to, with their reasons")
    ] = None,
    data_path: PathOption = "",
) -> None:
    """Write the documents of a corpus as they were read, or their passages, with all columns, as one table."""
    folder = find_corpus(corpus)
    _check_outputs(folder, output, quarantine, data_path)
    read = read_corpus(folder, data_path=data_path)
    table = make_export_table(read, passages=passages, max_words=words)
    write_export(table, output)
    if quarantine is not None:
        write_export(read.quarantine, quarantine)
        say(f"{quarantine}: {len(read.quarantine)} refused rows")
    else:
        for row in read.quarantine.head(MAX_REFUSED).itertuples():
            say(f"refused: {row.file}, line {row.line}: {row.reason}")
        if len(read.quarantine) > MAX_REFUSED:
            say(f"… and {len(read.quarantine) - MAX_REFUSED} more; --quarantine FILE writes all")
    n_rows, n_left_out = int(read.files["n_rows"].sum()), int(read.files["n_left_out"].sum())
    left_out = f" + {n_left_out} left out by where:" if n_left_out else ""
    say(f"{n_rows} rows in = {len(read.documents)} kept + {len(read.quarantine)} refused{left_out}")
    if passages:
        say(f"{len(table)} passages of {len(read.documents)} documents")
    typer.echo(str(output))


def _check_outputs(folder: Path, output: Path, quarantine: Path | None, data_path: str) -> None:
    """Refuse files that could not be written, or that would take the place of files of the corpus."""
    check_export(output)
    inputs = list_source_files(folder, data_path=data_path)
    check_not_read(output, inputs)
    if quarantine is not None:
        check_export(quarantine, argument="quarantine")
        check_not_read(quarantine, inputs, argument="quarantine")
        if quarantine.resolve() == output.resolve():
            raise InputError(f"--output and --quarantine name one file: {output}.")
