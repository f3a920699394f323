"""Public functions and classes, grouped by what they are for; their text is their docstring, set by autodoc."""

from __future__ import annotations

import inspect
from types import ModuleType
from typing import Any

from pydantic import BaseModel

import framing
from reference.markdown import table

__all__ = ["function_pages", "groups"]


def groups() -> dict[str, list[str]]:
    """Names of `framing.__all__` by what they are for."""
    return {title: list(names) for title, names in framing.GROUPS.items()}


def function_pages() -> dict[str, str]:
    """A page a group, and `functions`, which lists all names with their first line."""
    parts = ["# Functions\n\nWhat `import framing` offers, grouped by what it is for.\n"]
    entries, pages = [], {}
    for title, names in groups().items():
        page = "functions_" + "_".join(title.lower().split())
        entries.append(page)
        rows = [[f"{{py:obj}}`~framing.{name}`", _first_line(getattr(framing, name))] for name in names]
        parts.append(f"## {title}\n\n{table(['Name', 'What it does'], rows)}\n")
        pages[page] = f"# {title}\n\n" + "\n".join(_entry(name, getattr(framing, name)) for name in names)
    parts.append("```{toctree}\n:hidden:\n\n" + "\n".join(entries) + "\n```\n")
    return {"functions": "\n".join(parts), **pages}


def _entry(name: str, value: Any) -> str:
    if isinstance(value, ModuleType):
        drawn = "".join(_directive("autofunction", f"framing.{name}.{item}") for item in value.__all__)
        return f"## framing.{name}\n\n```{{py:module}} framing.{name}\n```\n\n{inspect.getdoc(value)}\n\n{drawn}"
    if not inspect.isclass(value):
        return _directive("autofunction", f"framing.{name}")
    if issubclass(value, Exception):
        return _directive("autoclass", f"framing.{name}")
    members = dict.fromkeys(
        item for kind in value.__mro__ if kind.__module__.startswith("framing.") for item, member in vars(kind).items()
        if not item.startswith("_") and (callable(member) or isinstance(member, property)) and inspect.getdoc(member)
    )  # fmt: skip
    signature = "(**values)" if issubclass(value, BaseModel) else ""
    return _directive("autoclass", f"framing.{name}{signature}", members=", ".join(members))


def _directive(kind: str, target: str, **options: str) -> str:
    lines = "".join(f"   :{key}: {value}\n" for key, value in options.items() if value)
    return f"```{{eval-rst}}\n.. {kind}:: {target}\n{lines}```\n\n"


def _first_line(value: Any) -> str:
    return " ".join((inspect.getdoc(value) or "").partition("\n\n")[0].split())
