"""JSON lines of doccano: text classification, sequence labelling, and both (intent detection and slot filling)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from framing.codebook import Codebook
from framing.codebook.cells import find_none_word, split_cell
from framing.coding.filled_rows import FilledRow, FilledSheet
from framing.coding.tool_files.archives import is_archive, read_bytes, read_members
from framing.coding.tool_files.coded_texts import CodedText, Marked, combine_labels, format_marked, list_labels
from framing.corpus.formats import Refused
from framing.errors import InputError

__all__ = ["format_doccano", "is_doccano_record", "make_doccano_labels", "read_doccano"]

_TEXTS = ("text", "data")
_LABELS = ("cats", "categories", "label", "labels", "annotations")
_SPANS = ("entities", "label", "labels", "spans", "annotations")
_NOTES = ("Comments", "comments")
_SHARED = ("all", "unknown")  # names of files that are no user
_EXCERPT = 200
_COLOURS = ("#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377", "#bbbbbb")
_KEYS = "123456789abcdefghijklmnopqrstuvwxyz"


def format_doccano(codings: Iterable[CodedText], codebook: Codebook) -> str:
    """JSON lines that doccano imports and `read_doccano` reads.

    Parameters
    ----------
    codings : iterable of CodedText
        Passages of one coder or several.
    codebook : Codebook
        Whose frames were coded.

    Returns
    -------
    str
        One object a line: `text`, `passage_id, coder, place`, which doccano keeps as metadata, and for what is coded
        `label`, a list; or, where any passage has spans, `cats` and `entities`, for a project of the kind *Intent
        Detection and Slot Filling*.
    """
    items = list(codings)
    has_spans = any(item.spans for item in items)
    lines = []
    for number, item in enumerate(items, start=1):
        record: dict[str, Any] = {"text": item.text}
        labels = list_labels(item, codebook)
        if labels is not None and has_spans:
            entities = [[span.start, span.end, span.frame] for span in item.spans]
            record |= {"cats": labels, "entities": entities}
        elif labels is not None:
            record["label"] = labels
        record |= {"passage_id": item.passage_id, "coder": item.coder, "place": item.place or str(number)}
        if item.notes:
            record["Comments"] = [item.notes]
        lines.append(json.dumps(record, ensure_ascii=False))
    return "".join(f"{line}\n" for line in lines)


def make_doccano_labels(codebook: Codebook) -> list[dict[str, str]]:
    """Labels for import into a project of doccano.

    Parameters
    ----------
    codebook : Codebook
        Whose frames are coded.

    Returns
    -------
    list of dict
        Each with `text`, a colour and, for the first 35, a key.
    """
    names = [*codebook.frame_ids, *filter(None, [find_none_word(codebook)])]
    labels = []
    for number, name in enumerate(names):
        label = {"text": name, "background_color": _COLOURS[number % len(_COLOURS)], "text_color": "#ffffff"}
        if number < len(_KEYS):
            label["suffix_key"] = _KEYS[number]
        labels.append(label)
    return labels


def is_doccano_record(record: object) -> bool:
    """Tell a record of doccano from one of another tool.

    Parameters
    ----------
    record : object
        First object of a file.

    Returns
    -------
    bool
        Whether it has a text and labels as doccano names them, and none of the keys of Label Studio.

    Examples
    --------
    >>> is_doccano_record({"id": 1, "text": "Tanks.", "label": []}), is_doccano_record({"data": {"text": "Tanks."}})
    (True, False)
    """
    if not isinstance(record, dict) or {"annotation_id", "annotator", "lead_time"} & set(record):
        return False
    has_text = any(isinstance(record.get(key), str) for key in _TEXTS)
    return has_text and any(key in record for key in (*_LABELS, *_SPANS, "passage_id"))


def read_doccano(path: Path, *, texts: Mapping[str, str] | None = None) -> FilledSheet:
    """Read an export of doccano.

    Parameters
    ----------
    path : Path
        JSON lines or an array, or a zip archive with a file for each user, as projects without sharing export.
    texts : mapping of str to str, optional
        Texts of the drawn passages by their ids: an `id` counts as that of the passage only where it is one of them.

    Returns
    -------
    FilledSheet
        One row a line. The coder is that of the task, else the name of the file. Where passages have no labels of
        their own, those of their spans count.

    Raises
    ------
    InputError
        If the file cannot be read.
    """
    content = read_bytes(path)
    rows: list[FilledRow | Refused] = []
    if is_archive(content[:4]):
        for member, data in read_members(content, path.name, endings=(".jsonl", ".json")):
            user = PurePosixPath(member).stem
            rows += _read_file(data, f"{path.name}/{member}", texts or {}, user, is_user=user not in _SHARED)
    else:
        rows += _read_file(content, path.name, texts or {}, path.name.split(".")[0], is_user=False)
    return FilledSheet(rows)


def _read_file(
    content: bytes, name: str, texts: Mapping[str, str], user: str, *, is_user: bool
) -> Iterator[FilledRow | Refused]:
    for line, record in _list_records(content, name):
        if isinstance(record, str):
            yield Refused(name, line, record, "")
            continue
        text = next((record[key] for key in _TEXTS if isinstance(record.get(key), str)), None)
        if text is None:
            yield Refused(name, line, "expected an object with the key text", str(record)[:_EXCERPT])
            continue
        try:
            labels, marked = combine_labels(_find_labels(record), _find_spans(record))
        except InputError as error:
            yield Refused(name, line, error.message, text[:_EXCERPT])
            continue
        coder = str(record.get("coder") or "")
        yield FilledRow(
            file=name,
            line=line,
            coder=coder or user,
            passage_id=_find_id(record, texts),
            text=text,
            labels=tuple(labels),
            annotator=user if coder and is_user else "",
            notes="; ".join(_find_notes(record)),
            spans=format_marked(marked),
        )


def _list_records(content: bytes, name: str) -> Iterator[tuple[int, dict[str, Any] | str]]:
    """Number and object of each line, or the reason why it cannot be read."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError(f"{name}, line {line}: not UTF-8, in which doccano exports. Export it anew.") from None
    if text.lstrip().startswith("["):
        try:
            listed = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise InputError(f"{name} is not valid JSON: {error}.") from None
        for number, record in enumerate(listed, start=1):
            yield number, record if isinstance(record, dict) else "expected an object"
        return
    for number, written in enumerate(text.split("\n"), start=1):
        if not written.strip():
            continue
        try:
            record = json.loads(written)
        except (ValueError, RecursionError) as error:
            yield number, f"not valid JSON: {error}"
        else:
            yield number, record if isinstance(record, dict) else "expected an object"


def _find_id(record: Mapping[str, Any], texts: Mapping[str, str]) -> str:
    """Id of the passage; empty where the record has none, so that the text must tell."""
    if record.get("passage_id"):
        return str(record["passage_id"])
    own = str(record.get("id", ""))  # doccano numbers its examples itself
    return own if own in texts else ""


def _find_labels(record: Mapping[str, Any]) -> list[str]:
    """Labels of the passage as a whole."""
    labels: list[str] = []
    for key in _LABELS:
        value = record.get(key)
        if isinstance(value, str):
            labels += split_cell(value)
        for item in value if isinstance(value, list) else ():
            if isinstance(item, str):
                labels.append(item.strip())
            elif isinstance(item, int) or (
                isinstance(item, Mapping) and "start_offset" not in item and "label" in item
            ):
                label = item.get("label") if isinstance(item, Mapping) else item
                if not isinstance(label, str):
                    raise InputError(
                        f"the label {label!r} is a number of doccano and not its text; export with the text of labels"
                    )
                labels.append(label.strip())
    return [label for label in labels if label]


def _find_spans(record: Mapping[str, Any]) -> list[Marked]:
    """Labels of stretches: `[start, end, label]`, or objects with `start_offset, end_offset, label`."""
    marked = []
    for key in dict.fromkeys(_SPANS):
        value = record.get(key)
        for item in value if isinstance(value, list) else ():
            if isinstance(item, Sequence) and not isinstance(item, str) and len(item) == 3:
                start, end, label = item
            elif isinstance(item, Mapping) and "start_offset" in item:
                start, end, label = item["start_offset"], item.get("end_offset"), item.get("label")
            else:
                continue
            if type(start) is not int or type(end) is not int or not isinstance(label, str):
                raise InputError(f"the span {str(item)[:80]} is not [start, end, label] with the text of the label")
            marked.append(Marked(label.strip(), start, end))
    return marked


def _find_notes(record: Mapping[str, Any]) -> list[str]:
    """Comments on an example."""
    values = [record.get(key) for key in _NOTES]
    listed = [item for value in values for item in (value if isinstance(value, list) else [value])]
    return [item.strip() for item in listed if isinstance(item, str) and item.strip()]
