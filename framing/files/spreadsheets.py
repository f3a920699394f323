"""Files for spreadsheet programs, in which no text is run as a formula: see `framing.files.escaping`."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from framing.errors import InputError
from framing.files.escaping import format_csv, harmless, harmless_id, harmless_table, restored, restored_id
from framing.files.whole import write_whole

__all__ = ["harmless", "harmless_id", "harmless_table", "restored", "restored_id", "write_csv", "write_csv_output"]


def write_csv(table: pd.DataFrame, path: Path, *, mark: bool = False) -> None:
    """Write a table as escaped CSV in UTF-8 with all texts quoted, whole or not at all.

    Parameters
    ----------
    table : DataFrame
        Any table.
    path : Path
        The file; its folder is made where it is missing.
    mark : bool, default False
        Whether it begins with a byte order mark, by which Excel recognises UTF-8.
    """
    content = format_csv(table, quote_texts=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, (b"\xef\xbb\xbf" if mark else b"") + content.encode("utf-8", "replace"))


def write_csv_output(table: pd.DataFrame, path: Path, *, mark: bool = False) -> None:
    """Write a table as `write_csv` does, to a file that the user named.

    Parameters
    ----------
    table : DataFrame
        Any table.
    path : Path
        The file; its folder is made where it is missing.
    mark : bool, default False
        Whether it begins with a byte order mark, by which Excel recognises UTF-8.

    Raises
    ------
    InputError
        If the file cannot be written; an earlier one stays.
    """
    try:
        write_csv(table, path, mark=mark)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror or error}.") from None
