"""`framing voices`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from framing.analysis.languages import describe_voices
from framing.cli.options import OutputOption, RowOptions, count_refused, say
from framing.cli.remarks import find_lacking, say_all, say_lacking
from framing.corpus.stated_languages import find_document_languages
from framing.files.whole import check_not_read, check_output, write_table
from framing.tables import VOICE_VALUES
from framing.voice.marking import find_voice_segments, mark_voices

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["voices"]

_PROGRESS = "reading who speaks"
_COLUMNS = ("voice", "speaker", "speakers", "speaker_group", "share_quoted", "share_reported", "n_speakers")
_STRETCHES = ("document_id", "passage_id", "text", "start", "end", "speaker", "speaker_group", "voice")


def voices(
    rows: RowOptions,
    output: OutputOption,
    segments: Annotated[
        bool,
        typer.Option("--segments", help="Write a row for each quoted or reported stretch, instead of each passage"),
    ] = False,
) -> None:
    """Find who speaks in each passage: the outlet or a source. One row of INPUT is one passage unless --split."""
    check_output(output)
    check_not_read(output, rows.list_files())
    passages, documents, refused = rows.read()[:3]
    unit = "documents" if rows.whole_documents else "rows"
    say_all([describe_voices(find_document_languages(documents), unit=unit)])
    whole = documents if rows.whole_documents else None
    if segments:
        table = _find_stretches(passages, whole)
        write_table(table, output)
        say(count_refused(f"{len(passages)} passages, {len(table)} stretches of speech", refused))
        typer.echo(str(output))
        return
    speakers = mark_voices(passages, whole, progress=_PROGRESS)
    table = passages.drop(columns=["group", "file_line", "speaker"], errors="ignore").reset_index(drop=True)
    for name in _COLUMNS:
        table[name] = speakers[name]
    write_table(table, output)
    counts = speakers["voice"].value_counts()
    shares = ", ".join(
        f"{counts.get(name, 0) / len(speakers):.0%} {name}"
        for name in VOICE_VALUES
        if name != "unknown" or name in counts
    )
    unit = "passages" if rows.whole_documents else "rows"
    say_lacking(find_lacking(documents))
    say(count_refused(f"{len(passages)} {unit}: {shares}", refused))
    typer.echo(str(output))


def _find_stretches(passages: pd.DataFrame, documents: pd.DataFrame | None) -> pd.DataFrame:
    """Quoted and reported stretches of the passages, with their text."""
    found = find_voice_segments(passages, documents, progress=_PROGRESS)
    sources = passages.set_index("passage_id")[["document_id", "text"]]
    table = found.join(sources, on="passage_id")
    table["text"] = [
        text[start:end] for text, start, end in zip(table["text"], table["start"], table["end"], strict=True)
    ]
    return table[list(_STRETCHES)]
