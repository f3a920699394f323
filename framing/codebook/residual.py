"""The frame for the rest, which a passage carries only where it carries no other one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["clear_residual"]


def clear_residual(present: NDArray[np.bool_], residual: int | None) -> NDArray[np.bool_]:
    """Take the residual frame from passages that carry another one.

    Parameters
    ----------
    present : ndarray of bool, shape (n, K)
        Frames that passages are given.
    residual : int or None
        Column of the residual frame; None: there is none.

    Returns
    -------
    ndarray of bool, shape (n, K)
        The same frames, without the residual one where another is present.

    Examples
    --------
    >>> clear_residual(np.array([[True, True], [False, True]]), 1).tolist()
    [[True, False], [False, True]]
    """
    if residual is None:
        return present
    cleared = present.copy()
    cleared[:, residual] &= present.sum(axis=1) == 1
    return cleared
