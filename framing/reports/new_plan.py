"""A first reports/NAME.yaml for a corpus: the notebooks that its documents allow, and a fitting time step."""

from __future__ import annotations

import json
from collections.abc import Collection

import pandas as pd

from framing.corpus.periods import choose_period, first_days, has_period
from framing.defaults import AUTO_ENCODER, MIN_DOCUMENTS
from framing.voice import known_languages as known_voices

__all__ = ["render_plan"]

_ALWAYS = ("01_corpora", "02_frames")
_GROUPED = ("03_outlets", "07_words", "08_stories")  # they compare outlets
_DATED = "04_time"
_VOICES = "09_voices"
_LABELLED = "05_validity"
_VARIED = "06_fragility"  # it compares translations, and languages with their shift taken out and left in
_MIN_SHARE = 0.05  # of documents in a second language, from which on the corpus is in several: guesses err


def render_plan(documents: pd.DataFrame, *, name: str, title: str, codebook: str, notebooks: Collection[str]) -> str:
    """Write the text of a report file.

    Parameters
    ----------
    documents : DataFrame
        Documents of the corpus, whose name is that of the report.
    name : str
        Name of the report and of the corpus.
    title : str
        Title of the page.
    codebook : str
        Name of a codebook.
    notebooks : collection of str
        Names of the notebooks of the project.

    Returns
    -------
    str
        YAML; notebooks that the documents do not allow are left out, and a comment says why.
    """
    sizes = documents["outlet"].value_counts()
    n_compared = int((sizes >= MIN_DOCUMENTS).sum())
    period = choose_period(documents["published"])
    n_periods = first_days(documents.loc[has_period(documents["published"]), "published"], period).nunique()
    reasons: dict[str, str] = {}
    if n_compared < 2:
        reasons |= dict.fromkeys(
            (*_GROUPED, _DATED), f"needs two outlets with {MIN_DOCUMENTS} documents each, there are {n_compared}"
        )
    if n_periods < 2:
        reasons[_DATED] = "needs documents with dates in at least two periods"
    if (~documents["language"].isin([*known_voices(), "und", ""])).mean() > 0.5:  # short texts are undetermined
        reasons[_VOICES] = f"knows {', '.join(sorted(known_voices()))} only, and most documents are in other languages"
    more: set[str] = set()
    if _is_translated(documents) or _has_languages(documents["language"]):
        more |= {_VARIED}
        reasons |= {_VARIED: reasons[_GROUPED[0]]} if n_compared < 2 and not _is_translated(documents) else {}
    chosen = [
        item
        for item in sorted({*_ALWAYS, *_GROUPED, _DATED, _VOICES, *more})
        if item in notebooks and item not in reasons
    ]
    lines = [
        f"report: {name}",
        f"title: {json.dumps(title, ensure_ascii=False)}",
        'question: ""                 # what the report is to answer, in a sentence',
        f"corpus: {name}",
        f"codebook: {codebook}",
        f"notebooks: [{', '.join(chosen)}]",
        *[f"# left out: {item}: {reason}" for item, reason in reasons.items() if item in notebooks],
        *[
            f"# to come: {item}: once people have coded passages (gold: of corpus.yaml)"
            for item in (_LABELLED,)
            if item in notebooks
        ],
        "parameters:",
        f"  encoder: {AUTO_ENCODER}              # the best installed and done in time; or minilm, mpnet, multilingual",
        "  compare_by: outlet         # outlet, or perspective where corpus.yaml has perspectives",
        f"  period: {period}",
    ]
    return "\n".join(lines) + "\n"


def _is_translated(documents: pd.DataFrame) -> bool:
    return "translation" in documents.columns and bool((documents["translation"].fillna("") != "").any())


def _has_languages(languages: pd.Series) -> bool:
    """Whether documents are in two languages or more; a few may be wrongly detected."""
    shares = languages[~languages.isin(["und", ""])].value_counts(normalize=True)
    return int((shares >= _MIN_SHARE).sum()) > 1
