"""Distinctive words: what sets one group's use of a frame apart from the other groups' use of the same frame."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import false_discovery_control
from scipy.stats import t as student

from framing.defaults import LEVEL
from framing.errors import InputError
from framing.estimates.vocabulary import count_words, documents_with, sum_rows, word_analyzer
from framing.tables import CLASSIFIED, WORDS, require_columns

__all__ = ["find_distinctive_words", "find_passages_with_words"]

METHOD = (
    "weighted log-odds of the group against the other groups, prior from the whole corpus; "
    "the larger of the model's and the document-clustered variance; classifier error not included"
)
TOO_FEW = "; no interval: fewer than {least} documents of the group, or of the others, have the frame"
_FEW = 5  # documents with the frame on either side below which a clustered variance is not trusted
_ALIKE = 0.8  # part of a word's passages that a listed word covers, from which the two are one finding

Array = NDArray[np.float64]


@dataclass(frozen=True)
class _Sums:
    """Sums over documents, a row a group (or one row for all), a column a word.

    `y` : passages with the word. `squares` : of the documents' counts. `mixed` : of count times the document's total.
    `n, n_squares, documents` : of the documents' totals, their squares, and how many there are, one column.
    """

    y: Array
    squares: Array
    mixed: Array
    n: Array
    n_squares: Array
    documents: Array

    def others(self) -> _Sums:
        """For each group, the sums of all other groups."""
        return _Sums(*(part.sum(axis=0, keepdims=True) - part for part in vars(self).values()))


def find_distinctive_words(
    classified: pd.DataFrame,
    *,
    by: str = "outlet",
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
    by : str, default "outlet"
        Column of the groups.
    level : float, default 0.95
        Confidence level of intervals, 0.5 to 1.
    min_documents : int, default 3
        Documents with the frame, of all groups, in which a word must stand to be tested.
    top : int, default 10
        Words listed for each frame and group.
    prior_weight : float, default 500.0
        Total weight of the prior, in counted words; more pulls rare words harder towards no difference.
    leave_out : iterable of str, default ()
        Words or phrases cut from the text first. The groups' own names always are (of a web address also its longest
        part: www.rt.com, rt).

    Returns
    -------
    DataFrame
        Columns `frame`, the group, then the rest of `framing.tables.WORDS`: for each frame and group the `top` clearest
        words, clearest first. `estimate` is the difference in log-odds (natural logarithm) of the word between the
        group and all other groups together; `low, high` hold for each row alone at `level`; `z` is the estimate over
        its standard error; `q_value` : calling all words of the frame up to this one distinctive, the expected share of
        false ones (Benjamini & Hochberg 1995, over all words of all groups of the frame, not only those listed).
        `n_passages, n_documents` : with the frame and the word, in the group. A frame that fewer than two groups use
        has no rows. Only words used more, never less, are listed.

    Raises
    ------
    InputError
        When there are fewer than two groups, or fewer than two words stand in `min_documents` documents.

    Notes
    -----
    Weighted log-odds with an informative Dirichlet prior (Monroe, Colaresi & Quinn 2008). Words are runs of letters in
    lower case, and pairs that follow each other directly; English stop words and single letters are no words. A word
    counts once a passage. The model takes words as drawn independently, which passages of one article are not; so the
    variance is the larger of the model's and of the linearised variance over documents, and quantiles are Student's t
    with as many degrees of freedom as the smaller side has documents with the frame, less one. A word is not listed
    where it stands in nearly the same passages as a clearer one that shares a word with it (`nord` beside
    `nord stream`). Languages written without spaces have no words in this sense.
    """
    require_columns(classified, (*CLASSIFIED, by), what="classified passages")
    passages = classified.drop_duplicates("passage_id").reset_index(drop=True)
    groups = sorted(passages[by].dropna().unique())
    if len(groups) < 2:
        raise InputError(f"Distinctive words need at least two {by}s; there is {len(groups)}: choose another column.")
    analyzer = word_analyzer([*map(str, groups), *leave_out])
    counts, words = count_words(passages["text"], analyzer)
    document_of, _ = pd.factorize(pd.MultiIndex.from_frame(passages[[by, "document_id"]]))
    kept = documents_with(counts, document_of) >= min_documents
    counts, words = counts[:, kept], words[kept]
    if len(words) < 2:
        raise InputError(
            f"Log-odds need two words or more in {min_documents} documents each; of {len(passages)} passages there is "
            f"{len(words)}: lower min_documents."
        )
    prior = np.asarray(counts.sum(axis=0), float).ravel()
    prior *= prior_weight / prior.sum()
    group_of = pd.Index(groups).get_indexer(passages[by])
    place_of = pd.Index(passages["passage_id"])
    present = classified[classified["decision"] == "present"]
    found = []
    for frame in pd.unique(classified["frame"]):
        rows = place_of.get_indexer(present.loc[present["frame"] == frame, "passage_id"])
        rows = rows[group_of[rows] >= 0]
        if len(np.unique(group_of[rows])) < 2:
            continue
        tested = np.flatnonzero(documents_with(counts[rows], document_of[rows]) >= min_documents)
        if not len(tested):
            continue
        sums, in_documents = _sums(counts[rows], document_of[rows], group_of[rows], len(groups), tested)
        table = _contrast(sums, prior[tested], float(prior.sum()), level=level)
        table["n_documents"] = in_documents.ravel()
        table[by] = np.repeat(np.array(groups, dtype=object), len(tested))
        table["word"] = np.tile(words[tested], len(groups))
        table["single"] = ~table["word"].str.contains(" ", regex=False)
        table = table[(table["n_passages"] > 0) & (table["estimate"] > 0)]
        table = table.sort_values([by, "order", "single", "word"], ascending=[True, False, True, True])
        for number, group in enumerate(groups):
            own = counts[rows[group_of[rows] == number]]
            part = table[table[by] == group].head(5 * top)
            found.append(part.iloc[_pick(part["word"].to_list(), own, words, top)].assign(frame=frame))
    columns = ["frame", by, *(name for name in WORDS if name != "frame")]
    if not found:
        return pd.DataFrame(columns=columns)
    return pd.DataFrame(pd.concat(found, ignore_index=True), columns=columns)


def find_passages_with_words(
    words: pd.DataFrame,
    classified: pd.DataFrame,
    *,
    by: str = "outlet",
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
    by : str, default "outlet"
        Column of the groups.
    per_word : int, default 2
        Passages of each word.
    leave_out : iterable of str, default ()
        The same as there.

    Returns
    -------
    DataFrame
        Columns `frame`, the group, `word, published, score, text, passage_id`, in the order of `words`.
    """
    require_columns(words, ("frame", by, "word"), what="distinctive words")
    require_columns(classified, (*CLASSIFIED, by), what="classified passages")
    analyzer = word_analyzer([*map(str, sorted(classified[by].dropna().unique())), *leave_out])
    present = classified[classified["decision"] == "present"].sort_values("score", ascending=False, kind="stable")
    parts = dict(list(present.groupby(["frame", by], sort=False)))
    found = []
    for (frame, group), wanted in words.groupby(["frame", by], sort=False):
        part = parts.get((frame, group))
        if part is None:
            continue
        texts = part.drop_duplicates("passage_id")
        holds = [set(analyzer(text)) for text in texts["text"].fillna("")]
        for word in wanted["word"]:
            rows = [place for place, inside in enumerate(holds) if word in inside][:per_word]
            found.append(texts.iloc[rows].assign(word=word))
    table = pd.concat(found, ignore_index=True) if found else classified.head(0).assign(word="")
    return table[["frame", by, "word", "published", "score", "text", "passage_id"]]


def _sums(
    counts: Any,
    document_of: NDArray[np.int64],
    group_of: NDArray[np.int64],
    n_groups: int,
    tested: NDArray[np.int64],
) -> tuple[_Sums, NDArray[np.int64]]:
    """Sums of each group, and documents with each word, shape (groups, tested words)."""
    documents, first, which = np.unique(document_of, return_index=True, return_inverse=True)
    per_document = sum_rows(counts, which, len(documents)).tocsr()
    total = np.asarray(per_document.sum(axis=1)).ravel()
    group = group_of[first]
    part = per_document[:, tested]
    squared, weighted, held = part.copy(), part.multiply(total[:, None]).tocsr(), part.copy()
    squared.data = squared.data**2
    held.data = np.ones_like(held.data)
    y, squares, mixed, in_documents = (
        np.asarray(sum_rows(values, group, n_groups).todense(), float) for values in (part, squared, weighted, held)
    )
    n, n_squares, sizes = (
        np.bincount(group, weights=values, minlength=n_groups)[:, None].astype(float)
        for values in (total, total**2, np.ones(len(group)))
    )
    return _Sums(y, squares, mixed, n, n_squares, sizes), in_documents.astype(np.int64)


def _contrast(sums: _Sums, prior: Array, prior_total: float, *, level: float) -> pd.DataFrame:
    """Estimate, bounds and p-values of every group (outer) and word (inner)."""
    others = sums.others()
    own_odds, own_model, own_clustered = _log_odds(sums, prior, prior_total)
    odds, model, clustered = _log_odds(others, prior, prior_total)
    estimate = own_odds - odds
    error = np.sqrt(np.maximum(own_model + model, own_clustered + clustered))
    documents = np.minimum(sums.documents, others.documents)
    trusted = np.broadcast_to(documents >= _FEW, estimate.shape)
    degrees = np.maximum(documents - 1, 1)
    z = estimate / error
    p_value = 2 * student.sf(np.abs(z), degrees)
    reach = student.ppf((1 + level) / 2, degrees) * error
    q_value = np.full(estimate.shape, np.nan)
    if trusted.any():
        q_value[trusted] = false_discovery_control(p_value[trusted])
    method = np.where(trusted, METHOD, METHOD + TOO_FEW.format(least=_FEW))
    columns = {
        "estimate": estimate,
        "low": np.where(trusted, estimate - reach, np.nan),
        "high": np.where(trusted, estimate + reach, np.nan),
        "z": np.where(trusted, z, np.nan),
        "q_value": q_value,
        "n_passages": sums.y.astype(np.int64),
        "n_gold": np.zeros(estimate.shape, np.int64),
        "method": method,
        "order": z,
    }
    return pd.DataFrame({name: values.ravel() for name, values in columns.items()})


def _log_odds(sums: _Sums, prior: Array, prior_total: float) -> tuple[Array, Array, Array]:
    """Log-odds of each word under the prior, their variance by the model, and linearised over documents."""
    with_word = sums.y + prior
    without = sums.n + prior_total - with_word
    # of a document with y of n counted words: y / with_word - (n - y) / without
    slope, base = 1 / with_word + 1 / without, 1 / without
    squared = slope**2 * sums.squares - 2 * slope * base * sums.mixed + base**2 * sums.n_squares
    mean = slope * sums.y - base * sums.n
    documents = np.maximum(sums.documents, 2)
    clustered = np.maximum(squared - mean**2 / documents, 0) * documents / (documents - 1)
    return np.log(with_word) - np.log(without), 1 / with_word + 1 / without, clustered


def _pick(ordered: list[str], own: Any, words: NDArray[np.object_], top: int) -> list[int]:
    """Places of the first `top` words that are not nearly the same finding as an earlier one."""
    place = pd.Index(words).get_indexer(pd.Index(ordered))
    columns = np.asarray(own[:, place].todense(), bool)
    picked: list[int] = []
    for number, word in enumerate(ordered):
        parts = set(word.split())
        alike = any(
            parts & set(ordered[other].split())
            and (columns[:, number] & columns[:, other]).sum() >= _ALIKE * columns[:, number].sum()
            for other in picked
        )
        if not alike:
            picked.append(number)
        if len(picked) == top:
            break
    return picked
