"""One codebook in many languages: what is learned from English articles in other languages, and decisions on
originals against those on their translations.

python -m benchmarks.crosslingual articles [--encoder multilingual] [--in-language]
    Whole articles (semeval): learned from the English ones alone, measured in French, German, Italian, Polish and
    Russian, beside a logistic head on the same frozen vectors; --in-language: also learned in each language, five folds
python -m benchmarks.crosslingual translations [--encoder multilingual]
    Posts (fignews): zero-shot decisions on the original and on its English machine translation, with the shift of
    languages kept and removed. The method was chosen on half A (docs/method.md); half B is reported.
python -m benchmarks.crosslingual labels [--encoder multilingual]
    The constructed sample in six languages, from the codebook alone, against its labels
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

import numpy as np
import pandas as pd
from sklearn.model_selection import KFold

from benchmarks.baselines import decide_by_frozen_head
from benchmarks.labelled import ROOT, Labelled, fignews, semeval
from framing.classify.classifier import FrameClassifier
from framing.classify.decisions import measure_micro
from framing.codebook import read_codebook
from framing.corpus.language import detect_languages

LANGUAGES = {"fr": "fr", "ge": "de", "it": "it", "po": "pl", "ru": "ru"}  # names of the data, ISO 639-1 codes
N_DRAWS = 1000


def macro_f1(gold: np.ndarray, decided: np.ndarray) -> float:
    """Mean of F1 over the frames that occur."""
    there = gold.any(axis=0)
    return float(np.mean([measure_micro(gold[:, place], decided[:, place]) for place in np.flatnonzero(there)]))


def kappa(one: np.ndarray, other: np.ndarray) -> float:
    """Cohen's kappa of two arrays of bool, all frames together."""
    agreed = (one == other).mean()
    chance = one.mean() * other.mean() + (1 - one.mean()) * (1 - other.mean())
    return float((agreed - chance) / (1 - chance)) if chance < 1 else float("nan")


def interval(measure: Callable[..., float], *arrays: np.ndarray, clusters: np.ndarray | None = None) -> str:
    """The value, and its 95 % interval over draws of texts, or of clusters of them."""
    rng = np.random.default_rng(0)
    place = np.arange(len(arrays[0])) if clusters is None else pd.factorize(clusters)[0]
    members = [np.flatnonzero(place == number) for number in range(place.max() + 1)]
    draws = [
        measure(*(array[rows] for array in arrays))
        for drawn in rng.integers(0, len(members), (N_DRAWS, len(members)))
        for rows in [np.concatenate([members[number] for number in drawn])]
    ]
    low, high = np.nanquantile(draws, [0.025, 0.975])
    return f"{measure(*arrays):.3f} [{low:.3f}, {high:.3f}]"


def learn(data: Labelled, rows: np.ndarray, encoder: str) -> FrameClassifier:
    fitted = FrameClassifier(data.codebook, encoder, strength="head", threshold_for="micro")
    return fitted.fit([data.texts[row] for row in rows], data.gold[rows])


def articles(encoder: str, *, in_language: bool) -> None:
    """Learned from English articles alone; the texts of other languages enter nothing that is learned."""
    english = semeval("en")
    fitted = learn(english, np.arange(len(english.texts)), encoder)
    left_out = fitted.decide_scores(fitted.cross_fitted_) == "present"
    print(f"en, left out: micro-F1 {interval(measure_micro, english.gold, left_out)}", flush=True)
    ours, plain = [], []
    others = {name: semeval(name) for name in LANGUAGES}
    every = [text for data in others.values() for text in data.texts]
    ends = np.cumsum([len(data.texts) for data in others.values()])[:-1]
    by_heads = decide_by_frozen_head(english.texts, english.gold, every, encoder=encoder, measure="micro")
    for (name, data), by_head in zip(others.items(), np.split(by_heads, ends), strict=True):
        language = LANGUAGES[name]
        decided = fitted.decide(data.texts) == "present"
        ours.append(measure_micro(data.gold, decided))
        plain.append(measure_micro(data.gold, by_head))
        print(
            f"{language}, {len(data.texts)} articles: learned from English micro-F1 "
            f"{interval(measure_micro, data.gold, decided)}, logistic head "
            f"{interval(measure_micro, data.gold, by_head)}",
            flush=True,
        )
        if in_language:
            inside = np.zeros(data.gold.shape, dtype=bool)
            for rows, test in KFold(5, shuffle=True, random_state=0).split(data.texts):
                inside[test] = learn(data, rows, encoder).decide([data.texts[row] for row in test]) == "present"
            print(f"  learned in {language}, five folds: {interval(measure_micro, data.gold, inside)}", flush=True)
    print(
        f"mean of {len(ours)} languages: learned from English {np.mean(ours):.3f}, logistic head {np.mean(plain):.3f}"
    )


def translations(encoder: str) -> None:
    """Zero-shot decisions on originals and on translations."""
    posts = fignews()
    halves = np.where(np.random.default_rng(0).random(len(posts)) < 0.5, "A", "B")
    codebook = read_codebook(ROOT / "seeds" / "great-power-crisis.yaml")
    for shift in ("keep", "remove"):
        fitted = FrameClassifier(codebook, encoder, strength="zero-shot", language_shift=shift).fit()
        scores, others = (fitted.predict_proba(posts[column].to_list()) for column in ("text", "translation"))
        original, translated = (fitted.decide_scores(each) == "present" for each in (scores, others))
        for half in ("A", "B"):
            values, matched = [], []
            for language in ("ar", "he", "fr", "hi"):
                rows = (posts["language"] == language).to_numpy() & (halves == half)
                one, other = original[rows], translated[rows]
                values.append(kappa(one, other))
                cuts = [  # per frame, so that originals are marked as often as translations
                    np.quantile(column, 1 - share) if share else np.inf
                    for column, share in zip(scores[rows].T, other.mean(axis=0), strict=True)
                ]
                matched.append(kappa(scores[rows] >= np.array(cuts), other))
                print(
                    f"shift {shift}, half {half}, {language}, {rows.sum()} posts: kappa {interval(kappa, one, other)}; "
                    f"marked {one.mean():.3f} of originals, {other.mean():.3f} of translations, difference "
                    f"{interval(lambda a, b: float(a.mean() - b.mean()), one, other)}",
                    flush=True,
                )
            print(
                f"shift {shift}, half {half}: mean kappa {np.mean(values):.3f}; if quantiles of scores are matched by "
                f"language, which supposes equal shares: {np.mean(matched):.3f}",
                flush=True,
            )


def labels(encoder: str) -> None:
    """Agreement with labels in each language: the shift of languages kept and removed, and learned from examples."""
    codebook = read_codebook(ROOT / "seeds" / "great-power-crisis.yaml")
    rows = pd.read_csv(ROOT / "corpora" / "deep-strike-languages" / "gold.csv", dtype=str, keep_default_na=False)
    gold = np.array([np.isin(codebook.frame_ids, cell.split(";")) for cell in rows["frames"]])
    languages = np.array(detect_languages(rows["text"]))
    documents = rows["document_id"].to_numpy(object)
    for strength, shift in (("zero-shot", "keep"), ("zero-shot", "remove"), ("head", "remove")):
        fitted = FrameClassifier(codebook, encoder, strength=strength, language_shift=shift).fit()
        decided = fitted.decide(rows["text"].to_list()) == "present"
        for language in ("en", "de", "uk", "ru", "zh", "hi", "fr", "es"):
            own = languages == language
            if own.sum() >= 20:
                print(
                    f"{strength}, shift {shift}, {language}, {own.sum()} passages: micro-F1 "
                    f"{interval(measure_micro, gold[own], decided[own], clusters=documents[own])}, macro-F1 "
                    f"{interval(macro_f1, gold[own], decided[own], clusters=documents[own])}; marked "
                    f"{decided[own].mean():.3f}, labelled {gold[own].mean():.3f}",
                    flush=True,
                )
        whole = interval(measure_micro, gold, decided, clusters=documents)
        print(f"{strength}, shift {shift}, all {len(rows)}: micro-F1 {whole}", flush=True)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["articles", "translations", "labels"])
    parser.add_argument("--encoder", default="multilingual")
    parser.add_argument("--in-language", action="store_true", help="articles: also learned in each language")
    options = parser.parse_args(arguments)
    if options.what == "articles":
        articles(options.encoder, in_language=options.in_language)
    else:
        {"translations": translations, "labels": labels}[options.what](options.encoder)


if __name__ == "__main__":
    main()
