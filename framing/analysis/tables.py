"""Cached tables: Parquet files in the user's cache folder, under a key of all inputs that they depend on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from framing.errors import FramingError
from framing.files.caches import note_use
from framing.files.whole import whole_file, whole_folder
from framing.project import cache_folder

__all__ = ["FACTS", "cached_table", "cached_tables", "read_tables", "table_folder", "write_tables"]

_GROUP_ROWS = 65_536  # rows that are encoded at once when a table is written
FACTS = "facts.json"  # written last: a folder that has it is complete


def table_folder(kind: str, inputs: object) -> Path:
    """Folder of the cache for tables of a kind.

    Parameters
    ----------
    kind : str
        Folder in the cache.
    inputs : object
        Everything that the tables depend on; a value that JSON can represent.

    Returns
    -------
    Path
        The folder, which may not exist.
    """
    content = json.dumps(inputs, sort_keys=True)
    return cache_folder() / kind / hashlib.sha256(content.encode()).hexdigest()[:24]


def cached_tables(kind: str, inputs: object, make: Callable[[], Mapping[str, pd.DataFrame]]) -> dict[str, pd.DataFrame]:
    """Tables from the cache, which are made first if the cache lacks them.

    Parameters
    ----------
    kind : str
        Folder in the cache.
    inputs : object
        Everything that the tables depend on, the code included; a value that JSON can represent.
    make : callable
        Function without arguments that returns the tables by name.

    Returns
    -------
    dict of str to DataFrame
        Tables by name, read from the files, so that the first call and later ones return equal tables.
    """
    home = table_folder(kind, inputs)
    if not (home / FACTS).is_file():
        tables = make()
        write_tables(home, tables, {"tables": sorted(tables)})
    names = json.loads((home / FACTS).read_text(encoding="utf-8"))["tables"]
    return read_tables(home, names)


def cached_table(path: Path, make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    """Table from a Parquet file, which is made first if it does not exist.

    Parameters
    ----------
    path : Path
        The file; its name stands for everything that the table depends on.
    make : callable
        Function without arguments that returns the table.

    Returns
    -------
    DataFrame
        The table.

    Raises
    ------
    FramingError
        If the file cannot be written.
    """
    if path.is_file():
        note_use(path)
        return pd.read_parquet(path)
    table = make()
    try:
        with whole_file(path) as work:
            table.to_parquet(work, index=False)
    except OSError as error:
        raise FramingError(f"The table {path.name} could not be written to {path.parent}: {error}") from None
    return table


def read_tables(home: Path, names: Iterable[str]) -> dict[str, pd.DataFrame]:
    """Read tables that `write_tables` wrote.

    Parameters
    ----------
    home : Path
        Folder of the tables.
    names : iterable of str
        Names of the tables.

    Returns
    -------
    dict of str to DataFrame
        Tables by name.
    """
    note_use(home)
    return {name: pd.read_parquet(home / f"{name}.parquet") for name in names}


def write_tables(home: Path, tables: Mapping[str, pd.DataFrame], facts: dict[str, Any]) -> None:
    """Write tables into a new folder, all of them or none.

    Parameters
    ----------
    home : Path
        Folder to make. If another process made it meanwhile, that one stays.
    tables : mapping of str to DataFrame
        Tables by name, which become Parquet files.
    facts : dict
        Content of facts.json.

    Raises
    ------
    FramingError
        If the folder cannot be written.
    """
    home.parent.mkdir(parents=True, exist_ok=True)
    try:
        with whole_folder(home) as work:
            for name, table in tables.items():
                table.to_parquet(work / f"{name}.parquet", index=False, row_group_size=_GROUP_ROWS)
            (work / FACTS).write_text(json.dumps(facts, indent=1), encoding="utf-8")
    except OSError as error:
        if not (home / FACTS).is_file():  # else another process made it first
            raise FramingError(f"The tables could not be written; delete {home}, or make room: {error}") from None
