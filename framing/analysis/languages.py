"""Which languages texts are in, and what of this package knows them: counts for tables, sentences for messages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

import pandas as pd

from framing.analysis.wording import list_some
from framing.codebook import Codebook
from framing.corpus.language import detect_languages
from framing.corpus.sentences import KNOWN_LANGUAGES as SENTENCE_LANGUAGES
from framing.corpus.voice_languages import known_languages as known_voices
from framing.encoders.known import KNOWN, known_languages
from framing.estimates.stop_words import STOP_WORD_LANGUAGES
from framing.tables import LANGUAGES, require_columns

__all__ = [
    "count_languages",
    "count_other_languages",
    "describe_encoders",
    "describe_languages",
    "describe_sentences",
    "describe_stories",
    "describe_voices",
    "find_codebook_languages",
    "name_outlets",
]

_UNKNOWN = ("und", "")
_MIN_SEEDS, _MIN_SEED_SHARE = 3, 0.05  # in a language, from which on it is one of the codebook: guesses err
N_OUTLETS = 5  # that a sentence names


def count_other_languages(languages: Iterable[str], *, than: str | Collection[str]) -> str:
    """Count texts in other languages.

    Parameters
    ----------
    languages : iterable of str
        Detected language of each text; `und` where the text is too short counts as no other language.
    than : str or collection of str
        The language or languages that are expected.

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
    expected = {than} if isinstance(than, str) else set(than)
    others = {name: n for name, n in counts.most_common() if name not in {*expected, *_UNKNOWN}}
    if not others:
        return ""
    return (
        f"{sum(others.values()):,} of {counts.total():,} ({', '.join(f'{name} {n:,}' for name, n in others.items())})"
    )


def find_codebook_languages(codebook: Codebook) -> frozenset[str]:
    """Find the languages in which a codebook has seeds or examples.

    Parameters
    ----------
    codebook : Codebook
        The codebook.

    Returns
    -------
    frozenset of str
        ISO 639-1 codes: its `language:`, those that its passages name, and each detected in three seeds or more that
        are at least a twentieth.
    """
    texts = [*(text for frame in codebook.frames for text in frame.seeds), *(item.text for item in codebook.examples)]
    counts = Counter(detect_languages(texts))
    least = max(_MIN_SEEDS, _MIN_SEED_SHARE * len(texts))
    named = codebook.count_languages()
    return frozenset({codebook.language, *named, *(name for name, n in counts.items() if n >= least)} - set(_UNKNOWN))


def describe_languages(
    languages: Iterable[str], *, encoder: str, codebook: Collection[str], unit: str, outlets: Iterable[str] = ()
) -> list[str]:
    """Say how many texts are in languages that the encoder does not read, or in others than the codebook.

    Parameters
    ----------
    languages : iterable of str
        Detected language of each text.
    encoder : str
        Name of the encoder or NLI model.
    codebook : collection of str
        Languages of the codebook, by `find_codebook_languages`.
    unit : str
        What the texts are, such as `passages`.
    outlets : iterable of str, default ()
        Outlet of each text: those with most texts in such languages are named.

    Returns
    -------
    list of str
        Remarks; none where all is well.
    """
    listed, publishers = list(languages), list(outlets)
    known = known_languages(encoder)
    sentences = []
    if known is not None:
        if unread := count_other_languages(listed, than=known):
            sentences.append(
                f"{unit} in other languages than {_name_read(known, encoder)}: {unread}"
                f"{name_outlets(listed, publishers, known)}. Their scores mean nothing: take an encoder of these "
                "languages, or leave them out."
            )
        if not known & {*codebook}:  # else examples in the other languages are left out, which the classifier says
            deaf = sorted(codebook)
            sentences.append(
                f"the codebook is in a language that the encoder {encoder} does not read ({', '.join(deaf)}): its "
                "seeds mean nothing to it."
            )
    read = {*listed} if known is None else known
    if others := count_other_languages([name if name in read else "und" for name in listed], than=codebook):
        outside = name_outlets(listed, publishers, {*codebook, *({*listed} - {*read})})
        sentences.append(
            f"{unit} in other languages than the codebook's ({', '.join(sorted(codebook))}): {others}{outside}. Their "
            + (
                f"scores mean something only if {encoder} reads both languages; check them against labelled passages."
                if known is None
                else "scores rest on seeds in another language; check them against labelled passages in theirs."
            )
        )
    return sentences


def name_outlets(languages: Iterable[str], outlets: Iterable[str], known: Collection[str]) -> str:
    """Name the outlets that have texts in languages that are not known.

    Parameters
    ----------
    languages, outlets : iterable of str
        Language and outlet of each text; without outlets nothing is named.
    known : collection of str
        Languages that are known.

    Returns
    -------
    str
        Such as `; outlets: A 3 of 4, B 1 of 9`, those with most texts first; empty where there is none.

    Examples
    --------
    >>> name_outlets(["ru", "en", "und"], ["A", "A", "B"], {"en"})
    '; outlets: A 1 of 2'
    """
    pairs = [(outlet, name not in {*known, *_UNKNOWN}) for name, outlet in zip(languages, outlets, strict=False)]
    totals = Counter(outlet for outlet, _ in pairs)
    unknown = Counter(outlet for outlet, is_unknown in pairs if is_unknown and outlet)
    named = [f"{outlet} {n:,} of {totals[outlet]:,}" for outlet, n in unknown.most_common(N_OUTLETS)]
    return f"; outlets: {list_some(named, len(unknown))}" if named else ""


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
        A sentence; empty where voices are found in all of them.
    """
    known = known_voices()
    others = count_other_languages(languages, than=known)
    where = "English alone" if known == {"en"} else ", ".join(sorted(known))
    return others and f"voices are found in {where}; {unit} in other languages: {others}. Their voices are not known."


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
    known = known_languages(encoder)
    others = "" if known is None else count_other_languages(languages, than=known)
    if not others or known is None:
        return ""
    return (
        f"documents in other languages than {_name_read(known, encoder)}: {others}. They are joined by their words "
        "alone, and not across languages: take an encoder of these languages."
    )


def describe_encoders(languages: Iterable[str]) -> list[str]:
    """Say how many texts are in languages that the encoders which are known by name do not read.

    Parameters
    ----------
    languages : iterable of str
        Detected language of each text.

    Returns
    -------
    list of str
        A sentence an encoder that does not read all of them.
    """
    listed = list(languages)
    counts = {name: count_other_languages(listed, than=encoder.languages) for name, encoder in KNOWN.items()}
    return [f"the encoder {name} does not read the language of: {others}" for name, others in counts.items() if others]


def describe_sentences(languages: Iterable[str], *, unit: str) -> str:
    """Say how many texts are in languages whose abbreviations the splitting of sentences does not know.

    Parameters
    ----------
    languages : iterable of str
        Detected language of each text.
    unit : str
        What the texts are, such as `documents`.

    Returns
    -------
    str
        A sentence; empty where all are known.
    """
    others = count_other_languages(languages, than=SENTENCE_LANGUAGES)
    return others and (
        f"{unit} in languages whose sentences are split by stops and capitals alone, without a list of abbreviations: "
        f"{others}"
    )


def count_languages(
    documents: pd.DataFrame, passages: pd.DataFrame, *, encoder: str, codebook: Collection[str]
) -> pd.DataFrame:
    """Count documents and passages of each outlet by language, and say what knows the language.

    Parameters
    ----------
    documents : DataFrame
        Columns `document_id, outlet, language`.
    passages : DataFrame
        Column `document_id`.
    encoder : str
        Name of the encoder or NLI model.
    codebook : collection of str
        Languages of the codebook, by `find_codebook_languages`.

    Returns
    -------
    DataFrame
        Columns `framing.tables.LANGUAGES`, one row an outlet and language, the language with most passages first within
        an outlet. Exact counts, hence without intervals.

    Raises
    ------
    InputError
        If a column is missing.
    """
    require_columns(documents, ("document_id", "outlet", "language"), what="documents")
    require_columns(passages, ("document_id",), what="passages")
    n_passages = documents["document_id"].map(passages["document_id"].value_counts()).fillna(0).astype(int)
    table = (
        documents.assign(n_passages=n_passages, language=documents["language"].replace("", "und"))
        .groupby(["outlet", "language"], sort=True)
        .agg(n_documents=("document_id", "size"), n_passages=("n_passages", "sum"))
        .reset_index()
    )
    table["share"] = table["n_passages"] / table.groupby("outlet")["n_passages"].transform("sum").clip(lower=1)
    known: dict[str, Collection[str] | None] = {
        "encoder": known_languages(encoder),
        "codebook": codebook,
        "sentences": SENTENCE_LANGUAGES,
        "stop_words": STOP_WORD_LANGUAGES,
        "voices": known_voices(),
    }
    for column, names in known.items():
        table[column] = [_say_known(name, names) for name in table["language"]]
    ordered = table.sort_values(["outlet", "n_passages", "language"], ascending=[True, False, True], kind="stable")
    return ordered[list(LANGUAGES)].reset_index(drop=True)


def _say_known(language: str, known: Collection[str] | None) -> str:
    if known is None or language in _UNKNOWN:
        return "not known"
    return "yes" if language in known else "no"


def _name_read(known: Collection[str], encoder: str) -> str:
    """The languages that an encoder reads, in words."""
    if len(known) > 1:
        return f"the {len(known)} that the encoder {encoder} reads"
    (only,) = known
    return f"{'English' if only == 'en' else only}, the only one that the encoder {encoder} reads"
