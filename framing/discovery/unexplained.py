"""Which passages no frame of a codebook explains."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from framing.codebook import Codebook

__all__ = ["find_unexplained", "open_every_frame"]


def open_every_frame(codebook: Codebook) -> Codebook:
    """Take the same frames, of which a passage may have several or none.

    Parameters
    ----------
    codebook : Codebook
        Any codebook.

    Returns
    -------
    Codebook
        Itself where passages may have several. Where each has exactly one, every passage would be explained by the
        frame that is least unlike it.
    """
    return codebook if codebook.multi_label else codebook.with_values(multi_label=True)


def find_unexplained(decisions: NDArray[np.str_], codebook: Codebook) -> NDArray[np.bool_]:
    """Find the passages that no frame explains.

    Parameters
    ----------
    decisions : ndarray of str, shape (n, K)
        `present`, `absent` or `abstain`.
    codebook : Codebook
        The K frames. Its residual frame explains nothing: it says that no other frame fits.

    Returns
    -------
    ndarray of bool, shape (n,)
        True where every frame but the residual one is absent.
    """
    explaining = np.ones(decisions.shape[1], dtype=bool)
    if codebook.residual is not None:
        explaining[codebook.residual] = False
    return np.asarray((decisions[:, explaining] == "absent").all(axis=1))
