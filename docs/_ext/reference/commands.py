"""Commands and their options: read from the Typer application."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import typer

from framing.cli import app
from reference.markdown import code, table

__all__ = ["commands", "commands_page"]

_INTRODUCTION = """# Commands

`framing COMMAND --help` prints the same. `python -m framing` is the same program.

Exit codes: 0 done; 2 your input is wrong; 75 another run holds the lock; 1 a fault of the program. An error is one
paragraph on standard error; `framing --debug COMMAND …` shows the traceback.
"""
_KINDS = {str: "text", int: "whole number", float: "number", Path: "path"}


def commands() -> Iterator[tuple[str, Any]]:
    """Each command as it is typed, `framing codebook check` for instance, with its record."""
    yield from _walk("framing", typer.main.get_command(app))


def _walk(words: str, command: Any) -> Iterator[tuple[str, Any]]:
    """The command, or those of a group, resolved as the command line does it: a group may load them when called."""
    if not hasattr(command, "resolve_command"):
        yield words, command
        return
    if command.invoke_without_command:
        yield words, command
    context = command.context_class(command, info_name=words)
    for name in command.list_commands(context):
        yield from _walk(f"{words} {name}", command.resolve_command(context, [name])[1])


def commands_page() -> str:
    """Markdown of all commands, in alphabetical order."""
    parts = [_INTRODUCTION]
    for words, command in sorted(commands(), key=lambda item: item[0]):
        shown = [item for item in command.params if item.name != "help" and not getattr(item, "hidden", False)]
        arguments = [item for item in shown if item.param_type_name == "argument"]
        options = [item for item in shown if item.param_type_name == "option"]
        usage = " ".join([words, *(_metavar(item) for item in arguments), *(["[OPTIONS]"] if options else [])])
        parts.append(f"## {words}\n\n```text\n{usage}\n```\n\n{_prose(command.help)}\n")
        if arguments:
            rows = [[code(_metavar(item)), item.help or "", _type(item)] for item in arguments]
            parts.append(table(["Argument", "Meaning", "Type"], rows) + "\n")
        if options:
            rows = [[_names(item), item.help or "", _type(item), _default(item)] for item in options]
            parts.append(table(["Option", "Meaning", "Type", "Default"], rows) + "\n")
    return "\n".join(parts)


def _metavar(argument: Any) -> str:
    name = str(argument.metavar or argument.name).upper()
    return f"{name}…" if argument.nargs == -1 else name if argument.required else f"[{name}]"


def _names(option: Any) -> str:
    return ", ".join(code(name) for name in [*option.opts, *option.secondary_opts])


def _type(parameter: Any) -> str:
    kind = parameter.type_descriptor.annotation
    if getattr(parameter, "is_flag", False):
        return "flag"
    if get_origin(kind) is Literal:
        return ", ".join(code(value) for value in get_args(kind))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return ", ".join(code(item.value) for item in kind)
    name = _KINDS.get(kind, "text")
    low, high = parameter.min, parameter.max
    if low is not None or high is not None:
        name += (
            f", {low} to {high}"
            if None not in (low, high)
            else f", at least {low}"
            if high is None
            else f", at most {high}"
        )
    return f"{name}, may be repeated" if parameter.multiple else name


def _default(option: Any) -> str:
    if option.required:
        return "required"
    value = option.default
    if callable(value) or value in (None, "", (), []) or type(value).__name__ == "Sentinel":
        return "none"
    if getattr(option, "is_flag", False):
        return "on" if value else "off"
    return code(value)


def _prose(text: str | None) -> str:
    return "\n\n".join(" ".join(part.split()) for part in (text or "").split("\n\n"))
