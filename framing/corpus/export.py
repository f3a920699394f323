"""The documents or passages of a corpus, with all that is known about each, as one table."""

from __future__ import annotations

import pandas as pd

from framing.corpus.documents import Corpus
from framing.corpus.passages import split_passages
from framing.defaults import MAX_WORDS

__all__ = ["make_export_table"]

_LATER = ["duplicate_of", "story_id", "speaker"]  # columns of passages that other steps fill


def make_export_table(corpus: Corpus, *, passages: bool = False, max_words: int = MAX_WORDS) -> pd.DataFrame:
    """Make a table of the documents of a corpus, or of their passages.

    Parameters
    ----------
    corpus : Corpus
        The corpus as it was read.
    passages : bool, default False
        Whether a row is a passage; else a document.
    max_words : int, default 90
        Most words in a passage.

    Returns
    -------
    DataFrame
        The columns of the documents, those that `metadata:` carries among them; a passage has its own columns before
        those of its document.
    """
    if not passages:
        return corpus.documents
    table = split_passages(corpus.documents, max_words=max_words).drop(columns=_LATER)
    more = [name for name in corpus.documents.columns if name not in table.columns]
    of_documents = corpus.documents.set_index("document_id")[more]
    return table.join(of_documents, on="document_id")
