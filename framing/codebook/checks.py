"""What frames, seeds and examples of a codebook must be to each other; every problem has its place in the file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NoReturn

from pydantic import ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from framing.codebook.cells import NONE, explain_unknown, fold_label

if TYPE_CHECKING:
    from framing.codebook.codebook import Codebook

__all__ = ["check_whole"]

_SHOWN = 5  # numbers of examples that a message names
_Place = tuple[int | str, ...]


def check_whole(codebook: Codebook) -> None:
    """Check what no frame or example shows by itself.

    Parameters
    ----------
    codebook : Codebook
        The codebook, each frame and example of which is in order.

    Raises
    ------
    ValidationError
        If it has too few frames, two of them share an id, name or passage, the residual frame could not be one, or
        examples have unknown or repeated frames or passages. Each problem names its place.
    """
    if not codebook.frames:
        _refuse("a codebook needs at least one frame", ("frames",))
    if len(codebook.frames) == 1 and not codebook.multi_label:
        _refuse(
            "with multi_label: false each passage has exactly one of two frames or more, and there is only "
            f"{codebook.frames[0].id}; with multi_label: true a passage carries it or not",
            ("frames",),
        )
    _check_residual(codebook)
    _check_labels(codebook)
    _check_unknown(codebook)
    _check_examples(codebook, _check_passages(codebook))


def _problem(message: str, place: _Place) -> InitErrorDetails:
    kind = PydanticCustomError("value_error", "{message}", {"message": message})
    return InitErrorDetails(type=kind, loc=place, input={})  # the message names the value


def _refuse(message: str, place: _Place) -> NoReturn:
    raise ValidationError.from_exception_data("Codebook", [_problem(message, place)])


def _check_labels(codebook: Codebook) -> None:
    """Refuse ids and names that two frames share, or that say in a label cell that there is none."""
    frame_of_label: dict[str, str] = {}
    for place, frame in enumerate(codebook.frames):
        for label, key in {fold_label(frame.name): "name", fold_label(frame.id): "id"}.items():
            if label == NONE and codebook.multi_label:
                _refuse(
                    f"frame {frame.id}: in a label cell {NONE} says that a passage has no frame, so no frame is "
                    "called so where a passage may have several; take another id and name",
                    ("frames", place, key),
                )
            if label in frame_of_label:
                other = frame_of_label[label]
                _refuse(
                    f"frame {frame.id}: the id or name {label!r} is already used by {other}", ("frames", place, key)
                )
        frame_of_label |= dict.fromkeys((fold_label(frame.name), fold_label(frame.id)), frame.id)


def _check_passages(codebook: Codebook) -> dict[str, str]:
    """Refuse seeds and counter-seeds that stand twice; the frame of each."""
    frame_of_passage: dict[str, str] = {}
    for place, frame in enumerate(codebook.frames):
        for part, texts in (("seeds", frame.seeds), ("counter_seeds", frame.counter_seeds)):
            for number, text in enumerate(texts):
                passage = _fold(text)
                if passage in frame_of_passage:
                    other = frame_of_passage[passage]
                    _refuse(
                        f"frame {frame.id}: the passage {text!r} already stands under {other}",
                        ("frames", place, part, number),
                    )
                frame_of_passage[passage] = frame.id
    return frame_of_passage


def _check_residual(codebook: Codebook) -> None:
    """Refuse a residual frame that could not be one, and examples that have it beside others."""
    places = [place for place, frame in enumerate(codebook.frames) if frame.residual]
    if not places:
        return
    ids = [codebook.frames[place].id for place in places]
    if len(places) > 1:
        _refuse(f"one frame at most is residual; {', '.join(ids)} are", ("frames", places[1], "residual"))
    if not codebook.multi_label or len(codebook.frames) == 1:
        _refuse(
            f"frame {ids[0]}: residual says that it is not marked beside another frame; it needs several frames and "
            "multi_label: true",
            ("frames", places[0], "residual"),
        )
    for place, example in enumerate(codebook.examples):
        if ids[0] in example.frames and len(example.frames) > 1:
            _refuse(f"{ids[0]} is residual and stands beside other frames", ("examples", place, "frames"))


def _check_unknown(codebook: Codebook) -> None:
    """Refuse examples of unknown frames: each id once, with the examples that have it."""
    known = set(codebook.frame_ids)
    places: dict[str, list[_Place]] = {}
    for number, example in enumerate(codebook.examples):
        for position, name in enumerate(example.frames):
            if name not in known:
                places.setdefault(name, []).append(("examples", number, "frames", position))
    problems = [_problem(message, places[name][0]) for name, message in _explain_unknown(codebook, places)]
    if problems:
        raise ValidationError.from_exception_data("Codebook", problems)


def _explain_unknown(codebook: Codebook, places: dict[str, list[_Place]]) -> Iterator[tuple[str, str]]:
    """What is wrong with each unknown id; the ids that there are stand in the last message."""
    for name, found in places.items():
        numbers = list(dict.fromkeys(int(place[1]) + 1 for place in found))
        message = f"no frame has the id {name!r}"
        if len(numbers) > 1:
            left = f" and {len(numbers) - _SHOWN:,} more" if len(numbers) > _SHOWN else ""
            message += f", which {len(numbers):,} examples have: {', '.join(map(str, numbers[:_SHOWN]))}{left}"
        if name == list(places)[-1]:
            message += f"; the ids: {', '.join(codebook.frame_ids)}"
        if hint := explain_unknown(name, codebook.frame_of_label):
            message += f". {hint.removesuffix('.')}"
        yield name, message


def _check_examples(codebook: Codebook, frame_of_passage: dict[str, str]) -> None:
    """Refuse examples of other than one frame where passages have one, and repeated frames and passages."""
    stands = {text: f"under {frame}" for text, frame in frame_of_passage.items()}
    for number, example in enumerate(codebook.examples):
        if len(set(example.frames)) < len(example.frames):
            _refuse(f"a frame stands there twice: {', '.join(example.frames)}", ("examples", number, "frames"))
        if not codebook.multi_label and len(example.frames) != 1:
            _refuse(
                f"the example has {len(example.frames)} frames; with multi_label: false each passage has exactly one",
                ("examples", number, "frames"),
            )
        passage = _fold(example.text)
        if passage in stands:
            _refuse(f"the passage {example.text!r} already stands {stands[passage]}", ("examples", number, "text"))
        stands[passage] = f"as example {number + 1}"


def _fold(text: str) -> str:
    return " ".join(text.lower().split())
