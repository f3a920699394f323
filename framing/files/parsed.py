"""Parsed content of large YAML files, by what is written in them: parsing takes seconds in every process else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import version
from typing import Any

from framing.errors import FramingError
from framing.files.cache import KeptValues
from framing.files.identity import code_hash
from framing.project import cache_folder

__all__ = ["stored_values"]

_LARGE = 2000  # characters; a smaller file is parsed sooner than found


class _Parsed(KeptValues):
    """Content of a file as JSON by the hash of its text."""

    table, value, what = "parsed", "content TEXT", "record of parsed files"


def stored_values(text: str, parse: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Parsed content of a YAML file, from the cache where the same text was parsed before.

    Parameters
    ----------
    text : str
        The text.
    parse : callable
        Function without arguments that parses it. Texts that it refuses are not stored.

    Returns
    -------
    dict of str to Any
        The content. Content that JSON does not give back as it is, such as dates, is parsed each time.
    """
    if len(text) < _LARGE:
        return parse()
    parsed = _Parsed(cache_folder() / "parsed.sqlite")
    parser = code_hash(("files.strict_yaml", "files.parsed")) + version("ruamel.yaml")
    key = hashlib.sha256(f"{parser}\x1f{text}".encode("utf-8", "surrogatepass")).digest()
    with suppress(FramingError, ValueError):
        for _, content in parsed.known([key]):
            values = json.loads(content)
            if isinstance(values, dict):
                return values
    values = parse()
    with suppress(FramingError, TypeError, ValueError):
        content = json.dumps(values, ensure_ascii=False, allow_nan=False)
        if repr(json.loads(content)) == repr(values):  # the same types, in the same order
            parsed.keep([(key, content)])
    return values
