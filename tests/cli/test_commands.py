"""The registry of commands, records of options, and options in the place of arguments that an error names."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

import framing.cli
from framing.cli.commands import COMMANDS, Entry, Section, load_function
from framing.cli.records import expand_records
from framing.errors import InputError
from tests.cli.outcomes import refused

ENTRIES = {
    name: entry
    for group, item in COMMANDS.items()
    for name, entry in (
        {f"{group} {part}": entry for part, entry in item.commands.items()}
        if isinstance(item, Section)
        else {group: item}
    ).items()
}


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES.keys())
def test_the_line_of_a_command_is_the_first_of_its_docstring(entry: Entry):
    assert load_function(entry).__doc__.strip().splitlines()[0] == entry.line


@pytest.mark.parametrize("name", ENTRIES)
def test_the_help_of_each_command_shows_its_line(framing, monkeypatch, name):
    monkeypatch.setenv("COLUMNS", "300")
    ended = framing(*name.split(), "--help")
    assert ended.code == 0, ended.err
    assert f"Usage: framing {name} " in ended.out
    assert ENTRIES[name].line in ended.out


def test_a_section_lists_its_commands(framing, monkeypatch):
    monkeypatch.setenv("COLUMNS", "300")
    ended = framing("schedule", "--help")
    assert ended.code == 0
    for name, entry in COMMANDS["schedule"].commands.items():
        assert f" {name} " in ended.out
        assert entry.line in ended.out


def test_a_command_that_is_mistyped_is_proposed(framing):
    assert "Did you mean 'sample'?" in framing("sampel").err
    assert "Did you mean 'install', 'uninstall'?" in framing("schedule", "instal").err


def test_imports_of_the_package_stand_at_the_head():
    """The registry imports a command's module when it is called, so no function needs to."""
    places = []
    for path in sorted(Path(framing.cli.__file__).parent.glob("*.py")):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(function, ast.FunctionDef):
                continue
            for node in ast.walk(function):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                places += [f"{path.name}:{node.lineno}" for name in names if name.split(".")[0] == "framing"]
    assert places == []


# records of options


@dataclass(frozen=True, kw_only=True)
class Dish:
    name: Annotated[str, typer.Argument(metavar="DISH")]
    salt: Annotated[int, typer.Option("--salt")] = 3


@dataclass(frozen=True, kw_only=True)
class SoupOf(Dish):
    salt: Annotated[int, typer.Option("--brine")] = 5


def cook(dish: Dish, hot: Annotated[bool, typer.Option("--hot")] = False) -> None:
    typer.echo(f"{dish.name} {dish.salt} {hot}")


def simmer(dish: SoupOf) -> None:
    typer.echo(f"{dish.name} {dish.salt}")


def ran(function, *arguments: str) -> str:
    app = typer.Typer(add_completion=False)
    app.command()(expand_records(function))
    return CliRunner().invoke(app, arguments).output


def test_the_fields_of_a_record_are_options():
    assert ran(cook, "soup") == "soup 3 False\n"
    assert ran(cook, "soup", "--salt", "7", "--hot") == "soup 7 True\n"
    assert "Missing argument 'DISH'" in ran(cook)


def test_a_record_may_change_an_option_of_the_one_that_it_extends():
    assert ran(simmer, "soup", "--brine", "1") == "soup 1\n"
    assert "No such option: --salt" in ran(simmer, "soup", "--salt", "1")


def test_two_parameters_of_one_name_are_refused():
    def twice(dish: Dish, salt: Annotated[int, typer.Option("--more-salt")] = 0) -> None:
        raise AssertionError

    with pytest.raises(TypeError, match="twice: two parameters have one name: name, salt, salt"):
        expand_records(twice)


# errors of the library


def test_the_option_stands_in_the_place_of_the_argument(framing):
    """The function calls it `every_minutes`, the command line `--every`."""
    refused(framing("schedule", "install", "--every", "7"), r"^framing: --every: expected minutes that divide an hour")
    refused(framing("schedule", "install", "--kind", "at"), r"^framing: --kind: expected systemd or cron, got 'at'\.")


def test_an_argument_that_the_command_does_not_have_keeps_its_name(framing, monkeypatch):
    def read(*_, **__):
        raise InputError("expected a folder.", argument="place")

    monkeypatch.setattr("framing.cli.corpus.read_corpus", read)
    refused(framing("corpus", "check", "."), r"^framing: place: expected a folder\.$")
