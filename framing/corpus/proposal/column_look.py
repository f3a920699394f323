"""What the values of a column look like: how long they are, how many differ, which are addresses or cut off."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

from framing.corpus.proposal.date_forms import DateForms, find_date_forms

__all__ = ["ColumnLook"]

_URL = re.compile(r"(?:https?://|www\.)\S+$", re.IGNORECASE)
_CUT = re.compile(r"\[\+\d+ chars\]\s*$")  # how NewsAPI ends a text that it cuts
_SHORT = 80  # characters; longer values are no names and no dates
_MAX_DISTINCT = 200_000
_N_EXAMPLES = 3


@dataclass
class ColumnLook:
    """A column of a file, as far as its values show.

    Attributes
    ----------
    name : str
        Its name in the file.
    n_rows, n_filled, n_characters, n_urls, n_cut : int
        Rows; values that are not empty; their characters; addresses; texts that an interface has cut.
    distinct : set of str
        Different values of at most eighty characters.
    n_long : int
        Values that are longer.
    examples : list of str
        First values.
    """

    name: str
    n_rows: int = 0
    n_filled: int = 0
    n_characters: int = 0
    n_urls: int = 0
    n_cut: int = 0
    n_long: int = 0
    distinct: set[str] = field(default_factory=set)
    examples: list[str] = field(default_factory=list)

    def add(self, value: str) -> None:
        """Look at one more value.

        Parameters
        ----------
        value : str
            The value.
        """
        self.n_rows += 1
        value = value.strip()
        if not value:
            return
        self.n_filled += 1
        self.n_characters += len(value)
        self.n_urls += bool(_URL.match(value))
        self.n_cut += bool(_CUT.search(value))
        if len(value) > _SHORT:
            self.n_long += 1
        elif len(self.distinct) < _MAX_DISTINCT:
            self.distinct.add(value)
        if len(self.examples) < _N_EXAMPLES and value not in self.examples:
            self.examples.append(value)

    def merge(self, other: ColumnLook) -> None:
        """Take in what was seen of the same column in another file.

        Parameters
        ----------
        other : ColumnLook
            The column in the other file.
        """
        for count in ("n_rows", "n_filled", "n_characters", "n_urls", "n_cut", "n_long"):
            setattr(self, count, getattr(self, count) + getattr(other, count))
        self.distinct |= other.distinct
        self.examples = list(dict.fromkeys([*self.examples, *other.examples]))[:_N_EXAMPLES]

    @property
    def mean_length(self) -> float:
        """Characters of a value that is not empty, on average."""
        return self.n_characters / self.n_filled if self.n_filled else 0.0

    @property
    def share_filled(self) -> float:
        """Share of the rows that have a value."""
        return self.n_filled / self.n_rows if self.n_rows else 0.0

    @property
    def is_url(self) -> bool:
        """Whether the values are addresses."""
        return self.n_filled > 0 and self.n_urls >= 0.8 * self.n_filled

    @property
    def is_id(self) -> bool:
        """Whether each row has another short value."""
        return self.n_filled == self.n_rows == len(self.distinct) > 0

    @cached_property
    def dates(self) -> DateForms:
        """How dates are written in it, once all values were added."""
        values = self.distinct if not self.n_long and not self.is_url else ()
        return find_date_forms(values)
