"""Exports of Label Studio (JSON, JSON-MIN): one row an annotation, and whose annotation it is."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from framing.codebook.cells import fold_label, list_choices
from framing.errors import InputError

__all__ = ["Annotation", "find_other_annotators", "list_annotations", "read_tasks"]

_MAX_BYTES = 500_000_000


class Annotation(NamedTuple):
    """One annotation of a task.

    Attributes
    ----------
    annotator : str
        Who made it: an address, a name or a number; empty where the export does not say.
    labels : tuple of str
        The frames chosen, as written.
    """

    annotator: str
    labels: tuple[str, ...]


def read_tasks(path: Path) -> list[Any]:
    """Tasks of an export, which may be anything within the list.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    list of object
        Its content.

    Raises
    ------
    InputError
        If it cannot be read, or is no list.
    """
    try:
        n_bytes = path.stat().st_size
        tasks = json.loads(path.read_text(encoding="utf-8-sig")) if n_bytes <= _MAX_BYTES else None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path} is not valid JSON: {error}.") from None
    if n_bytes > _MAX_BYTES:
        raise InputError(f"{path} has more than {_MAX_BYTES:,} bytes; that is no export of coded passages.")
    if not isinstance(tasks, list):
        raise InputError(f"{path}: expected a list of tasks, as Label Studio exports them (JSON or JSON-MIN).")
    return tasks


def list_annotations(task: dict[str, Any]) -> list[Annotation]:
    """Annotations of a task, without those that were skipped.

    Parameters
    ----------
    task : dict of str to object
        With `data` as in JSON, or flat as in JSON-MIN.

    Returns
    -------
    list of Annotation
        A task without an annotation counts as one without labels.
    """
    if not isinstance(task.get("data"), dict):  # JSON-MIN
        cancelled = bool(task.get("was_cancelled"))
        labels = () if cancelled else tuple(list_choices(task.get("frames")))
        return [Annotation(_name_annotator(task.get("annotator")), labels)]
    annotations = []
    items = task.get("annotations")
    for item in items if isinstance(items, list) else []:
        if not isinstance(item, dict) or item.get("was_cancelled"):
            continue
        results = item.get("result")
        labels = tuple(
            label
            for result in (results if isinstance(results, list) else [])
            if isinstance(result, dict) and result.get("from_name") == "frames"
            for label in list_choices(result.get("value"))
        )
        annotations.append(Annotation(_name_annotator(item.get("completed_by")), labels))
    return annotations or [Annotation("", ())]


def find_other_annotators(annotators: Sequence[str], coder: str, coders: Sequence[str]) -> dict[str, str]:
    """Annotators of a coder's tasks who are not that coder.

    Parameters
    ----------
    annotators : sequence of str
        Annotator of each annotation; empty where it is not known.
    coder : str
        Coder whose tasks they are.
    coders : sequence of str
        Coders of the draw.

    Returns
    -------
    dict of str to str
        Why the annotations of an annotator do not count. An annotator is the coder whose name is part of the address
        or name. Where nobody is called like the coder, the only one who is no other coder is. Where several could be,
        none counts.

    Examples
    --------
    >>> list(find_other_annotators(["1", "ben@example.org", "1"], "anna", ["anna", "ben"]))
    ['ben@example.org']
    """
    counts = Counter(filter(None, annotators))
    named = {name: _find_coder(name, coders) for name in counts}
    owners = [name for name in counts if fold_label(named[name]) == fold_label(coder)]
    unnamed = [name for name in counts if not named[name]]
    if owners or len(unnamed) == 1:
        own = owners or unnamed
        return {name: f"annotated by {name}, in tasks of {coder}" for name in counts if name not in own}
    listed = ", ".join(f"{name} ({number})" for name, number in counts.items())
    unclear = (
        f"the tasks of {coder} were annotated by {listed}, and it cannot be told who of them is {coder}; export the "
        f"annotations of {coder} alone"
    )
    return {name: unclear if name in unnamed else f"annotated by {name}, in tasks of {coder}" for name in counts}


def _find_coder(annotator: str, coders: Sequence[str]) -> str:
    """The coder whose name is the annotator's, or a word of it; empty where none or several are."""
    words = [fold_label(annotator), fold_label(annotator.partition("@")[0])]
    for sign in "._-+":
        words += [part for word in tuple(words) for part in word.replace(sign, " ").split()]
    named = [coder for coder in coders if fold_label(coder) in words]
    exact = [coder for coder in named if fold_label(coder) in words[:2]]
    candidates = exact or named
    return candidates[0] if len(candidates) == 1 else ""


def _name_annotator(value: Any) -> str:
    """Name of who completed an annotation: a text, a number, or a record with email, username or id."""
    if isinstance(value, dict):
        value = value.get("email") or value.get("username") or value.get("id")
    return "" if value is None else str(value)
