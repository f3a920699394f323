"""Checks the docstrings of the package by numpydoc: `PYTHONPATH=docs/_ext:. python -m reference.docstrings`.

Every public function, class, method and property that a module of `framing` defines is checked, by the checks of
`[tool.numpydoc_validation]` in pyproject.toml. Commands are left out: Typer takes their help from the first lines and
from the options.
"""

from __future__ import annotations

import dataclasses
import functools
import importlib
import inspect
import pkgutil
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from numpydoc.docscrape import NumpyDocString, get_doc_object
from numpydoc.validate import validate
from pydantic import BaseModel

import framing

__all__ = ["find_problems", "find_wrong_defaults", "list_public_objects"]

_PYPROJECT = Path(__file__).parents[3] / "pyproject.toml"
_COMMANDS = "framing.cli"
_PARAMETER_CHECKS = {"PR01", "PR02"}


def list_public_objects() -> Iterator[tuple[str, Any]]:
    """Import path and value of each public function, class, method and property, by the module that defines it."""
    for info in pkgutil.walk_packages(framing.__path__, "framing."):
        if info.name.endswith("__main__") or info.name.split(".")[:2] == _COMMANDS.split("."):
            continue
        yield from _list_objects(importlib.import_module(info.name))


def _list_objects(module: ModuleType) -> Iterator[tuple[str, Any]]:
    for name, value in vars(module).items():
        defined_here = getattr(value, "__module__", "") == module.__name__ and name == getattr(value, "__name__", "")
        if name.startswith("_") or not defined_here:
            continue
        path = f"{module.__name__}.{name}"
        if inspect.isfunction(inspect.unwrap(value)):
            yield path, value
        elif inspect.isclass(value):
            yield path, value
            yield from ((f"{path}.{item}", member) for item, member in vars(value).items() if _is_public(item, member))


def _is_public(name: str, member: Any) -> bool:
    kinds = (property, functools.cached_property, classmethod, staticmethod)
    return not name.startswith("_") and (inspect.isfunction(member) or isinstance(member, kinds))


def find_problems(value: Any) -> list[str]:
    """Problems of the docstring of an object, each with the code of the check."""
    if isinstance(value, (classmethod, staticmethod)):
        value = value.__func__
    checks = set(_read_settings()["checks"])
    if inspect.isclass(value) and not _has_parameters(value):
        checks -= _PARAMETER_CHECKS
    if not inspect.getdoc(value):
        return ["GL08 The object does not have a docstring"]
    problems = [f"{code} {text}" for code, text in validate(get_doc_object(value))["errors"] if code in checks]
    return problems + (find_wrong_defaults(value) if inspect.isfunction(value) else [])


def _has_parameters(kind: type) -> bool:
    """Whether a class documents parameters of its own: records document fields, protocols have no constructor."""
    is_record = dataclasses.is_dataclass(kind) or issubclass(kind, BaseModel)
    return "__init__" in vars(kind) and not is_record and not getattr(kind, "_is_protocol", False)


def find_wrong_defaults(function: Any) -> list[str]:
    """Parameters whose docstring has another default than the signature."""
    documented = {}
    for item in NumpyDocString(inspect.getdoc(function) or "")["Parameters"]:
        default = re.search(r", default (\S.*)$", item.type)
        if default:
            documented[item.name] = default[1].replace('"', "'")
    parameters = inspect.signature(function).parameters
    return [
        f"the docstring says {name}={text}, the signature {parameters[name].default!r}"
        for name, text in documented.items()
        if name in parameters and repr(parameters[name].default) != text
    ]


@functools.cache
def _read_settings() -> dict[str, Any]:
    with _PYPROJECT.open("rb") as file:
        settings: dict[str, Any] = tomllib.load(file)["tool"]["numpydoc_validation"]
    return settings


def main() -> int:
    """Print all problems."""
    problems = {path: find_problems(value) for path, value in list_public_objects()}
    lines = [f"{path}: {problem}" for path, found in problems.items() for problem in found]
    print("\n".join([*lines, f"docstrings: {len(problems)} public names checked, {len(lines)} problems"]))
    return int(bool(lines))


if __name__ == "__main__":
    sys.exit(main())
