"""`framing labels convert`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, cast, get_args

import typer

from framing.cli.codebooks import open_codebook
from framing.cli.options import MAX_REFUSED, CodebookOption, say, say_first_refused
from framing.coding.gold_spans import spans_path
from framing.coding.tool_files.conversion import CodedFile, Whose, make_sheet, read_coded_file
from framing.coding.tool_files.recognise import Tool
from framing.coding.tool_files.writing import TOOLS, check_tool, check_tool_path, find_tool_name, write_tool_file
from framing.errors import InputError
from framing.files.spreadsheets import write_csv_output
from framing.files.whole import check_not_read

__all__ = ["convert"]

_SHEET = "csv"


def convert(
    source: Annotated[Path, typer.Argument(metavar="IN", help="A gold file, a filled sheet, or an export of a tool")],
    output: Annotated[Path, typer.Argument(metavar="OUT", help="File to write")],
    to: Annotated[str, typer.Option("--to", help=f"Format: {_SHEET}, {', '.join(TOOLS)}")],
    codebook: CodebookOption,
    labels: Annotated[
        str, typer.Option("--labels", help="Of a gold file: gold (the settled labels) or coders (those of each)")
    ] = "gold",
) -> None:
    """Convert labels, coders and marked words to the format of another tool, or to a sheet."""
    tool = find_tool_name(to)
    if tool not in (_SHEET, *TOOLS):
        raise InputError(f"expected one of {', '.join((_SHEET, *TOOLS))}, got {to}.", argument="to")
    if labels not in get_args(Whose):
        raise InputError(f"expected one of {', '.join(get_args(Whose))}, got {labels}.", argument="labels")
    check_tool(tool)
    if tool == _SHEET and output.suffix.lower() != ".csv":
        raise InputError(f"{output}: expected a name ending in .csv.")
    if tool != _SHEET:
        check_tool_path(output, cast(Tool, tool))
    check_not_read(output, [source, spans_path(source), codebook], argument="output")
    book = open_codebook(codebook)
    read = read_coded_file(source, book, whose=cast(Whose, labels))
    _show(read, source)
    if not read.codings:
        raise InputError(f"{source}: no row is coded, so nothing was written.")
    n_spans = sum(len(item.spans) for item in read.codings)
    if tool == _SHEET:
        write_csv_output(make_sheet(read.codings, book), output, mark=True)
    else:
        write_tool_file(output, read.codings, book, cast(Tool, tool))
    if tool == "active-tigger" and n_spans:
        say(f"WARNING: ActiveTigger has no marked words; {n_spans} spans are not in {output}")
    typer.echo(str(output))


def _show(read: CodedFile, source: Path) -> None:
    """Print how the file was read, and what was refused."""
    for remark in read.remarks:
        say(remark)
    coders = list(dict.fromkeys(item.coder for item in read.codings))
    n_spans = sum(len(item.spans) for item in read.codings)
    say(f"{source.name}: {read.n_rows} rows in = {len(read.codings)} kept + {len(read.refused)} refused")
    say(f"coders: {', '.join(coders) or 'none'}; marked words: {n_spans} kept + {len(read.refused_spans)} refused")
    refused = [*read.refused, *read.refused_spans]
    first = ((row.file, row.line, row.reason) for row in refused)
    say_first_refused(first, len(refused), most=MAX_REFUSED, what="rows and marked words")
