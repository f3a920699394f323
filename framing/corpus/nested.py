"""Values of typed records as text: JSON objects and rows of Parquet, with keys within keys."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from framing.corpus.encodings import describe_value
from framing.corpus.header import clean_name, match_columns
from framing.corpus.records import EXCERPT, Refused, Row, to_text

__all__ = ["DoubledKeyError", "flatten", "join_items", "make_row"]

_MAX_DEPTH = 50
_MAX_LABEL = 80  # characters of an item of a list that is still a label
_LOWER_WORD = re.compile(r"(?<!\S)[^\W\d_A-Z]+\b")
_STOP = re.compile(r"[.!?…。！？][\"'”’»)\]]*$")


class DoubledKeyError(ValueError):
    """A key that occurs twice in a record, so that one of its values would be lost."""


def make_row(record: Mapping[str, Any], name: str, number: int, needed: Sequence[str], keys: set[str]) -> Row | Refused:
    """Row of a record.

    Parameters
    ----------
    record : mapping
        Values by their keys.
    name : str
        Name of the file.
    number : int
        Line or number of the record.
    needed : sequence of str
        Keys that the row must have; those that the record lacks are empty.
    keys : set of str
        The keys of the record are added.

    Returns
    -------
    Row or Refused
        Refused where the record is too deep, a key occurs twice, or a needed key has no plain value or
        bytes that are not UTF-8.
    """
    try:
        values = flatten(record)
    except RecursionError:
        return Refused(name, number, f"an object nested more than {_MAX_DEPTH} deep")
    except DoubledKeyError as error:
        return Refused(name, number, str(error), json.dumps(record, ensure_ascii=False, default=str)[:EXCERPT])
    if any(key not in values for key in needed):
        values = dict(zip(match_columns(list(values), needed), values.values(), strict=True))
    keys.update(values)
    nested = [key for key in needed if _is_nested(_find(record, key))]
    if nested:
        excerpt = json.dumps(record, ensure_ascii=False, default=str)[:EXCERPT]
        return Refused(name, number, f"{', '.join(nested)} is not a plain value", excerpt)
    for key in needed:
        value = _find(record, key)
        if isinstance(value, bytes) and (problem := describe_value(value)):
            return Refused(name, number, f"{key} is {problem}", values[key][:EXCERPT])
    return Row(name, number, dict.fromkeys(needed, "") | values)


def flatten(record: Mapping[str, Any]) -> dict[str, str]:
    """Values of a record as text, by their keys; keys within keys are joined by dots.

    Parameters
    ----------
    record : mapping
        Values by their keys.

    Returns
    -------
    dict of str to str
        Lists of plain values are joined (`join_items`), others are JSON.

    Raises
    ------
    RecursionError
        If it is nested more than 50 deep.
    DoubledKeyError
        If two values have one key, as in `{"a.b": 1, "a": {"b": 2}}`.

    Examples
    --------
    >>> flatten({"text": "a", "source": {"id": None, "name": "The Post"}, "tags": ["war", "talks"]})
    {'text': 'a', 'source.id': '', 'source.name': 'The Post', 'tags': 'war; talks'}
    """
    values: dict[str, str] = {}
    for key, text in _walk(record, "", 0):
        if key in values:
            raise DoubledKeyError(f"the key {key} occurs twice")
        values[key] = text
    return values


def _walk(record: Mapping[str, Any], prefix: str, depth: int) -> Iterator[tuple[str, str]]:
    if depth > _MAX_DEPTH:
        raise RecursionError
    for key, value in record.items():
        name = prefix + clean_name(str(key))
        if isinstance(value, Mapping):
            yield from _walk(value, f"{name}.", depth + 1)
        elif isinstance(value, list):
            plain = _is_plain_list(value)
            yield name, join_items(value) if plain else json.dumps(value, ensure_ascii=False, default=str)
        else:
            yield name, to_text(value)


def join_items(items: Sequence[Any]) -> str:
    """Plain items of a list as one text: labels joined by `; `, paragraphs by blank lines.

    Parameters
    ----------
    items : sequence
        Values that are no lists and no objects.

    Returns
    -------
    str
        The items are paragraphs where one of them has more than 80 characters, or is a sentence with its stop.

    Examples
    --------
    >>> join_items(["war", "J. Lund"]), join_items(["The first of them.", "And another."])
    ('war; J. Lund', 'The first of them.\\n\\nAnd another.')
    """
    texts = [text for item in items if (text := to_text(item))]
    return ("\n\n" if any(map(_is_paragraph, texts)) else "; ").join(texts)


def _is_paragraph(text: str) -> bool:
    is_sentence = _STOP.search(text.rstrip()) and (len(_LOWER_WORD.findall(text)) > 1 or not text.isascii())
    return len(text) > _MAX_LABEL or bool(is_sentence)


def _is_plain_list(value: Any) -> bool:
    return isinstance(value, list) and not any(isinstance(item, Mapping | list | tuple) for item in value)


def _is_nested(value: Any) -> bool:
    return isinstance(value, Mapping) or (isinstance(value, list) and not _is_plain_list(value))


def _find(record: Mapping[str, Any], key: str) -> Any:
    """Value of a key, or of keys joined by dots."""
    if key in record:
        return record[key]
    place: Any = record
    for part in key.split("."):
        place = place.get(part) if isinstance(place, Mapping) else None
    return place
