"""What a researcher should look at before relying on numbers: languages, dates and lengths, in a sentence each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

import pandas as pd

from framing.analysis.languages import N_OUTLETS, describe_languages, describe_sentences, describe_voices
from framing.analysis.wording import list_some
from framing.corpus.date_doubts import question_dates
from framing.corpus.stated_languages import find_document_languages
from framing.encoders.known import known_languages

__all__ = ["describe_dates", "describe_languages_of_outlets", "describe_long", "list_remarks", "reads_english_alone"]

_ONE_LANGUAGE = 0.9  # share of an outlet's documents from which on it has one language
_N_SHOWN = 3  # places in a file that a sentence names


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
            named = list_some(places, len(rows), between="; ")
            sentences.append(f"dates in question ({reason}): {len(rows):,} ({named})")
    return sentences


def describe_languages_of_outlets(languages: Iterable[str], outlets: Iterable[str]) -> str:
    """Say where outlets have one language each and these differ, so that outlets and languages are hardly told apart.

    Parameters
    ----------
    languages, outlets : iterable of str
        Language and outlet of each document; documents whose language or outlet is not known do not count.

    Returns
    -------
    str
        A sentence; empty where an outlet has less than nine tenths in one language, or all have the same.

    Examples
    --------
    >>> describe_languages_of_outlets(["ru", "en", "en"], ["A", "B", "B"])[:57]
    'each outlet has one language, and these differ (A ru, B e'
    >>> describe_languages_of_outlets(["ru", "en", "en"], ["A", "A", "B"])
    ''
    """
    counts: dict[str, Counter[str]] = {}
    for language, outlet in zip(languages, outlets, strict=False):
        if outlet and language not in ("und", ""):
            counts.setdefault(outlet, Counter())[language] += 1
    main = {outlet: found.most_common(1)[0] for outlet, found in sorted(counts.items())}
    if len({language for language, _ in main.values()}) < 2 or any(
        n < _ONE_LANGUAGE * counts[outlet].total() for outlet, (_, n) in main.items()
    ):
        return ""
    first = [f"{outlet} {language}" for outlet, (language, _) in list(main.items())[:N_OUTLETS]]
    named = list_some(first, len(main))
    return (
        f"each outlet has one language, and these differ ({named}): a contrast between outlets of different languages "
        "may be one between languages, or between what the scores mean in them."
    )


def list_remarks(documents: pd.DataFrame, *, encoder: str, codebook: Collection[str]) -> tuple[str, ...]:
    """List what a reader of a report should know of its documents.

    Parameters
    ----------
    documents : DataFrame
        Columns `language, published, file, line`, optionally `outlet`.
    encoder : str
        Name of the encoder or NLI model.
    codebook : collection of str
        Languages of the codebook, by `framing.analysis.languages.find_codebook_languages`.

    Returns
    -------
    tuple of str
        A sentence each; empty where all is well.
    """
    languages = find_document_languages(documents)
    outlets = documents["outlet"] if "outlet" in documents.columns else ()
    known = known_languages(encoder)
    read = [name if known is None or name in known else "und" for name in languages]  # of others nothing is to be read
    remarks = [
        *describe_languages(languages, encoder=encoder, codebook=codebook, unit="documents", outlets=outlets),
        describe_languages_of_outlets(languages, outlets),
        describe_voices(read, unit="documents"),
        describe_sentences(read, unit="documents"),
    ]
    return tuple(remark for remark in (*remarks, *describe_dates(documents)) if remark)


def reads_english_alone(encoder: str) -> bool:
    """Say whether an encoder is known to read no other language than English.

    Parameters
    ----------
    encoder : str
        Name of the encoder.

    Returns
    -------
    bool
        True for `minilm`, `mpnet` and both side by side; False for others, also where their languages are not known.

    Examples
    --------
    >>> reads_english_alone("minilm+mpnet"), reads_english_alone("multilingual")
    (True, False)
    """
    return known_languages(encoder) == frozenset({"en"})
