"""`framing voices`."""

from __future__ import annotations

import typer

from framing.analysis.remarks import describe_voices, find_languages
from framing.cli.options import OutputOption, RowOptions, count_refused, say
from framing.cli.remarks import say_all
from framing.files.whole import check_output, write_table
from framing.tables import VOICE_VALUES
from framing.voice.marking import mark_voices

__all__ = ["voices"]

_COLUMNS = ("voice", "speaker", "speaker_group", "share_quoted", "share_reported", "n_speakers")


def voices(rows: RowOptions, output: OutputOption) -> None:
    """Find who speaks in each passage: the outlet or a source. One row of INPUT is one passage unless --split."""
    check_output(output)
    passages, documents, refused = rows.read()[:3]
    unit = "documents" if rows.whole_documents else "rows"
    say_all([describe_voices(find_languages(documents), unit=unit)])
    speakers = mark_voices(passages, documents if rows.whole_documents else None, progress="reading who speaks")
    table = passages.drop(columns=["group", "file_line", "speaker"], errors="ignore").reset_index(drop=True)
    for name in _COLUMNS:
        table[name] = speakers[name]
    write_table(table, output)
    counts = speakers["voice"].value_counts()
    shares = ", ".join(f"{counts.get(name, 0) / len(speakers):.0%} {name}" for name in VOICE_VALUES)
    unit = "passages" if rows.whole_documents else "rows"
    say(count_refused(f"{len(passages)} {unit}: {shares}", refused))
    typer.echo(str(output))
