"""Several encoders side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from framing.encoders.statistics import EncoderStatistics, sum_statistics
from framing.encoders.windows import find_long

if TYPE_CHECKING:
    from framing.encoders.encoder import Encoder

__all__ = ["StackedEncoder"]


class StackedEncoder:
    """Several encoders side by side: vectors joined, so that the cosine of two texts is the mean of theirs.

    Parameters
    ----------
    encoders : sequence of Encoder
        At least one; the first is the one that is fine-tuned.
    """

    def __init__(self, encoders: Sequence[Encoder]) -> None:
        self._encoders = list(encoders)
        self.source = encoders[0].source  # the one that is fine-tuned
        self.name = "+".join(encoder.name for encoder in encoders)
        self.fingerprint = "+".join(encoder.fingerprint for encoder in encoders)
        self.dtype = "+".join(encoder.dtype for encoder in encoders)
        self.tunable = encoders[0].tunable

    @property
    def backend(self) -> str:
        """What computes the models.

        Returns
        -------
        str
            Of each, joined by `+`.
        """
        return "+".join(str(getattr(encoder, "backend", "")) for encoder in self._encoders)

    @property
    def device(self) -> str:
        """Where they compute.

        Returns
        -------
        str
            Of each, joined by `+`.
        """
        return "+".join(str(getattr(encoder, "device", "")) for encoder in self._encoders)

    @property
    def threads(self) -> int:
        """Cores that they may use.

        Returns
        -------
        int
            One after another they use the same.
        """
        return max(int(getattr(encoder, "threads", 0)) for encoder in self._encoders)

    @property
    def statistics(self) -> EncoderStatistics:
        """What they did.

        Returns
        -------
        EncoderStatistics
            A text that each of two encoders encoded counts twice.
        """
        return sum_statistics(getattr(encoder, "statistics", EncoderStatistics()) for encoder in self._encoders)

    def __sklearn_clone__(self) -> StackedEncoder:
        """Itself; see `SentenceEncoder`."""
        return self

    def find_long(self, texts: Sequence[str]) -> NDArray[np.bool_]:
        """Find the texts that are longer than what one of the encoders reads at once.

        Parameters
        ----------
        texts : sequence of str
            Length n.

        Returns
        -------
        ndarray of bool, shape (n,)
            True for longer ones.
        """
        return np.asarray(np.any([find_long(encoder, texts) for encoder in self._encoders], axis=0), dtype=np.bool_)

    def encode(self, texts: Sequence[str], *, progress: str = "") -> NDArray[np.float32]:
        """Encode texts by each encoder.

        Parameters
        ----------
        texts : sequence of str
            Length n.
        progress : str
            Title of a bar, on a terminal.

        Returns
        -------
        ndarray of float32, shape (n, d_1 + d_2 + …)
            Vectors of unit length.
        """
        parts = [encoder.encode(texts, progress=progress) for encoder in self._encoders]
        return np.hstack(parts) / np.float32(np.sqrt(len(parts)))
