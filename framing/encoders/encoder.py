"""What the program asks of an encoder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from framing.encoders.weights import ModelSource

__all__ = ["Encoder"]


class Encoder(Protocol):
    """Anything that turns texts into vectors."""

    @property
    def name(self) -> str:
        """The name in reports."""
        ...

    @property
    def fingerprint(self) -> str:
        """Names the vectors that it makes; another encoder whose vectors differ has another."""
        ...

    @property
    def dtype(self) -> str:
        """The number format that it computes in, for instance `float32`."""
        ...

    @property
    def tunable(self) -> bool:
        """Whether the layers of `source` can learn."""
        ...

    @property
    def source(self) -> ModelSource | None:
        """The model that is fine-tuned; None where there is none."""
        ...

    def encode(self, texts: Sequence[str], *, progress: str = "") -> NDArray[np.float32]:
        """Encode texts.

        Parameters
        ----------
        texts : sequence of str
            Length n.
        progress : str
            Title of a bar, on a terminal.

        Returns
        -------
        ndarray of float32, shape (n, d)
            Vectors of unit length.
        """
        ...
