"""Rows of JSON files: an array of objects, and the messages of a channel that Telegram exports."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import IO, Any

from framing.corpus.encodings import decode_bytes
from framing.corpus.records import EXCERPT, Refused, Row, Rows, check_columns, to_text
from framing.errors import InputError

__all__ = ["read_json", "read_telegram"]

_MAX_BYTES = 512 * 1024**2  # parsed as a whole; JSON lines have no such limit
_MAX_DEPTH = 50


def read_json(stream: IO[bytes], name: str, needed: Sequence[str], encoding: str, records: str = "") -> Rows:
    """Rows of an array of objects.

    Parameters
    ----------
    stream : binary file
        Content.
    name : str
        Name of the file.
    needed : sequence of str
        Keys that at least one object must have; a key within another is named by both, as in `source.name`.
    encoding : str
        Character encoding.
    records : str, default ""
        Key under which the array stands, such as `articles`; by default the file is the array.

    Yields
    ------
    Row or Refused
        One an object, numbered from 1.

    Raises
    ------
    InputError
        If the file is no JSON, there is no array at that place, or no object has a needed key.
    """
    keys: set[str] = set()
    n_objects = 0
    for number, item in enumerate(_find_records(_parse(stream, name, encoding), records, name), start=1):
        if not isinstance(item, dict):
            yield Refused(name, number, "not a JSON object", json.dumps(item)[:EXCERPT])
            continue
        try:
            values = dict(_flatten(item, "", 0))
        except RecursionError:
            yield Refused(name, number, f"an object nested more than {_MAX_DEPTH} deep")
            continue
        keys.update(values)
        n_objects += 1
        yield Row(name, number, dict.fromkeys(needed, "") | values)
    if n_objects:
        check_columns(name, sorted(keys), needed)


def _parse(stream: IO[bytes], name: str, encoding: str) -> Any:
    content = stream.read(_MAX_BYTES + 1)  # the array may stand on one line, longer than lines may be
    if len(content) > _MAX_BYTES:
        raise InputError(f"{name} has more than {_MAX_BYTES // 1024**2} MiB; save it as JSON lines.")
    try:
        return json.loads(decode_bytes(content, encoding, name))
    except (ValueError, RecursionError) as error:
        raise InputError(f"{name} is not valid JSON: {error}.") from None


def _find_records(content: Any, records: str, name: str) -> list[Any]:
    place = content
    for key in filter(None, records.split(".")):
        place = place.get(key) if isinstance(place, dict) else None
    if isinstance(place, list):
        return place
    lists = [key for key, value in content.items() if isinstance(value, list)] if isinstance(content, dict) else []
    hint = f" Set `records:` to one of {', '.join(lists)}." if lists else ""
    where = f"under {records}" if records else "in the file"
    raise InputError(f"{name}: expected an array of objects {where}.{hint}")


def _flatten(value: dict[str, Any], prefix: str, depth: int) -> Iterator[tuple[str, str]]:
    """Values by their keys, joined by dots; a list is joined by `; ` where its items are plain."""
    if depth > _MAX_DEPTH:
        raise RecursionError
    for key, item in value.items():
        if isinstance(item, dict):
            yield from _flatten(item, f"{prefix}{key}.", depth + 1)
        elif isinstance(item, list):
            plain = not any(isinstance(part, dict | list) for part in item)
            yield prefix + key, "; ".join(map(to_text, item)) if plain else json.dumps(item, ensure_ascii=False)
        else:
            yield prefix + key, to_text(item)


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
