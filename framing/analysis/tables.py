"""Tables that were made once: a folder of Parquet files in the cache, under a key of all that they depend on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from framing.files.whole import whole_folder
from framing.project import cache_folder

__all__ = ["FACTS", "cached_tables", "read_tables", "table_folder", "write_tables"]

FACTS = "facts.json"  # written last: a folder with it is whole


def table_folder(kind: str, parts: object) -> Path:
    """Folder of the cache for tables of a kind that depend on `parts`, anything that JSON can hold."""
    content = json.dumps(parts, sort_keys=True)
    return cache_folder() / kind / hashlib.sha256(content.encode()).hexdigest()[:24]


def cached_tables(kind: str, parts: object, make: Callable[[], Mapping[str, pd.DataFrame]]) -> dict[str, pd.DataFrame]:
    """Tables that depend on `parts` alone, made where they are not in the cache yet, and read from it.

    Parameters
    ----------
    kind : str
        Folder in the cache.
    parts : object
        All that the tables depend on, code among it; anything that JSON can hold.
    make : callable
        Returns the tables by name. Called only where the cache lacks them.

    Returns
    -------
    dict of str to DataFrame
        As they were written and read again, so that the first call and the second give equal tables.
    """
    home = table_folder(kind, parts)
    if not (home / FACTS).is_file():
        tables = make()
        write_tables(home, tables, {"tables": sorted(tables)})
    names = json.loads((home / FACTS).read_text(encoding="utf-8"))["tables"]
    return read_tables(home, names)


def read_tables(home: Path, names: Iterable[str]) -> dict[str, pd.DataFrame]:
    """The named tables of a folder that `write_tables` wrote."""
    return {name: pd.read_parquet(home / f"{name}.parquet") for name in names}


def write_tables(home: Path, tables: Mapping[str, pd.DataFrame], facts: dict[str, Any]) -> None:
    """Write tables as Parquet files and `facts` as facts.json into the new folder `home`, whole or not at all."""
    home.parent.mkdir(parents=True, exist_ok=True)
    try:
        with whole_folder(home) as work:
            for name, table in tables.items():
                table.to_parquet(work / f"{name}.parquet", index=False)
            (work / FACTS).write_text(json.dumps(facts, indent=1), encoding="utf-8")
    except OSError:
        if not (home / FACTS).is_file():  # another process made it first, else a real fault
            raise
