"""What a researcher should look at before relying on numbers: languages, dates and lengths, in a sentence each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pandas as pd

from framing.corpus.date_doubts import question_dates
from framing.corpus.language import detect_languages

__all__ = [
    "count_other_languages",
    "describe_dates",
    "describe_languages",
    "describe_long",
    "describe_stories",
    "describe_voices",
    "find_languages",
    "list_remarks",
    "reads_english_alone",
]

_ENGLISH_ONLY = ("minilm", "mpnet")  # encoders that were trained on English
_N_SHOWN = 3  # places in a file that a sentence names


def count_other_languages(languages: Iterable[str], *, than: str) -> str:
    """Count texts in other languages.

    Parameters
    ----------
    languages : iterable of str
        Detected language of each text; `und` where the text is too short counts as no other language.
    than : str
        The language that is expected.

    Returns
    -------
    str
        Such as `2 of 3 (ru 1, zh 1)`; empty where there is no other language.

    Examples
    --------
    >>> count_other_languages(["en", "ru", "und"], than="en")
    '1 of 3 (ru 1)'
    """
    counts = Counter(languages)
    others = {name: n for name, n in counts.most_common() if name not in (than, "und", "")}
    if not others:
        return ""
    return (
        f"{sum(others.values()):,} of {counts.total():,} ({', '.join(f'{name} {n:,}' for name, n in others.items())})"
    )


def find_languages(documents: pd.DataFrame) -> list[str]:
    """Find the language of each document.

    Parameters
    ----------
    documents : DataFrame
        Column `language`, or `text` from which it is detected.

    Returns
    -------
    list of str
        ISO 639-1 codes; `und` for a text that is too short.
    """
    if "language" in documents.columns:
        return [str(name) for name in documents["language"]]
    return detect_languages(documents["text"])


def describe_languages(languages: Iterable[str], *, encoder: str, language: str, unit: str) -> str:
    """Say how many texts are in languages that the encoder does not read, or in others than the codebook.

    Parameters
    ----------
    languages : iterable of str
        Detected language of each text.
    encoder : str
        Name of the encoder or NLI model; `minilm` and `mpnet` are known to read English alone.
    language : str
        Language of the codebook.
    unit : str
        What the texts are, such as `passages`.

    Returns
    -------
    str
        A sentence; empty where all is well.
    """
    listed = list(languages)
    if reads_english_alone(encoder):
        others = count_other_languages(listed, than="en")
        return others and (
            f"{unit} in other languages than English, the only one that the encoder {encoder} reads: {others}. Their "
            "scores mean nothing: take an encoder of these languages, or leave them out."
        )
    others = count_other_languages(listed, than=language)
    return others and (
        f"{unit} in other languages than the codebook's ({language}): {others}. Their scores mean something only if "
        f"{encoder} reads both languages; check them against labelled passages."
    )


def describe_long(n_long: int, n_texts: int, *, unit: str) -> str:
    """Say how many texts are longer than what the model reads at once.

    Parameters
    ----------
    n_long : int
        Number of such texts.
    n_texts : int
        Number of all texts.
    unit : str
        What the texts are, such as `passages`.

    Returns
    -------
    str
        A sentence; empty without such texts.
    """
    if not n_long:
        return ""
    return (
        f"{n_long:,} of {n_texts:,} {unit} are longer than what the model reads at once; they were scored in parts, "
        "and nothing of them is left unread"
    )


def describe_dates(documents: pd.DataFrame) -> list[str]:
    """Say which dates are in question; the documents are kept with them.

    Parameters
    ----------
    documents : DataFrame
        Columns `published, file, line`.

    Returns
    -------
    list of str
        A sentence a reason, with the number of documents and the first places.
    """
    reasons = question_dates(documents["published"])
    sentences = []
    for reason, rows in documents.groupby(reasons, sort=False):
        if reason:
            places = [
                f"{file}, line {line}: {day.date().isoformat()}"
                for file, line, day in rows[["file", "line", "published"]].head(_N_SHOWN).itertuples(index=False)
            ]
            more = f"; and {len(rows) - _N_SHOWN:,} more" if len(rows) > _N_SHOWN else ""
            sentences.append(f"dates in question ({reason}): {len(rows):,} ({'; '.join(places)}{more})")
    return sentences


def list_remarks(documents: pd.DataFrame, *, encoder: str, language: str) -> tuple[str, ...]:
    """List what a reader of a report should know of its documents.

    Parameters
    ----------
    documents : DataFrame
        Columns `language, published, file, line`.
    encoder : str
        Name of the encoder or NLI model.
    language : str
        Language of the codebook.

    Returns
    -------
    tuple of str
        A sentence each; empty where all is well.
    """
    languages = find_languages(documents)
    remarks = [describe_languages(languages, encoder=encoder, language=language, unit="documents")]
    if not reads_english_alone(encoder):
        remarks.append(describe_voices(languages, unit="documents"))
    return tuple(remark for remark in (*remarks, *describe_dates(documents)) if remark)


def describe_voices(languages: Iterable[str], *, unit: str) -> str:
    """Say how many texts are in languages in which voices are not found.

    Parameters
    ----------
    languages : iterable of str
        Detected language of each text.
    unit : str
        What the texts are, such as `rows`.

    Returns
    -------
    str
        A sentence; empty where all are in English.
    """
    others = count_other_languages(languages, than="en")
    return others and (
        f"voices are found in English alone; {unit} in other languages: {others}. Their voices mean nothing."
    )


def describe_stories(languages: Iterable[str], *, encoder: str) -> str:
    """Say how many documents are in languages that the encoder of stories does not read.

    Parameters
    ----------
    languages : iterable of str
        Detected language of each document.
    encoder : str
        Name of the encoder.

    Returns
    -------
    str
        A sentence; empty where all is well, or the languages of the encoder are not known.
    """
    others = count_other_languages(languages, than="en") if reads_english_alone(encoder) else ""
    return others and (
        f"documents in other languages than English, the only one that the encoder {encoder} reads: {others}. They are "
        "joined by their words alone, and not across languages: take an encoder of these languages."
    )


def reads_english_alone(encoder: str) -> bool:
    """Say whether an encoder is known to read no other language than English.

    Parameters
    ----------
    encoder : str
        Name of the encoder.

    Returns
    -------
    bool
        True for `minilm`, `mpnet` and both side by side; False for others, whose languages are not known.
    """
    return all(part.strip() in _ENGLISH_ONLY for part in encoder.split("+"))
