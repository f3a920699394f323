"""What is required of a classifier: the precision or recall of each frame, checked once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Real

from framing.errors import InputError

__all__ = ["Requirements", "check_requirement", "check_requirements"]


@dataclass(frozen=True)
class Requirements:
    """The precision and recall that are required, by frame, and how surely each must hold.

    Attributes
    ----------
    precision : mapping of str to float
        By frame; frames without a requirement are left out.
    recall : mapping of str to float
        Likewise.
    confidence : float
        Probability with which each of them holds.
    """

    precision: Mapping[str, float]
    recall: Mapping[str, float]
    confidence: float


def check_requirements(
    precision: float | Mapping[str, float] | None,
    recall: float | Mapping[str, float] | None,
    confidence: float,
    *,
    frames: Sequence[str],
) -> Requirements:
    """Read what is required of a classifier.

    Parameters
    ----------
    precision : float or mapping of frame to float, optional
        A share for all frames, or for some.
    recall : float or mapping of frame to float, optional
        Likewise.
    confidence : float
        Above 0.5 and below 1.
    frames : sequence of str
        Frame ids.

    Returns
    -------
    Requirements
        One value a frame.

    Raises
    ------
    InputError
        For unknown frames and values outside their range.
    """
    if not 0.5 < confidence < 1:
        raise InputError(f"confidence: expected a share between 0.5 and 1, got {confidence!r}.")
    return Requirements(
        check_requirement(precision, frames, measure="precision"),
        check_requirement(recall, frames, measure="recall"),
        confidence,
    )


def check_requirement(
    requirement: float | Mapping[str, float] | None, frames: Sequence[str], *, measure: str
) -> dict[str, float]:
    """Read a required precision or recall as one value a frame.

    Parameters
    ----------
    requirement : float or mapping of frame to float, optional
        A share for all frames, or for some.
    frames : sequence of str
        Frame ids.
    measure : str
        `precision` or `recall`, for errors.

    Returns
    -------
    dict of str to float
        Empty where nothing is required.

    Raises
    ------
    InputError
        For unknown frames and values outside 0 to 1.

    Examples
    --------
    >>> check_requirement(0.8, ["war", "trade"], measure="precision")
    {'war': 0.8, 'trade': 0.8}
    """
    if requirement is None:
        return {}
    by_frame = dict(requirement) if isinstance(requirement, Mapping) else dict.fromkeys(frames, requirement)
    unknown = sorted(set(by_frame) - set(frames))
    if unknown:
        raise InputError(f"{measure}: no frame(s) {', '.join(unknown)}. Frames: {', '.join(frames)}.")
    for frame, value in by_frame.items():
        if not isinstance(value, Real) or not 0 < value < 1:
            raise InputError(f"{measure} of {frame}: expected a share between 0 and 1 (exclusive), got {value!r}.")
    return {frame: float(value) for frame, value in by_frame.items()}
