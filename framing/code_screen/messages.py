"""What a page or widget asks of the screen, checked where it comes in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from framing.errors import InputError

__all__ = ["Ask", "Draft", "Marks", "Measure", "Open", "Propose", "Save", "Show", "SpanMark", "Undo", "parse_ask"]

_Tab = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{8,64}$")]
_Index = Annotated[int, Field(ge=0)]
_FORM = ConfigDict(extra="forbid", frozen=True, strict=True)
_MAX_REMARK, _MAX_SPANS, _MAX_FRAMES = 20_000, 500, 500
_MAX_SECONDS = 86_400.0


class SpanMark(BaseModel):
    """Words that show why a frame was given, by code points."""

    model_config = _FORM

    frame: str
    start: _Index
    end: _Index


class Marks(BaseModel):
    """What a coder marked on a passage."""

    model_config = _FORM

    frames: Annotated[list[str], Field(max_length=_MAX_FRAMES)] = []
    none: bool = False
    unsure: bool = False
    remark: Annotated[str, StringConstraints(max_length=_MAX_REMARK)] = ""
    spans: Annotated[list[SpanMark], Field(max_length=_MAX_SPANS)] = []
    seconds: Annotated[float, Field(ge=0, le=_MAX_SECONDS, allow_inf_nan=False)] = 0.0


class _Ask(BaseModel):
    model_config = _FORM

    tab: _Tab


class Open(_Ask):
    """Everything that a page needs to begin; from then on only this tab may write."""

    do: Literal["open"]


class Show(_Ask):
    """One passage."""

    do: Literal["show"]
    index: _Index


class Save(_Ask):
    """Store a decision, then show another passage."""

    do: Literal["save"]
    index: _Index
    marks: Marks
    show: _Index


class Draft(_Ask):
    """Keep marks that are no decision yet."""

    do: Literal["draft"]
    index: _Index
    marks: Marks


class Undo(_Ask):
    """Take the last decision back."""

    do: Literal["undo"]


class Measure(_Ask):
    """Agreement of the coders so far, for settling."""

    do: Literal["measure"]


class Propose(_Ask):
    """Draft the next version of the codebook from the remarks, for settling."""

    do: Literal["propose"]


Ask = Open | Show | Save | Draft | Undo | Measure | Propose
_ADAPTER: TypeAdapter[Ask] = TypeAdapter(Annotated[Ask, Field(discriminator="do")])


def parse_ask(content: Mapping[str, Any]) -> Ask:
    """Check what was asked.

    Parameters
    ----------
    content : mapping
        The message.

    Returns
    -------
    Open, Show, Save, Draft, Undo, Measure or Propose
        What is asked.

    Raises
    ------
    InputError
        If the message has another form.
    """
    try:
        return _ADAPTER.validate_python(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InputError(f"The message cannot be read: {place}: {first['msg']}. Load the page again.") from None
