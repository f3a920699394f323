"""Groups that an analysis compares: the values of a column of the documents, for documents and passages alike."""

from __future__ import annotations

import pandas as pd

from framing.selection import is_blank

__all__ = ["add_groups", "describe_ungrouped"]


def add_groups(documents: pd.DataFrame, passages: pd.DataFrame, by: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give documents and passages the column whose groups are compared, as text that is missing where it is blank.

    Parameters
    ----------
    documents, passages : DataFrame
        Tables of an analysis.
    by : str
        Column of the documents.

    Returns
    -------
    documents, passages : DataFrame
        The same rows. Documents without a value are in no group: comparisons leave them out.
    """
    values = documents[by].astype(object)
    texts = values.map(str).mask(is_blank(values), None).astype("str")
    group_of = pd.Series(texts.to_numpy(), index=documents["document_id"])
    return documents.assign(**{by: texts}), passages.assign(**{by: passages["document_id"].map(group_of).astype("str")})


def describe_ungrouped(documents: pd.DataFrame, by: str) -> str:
    """Count the documents that no comparison includes.

    Parameters
    ----------
    documents : DataFrame
        Documents, as `add_groups` returns them.
    by : str
        Column whose groups are compared.

    Returns
    -------
    str
        A sentence; empty where each document has a value.

    Examples
    --------
    >>> describe_ungrouped(pd.DataFrame({"section": ["Politics", None, "Sport"]}), "section")
    '1 of 3 documents has no section and is left out of comparisons.'
    """
    n_blank = int(documents[by].isna().sum())
    if not n_blank:
        return ""
    verbs = ("has", "is") if n_blank == 1 else ("have", "are")
    return f"{n_blank:,} of {len(documents):,} documents {verbs[0]} no {by} and {verbs[1]} left out of comparisons."
