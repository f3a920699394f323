"""The command line as a whole, and its errors: one paragraph on standard error and an exit code."""

from __future__ import annotations

import errno
import os
import re
import signal
import sys
import traceback
import warnings
from pathlib import Path
from typing import Annotated, TextIO

import typer

from framing import __version__
from framing.cli.commands import CommandGroup
from framing.errors import FramingError

__all__ = ["app", "main"]

_PACKAGE = Path(__file__).parent.parent

app = typer.Typer(
    cls=CommandGroup,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Compare how outlets frame the same events. Start with: framing report sample",
)


def main() -> None:
    """Run the command line; errors are one paragraph on standard error, `--debug` shows the traceback."""
    debug = "--debug" in sys.argv
    arguments = [item for item in sys.argv[1:] if item != "--debug"]
    signal.signal(signal.SIGTERM, _raise_ended)
    try:
        with warnings.catch_warnings():
            warnings.showwarning = _show_warning
            app(args=arguments, prog_name="framing", standalone_mode=True)
    except FramingError as error:
        if debug:
            traceback.print_exc()
        typer.echo(f"framing: {_join_lines(error)}", err=True)
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
        typer.echo(f"framing: {_describe_fault(error)}", err=True)
        raise SystemExit(1) from None


def _show_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """Show a warning of this package as one paragraph, that of another library as Python does."""
    if issubclass(category, UserWarning) and Path(filename).is_relative_to(_PACKAGE):
        typer.echo(f"framing: {_join_lines(message)}", err=True)
    else:
        typer.echo(warnings.formatwarning(message, category, filename, lineno), err=True, nl=False)


class _EndedError(BaseException):
    """SIGTERM as an exception, so that temporary files are removed on the way out."""


def _raise_ended(number: int, frame: object) -> None:
    raise _EndedError


def _describe_fault(error: Exception) -> str:
    """The message for an error that was not raised on purpose."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "the disk is full; what was there before is untouched. Make room and run again."
    return f"our fault: {type(error).__name__}: {_join_lines(error)} (run again with --debug to see where)"


def _join_lines(error: Exception | str) -> str:
    """The message as one paragraph; other libraries write several lines."""
    return re.sub(r"\s*\n\s*", " ", str(error)).strip()


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"framing {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", is_eager=True, callback=_show_version)
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show where an error was raised.")] = False,
) -> None:
    """Declare the options; the callback reads the version before a command runs, and `main` reads `--debug`."""
