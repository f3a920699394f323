"""Parquet files that hold the hash of their own bytes: any bit that changes is found."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from framing.files.damage import DamageError
from framing.files.whole import whole_file

__all__ = ["SealedFile", "read_sealed", "write_sealed"]

_FACTS, _SEAL = b"framing", b"framing_seal"  # keys of the metadata
_MARK = b"framing-sha256:"  # before the hash
_BLANK = b"0" * 64  # stands for the hash while it is computed


@dataclass(frozen=True)
class SealedFile:
    """A file that is as it was written.

    Attributes
    ----------
    content : bytes
        All of it.
    facts : dict of str to object
        What was written beside the table.
    """

    content: bytes = field(repr=False)
    facts: dict[str, Any]

    def open(self) -> BytesIO:
        """Open it as what pandas and pyarrow read.

        Returns
        -------
        BytesIO
            At its beginning.
        """
        return BytesIO(self.content)


def write_sealed(path: Path, table: Any, facts: Mapping[str, Any] | None = None) -> None:
    """Write a table, whole or not at all, with the hash of the file in its metadata.

    Parameters
    ----------
    path : Path
        The file: Parquet, which any program reads.
    table : pyarrow.Table
        The table.
    facts : mapping of str to object, optional
        Plain values that stand in its metadata.

    Raises
    ------
    OSError
        If the file cannot be written; an earlier one stays.
    """
    import pyarrow.parquet as pq

    metadata = {
        **(table.schema.metadata or {}),
        _FACTS: json.dumps(dict(facts or {})).encode(),
        _SEAL: _MARK + _BLANK,
    }
    stream = BytesIO()
    pq.write_table(table.replace_schema_metadata(metadata), stream)
    content = bytearray(stream.getvalue())
    start = content.rindex(_MARK + _BLANK) + len(_MARK)  # metadata come after the rows
    content[start : start + len(_BLANK)] = hashlib.sha256(content).hexdigest().encode("ascii")
    with whole_file(path) as work:
        work.write_bytes(content)


def read_sealed(path: Path) -> SealedFile:
    """Read a file that `write_sealed` wrote.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    SealedFile
        Its content, which is what was written.

    Raises
    ------
    DamageError
        If there is no such file, or a bit of it is another; says which file.
    """
    import pyarrow.parquet as pq

    try:
        content = path.read_bytes()
    except OSError as error:
        raise DamageError(f"{path} cannot be read: {error.strerror or error}") from None
    start = content.rfind(_MARK) + len(_MARK)
    end = start + len(_BLANK)
    view = memoryview(content)
    digest = hashlib.sha256(view[:start])
    digest.update(_BLANK)
    digest.update(view[end:])
    if content[start:end] != digest.hexdigest().encode("ascii"):
        raise DamageError(f"{path} is not as it was written")
    return SealedFile(content, json.loads(pq.read_metadata(BytesIO(content)).metadata[_FACTS]))
