"""Columns of every table: read from the tuples of names in the code and from `framing.columns.COLUMNS`."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import framing
from framing import tables
from framing.columns import COLUMNS, meaning_of
from framing.table_rows import TABLES
from reference.markdown import code, table

__all__ = ["column_tuples", "tables_page"]

_INTRODUCTION = """# Tables

The columns of the tables that functions return and that reports write to `tables/` as Parquet and CSV. Keys of groups
come before them: a table of shares by outlet has the column `outlet` first. Shares are between 0 and 1; dates are days.
"""


def column_tuples() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Tables of the program: the name of a tuple, and its columns. Those of `framing.tables` come first.

    A public tuple of texts, most of which are names of columns, is taken for a table; so a new one cannot be forgotten.
    """
    modules = [tables]
    for found in pkgutil.walk_packages(framing.__path__, "framing."):
        if not found.name.endswith("__main__"):
            modules.append(importlib.import_module(found.name))
    seen = set()
    for module in modules:
        for name, value in vars(module).items():
            if not name.isupper() or name.startswith("_") or not isinstance(value, tuple) or (name, value) in seen:
                continue
            if value and all(isinstance(item, str) for item in value):
                known = sum(item in COLUMNS for item in value)
                if known >= 2 and 2 * known >= len(value):
                    seen.add((name, value))
                    yield name, value


def tables_page() -> str:
    """Markdown: a table of columns for each table of the program."""
    parts = [_INTRODUCTION]
    for name, columns in column_tuples():
        parts.append(f"## {name.replace('_', ' ').capitalize()}\n\n{TABLES.get(name, '')}\n")
        parts.append(table(["Column", "Meaning"], [[code(item), meaning_of(name, item)] for item in columns]) + "\n")
    return "\n".join(parts)
