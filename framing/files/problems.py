"""What is wrong with the values of a file of settings, by key and line, and how to write them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from framing.files.yaml_remedies import quote_text

__all__ = ["Lines", "describe_problems"]

_NEAR = 0.7  # least similarity of a name that a message suggests
_SHOWN = 60  # characters of a value that are shown
_ITEMS = 3  # items of a list that are shown


class Lines:
    """Lines and raw texts of the keys and values of a YAML file.

    Parameters
    ----------
    text : str
        Content of the file, which is valid YAML.
    """

    def __init__(self, text: str) -> None:
        from ruamel.yaml import YAML

        self._root = YAML(typ="safe", pure=True).compose(text)

    def find(self, location: Sequence[int | str]) -> tuple[int, str]:
        """Line of a key or item, and its value as written.

        Parameters
        ----------
        location : sequence of int or str
            Keys and numbers of items, from the top.

        Returns
        -------
        line : int
            From 1; of the last key or item that is in the file.
        written : str
            The value as written, where it is a single one; else empty.
        """
        node, line = self._root, 1
        for item in location:
            content = getattr(node, "value", None)
            if not isinstance(content, list):
                break
            if content and isinstance(content[0], tuple):
                pair = next((pair for pair in content if pair[0].value == str(item)), None)
                if pair is None:
                    break
                line, node = pair[0].start_mark.line + 1, pair[1]
            elif isinstance(item, int) and item < len(content):
                node = content[item]
                line = node.start_mark.line + 1
            else:
                break
        else:
            written = getattr(node, "value", "")
            return line, written if isinstance(written, str) else ""
        return line, ""


def describe_problems(
    error: ValidationError,
    model: type[BaseModel],
    *,
    values: Mapping[Any, Any] | None = None,
    lines: Lines | None = None,
    kind: str = "",
) -> str:
    """Describe the problems that pydantic found, in one line.

    Parameters
    ----------
    error : ValidationError
        The problems.
    model : type
        The model that was to be built.
    values : mapping, optional
        What it was to be built from.
    lines : Lines, optional
        Places in the file.
    kind : str, default ""
        What the file describes, such as `report`, for messages.

    Returns
    -------
    str
        Each wrong key with what was expected, what came, what to write, and the line.
    """
    problems = []
    for item in error.errors():
        location = item["loc"]
        is_key = item["type"] == "invalid_key"
        if location and location[-1] == "[key]":  # the key itself is wrong, which pydantic names by its repr
            location, is_key = (*location[:-2], str(item["input"])), True
        line, written = lines.find(location) if lines and location else (0, "")
        where = _join_path(location, values)
        if is_key:
            key = str(location[-1])
            problem = f"{where}: the key {key} is no text; put it into quotation marks: {quote_text(key)}"
        elif item["type"] == "extra_forbidden":
            problem = f"unknown key {where}{_name_known(location, model)}"
        elif item["type"] == "missing":
            problem = f"{where} is missing"
        else:
            expected, value, remedy = _explain_value(item, written, model, kind)
            problem = f"{where}: {expected}{value}{remedy}" if where else f"{expected}{value}{remedy}"
        problems.append(f"{problem} (line {line})" if line else problem)
    return "; ".join(problems) + "."


def _explain_value(item: Any, written: str, model: type[BaseModel], kind: str) -> tuple[str, str, str]:
    """What was expected, what came, and what to write."""
    value, name = item["input"], str(item["loc"][-1]) if item["loc"] else ""
    came = "" if isinstance(value, dict | list) else f", got {_show(value)}"
    if item["type"] == "string_type":
        if isinstance(value, list):
            several = _find_plural(name, model)
            one = f"; a {kind} has one {name}" if kind and len(item["loc"]) == 1 else ""
            more = f"; several stand under {several}:" if several else ""
            shown = ", ".join(map(str, value[:_ITEMS])) + ", …" * (len(value) > _ITEMS)
            return "expected one value", f", got a list of {len(value)} ({shown[:_SHOWN]})", f"{one}{more}"
        if isinstance(value, dict):
            remedy = ""
            if len(value) == 1:
                ((key, rest),) = value.items()
                text = f"{key}: {rest}"
                shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
                remedy = f"; a colon and a space make a key, so put the text into quotation marks: {quote_text(shown)}"
            return "expected a text", f", got the key(s) {', '.join(map(str, value))[:_SHOWN]}", remedy
        if value is None:
            return "expected a text", came, " (nothing stands there)"
        return "expected a text", came, f"; put it into quotation marks: {quote_text(written or str(value))}"
    if item["type"] in ("tuple_type", "list_type", "set_type"):
        if value is None:
            return "expected a list", came, " (nothing stands there)"
        if isinstance(value, dict):
            return "expected a list", ", got keys", "; write each item on a line of its own after - and a space"
        return "expected a list", came, f"; write [{value}], or the items on lines of their own after - and a space"
    if item["type"] in ("dict_type", "model_type", "model_attributes_type"):
        return "expected keys with values", came or ", got a list", "; write them below it, each as key: value"
    message = item["msg"].removeprefix("Value error, ")
    if item["type"] in ("bool_type", "bool_parsing"):
        return message, came, "; write true or false, without quotation marks"
    if item["type"] in ("int_type", "float_type", "int_parsing", "float_parsing") and isinstance(value, str):
        return message, came, "; write a number, without quotation marks"
    if item["type"] == "literal_error" and isinstance(value, str):
        choices = [choice.strip("'") for choice in str(item["ctx"]["expected"]).replace(" or ", ", ").split(", ")]
        near = get_close_matches(value.lower(), choices, n=1, cutoff=_NEAR)
        return message, came, f"; the nearest is {near[0]}" if near else ""
    return message, "" if ", got " in message else came, ""


def _show(value: object) -> str:
    return str(value) if isinstance(value, date) else repr(value)


def _name_known(location: Sequence[int | str], model: type[BaseModel]) -> str:
    """The known keys in the place of an unknown one, and the nearest."""
    owner = _find_model(model, location[:-1])
    if owner is None:
        return ""
    known = list(owner.model_fields)
    key = str(location[-1])
    near = get_close_matches(key.strip().lower().replace("-", "_").replace(" ", "_"), known, n=1, cutoff=_NEAR)
    listed = f"known: {', '.join(known)}" if len(location) == 1 or not near else ""
    meant = f"nearest: {near[0]}" if near else ""
    return f" ({'; '.join(filter(None, (listed, meant)))})"


def _find_model(model: type[BaseModel], location: Sequence[int | str]) -> type[BaseModel] | None:
    """The model of a part of the values; None where it cannot be told."""
    for item in location:
        if not isinstance(item, str) or item not in model.model_fields:
            continue  # the number of an item, or a key of a mapping: the model is that of the field above
        inner = _list_models(model.model_fields[item].annotation)
        if len(inner) != 1:
            return None
        model = inner[0]
    return model


def _list_models(annotation: Any) -> list[type[BaseModel]]:
    """Models within the annotation of a field."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _list_models(part)]


def _find_plural(name: str, model: type[BaseModel]) -> str:
    """The field for several values where another is for one: corpora beside corpus."""
    plurals = (f"{name}s", f"{name.removesuffix('us')}ora", f"{name.removesuffix('y')}ies")
    return next((plural for plural in plurals if plural in model.model_fields), "")


def _join_path(location: Sequence[int | str], values: Any) -> str:
    """Path of a key, such as `frames[2].seeds`; items of lists are counted from 1."""
    path = ""
    for item in location:
        is_key = isinstance(values, Mapping) or not isinstance(item, int)
        name = str(item)
        path += (f".{name}" if path else name) if is_key else f"[{int(item) + 1}]"
        if isinstance(values, Mapping):
            values = values.get(item)
        else:
            values = (
                values[item]
                if isinstance(values, list | tuple) and isinstance(item, int) and item < len(values)
                else None
            )
    return path
