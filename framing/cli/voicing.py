"""`framing voices`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from framing.cli.options import PathOption, TextOption, refusals

__all__ = ["voices"]


def voices(
    source: Annotated[
        Path,
        typer.Argument(metavar="INPUT", help="A corpus folder, or a file: csv, tsv, jsonl, parquet, xlsx, txt, html"),
    ],
    output: Annotated[Path, typer.Option("--output", help="File to write: .csv, .jsonl or .parquet")],
    text_column: TextOption = "text",
    split: Annotated[bool, typer.Option("--split", help="Split each row into passages")] = False,
    words: Annotated[int, typer.Option("--words", help="Most words in a passage when splitting", min=10, max=400)] = 90,
    path: PathOption = "",
) -> None:
    """Who speaks in each passage: the outlet, or whom it quotes or reports. A row is a passage unless --split."""
    from framing.classified_files import check_output, read_texts, write_table
    from framing.voice.marking import mark_voices

    check_output(output)
    passages, documents, refused = read_texts(
        source, text_column=text_column, split=split, max_words=words, data_path=path
    )
    whole = split or source.is_dir()
    found = mark_voices(passages, documents if whole else None, progress="reading who speaks")
    table = passages.drop(columns=["group", "file_line", "speaker"], errors="ignore").reset_index(drop=True)
    for name in ("voice", "speaker", "speaker_group", "share_quoted", "share_reported", "n_speakers"):
        table[name] = found[name]
    write_table(table, output)
    counts = found["voice"].value_counts()
    shares = ", ".join(f"{counts.get(name, 0) / len(found):.0%} {name}" for name in ("own", "quoted", "reported"))
    typer.echo(refusals(f"{len(passages)} {'passages' if whole else 'rows'}: {shares}", refused), err=True)
    typer.echo(str(output))
