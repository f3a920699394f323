"""Drafts of codebooks: the text of a file, the version that comes next, and what a person still has to write."""

from __future__ import annotations

from io import StringIO

from framing.codebook.codebook import Codebook
from framing.errors import InputError

__all__ = [
    "PLACEHOLDER", "WIDTH", "check_written", "find_unwritten", "format_codebook", "is_placeholder", "name_unwritten",
    "raise_minor",
]  # fmt: skip

PLACEHOLDER = "FILL IN:"  # a text of a draft that begins so is no rule, and nothing learns from it
WIDTH = 110  # of the lines of a draft


def is_placeholder(text: str) -> bool:
    """Check whether a text of a codebook is still to be written by a person.

    Parameters
    ----------
    text : str
        A definition or a rule.

    Returns
    -------
    bool
        True where it begins with `PLACEHOLDER`.

    Examples
    --------
    >>> is_placeholder("FILL IN: what the frame claims"), is_placeholder("Fill in the forms")
    (True, False)
    """
    return text.lstrip().startswith(PLACEHOLDER)


def find_unwritten(codebook: Codebook) -> list[tuple[str, str, str]]:
    """Find what a draft leaves to a person.

    Parameters
    ----------
    codebook : Codebook
        The codebook.

    Returns
    -------
    list of tuple of str
        Id of the frame, which part (`definition`, `include rule`, `exclude rule`), and its placeholder.
    """
    return [
        (frame.id, part, text)
        for frame in codebook.frames
        for part, texts in (
            ("definition", (frame.definition,)),
            ("include rule", frame.include),
            ("exclude rule", frame.exclude),
        )
        for text in texts
        if is_placeholder(text)
    ]


def name_unwritten(codebook: Codebook) -> str:
    """Name the frames of a draft that a person has not finished.

    Parameters
    ----------
    codebook : Codebook
        The codebook.

    Returns
    -------
    str
        Their ids, with commas between; empty where there are none.
    """
    return ", ".join(dict.fromkeys(frame for frame, _, _ in find_unwritten(codebook)))


def check_written(codebook: Codebook) -> Codebook:
    """Refuse a draft that a person has not finished: what coders, models or classifiers work by is not there yet.

    Parameters
    ----------
    codebook : Codebook
        The codebook.

    Returns
    -------
    Codebook
        Itself.

    Raises
    ------
    InputError
        Names the frames with texts that are still to be written.
    """
    if unwritten := name_unwritten(codebook):
        raise InputError(
            f"{codebook.codebook} {codebook.version} is a draft: {PLACEHOLDER} still stands in {unwritten}. "
            "Write what is missing first; framing codebook check FILE lists it."
        )
    return codebook


def format_codebook(codebook: Codebook) -> str:
    """Write a codebook as the text of a file.

    Parameters
    ----------
    codebook : Codebook
        The codebook.

    Returns
    -------
    str
        YAML that `read_codebook` reads back; keys that have their defaults are left out.
    """
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.width = WIDTH
    stream = StringIO()
    yaml.dump(codebook.model_dump(mode="json", exclude_defaults=True), stream)
    return stream.getvalue()


def raise_minor(version: str) -> str:
    """Name the version after one, where no frame changes its meaning.

    Parameters
    ----------
    version : str
        Three numbers with dots between.

    Returns
    -------
    str
        The next minor version.

    Examples
    --------
    >>> raise_minor("1.2.3")
    '1.3.0'
    """
    major, minor, _ = version.split(".")
    return f"{major}.{int(minor) + 1}.0"
