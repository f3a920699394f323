"""Cached tables: Parquet files in the user's cache folder, under a key of all inputs that they depend on.

A folder of tables has a record with the sha256 of each file and its own. The bytes are compared with it before anything
is parsed: one bit in the checksummed pages, in the header of a page or in the names of the columns counts alike. What
is not what was written is set aside with a warning, and made again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from framing.errors import FramingError
from framing.files.caches import note_use
from framing.files.damage import DamageError, find_identity, is_damaged_file, put_aside
from framing.files.identity import file_sha256
from framing.files.sealed_json import read_record, write_record
from framing.files.whole import whole_folder
from framing.project import cache_folder

__all__ = ["KeptTables", "cached_table", "cached_tables", "find_tables", "keep_tables", "table_folder", "write_tables"]

_GROUP_ROWS = 65_536  # rows that are encoded at once when a table is written
_FACTS = "facts.json"
_TRIES = 3  # of making tables: those that replace damaged ones can be damaged by the same disk


@dataclass(frozen=True)
class KeptTables:
    """Tables of a folder of the cache.

    Attributes
    ----------
    facts : dict
        What was stored beside them.
    tables : dict of str to DataFrame
        Tables by name.
    """

    facts: dict[str, Any]
    tables: dict[str, pd.DataFrame]


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

    Raises
    ------
    FramingError
        If they cannot be read or written.
    """
    home = table_folder(kind, inputs)
    return keep_tables(home, lambda: write_tables(home, make(), {})).tables


def cached_table(home: Path, make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    """One table from a folder, which is made first if it does not exist.

    Parameters
    ----------
    home : Path
        The folder; its name stands for everything that the table depends on.
    make : callable
        Function without arguments that returns the table.

    Returns
    -------
    DataFrame
        The table, read from the folder.

    Raises
    ------
    FramingError
        If it cannot be read or written.
    """
    return keep_tables(home, lambda: write_tables(home, {"table": make()}, {})).tables["table"]


def keep_tables(home: Path, write: Callable[[], None]) -> KeptTables:
    """Read tables, which are written first where they are missing or damaged.

    Parameters
    ----------
    home : Path
        Folder of the tables.
    write : callable
        Function without arguments that writes them there with `write_tables`.

    Returns
    -------
    KeptTables
        The tables.

    Raises
    ------
    FramingError
        If they cannot be read or written.
    """
    for _ in range(_TRIES):
        if (found := find_tables(home)) is not None:
            return found
        write()
    if (found := find_tables(home)) is not None:
        return found
    raise FramingError(
        f"The tables {home} are damaged again and again: the disk may be failing. Set FRAMING_CACHE to another folder."
    )


def find_tables(home: Path) -> KeptTables | None:
    """Read tables that `write_tables` wrote.

    Parameters
    ----------
    home : Path
        Folder of the tables.

    Returns
    -------
    KeptTables or None
        None where there are none. Where a file is missing or is not what was written, the folder is set aside with a
        warning, and there are none.

    Raises
    ------
    FramingError
        If they cannot be read for another reason, or the damaged folder cannot be set aside.
    """
    if (seen := find_identity(home)) is None:
        return None
    try:
        found = _read(home)
        note_use(home)
        return found
    except Exception as error:
        try:
            if not is_damaged_file(error):
                raise
            put_aside(home, "folder of tables", error, seen=seen)
        except OSError as fault:
            raise FramingError(
                f"The tables {home} cannot be used: {fault}. They can be computed again: delete the folder, or set "
                "FRAMING_CACHE to another one."
            ) from None
        return None


def write_tables(home: Path, tables: Mapping[str, pd.DataFrame], facts: dict[str, Any]) -> None:
    """Write tables into a new folder, all of them or none.

    Parameters
    ----------
    home : Path
        Folder to make. If another process made it meanwhile, that one stays.
    tables : mapping of str to DataFrame
        Tables by name, which become Parquet files.
    facts : dict
        Values to store beside them, which JSON can represent.

    Raises
    ------
    FramingError
        If the folder cannot be written.
    """
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        with whole_folder(home) as work:
            digests = {}
            for name, table in tables.items():
                path = work / f"{name}.parquet"
                table.to_parquet(path, index=False, row_group_size=_GROUP_ROWS)
                digests[name] = file_sha256(path)
            write_record(work / _FACTS, {"facts": facts, "tables": digests})
    except OSError as error:
        if not (home / _FACTS).is_file():  # else another process made it first
            raise FramingError(
                f"The tables {home.name} could not be written to {home.parent}: {error}. Make room, or set "
                "FRAMING_CACHE to another folder."
            ) from None


def _read(home: Path) -> KeptTables:
    """Facts and tables of a folder, compared with their hashes."""
    record = read_record(home / _FACTS)
    tables = {}
    for name, digest in record["tables"].items():
        path = home / f"{name}.parquet"
        if file_sha256(path) != digest:
            raise DamageError(f"{path.name} is not what was stored (its sha256 differs)")
        tables[name] = pd.read_parquet(path)
    return KeptTables(record["facts"], tables)
