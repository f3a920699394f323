"""Strict YAML 1.2: plain values only; every error names file and line.

Tags, anchors and aliases are refused, as they can run code or fill the memory; so are duplicate keys, of which the last
would win unnoticed, and files of more than 4 MB.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from framing.errors import InputError

__all__ = ["describe_problems", "parse_yaml", "read_yaml", "validate"]

_MAX_BYTES = 4_000_000
_MAX_DEPTH = 20
Model = TypeVar("Model", bound=BaseModel)


def read_yaml(path: Path) -> dict[str, Any]:
    """Read a YAML file.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    dict of str to object
        Its top-level mapping.

    Raises
    ------
    InputError
        If it cannot be read; names file and line.
    """
    try:
        size = path.stat().st_size
        if size > _MAX_BYTES:
            raise InputError(f"{path} has {size} bytes; a file of settings has at most {_MAX_BYTES}.")
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        others = sorted(item.name for item in path.parent.glob("*.yaml"))
        there = f" In {path.parent} there are: {', '.join(others)}." if others else ""
        raise InputError(f"There is no file {path}.{there}") from None
    except IsADirectoryError:
        raise InputError(f"{path} is a folder; expected a YAML file.") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 (byte {error.start}). Save it as UTF-8.") from None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from None
    return parse_yaml(text, source=str(path))


def parse_yaml(text: str, *, source: str) -> dict[str, Any]:
    """Parse YAML.

    Parameters
    ----------
    text : str
        Content of a file.
    source : str
        Name of the file in errors.

    Returns
    -------
    dict of str to object
        Its top-level mapping.

    Raises
    ------
    InputError
        If it is not strict YAML; names source and line.

    Examples
    --------
    >>> parse_yaml("a: no", source="example")
    {'a': 'no'}
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError, YAMLStreamError

    yaml = YAML(typ="safe", pure=True)
    try:
        _check_events(yaml.parse(text), source)
        loaded = YAML(typ="safe", pure=True).load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{source}, line {mark.line + 1}" if mark else source
        raise InputError(f"{where}: {error.problem or error.context}.") from None
    except InputError:
        raise
    except (YAMLError, YAMLStreamError, ValueError, AssertionError) as error:
        raise InputError(f"{source} is not valid YAML 1.2: {str(error).splitlines()[0]}.") from None
    if not isinstance(loaded, dict):
        raise InputError(f"{source}: expected a mapping of keys to values at the top level.")
    return loaded


def _check_events(events: Any, source: str) -> None:
    """Refuse tags, anchors, other versions and depth in the parse events, before any value is built."""
    depth = 0
    for event in events:
        kind = type(event).__name__
        line = event.start_mark.line + 1 if event.start_mark else "?"
        if kind == "AliasEvent" or getattr(event, "anchor", None) is not None:
            raise InputError(f"{source}, line {line}: anchors and aliases (& and *) are not allowed; write it out.")
        if getattr(event, "version", None) not in (None, (1, 2)):
            raise InputError(f"{source}, line {line}: only YAML 1.2 is read; remove the %YAML line.")
        tag = getattr(event, "tag", None) or getattr(event, "ctag", None)
        if tag is not None and str(tag) not in ("None", "!"):
            raise InputError(f"{source}, line {line}: the tag {tag} is not allowed; only plain values are.")
        if kind in ("MappingStartEvent", "SequenceStartEvent"):
            depth += 1
            if depth > _MAX_DEPTH:
                raise InputError(f"{source}, line {line}: nested more than {_MAX_DEPTH} levels deep.")
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            depth -= 1


def validate(model: type[Model], values: dict[str, Any], *, source: str) -> Model:
    """Validate a mapping as a pydantic model.

    Parameters
    ----------
    model : type
        The model.
    values : dict of str to object
        Content of a file.
    source : str
        Name of the file in errors.

    Returns
    -------
    BaseModel
        An instance of the model.

    Raises
    ------
    InputError
        Lists every problem and the known keys.
    """
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise InputError(f"{source}: {describe_problems(error, model)}") from None


def describe_problems(error: ValidationError, model: type[BaseModel]) -> str:
    """Describe the problems that pydantic found, in one line.

    Parameters
    ----------
    error : ValidationError
        The problems.
    model : type
        The model that was to be built.

    Returns
    -------
    str
        Each wrong key with what was expected and what came.
    """
    problems = []
    for item in error.errors():
        where = _join_path(item["loc"])
        if item["type"] == "extra_forbidden":
            known = f" (known: {', '.join(model.model_fields)})" if len(item["loc"]) == 1 else ""
            problems.append(f"unknown key {where}{known}")
        elif item["type"] == "missing":
            problems.append(f"{where} is missing")
        else:
            message = item["msg"].removeprefix("Value error, ")
            value = "" if isinstance(item["input"], dict | list) else f", got {item['input']!r}"
            problems.append(f"{where}: {message}{value}" if where else message)
    return "; ".join(problems) + "."


def _join_path(location: Sequence[int | str]) -> str:
    """Path of a key, such as `frames[2].seeds`; items of lists are counted from 1."""
    path = ""
    for item in location:
        path += f"[{item + 1}]" if isinstance(item, int) else (f".{item}" if path else str(item))
    return path
