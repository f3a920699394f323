"""Options that belong together as one record: a command takes the record, its fields are the options."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, get_type_hints

__all__ = ["expand_records"]


def expand_records(function: Callable[..., None]) -> Callable[..., None]:
    """Return a function whose parameters are the fields of the records that a command takes.

    Parameters
    ----------
    function : callable
        A command. A parameter whose type is a dataclass stands for its fields; each field has the type
        `Annotated[..., typer.Option(...)]` or `Annotated[..., typer.Argument(...)]`.

    Returns
    -------
    callable
        Takes keyword arguments only, makes the records from them and calls `function`.

    Raises
    ------
    TypeError
        If two records, or a record and the function, have a parameter of the same name.
    """
    records: dict[str, type] = {}
    parameters: list[inspect.Parameter] = []
    hints = get_type_hints(function, include_extras=True)
    for parameter in inspect.signature(function).parameters.values():
        kind = hints[parameter.name]
        if is_dataclass(kind) and isinstance(kind, type):
            records[parameter.name] = kind
            parameters += _read_fields(kind)
        else:
            parameters.append(parameter.replace(annotation=kind, kind=inspect.Parameter.KEYWORD_ONLY))
    names = [parameter.name for parameter in parameters]
    if len(set(names)) < len(names):
        raise TypeError(f"{function.__name__}: two parameters have one name: {', '.join(names)}")

    @functools.wraps(function)
    def call(**values: Any) -> None:
        for name, record in records.items():
            values[name] = record(**{field.name: values.pop(field.name) for field in fields(record)})
        function(**values)

    call.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # what inspect reads first
    call.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return call


def _read_fields(record: type) -> list[inspect.Parameter]:
    """A keyword-only parameter for each field."""
    hints = get_type_hints(record, include_extras=True)
    return [
        inspect.Parameter(
            field.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=inspect.Parameter.empty if field.default is MISSING else field.default,
            annotation=hints[field.name],
        )
        for field in fields(record)
    ]
