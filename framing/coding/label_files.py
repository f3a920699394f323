"""Files of passages with human labels: the coded rows, and those that nobody has coded, refused with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.codebook import Codebook
from framing.codebook.cells import NONE, find_none_word, fold_label
from framing.coding.design_columns import PROBABILITY, STRATUM, UNIT
from framing.coding.labels import parse_codings, parse_labels
from framing.corpus.formats import Refused, find_format, read_rows
from framing.corpus.passages import find_whole_id
from framing.corpus.records import quarantine_table
from framing.corpus.rows import read_passages
from framing.defaults import Unit
from framing.errors import InputError

__all__ = ["LabelFile", "Labelled", "read_header", "read_label_file"]

_KNOWN = ("passage_id", "document_id", "outlet", "perspective", "published", "title", "url")  # read in any case


@dataclass(frozen=True)
class Labelled:
    """Coded passages of a file.

    Attributes
    ----------
    passages : DataFrame
        n rows, with the columns that were asked for.
    labels : ndarray of bool
        Shape (n, K).
    codings : ndarray of float or None
        Labels of each coder, shape (C, n, K), NaN where a coder did not code a passage; None without two coders.
    refused : DataFrame
        Rows that could not be read, and those that are not coded: `file, line, reason, excerpt`.
    n_not_coded : int
        How many of them are not coded.
    """

    passages: pd.DataFrame
    labels: NDArray[np.bool_]
    codings: NDArray[np.float64] | None
    refused: pd.DataFrame
    n_not_coded: int


@dataclass(frozen=True)
class LabelFile:
    """Passages of a file before their labels are read.

    Attributes
    ----------
    name : str
        What messages call the file.
    labels : str
        Column of the labels.
    coders : tuple of str
        Columns of the coders.
    passages : DataFrame
        One row a passage.
    refused : DataFrame
        Rows that could not be read: `file, line, reason, excerpt`.
    blank_is_none : bool
        Whether an empty cell says that there is no frame, see `remark`.
    """

    name: str
    labels: str
    coders: tuple[str, ...]
    passages: pd.DataFrame
    refused: pd.DataFrame
    blank_is_none: bool

    @property
    def remark(self) -> str:
        """What a reader should know about empty cells; empty where they are not coded, as everywhere else."""
        if not self.blank_is_none:
            return ""
        return (
            f"{self.name}: a gold file without the word {NONE}, as version 0.1 wrote it: its empty cells count as "
            f"{NONE}, and no row as not coded"
        )

    def read_codings(self, codebook: Codebook) -> NDArray[np.float64] | None:
        """Labels of each coder for all passages.

        Parameters
        ----------
        codebook : Codebook
            Whose K frames the labels name.

        Returns
        -------
        ndarray of float or None
            As `parse_codings`; None without two coders.
        """
        if len(self.coders) < 2:
            return None
        return parse_codings(self.passages, self.coders, codebook, source=self.name, blank_is_none=self.blank_is_none)

    def read_labels(self, codebook: Codebook) -> NDArray[np.float64]:
        """Settled labels of all passages.

        Parameters
        ----------
        codebook : Codebook
            Whose K frames the labels name.

        Returns
        -------
        ndarray of float
            As `parse_labels`: NaN for a passage that is not coded.
        """
        return parse_labels(self.passages, self.labels, codebook, source=self.name, blank_is_none=self.blank_is_none)

    def read(self, codebook: Codebook) -> Labelled:
        """Keep the coded passages.

        Parameters
        ----------
        codebook : Codebook
            Whose K frames the labels name.

        Returns
        -------
        Labelled
            With the other rows refused.

        Raises
        ------
        InputError
            For labels that cannot be read, and where no row is coded.
        """
        labels, codings = self.read_labels(codebook), self.read_codings(codebook)
        coded = ~np.isnan(labels[:, 0])
        remedy = f"; write {NONE} where there is no frame" if find_none_word(codebook) else ""
        reason = f"not coded: the column {self.labels} is empty{remedy}"
        if not coded.any():
            raise InputError(f"{self.name}: none of {len(coded)} rows is coded: the column {self.labels} is empty.")
        left_out = self.passages[~coded]
        not_coded = quarantine_table(
            Refused(Path(self.name).name, int(line), reason, str(text))
            for line, text in zip(left_out["file_line"], left_out["text"], strict=True)
        )
        refused = pd.concat([self.refused, not_coded]) if len(not_coded) else self.refused
        return Labelled(
            passages=self.passages[coded].reset_index(drop=True),
            labels=labels[coded] == 1,
            codings=None if codings is None else codings[:, coded],
            refused=refused.sort_values(["file", "line"], kind="stable", ignore_index=True),
            n_not_coded=int((~coded).sum()),
        )


def read_label_file(
    path: Path,
    *,
    text: str = "text",
    labels: str = "frames",
    coders: Sequence[str] = (),
    extra: Sequence[str] = (),
    unit: Unit = "passage",
) -> LabelFile:
    """Read the passages of a file of human labels.

    Parameters
    ----------
    path : Path
        File of one of the formats.
    text : str, default "text"
        Column that holds the text.
    labels : str, default "frames"
        Column of the labels.
    coders : sequence of str, default ()
        Columns of the coders.
    extra : sequence of str, default ()
        More columns to read.
    unit : {"passage", "document"}, default "passage"
        What the labels are of: passages, or documents as a whole. Where a document has no `passage_id` in the file, it
        has the one that it has as a unit of its corpus.

    Returns
    -------
    LabelFile
        Its passages. In a gold file of version 0.1, whose rows are all settled, an empty cell says that there is no
        frame: it has the columns `inclusion_probability`, `stratum` and `unit`, and no cell with `none`.

    Raises
    ------
    InputError
        If the file cannot be read, a column is missing, or no row has a text; for documents, if one has several rows.
    """
    columns = [*(name for name in (labels, *coders) if name not in _KNOWN), *extra]
    passages, refused = read_passages(path, text_column=text, extra=list(dict.fromkeys(columns)))
    header = set(read_header(path))
    if unit == "document":
        _check_whole(passages, path)
        if "passage_id" not in header:
            passages["passage_id"] = [find_whole_id(name) for name in passages["document_id"]]
    cells = {fold_label(str(cell)) for cell in passages[[labels, *coders]].to_numpy(object).ravel()}
    return LabelFile(
        name=str(path),
        labels=labels,
        coders=tuple(coders),
        passages=passages.reset_index(drop=True),
        refused=refused,
        blank_is_none="" in cells and NONE not in cells and {PROBABILITY, STRATUM, UNIT} <= header,
    )


def _check_whole(passages: pd.DataFrame, path: Path) -> None:
    """Raise `InputError` where a document that should be labelled as a whole has several rows."""
    counts = passages["document_id"].value_counts()
    if len(counts) < len(passages):
        raise InputError(
            f"{path}: the document {counts.index[0]!r} has {counts.iloc[0]} rows, but the unit is the document as a "
            "whole: labels need one row a document. Settle the labels of its passages into one, take the unit passage, "
            "or leave them aside (coded: passage, under gold: in corpus.yaml)."
        )


def read_header(path: Path) -> tuple[str, ...]:
    """Columns of the first row of a file; no further row is read, so that what is needed is known before.

    Parameters
    ----------
    path : Path
        File of one of the formats.

    Returns
    -------
    tuple of str
        Its columns; none where no row can be read.
    """
    for row in read_rows(path, kind=find_format(path), needed=[]):
        if not isinstance(row, Refused):
            return tuple(row.values)
    return ()
