"""Users of other tools and coders of a draw: whose annotations are whose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from framing.codebook.cells import fold_label

__all__ = ["find_coder", "find_other_annotators"]


def find_other_annotators(annotators: Sequence[str], coder: str, coders: Sequence[str]) -> dict[str, str]:
    """Annotators of a coder's tasks who are not that coder.

    Parameters
    ----------
    annotators : sequence of str
        Annotator of each annotation; empty where it is not known.
    coder : str
        Coder whose tasks they are.
    coders : sequence of str
        Coders of the draw.

    Returns
    -------
    dict of str to str
        Why the annotations of an annotator do not count. An annotator is the coder whose name is part of the address
        or name. Where nobody is called like the coder, the only one who is no other coder is. Where several could be,
        none counts.

    Examples
    --------
    >>> list(find_other_annotators(["1", "ben@example.org", "1"], "anna", ["anna", "ben"]))
    ['ben@example.org']
    """
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
