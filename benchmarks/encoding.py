"""Encoding: passages a second beside sentence-transformers, agreement with it, share of the processor's peak, reports.

python -m benchmarks.encoding [--words 25 60 150] [--runs 5] [--encoders minilm mpnet] [--backends auto …] [--no-report]
                              [--languages en ru zh] [--cores]

Every figure of speed is the median of runs that alternate with those of SentenceTransformer.encode (float32, 32 texts a
batch) in one process. Texts are from the General Debate of the United Nations where FRAMING_DATA has it (ungdc), else
from corpora/; in other languages than English from corpora/deep-strike-languages. Words of Chinese are 1.7 characters.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from framing.classify.classifier import FrameClassifier
from framing.codebook import read_codebook
from framing.corpus import read_corpus, split_passages
from framing.corpus.words import is_unspaced
from framing.encoders.sentence import SentenceEncoder
from framing.encoders.weights import installed_encoders
from framing.files.machine import count_cores, describe_processor

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("FRAMING_DATA", ROOT.parent / "shared" / "data"))
BOOK = ROOT / "seeds" / "great-power-crisis.yaml"
WAYS = (
    ("openvino", "bfloat16"),
    ("openvino", "float32"),
    ("onnxruntime", "float32"),
    ("torch", "bfloat16"),
    ("torch", "float32"),
)
TEXTS_OF = {25: 2000, 60: 1000, 150: 400}
CHARACTERS_A_WORD = 1.7  # of Chinese, as framing.corpus.words counts them
SHAPES = ((384, 384), (384, 1536), (1536, 384))  # of MiniLM's products
STEADY = 2  # seconds over which a product is measured


def read_words(language: str = "en") -> list[str]:
    """Running text, as words; as characters where there are no spaces between words."""
    if language != "en":
        documents = read_corpus(ROOT / "corpora" / "deep-strike-languages").documents
        text = " ".join(documents.loc[documents["language"] == language, "text"])
        return list(text) if is_unspaced(text) else text.split()
    files = sorted((DATA / "ungdc_2000_2022").glob("*.gz"))
    if files:
        with gzip.open(files[0], "rt", encoding="utf-8") as stream:
            return " ".join(json.loads(line)["text"] for line, _ in zip(stream, range(200), strict=False)).split()
    documents = pd.concat([read_corpus(path.parent).documents for path in (ROOT / "corpora").glob("*/corpus.yaml")
                           if list(path.parent.glob("documents/*"))])  # fmt: skip
    return " ".join(documents["text"]).split()


def make_texts(words: list[str], average: int, encoder: SentenceEncoder, n: int = 0) -> list[str]:
    """Texts of about so many words, none longer than what the model reads at once."""
    generator, texts, place = random.Random(0), [], 0
    n = n or TEXTS_OF.get(average, max(100, 60_000 // average))
    is_spaced = max(map(len, words)) > 1
    length = average if is_spaced else round(CHARACTERS_A_WORD * average)
    while len(texts) < n:
        size = max(4, int(generator.gauss(length, length / 4)))
        texts.append((" " if is_spaced else "").join(words[place : place + size]))
        place = (place + size) % max(len(words) - 2 * length, 1)
    texts = list(dict.fromkeys(texts))
    return [text for text, is_long in zip(texts, encoder.find_long(texts), strict=True) if not is_long]


def measure(
    functions: dict[str, Callable[[], Any]], runs: int, clock: Callable[[], float] = time.perf_counter
) -> dict[str, float]:
    """Median seconds of each function, in runs that alternate; with `time.process_time` those of all cores together."""
    seconds: dict[str, list[float]] = {name: [] for name in functions}
    for _ in range(runs):
        for name, function in functions.items():
            start = clock()
            function()
            seconds[name].append(clock() - start)
    return {name: statistics.median(values) for name, values in seconds.items()}


def make_prototypes(vectors: np.ndarray, owners: Sequence[int]) -> np.ndarray:
    """Mean vector of each frame's seeds, of unit length, shape (K, d)."""
    means = np.stack([vectors[np.array(owners) == number].mean(axis=0) for number in sorted(set(owners))])
    return means / np.linalg.norm(means, axis=1, keepdims=True)


def find_nearest(vectors: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Row of the nearest other of each vector, shape (n,)."""
    return (vectors @ others.T).argmax(axis=1)


def show_speed(
    name: str, averages: list[int], backends: list[str], runs: int, n_texts: int = 0, language: str = "en"
) -> None:
    """Rates, and agreement with sentence-transformers."""
    from sentence_transformers import SentenceTransformer

    encoders = {backend: SentenceEncoder(name, backend=backend) for backend in backends}
    plain = SentenceTransformer(str(encoders[backends[0]].source.folder), device=None)
    owners, seeds = zip(*((n, seed) for n, frame in enumerate(read_codebook(BOOK).frames) for seed in frame.seeds),
                        strict=True)  # fmt: skip
    exact_seeds = plain.encode(list(seeds), normalize_embeddings=True)
    words = read_words(language)
    print(f"{name}, {language}: passages a second ({describe_processor()}, {count_cores()} cores)")
    for average in averages:
        texts = make_texts(words, average, encoders[backends[0]], n_texts)
        exact = plain.encode(texts, batch_size=32, normalize_embeddings=True)
        functions: dict[str, Callable[[], Any]] = {"plain": lambda texts=texts: plain.encode(texts, batch_size=32)}
        for backend, encoder in encoders.items():
            encoder.encode(texts[:64])
            functions[backend] = lambda texts=texts, encoder=encoder: encoder.encode(texts)
        seconds = measure(functions, runs)
        print(f"  {average} words, {len(texts)} passages: sentence-transformers {len(texts) / seconds['plain']:.0f}")
        for backend, encoder in encoders.items():
            vectors = encoder.encode(texts)
            cosines = (vectors * exact).sum(axis=1)
            own_seeds = encoder.encode(list(seeds))
            equal = [
                (find_nearest(vectors, ours) == find_nearest(exact, theirs)).mean()
                for ours, theirs in (
                    (make_prototypes(own_seeds, owners), make_prototypes(exact_seeds, owners)),
                    (own_seeds, exact_seeds),
                )
            ]
            print(
                f"    {backend:<12}{encoder.backend} {encoder.dtype}: {len(texts) / seconds[backend]:.0f}, "
                f"{seconds['plain'] / seconds[backend]:.2f} times; cosine least {cosines.min():.5f} mean "
                f"{cosines.mean():.6f}; nearest prototype equal {equal[0]:.2%}, nearest of {len(seeds):,} seeds "
                f"{equal[1]:.2%}",
                flush=True,
            )


def show_cores(names: list[str], averages: list[int], runs: int, n_texts: int, language: str) -> None:
    """Passages a second of one core's time, encoders in turn: other work on the machine has little say."""
    encoders = {name: SentenceEncoder(name) for name in names}
    words = read_words(language)
    for average in averages:
        texts = make_texts(words, average, encoders[names[-1]], n_texts)
        functions: dict[str, Callable[[], Any]] = {
            name: lambda encoder=encoder, texts=texts: encoder.encode(texts) for name, encoder in encoders.items()
        }
        measure(functions, 1)  # what is made at first use
        seconds = measure(functions, runs, time.process_time)
        rates = ", ".join(f"{name} {encoders[name].dtype} {len(texts) / seconds[name]:.0f}" for name in names)
        print(f"{language}, {average} words, {len(texts)} passages, a second of one core: {rates}", flush=True)


def show_peak(name: str, rate: float, tokens: float) -> None:
    """What the processor multiplies in bfloat16, and the share of it that a rate of encoding uses."""
    import torch

    def multiply(rows: int, inner: int, columns: int) -> float:
        one, other = (torch.randn(shape, dtype=torch.bfloat16) for shape in ((rows, inner), (inner, columns)))
        start, n = time.perf_counter(), 0
        while time.perf_counter() - start < STEADY:
            torch.matmul(one, other)
            n += 1
        return 2.0 * n * rows * inner * columns / (time.perf_counter() - start) / 1e9

    square = multiply(2048, 2048, 2048)
    own = {f"{inner} x {columns}": multiply(2048, inner, columns) for inner, columns in SHAPES}
    config = json.loads((Path(str(SentenceEncoder(name).source.folder)) / "config.json").read_text(encoding="utf-8"))
    layers, width, inner = (config[key] for key in ("num_hidden_layers", "hidden_size", "intermediate_size"))
    per_token = layers * (2 * (4 * width * width + 2 * width * inner) + 4 * width * tokens)
    used = rate * tokens * per_token / 1e9
    products = ", ".join(f"{shape} {speed:.0f}" for shape, speed in own.items())
    print(f"bfloat16 products of 2048 rows, thousand million operations a second: 2048 x 2048 {square:.0f}; {products}")
    print(
        f"{name} at {rate:.0f} passages of {tokens:.0f} tokens a second: {used:.0f}, {used / square:.0%} of the first"
    )


def show_report() -> None:
    """Shares of the sample corpus by every way of computing, beside those of torch in float32."""
    passages = split_passages(read_corpus(ROOT / "corpora" / "deep-strike").documents)
    book, texts = read_codebook(BOOK), passages["text"].to_list()
    found = {}
    for backend, dtype in WAYS:
        encoder = SentenceEncoder("minilm", backend=backend, dtype=dtype)  # type: ignore[arg-type]
        if (encoder.backend, encoder.dtype) != (backend, dtype):
            print(f"  {backend} {dtype}: left out; this machine uses {encoder.backend} {encoder.dtype}")
            continue
        classifier = FrameClassifier(book, encoder).fit()
        scores = classifier.predict_proba(texts)
        decisions = classifier.decide_scores(scores)
        shares = pd.DataFrame(decisions == "present").groupby(passages["outlet"].to_numpy()).mean().to_numpy()
        found[backend, dtype] = scores, decisions, shares
    scores, decisions, shares = found["torch", "float32"]
    print(f"tables of corpora/deep-strike ({len(texts)} passages, {decisions.size} decisions) beside torch float32:")
    for (backend, dtype), (other_scores, other_decisions, other_shares) in found.items():
        print(
            f"  {backend} {dtype}: largest difference of a share by outlet {np.abs(other_shares - shares).max():.4f}, "
            f"of a score {np.abs(other_scores - scores).max():.4f}; decisions that differ "
            f"{int((other_decisions != decisions).sum())}",
            flush=True,
        )


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--words", nargs="+", type=int, default=[25, 60, 150])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--encoders", nargs="+", default=installed_encoders())
    parser.add_argument("--languages", nargs="+", default=["en"])
    parser.add_argument("--backends", nargs="+", default=["auto"])
    parser.add_argument("--texts", type=int, default=0, help="passages of each length; 0: about 60,000 words")
    parser.add_argument("--cores", action="store_true", help="the rates of one core alone")
    parser.add_argument("--no-report", action="store_true")
    chosen = parser.parse_args(arguments)
    for language in chosen.languages:
        show_cores(chosen.encoders, chosen.words, chosen.runs, chosen.texts, language)
        if chosen.cores:
            continue
        for name in chosen.encoders:
            show_speed(name, chosen.words, chosen.backends, chosen.runs, chosen.texts, language)
    if chosen.cores:
        return
    encoder = SentenceEncoder("minilm")
    texts = make_texts(read_words(), 60, encoder)
    tokens = float(np.mean([len(ids) for ids in encoder._open().read(texts).tokens]))
    seconds = measure({"auto": lambda: encoder.encode(texts)}, chosen.runs)["auto"]
    show_peak("minilm", len(texts) / seconds, tokens)
    if not chosen.no_report:
        show_report()


if __name__ == "__main__":
    main()
