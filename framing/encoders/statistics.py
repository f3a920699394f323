"""Counts of what an encoder did, for the record of a run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["EncoderStatistics", "sum_statistics"]


@dataclass
class EncoderStatistics:
    """Texts that an encoder encoded, and those that it found in its store.

    Attributes
    ----------
    encoded : int
        Texts whose vectors were computed.
    from_store : int
        Texts whose vectors were found.
    seconds : float
        Time in which texts were encoded and stored.
    """

    encoded: int = 0
    from_store: int = 0
    seconds: float = 0.0

    @property
    def texts_per_second(self) -> float | None:
        """Rate of encoding.

        Returns
        -------
        float or None
            None where every vector was found.

        Examples
        --------
        >>> EncoderStatistics(encoded=300, seconds=1.5).texts_per_second
        200.0
        """
        return self.encoded / self.seconds if self.encoded and self.seconds else None

    def count(self, encoded: int, seconds: float) -> None:
        """Count texts that were encoded.

        Parameters
        ----------
        encoded : int
            Their number.
        seconds : float
            Time that it took.
        """
        self.encoded += encoded
        self.seconds += seconds


def sum_statistics(several: Iterable[EncoderStatistics]) -> EncoderStatistics:
    """Add up what several encoders did.

    Parameters
    ----------
    several : iterable of EncoderStatistics
        One an encoder.

    Returns
    -------
    EncoderStatistics
        The sums.
    """
    total = EncoderStatistics()
    for one in several:
        total.from_store += one.from_store
        total.count(one.encoded, one.seconds)
    return total
