"""How far the differences that a report states depend on choices that could have been made otherwise."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from framing.analysis.analysis import SHAPES_ANALYSIS, Analysis, open_analysis
from framing.analysis.by_language import group_languages
from framing.analysis.decision_changes import decide_again
from framing.analysis.differences import KEYS, list_differences, pick_headlines
from framing.analysis.fragility_summary import ENCODER, LANGUAGE, SIZE, THRESHOLD, rank_seeds, summarise_fragility
from framing.analysis.seed_spread import HALVES, SINGLE, vary_seeds
from framing.analysis.tables import cached_table
from framing.analysis.translations import measure_translation_agreement
from framing.classify.auto_encoder import MOST_FOREIGN
from framing.classify.frozen.text_features import LONG_WORDS
from framing.classify.supervision import LEARNT
from framing.classify.work import count_languages
from framing.encoders.known import identify_reading, known_languages
from framing.encoders.sentence import default_store, open_encoder
from framing.encoders.weights import installed_encoders
from framing.files.identity import code_hash
from framing.project import cache_folder
from framing.settings import Settings

__all__ = ["Fragility", "measure_fragility"]

_THRESHOLD_FACTORS = (0.8, 0.9, 1.1, 1.2)
_PASSAGE_SIZES = (60, 120)  # words, beside the size of the settings
_COLUMNS = ["kind", "variation", *KEYS, "estimate", "low", "high", "differs"]


@dataclass(frozen=True)
class Fragility:
    """The differences that a report states, under other choices of method.

    Attributes
    ----------
    headlines : DataFrame
        One row a difference, clear ones first, with the columns `framing.tables.FRAGILITY`.
    variations : DataFrame
        One row a variation and difference: `kind, variation, frame, group_a, group_b, estimate, low, high, differs`.
    seeds : DataFrame
        One row a difference and seed of its frame, the most influential of each difference first: `frame, group_a,
        group_b, seed, without_it, moved, text`; `without_it` is the difference without the seed, `moved` how much
        larger it is.
    left_out : DataFrame
        Kinds of choice that were not varied: `kind, reason`.
    translations : DataFrame
        How far decisions on the original agree with those on its translation, columns
        `framing.tables.TRANSLATION_AGREEMENT`; empty where the corpus has no translations.
    """

    headlines: pd.DataFrame
    variations: pd.DataFrame
    seeds: pd.DataFrame
    left_out: pd.DataFrame
    translations: pd.DataFrame


@dataclass(frozen=True)
class _Variation:
    """Another choice: its kind, its name, and a function that makes the differences under it."""

    kind: str
    name: str
    compare: Callable[[], pd.DataFrame]


def measure_fragility(settings: Settings, *, say: Callable[[str], None] = lambda _: None) -> Fragility:
    """Repeat the comparison of groups with another encoder, threshold, passage size and choice of seeds.

    Parameters
    ----------
    settings : Settings
        Settings of the run.
    say : callable, optional
        Function of one line of text, called before each variation is made.

    Returns
    -------
    Fragility
        Differences under each variation, and for each difference which sources of variation it survives.

    Raises
    ------
    InputError
        As `open_analysis` and `compare_groups` do.

    Notes
    -----
    The differences are those of the report: corrected with labels where the analysis has labels with known chances,
    else of the classifier's decisions. Each variation repeats the same comparison, correction included. A clear
    difference survives a variation if it has the same sign and is clear of noise, jointly at the settings' level; one
    that is not clear survives if it stays so. It survives a source of variation (encoders, thresholds, passage sizes,
    seeds) if it survives all variations of that source; of forty random halves of the seeds, nine in ten.

    Where passages are in several languages, what tells languages apart is once kept in the encoder's vectors and once
    taken out of them (`framing.encoders.neutral`).

    Thresholds cannot move corrected shares, which use scores. Passage sizes cannot be varied where labels correct
    shares, since labels are of the passages that were coded. `framing.analysis.seed_spread` says how seeds are varied.

    This is a multiverse analysis (Steegen, Tuerlinckx, Gelman & Vanpaemel 2016): the spread over variations shows how
    much the choices matter, and is no interval.

    The cache stores each variation under a key of all its inputs, so that a second run, or one after an interruption,
    makes only those that are missing. Another encoder is known by the content of its weights, not by its name.
    """
    analysis = open_analysis(settings, say=say)
    settings = analysis.settings  # with the name of the encoder
    folder = _find_cache_folder(analysis)
    differences = cached_table(folder / "all", lambda: list_differences(analysis.classified, settings))
    headlines = pick_headlines(differences, top=settings.fragility_top)
    parts: list[pd.DataFrame] = []
    for variation in _list_variations(settings, analysis, folder):
        say(f"{variation.kind}: {variation.name}")
        varied = headlines[KEYS].merge(variation.compare(), on=KEYS, how="left")
        varied = varied[varied["estimate"].notna()]  # another choice may leave a group out
        parts.append(varied.assign(kind=variation.kind, variation=variation.name)[_COLUMNS])
    reasons = _list_reasons(settings, analysis)
    if HALVES not in reasons:
        path = folder / f"seeds-{_hash(headlines[KEYS].to_json(orient='values'))}"
        parts.append(cached_table(path, lambda: _vary_seeds(analysis, differences, headlines, say))[_COLUMNS])
    every = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=_COLUMNS)
    variations = every[every["kind"] != SINGLE].reset_index(drop=True)
    seeds = rank_seeds(headlines, every[every["kind"] == SINGLE], analysis.codebook)
    return Fragility(
        headlines=summarise_fragility(headlines, variations, seeds, analysis.codebook),
        variations=variations,
        seeds=seeds,
        left_out=pd.DataFrame(list(reasons.items()), columns=["kind", "reason"]),
        translations=measure_translation_agreement(
            analysis.passages, analysis.decisions, analysis.translated, **settings.draws
        ),
    )


def _vary_seeds(
    analysis: Analysis, differences: pd.DataFrame, headlines: pd.DataFrame, say: Callable[[str], None]
) -> pd.DataFrame:
    encoder = open_encoder(analysis.settings.encoder, store=default_store())
    return vary_seeds(analysis, differences, headlines, encoder, say=say)


def _list_reasons(settings: Settings, analysis: Analysis) -> dict[str, str]:
    """Kinds of choice that are not varied, with the reason."""
    reasons = {}
    if analysis.translated.empty:
        reasons["language"] = "the corpus has no translations of passages (columns: translation in corpus.yaml)"
    if settings.scorer != "seeds":
        reasons[ENCODER] = f"the scorer {settings.scorer} has none"
    elif not _other_encoders(settings, analysis):
        foreign = _main_languages(analysis) - {"en"}
        reasons[ENCODER] = (
            f"no other installed encoder is known to read the languages of the corpus ({', '.join(sorted(foreign))})"
            if foreign
            else "no other encoder is installed (framing encoder install mpnet)"
        )
    if not analysis.not_corrected:
        reasons[THRESHOLD] = "cannot matter: corrected shares use scores, not decisions"
        reasons[SIZE] = (
            f"labels are tied to the passages that were coded, of {settings.passage_words} words at most; passages of "
            "another size have none"
        )
    elif analysis.codebook.unit == "document":
        reasons[SIZE] = "documents are scored as a whole"
    elif settings.scorer == "llm":
        reasons[SIZE] = "a language model would be asked about all passages of each size"
    if analysis.not_corrected and not analysis.codebook.multi_label:
        reasons[THRESHOLD] = "the codebook gives each passage exactly one frame, the one with the highest score"
    if settings.scorer != "seeds":
        reasons[HALVES] = f"the scorer {settings.scorer} uses none"
    elif settings.strength in LEARNT and not settings.learn_from_gold:
        reasons[HALVES] = "the classifier learned from the examples of the codebook, its seeds being prior examples"
    elif settings.learn_from_gold:
        reasons[HALVES] = "the classifier learned from labels, beside which seeds have little weight"
    elif analysis.codebook.multi_label and bool((analysis.passages["n_words"] > LONG_WORDS).any()):
        reasons[HALVES] = "the score of a long text is pooled over its windows, for which no seeds are left out"
    return reasons


def _compares_languages(settings: Settings, analysis: Analysis) -> bool:
    """Whether passages are in several languages, and the encoder may read more than one."""
    if settings.scorer != "seeds" or known_languages(settings.encoder) == frozenset({"en"}):
        return False
    languages = analysis.documents.set_index("document_id")["language"]
    return bool(group_languages([str(name) for name in analysis.passages["document_id"].map(languages)]))


def _other_encoders(settings: Settings, analysis: Analysis) -> list[str]:
    """Encoders to compare with that of the settings: those that the settings name, else those that read the corpus."""
    wanted = [name.strip() for name in settings.encoders_varied.split(",") if name.strip()]
    main = _main_languages(analysis)
    reading = [name for name in installed_encoders() if main <= (known_languages(name) or main)]
    return [name for name in (wanted or reading) if name != settings.encoder]


def _main_languages(analysis: Analysis) -> set[str]:
    """Languages that more documents are in than errors of detection explain."""
    counts = count_languages(analysis.documents["language"])
    return {language for language, n in counts.items() if n > MOST_FOREIGN * sum(counts.values())}


def _list_variations(settings: Settings, analysis: Analysis, folder: Path) -> Iterator[_Variation]:
    """Other encoders, thresholds and passage sizes; the differences under each are made once and then cached."""

    def vary(kind: str, name: str, make: Callable[[], pd.DataFrame], *, content: str = "") -> _Variation:
        path = folder / _hash(f"{kind} {content or name}")
        return _Variation(kind, name, lambda: cached_table(path, lambda: list_differences(make(), settings)))

    def rerun(**change: str | int) -> Callable[[], pd.DataFrame]:
        changed = Settings(**{**settings.model_dump(), **change})
        return lambda: open_analysis(changed).classified

    def decide(threshold: float) -> Callable[[], pd.DataFrame]:
        return lambda: decide_again(analysis, threshold=threshold)

    if settings.scorer == "seeds":
        for name in _other_encoders(settings, analysis):
            identity = identify_reading(open_encoder(name, store=default_store()))
            yield vary(ENCODER, name, rerun(encoder=name), content=identity)
    if _compares_languages(settings, analysis):
        other = {"remove": "keep", "keep": "remove"}[settings.language_shift]
        yield vary(LANGUAGE, {"remove": "removed", "keep": "kept"}[other], rerun(language_shift=other))
    if not analysis.not_corrected:
        return
    if analysis.codebook.multi_label:
        for factor in _THRESHOLD_FACTORS:
            threshold = factor * analysis.threshold
            yield vary(THRESHOLD, f"{threshold:.3f}", decide(threshold))
    varies_size = analysis.codebook.unit == "passage" and settings.scorer != "llm"
    for size in _PASSAGE_SIZES if varies_size else ():
        if size != settings.passage_words:
            yield vary(SIZE, f"{size} words", rerun(passage_words=size))


def _find_cache_folder(analysis: Analysis) -> Path:
    """Folder of this analysis's variations; its name stands for all that they depend on."""
    content = hashlib.sha256(code_hash((*SHAPES_ANALYSIS, "validation")).encode())
    facts = {"key": analysis.key, "method": analysis.facts.method, "threshold": analysis.facts.threshold}
    settings = analysis.settings.model_dump(
        mode="json", exclude={"encoders_varied", "fragility_top", "threshold_varied", "data_path", "language"}
    )
    content.update(json.dumps([facts, settings], sort_keys=True).encode())
    return cache_folder() / "fragility" / content.hexdigest()[:24]


def _hash(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()[:20]
