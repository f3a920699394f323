"""Rows of JSON files: an array of objects, one object a line, and the messages of a channel that Telegram exports."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import IO, Any

from framing.corpus.containers import MAX_LINE_CHARACTERS, OVERLONG, reread_lines
from framing.corpus.encodings import decode_bytes
from framing.corpus.nested import make_row
from framing.corpus.records import EXCERPT, Note, Refused, Row, Rows, check_columns, to_text
from framing.errors import InputError

__all__ = ["read_json", "read_json_lines", "read_telegram"]

_LISTED = 3  # keys in a message
_MAX_BYTES = 512 * 1024**2  # parsed as a whole; JSON lines have no such limit


class _Doubled(dict[str, Any]):
    """An object in which a key occurs twice."""

    key = ""


def _take_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) == len(pairs):
        return record
    counts = Counter(key for key, _ in pairs)
    doubled = _Doubled(record)
    doubled.key = next(key for key in counts if counts[key] > 1)
    return doubled


def _find_doubled(value: Any) -> str:
    """Key that occurs twice in an object or in one within it; empty where none does."""
    if isinstance(value, _Doubled):
        return value.key
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return next((key for item in items if isinstance(item, dict | list) and (key := _find_doubled(item))), "")


def read_json(
    stream: IO[bytes], name: str, needed: Sequence[str], encoding: str, records: str = "", *, notes: list[Note]
) -> Rows:
    """Rows of an array of objects, or of one object a file.

    Parameters
    ----------
    stream : binary file
        Content, which can be read from its beginning again.
    name : str
        Name of the file.
    needed : sequence of str
        Keys that at least one object must have; a key within another is named by both, as in `source.name`.
    encoding : str
        Character encoding.
    records : str, default ""
        Key under which the array stands, such as `articles`; by default the file is the array.
    notes : list of Note
        A remark is appended where the file is JSON lines, which are read as such.

    Yields
    ------
    Row or Refused
        One an object, numbered from 1.

    Raises
    ------
    InputError
        If the file is no JSON, there is no array at that place, or no object has a needed key.
    """
    try:
        content = _parse(stream, name, encoding)
    except InputError:
        if _read_first_object(stream, name, encoding) is None:
            raise
        notes.append(Note(name, "one object a line: read as JSON lines"))
        yield from _read_lines(stream, name, needed, encoding)
        return
    yield from _read_items(_find_records(content, records, name, needed), name, needed)


def read_json_lines(
    stream: IO[bytes], name: str, needed: Sequence[str], encoding: str, records: str = "", *, notes: list[Note]
) -> Rows:
    """Rows of JSON lines: one object a line.

    Parameters
    ----------
    stream : binary file
        Content, which can be read from its beginning again.
    name : str
        Name of the file.
    needed : sequence of str
        Keys that at least one object must have; a key within another is named by both, as in `source.name`.
    encoding : str
        Character encoding.
    records : str, default ""
        Key under which an array stands, where the file is one JSON value.
    notes : list of Note
        A remark is appended where the file is one JSON value over several lines, which is read as such.

    Yields
    ------
    Row or Refused
        In the order of the file.

    Raises
    ------
    InputError
        If no object has a needed key.
    """
    first = next((line for line in reread_lines(stream, name=name, encoding=encoding) if line.strip()), "")
    if first.lstrip().startswith(("[", "{")) and _read_first_object(stream, name, encoding) is None:
        stream.seek(0)
        try:
            content = _parse(stream, name, encoding)
        except InputError:
            content = None
        if isinstance(content, list | dict):
            notes.append(Note(name, "one JSON value over the whole file: read as JSON"))
            yield from _read_items(_find_records(content, records, name, needed), name, needed)
            return
    yield from _read_lines(stream, name, needed, encoding)


def _read_first_object(stream: IO[bytes], name: str, encoding: str) -> dict[str, Any] | None:
    """The object that the first line holds by itself; None where it does not."""
    for line in reread_lines(stream, name=name, encoding=encoding):
        if line.strip():
            try:
                value = json.loads(line, object_pairs_hook=_take_pairs)
            except (ValueError, RecursionError):
                return None
            return value if isinstance(value, dict) else None
    return None


def _read_lines(stream: IO[bytes], name: str, needed: Sequence[str], encoding: str) -> Rows:
    keys: set[str] = set()
    for number, line in enumerate(reread_lines(stream, name=name, encoding=encoding), start=1):
        if line.startswith(OVERLONG):
            yield Refused(name, number, f"a line longer than {MAX_LINE_CHARACTERS} characters")
            continue
        if not line.strip():
            continue
        try:
            record = json.loads(line, object_pairs_hook=_take_pairs)
        except (ValueError, RecursionError) as error:
            yield Refused(name, number, f"not valid JSON: {error}", line[:EXCERPT])
            continue
        yield _read_item(record, name, number, needed, keys)
    if keys:
        check_columns(name, sorted(keys), needed)


def _read_items(items: Iterable[Any], name: str, needed: Sequence[str]) -> Rows:
    keys: set[str] = set()
    for number, item in enumerate(items, start=1):
        yield _read_item(item, name, number, needed, keys)
    if keys:
        check_columns(name, sorted(keys), needed)


def _read_item(item: Any, name: str, number: int, needed: Sequence[str], keys: set[str]) -> Row | Refused:
    if not isinstance(item, dict):
        return Refused(name, number, "not a JSON object", json.dumps(item, ensure_ascii=False)[:EXCERPT])
    if key := _find_doubled(item):
        keys.update(item)
        return Refused(name, number, f"the key {key} occurs twice", json.dumps(item, ensure_ascii=False)[:EXCERPT])
    return make_row(item, name, number, needed, keys)


def _parse(stream: IO[bytes], name: str, encoding: str) -> Any:
    content = stream.read(_MAX_BYTES + 1)  # the array may stand on one line, longer than lines may be
    if len(content) > _MAX_BYTES:
        raise InputError(f"{name} has more than {_MAX_BYTES // 1024**2} MiB; save it as JSON lines.")
    try:
        return json.loads(decode_bytes(content, encoding, name), object_pairs_hook=_take_pairs)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{name} is not valid JSON: {error}.") from None


def _find_records(content: Any, records: str, name: str, needed: Sequence[str]) -> list[Any]:
    """The objects under a key; without one, the array, or the single object that has the needed keys."""
    place = content
    for key in filter(None, records.split(".")):
        if isinstance(place, _Doubled) and place.key == key:
            raise InputError(f"{name}: the key {key} occurs twice; one of its arrays would be lost. Join them.")
        place = place.get(key) if isinstance(place, dict) else None
    if isinstance(place, list):
        return place
    if isinstance(place, dict) and needed:
        keys: set[str] = set()
        make_row(place, name, 1, needed, keys)
        if set(needed) <= keys:
            return [place]
    lists = [key for key, value in content.items() if isinstance(value, list)] if isinstance(content, dict) else []
    hint = f" Set `records:` to one of {', '.join(lists)}." if lists else ""
    if not lists and isinstance(place, dict) and place and all(isinstance(value, dict) for value in place.values()):
        shown = ", ".join(list(place)[:_LISTED]) + (", …" if len(place) > _LISTED else "")
        hint = (
            f" It is an object with an object for each of {len(place)} keys ({shown}): "
            "write these as an array, each with its key as a value of it, such as `id`."
        )
    where = f"under {records}" if records else "in the file"
    raise InputError(f"{name}: expected an array of objects {where}.{hint}")


def read_telegram(stream: IO[bytes], name: str, needed: Sequence[str], encoding: str) -> Rows:
    """Rows of the `result.json` that Telegram exports, of one channel or of all chats.

    Parameters
    ----------
    stream : binary file
        Content.
    name : str
        Name of the file.
    needed : sequence of str
        Fields that are read.
    encoding : str
        Character encoding.

    Yields
    ------
    Row or Refused
        One a message, numbered from 1; refused are messages of the service, and those without a text.

    Raises
    ------
    InputError
        If the file is no such export, or no message has a needed field.
    """
    content = _parse(stream, name, encoding)
    chats = content.get("chats") if isinstance(content, dict) else None
    listed = chats.get("list") if isinstance(chats, dict) else [content]
    if not isinstance(listed, list) or not any(isinstance(chat, dict) and "messages" in chat for chat in listed):
        raise InputError(f"{name}: expected an export of Telegram, with messages or chats.list; export as JSON.")
    keys: set[str] = set()
    number = 0
    for chat in listed:
        messages = chat.get("messages") if isinstance(chat, dict) else None
        for message in messages if isinstance(messages, list) else []:
            number += 1
            item = _read_message(message, chat, name, number)
            if isinstance(item, Row):
                keys.update(item.values)
                item = Row(name, number, dict.fromkeys(needed, "") | item.values)
            yield item
    if keys:
        check_columns(name, sorted(keys), needed)


def _read_message(message: Any, chat: dict[str, Any], name: str, number: int) -> Row | Refused:
    if not isinstance(message, dict):
        return Refused(name, number, "not a JSON object", json.dumps(message)[:EXCERPT])
    if key := _find_doubled(message):
        return Refused(name, number, f"the key {key} occurs twice", json.dumps(message, ensure_ascii=False)[:EXCERPT])
    if message.get("type") != "message":
        return Refused(name, number, f"not a message: {to_text(message.get('action') or message.get('type'))}")
    text = _join_text(message.get("text"))
    if not text.strip():
        media = next((key for key in ("photo", "media_type", "file", "poll", "sticker_emoji") if key in message), "")
        return Refused(name, number, f"a message without a text{f' ({media})' if media else ''}")
    chat_id, message_id = to_text(chat.get("id")), to_text(message.get("id"))
    values = {
        "text": text,
        "title": "",
        "outlet": to_text(chat.get("name")),
        "published": _read_date(message),
        "author": to_text(message.get("author") or message.get("from")),
        "document_id": f"{chat_id}/{message_id}" if chat_id and message_id else "",
        "url": "",
        "chat_type": to_text(chat.get("type")),
        "forwarded_from": to_text(message.get("forwarded_from")),
        "edited": to_text(message.get("edited")),
    }
    return Row(name, number, values)


def _join_text(text: Any) -> str:
    """Text of a message: a string, or a list of strings and of objects such as links."""
    if isinstance(text, list):
        return "".join(to_text(part.get("text")) if isinstance(part, dict) else to_text(part) for part in text)
    return to_text(text)


def _read_date(message: dict[str, Any]) -> str:
    """Time in UTC where the message has it: `date` is in the zone of the machine that exported."""
    try:
        return datetime.fromtimestamp(int(message["date_unixtime"]), UTC).isoformat()
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        return to_text(message.get("date"))
