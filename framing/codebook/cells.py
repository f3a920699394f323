"""Label cells: how the frames of a passage are written in one cell of a table, by people and by us.

A cell holds frames by id or name, separated by `;`. `none` says that the passage has no frame. An empty cell, or
`not coded`, says that nobody has coded it. Sheets, gold files and files of labels are all read by these rules.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from framing.errors import InputError

if TYPE_CHECKING:
    from framing.codebook.codebook import Codebook

__all__ = [
    "NONE",
    "NOT_CODED",
    "SEPARATORS",
    "CellError",
    "explain_unknown",
    "find_none_word",
    "fold_label",
    "list_choices",
    "parse_cell",
    "resolve_labels",
    "split_cell",
    "write_cell",
]

NONE = "none"
NOT_CODED = "not coded"
SEPARATORS = ";\u037e\u061b\ufe14\ufe54\uff1b"  # the semicolons of other scripts and widths are no other sign
_SEPARATOR = ";"
_SPLIT = re.compile(f"[{SEPARATORS}]")
_OTHER_SEPARATORS = re.compile(r"\s*(?:[,，、،|/\\+&\n\r\t]|\band\b|\bund\b|\bet\b|\bи\b)\s*", re.IGNORECASE)
_UNSEEN = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]")
_NEAR = 0.75  # least similarity of a frame that a message suggests


class CellError(InputError):
    """A label cell that cannot be read; the message is the reason, without its place."""


def fold_label(text: str) -> str:
    """Text of a label without what does not matter: letter case, kinds and numbers of spaces, invisible characters.

    Parameters
    ----------
    text : str
        Id or name of a frame, heading of a column, or content of a cell.

    Returns
    -------
    str
        The folded text.

    Examples
    --------
    >>> fold_label(" Human\\u00a0 Interest\\u200b")
    'human interest'
    """
    return " ".join(_UNSEEN.sub("", unicodedata.normalize("NFKC", text)).casefold().split())


def split_cell(cell: str) -> list[str]:
    """Labels of a cell, as they are written.

    Parameters
    ----------
    cell : str
        Labels separated by `;`, or the choices that Label Studio writes into CSV: `{"choices": ["a", "b"]}`.

    Returns
    -------
    list of str
        Labels without the spaces around them; what is empty is no label.

    Examples
    --------
    >>> split_cell("war; The Trade;;"), split_cell('{"choices": ["war", "sport"]}'), split_cell("[war]")
    (['war', 'The Trade'], ['war', 'sport'], ['[war]'])
    """
    if cell.lstrip()[:1] in ("{", "["):
        try:
            return list_choices(json.loads(cell))
        except (ValueError, RecursionError):
            pass
    return [label for part in _SPLIT.split(cell) if (label := part.strip())]


def list_choices(value: Any) -> list[str]:
    """Labels of `"a"`, `["a"]` or `{"choices": ["a"]}`, as Label Studio exports them.

    Parameters
    ----------
    value : object
        A value of JSON.

    Returns
    -------
    list of str
        Labels without the spaces around them; none of what has another form.

    Examples
    --------
    >>> list_choices({"choices": ["war", " sport "]}), list_choices(None)
    (['war', 'sport'], [])
    """
    if isinstance(value, dict):
        value = value.get("choices")
    if isinstance(value, str):
        value = [value]
    return [str(item).strip() for item in value if str(item).strip()] if isinstance(value, list) else []


def find_none_word(codebook: Codebook) -> str:
    """Word that coders write where no frame is present.

    Parameters
    ----------
    codebook : Codebook
        Whose frames are coded.

    Returns
    -------
    str
        `none`; empty where the codebook has exactly one frame a passage.
    """
    return NONE if codebook.multi_label else ""


def parse_cell(cell: str, codebook: Codebook) -> list[str] | None:
    """Frames of a label cell.

    Parameters
    ----------
    cell : str
        Content of the cell.
    codebook : Codebook
        Whose frames it names.

    Returns
    -------
    list of str or None
        Ids of the frames, each once; empty for `none`; None where the passage is not coded: the cell is empty or says
        so.

    Raises
    ------
    CellError
        As `resolve_labels`.
    """
    labels = split_cell(cell)
    if not labels or fold_label(cell) == NOT_CODED:
        return None
    return resolve_labels(labels, codebook)


def resolve_labels(labels: Iterable[str], codebook: Codebook) -> list[str]:
    """Frames of the labels of one passage.

    Parameters
    ----------
    labels : iterable of str
        Ids or names of frames, or `none` alone; at least one.
    codebook : Codebook
        Whose frames they are.

    Returns
    -------
    list of str
        Ids of the frames, each once, in the order of the labels; empty for `none`.

    Raises
    ------
    CellError
        For unknown frames, `none` beside frames, several frames where a passage has exactly one, and the residual frame
        beside others.
    """
    written, none_word = list(labels), find_none_word(codebook)
    frames = [label for label in written if not none_word or fold_label(label) != none_word]
    unknown = [label for label in frames if fold_label(label) not in codebook.frame_of_label]
    if unknown:
        hints = "".join(f". {hint}" for label in unknown if (hint := explain_unknown(label, codebook.frame_of_label)))
        expected = [*codebook.frame_ids, *[none_word] * bool(none_word)]
        raise CellError(
            f"unknown frame {', '.join(map(repr, unknown))}; expected {', '.join(expected)}{hints.removesuffix('.')}"
        )
    if frames and len(frames) < len(written):
        raise CellError(f"{none_word} stands beside frames: {', '.join(frames)}")
    ids = list(dict.fromkeys(codebook.frame_of_label[fold_label(label)] for label in frames))
    if not codebook.multi_label and len(ids) != 1:
        raise CellError(f"{len(ids)} frames; {codebook.codebook} has exactly one a passage")
    if codebook.residual is not None and codebook.frame_ids[codebook.residual] in ids and len(ids) > 1:
        others = [frame for frame in ids if frame != codebook.frame_ids[codebook.residual]]
        rest = codebook.frames[codebook.residual]
        raise CellError(f"{rest.name} stands alone, beside no other frame; here beside {', '.join(others)}")
    return ids


def write_cell(frames: Iterable[str], codebook: Codebook) -> str:
    """Cell that `parse_cell` reads back.

    Parameters
    ----------
    frames : iterable of str
        Ids of the frames of a passage.
    codebook : Codebook
        Whose frames they are.

    Returns
    -------
    str
        The ids separated by `;`, or `none`.
    """
    return _SEPARATOR.join(frames) or find_none_word(codebook)


def explain_unknown(label: str, frame_of_label: Mapping[str, str]) -> str:
    """What an unknown label was probably meant to be.

    Parameters
    ----------
    label : str
        The label.
    frame_of_label : mapping of str to str
        `Codebook.frame_of_label`.

    Returns
    -------
    str
        A sentence: that labels are separated by `;`, or the nearest frame; empty where neither is likely.

    Examples
    --------
    >>> explain_unknown("war, trade", {"war": "war", "trade": "trade"})
    'Frames are separated by a semicolon: war; trade.'
    """
    parts = [part for part in _OTHER_SEPARATORS.split(label) if part]
    if len(parts) > 1 and all(fold_label(part) in (*frame_of_label, NONE) for part in parts):
        return f"Frames are separated by a semicolon: {'; '.join(parts)}."
    near = get_close_matches(fold_label(label).replace(" ", "_"), frame_of_label, n=1, cutoff=_NEAR)
    return f"Is {near[0]} meant by {label!r}?" if near else ""
