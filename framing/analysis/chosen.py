"""The documents that the settings of a run choose."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from framing.corpus import Corpus, read_corpora
from framing.corpus.periods import has_period
from framing.errors import InputError
from framing.files.identity import hash_content
from framing.selection import OVERLAP, find_overlap, select_documents
from framing.settings import Settings

__all__ = ["check_compared", "choose_documents", "describe_choice", "forget_read", "read_chosen"]

_kept: dict[str, Corpus] = {}  # what was read last, if it is to be read again


def read_chosen(folders: Sequence[Path], settings: Settings, *, fingerprint: str, keep: bool = False) -> Corpus:
    """Read the documents that the settings of a run ask for.

    Parameters
    ----------
    folders : sequence of Path
        Folders of the corpora.
    settings : Settings
        Settings of the run.
    fingerprint : str
        Hash of the files as they are now: `corpora_fingerprint`.
    keep : bool, default False
        Whether the next call in this process, if it asks for the same, gets what this one read: a corpus whose words
        are counted is classified next.

    Returns
    -------
    Corpus
        The documents that are kept; the others are counted.

    Raises
    ------
    InputError
        If a file is wrong, or the settings ask for documents that there are not.
    """
    asked = [fingerprint, [str(folder) for folder in folders], settings.data_path, describe_choice(settings)]
    name = hash_content([*asked, settings.compare_by])
    known = _kept.get(name)
    _kept.clear()
    corpus = choose_documents(read_corpora(folders, data_path=settings.data_path), settings) if known is None else known
    if keep:
        _kept[name] = corpus
    return corpus


def forget_read() -> None:
    """Forget what `read_chosen` keeps for a next call."""
    _kept.clear()


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
