"""Codebooks that say the same in another way: frames in another order, without telling names, with one more rule."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from framing.codebook import Codebook, Frame
from framing.codebook.codebook import Example

__all__ = [
    "NONSENSE",
    "NONSENSE_RULE",
    "exclude_nonsense",
    "hold_out",
    "name_generically",
    "reverse_frames",
    "swap_names",
]

NONSENSE = "An elephant was seen nearby."
NONSENSE_RULE = "The {unit} mentions an elephant, whatever else it says (no frame)."


def reverse_frames(codebook: Codebook) -> Codebook:
    """Put the frames in the opposite order.

    Parameters
    ----------
    codebook : Codebook
        Any codebook.

    Returns
    -------
    Codebook
        The same frames, the last first.
    """
    return _change(codebook, frames=codebook.frames[::-1])


def name_generically(codebook: Codebook) -> Codebook:
    """Give frames ids and names that say nothing; the place of each frame stays.

    Parameters
    ----------
    codebook : Codebook
        Any codebook.

    Returns
    -------
    Codebook
        Frames `label_1`, `label_2` and so on. Rules that name a frame by its id name it so, too.
    """
    new = {name: (f"label_{place}", f"Label {place}") for place, name in enumerate(codebook.frame_ids, start=1)}
    return _rename(codebook, new)


def swap_names(codebook: Codebook) -> Codebook:
    """Give each frame id and name of the next, and keep its definition, rules, seeds and place.

    Parameters
    ----------
    codebook : Codebook
        With two frames or more.

    Returns
    -------
    Codebook
        The last frame has the name of the first.
    """
    frames = codebook.frames
    others = [*frames[1:], frames[0]]
    return _rename(codebook, {frame.id: (to.id, to.name) for frame, to in zip(frames, others, strict=True)})


def exclude_nonsense(codebook: Codebook) -> Codebook:
    """Give each frame one more rule against it, about what no passage is about.

    Parameters
    ----------
    codebook : Codebook
        Any codebook.

    Returns
    -------
    Codebook
        With `NONSENSE_RULE` as the last rule of each frame.
    """
    rule = NONSENSE_RULE.format(unit=codebook.unit)
    frames = [frame.model_copy(update={"exclude": (*frame.exclude, rule)}) for frame in codebook.frames]
    return _change(codebook, frames=frames)


def hold_out(codebook: Codebook, half: int) -> Codebook:
    """Leave out every second seed and counter-seed.

    Parameters
    ----------
    codebook : Codebook
        Any codebook.
    half : {0, 1}
        Whether the first, third and so on are left out, or the others.

    Returns
    -------
    Codebook
        With the rest; the only seed of a frame stays.
    """
    frames = [
        frame.model_copy(
            update={
                "seeds": frame.seeds[1 - half :: 2] or frame.seeds,
                "counter_seeds": frame.counter_seeds[1 - half :: 2],
            }
        )
        for frame in codebook.frames
    ]
    return _change(codebook, frames=frames)


def _change(codebook: Codebook, *, frames: Sequence[Frame], examples: Sequence[Example] | None = None) -> Codebook:
    """A codebook with other frames, checked anew."""
    more = {} if examples is None else {"examples": tuple(examples)}
    return codebook.with_values(frames=tuple(frames), **more)


def _rename(codebook: Codebook, new: Mapping[str, tuple[str, str]]) -> Codebook:
    """Frames with other ids and names, which rules and examples use as well."""
    patterns = {name: _find_id(name) for name in new}

    def rewrite(rule: str) -> str:
        marked = rule
        for place, pattern in enumerate(patterns.values()):  # in two steps: names may change places
            marked = pattern.sub(f"\x00{place}\x00", marked)
        for place, name in enumerate(patterns):
            marked = marked.replace(f"\x00{place}\x00", new[name][0])
        return marked

    frames = [
        frame.model_copy(
            update={
                "id": new[frame.id][0],
                "name": new[frame.id][1],
                "names": {},
                "include": tuple(map(rewrite, frame.include)),
                "exclude": tuple(map(rewrite, frame.exclude)),
            }
        )
        for frame in codebook.frames
    ]
    examples = [
        example.model_copy(update={"frames": tuple(new[name][0] for name in example.frames)})
        for example in codebook.examples
    ]
    return _change(codebook, frames=frames, examples=examples)


def _find_id(name: str) -> re.Pattern[str]:
    """Where a rule names a frame: an id with a low line is no word; another counts in brackets or after `use`."""
    escaped = re.escape(name)
    if "_" in name:
        return re.compile(rf"\b{escaped}\b")
    return re.compile(rf"(?:(?<=\()|(?<=\(use )|(?<=\buse )){escaped}\b")
