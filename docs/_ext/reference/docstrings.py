"""Checks docstrings of public names by numpydoc: `PYTHONPATH=docs/_ext python -m reference.docstrings`.

The checks are those of `[tool.numpydoc_validation]` in pyproject.toml. Names are taken from `framing.__all__`; in
which file a function stands does not matter. Names that `exclude` matches are not in this form yet.
"""

from __future__ import annotations

import dataclasses
import inspect
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import reduce
from pathlib import Path
from types import ModuleType
from typing import Any

from numpydoc.docscrape import NumpyDocString
from numpydoc.validate import validate
from pydantic import BaseModel

import framing

__all__ = ["problems_of", "public_objects", "wrong_defaults"]

_PYPROJECT = Path(__file__).parents[3] / "pyproject.toml"
_PARAMETERS = ("PR01", "PR02")


def public_objects() -> Iterator[str]:
    """Import paths of all that is public: names of `framing`, methods of its classes, functions of its modules."""
    for name in framing.__all__:
        value, path = getattr(framing, name), f"framing.{name}"
        if isinstance(value, ModuleType):
            yield from (f"{path}.{item}" for item in value.__all__ if inspect.isfunction(getattr(value, item)))
            continue
        yield path
        if inspect.isclass(value):
            yield from (
                f"{path}.{item}"
                for item, member in vars(value).items()
                if not item.startswith("_") and (inspect.isfunction(member) or isinstance(member, property))
            )


def problems_of(path: str) -> list[str]:
    """Problems of a docstring, each with the code of the check."""
    value = _value_of(path)
    checks = set(_settings()["checks"])
    if inspect.isclass(value) and not _has_parameters(value):
        checks -= set(_PARAMETERS)
    found = [f"{code} {message}" for code, message in validate(path)["errors"] if code in checks]
    return found + (wrong_defaults(value) if inspect.isfunction(value) else [])


def _has_parameters(kind: type) -> bool:
    """Whether a class has parameters of its own: a record has fields, and some take those of the class above them."""
    return "__init__" in vars(kind) and not dataclasses.is_dataclass(kind) and not issubclass(kind, BaseModel)


def wrong_defaults(function: Any) -> list[str]:
    """Parameters for which the docstring names another default than the signature."""
    said = {}
    for item in NumpyDocString(inspect.getdoc(function) or "")["Parameters"]:
        default = re.search(r", default (\S.*)$", item.type)
        if default:
            said[item.name] = default[1].replace('"', "'")
    parameters = inspect.signature(function).parameters
    return [
        f"the docstring says {name}={text}, the signature {parameters[name].default!r}"
        for name, text in said.items()
        if name in parameters and repr(parameters[name].default) != text
    ]


def _settings() -> dict[str, Any]:
    with _PYPROJECT.open("rb") as file:
        settings: dict[str, Any] = tomllib.load(file)["tool"]["numpydoc_validation"]
    return settings


def _value_of(path: str) -> Any:
    return reduce(getattr, path.split(".")[1:], framing)


def main() -> int:
    """Print what is wrong, and which patterns of `exclude` are needed no longer."""
    found = {path: problems_of(path) for path in public_objects()}
    patterns: list[str] = _settings()["exclude"]
    for pattern in patterns:
        if not any(problems for path, problems in found.items() if re.fullmatch(pattern, path)):
            print(f"take {pattern} out of exclude in pyproject.toml: all that it matches passes")
    checked = [path for path in found if not any(re.fullmatch(pattern, path) for pattern in patterns)]
    lines = [f"{path}: {problem}" for path in checked for problem in found[path]]
    print("\n".join([*lines, f"docstrings: {len(checked)} public names checked, {len(lines)} problems"]))
    return int(bool(lines))


if __name__ == "__main__":
    sys.exit(main())
