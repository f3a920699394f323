"""What the names of single files say: `north-courier_2025-07-04.txt` has an outlet and a day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from framing.corpus.proposal.date_forms import DateForms, find_date_forms

__all__ = ["StemParts", "find_stem_parts"]

_DATES = (  # the most particular first
    r"\d{4}-\d{2}-\d{2}", r"\d{8}", r"\d{2}\.\d{2}\.\d{4}", r"\d{4}[-_.]?\d{2}[-_.]?\d{2}",
    r"\d{1,2}[-_.]\d{1,2}[-_.]\d{4}",
)  # fmt: skip
_FEW = 3  # so many files need not repeat the name of an outlet


@dataclass(frozen=True)
class StemParts:
    """Parts of the names of files.

    Attributes
    ----------
    outlet : str
        Regular expression whose first group is the outlet; empty where the names do not show one.
    published : str
        Regular expression whose first group is the date; empty where they show none.
    dates : DateForms
        How the dates are written.
    outlets : tuple of str
        The outlets, sorted.
    """

    outlet: str
    published: str
    dates: DateForms
    outlets: tuple[str, ...] = ()


def find_stem_parts(stems: Sequence[str]) -> StemParts:
    """Find where the names of files have an outlet and a date.

    Parameters
    ----------
    stems : sequence of str
        Names without their endings.

    Returns
    -------
    StemParts
        Expressions that fit all names.

    Examples
    --------
    >>> parts = find_stem_parts(["north_2025-07-04", "north_2025-07-05", "south_2025-07-04"])
    >>> parts.outlets, parts.dates.formats
    (('north', 'south'), ('iso',))
    """
    date = next((shape for shape in _DATES if stems and all(re.search(_alone(shape), stem) for stem in stems)), "")
    published = _alone(date) if date else ""
    dates = find_date_forms([match[1] for stem in stems if date and (match := re.search(published, stem))])
    patterns = [rf"^(.+?)[_. -]+{date}", rf"^{date}[_. -]+([^_]+)"] if date else []
    patterns.append("^([^_]+)_")
    for pattern in patterns:
        found = [match[1] if (match := re.search(pattern, stem)) else "" for stem in stems]
        if stems and all(found) and _repeats(found):
            return StemParts(pattern, published, dates, tuple(sorted(set(found))))
    return StemParts("", published, dates)


def _alone(shape: str) -> str:
    """Expression for a date that is no part of a longer number."""
    return rf"(?<!\d)({shape})(?!\d)"


def _repeats(names: Sequence[str]) -> bool:
    """Whether names stand for groups of files."""
    return len(set(names)) < len(names) or len(names) <= _FEW
