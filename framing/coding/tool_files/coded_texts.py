"""What files of other tools hold: passages with the labels, spans and remarks of a coder."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import NamedTuple
from urllib.parse import quote, unquote

from framing.codebook import Codebook
from framing.codebook.cells import NONE, find_none_word, fold_label
from framing.coding.decisions import Span
from framing.errors import InputError

__all__ = [
    "CodedText",
    "Marked",
    "choose_fields",
    "combine_labels",
    "format_marked",
    "is_label",
    "list_labels",
    "name_document",
    "read_document_name",
]

_SEPARATOR = "--"  # between the place in a coder's order and the id of the passage
_MOST_NAMED = 5


@dataclass(frozen=True)
class CodedText:
    """A passage as one coder coded it, or is to code it.

    Attributes
    ----------
    passage_id, text : str
        The passage.
    coder : str
        Who codes it.
    frames : tuple of str or None
        Ids of its frames; none where it has none; None where it is not coded.
    spans : tuple of Span
        Words that show why.
    notes : str
        What the coder remarked.
    place : str
        Place in the coder's order; empty: that of the list.
    """

    passage_id: str
    text: str
    coder: str
    frames: tuple[str, ...] | None = None
    spans: tuple[Span, ...] = ()
    notes: str = ""
    place: str = ""


class Marked(NamedTuple):
    """A label on a stretch of a text, as a file has it.

    Attributes
    ----------
    label : str
        As written.
    start, end : int
        Place in the text of the file, in characters.
    text : str
        The words that the file says are there; empty where it does not say.
    """

    label: str
    start: int
    end: int
    text: str = ""


def list_labels(item: CodedText, codebook: Codebook) -> list[str] | None:
    """Labels that stand for the coding of a passage in a file.

    Parameters
    ----------
    item : CodedText
        The passage.
    codebook : Codebook
        Whose frames they are.

    Returns
    -------
    list of str or None
        Ids of frames, or `none` alone; None where the passage is not coded.
    """
    if item.frames is None:
        return None
    none_word = find_none_word(codebook)
    return list(item.frames) or [none_word] * bool(none_word)


def is_label(text: str, codebook: Codebook) -> bool:
    """Whether a text names a frame, or says that there is none.

    Parameters
    ----------
    text : str
        Any text.
    codebook : Codebook
        Whose frames they are.

    Returns
    -------
    bool
        By id or name, letter case ignored.
    """
    folded = fold_label(text)
    return folded in codebook.frame_of_label or (folded == NONE and bool(find_none_word(codebook)))


def combine_labels(labels: Iterable[str], marked: Sequence[Marked]) -> tuple[list[str], list[Marked]]:
    """Labels and spans of a passage where the file may have either alone.

    Parameters
    ----------
    labels : iterable of str
        Labels of the passage as a whole.
    marked : sequence of Marked
        Labels of stretches.

    Returns
    -------
    labels : list of str
        Those of the passage, each once; where there are none, those of the stretches.
    marked : list of Marked
        The stretches, without those marked as `none`, which say something of the passage and nothing of the words.

    Examples
    --------
    >>> combine_labels([], [Marked("war", 0, 5), Marked("war", 7, 9)])[0]
    ['war']
    >>> combine_labels([], [Marked("none", 0, 5)])
    (['none'], [])
    """
    spans = [span for span in marked if fold_label(span.label) != NONE]
    own = list(dict.fromkeys(labels))
    return own or list(dict.fromkeys(span.label for span in marked)), spans


def format_marked(marked: Sequence[Marked]) -> str:
    """Spans as a cell, in the form of `framing.coding.decision_sheet.format_spans`.

    Parameters
    ----------
    marked : sequence of Marked
        The spans.

    Returns
    -------
    str
        JSON; empty where there are none.
    """
    records = [{"frame": span.label, "start": span.start, "end": span.end, "text": span.text} for span in marked]
    return json.dumps(records, ensure_ascii=False) if records else ""


def choose_fields(
    values: Mapping[str, Counter[str]], codebook: Codebook, *, usual: str, name: str, what: str
) -> list[str]:
    """Fields of a file that hold frames, told by what stands in them.

    Parameters
    ----------
    values : mapping of str to Counter
        How often each value occurs in each field.
    codebook : Codebook
        Whose frames are looked for.
    usual : str
        The field that our own tasks have; it is taken where it is there.
    name : str
        What messages call the file.
    what : str
        What messages call the fields.

    Returns
    -------
    list of str
        The usual one, else the one that has labels of the codebook; none where there is no such field.

    Raises
    ------
    InputError
        If several other fields have labels of the codebook.
    """
    if usual in values:
        return [usual]
    fitting = [field for field, counts in values.items() if any(is_label(value, codebook) for value in counts)]
    if len(fitting) > 1:
        raise InputError(
            f"{name}: the {what} {', '.join(fitting[:_MOST_NAMED])} all have frames of {codebook.codebook}. Call the "
            f"one that counts {usual}, or export it alone."
        )
    return fitting


def name_document(number: int, item: CodedText) -> str:
    """Name of a passage among files: its place in the coder's order, and its id.

    Parameters
    ----------
    number : int
        Its number in the list, from 1.
    item : CodedText
        The passage.

    Returns
    -------
    str
        Sorts as coders go through the passages; signs that names of files cannot have are `%` and their code.

    Examples
    --------
    >>> name_document(7, CodedText("a/7", "Text.", "anna"))
    '0007--a%2F7'
    """
    return f"{number:04}{_SEPARATOR}{quote(item.passage_id, safe=' ').replace('.', '%2E')}"


def read_document_name(name: str, known: Mapping[str, str]) -> str:
    """Id of the passage in the name of a document.

    Parameters
    ----------
    name : str
        The name, with or without folder and ending.
    known : mapping of str to str
        Texts of the drawn passages by their ids; empty: not known.

    Returns
    -------
    str
        The id; empty where the name has none, so that the text must tell.

    Examples
    --------
    >>> read_document_name("0007--a%2F7.xmi", {"a/7": "Text."}), read_document_name("Interview 3.docx", {"p1": "x"})
    ('a/7', '')
    """
    base = PurePosixPath(name.replace("\\", "/")).name
    place, separator, rest = base.partition(_SEPARATOR)
    if separator and place.isdigit():
        passage_id = unquote(rest.partition(".")[0])
        return passage_id if not known or passage_id in known else ""
    candidates = [unquote(base)]
    while "." in base:
        base = base.rpartition(".")[0]
        candidates.append(unquote(base))
    return next((candidate for candidate in candidates if candidate in known), "") if known else candidates[-1]
