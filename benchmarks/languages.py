"""Detected languages: share of texts whose language is right, wrong or undetermined, for each set and language.

`headlines.tsv` has 272 headlines of four to eight words in 46 languages, written for this project; the threshold for
short texts and the list of languages were chosen on every second one and on every second post and title, so that the
halves called `held` are the figures. Public sets, where `FRAMING_DATA` has them: posts (FIGNEWS), whole and their first
eight words; articles (SemEval-2023 task 3), their titles, first 200 characters and whole; ruwa, all English. The labels
of posts are by the account and not by the post: a few are in another language.

    python -m benchmarks.languages            what the package does
    python -m benchmarks.languages --others   beside lingua and pycld2, where they are installed
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path

from benchmarks.labelled import DATA, fignews
from framing.corpus.language import DETECTED, detect_languages

Rows = list[tuple[str, str]]
Detector = Callable[[list[str]], list[str]]
_HEADLINES = Path(__file__).with_name("headlines.tsv")
_ARTICLES = {"en": "en", "it": "it", "fr": "fr", "po": "pl", "ru": "ru", "ge": "de"}


def read_sets() -> dict[str, Rows]:
    """Texts with their language, by the name of the set."""
    lines = [line.split("\t") for line in _HEADLINES.read_text(encoding="utf-8").splitlines()]
    headlines = [(text, language) for language, text in lines]
    sets = {"headlines": headlines[::2], "headlines, held": headlines[1::2]}
    if (DATA / "fignews").is_dir():
        posts = list(fignews()[["text", "language"]].itertuples(index=False, name=None))
        sets["posts, held"] = posts[1::2]
        sets["first 8 words of posts, held"] = [(" ".join(text.split()[:8]), name) for text, name in posts[1::2]]
    if (path := DATA / "semeval2023_frames/train.jsonl").is_file():
        items = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        articles = [(str(item["text"]), _ARTICLES[item["lang"]]) for item in items]
        sets["articles"] = articles
        sets["titles of articles, held"] = [(text.split("\n")[0], name) for text, name in articles[1::2]]
        sets["first 200 characters, held"] = [(text[:200], name) for text, name in articles[1::2]]
    if (DATA / "ruwa").is_dir():
        from framing.corpus import read_corpus

        texts = read_corpus("corpora/ruwa", data_path=str(DATA)).documents["text"]
        sets["ruwa"] = [(str(text), "en") for text in texts]
    return sets


def list_detectors(*, others: bool) -> dict[str, Detector]:
    """Detectors by name: the package's, and those that are installed beside it."""
    detectors: dict[str, Detector] = {"framing": detect_languages}
    if others and find_spec("lingua"):
        detectors["lingua"] = _load_lingua()
    if others and find_spec("pycld2"):
        detectors["pycld2"] = _detect_with_cld2
    return detectors


def _load_lingua() -> Detector:
    from lingua import IsoCode639_1, LanguageDetectorBuilder

    names = [{"no": "NB"}.get(name, name.upper()) for name in sorted(DETECTED)]
    codes = [getattr(IsoCode639_1, name) for name in names if hasattr(IsoCode639_1, name)]
    detector = LanguageDetectorBuilder.from_iso_codes_639_1(*codes).build()

    def detect(texts: list[str]) -> list[str]:
        found = [detector.detect_language_of(text[:1200]) for text in texts]
        names = [language.iso_code_639_1.name.lower() if language else "und" for language in found]
        return ["no" if name == "nb" else name for name in names]

    return detect


def _detect_with_cld2(texts: list[str]) -> list[str]:
    import pycld2

    same = {"iw": "he", "un": "und", "zh-Hant": "zh", "nn": "no"}
    names = []
    for text in texts:
        printable = "".join(character for character in text if character.isprintable())
        name = pycld2.detect(printable, bestEffort=True)[2][0][1]
        names.append(same.get(name, name))
    return names


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--others", action="store_true")
    options = parser.parse_args(arguments)
    sets = read_sets()
    for title, detect in list_detectors(others=options.others).items():
        detect(["The models are loaded with the first text."])
        print(title)
        for name, rows in sets.items():
            start = time.process_time()
            found = detect([text for text, _ in rows])
            rate = len(rows) / (time.process_time() - start)
            _print_set(name, rows, found, rate)


def _print_set(name: str, rows: Rows, found: list[str], rate: float) -> None:
    pairs = sorted((true, guess) for (_, true), guess in zip(rows, found, strict=True))
    shares = {}
    for true, part in groupby(pairs, key=lambda pair: pair[0]):
        right = [guess == true for _, guess in part]
        shares[true] = (sum(right) / len(right), len(right))
    n_right, n_open = sum(true == guess for true, guess in pairs), sum(guess == "und" for _, guess in pairs)
    worse = ", ".join(f"{true} {share:.2f} of {n}" for true, (share, n) in shares.items() if share < 1)
    print(
        f"  {name:30} n {len(pairs):6}  right {n_right / len(pairs):.3f}  undetermined {n_open / len(pairs):.3f}  "
        f"{rate:7.0f} texts/s  {worse and 'below 1: ' + worse}"
    )


if __name__ == "__main__":
    main()
