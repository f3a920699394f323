"""Wire copy and reprints: groups of near-equal texts within and across outlets. Nothing is deleted, only marked."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.errors import InputError
from framing.tables import DUPLICATES, REPRINTS, require_columns

__all__ = ["count_duplicates", "find_duplicates", "mark_duplicates", "find_reprint_chains"]


_WORD = re.compile(r"\d[\d.,:]*|[^\W\d_]+")
_SHINGLE = 3  # words
_SHORT = 6  # words, below which only equal texts are duplicates: a shared phrase is no copy
_PART = 15  # words from which a text can be the part of a longer one
_SHORT_PART = 8  # words from which it can be where nearly all of it stands there
_NEARLY_ALL = 0.9
_LEAST_PART = 1 / 3  # of the longer text
_MOST_WORDS = 5000  # of a text that are compared: copy is told from its first pages
# bands and rows of the LSH: a part of a third whose shingles agree to 0.8 (Jaccard 0.25) is proposed in 98 of 100 cases
_BANDS, _ROWS = 64, 2


@dataclass(frozen=True, slots=True)
class _Text:
    shingles: NDArray[np.uint32]
    n_words: int


def find_duplicates(
    table: pd.DataFrame, *, threshold: float = 0.8, numbers: Literal["ignore", "keep"] = "ignore"
) -> pd.DataFrame:
    """Groups of near-equal texts, one row a member.

    Parameters
    ----------
    table : DataFrame
        Passages or documents: `outlet, published, text` and an id.
    threshold : float, default 0.8
        Least share of three-word shingles in common. Of the shorter text's shingles, if it has at least 15 words and a
        third of the longer text (a truncated copy, a copy under a new lead), or 8 words nearly all of which stand
        there; else Jaccard, of all shingles of both.
    numbers : {"ignore", "keep"}, default "ignore"
        `ignore` takes every number in figures for the same word: last week's casualty report with today's figures is a
        near-duplicate, because only the figures are new. `keep` tells them apart by their shingles.

    Returns
    -------
    DataFrame
        Columns: the id, `passage_id` where `table` has it, else `document_id`; then `group` (the id of its original),
        `duplicate_of` (the same, but empty for the original itself) and `similarity` to the closest earlier member
        (1 for the original). The original is the earliest by `published`, then outlet, then id. Texts without a
        duplicate have no row. Sorted by the original's date, then the member's.

    Raises
    ------
    InputError
        Where columns lack, ids are not unique, or an option is out of its range.

    Notes
    -----
    Candidates come from MinHash LSH (Broder 1997; datasketch) and every one is verified on the exact shingles. Letter
    case, punctuation and spacing do not count. Texts under six words are duplicates only where they are equal, numbers
    included. A text joins a group where it is near the group's original or at least half of its different texts, so
    that a chain of small changes does not tie unlike texts together. Paraphrase is not found.
    """
    key = _key(table)
    require_columns(table, (key, "outlet", "published", "text"), what="the table of texts")
    if not 0 < threshold <= 1:
        raise InputError(f"threshold {threshold:g}: expected a share above 0 and at most 1, for instance 0.8.")
    if numbers not in ("ignore", "keep"):
        raise InputError(f"numbers is ignore or keep, not {numbers!r}.")
    if table[key].duplicated().any():
        twice = table.loc[table[key].duplicated(), key].iloc[0]
        raise InputError(f"{key} {twice} stands in several rows; expected one row a text.")
    rows = table[[key, "outlet", "published", "text"]].sort_values(["published", "outlet", key], kind="stable")
    words = [_words(text) for text in rows["text"]]
    same = [_normal(item, numbers) for item in words]
    place: dict[str, int] = {}
    texts: list[_Text] = []
    of_row = np.full(len(rows), -1)
    for row, (text, found) in enumerate(zip(same, words, strict=True)):
        if text and text not in place:
            place[text] = len(texts)
            texts.append(_Text(_shingles(text), len(found)))
        of_row[row] = place.get(text, -1)
    groups, nearest = _grouped(texts, threshold)
    return _members(rows, of_row, groups, nearest, key)


def _key(table: pd.DataFrame) -> str:
    return "passage_id" if "passage_id" in table.columns else "document_id"


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def _normal(words: list[str], numbers: str) -> str:
    """What is compared; equal for texts that differ only in what does not count."""
    masked = numbers == "ignore" and len(words) >= _SHORT
    kept = words[:_MOST_WORDS]
    return " ".join("0" if masked and word[0].isdigit() else word.rstrip(".,:") for word in kept)


def _shingles(text: str) -> NDArray[np.uint32]:
    words = text.split(" ")
    if len(words) < _SHORT:
        return np.array([zlib.crc32(text.encode("utf-8", "surrogatepass"))], dtype=np.uint32)
    runs = {" ".join(words[start : start + _SHINGLE]) for start in range(len(words) - _SHINGLE + 1)}
    return np.unique(np.array([zlib.crc32(run.encode("utf-8", "surrogatepass")) for run in runs], dtype=np.uint32))


def _similarity(a: _Text, b: _Text) -> float:
    if min(a.n_words, b.n_words) < _SHORT:
        return 0.0  # equal ones are one text already
    both = len(np.intersect1d(a.shingles, b.shingles, assume_unique=True))
    small, large = sorted((len(a.shingles), len(b.shingles)))
    n_words = min(a.n_words, b.n_words)
    if small >= _LEAST_PART * large and (n_words >= _PART or (n_words >= _SHORT_PART and both >= _NEARLY_ALL * small)):
        return both / small
    return both / (small + large - both)


def _candidates(texts: list[_Text]) -> Iterator[list[int]]:
    """For each text the earlier ones that may be like it."""
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(num_perm=_BANDS * _ROWS, params=(_BANDS, _ROWS))
    empty = MinHash(num_perm=_BANDS * _ROWS, hashfunc=int)
    for number, text in enumerate(texts):
        if text.n_words < _SHORT:
            yield []
            continue
        sketch = empty.copy()
        sketch.update_batch(text.shingles.tolist())
        yield sorted(index.query(sketch))
        index.insert(number, sketch, check_duplication=False)


def _grouped(texts: list[_Text], threshold: float) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The group of each text, named by its first text, and its similarity to the closest earlier member."""
    groups = np.arange(len(texts))
    nearest = np.ones(len(texts))
    size: dict[int, int] = {}
    for number, candidates in enumerate(_candidates(texts)):
        near: dict[int, list[float]] = {}
        originals = set()
        for other in candidates:
            found = _similarity(texts[number], texts[other])
            if found >= threshold:
                near.setdefault(int(groups[other]), []).append(found)
                if groups[other] == other:
                    originals.add(other)
        joined = [
            (len(values) / size[group], max(values), -group)
            for group, values in near.items()
            if group in originals or 2 * len(values) >= size[group]
        ]
        if joined:
            _, nearest[number], negative = max(joined)
            groups[number] = -negative
        size[int(groups[number])] = size.get(int(groups[number]), 0) + 1
    return groups, nearest


def _members(
    rows: pd.DataFrame, of_row: NDArray[np.int64], groups: NDArray[np.int64], nearest: NDArray[np.float64], key: str
) -> pd.DataFrame:
    kept = of_row >= 0
    found = rows.loc[kept, [key]].reset_index(drop=True)
    texts = of_row[kept]
    found["number"] = groups[texts] if len(texts) else texts
    found["similarity"] = nearest[texts] if len(texts) else np.ones(0)
    # an equal text ran before: the closest earlier member is the same but for what does not count
    found.loc[pd.Series(texts).duplicated().to_numpy(), "similarity"] = 1.0
    found = found[found.duplicated("number", keep=False)]
    first = found.drop_duplicates("number").set_index("number")[key]
    found["group"] = found["number"].map(first).astype(object)
    original = found["group"] == found[key]
    found["duplicate_of"] = found["group"].where(~original, "")
    found.loc[original, "similarity"] = 1.0
    # groups in the order of their originals, members by date
    order = found["number"].map({number: place for place, number in enumerate(first.index)}).to_numpy()
    ordered = found.iloc[np.argsort(order, kind="stable")] if len(found) else found
    return ordered[[key, *DUPLICATES]].reset_index(drop=True)


def mark_duplicates(
    passages: pd.DataFrame, *, threshold: float = 0.8, numbers: Literal["ignore", "keep"] = "ignore"
) -> pd.DataFrame:
    """Mark passages that repeat another with its id.

    Parameters
    ----------
    passages : DataFrame
        Passages, columns `framing.tables.PASSAGES`.
    threshold : float, default 0.8
        As of `find_duplicates`.
    numbers : {"ignore", "keep"}, default "ignore"
        As of `find_duplicates`.

    Returns
    -------
    DataFrame
        The same passages, `duplicate_of` filled: the id of the original, empty if a passage is one itself.
    """
    found = find_duplicates(passages, threshold=threshold, numbers=numbers)
    key = _key(passages)
    marked = passages.copy()
    marked["duplicate_of"] = passages[key].map(found.set_index(key)["duplicate_of"]).astype(object).fillna("")
    return marked


def find_reprint_chains(documents: pd.DataFrame, duplicates: pd.DataFrame) -> pd.DataFrame:
    """Who ran a text and when: the members of each group in order of date.

    Parameters
    ----------
    documents : DataFrame
        Documents, columns `framing.tables.DOCUMENTS`.
    duplicates : DataFrame
        Near-equal texts, as `find_duplicates` returned them.

    Returns
    -------
    DataFrame
        Columns `REPRINTS`. Groups that ran in most outlets come first, then the largest. `order` counts from 1, the
        original.
    """
    require_columns(documents, ("document_id", "outlet", "published", "title"), what="documents")
    require_columns(duplicates, ("document_id", *DUPLICATES), what="duplicates")
    chain = duplicates[["document_id", *DUPLICATES]].merge(
        documents[["document_id", "outlet", "published", "title"]], on="document_id"
    )
    chain["n_documents"] = chain.groupby("group")["document_id"].transform("size").astype(np.int64)
    chain["n_outlets"] = chain.groupby("group")["outlet"].transform("nunique").astype(np.int64)
    chain["original"] = chain["duplicate_of"] == ""
    # date first: what was published later never comes before
    chain = chain.sort_values(
        ["n_outlets", "n_documents", "group", "published", "original", "outlet", "document_id"],
        ascending=[False, False, True, True, False, True, True],
        kind="stable",
    )
    chain["order"] = chain.groupby("group").cumcount() + 1
    return chain[list(REPRINTS)].reset_index(drop=True)


def count_duplicates(table: pd.DataFrame, duplicates: pd.DataFrame, *, by: str = "outlet") -> pd.DataFrame:
    """Count the texts of each group with duplicates and without.

    Parameters
    ----------
    table : DataFrame
        The passages or documents that `duplicates` was found in.
    duplicates : DataFrame
        Near-equal texts, as `find_duplicates` returned them.
    by : str, default "outlet"
        Column of the groups.

    Returns
    -------
    DataFrame
        The group, then `n, n_without, n_own, n_others, share`. `n_own` are copies of a text that the group itself ran
        first, `n_others` of a text that another ran first; `share` is that of both in `n`.
    """
    key = _key(table)
    require_columns(table, (key, by), what="the table of texts")
    require_columns(duplicates, (key, *DUPLICATES), what="duplicates")
    of = table[key].map(duplicates.set_index(key)["duplicate_of"]).astype(object).fillna("")
    home = of.map(table.set_index(key)[by])
    copied = of != ""
    own = copied & (home == table[by])
    counts = (
        pd.DataFrame({by: table[by], "n": 1, "n_own": own.astype(int), "n_others": (copied & ~own).astype(int)})
        .groupby(by, sort=True)
        .sum()
        .reset_index()
    )
    counts["n_without"] = counts["n"] - counts["n_own"] - counts["n_others"]
    counts["share"] = (counts["n_own"] + counts["n_others"]) / counts["n"]
    return counts[[by, "n", "n_without", "n_own", "n_others", "share"]]
