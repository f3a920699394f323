"""A draw of each kind of codebook, and its codings as text, shared by tests of what comes back."""

from __future__ import annotations

import numpy as np

from framing.coding.design import read_design
from tests.drawn import write_draw
from tests.tiny import codebook

MANY, ONE = codebook(multi_label=True), codebook()


def many(tmp_path, **options):
    write_draw(tmp_path / "draw", MANY, **options)
    return tmp_path / "draw"


def ids(design, book=MANY):
    return read_design(design, book).passages["passage_id"].to_list()


def cells(codings, book=MANY):
    """Codings as text, for comparison: one string a passage."""
    return ["-" if np.isnan(row[0]) else ";".join(np.array(book.frame_ids)[row == 1]) for row in np.atleast_2d(codings)]
