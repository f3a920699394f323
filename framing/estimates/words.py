"""Distinctive words: those that a group uses more than the other groups do in passages with the same frame."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.corpus.words import UNSPACED
from framing.defaults import LEVEL
from framing.errors import TooLittleDataError
from framing.estimates.clusters import find_unit, name_unit
from framing.estimates.groups import join_groups, split_groups
from framing.estimates.log_odds import contrast_words, sum_documents_with_words
from framing.estimates.vocabulary import count_documents, count_words, make_word_analyzer
from framing.estimates.word_languages import split_languages
from framing.tables import CLASSIFIED, WORDS, list_columns
from framing.texts import phrase, retell
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
        use has no rows. Only words used more, never less, are listed. Passages of several languages (column `language`)
        are compared within each language alone, and the table has the column `language` behind the groups;
        `describe_word_languages` says which passages that leaves out.

    Raises
    ------
    InputError
        When a column is missing, there are fewer than two groups, or fewer than two words stand in `min_documents`
        documents.

    Notes
    -----
    Weighted log-odds with an informative Dirichlet prior (Monroe, Colaresi & Quinn 2008). Words are runs of letters in
    lower case, and pairs that follow each other directly; stop words of the language and single letters are no words;
    in scripts without spaces runs of characters stand for words (`make_word_analyzer`). A word counts once a passage.
    The model takes words as independent, which those of passages of one article are not; so the
    variance is the larger of the model's and of the linearised variance over documents (over clusters where the table
    has the column `cluster`), and quantiles are Student's t with as many degrees of freedom as the smaller side has
    documents (or clusters) with the frame, less one. A word is not listed
    where it stands in nearly the same passages as a clearer one that shares a word with it (`nord` beside
    `nord stream`). Languages written without spaces have no words in this sense.
    """
    check_interval_options(level=level)
    table, group_column = join_groups(classified, by, CLASSIFIED)
    groups = sorted(table[group_column].dropna().unique())
    if len(groups) < 2:
        raise TooLittleDataError(
            phrase(
                "Distinctive words need at least two {groups}; there is {n_groups}: compare by "
                "another column (compare_by), or leave 07_words out of the report.",
                groups=retell(f"{group_column}s"),
                n_groups=len(groups),
            )
        )
    languages = list(split_languages(table))
    if all(part[group_column].nunique() < 2 for _, part in languages):
        raise TooLittleDataError(
            phrase(
                "Words are compared within one language, and no language ({languages}) has two {groups}: compare by "
                "another column (compare_by), or leave 07_words out of the report.",
                languages=", ".join(name for name, _ in languages),
                groups=retell(f"{group_column}s"),
            )
        )
    leave_out = [*_list_names(table, by), *leave_out]
    parts, reasons = [], []
    for language, part in languages:
        comparison = _Comparison(group_column, language, level, min_documents, top, prior_weight, leave_out)
        try:
            found = comparison.find_words(part)
        except TooLittleDataError as error:
            reasons.append(error)
            continue
        parts.append(found.assign(language=language) if len(languages) > 1 else found)
    if len(reasons) == len(languages):
        raise reasons[0]
    several = ["language"] if len(languages) > 1 and "language" not in list_columns(by) else []
    columns = ["frame", group_column, *several, *(name for name in WORDS if name != "frame")]
    joined = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    return split_groups(joined.reindex(columns=columns) if joined.empty else joined[columns], table, by)


@dataclass(frozen=True)
class _Comparison:
    """How the words of one language are compared."""

    group: str
    language: str
    level: float
    min_documents: int
    top: int
    prior_weight: float
    leave_out: list[str]

    def find_words(self, table: pd.DataFrame) -> pd.DataFrame:
        """The words of each frame and group; raises `TooLittleDataError` where there are too few words."""
        passages = table.drop_duplicates("passage_id").reset_index(drop=True)
        groups = sorted(passages[self.group].dropna().unique())
        analyzer = make_word_analyzer(self.leave_out, language=self.language)
        counts, words = count_words(passages["text"], analyzer)
        units = {
            name: _number_units(passages, self.group, name)
            for name in dict.fromkeys(("document_id", find_unit(passages)))
        }
        document_of = units["document_id"]
        is_frequent = count_documents(counts, document_of) >= self.min_documents
        counts, words = counts[:, is_frequent], words[is_frequent]
        if len(words) < 2:
            raise TooLittleDataError(
                phrase(
                    "Log-odds need two words or more in {min_documents} documents each; of {n_passages} passages there "
                    "is {n_words}: lower min_documents.",
                    min_documents=self.min_documents,
                    n_passages=len(passages),
                    n_words=len(words),
                )
            )
        prior = np.asarray(counts.sum(axis=0), float).ravel()
        prior *= self.prior_weight / prior.sum()
        group_of = pd.Index(groups).get_indexer(pd.Index(passages[self.group]))
        passage_index = pd.Index(passages["passage_id"])
        present = table[table["decision"] == "present"]
        parts = [pd.DataFrame()]
        for frame in pd.unique(table["frame"]):
            rows = passage_index.get_indexer(present.loc[present["frame"] == frame, "passage_id"])
            rows = rows[group_of[rows] >= 0]
            tested = np.flatnonzero(count_documents(counts[rows], document_of[rows]) >= self.min_documents)
            if len(np.unique(group_of[rows])) < 2 or not len(tested):
                continue
            contrasts = self._contrast(passages, units, counts, prior, rows, tested, groups).assign(
                frame=frame,
                word=np.tile(words[tested], len(groups)),
                **{self.group: np.repeat(np.array(groups, dtype=object), len(tested))},
            )
            ordered = _order_words(contrasts, self.group)
            for number, group in enumerate(groups):
                candidates = ordered[ordered[self.group] == group].head(_CANDIDATES * self.top)
                group_counts = counts[rows[group_of[rows] == number]]
                chosen = _choose_words(candidates["word"].to_list(), group_counts, words, self.top)
                parts.append(candidates.iloc[chosen])
        return pd.concat(parts, ignore_index=True)

    def _contrast(
        self,
        passages: pd.DataFrame,
        units: dict[str, NDArray[np.int64]],
        counts: Any,
        prior: NDArray[np.float64],
        rows: NDArray[np.int64],
        tested: NDArray[np.int64],
        groups: list[str],
    ) -> pd.DataFrame:
        """Log-odds of the tested words in passages with a frame, a row a group and word."""
        group_of = pd.Index(groups).get_indexer(pd.Index(passages[self.group]))[rows]
        summed = {
            name: sum_documents_with_words(counts[rows], unit_of[rows], group_of, n_groups=len(groups), tested=tested)
            for name, unit_of in units.items()
        }
        sums, n_documents = summed[find_unit(passages)][0], summed["document_id"][1]
        contrasts = contrast_words(sums, prior[tested], float(prior.sum()), level=self.level, unit=name_unit(passages))
        return contrasts.assign(n_documents=n_documents.ravel())


def _number_units(passages: pd.DataFrame, group: str, name: str) -> NDArray[np.int64]:
    """Number of the document or cluster of each passage, apart for each group."""
    return np.asarray(pd.factorize(pd.MultiIndex.from_frame(passages[[group, name]]))[0], dtype=np.int64)


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
        Columns `frame`, `by`, `language` where `words` has it, `word, published, score, text, passage_id`, in the order
        of `words`.

    Raises
    ------
    InputError
        When a column is missing.
    """
    word_table, _ = join_groups(words, by, ("frame", "word"), what="distinctive words")
    table, group_column = join_groups(classified, by, CLASSIFIED)
    languages = {name: part.index for name, part in split_languages(table)}
    leave_out = [*_list_names(table, by), *leave_out]
    present = table[table["decision"] == "present"].sort_values("score", ascending=False, kind="stable")
    present_parts = dict(list(present.groupby(["frame", group_column], sort=False)))
    several = ["language"] if "language" in words.columns and "language" not in list_columns(by) else []
    word_table = word_table.assign(language=word_table.get("language", next(iter(languages), "en")))
    parts = []
    for (frame, group, language), part in word_table.groupby(["frame", group_column, "language"], sort=False):
        if (frame, group) not in present_parts:
            continue
        analyzer = make_word_analyzer(leave_out, language=str(language))
        passages = present_parts[frame, group].drop_duplicates("passage_id")
        passages = passages[passages.index.isin(languages[str(language)])]
        passage_words = [set(analyzer(text)) for text in passages["text"].fillna("")]
        for word in part["word"]:
            places = [place for place, holds in enumerate(passage_words) if word in holds][:per_word]
            parts.append(passages.iloc[places].assign(word=word, language=str(language)))
    behind = pd.concat(parts, ignore_index=True) if parts else table.head(0).assign(word="", language="")
    return behind[["frame", *list_columns(by), *several, "word", "published", "score", "text", "passage_id"]]


def _list_names(table: pd.DataFrame, by: str | Sequence[str]) -> list[str]:
    """Names of the groups, column by column."""
    return [str(name) for column in list_columns(by) for name in sorted(table[column].dropna().unique())]


def _order_words(contrasts: pd.DataFrame, group: str) -> pd.DataFrame:
    """Words that a group uses more, group by group, clearest first; a pair of words before its single words."""
    more = contrasts[(contrasts["n_passages"] > 0) & (contrasts["estimate"] > 0)]
    more = more.assign(shortness=[-len(_list_parts(word)) for word in more["word"]])
    return more.sort_values([group, "order", "shortness", "word"], ascending=[True, False, True, True])


def _list_parts(word: str) -> set[str]:
    """The words of a pair; of a run of characters those that stand side by side."""
    if UNSPACED.search(word):
        return {word[place : place + 2] for place in range(len(word) - 1)}
    return set(word.split())


def _choose_words(ordered: list[str], group_counts: Any, words: NDArray[np.object_], top: int) -> list[int]:
    """Places of the first `top` words that do not stand in nearly the same passages as an earlier one."""
    columns = pd.Index(words).get_indexer(pd.Index(ordered))
    has_word = np.asarray(group_counts[:, columns].todense(), bool)
    chosen: list[int] = []
    for number, word in enumerate(ordered):
        parts = _list_parts(word)
        is_repeated = any(
            parts & _list_parts(ordered[other])
            and (has_word[:, number] & has_word[:, other]).sum() >= _LARGEST_OVERLAP * has_word[:, number].sum()
            for other in chosen
        )
        if not is_repeated:
            chosen.append(number)
        if len(chosen) == top:
            break
    return chosen
