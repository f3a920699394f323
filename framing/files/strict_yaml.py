"""Strict YAML 1.2: plain values only; every error names file and line.

Tags, anchors and aliases are refused, as they can run code or fill the memory; so are duplicate keys, of which the last
would win unnoticed, and files of more than 4 MB.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from framing.errors import InputError
from framing.files.parsed import stored_values
from framing.files.problems import Lines, describe_problems
from framing.files.yaml_remedies import explain_syntax, find_bad_scalar

__all__ = ["YamlMapping", "describe_problems", "parse_yaml", "read_yaml", "validate"]

_MAX_BYTES = 4_000_000
_MAX_DEPTH = 20
Model = TypeVar("Model", bound=BaseModel)


class YamlMapping(dict[str, Any]):
    """Content of a YAML file.

    Parameters
    ----------
    values : mapping
        Its top-level mapping.
    text : str
        The file as it is written, in which `validate` finds the lines of keys.
    """

    def __init__(self, values: Mapping[str, Any], text: str) -> None:
        super().__init__(values)
        self.text = text


def read_yaml(path: Path) -> YamlMapping:
    """Read a YAML file.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    YamlMapping
        Its top-level mapping: a dict that knows the text.

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
        wide = error.object[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in error.object[:100]
        looks = " It looks like UTF-16, which Notepad calls Unicode." if wide else ""
        line = error.object.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"{path} is not UTF-8 (byte {error.start}). Save it as UTF-8: Save As, with the encoding UTF-8.{looks}"
            f" The first byte that does not fit is in line {line}."
        ) from None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from None
    return YamlMapping(stored_values(text, lambda: parse_yaml(text, source=str(path))), text)


def parse_yaml(text: str, *, source: str) -> YamlMapping:
    """Parse YAML.

    Parameters
    ----------
    text : str
        Content of a file.
    source : str
        Name of the file in errors.

    Returns
    -------
    YamlMapping
        Its top-level mapping: a dict that knows the text.

    Raises
    ------
    InputError
        If it is not strict YAML; names source and line.

    Examples
    --------
    >>> parse_yaml("a: no", source="example")
    {'a': 'no'}
    """
    return YamlMapping(deepcopy(_load(text, source)), text)


@lru_cache(maxsize=16)  # a codebook of a thousand seeds takes a second, and a report reads it more than once
def _load(text: str, source: str) -> dict[str, Any]:
    """The mapping of `parse_yaml`, not to be changed."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError, YAMLStreamError

    yaml = YAML(typ="safe", pure=True)
    try:
        _check_events(yaml.parse(text), source)
        loaded = YAML(typ="safe", pure=True).load(text)
    except MarkedYAMLError as error:
        raise _explain_error(error, text, source) from None
    except InputError:
        raise
    except (YAMLError, YAMLStreamError, ValueError, AssertionError) as error:
        position = getattr(error, "position", None)
        where = f" (line {text.count(chr(10), 0, position) + 1})" if isinstance(position, int) else ""
        remedy = "; put what is no date into quotation marks" if "must be in" in str(error) else ""
        raise InputError(f"{source} is not valid YAML 1.2: {str(error).splitlines()[0]}{remedy}{where}.") from None
    if not isinstance(loaded, dict):
        missing = re.search(r"^\s*([\w-]+)(?::(?=\S)|：)", text, re.MULTILINE)
        remedy = f" A colon and a space come after each key: {missing[1]}: …" if missing else ""
        raise InputError(f"{source}: expected a mapping of keys to values at the top level.{remedy}")
    return loaded


def _explain_error(error: Any, text: str, source: str) -> InputError:
    """Error of the parser, with its line and what to write."""
    mark = error.problem_mark or error.context_mark
    problem = str(error.problem or error.context)
    if mark is None:
        return InputError(f"{source}: {problem}.")
    line = mark.line + 1
    if duplicate := re.match(r'found duplicate key "(.*?)" with value', problem, re.DOTALL):
        return InputError(f'{source}, line {line}: found duplicate key "{duplicate[1]}": it stands twice; keep one.')
    line, explanation = explain_syntax(text, line, problem)
    return InputError(f"{source}, line {line}: {explanation}.")


def _check_events(events: Any, source: str) -> None:
    """Refuse tags, anchors, other versions and depth in the parse events, before any value is built."""
    depth = 0
    for event in events:
        kind = type(event).__name__
        line = event.start_mark.line + 1 if event.start_mark else "?"
        if kind == "AliasEvent" or getattr(event, "anchor", None) is not None:
            raise InputError(
                f"{source}, line {line}: anchors and aliases (& and *) are not allowed; write it out, "
                "or put a text that begins with them into quotation marks."
            )
        if getattr(event, "version", None) not in (None, (1, 2)):
            raise InputError(f"{source}, line {line}: only YAML 1.2 is read; remove the %YAML line.")
        tag = getattr(event, "tag", None) or getattr(event, "ctag", None)
        if tag is not None and str(tag) not in ("None", "!"):
            raise InputError(
                f"{source}, line {line}: the tag {tag} is not allowed; only plain values are. "
                "Put a text that begins with ! into quotation marks."
            )
        if kind == "ScalarEvent" and event.style in (None, "") and (problem := find_bad_scalar(event.value)):
            raise InputError(f"{source}, line {line}: {problem}.")
        if kind in ("MappingStartEvent", "SequenceStartEvent"):
            depth += 1
            if depth > _MAX_DEPTH:
                raise InputError(f"{source}, line {line}: nested more than {_MAX_DEPTH} levels deep.")
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            depth -= 1


def validate(model: type[Model], values: Mapping[str, Any], *, source: str, kind: str = "") -> Model:
    """Validate a mapping as a pydantic model.

    Parameters
    ----------
    model : type
        The model.
    values : mapping of str to object
        Content of a file; if it is from `read_yaml` or `parse_yaml`, errors name its lines.
    source : str
        Name of the file in errors.
    kind : str, default ""
        What the file describes, such as `report`: said where one thing of it has several values.

    Returns
    -------
    BaseModel
        An instance of the model.

    Raises
    ------
    InputError
        Lists every problem with its key, its line and what to write.
    """
    try:
        return model.model_validate(values)
    except ValidationError as error:
        lines = Lines(values.text) if isinstance(values, YamlMapping) else None
        problems = describe_problems(error, model, values=values, lines=lines, kind=kind)
        raise InputError(f"{source}: {problems}") from None
