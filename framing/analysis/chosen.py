"""The documents that the settings of a run choose."""

from __future__ import annotations

from typing import Any

import pandas as pd

from framing.corpus import Corpus
from framing.corpus.periods import has_period
from framing.errors import InputError
from framing.selection import OVERLAP, find_overlap, select_documents
from framing.settings import Settings

__all__ = ["check_compared", "choose_documents", "describe_choice"]


def choose_documents(corpus: Corpus, settings: Settings) -> Corpus:
    """Leave out the documents that the settings do not ask for.

    Parameters
    ----------
    corpus : Corpus
        Documents of all corpora.
    settings : Settings
        Settings of the run: `where`, and `compare_by`, whose groups overlap.

    Returns
    -------
    Corpus
        The documents that are kept; the others are counted.

    Raises
    ------
    InputError
        If a column is missing, a value does not occur, the groups do not overlap, or no document is left.
    """
    check_compared(corpus.documents, settings.compare_by)
    kept = pd.Series(True, index=corpus.documents.index)
    where = dict(settings.where)
    if where.get("published") == OVERLAP:
        del where["published"]
        kept &= select_documents(corpus.documents, where)
        possible = corpus.documents["published"].where(has_period(corpus.documents["published"]))
        dated = corpus.documents.assign(published=possible)[kept]
        where = {"published": find_overlap(dated, settings.compare_by)}
    kept &= select_documents(corpus.documents, where)
    return corpus if kept.all() else corpus.keep(kept)


def describe_choice(settings: Settings) -> dict[str, Any]:
    """Describe which documents the settings choose, for the keys of caches.

    Parameters
    ----------
    settings : Settings
        Settings of the run.

    Returns
    -------
    dict of str to object
        Plain values: `where`, and `compare_by` where its groups must overlap.
    """
    choice = settings.model_dump(mode="json", include={"where"})
    if OVERLAP in settings.where.values():
        choice["compare_by"] = settings.compare_by
    return choice


def check_compared(documents: pd.DataFrame, by: str) -> None:
    """Check that the documents have the column whose groups are compared.

    Parameters
    ----------
    documents : DataFrame
        One row a document.
    by : str
        The column.

    Raises
    ------
    InputError
        Lists the columns that there are.
    """
    beside = {"document_id", "text", "title", "url", "published", "file", "line"}
    if by not in documents.columns or by in beside:
        known = ", ".join(name for name in documents.columns if name not in beside)
        raise InputError(f"compare_by: the documents have no groups by {by!r}. Choose one of {known}.")
