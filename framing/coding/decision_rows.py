"""Rows of a file of decisions, checked as they are read: other programs can change such a file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, Json, TypeAdapter, ValidationError, field_validator

from framing.coding.decisions import Decision, Span, State
from framing.errors import InputError

__all__ = ["parse_decision", "parse_draft", "refuse_file"]

_Place = Annotated[int, Field(ge=0)]
_DRAFT: TypeAdapter[dict[str, Any]] = TypeAdapter(Json[dict[str, Any]])
_SHOWN = 60  # characters of a wrong value that are shown


class _Row(BaseModel):
    """A row of the table `decisions`, in the order of its columns."""

    model_config = ConfigDict(strict=True, frozen=True)

    passage_id: str
    state: State
    frames: Json[list[str]]
    unsure: Annotated[int, Field(ge=0, le=1)]
    remark: str
    spans: Json[list[tuple[str, _Place, _Place]]]
    seconds: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    decided_at: str
    number: Annotated[int, Field(ge=1)]

    @field_validator("decided_at")
    @classmethod
    def _check_time(cls, value: str) -> str:
        datetime.fromisoformat(value)
        return value


def parse_decision(values: Sequence[object]) -> Decision:
    """Make a decision of a row.

    Parameters
    ----------
    values : sequence of object
        passage_id, state, frames, unsure, remark, spans, seconds, decided_at, number; frames and spans are JSON.

    Returns
    -------
    Decision
        The decision.

    Raises
    ------
    ValueError
        If a value is none that a decision can have; the message names the decision and the value.

    Examples
    --------
    >>> row = ["p1", "coded", '["war"]', 0, "", '[["war", 0, 5]]', 1.5, "2026-07-01T12:00:00+00:00", 3]
    >>> parse_decision(row).spans
    (Span(frame='war', start=0, end=5),)
    >>> parse_decision(["p1", "done", *row[2:]])
    Traceback (most recent call last):
        ...
    ValueError: decision 3: state: got 'done'; input should be 'coded' or 'open'
    """
    named = dict(zip(_Row.model_fields, values, strict=True))
    try:
        row = _Row.model_validate(named)
    except ValidationError as error:
        raise ValueError(f"decision {named['number']}: {_explain(error, named)}") from None
    return Decision(
        passage_id=row.passage_id,
        state=row.state,
        frames=tuple(row.frames),
        unsure=bool(row.unsure),
        remark=row.remark,
        spans=tuple(Span(*span) for span in row.spans),
        seconds=row.seconds,
        decided_at=row.decided_at,
        number=row.number,
    )


def parse_draft(passage_id: str, content: object) -> dict[str, Any]:
    """Read marks that are no decision yet.

    Parameters
    ----------
    passage_id : str
        The passage.
    content : object
        Value of the table `drafts`, JSON.

    Returns
    -------
    dict
        The marks.

    Raises
    ------
    ValueError
        If it is no object of JSON.

    Examples
    --------
    >>> parse_draft("p1", '{"frames": ["war"]}')
    {'frames': ['war']}
    """
    try:
        return _DRAFT.validate_python(content, strict=True)
    except ValidationError:
        raise ValueError(f"the draft on {passage_id}: expected an object of JSON, got {_shorten(content)}") from None


def refuse_file(path: Path, reason: str) -> InputError:
    """Say that a file of decisions cannot be used.

    Parameters
    ----------
    path : Path
        The file.
    reason : str
        Why, without a full stop.

    Returns
    -------
    InputError
        The error, with what to do.
    """
    return InputError(
        f"{path} cannot be read as decisions of framing code: {reason}. Take the file that framing code wrote, or a "
        "copy of it."
    )


def _explain(error: ValidationError, named: dict[str, object]) -> str:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    column, message = str(first["loc"][0]), first["msg"]
    return f"{column}: got {_shorten(named[column])}; {message[:1].lower()}{message[1:]}"


def _shorten(value: object) -> str:
    return repr(value)[:_SHOWN]
