"""What a classifier learns from: labelled texts, and how much of the model learns from them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.classify.folds import assign_folds, join_groups
from framing.codebook import Codebook
from framing.codebook.cells import (
    NOT_CODED,
    CellError,
    find_none_word,
    fold_label,
    parse_cell,
    resolve_labels,
    split_cell,
)
from framing.errors import InputError

__all__ = [
    "LEARNT",
    "N_FOLDS",
    "LabelledTexts",
    "Labels",
    "Strength",
    "check_labels",
    "check_strength",
    "choose_strength",
    "explain_strength",
    "make_labelled_texts",
]

Strength = Literal["auto", "zero-shot", "head", "fine-tuned"]
LEARNT = ("head", "fine-tuned")  # from labels, or from examples of the codebook
Labels: TypeAlias = "NDArray[np.bool_] | pd.DataFrame | Sequence[str] | Sequence[Sequence[str]]"

TUNE_FROM = 8  # labelled texts a frame, on average, from which tuning beat the head in cross-validation
N_FOLDS = 4


@dataclass(frozen=True)
class LabelledTexts:
    """Texts that a classifier learns from.

    Attributes
    ----------
    texts : list of str
        Length n.
    labels : ndarray of bool, shape (n, K)
        Which frames each text carries.
    groups : ndarray of int, shape (n,)
        Number of the group of each text, from 0: those of one document, and equal ones, are together.
    folds : ndarray of int, shape (n,)
        Fold of each text; groups are whole.
    """

    texts: list[str]
    labels: NDArray[np.bool_]
    groups: NDArray[np.int64]
    folds: NDArray[np.int64]

    @property
    def n_groups(self) -> int:
        """Number of groups.

        Returns
        -------
        int
            At least 1.
        """
        return int(self.groups.max(initial=0)) + 1

    @property
    def sha256(self) -> str:
        """Hash of texts and labels.

        Returns
        -------
        str
            64 hexadecimal digits.
        """
        content = hashlib.sha256(np.packbits(self.labels).tobytes())
        for text in self.texts:
            content.update(f"{text}\x1f".encode("utf-8", "surrogatepass"))
        return content.hexdigest()


def make_labelled_texts(
    texts: list[str], labels: NDArray[np.bool_], groups: Sequence[object] | None, *, random_seed: int
) -> LabelledTexts:
    """Group labelled texts and assign them to folds: four, or as many as there are groups.

    Parameters
    ----------
    texts : list of str
        Length n, at least 1.
    labels : ndarray of bool, shape (n, K)
        Which frames each text carries.
    groups : sequence, optional
        The document of each text, length n.
    random_seed : int
        Of the folds.

    Returns
    -------
    LabelledTexts
        Texts with labels, groups and folds.

    Raises
    ------
    InputError
        Unless there is one group a text.
    """
    numbers = join_groups(texts, groups)
    n_folds = min(N_FOLDS, int(numbers.max(initial=0)) + 1)
    return LabelledTexts(
        texts, labels, numbers, assign_folds(labels, numbers, n_folds=n_folds, random_seed=random_seed)
    )


def check_strength(strength: str, *, labelled: bool, guaranteed: bool) -> None:
    """Check that a strength exists, and that there are labels where they are needed.

    Parameters
    ----------
    strength : str
        The one asked for.
    labelled : bool
        Whether there are labels.
    guaranteed : bool
        Whether a precision or recall is required.

    Raises
    ------
    InputError
        For an unknown strength, and for a requirement that needs labels without them.
    """
    if strength not in get_args(Strength):
        raise InputError(f"There is no strength {strength!r}. Choose {', '.join(get_args(Strength))}.")
    if guaranteed and (not labelled or strength == "zero-shot"):
        raise InputError("fit: a precision or recall can only be promised on labels; give some, or ask for none.")


def check_labels(labels: Labels, n_texts: int, codebook: Codebook, *, method: str = "fit") -> NDArray[np.bool_]:
    """Read labels as booleans, in the codebook's order of frames.

    Parameters
    ----------
    labels : array of shape (n, K), DataFrame, or list of str or of list of str
        A DataFrame has a column a frame, named by its id, in any order. A list has for each text its frames by id or
        name: a list of them, empty where there is none, or one string with `;` between them, `none` where there is
        none.
    n_texts : int
        Number of texts that are labelled.
    codebook : Codebook
        Names the frames.
    method : str
        What errors name as their origin.

    Returns
    -------
    ndarray of bool, shape (n, K)
        Which frames each text carries.

    Raises
    ------
    InputError
        For another shape, columns or names that are not the frames, values that are neither true nor false (NaN), empty
        strings, or another number of frames a text than the codebook allows.
    """
    k = len(codebook.frames)
    if isinstance(labels, pd.DataFrame):
        if sorted(map(str, labels.columns)) != sorted(codebook.frame_ids):
            raise InputError(
                f"{method}: the columns of labels are {', '.join(map(str, labels.columns))}; expected one column a "
                f"frame of {codebook.codebook}: {', '.join(codebook.frame_ids)}."
            )
        labels = labels[codebook.frame_ids].to_numpy()
    names = _list_names(labels)
    flags: Any = labels if names is None else _find_flags(names, codebook, method=method)
    try:
        shape = f"shape {np.shape(flags)}"
    except ValueError:  # rows of different lengths
        shape = "no single shape"
    if not n_texts or shape != f"shape {(n_texts, k)}":
        raise InputError(
            f"{method}: {n_texts} texts, but labels of {shape}; expected at least one text and "
            f"booleans of shape ({n_texts or 'n'}, {k}), a column a frame of {codebook.codebook}, or for each text a "
            "list of its frames by id or name."
        )
    checked = _read_flags(np.asarray(flags), codebook, method=method)
    wrong = np.flatnonzero(checked.sum(axis=1) != 1)
    if not codebook.multi_label and len(wrong):
        row = int(wrong[0])
        raise InputError(
            f"{method}: {codebook.codebook} has exactly one frame a passage, but the labels of text {row} "
            f"(counted from 0) name {int(checked[row].sum())}."
        )
    return checked


def _read_flags(flags: NDArray[Any], codebook: Codebook, *, method: str) -> NDArray[np.bool_]:
    """Flags as booleans; NaN and whatever else is neither 0 nor 1 would count as present."""
    neither = ~np.isin(flags, (0, 1)) if flags.dtype != object else ~np.vectorize(_is_flag, otypes=[bool])(flags)
    if neither.any():
        row, column = (int(number) for number in np.argwhere(neither)[0])
        value = flags[row, column]
        raise InputError(
            f"{method}: the label of text {row} (counted from 0) for {codebook.frame_ids[column]} is {value}; expected "
            "True or False, 1 or 0. Leave out texts that nobody has coded."
        )
    return flags.astype(bool)


def _is_flag(value: object) -> bool:
    return isinstance(value, bool | int | float | np.bool_ | np.number) and value in (0, 1)


def _list_names(labels: object) -> list[str | list[str]] | None:
    """Frames of each text, where labels are names: as a cell or a list; None where they are numbers or booleans."""
    if isinstance(labels, str) or not isinstance(labels, Sequence | pd.Series | np.ndarray) or not len(labels):
        return None
    rows: list[str | list[str]] = []
    n_missing = 0
    for row in labels:
        if isinstance(row, str):
            rows.append(row)
        elif isinstance(row, list | tuple | set | frozenset | np.ndarray):
            if not all(isinstance(name, str) for name in row):
                return None
            rows.append([name for name in row if name.strip()])
        elif row is None or row is pd.NA or (isinstance(row, float) and np.isnan(row)):
            n_missing += 1
            rows.append("")
        else:
            return None
    return rows if n_missing < len(rows) else None


def _find_flags(names: list[str | list[str]], codebook: Codebook, *, method: str) -> NDArray[np.bool_]:
    """Which frames each text carries, from their ids or names."""
    places = {frame: place for place, frame in enumerate(codebook.frame_ids)}
    flags = np.zeros((len(names), len(places)), dtype=bool)
    listed = [split_cell(row) if isinstance(row, str) else row for row in names]
    known = (*codebook.frame_of_label, find_none_word(codebook), NOT_CODED)
    unknown = [name for row in listed for name in row if fold_label(name) not in known]
    codebook.resolve(unknown, source=f"{method}, labels")  # names all that are unknown
    for number, row in enumerate(names):
        try:
            frames = parse_cell(row, codebook) if isinstance(row, str) else resolve_labels(row, codebook) if row else []
        except CellError as error:
            raise InputError(f"{method}: the labels of text {number} (counted from 0): {error.message}.") from None
        if frames is None:
            word = find_none_word(codebook)
            remedy = f", or write {word} where there is no frame" if word else ""
            raise InputError(
                f"{method}: text {number} (counted from 0) has no label, so nobody has coded it; leave it out{remedy}."
            )
        flags[number, [places[frame] for frame in frames]] = True
    return flags


def choose_strength(strength: str, *, n_labelled: int, n_frames: int, n_groups: int, tunable: bool) -> str:
    """Choose the strength that is used; `auto` takes the highest that labels and encoder allow.

    Parameters
    ----------
    strength : str
        The one asked for.
    n_labelled : int
        Number of labelled texts.
    n_frames : int
        Number of frames.
    n_groups : int
        Number of groups (documents) of the texts.
    tunable : bool
        Whether the encoder has layers that can learn.

    Returns
    -------
    str
        `zero-shot`, `head` or `fine-tuned`.

    Raises
    ------
    InputError
        Where tuning was asked for and all texts are of one group: a member of tuning learns from all folds but one,
        and a group is in one fold.

    Examples
    --------
    >>> choose_strength("auto", n_labelled=24, n_frames=3, n_groups=9, tunable=True)
    'fine-tuned'
    """
    if strength == "fine-tuned" and n_groups < 2:
        raise InputError(
            "fit: strength fine-tuned needs labelled texts of at least two documents, but all are of one group. "
            "Choose strength head, or label passages of another document."
        )
    if strength != "auto":
        return strength
    if not n_labelled:
        return "zero-shot"
    return "fine-tuned" if n_labelled >= TUNE_FROM * n_frames and tunable and n_groups > 1 else "head"


def explain_strength(strength: str, used: str, *, n_labelled: int, n_frames: int, n_groups: int, encoder: str) -> str:
    """Explain in a line why a strength was taken.

    Parameters
    ----------
    strength : str
        The one asked for.
    used : str
        The one taken.
    n_labelled : int
        As in `choose_strength`.
    n_frames : int
        As in `choose_strength`.
    n_groups : int
        As in `choose_strength`.
    encoder : str
        Name of the encoder.

    Returns
    -------
    str
        A line without an end.
    """
    if strength != "auto":
        return f"strength {used}, as asked for"
    size = f"{n_labelled:,} labelled passages for {n_frames} frames are {n_labelled / n_frames:.1f} a frame"
    if used == "fine-tuned":
        return f"strength fine-tuned: {size}; it is taken from {TUNE_FROM} on"
    if n_labelled < TUNE_FROM * n_frames:
        return f"strength head: {size}; fine-tuning is taken from {TUNE_FROM} on"
    if n_groups < 2:
        return "strength head: all labelled passages are of one document, and fine-tuning needs two"
    return f"strength head: the encoder {encoder} has no layers that can be tuned"
