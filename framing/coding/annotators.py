"""Users of other tools and coders of a draw: whose annotations are whose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from framing.codebook.cells import fold_label
from framing.coding.filled_rows import FilledRow

__all__ = ["find_coder", "find_other_annotators"]


def find_other_annotators(rows: Sequence[FilledRow], coders: Sequence[str]) -> dict[tuple[str, str], str]:
    """Annotators who are not the coder whose tasks they are in.

    Parameters
    ----------
    rows : sequence of FilledRow
        Rows of a file. An annotator is empty where it is not known.
    coders : sequence of str
        Coders of the draw.

    Returns
    -------
    dict of tuple of str to str
        Why the rows of a coder and annotator do not count. An annotator is the coder whose name is part of the address
        or name. Where nobody is called like the coder, the only one who is no other coder is. Where several could be,
        none counts.

    Examples
    --------
    >>> rows = [FilledRow("a.json", 1, "anna", "p1", "Tanks.", ("war",), annotator=name) for name in ("1", "ben@x.org")]
    >>> find_other_annotators(rows, ["anna", "ben"])
    {('anna', 'ben@x.org'): 'annotated by ben@x.org, in tasks of anna'}
    """
    annotators: dict[str, list[str]] = {}
    for row in rows:
        annotators.setdefault(row.coder, []).append(row.annotator)
    return {
        (coder, name): reason
        for coder, names in annotators.items()
        for name, reason in _find_others(names, coder, coders).items()
    }


def _find_others(annotators: Sequence[str], coder: str, coders: Sequence[str]) -> dict[str, str]:
    """Why the annotations of each annotator of a coder's tasks do not count."""
    counts = Counter(filter(None, annotators))
    named = {name: find_coder(name, coders) for name in counts}
    owners = [name for name in counts if fold_label(named[name]) == fold_label(coder)]
    unnamed = [name for name in counts if not named[name]]
    if owners or len(unnamed) == 1:
        own = owners or unnamed
        return {name: f"annotated by {name}, in tasks of {coder}" for name in counts if name not in own}
    listed = ", ".join(f"{name} ({number})" for name, number in counts.items())
    unclear = (
        f"the tasks of {coder} were annotated by {listed}, and it cannot be told who of them is {coder}; export the "
        f"annotations of {coder} alone"
    )
    return {name: unclear if name in unnamed else f"annotated by {name}, in tasks of {coder}" for name in counts}


def find_coder(annotator: str, coders: Sequence[str]) -> str:
    """The coder whose name is the annotator's, or a word of it.

    Parameters
    ----------
    annotator : str
        Name or address of a user.
    coders : sequence of str
        Coders of the draw.

    Returns
    -------
    str
        Empty where none or several are.

    Examples
    --------
    >>> find_coder("anna.meyer@example.org", ["anna", "ben"]), find_coder("joanna", ["anna", "ben"])
    ('anna', '')
    """
    words = [fold_label(annotator), fold_label(annotator.partition("@")[0])]
    for sign in "._-+":
        words += [part for word in tuple(words) for part in word.replace(sign, " ").split()]
    named = [coder for coder in coders if fold_label(coder) in words]
    exact = [coder for coder in named if fold_label(coder) in words[:2]]
    candidates = exact or named
    return candidates[0] if len(candidates) == 1 else ""
