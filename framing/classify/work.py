"""How much a classifier has to read and to learn, counted in texts and words, and about how long that takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from framing.classify.frozen.text_features import MIN_WINDOW_WORDS
from framing.classify.supervision import LEARNT, N_FOLDS, choose_strength
from framing.classify.tuned.forecast import forecast_scoring, forecast_tuning
from framing.classify.tuned.plan import TuningPlan
from framing.codebook import Codebook
from framing.corpus.language import detect_languages
from framing.corpus.words import count_words, is_unspaced
from framing.encoders.costs import TOKENS_A_WORD, Machine, forecast_encoding, layer_parameters

__all__ = ["Work", "count_all_words", "estimate_work", "count_languages", "find_main_language", "measure_work"]

_READINGS = 2.4  # of each word of a longer passage: in the passage, and in windows of two sentences
_SEED_WEIGHT = 0.3  # of a seed beside a labelled text; labels choose it, from 0.1 to 1
_ADDED_TOKENS = 2  # at the start and the end of a text
_LANGUAGE_TEXTS = 400  # of which the language is detected


@dataclass(frozen=True, kw_only=True)
class Work:
    """What a classifier has to read, and what it learns from.

    Attributes
    ----------
    n_texts, n_words : int
        Texts to score, and their words; 0 where they are not known.
    language : str
        Language of most texts, ISO 639-1.
    languages : dict of str to int
        Number of texts by language, of those whose language was told; empty: all are in `language`.
    n_labelled, labelled_words : int
        Labelled texts to learn from, and their words.
    n_groups : int
        Documents of the labelled texts.
    n_frames : int
        Frames of the codebook.
    n_seeds : int
        Passages and rules of the codebook, which are drawn into tuning beside the labelled texts.
    strength : str
        How it learns, as asked for.
    plan : TuningPlan
        How members are trained.
    """

    n_texts: int = 0
    n_words: int = 0
    language: str = "en"
    languages: Mapping[str, int] = field(default_factory=dict)
    n_labelled: int = 0
    labelled_words: int = 0
    n_groups: int = 0
    n_frames: int = 1
    n_seeds: int = 0
    strength: str = "auto"
    plan: TuningPlan = field(default_factory=TuningPlan)

    def shares_beside(self, language: str) -> dict[str, float]:
        """Find the shares of the other languages.

        Parameters
        ----------
        language : str
            The one that does not count.

        Returns
        -------
        dict of str to float
            Share of texts by language, of those whose language was told, the largest first.

        Examples
        --------
        >>> Work(languages={"en": 90, "ru": 4, "uk": 6}).shares_beside("en"), Work(language="ru").shares_beside("en")
        ({'uk': 0.06, 'ru': 0.04}, {'ru': 1.0})
        """
        counts = self.languages or {self.language: 1}
        total = sum(counts.values())
        others = sorted((-n, name) for name, n in counts.items() if name != language and n)
        return {name: -n / total for n, name in others}

    @property
    def tunes(self) -> bool:
        """Whether layers of a transformer would learn."""
        sizes = {"n_labelled": self.n_labelled, "n_frames": self.n_frames, "n_groups": self.n_groups}
        return self.learns and choose_strength(self.strength, **sizes, tunable=True) == "fine-tuned"

    @property
    def learns(self) -> bool:
        """Whether it learns from labels."""
        return self.n_labelled > 0 and self.strength != "zero-shot"

    @classmethod
    def of_codebook(
        cls,
        codebook: Codebook,
        *,
        languages: Mapping[str, int] | None = None,
        n_texts: int = 0,
        n_words: int = 0,
    ) -> Work:
        """Make the work of finding the frames of a codebook.

        Parameters
        ----------
        codebook : Codebook
            The frames.
        languages : dict of str to int, optional
            Number of texts by language; by default, and where it is empty, that of the codebook.
        n_texts, n_words : int
            Texts to score, and their words.

        Returns
        -------
        Work
            Without labels.
        """
        counts = dict(languages or {})
        of_frames = sum(
            len(frame.seeds) + len(frame.counter_seeds) + len(frame.include) + 1 for frame in codebook.frames
        )
        return cls(
            n_texts=n_texts,
            n_words=n_words,
            language=find_main_language(counts, default=codebook.language),
            languages=counts,
            n_frames=len(codebook.frames),
            n_seeds=of_frames + len(codebook.examples),
        )

    def with_labels(
        self, texts: Sequence[str], *, n_groups: int, strength: str = "auto", plan: TuningPlan | None = None
    ) -> Work:
        """Add labelled texts to learn from.

        Parameters
        ----------
        texts : sequence of str
            The texts.
        n_groups : int
            Their documents.
        strength : str, default "auto"
            How the classifier learns, as asked for.
        plan : TuningPlan, optional
            How members are trained.

        Returns
        -------
        Work
            The work with them.
        """
        return replace(
            self,
            n_labelled=len(texts),
            labelled_words=count_all_words(texts),
            n_groups=n_groups,
            strength=strength,
            plan=plan or TuningPlan(),
        )

    def with_examples(self, codebook: Codebook, *, strength: str, plan: TuningPlan | None = None) -> Work:
        """Add the examples of a codebook, where a strength learns from them because there are no labels.

        Parameters
        ----------
        codebook : Codebook
            The codebook.
        strength : str
            How the classifier learns, as asked for.
        plan : TuningPlan, optional
            How members are trained.

        Returns
        -------
        Work
            The work with them, or as it is.
        """
        if strength not in LEARNT:
            return self
        texts = [example.text for example in codebook.examples]
        return self.with_labels(texts, n_groups=len(texts), strength=strength, plan=plan)

    def forecast(self, encoder: str, machine: Machine) -> float | None:
        """Forecast how long the work takes: encoding, fine-tuning, and scoring by what was tuned.

        Parameters
        ----------
        encoder : str
            Name of the encoder.
        machine : Machine
            Where it is done.

        Returns
        -------
        float or None
            Seconds; None for an encoder of which no rate is known.
        """
        words = _weigh(self.n_words, self.n_texts) + _weigh(self.labelled_words, self.n_labelled)
        encoding = forecast_encoding(encoder, words, machine)
        layers = layer_parameters(encoder, self.plan.trained_layers)
        if encoding is None or layers is None or not self.tunes:
            return encoding
        lower, upper = layers
        n_folds = min(N_FOLDS, self.n_groups)
        tokens = min(TOKENS_A_WORD * self.labelled_words / self.n_labelled + _ADDED_TOKENS, self.plan.max_tokens)
        n_drawn = self.n_labelled * (n_folds - 1) / n_folds + _SEED_WEIGHT * self.n_seeds
        tuning = forecast_tuning(
            upper,
            tokens,
            steps=[self.plan.count_steps(n_drawn)] * n_folds,
            n_rivals=len(self.plan.list_rivals(self.n_labelled, self.n_frames)),
            machine=machine,
        )
        n_tokens = TOKENS_A_WORD * self.n_words
        return (
            encoding
            + tuning
            + forecast_scoring(lower=lower, upper=upper, n_members=n_folds, n_tokens=n_tokens, machine=machine)
        )


def measure_work(texts: Sequence[str], codebook: Codebook) -> Work:
    """Measure texts that are to be scored.

    Parameters
    ----------
    texts : sequence of str
        All of them.
    codebook : Codebook
        Whose frames are looked for; its language counts where that of the texts cannot be told.

    Returns
    -------
    Work
        Without labels.
    """
    step = max(len(texts) // _LANGUAGE_TEXTS, 1)
    return Work.of_codebook(
        codebook,
        languages=count_languages(detect_languages(texts[::step])),
        n_texts=len(texts),
        n_words=count_all_words(texts),
    )


def estimate_work(some: Sequence[str], n_texts: int, codebook: Codebook) -> Work:
    """Estimate the work of many texts from some of them.

    Parameters
    ----------
    some : sequence of str
        Some of the texts.
    n_texts : int
        Number of all of them.
    codebook : Codebook
        As in `measure_work`.

    Returns
    -------
    Work
        Without labels; the other texts are taken to be as long on average.
    """
    measured = measure_work(some, codebook)
    n_words = round(measured.n_words * n_texts / len(some)) if some else 0
    return replace(measured, n_texts=n_texts, n_words=n_words)


def count_all_words(texts: Iterable[str]) -> int:
    """Count the words of texts.

    Parameters
    ----------
    texts : iterable of str
        The texts, of any language.

    Returns
    -------
    int
        Their words, as `count_words` counts them.
    """
    return sum(count_words(text, unspaced=is_unspaced(text)) for text in texts)


def count_languages(languages: Iterable[str]) -> dict[str, int]:
    """Count the texts of each language.

    Parameters
    ----------
    languages : iterable of str
        ISO 639-1 codes; `und` and empty ones do not count.

    Returns
    -------
    dict of str to int
        Number of texts by code, in the order of codes.

    Examples
    --------
    >>> count_languages(["ru", "en", "und", "ru", ""])
    {'en': 1, 'ru': 2}
    """
    return dict(sorted(Counter(name for name in languages if name not in ("und", "")).items()))


def find_main_language(counts: Mapping[str, int], *, default: str) -> str:
    """Find the language of most texts.

    Parameters
    ----------
    counts : dict of str to int
        Number of texts by language.
    default : str
        The language where there is none.

    Returns
    -------
    str
        A code; of two that are equally frequent the first in the alphabet.

    Examples
    --------
    >>> find_main_language({"ru": 2, "en": 1, "de": 2}, default="en"), find_main_language({}, default="en")
    ('de', 'en')
    """
    return min(counts, key=lambda name: (-counts[name], name)) if counts else default


def _weigh(n_words: int, n_texts: int) -> float:
    """Words that an encoder reads: those of longer texts several times."""
    return n_words * (_READINGS if n_words > MIN_WINDOW_WORDS * n_texts else 1)
