"""The draft of a codebook with a frame more, made of a group of passages."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from framing.codebook import Codebook, Frame
from framing.codebook.drafts import PLACEHOLDER, WIDTH, format_codebook, raise_minor
from framing.errors import InputError

__all__ = ["draft_codebook"]

_NAME_WORDS = 3
_LEFT = (
    "its definition, which begins with “{placeholder}”: say what the frame claims, in a sentence or two",
    "its name, which is made of words of the group",
    "its include and exclude rules, which it has none of",
    "its seeds: strike those that do not carry it; write others in their genre, if the texts may not be passed on",
)
_COUNTER_SEEDS = (
    "its counter_seeds: near passages in which another frame was marked, and which nobody has read; strike those that "
    "carry this frame, too"
)
_NO_COUNTER_SEEDS = (
    "its counter_seeds, which it has none of, since no passage that another frame explains lies near: write a few of "
    "the same topic that do not make the claim"
)
_EXAMPLES = (
    "eight examples that carry it, under examples: at the end of the file, each with all of its frames. Where each "
    "frame has eight, they set the cut from which a frame is present. A frame without them moves the cuts of all: "
    "frames are told apart by the seeds of all, so other frames are found more or less often though no rule of theirs "
    "has changed"
)


def draft_codebook(
    codebook: Codebook,
    frame: str,
    *,
    words: Sequence[str],
    seeds: Sequence[tuple[str, str]],
    counter_seeds: Sequence[tuple[str, str]],
    source: str,
) -> str:
    """Write the draft of a codebook: all of its frames, and a new one.

    Parameters
    ----------
    codebook : Codebook
        The codebook.
    frame : str
        Id of the new frame.
    words : sequence of str
        Words of the group, of which the first ones are its name.
    seeds, counter_seeds : sequence of (str, str)
        Text and language of each passage; there may be no counter-seeds, which the head then says. Those that the
        codebook has already, and repeated ones, are left out.
    source : str
        What the frame was made of, for the comment at the head.

    Returns
    -------
    str
        YAML that `framing codebook check` reads. Its definition is a placeholder, which that check asks to be filled
        in, and from which nothing learns.

    Raises
    ------
    InputError
        If the codebook has the frame already, its id is none, or no seed is left.
    """
    if frame in codebook.frame_ids:
        raise InputError(
            f"The codebook {codebook.codebook} has a frame {frame} already; take another id. Its frames: "
            f"{', '.join(codebook.frame_ids)}."
        )
    known = {_fold(text) for item in codebook.frames for text in (*item.seeds, *item.counter_seeds)}
    known |= {_fold(item.text) for item in codebook.examples}
    new_seeds = _list_new(seeds, known, codebook.language)
    new_counter_seeds = _list_new(counter_seeds, known, codebook.language)
    if not new_seeds:
        raise InputError("Every central passage of the group stands in the codebook already: it is no new frame.")
    listed = f"Words of the group: {', '.join(words)}." if words else ""
    name = ", ".join(words[:_NAME_WORDS]).replace(";", ",") or frame
    try:
        drafted = Frame(
            id=frame,
            name=f"{name} (draft)",
            definition=f"{PLACEHOLDER} what the frame claims, in a sentence or two. {listed}".rstrip(),
            seeds=new_seeds,
            counter_seeds=new_counter_seeds,
        )
        draft = codebook.with_values(version=raise_minor(codebook.version), frames=(*codebook.frames, drafted))
    except ValidationError as error:
        reasons = "; ".join(str(item["msg"]).removeprefix("Value error, ") for item in error.errors())
        raise InputError(f"The frame {frame} cannot be added: {reasons}.") from None
    head = _write_head(codebook, frame, source, has_counter_seeds=bool(new_counter_seeds))
    return "".join(f"{line}\n" for line in head) + format_codebook(draft)


def _write_head(codebook: Codebook, frame: str, source: str, *, has_counter_seeds: bool) -> list[str]:
    """Comments that say what is left to a person."""
    left = (*_LEFT, _COUNTER_SEEDS if has_counter_seeds else _NO_COUNTER_SEEDS, _EXAMPLES)
    lines = [
        f"Draft of the version after {codebook.codebook} {codebook.version}, with the frame {frame}. {source} It is "
        "exploratory: nobody has said what the passages have in common.",
        f"Still to write, of the frame {frame}, the last one:",
        *(f"- {part.format(placeholder=PLACEHOLDER)}" for part in left),
        "Then: framing codebook check FILE, and put the file into seeds/, where reports find it by its name. Where the "
        "frame takes over passages of another one, its rules change too: raise the first number of the version.",
        "Keys and lines of the old file were ordered and wrapped anew, and its comments are gone: framing codebook "
        "compare OLD NEW says what has changed, a comparison of lines does not.",
    ]
    wrapped = [part for line in lines for part in textwrap.wrap(" ".join(line.split()), WIDTH)]
    return [f"# {line}" for line in wrapped]


def _list_new(passages: Sequence[tuple[str, str]], known: set[str], language: str) -> tuple[Any, ...]:
    """Passages that are not known yet, which they are from then on; with their language where it is another one."""
    listed: list[Any] = []
    for text, code in passages:
        folded = _fold(text)
        if folded and folded not in known:
            known.add(folded)
            listed.append(text if code in ("", "und", language) else {"text": text, "language": code})
    return tuple(listed)


def _fold(text: str) -> str:
    return " ".join(text.lower().split())
