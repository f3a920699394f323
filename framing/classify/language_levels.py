"""Levels of scores by language: where a language has labels enough, its scores get a level of their own.

An encoder of several languages may leave the scores of one language too high or too low as a whole. Labels in that
language show it. Moving the scores by one amount is the same as a threshold of its own, and keeps them chances.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.classify.state import State
from framing.corpus.language import detect_languages

__all__ = ["ENOUGH_PRESENT", "ENOUGH_TEXTS", "LanguageLevels"]

ENOUGH_TEXTS, ENOUGH_PRESENT = (
    50,
    15,
)  # labelled texts of a language, and frames that they carry, for a level of its own
_FEWEST = 5  # labelled texts of a language that is named, and that counts as another one; fewer may be detected wrongly
_RIDGE = 1.0  # on a level, in squared logits: as if it were drawn with a standard deviation of 0.7
_CERTAIN = 1e-9  # a score is not nearer to 0 or 1, so that its logit is finite

Array = NDArray[np.float64]


@dataclass(frozen=True)
class LanguageLevels:
    """By how much scores of each language are moved.

    Attributes
    ----------
    levels : dict of str to float
        By ISO 639-1 code, in logits; other languages stay as they are.
    counts : dict of str to tuple of int
        Of each language with labels the number of labelled texts, and of frames that they carry.

    Notes
    -----
    The level b of a language maximises the likelihood of its labels under `logit(p) + b`, p being the scores of texts
    that were left out, less `b^2`; so few labels move little. Assumption: one amount for all frames, and labels that
    are like the language's texts that will be scored. With one label a text it would change nothing, and there is none;
    nor is there where labels are in one language: scores are fitted to those labels already.

    Examples
    --------
    >>> scores = np.full((60, 1), 0.2)
    >>> found = LanguageLevels.fit(scores, np.arange(60)[:, None] % 2 == 0, ["de"] * 52 + ["en"] * 8)
    >>> found.move(np.array([[0.2], [0.2]]), ["de", "fr"]).round(2).tolist()
    [[0.45], [0.2]]
    """

    levels: dict[str, float] = field(default_factory=dict)
    counts: dict[str, tuple[int, int]] = field(default_factory=dict)

    @classmethod
    def fit(cls, scores: Array, labels: NDArray[np.bool_], languages: Sequence[str]) -> LanguageLevels:
        """Fit the levels of the languages that have labels enough, where there are labels in other languages too.

        Parameters
        ----------
        scores : ndarray, shape (n, K)
            Of labelled texts by classifiers that had not seen them.
        labels : ndarray of bool, shape (n, K)
            Which frames the texts carry.
        languages : sequence of str
            Of the texts, length n; `und` is no language.

        Returns
        -------
        LanguageLevels
            None of them for languages of fewer than 50 labelled texts, or of fewer than 15 frames that these carry;
            none at all where no other language has five labelled texts.
        """
        of_text = np.array(languages, dtype=object)
        places = {language: of_text == language for language in sorted(set(languages) - {"und"})}
        counts = {language: (int(rows.sum()), int(labels[rows].sum())) for language, rows in places.items()}
        several = sum(n_texts >= _FEWEST for n_texts, _ in counts.values()) > 1
        levels = {
            language: _fit_level(_take_logits(scores[places[language]]), labels[places[language]])
            for language, (n_texts, n_present) in counts.items()
            if several and n_texts >= ENOUGH_TEXTS and n_present >= ENOUGH_PRESENT
        }
        return cls(levels, counts)

    def move(self, scores: Array, languages: Sequence[str]) -> Array:
        """Move scores by the levels of their languages.

        Parameters
        ----------
        scores : ndarray, shape (n, K)
            From 0 to 1.
        languages : sequence of str
            Of the texts, length n.

        Returns
        -------
        ndarray, shape (n, K)
            From 0 to 1.
        """
        from scipy.special import expit

        by_text = np.array([self.levels.get(language, 0.0) for language in languages])
        moved = np.array(scores, dtype=np.float64)
        rows = by_text != 0
        moved[rows] = expit(_take_logits(moved[rows]) + by_text[rows, None])
        return moved

    def move_texts(self, scores: Array, texts: Sequence[str]) -> Array:
        """Move scores of texts whose languages are detected; without levels nothing is detected.

        Parameters
        ----------
        scores : ndarray, shape (n, K)
            From 0 to 1.
        texts : sequence of str
            Length n.

        Returns
        -------
        ndarray, shape (n, K)
            From 0 to 1.
        """
        return self.move(scores, detect_languages(texts)) if self.levels else scores

    def describe(self, threshold: float) -> pd.DataFrame:
        """Describe the levels as thresholds.

        Parameters
        ----------
        threshold : float
            The one of all languages.

        Returns
        -------
        DataFrame
            A row a language with labels, the most labels first: `language, n_labelled, n_present, threshold, own`. The
            threshold is that on scores as they would be without levels; `own` is whether it is the language's own.
        """
        from scipy.special import expit, logit

        rows = [
            (
                language,
                *counts,
                float(expit(logit(threshold) - self.levels.get(language, 0.0))),
                language in self.levels,
            )
            for language, counts in sorted(self.counts.items(), key=lambda item: (-item[1][0], item[0]))
        ]
        return pd.DataFrame(rows, columns=["language", "n_labelled", "n_present", "threshold", "own"])

    def explain(self, threshold: float) -> str:
        """Say which languages have a threshold of their own.

        Parameters
        ----------
        threshold : float
            The one of all languages.

        Returns
        -------
        str
            A line without an end; empty where labels are in one language, and none has a level. Languages of fewer than
            five texts, which may be detected wrongly, are left out.

        Examples
        --------
        >>> LanguageLevels({"de": 0.0}, {"de": (60, 30), "fr": (9, 2)}).explain(0.4)
        'labels by language: de 60 (threshold 0.4), fr 9 (too few for a threshold of its own)'
        """
        table = self.describe(threshold)
        named = table[table["n_labelled"] >= _FEWEST]
        parts = [
            f"{language} {n:,} " + (f"(threshold {own:.3g})" if is_own else "(too few for a threshold of its own)")
            for language, n, own, is_own in zip(
                named["language"], named["n_labelled"], named["threshold"], named["own"], strict=True
            )
        ]
        return f"labels by language: {', '.join(parts)}" if len(parts) > 1 or self.levels else ""

    def get_state(self) -> State:
        """Take levels and counts.

        Returns
        -------
        State
            For `from_state`.
        """
        return State(values={"levels": dict(self.levels), "counts": {key: list(n) for key, n in self.counts.items()}})

    @classmethod
    def from_state(cls, state: State) -> LanguageLevels:
        """Make the levels that a state was taken from.

        Parameters
        ----------
        state : State
            As `get_state` returned it; an empty one: no levels.

        Returns
        -------
        LanguageLevels
            They move scores as those did.
        """
        counts = {key: (int(n[0]), int(n[1])) for key, n in state.values.get("counts", {}).items()}
        return cls({key: float(level) for key, level in state.values.get("levels", {}).items()}, counts)


def _take_logits(scores: Array) -> Array:
    from scipy.special import logit

    return np.asarray(logit(np.clip(scores, _CERTAIN, 1 - _CERTAIN)))


def _fit_level(logits: Array, labels: NDArray[np.bool_]) -> float:
    """The level with the highest penalised likelihood."""
    from scipy.optimize import minimize_scalar

    def loss(level: float) -> float:
        moved = logits + level
        return float((np.logaddexp(0, moved) - labels * moved).sum() + _RIDGE * level**2)

    return float(minimize_scalar(loss, bounds=(-5.0, 5.0), method="bounded").x)
