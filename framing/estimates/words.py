"""Distinctive words: those that a group uses more than the other groups do in passages with the same frame."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.defaults import LEVEL
from framing.errors import TooLittleDataError
from framing.estimates.clusters import find_unit, name_unit
from framing.estimates.groups import join_groups, split_groups
from framing.estimates.log_odds import contrast_words, sum_documents_with_words
from framing.estimates.vocabulary import count_documents, count_words, make_word_analyzer
from framing.tables import CLASSIFIED, WORDS, list_columns
from framing.uncertainty.options import check_interval_options

__all__ = ["find_distinctive_words", "find_passages_with_words"]

_LARGEST_OVERLAP = 0.8  # share of a word's passages that a listed word covers, from which the two are one finding
_CANDIDATES = 5  # words considered for each word listed


def find_distinctive_words(
    classified: pd.DataFrame,
    *,
    by: str | Sequence[str] = "outlet",
    level: float = LEVEL,
    min_documents: int = 3,
    top: int = 10,
    prior_weight: float = 500.0,
    leave_out: Iterable[str] = (),
) -> pd.DataFrame:
    """Words that a group uses more than the other groups do, in passages with the same frame.

    Parameters
    ----------
    classified : DataFrame
        Classified passages, columns `framing.tables.CLASSIFIED`.
    by : str or sequence of str, default "outlet"
        Columns that make the groups.
    level : float, default 0.95
        Confidence level of intervals, 0.5 to 1.
    min_documents : int, default 3
        Documents with the frame, of all groups, in which a word must stand to be tested.
    top : int, default 10
        Words listed for each frame and group.
    prior_weight : float, default 500.0
        Total weight of the prior, in counted words; more pulls rare words harder towards no difference.
    leave_out : iterable of str, default ()
        Words or phrases cut from the text first. The groups' names always are (of a web address also its longest part:
        www.rt.com, rt).

    Returns
    -------
    DataFrame
        Columns `frame`, `by`, then the rest of `framing.tables.WORDS`: for each frame and group the `top` clearest
        words, clearest first. `estimate` is the difference in log-odds (natural logarithm) of the word between the
        group and all other groups together; `low, high` hold for each row alone at `level`; `z` is the estimate over
        its standard error; `q_value` is the expected share of false words among all words of the frame up to this one
        (Benjamini & Hochberg 1995, over all words of all groups of the frame, not only those listed).
        `n_passages, n_documents` are those of the group with the frame and the word. A frame that fewer than two groups
        use has no rows. Only words used more, never less, are listed.

    Raises
    ------
    InputError
        When a column is missing, there are fewer than two groups, or fewer than two words stand in `min_documents`
        documents.

    Notes
    -----
    Weighted log-odds with an informative Dirichlet prior (Monroe, Colaresi & Quinn 2008). Words are runs of letters in
    lower case, and pairs that follow each other directly; English stop words and single letters are no words. A word
    counts once a passage. The model takes words as independent, which those of passages of one article are not; so the
    variance is the larger of the model's and of the linearised variance over documents (over clusters where the table
    has the column `cluster`), and quantiles are Student's t with as many degrees of freedom as the smaller side has
    documents (or clusters) with the frame, less one. A word is not listed
    where it stands in nearly the same passages as a clearer one that shares a word with it (`nord` beside
    `nord stream`). Languages written without spaces have no words in this sense.
    """
    check_interval_options(level=level)
    table, group_column = join_groups(classified, by, CLASSIFIED)
    passages = table.drop_duplicates("passage_id").reset_index(drop=True)
    groups = sorted(passages[group_column].dropna().unique())
    if len(groups) < 2:
        raise TooLittleDataError(
            f"Distinctive words need at least two {group_column}s; there is {len(groups)}: compare by another "
            "column (compare_by), or leave 07_words out of the report."
        )
    analyzer = make_word_analyzer([*_list_names(table, by), *leave_out])
    counts, words = count_words(passages["text"], analyzer)
    unit = find_unit(passages)
    document_of, unit_of = (
        pd.factorize(pd.MultiIndex.from_frame(passages[[group_column, name]]))[0] for name in ("document_id", unit)
    )
    is_frequent = count_documents(counts, document_of) >= min_documents
    counts, words = counts[:, is_frequent], words[is_frequent]
    if len(words) < 2:
        raise TooLittleDataError(
            f"Log-odds need two words or more in {min_documents} documents each; of {len(passages)} passages there is "
            f"{len(words)}: lower min_documents."
        )
    prior = np.asarray(counts.sum(axis=0), float).ravel()
    prior *= prior_weight / prior.sum()
    group_of = pd.Index(groups).get_indexer(passages[group_column])
    passage_index = pd.Index(passages["passage_id"])
    present = table[table["decision"] == "present"]
    parts = []
    for frame in pd.unique(table["frame"]):
        rows = passage_index.get_indexer(present.loc[present["frame"] == frame, "passage_id"])
        rows = rows[group_of[rows] >= 0]
        if len(np.unique(group_of[rows])) < 2:
            continue
        tested = np.flatnonzero(count_documents(counts[rows], document_of[rows]) >= min_documents)
        if not len(tested):
            continue
        sums, n_documents = sum_documents_with_words(
            counts[rows], unit_of[rows], group_of[rows], n_groups=len(groups), tested=tested
        )
        if unit != "document_id":
            _, n_documents = sum_documents_with_words(
                counts[rows], document_of[rows], group_of[rows], n_groups=len(groups), tested=tested
            )
        contrasts = contrast_words(
            sums, prior[tested], float(prior.sum()), level=level, unit=name_unit(passages)
        ).assign(
            frame=frame,
            n_documents=n_documents.ravel(),
            word=np.tile(words[tested], len(groups)),
            **{group_column: np.repeat(np.array(groups, dtype=object), len(tested))},
        )
        ordered = _order_words(contrasts, group_column)
        for number, group in enumerate(groups):
            candidates = ordered[ordered[group_column] == group].head(_CANDIDATES * top)
            group_counts = counts[rows[group_of[rows] == number]]
            parts.append(candidates.iloc[_choose_words(candidates["word"].to_list(), group_counts, words, top)])
    columns = ["frame", group_column, *(name for name in WORDS if name != "frame")]
    if not parts:
        return split_groups(pd.DataFrame(columns=columns), table, by)
    return split_groups(pd.DataFrame(pd.concat(parts, ignore_index=True), columns=columns), table, by)


def find_passages_with_words(
    words: pd.DataFrame,
    classified: pd.DataFrame,
    *,
    by: str | Sequence[str] = "outlet",
    per_word: int = 2,
    leave_out: Iterable[str] = (),
) -> pd.DataFrame:
    """The passages behind each word of `find_distinctive_words`, highest scores first.

    Parameters
    ----------
    words : DataFrame
        Words, as `find_distinctive_words` returned them.
    classified : DataFrame
        Classified passages, columns `framing.tables.CLASSIFIED`.
    by : str or sequence of str, default "outlet"
        Columns that make the groups.
    per_word : int, default 2
        Passages of each word.
    leave_out : iterable of str, default ()
        The same as there.

    Returns
    -------
    DataFrame
        Columns `frame`, `by`, `word, published, score, text, passage_id`, in the order of `words`.

    Raises
    ------
    InputError
        When a column is missing.
    """
    word_table, _ = join_groups(words, by, ("frame", "word"), what="distinctive words")
    table, group_column = join_groups(classified, by, CLASSIFIED)
    analyzer = make_word_analyzer([*_list_names(table, by), *leave_out])
    present = table[table["decision"] == "present"].sort_values("score", ascending=False, kind="stable")
    present_parts = dict(list(present.groupby(["frame", group_column], sort=False)))
    parts = []
    for key, part in word_table.groupby(["frame", group_column], sort=False):
        if key not in present_parts:
            continue
        passages = present_parts[key].drop_duplicates("passage_id")
        passage_words = [set(analyzer(text)) for text in passages["text"].fillna("")]
        for word in part["word"]:
            places = [place for place, holds in enumerate(passage_words) if word in holds][:per_word]
            parts.append(passages.iloc[places].assign(word=word))
    behind = pd.concat(parts, ignore_index=True) if parts else table.head(0).assign(word="")
    return behind[["frame", *list_columns(by), "word", "published", "score", "text", "passage_id"]]


def _list_names(table: pd.DataFrame, by: str | Sequence[str]) -> list[str]:
    """Names of the groups, column by column."""
    return [str(name) for column in list_columns(by) for name in sorted(table[column].dropna().unique())]


def _order_words(contrasts: pd.DataFrame, group: str) -> pd.DataFrame:
    """Words that a group uses more, group by group, clearest first; a pair of words before its single words."""
    is_more = (contrasts["n_passages"] > 0) & (contrasts["estimate"] > 0)
    is_single = ~contrasts["word"].str.contains(" ", regex=False)
    more = contrasts.assign(single=is_single)[is_more]
    return more.sort_values([group, "order", "single", "word"], ascending=[True, False, True, True])


def _choose_words(ordered: list[str], group_counts: Any, words: NDArray[np.object_], top: int) -> list[int]:
    """Places of the first `top` words that do not stand in nearly the same passages as an earlier one."""
    columns = pd.Index(words).get_indexer(pd.Index(ordered))
    has_word = np.asarray(group_counts[:, columns].todense(), bool)
    chosen: list[int] = []
    for number, word in enumerate(ordered):
        parts = set(word.split())
        is_repeated = any(
            parts & set(ordered[other].split())
            and (has_word[:, number] & has_word[:, other]).sum() >= _LARGEST_OVERLAP * has_word[:, number].sum()
            for other in chosen
        )
        if not is_repeated:
            chosen.append(number)
        if len(chosen) == top:
            break
    return chosen
