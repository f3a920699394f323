"""Passages of one part of a source that is read in parts."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.corpus.file_rows import passages_of_file
from framing.corpus.passages import make_passages
from framing.corpus.stated_languages import find_document_languages
from framing.corpus.streams import Outline, TextSource
from framing.tables import DOCUMENTS

__all__ = ["passages_of_part"]


def passages_of_part(
    documents: pd.DataFrame, source: TextSource, outline: Outline, *, first: int, kept: NDArray[np.bool_]
) -> tuple[pd.DataFrame, list[str]]:
    """Make the passages of a part, as `read_texts` makes them of a whole source.

    Parameters
    ----------
    documents : DataFrame
        A part that `DocumentStream.read` gave.
    source : TextSource
        What it was read from.
    outline : Outline
        What `DocumentStream.close` said.
    first : int
        Number of documents of the parts before.
    kept : ndarray of bool
        Of each document of the part, whether it is kept.

    Returns
    -------
    passages : DataFrame
        One row a passage.
    languages : list of str
        Detected language of each document.
    """
    absent = [name for name in outline.carried if name not in documents.columns]
    documents = documents.assign(**dict.fromkeys(absent, ""))
    ours = [name for name in documents.columns if name in {*DOCUMENTS, "passage_id", "file_line"}]
    documents = documents[[*ours, *outline.carried]]
    if not kept.all():
        documents = documents[kept].reset_index(drop=True)
    languages = find_document_languages(documents)
    documents = documents.assign(language=languages)
    if source.path.is_dir():
        return make_passages(documents, unit=source.unit, max_words=source.max_words), languages
    passages = passages_of_file(
        documents,
        split=source.options.split,
        max_words=source.max_words,
        more=outline.told,
        first=first,
        whole=source.options.whole,
    )
    return passages.drop(columns=["group", "file_line"], errors="ignore"), languages
