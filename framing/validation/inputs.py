"""Arrays that are compared with human labels, checked once before anything is computed from them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.errors import InputError, TooLittleDataError
from framing.texts import phrase

__all__ = ["Decisions", "Flags", "Floats", "number_documents", "read_decisions", "require_alike"]

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
Decisions = NDArray[np.bool_] | NDArray[np.str_]


def read_decisions(decided: Decisions) -> tuple[Flags, Flags]:
    """Which decisions are present and which are absent.

    Parameters
    ----------
    decided : ndarray of bool or str
        Booleans, or the strings `present`, `absent` and `abstain`, in any shape.

    Returns
    -------
    tuple of ndarray of bool
        Present and absent, each in the shape of `decided`; an abstention is neither.

    Raises
    ------
    InputError
        For anything else.

    Examples
    --------
    >>> read_decisions(np.array(["present", "abstain"]))[1].tolist()
    [False, False]
    """
    if decided.dtype == bool:
        present = decided.astype(bool)
        return present, ~present
    words = decided.astype(str)
    unknown = sorted(set(np.unique(words)) - {"present", "absent", "abstain"})
    if unknown:
        raise InputError(
            f"decided: expected booleans, or the strings present, absent and abstain; got {', '.join(unknown[:5])}."
        )
    return words == "present", words == "absent"


def require_alike(frames: Sequence[str], **arrays: Flags | Floats | NDArray[np.str_]) -> None:
    """Check that arrays have a row for each labelled passage and a column for each frame.

    Parameters
    ----------
    frames : sequence of str
        Frame ids, length K.
    **arrays : ndarray
        Arrays by the names that messages call them, each of shape (n, K).

    Raises
    ------
    InputError
        Unless all have the same shape (n, K), there are rows, and no number is NaN.
    """
    shapes = [f"{name} {array.shape}" for name, array in arrays.items()]
    first = next(iter(arrays.values()))
    if any(array.shape != first.shape for array in arrays.values()) or first.shape[1:] != (len(frames),):
        raise InputError(f"{', '.join(shapes[:-1])} and {shapes[-1]} must be alike, with {len(frames)} frames.")
    if not len(first):
        raise TooLittleDataError(phrase("There are no labelled passages to evaluate on."))
    for name, array in arrays.items():
        if array.dtype.kind == "f" and np.isnan(array).any():
            raise InputError(f"{name}: expected a number for every passage and frame, got {np.isnan(array).sum()} NaN.")


def number_documents(documents: Sequence[str], *, n: int, what: str = "documents") -> tuple[NDArray[np.intp], int]:
    """Numbers in place of the names of documents.

    Parameters
    ----------
    documents : sequence of str
        Document of each passage. Passages without a name are of one document.
    n : int
        Number of passages.
    what : str, default "documents"
        What messages call the names, for instance `groups`.

    Returns
    -------
    tuple of ndarray and int
        Number of each passage's document, shape (n,), in order of appearance; and how many documents there are.

    Raises
    ------
    InputError
        When there is not one name for each passage.

    Examples
    --------
    >>> codes, n_documents = number_documents(["b", "a", "b"], n=3)
    >>> codes.tolist(), n_documents
    ([0, 1, 0], 2)
    """
    if len(documents) != n:
        raise InputError(f"{what}: expected one for each of the {n} passages, got {len(documents)}.")
    codes, names = pd.factorize(pd.Series(list(documents), dtype=object), use_na_sentinel=False)
    return codes, len(names)
