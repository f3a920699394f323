"""The databases: which reader reads which format."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import PurePosixPath
from typing import IO

from framing.corpus.press.articles import FIELDS
from framing.corpus.press.contents import UnreadableError, read_content
from framing.corpus.press.europresse import read_europresse
from framing.corpus.press.factiva import read_factiva
from framing.corpus.press.nexis import read_nexis
from framing.corpus.press.proquest import read_proquest
from framing.corpus.records import Refused, Row, Rows, check_columns

__all__ = ["PRESS_FORMATS", "read_press"]

_READERS: dict[str, Callable[[bytes, str, str], Rows]] = {
    "nexis": read_nexis,
    "factiva": read_factiva,
    "proquest": read_proquest,
    "europresse": read_europresse,
}
PRESS_FORMATS = tuple(_READERS)


def read_press(stream: IO[bytes], name: str, kind: str, needed: Sequence[str], encoding: str) -> Rows:
    """Rows of an export file of a press database.

    Parameters
    ----------
    stream : binary file
        Content.
    name : str
        Name of the file.
    kind : str
        One of `PRESS_FORMATS`.
    needed : sequence of str
        Fields that are read.
    encoding : str
        Encoding of texts and pages that declare none.

    Yields
    ------
    Row or Refused
        One an article, at least as many as the file declares; one refused for a file that is no such export.

    Raises
    ------
    InputError
        If no article of the file has a needed field, or the encoding is another.
    """
    if PurePosixPath(name).name.startswith("~$"):
        yield Refused(name, 1, "a lock file that Word leaves beside an open document; passed over")
        return
    fields = set(FIELDS)
    n_rows = n_items = 0
    try:
        for item in _READERS[kind](read_content(stream), name, encoding):
            n_items += 1
            if isinstance(item, Row):
                n_rows += 1
                fields.update(item.values)
                item = Row(item.file, item.line, dict.fromkeys(needed, "") | item.values)
            yield item
    except UnreadableError as error:
        n_items += 1
        yield Refused(name, 1, str(error))
    if not n_items:
        yield Refused(name, 1, f"no article of the format {kind} is found in it")
    if n_rows:
        check_columns(name, sorted(fields), needed)
