"""Wire copy and reprints: groups of near-equal texts within and across outlets. Nothing is deleted, only marked."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from framing.errors import InputError
from framing.stories.shingles import (
    Floats,
    Ints,
    ShingledText,
    group_texts,
    normalise_words,
    shingle_text,
    split_words,
)
from framing.tables import DUPLICATES, REPRINTS, require_columns

__all__ = ["count_duplicates", "find_duplicates", "mark_duplicates", "find_reprint_chains"]


def find_duplicates(
    table: pd.DataFrame,
    *,
    threshold: float = 0.8,
    numbers: Literal["ignore", "keep"] = "ignore",
    progress: str = "",
) -> pd.DataFrame:
    """Find groups of near-equal texts.

    Parameters
    ----------
    table : DataFrame
        Passages or documents: columns `outlet, published, text` and an id.
    threshold : float, default 0.8
        Least similarity of two duplicates.
    numbers : {"ignore", "keep"}, default "ignore"
        `ignore` takes all numbers in figures as one word: last week's casualty report with today's figures is a
        near-duplicate. `keep` compares them like other words.
    progress : str, default ""
        Title of the progress, as in `framing.steps.count_steps`; empty for none.

    Returns
    -------
    DataFrame
        One row a member of a group: the id, `passage_id` where `table` has it, else `document_id`; then `group` (the id
        of its original), `duplicate_of` (the same, but empty for the original itself) and `similarity` to the most
        similar earlier member (1 for the original). The original is the earliest by `published`, then outlet, then
        id. Texts without a duplicate have no row. Sorted by the date of the original, then of the member.

    Raises
    ------
    InputError
        If a column is missing, an id is repeated, or an option is out of range.

    See Also
    --------
    mark_duplicates : Writes the original of each passage to the passages.
    find_reprint_chains : Which outlets published a text, in order of date.
    count_duplicates : Counts the texts of each group with and without duplicates.

    Notes
    -----
    Texts are compared by their shingles, runs of three words; letter case, punctuation and spacing do not count. In
    scripts that are written without spaces a shingle is three characters, and a word as many as it has on average
    (`framing.corpus.words`). The similarity of two texts is the number of shared shingles divided by the number of
    shingles of the shorter text, if
    that text may be a part of the longer one (a truncated copy, a copy under a new lead): it has a third of the
    longer text's shingles, and 15 words, or 8 words and 90 % of its shingles are shared. Otherwise it is the
    Jaccard similarity, with the number of shingles of both in the denominator.

    MinHash LSH (Broder 1997; datasketch) proposes pairs, and each pair is compared by its exact shingles. Texts of
    fewer than six words are duplicates only if they are equal, numbers included. A text joins a group if it is similar
    to the group's original or to at least half of its different texts, so that a chain of small changes does not join
    unlike texts. Paraphrases are not found.
    """
    key = _find_key(table)
    _check_texts(table, key, threshold, numbers)
    rows = table[[key, "outlet", "published", "text"]].sort_values(["published", "outlet", key], kind="stable")
    place: dict[str, int] = {}
    texts: list[ShingledText] = []
    text_of_row: list[int] = []
    for text in rows["text"]:
        words = split_words(text)
        normal = normalise_words(words, numbers)
        if normal and normal not in place:
            place[normal] = len(texts)
            texts.append(shingle_text(words, normal))
        text_of_row.append(place.get(normal, -1))
    groups, similarity = group_texts(texts, threshold, progress=progress)
    return _list_members(rows[key], np.array(text_of_row, dtype=np.int64), groups, similarity)


def mark_duplicates(
    passages: pd.DataFrame, *, threshold: float = 0.8, numbers: Literal["ignore", "keep"] = "ignore"
) -> pd.DataFrame:
    """Mark each passage that repeats another with the id of the original.

    Parameters
    ----------
    passages : DataFrame
        Passages, columns `framing.tables.PASSAGES`.
    threshold : float, default 0.8
        Least similarity of two duplicates, as in `find_duplicates`.
    numbers : {"ignore", "keep"}, default "ignore"
        Whether figures are compared, as in `find_duplicates`.

    Returns
    -------
    DataFrame
        The same passages with the column `duplicate_of`: the id of the original, empty for a passage that repeats
        none.

    Raises
    ------
    InputError
        If a column is missing, an id is repeated, or an option is out of range.
    """
    key = _find_key(passages)
    duplicates = find_duplicates(passages, threshold=threshold, numbers=numbers)
    return passages.assign(duplicate_of=_map_originals(passages[key], duplicates, key))


def find_reprint_chains(documents: pd.DataFrame, duplicates: pd.DataFrame) -> pd.DataFrame:
    """List the publications of each text in order of date.

    Parameters
    ----------
    documents : DataFrame
        Documents, columns `framing.tables.DOCUMENTS`.
    duplicates : DataFrame
        Near-equal texts, as `find_duplicates` or `join_translations` returns them.

    Returns
    -------
    DataFrame
        Columns `REPRINTS`, and `relation` where `duplicates` has it. Groups of texts that most outlets published come
        first, then the largest. `order` counts from 1, the original.

    Raises
    ------
    InputError
        If a table lacks a column.
    """
    require_columns(documents, ("document_id", "outlet", "published", "title"), what="documents")
    require_columns(duplicates, ("document_id", *DUPLICATES), what="duplicates")
    more = [name for name in ("relation",) if name in duplicates.columns]
    reprints = duplicates[["document_id", *DUPLICATES, *more]].merge(
        documents[["document_id", "outlet", "published", "title"]], on="document_id"
    )
    reprints["n_documents"] = reprints.groupby("group")["document_id"].transform("size").astype(np.int64)
    reprints["n_outlets"] = reprints.groupby("group")["outlet"].transform("nunique").astype(np.int64)
    reprints["original"] = reprints["duplicate_of"] == ""
    # by date before whether it is the original: a later publication never comes first
    reprints = reprints.sort_values(
        ["n_outlets", "n_documents", "group", "published", "original", "outlet", "document_id"],
        ascending=[False, False, True, True, False, True, True],
        kind="stable",
    )
    reprints["order"] = reprints.groupby("group").cumcount() + 1
    return reprints[[*REPRINTS, *more]].reset_index(drop=True)


def count_duplicates(table: pd.DataFrame, duplicates: pd.DataFrame, *, by: str = "outlet") -> pd.DataFrame:
    """Count the texts of each group with duplicates and without.

    Parameters
    ----------
    table : DataFrame
        The passages or documents of which `duplicates` are some.
    duplicates : DataFrame
        Near-equal texts, as `find_duplicates` or `join_translations` returns them.
    by : str, default "outlet"
        Column of the groups.

    Returns
    -------
    DataFrame
        The group, then `n, n_without, n_own, n_others, share`. `n_own` counts copies of a text that the group itself
        published first, `n_others` copies of a text that another group published first; `share` is that of both in
        `n`. With translations (`join_translations`) these count as copies, and `n_translations` says how many they
        are.

    Raises
    ------
    InputError
        If a table lacks a column.
    """
    key = _find_key(table)
    require_columns(table, (key, by), what="the table of texts")
    require_columns(duplicates, (key, *DUPLICATES), what="duplicates")
    originals = _map_originals(table[key], duplicates, key)
    is_copy = originals != ""
    is_own = is_copy & (originals.map(table.set_index(key)[by]) == table[by])
    counts = (
        pd.DataFrame({by: table[by], "n": 1, "n_own": is_own.astype(int), "n_others": (is_copy & ~is_own).astype(int)})
        .groupby(by)
        .sum()
        .reset_index()
    )
    counts["n_without"] = counts["n"] - counts["n_own"] - counts["n_others"]
    counts["share"] = (counts["n_own"] + counts["n_others"]) / counts["n"]
    columns = [by, "n", "n_without", "n_own", "n_others", "share"]
    if "relation" in duplicates.columns and (duplicates["relation"] == "translation").any():
        translated = duplicates.loc[duplicates["relation"] == "translation", key]
        counts["n_translations"] = counts[by].map(table.loc[table[key].isin(translated), by].value_counts())
        counts["n_translations"] = counts["n_translations"].fillna(0).astype(int)
        columns.append("n_translations")
    return counts[columns]


def _check_texts(table: pd.DataFrame, key: str, threshold: float, numbers: str) -> None:
    require_columns(table, (key, "outlet", "published", "text"), what="the table of texts")
    if not 0 < threshold <= 1:
        raise InputError(f"threshold {threshold:g}: expected a share above 0 and at most 1, for instance 0.8.")
    if numbers not in ("ignore", "keep"):
        raise InputError(f"numbers is ignore or keep, not {numbers!r}.")
    repeated = table[key].duplicated()
    if repeated.any():
        raise InputError(f"{key} {table.loc[repeated, key].iloc[0]} stands in several rows; expected one row a text.")


def _find_key(table: pd.DataFrame) -> str:
    return "passage_id" if "passage_id" in table.columns else "document_id"


def _map_originals(names: pd.Series, duplicates: pd.DataFrame, key: str) -> pd.Series:
    """The original of each text, empty for a text that repeats none."""
    return names.map(duplicates.set_index(key)["duplicate_of"]).astype(object).fillna("")


def _list_members(names: pd.Series, text_of_row: Ints, groups: Ints, similarity: Floats) -> pd.DataFrame:
    """The table of duplicates, from the ids in order of date and the group of each text."""
    key = str(names.name)
    texts = text_of_row[text_of_row >= 0]
    members = pd.DataFrame({key: names[text_of_row >= 0].to_numpy()})
    members["number"], members["similarity"] = groups[texts], similarity[texts]
    # equal texts: the most similar earlier member is the same but for punctuation and figures
    members.loc[pd.Series(texts).duplicated().to_numpy(), "similarity"] = 1.0
    members = members[members.duplicated("number", keep=False)]
    originals = members.drop_duplicates("number").set_index("number")[key]
    members["group"] = members["number"].map(originals).astype(object)
    is_original = members["group"] == members[key]
    members["duplicate_of"] = members["group"].where(~is_original, "")
    members.loc[is_original, "similarity"] = 1.0
    # groups in the order of their originals, members by date
    order = members["number"].map({number: place for place, number in enumerate(originals.index)})
    ordered = members.iloc[np.argsort(order.to_numpy(), kind="stable")]
    return ordered[[key, *DUPLICATES]].reset_index(drop=True)
