"""Members that were trained by objectives that compete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from framing.classify.tuned.training import scaled_loss

if TYPE_CHECKING:
    from framing.classify.tuned.backbone import Member

__all__ = ["Rival", "choose_objective", "read_arrays"]

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


def choose_objective(logits: dict[str, Array], targets: NDArray[np.bool_], *, multi_label: bool) -> str:
    """Choose the objective with the highest likelihood of the texts that were left out.

    Parameters
    ----------
    logits : dict of str to ndarray, shape (n, K)
        Log-odds or log-probabilities of those texts by each objective.
    targets : ndarray of bool, shape (n, K)
        Which frames they carry.
    multi_label : bool
        Whether a text may carry several frames.

    Returns
    -------
    str
        Its name.
    """
    return min(logits, key=lambda objective: scaled_loss(logits[objective], targets, multi_label=multi_label))
