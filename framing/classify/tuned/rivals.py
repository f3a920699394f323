"""Members that were trained by plans that compete."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from framing.classify.tuned.plan import TuningPlan
from framing.classify.tuned.training import scaled_loss

if TYPE_CHECKING:
    from framing.classify.tuned.backbone import Member

__all__ = ["Rival", "choose_rival", "describe_plan", "read_arrays"]

Array = NDArray[np.float64]


class Rival(NamedTuple):
    """A trained member with its scores of the fold that it left out.

    Attributes
    ----------
    member : Member or None
        None where another process trained it.
    arrays : dict of str to ndarray
        Its weights by name.
    logits : ndarray, shape (n, K)
        Of the n texts of the fold.
    """

    member: Member | None
    arrays: dict[str, NDArray[Any]]
    logits: Array


def read_arrays(member: Member) -> dict[str, NDArray[Any]]:
    """Read the weights of a member.

    Parameters
    ----------
    member : Member
        The member.

    Returns
    -------
    dict of str to ndarray
        By name.
    """
    return {name: value.detach().cpu().numpy() for name, value in member.state_dict().items()}


def choose_rival(rivals: Sequence[Rival], targets: NDArray[np.bool_], *, multi_label: bool) -> int:
    """Choose the rival with the highest likelihood of the texts that were left out.

    Parameters
    ----------
    rivals : sequence of Rival
        With their scores of those texts.
    targets : ndarray of bool, shape (n, K)
        Which frames the texts carry.
    multi_label : bool
        Whether a text may carry several frames.

    Returns
    -------
    int
        Its place; of equals the first. One whose scores are not finite comes last.
    """
    losses = [scaled_loss(rival.logits, targets, multi_label=multi_label) for rival in rivals]
    return int(np.argmin(np.where(np.isfinite(losses), losses, np.inf)))


def describe_plan(plan: TuningPlan) -> str:
    """Describe a plan by what rivals differ in.

    Parameters
    ----------
    plan : TuningPlan
        The plan.

    Returns
    -------
    str
        A line without an end.

    Examples
    --------
    >>> describe_plan(TuningPlan(objective="classification"))
    'classification, learning rate 0.0001, 6 layers learn'
    >>> describe_plan(TuningPlan(objective="classification", class_weight=0.5))
    'classification, learning rate 0.0001, 6 layers learn, rare frames weighed up (0.5)'
    """
    weights = f", rare frames weighed up ({plan.class_weight:g})" if plan.class_weight else ""
    return f"{plan.objective}, learning rate {plan.learning_rate:g}, {plan.trained_layers} layers learn{weights}"
