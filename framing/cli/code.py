"""`framing code`."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from framing.cli.code_llm import code_by_model
from framing.cli.codebooks import open_codebook
from framing.cli.llm_options import LlmOptions, read_model_name
from framing.cli.options import MAX_REFUSED, PathOption, say
from framing.code_screen.draws import Draw, open_draw
from framing.code_screen.exchange import export_decisions, import_decisions
from framing.code_screen.next_codebook import draft_next_codebook, list_to_code_again
from framing.code_screen.screen import Screen
from framing.code_screen.server import serve_screen
from framing.code_screen.settling import SettlingScreen, read_coded
from framing.codebook import Codebook
from framing.coding.decisions import SETTLED
from framing.errors import InputError
from framing.files.spreadsheets import harmless_id, write_csv_output
from framing.files.whole import write_whole

__all__ = ["code"]


def code(
    design: Annotated[Path, typer.Argument(metavar="DESIGN", help="Folder that framing sample wrote, or for_coders")],
    coder: Annotated[str, typer.Option("--coder", help="Who codes: a name of the draw (else its only coder)")] = "",
    settle: Annotated[bool, typer.Option("--settle", help="Settle the passages on which coders differ")] = False,
    export: Annotated[
        Path | None, typer.Option("--export", help="Write the coder's decisions as a sheet, .csv, and end")
    ] = None,
    imports: Annotated[
        list[Path] | None,
        typer.Option("--import", help="Take over decisions of another machine (.sqlite) or a filled sheet, and end"),
    ] = None,
    draft: Annotated[
        Path | None, typer.Option("--draft", help="Draft the next codebook (.yaml) with the remarks, and end")
    ] = None,
    changed: Annotated[
        Path | None, typer.Option("--changed", help="Next codebook: list the passages to code again, and end")
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", help="With --changed: the list, .csv")] = None,
    codebook: Annotated[
        Path | None, typer.Option("--codebook", help="Codebook of a draw by an earlier version (else the project's)")
    ] = None,
    port: Annotated[int, typer.Option("--port", help="Port on 127.0.0.1; 0: a free one", min=0, max=65535)] = 0,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in the browser")] = True,
    data_path: PathOption = "",
    *,
    llm: LlmOptions,
) -> None:
    """Code drawn passages on a screen in the browser, and settle differences; each decision is kept at once."""
    ends = [export, imports, draft, changed]
    if model := read_model_name(coder, "--coder"):
        if settle or output is not None or any(ends):
            raise InputError(
                f"--coder {coder}: the model codes what was drawn; leave out --settle, --export, --import, --draft, "
                "--changed and --output."
            )
        code_by_model(design, model, llm, codebook=codebook)
        return
    llm.check_unused("--coder")
    _check(coder, settle=settle, ends=ends, output=output, changed=changed)
    book = None if codebook is None else open_codebook(codebook)
    draw = open_draw(design, codebook=book, data_path=data_path)
    if draw.remark:
        say(f"note: {draw.remark}")
    if imports:
        for path in imports:
            _take(draw, path)
    elif export is not None:
        name = SETTLED if settle else draw.find_coder(coder)
        n_coded = export_decisions(draw, name, export)
        say(f"{name}: {n_coded} labels")
        typer.echo(str(export))
    elif draft is not None:
        _draft(draw, draft)
    elif changed is not None:
        assert output is not None
        _list_changed(draw, changed, output)
    else:
        _show(draw, coder, settle=settle, port=port, browser=browser)


def _check(coder: str, *, settle: bool, ends: Sequence[object], output: Path | None, changed: Path | None) -> None:
    """Refuse options that do not go together before anything is read."""
    if sum(bool(item) for item in ends) > 1:
        raise InputError("Give one of --export, --import, --draft and --changed.")
    if settle and coder:
        raise InputError("--settle: all coders are shown; leave out --coder.")
    if (output is None) != (changed is None):
        raise InputError("--changed and --output go together: the next codebook, and the list to write.")


def _show(draw: Draw, coder: str, *, settle: bool, port: int, browser: bool) -> None:
    """Serve the screen until Ctrl+C."""
    with closing(SettlingScreen(draw) if settle else Screen(draw, draw.find_coder(coder))) as screen:
        done = "settled" if settle else "coded"
        if not screen.n_passages:
            say("the coders differ nowhere: there is nothing to settle" if settle else "there is nothing to code")
            return

        def announce(address: str) -> None:
            say(f"{screen.n_coded} of {screen.n_passages} {done}; {draw.place(screen.coder)}")
            say("Keep the address to yourself: whoever has it can code. Ctrl+C ends; every decision is on the disk.")
            typer.echo(address)

        try:
            serve_screen(screen, port=port, announce=announce, browser=browser)
        except KeyboardInterrupt:
            say("")
        say(f"{screen.n_coded} of {screen.n_passages} {done}")


def _take(draw: Draw, path: Path) -> None:
    """Take a file over, and print what became of its rows."""
    taken = import_decisions(draw, path)
    n = taken.n_new + taken.n_known + len(taken.refused)
    counts = f"{taken.n_new} taken over + {taken.n_known} known + {len(taken.refused)} refused"
    say(f"{path}: {n} decisions of {taken.coder} = {counts}")
    for reason in taken.refused[:MAX_REFUSED]:
        say(f"refused: {reason}")
    if len(taken.refused) > MAX_REFUSED:
        say(f"and {len(taken.refused) - MAX_REFUSED} more")
    typer.echo(str(draw.place(taken.coder)))


def _draft(draw: Draw, path: Path) -> None:
    """Write the draft of the next version of the codebook."""
    if path.suffix.lower() not in (".yaml", ".yml") or path.exists() or not path.parent.is_dir():
        raise InputError(f"--draft {path}: expected a new file in a folder that is there, ending in .yaml.")
    text, n_remarks = draft_next_codebook(draw.screen.codebook, read_coded(draw))
    write_whole(path, text.encode())
    say(f"{n_remarks} remarks stand beside the frames that they are about")
    typer.echo(str(path))


def _list_changed(draw: Draw, changed: Path, output: Path) -> None:
    """Write the list of the passages that changed rules touch."""
    if output.suffix.lower() != ".csv" or not output.parent.is_dir():
        raise InputError(f"--output {output}: expected a name ending in .csv, in a folder that is there.")
    new: Codebook = open_codebook(changed)
    coded = read_coded(draw)
    table = list_to_code_again(new, coded)
    n = len(table)
    table["passage_id"] = [harmless_id(value) for value in table["passage_id"]]
    write_csv_output(table, output, mark=True)
    say(f"{n} of {len(coded.design.passages)} passages are touched by rules that were changed")
    typer.echo(str(output))
