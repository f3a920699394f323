"""Tasks and exports of Label Studio: JSON with the annotations of several users, and JSON-MIN."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from framing.codebook import Codebook
from framing.codebook.cells import list_choices
from framing.coding.filled_rows import FilledRow, FilledSheet
from framing.coding.tool_files.archives import read_bytes
from framing.coding.tool_files.coded_texts import (
    CodedText,
    Marked,
    choose_fields,
    combine_labels,
    format_marked,
    list_labels,
)
from framing.corpus.formats import Refused
from framing.errors import InputError

__all__ = ["Annotation", "is_task", "list_annotations", "list_marked", "make_annotated_tasks", "read_tasks"]

_EXCERPT = 200
_FRAMES, _SPANS, _NOTES = "frames", "spans", "notes"  # names of the fields of our labelling interface
_OWN_KEYS = frozenset(  # of tasks and of JSON-MIN, which are no fields of annotations
    ("id", "data", "text", "coder", "place", "passage_id", "annotator", "annotation_id", "created_at", "updated_at",
     "lead_time", _NOTES)
)  # fmt: skip
_LABELS = ("labels", "hypertextlabels", "paragraphlabels")  # keys under which labels of stretches stand


class Annotation(NamedTuple):
    """One annotation of a task.

    Attributes
    ----------
    annotator : str
        Who made it: an address, a name or a number; empty where the export does not say.
    labels : tuple of str
        The frames chosen, as written.
    marked : tuple of Marked
        The words marked.
    notes : str
        What was remarked.
    """

    annotator: str
    labels: tuple[str, ...] = ()
    marked: tuple[Marked, ...] = ()
    notes: str = ""


class _Fields(NamedTuple):
    """Fields of a file that count: of frames, and of marked words."""

    choices: frozenset[str]
    labels: frozenset[str]


def is_task(record: object) -> bool:
    """Tell a task of Label Studio from a record of another tool.

    Parameters
    ----------
    record : object
        First object of a file.

    Returns
    -------
    bool
        Whether it has `data`, as JSON has, or keys that JSON-MIN has beside those of the task.

    Examples
    --------
    >>> is_task({"data": {"text": "Tanks."}}), is_task({"text": "Tanks.", "annotation_id": 3}), is_task({"text": ""})
    (True, True, False)
    """
    if not isinstance(record, dict):
        return False
    return isinstance(record.get("data"), dict) or bool({"annotation_id", "annotator", "lead_time"} & set(record))


def make_annotated_tasks(codings: Iterable[CodedText], codebook: Codebook) -> list[dict[str, Any]]:
    """Tasks with annotations, for import into Label Studio.

    Parameters
    ----------
    codings : iterable of CodedText
        Passages of one coder or several.
    codebook : Codebook
        Whose frames were coded.

    Returns
    -------
    list of dict
        One task for each passage and coder, who is named in its `data`: Label Studio takes only users that it knows as
        those who annotated.
    """
    tasks = []
    for number, item in enumerate(codings, start=1):
        data = {"coder": item.coder, "place": item.place or str(number), "passage_id": item.passage_id}
        task: dict[str, Any] = {"data": {**data, "text": item.text}}
        labels = list_labels(item, codebook)
        if labels is not None:
            results: list[dict[str, Any]] = [_make_result(_FRAMES, "choices", {"choices": labels})]
            for span in item.spans:
                words = item.text[span.start : span.end]
                value = {"start": span.start, "end": span.end, "text": words, "labels": [span.frame]}
                results.append(_make_result(_SPANS, "labels", value))
            if item.notes:
                results.append(_make_result(_NOTES, "textarea", {"text": [item.notes]}))
            task["annotations"] = [{"result": results}]
        tasks.append(task)
    return tasks


def _make_result(field: str, kind: str, value: dict[str, Any]) -> dict[str, Any]:
    return {"from_name": field, "to_name": "text", "type": kind, "value": value}


def read_tasks(path: Path, codebook: Codebook) -> FilledSheet:
    """Read an export.

    Parameters
    ----------
    path : Path
        JSON or JSON-MIN.
    codebook : Codebook
        Whose frames the choices and labels are. The fields `frames` and `spans` are read; where they are missing, those
        that have frames of the codebook.

    Returns
    -------
    FilledSheet
        One row for each annotation that was not skipped; a task without any is a row without labels. Predictions and
        drafts are not read.

    Raises
    ------
    InputError
        If the file cannot be read, is no list of tasks, or several fields have frames.
    """
    tasks = _load(path)
    fields = _choose_fields(tasks, codebook, path.name)
    return FilledSheet(list(_list_rows(tasks, fields, path)), _list_remarks(tasks, fields, path.name))


def list_annotations(
    task: Mapping[str, Any], choices: Iterable[str] = (_FRAMES,), labels: Iterable[str] = (_SPANS,)
) -> list[Annotation]:
    """Annotations of a task, without those that were skipped.

    Parameters
    ----------
    task : mapping of str to object
        With `data` as in JSON, or flat as in JSON-MIN.
    choices : iterable of str
        Fields of frames.
    labels : iterable of str
        Fields of marked words.

    Returns
    -------
    list of Annotation
        A task without an annotation counts as one without labels.
    """
    chosen, marking = set(choices), set(labels)
    if not isinstance(task.get("data"), dict):  # JSON-MIN
        annotator = _name_annotator(task.get("annotator"))
        if task.get("was_cancelled"):
            return [Annotation(annotator)]
        own = [label for field in sorted(chosen) for label in list_choices(task.get(field))]
        marked = [span for field in sorted(marking) for span in list_marked(task.get(field))]
        return [_make_annotation(annotator, own, marked, _list_texts(task.get(_NOTES)))]
    annotations = []
    for item in _list_items(task.get("annotations", task.get("completions"))):
        if item.get("was_cancelled"):
            continue
        own, marked, notes = [], [], []
        for result in _list_items(item.get("result")):
            field, value = result.get("from_name"), result.get("value")
            if field in chosen:
                own += list_choices(value)
            if field in marking and isinstance(value, Mapping):
                marked += list_marked([value])
            if field == _NOTES:
                notes += _list_texts(value)
        annotations.append(_make_annotation(_name_annotator(item.get("completed_by")), own, marked, notes))
    return annotations or [Annotation("")]


def list_marked(value: Any) -> list[Marked]:
    """Marked words, as Label Studio exports them.

    Parameters
    ----------
    value : object
        A list of objects with `start, end, labels` and mostly `text`, or the same as JSON.

    Returns
    -------
    list of Marked
        One for each label of each object; none of what has another form.

    Examples
    --------
    >>> list_marked('[{"start": 0, "end": 5, "text": "Tanks", "labels": ["war"]}]')
    [Marked(label='war', start=0, end=5, text='Tanks')]
    """
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return []
    marked = []
    for item in _list_items(value):
        whole = item.get("globalOffsets")  # of texts with markup
        offsets: Mapping[str, Any] = whole if isinstance(whole, Mapping) else item
        start, end = _read_number(offsets.get("start")), _read_number(offsets.get("end"))
        labels: Any = next((item[key] for key in _LABELS if key in item), None)
        marked += [Marked(label, start, end, str(item.get("text") or "")) for label in list_choices(labels)]
    return marked


def _make_annotation(annotator: str, labels: list[str], marked: list[Marked], notes: list[str]) -> Annotation:
    own, spans = combine_labels(labels, marked)
    return Annotation(annotator, tuple(own), tuple(spans), "; ".join(notes))


def _load(path: Path) -> list[Any]:
    """Tasks of a file, which may be anything within the list."""
    try:
        tasks = json.loads(read_bytes(path).decode("utf-8-sig"))
    except InputError:
        raise
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path} is not valid JSON: {error}.") from None
    if not isinstance(tasks, list):
        raise InputError(f"{path}: expected a list of tasks, as Label Studio exports them (JSON or JSON-MIN).")
    return tasks


def _choose_fields(tasks: list[Any], codebook: Codebook, name: str) -> _Fields:
    """Fields of frames and of marked words."""
    choices: dict[str, Counter[str]] = {}
    labels: dict[str, Counter[str]] = {}
    for task in tasks:
        for field, value in _list_values(task):
            spans = list_marked(value if isinstance(value, list | str) else [value])
            if spans:
                labels.setdefault(field, Counter()).update(span.label for span in spans)
            elif _is_texts(value) and (listed := list_choices(value)):
                choices.setdefault(field, Counter()).update(listed)
    return _Fields(
        frozenset(choose_fields(choices, codebook, usual=_FRAMES, name=name, what="fields")),
        frozenset(choose_fields(labels, codebook, usual=_SPANS, name=name, what="fields of marked words")),
    )


def _list_values(task: object) -> Iterator[tuple[str, Any]]:
    """Name and value of each field of a task."""
    if not isinstance(task, Mapping):
        return
    if not isinstance(task.get("data"), dict):
        yield from ((str(field), value) for field, value in task.items() if field not in _OWN_KEYS)
        return
    for item in _list_items(task.get("annotations", task.get("completions"))):
        for result in _list_items(item.get("result")):
            if isinstance(result.get("from_name"), str) and isinstance(result.get("value"), dict):
                yield result["from_name"], result["value"]


def _is_texts(value: Any) -> bool:
    """Whether a value is a choice or several, and not of another form."""
    inner = value.get("choices") if isinstance(value, Mapping) else value
    return isinstance(inner, str) or (isinstance(inner, list) and all(isinstance(item, str) for item in inner))


def _list_remarks(tasks: list[Any], fields: _Fields, name: str) -> list[str]:
    """Which fields were read, where they are not those of our labelling interface."""
    others = sorted((fields.choices | fields.labels) - {_FRAMES, _SPANS})
    remarks = [f"{name}: frames are read from the field {', '.join(others)}"] * bool(others)
    n_predicted = sum(bool(task.get("predictions")) for task in tasks if isinstance(task, Mapping))
    return remarks + [f"{name}: predictions in {n_predicted} task(s) are not read"] * bool(n_predicted)


def _list_rows(tasks: list[Any], fields: _Fields, path: Path) -> Iterator[FilledRow | Refused]:
    for number, task in enumerate(tasks, start=1):
        data = task.get("data", task) if isinstance(task, dict) else None
        if not isinstance(data, dict) or not ("passage_id" in data or isinstance(data.get("text"), str)):
            reason = "not a task of framing sample: it has no passage_id"
            yield Refused(path.name, number, reason, str(task)[:_EXCERPT])
            continue
        for annotation in list_annotations(task, fields.choices, fields.labels):
            yield FilledRow(
                file=path.name,
                line=number,
                coder=str(data.get("coder") or annotation.annotator or path.name.split(".")[0]),
                passage_id=str(data.get("passage_id") or ""),
                text=str(data.get("text", "")),
                labels=annotation.labels,
                annotator=annotation.annotator if data.get("coder") else "",
                notes=annotation.notes,
                spans=format_marked(annotation.marked),
            )


def _list_items(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; none of what is no list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _list_texts(value: Any) -> list[str]:
    """Texts of a remark: `"a"`, `["a"]` or `{"text": ["a"]}`."""
    if isinstance(value, Mapping):
        value = value.get("text")
    listed = [value] if isinstance(value, str) else value
    return (
        [item.strip() for item in listed if isinstance(item, str) and item.strip()] if isinstance(listed, list) else []
    )


def _read_number(value: Any) -> int:
    """A place, which old versions write as text; -1 where it is none."""
    if isinstance(value, str) and value.isdecimal():
        return int(value)
    return value if type(value) is int else -1


def _name_annotator(value: Any) -> str:
    """Name of who completed an annotation: a text, a number, or a record with email, username or id."""
    if isinstance(value, dict):
        value = value.get("email") or value.get("username") or value.get("id")
    return "" if value is None else str(value)
