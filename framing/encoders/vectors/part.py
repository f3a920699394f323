"""One Parquet part: written whole under a name from its content, read as a whole or by rows."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from framing.encoders.vectors.rows import KEY_BYTES, Bytes, Words
from framing.files.whole import whole_file

__all__ = [
    "DamagedPartError",
    "list_parts",
    "part_rows",
    "read_header",
    "read_keys",
    "read_part",
    "read_rows_of",
    "write_part",
]

_NAME = re.compile(r"\d{8}-[0-9a-f]{32}\.parquet")
_GROUP = 1024  # rows that are read together


class DamagedPartError(Exception):
    """A part is not what was written.

    Parameters
    ----------
    part : Path
        The file.
    reason : object
        What is wrong.
    """

    def __init__(self, part: Path, reason: object) -> None:
        super().__init__(f"{part.name}: {reason}")
        self.part = part


def list_parts(folder: Path) -> tuple[Path, ...]:
    """List the parts of a folder.

    Parameters
    ----------
    folder : Path
        Folder of a model; it need not exist.

    Returns
    -------
    tuple of Path
        The largest first; those in the making and those set aside are left out.
    """
    if not folder.is_dir():
        return ()
    return tuple(sorted((item for item in folder.iterdir() if _NAME.fullmatch(item.name)), reverse=True))


def part_rows(part: Path) -> int:
    """Read the number of rows in the name of a part.

    Parameters
    ----------
    part : Path
        The file.

    Returns
    -------
    int
        Number of vectors.
    """
    return int(part.name.partition("-")[0])


def write_part(folder: Path, model: str, encoder: str, keys: Bytes, words: Words) -> Path:
    """Write a part.

    Parameters
    ----------
    folder : Path
        Folder of the model.
    model : str
        Name of what made the vectors.
    encoder : str
        Name of the encoder for people.
    keys : ndarray of uint8, shape (n, 16)
        Keys.
    words : ndarray of uint32, shape (n, d + 1)
        Rows of `pack_vectors`.

    Returns
    -------
    Path
        The file. Equal content has an equal name, so that writing it twice changes nothing.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    content = hashlib.sha256(keys.tobytes())
    content.update(words.tobytes())
    path = folder / f"{len(keys):08d}-{content.hexdigest()[:32]}.parquet"
    table = pa.table(
        {
            "key": _binary(keys),
            "checksum": pa.array(np.ascontiguousarray(words[:, -1])),
            "vector": _binary(np.ascontiguousarray(words[:, :-1]).view(np.uint8)),
        }
    ).replace_schema_metadata({"model": model, "encoder": encoder})
    with whole_file(path) as work:
        pq.write_table(
            table, work, row_group_size=_GROUP, compression="none", use_dictionary=False, write_statistics=False
        )
    return path


def read_header(part: Path) -> tuple[str, str]:
    """Read what made the vectors of a part.

    Parameters
    ----------
    part : Path
        The file.

    Returns
    -------
    model : str
        Name in the store.
    encoder : str
        Name for people.
    """
    metadata = _read(part, lambda file: file.schema_arrow.metadata) or {}
    model, encoder = (metadata.get(name, b"").decode("utf-8", "replace") for name in (b"model", b"encoder"))
    return model, encoder


def read_keys(part: Path) -> tuple[Bytes, NDArray[np.uint32]]:
    """Read the keys of a part, and the checksums of their vectors.

    Parameters
    ----------
    part : Path
        The file.

    Returns
    -------
    keys : ndarray of uint8, shape (n, 16)
        Keys.
    checksums : ndarray of uint32, shape (n,)
        Checksums.
    """
    table = _read(part, lambda file: file.read(columns=["key", "checksum"]))
    keys = _numbers(part, table, "key")
    if keys.shape[1] != KEY_BYTES:
        raise DamagedPartError(part, f"expected keys of {KEY_BYTES} bytes, got {keys.shape[1]}")
    return keys, np.asarray(table["checksum"].to_numpy(), dtype=np.uint32)


def read_part(part: Path) -> tuple[Bytes, Words]:
    """Read a part.

    Parameters
    ----------
    part : Path
        The file.

    Returns
    -------
    keys : ndarray of uint8, shape (n, 16)
        Keys.
    words : ndarray of uint32, shape (n, d + 1)
        Rows of `pack_vectors`, not checked.
    """
    table = _read(part, lambda file: file.read(columns=["key", "checksum", "vector"]))
    return _numbers(part, table, "key"), _words(part, table)


def read_rows_of(part: Path, rows: NDArray[np.intp]) -> Words:
    """Read some rows of a part.

    Parameters
    ----------
    part : Path
        The file.
    rows : ndarray of int
        Which rows.

    Returns
    -------
    ndarray of uint32, shape (len(rows), d + 1)
        Rows of `pack_vectors`, not checked.
    """
    groups, which = np.unique(rows // _GROUP, return_inverse=True)
    table = _read(part, lambda file: file.read_row_groups(groups.tolist(), columns=["checksum", "vector"]))
    places = which * _GROUP + rows % _GROUP
    if len(places) and places.max() >= table.num_rows:
        raise DamagedPartError(part, "it has fewer rows than its keys")
    words: Words = _words(part, table)[places]
    return words


def _words(part: Path, table: Any) -> Words:
    numbers = np.ascontiguousarray(_numbers(part, table, "vector"))
    if numbers.shape[1] % 4:
        raise DamagedPartError(part, "the length of its vectors is no multiple of four bytes")
    words = np.empty((len(numbers), numbers.shape[1] // 4 + 1), dtype=np.uint32)
    words[:, :-1] = numbers.view("<u4")
    words[:, -1] = table["checksum"].to_numpy()
    return words


def _binary(rows: NDArray[np.uint8]) -> Any:
    """Rows of bytes as an Arrow array of values of one length."""
    import pyarrow as pa

    kind = pa.binary(rows.shape[1])
    return pa.Array.from_buffers(kind, len(rows), [None, pa.py_buffer(np.ascontiguousarray(rows))])


def _numbers(part: Path, table: Any, column: str) -> Bytes:
    """A column of values of one length as rows of bytes."""
    array = table[column].combine_chunks()
    width = getattr(array.type, "byte_width", 0)
    if not width or array.null_count:
        raise DamagedPartError(part, f"its column {column} is not what was written")
    start = array.offset * width
    content = np.frombuffer(array.buffers()[1], dtype=np.uint8)[start : start + len(array) * width]
    return content.reshape(-1, width)


def _read(part: Path, read: Any) -> Any:
    """What a function reads of the open file; errors of the content as `DamagedPartError`."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(part) as file:
            return read(file)
    except (pa.ArrowException, KeyError, ValueError) as error:
        raise DamagedPartError(part, error) from None
    except OSError as error:
        if error.errno is not None:
            raise
        raise DamagedPartError(part, error) from None  # of the content: Arrow's have no number
