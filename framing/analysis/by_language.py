"""Results language by language: how far scores agree with labels in each, and what share is marked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.analysis.remarks import reads_english_alone
from framing.corpus.language import detect_languages
from framing.estimates.prevalence import estimate_prevalence
from framing.texts import phrase, phrase_later
from framing.validation.decisions import evaluate_groups

if TYPE_CHECKING:
    from framing.analysis.analysis import Analysis
    from framing.coding.gold import Gold

__all__ = [
    "LANGUAGES_NOTE",
    "LanguageTables",
    "compare_languages",
    "describe_comparability",
    "describe_few_labels",
    "group_languages",
]

ENOUGH = 10  # texts from which a language is a group of its own
_OTHER, _UNKNOWN = phrase_later("other languages"), phrase_later("not detected")
_TAKEN = {  # by whether the shift of languages is taken out of vectors; None: there are none
    True: phrase_later(
        "What tells the languages apart that the encoder reads was taken out of its vectors, as sentences that say the "
        "same in each show it; the part on fragility repeats the comparison without that."
    ),
    False: phrase_later(
        "What tells languages apart was left in the encoder’s vectors, so that one language may be marked more often "
        "for no reason of content."
    ),
    None: phrase_later("The model was taken as it is, and may be stricter in one language than in another."),
}
LANGUAGES_NOTE = (
    "Contrasts between texts in different languages rest on scores that mean the same in each. Agreement that differs "
    "by language says that they may not; few labels in a language leave it open."
)


@dataclass(frozen=True)
class LanguageTables:
    """Results language by language; the tables are empty where there is one language.

    Attributes
    ----------
    prose : str
        What contrasts between languages rest on.
    agreement : DataFrame
        Agreement with the labels over all frames: `language` and the columns of `evaluate_groups`.
    shares : DataFrame
        Share of the corpus's passages that are marked: `language, frame` and the estimate columns.
    """

    prose: str
    agreement: pd.DataFrame
    shares: pd.DataFrame


def compare_languages(
    analysis: Analysis, gold: Gold, scores: NDArray[np.float64], decided: NDArray[np.str_]
) -> LanguageTables:
    """Compare the languages of a corpus: agreement with labels in each, and the share that is marked.

    Parameters
    ----------
    analysis : Analysis
        Of a corpus.
    gold : Gold
        Human labels of n passages.
    scores : ndarray, shape (n, K)
        Scores of the labelled passages by a classifier that had not seen them.
    decided : ndarray of str, shape (n, K)
        Decisions on them.

    Returns
    -------
    LanguageTables
        The language with the most texts first.
    """
    settings, frames = analysis.settings, analysis.codebook.frame_ids
    languages = analysis.documents.set_index("document_id")["language"]
    documents = [str(name) for name in gold.passages["document_id"]]
    groups = group_languages([str(name) for name in analysis.passages["document_id"].map(languages)])
    of_labels = group_languages(_find_languages(gold.passages, languages))
    agreement = pd.DataFrame(columns=["language", "frame", "measure", "estimate"])
    if of_labels:
        table = evaluate_groups(
            gold.labels,
            decided,
            scores,
            groups=of_labels,
            frames=frames,
            documents=documents,
            min_documents=settings.min_documents,
            **settings.draws,
        )
        overall = table[~table["frame"].isin(frames)].rename(columns={"group": "language"})
        agreement = _order_languages(overall, of_labels)
    shares = pd.DataFrame(columns=["language", "frame", "estimate"])
    if groups:
        by_row = np.repeat(np.array(groups, dtype=object), len(frames))
        table = estimate_prevalence(
            analysis.classified.assign(language=by_row), by="language", corrected=False, **settings.draws
        )
        shares = _order_languages(table, groups)
    prose = describe_comparability(
        groups,
        encoder=analysis.facts.encoder.name,
        language=analysis.codebook.language,
        removed=None if settings.scorer != "seeds" else settings.language_shift == "remove",
        learned=analysis.facts.labels.learned_from,
    )
    return LanguageTables(prose, agreement, shares)


def _find_languages(passages: pd.DataFrame, languages: pd.Series) -> list[str]:
    """Language of each labelled passage: that of its document, or of the text where the corpus lacks the document."""
    found = passages["document_id"].map(languages)
    lacking = found.isna().to_numpy()
    named = found.astype(object).to_numpy(copy=True)
    if lacking.any():
        named[lacking] = detect_languages(passages.loc[lacking, "text"])
    return [str(name) for name in named]


def _order_languages(table: pd.DataFrame, groups: Sequence[str]) -> pd.DataFrame:
    """The rows of a table, the language with the most texts first."""
    place = {name: number for number, (name, _) in enumerate(Counter(groups).most_common())}
    order = table["language"].map(place).to_numpy().argsort(kind="stable")
    return table.iloc[order].reset_index(drop=True)


def group_languages(languages: Sequence[str]) -> list[str]:
    """Group texts by their language, where there are several.

    Parameters
    ----------
    languages : sequence of str
        Detected language of each text, length n; `und` or empty where it is not known.

    Returns
    -------
    list of str
        Of each text the code of its language, `other languages` for those of fewer than ten texts, and `not detected`.
        Empty where there are not two languages of ten texts or more.

    Examples
    --------
    >>> sorted(Counter(group_languages(["en"] * 12 + ["de"] * 10 + ["nl", "und"])).items())
    [('de', 10), ('en', 12), ('not detected', 1), ('other languages', 1)]
    >>> group_languages(["en"] * 50 + ["nl"])
    []
    """
    counts = Counter(languages)
    own = {name for name, n in counts.items() if n >= ENOUGH and name not in ("und", "")}
    if len(own) < 2:
        return []
    return [name if name in own else _UNKNOWN if name in ("und", "") else _OTHER for name in languages]


def describe_few_labels(languages: Sequence[str]) -> str:
    """Say why there are no figures by language, where labels are in several.

    Parameters
    ----------
    languages : sequence of str
        Detected language of each labelled text; `und` or empty where it is not known.

    Returns
    -------
    str
        A sentence; empty where labels are in one language, or `group_languages` finds groups.

    Examples
    --------
    >>> describe_few_labels(["en"] * 12 + ["de"] * 3 + ["und"])
    'labels are in 2 languages (en 12, de 3); agreement in each is shown from two languages of 10 labelled texts on'
    >>> describe_few_labels(["en"] * 12)
    ''
    """
    counts = Counter(name for name in languages if name not in ("und", ""))
    if len(counts) < 2 or group_languages(languages):
        return ""
    named = ", ".join(f"{name} {n:,}" for name, n in counts.most_common())
    return (
        f"labels are in {len(counts)} languages ({named}); agreement in each is shown from two languages of {ENOUGH} "
        "labelled texts on"
    )


def describe_comparability(
    groups: Sequence[str], *, encoder: str, language: str, removed: bool | None, learned: bool
) -> str:
    """Say what contrasts between languages rest on.

    Parameters
    ----------
    groups : sequence of str
        As `group_languages` returns them; empty for one language.
    encoder : str
        Name of the encoder or NLI model.
    language : str
        Language of the codebook.
    removed : bool or None
        Whether the shift of languages is taken out of the vectors; None: there are none, as an NLI or language model
        scores.
    learned : bool
        Whether the classifier learned from labels.

    Returns
    -------
    str
        A paragraph.
    """
    if not groups:
        return phrase("All texts are in one language, or too few are in another for figures of their own.")
    if reads_english_alone(encoder):
        return phrase(
            "The encoder {encoder} reads English alone. Scores of texts in other languages mean nothing, and so does "
            "any contrast with them.",
            encoder=encoder,
        )
    sentences = [
        phrase("The frames are described in one language ({language}) and found in several.", language=language),
        phrase(_TAKEN[removed]),
        phrase("Where a language has labels enough, its scores have a level of their own.") if learned else "",
        phrase(
            "Contrasts between outlets of different languages rest on scores that mean the same in each. The tables "
            "show how well they agree with labels in each language, and what share is marked: shares that differ may "
            "come from what is written, or from the scores. Only labels in each language can tell which."
        ),
    ]
    return " ".join(filter(None, sentences))
