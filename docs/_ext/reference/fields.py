"""Keys of the files that users write, and the settings: read from the pydantic models that check them."""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from framing import Codebook, Settings
from framing.corpus.config import CorpusConfig
from framing.reports.plan import ReportPlan
from reference.markdown import code, table

__all__ = ["FILES", "Key", "File", "keys_of", "keys_pages"]


@dataclass(frozen=True)
class File:
    """A file that users write, or the settings."""

    model: type[BaseModel]
    title: str
    introduction: str


@dataclass(frozen=True)
class Key:
    """One key: `path` with dots where it is within another."""

    path: str
    kind: str
    default: str
    limits: str
    description: str


FILES = {
    "settings": File(
        Settings,
        "Settings",
        "Parameters of a run: `parameters:` of a report file, `--set key=value` of `framing report`, the cell "
        "`parameters` of a notebook, and the keywords of `framing.Settings`. Unknown names and values out of range "
        "are refused.",
    ),
    "corpus_yaml": File(
        CorpusConfig,
        "corpus.yaml",
        "Keys of `corpora/NAME/corpus.yaml`, which says what a corpus is made of. [](../own_corpus.md) shows a first "
        "file.",
    ),
    "report_yaml": File(
        ReportPlan,
        "Report files",
        "Keys of `reports/NAME.yaml`, which says what a report is made of. [](../operations.md) shows reports that are "
        "made on a schedule.",
    ),
    "codebook_yaml": File(
        Codebook,
        "Codebooks",
        "Keys of `seeds/NAME.yaml`. [](../codebooks.md) says how to write one.",
    ),
}
_PLAIN = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "true or false",
    Any: "any value",
    type(None): "null",
}
_LIMITS = {"ge": "≥ {}", "gt": "> {}", "le": "≤ {}", "lt": "< {}"}
_LENGTHS = {"min_length": "at least {}", "max_length": "at most {}"}


def keys_pages() -> dict[str, str]:
    """A page for the settings and for each kind of file."""
    head = ["Key", "Meaning", "Type", "Default", "Range"]
    pages = {}
    for name, file in FILES.items():
        rows = [[code(key.path), key.description, key.kind, key.default, key.limits] for key in keys_of(file.model)]
        pages[name] = f"# {file.title}\n\n{file.introduction}\n\n{table(head, rows)}\n"
    return pages


def keys_of(model: type[BaseModel], prefix: str = "") -> Iterator[Key]:
    """Keys of a model, those of the models within it after the key that holds them."""
    for name, field in model.model_fields.items():
        path = f"{prefix}{field.alias or name}"
        yield Key(path, _kind(field.annotation), _default(field), _limits(field), field.description or "")
        inner, mark = _inner(field.annotation)
        if inner is not None:
            yield from keys_of(inner, f"{path}{mark}.")


def _inner(annotation: Any) -> tuple[type[BaseModel] | None, str]:
    """The model that a key holds, and what stands between its path and the inner key."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, ""
    mark = {tuple: "[]", list: "[]", dict: ".NAME"}.get(get_origin(annotation), "")
    for part in get_args(annotation):
        inner, deeper = _inner(part)
        if inner is not None:
            return inner, mark + deeper
    return None, ""


def _kind(annotation: Any) -> str:
    origin, parts = get_origin(annotation), get_args(annotation)
    if annotation in _PLAIN:
        return _PLAIN[annotation]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "keys below"
    if hasattr(annotation, "__metadata__"):  # Annotated
        return _kind(parts[0])
    if origin is Literal:
        return "one of " + ", ".join(code(value) for value in parts)
    if origin in (Union, types.UnionType):
        return " or ".join(_kind(part) for part in parts if part is not type(None))
    if origin in (tuple, list):
        if origin is tuple and parts[-1] is not Ellipsis:
            return f"{len(parts)} values: " + ", ".join(_kind(part) for part in parts)
        return f"list of {_kind(parts[0])}"
    if origin is dict:
        return f"mapping of {_kind(parts[0])} to {_kind(parts[1])}"
    return str(getattr(annotation, "__name__", annotation))


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    if value is None or value is PydanticUndefined or value in ("", (), {}, []):
        return "none"
    if isinstance(value, BaseModel):
        return "its defaults"
    if isinstance(value, bool):
        return code(str(value).lower())
    return code(value)


def _limits(field: FieldInfo) -> str:
    said = []
    lengths = {tuple: "entries", list: "entries", dict: "entries"}.get(get_origin(field.annotation), "characters")
    for item in field.metadata:
        for name, form in _LIMITS.items():
            if (value := getattr(item, name, None)) is not None:
                said.append(form.format(f"{value:,}".replace(",", " ") if isinstance(value, int) else value))
        for name, form in _LENGTHS.items():
            if (value := getattr(item, name, None)) is not None:
                said.append("not empty" if form.format(value) == "at least 1" else f"{form.format(value)} {lengths}")
        if pattern := getattr(item, "pattern", None):
            said.append(code(pattern))
    return ", ".join(said)
