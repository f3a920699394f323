"""JSON files that know their own content: a record with the sha256 of its values."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from framing.files.damage import DamageError
from framing.files.identity import hash_content
from framing.files.whole import write_whole

__all__ = ["read_record", "write_record"]

_SEAL = "sha256"


def write_record(path: Path, values: dict[str, Any]) -> None:
    """Write values with their hash, whole or not at all.

    Parameters
    ----------
    path : Path
        The file.
    values : dict
        Values that JSON can represent, under any keys but `sha256`.
    """
    plain = json.loads(json.dumps(values))  # as they are read: tuples are lists, keys are texts
    write_whole(path, json.dumps({_SEAL: hash_content(plain), **plain}, indent=1).encode())


def read_record(path: Path) -> dict[str, Any]:
    """Read values that `write_record` wrote.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    dict
        The values.

    Raises
    ------
    DamageError
        If they are not what was written.
    OSError
        If there is no file, or it cannot be read.
    """
    content = path.read_bytes()
    try:
        values = json.loads(content)
        expected = values.pop(_SEAL)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise DamageError(f"{path.name} is cut or is no record") from None
    if hash_content(values) != expected:
        raise DamageError(f"{path.name} is not what was stored (its sha256 differs)")
    return dict(values)
