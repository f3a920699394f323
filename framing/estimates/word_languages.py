"""The languages in which words are compared, each by itself: words of two languages always differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from framing.estimates.groups import join_groups
from framing.estimates.stop_words import STOP_WORD_LANGUAGES
from framing.estimates.vocabulary import is_run_of_characters
from framing.tables import CLASSIFIED, WORD_LANGUAGES

__all__ = ["describe_word_languages", "find_word_languages", "split_languages"]

_UNKNOWN = ("und", "")


def find_word_languages(passages: pd.DataFrame) -> pd.Series:
    """Find the language whose words each passage is compared by.

    Parameters
    ----------
    passages : DataFrame
        Passages, optionally with the column `language`.

    Returns
    -------
    Series
        ISO 639-1 codes. Without the column `en`; where all passages whose language is known are in one language, that
        one for all; else `und` for those of which it is not known.

    Examples
    --------
    >>> find_word_languages(pd.DataFrame({"language": ["de", "und"]})).to_list()
    ['de', 'de']
    >>> find_word_languages(pd.DataFrame({"language": ["de", "und", "fr"]})).to_list()
    ['de', 'und', 'fr']
    """
    if "language" not in passages.columns:
        return pd.Series("en", index=passages.index, dtype=object)
    languages = passages["language"].astype(object).fillna("und").replace("", "und")
    known = sorted(set(languages) - set(_UNKNOWN))
    if len(known) > 1:
        return languages
    return pd.Series(known[0] if known else "en", index=passages.index, dtype=object)


def split_languages(table: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Split classified passages by language, the one with most passages first.

    Parameters
    ----------
    table : DataFrame
        Classified passages, a row a passage and frame.

    Yields
    ------
    language : str
        ISO 639-1 code.
    part : DataFrame
        Its rows. Passages whose language is not known are left out where there are several languages.
    """
    languages = find_word_languages(table)
    for language in languages[languages != "und"].value_counts(sort=True).index:
        yield str(language), table[languages == language]


def describe_word_languages(classified: pd.DataFrame, *, by: str | Sequence[str] = "outlet") -> pd.DataFrame:
    """Count the passages of each language, and say how its words are told and whether they are compared.

    Parameters
    ----------
    classified : DataFrame
        Classified passages, columns `framing.tables.CLASSIFIED`.
    by : str or sequence of str, default "outlet"
        Columns that make the groups.

    Returns
    -------
    DataFrame
        Columns `framing.tables.WORD_LANGUAGES`, one row a language, the one with most passages first; exact counts,
        hence without intervals. `und` has the passages of which the language is not known, where there are several.

    Raises
    ------
    InputError
        When a column is missing.

    See Also
    --------
    find_distinctive_words : Compares the words.
    """
    table, group = join_groups(classified, by, CLASSIFIED)
    passages = table.drop_duplicates("passage_id")
    languages = find_word_languages(passages)
    rows = []
    for language in languages.value_counts(sort=True).index:
        part = passages[languages == language]
        n_groups = int(part[group].nunique())
        rows.append(
            {
                "language": str(language),
                "n_passages": len(part),
                "n_documents": int(part["document_id"].nunique()),
                "n_groups": n_groups,
                "words": "runs of characters" if is_run_of_characters(str(language)) else "words and pairs of words",
                "stop_words": "left out" if language in STOP_WORD_LANGUAGES else "not known",
                "compared": _describe_comparison(str(language), n_groups),
            }
        )
    return pd.DataFrame(rows, columns=list(WORD_LANGUAGES))


def _describe_comparison(language: str, n_groups: int) -> str:
    if language == "und":
        return "no: the language is not known"
    return "yes" if n_groups > 1 else "no: one group only"
