"""The store of vectors: how fast it reads and writes, how much room it takes, and what is lost when writers are killed.

python -m benchmarks.store [speed] [kills] [--kind sqlite] [--vectors 1000000] [--times 40] [--seed N]

`kills` encodes with MiniLM in two processes that share half of their texts, kills them with SIGKILL at random moments,
and looks for what they had been told was stored.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from framing.encoders.sentence import SentenceEncoder
from framing.encoders.store import VectorStore

ROOT = Path(__file__).resolve().parent.parent
DIMENSIONS = 384
PART = 100_000
CHUNK = 16  # texts that a writer encodes at once
CODEBOOK = ROOT / "seeds" / "great-power-crisis.yaml"


@contextmanager
def timed(title: str, n: int = 0) -> Iterator[None]:
    used = resource.getrusage(resource.RUSAGE_SELF)
    start = time.perf_counter()
    yield
    wall = time.perf_counter() - start
    now = resource.getrusage(resource.RUSAGE_SELF)
    cpu = now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime
    rate = f", {n / wall:,.0f} a second ({n / max(cpu, 1e-9):,.0f} a CPU second)" if n else ""
    print(f"  {title}: {wall:.3f} s, {cpu:.3f} s of CPU{rate}", flush=True)


def name_texts(start: int, n: int) -> list[str]:
    return [f"Passage {number}: talks on the ceasefire went on for another day." for number in range(start, start + n)]


def measure_speed(kind: str, n_vectors: int, seed: int) -> None:
    generator = np.random.default_rng(seed)
    with tempfile.TemporaryDirectory(prefix="framing-store-") as folder:
        path = Path(folder) / "embeddings.sqlite"
        print(f"{kind}, {n_vectors:,} vectors of {DIMENSIONS} dimensions", flush=True)
        store = VectorStore(path, kind=kind)
        for start in range(0, n_vectors, PART):
            n = min(PART, n_vectors - start)
            store.put("model", name_texts(start, n), generator.standard_normal((n, DIMENSIONS), dtype=np.float32))
        print(f"  on disk: {store.shelf.size() / 1e6:,.0f} MB", flush=True)
        with timed("open and read one"):
            assert len(VectorStore(path, kind=kind).get("model", name_texts(n_vectors // 2, 1))) == 1
        n_read = min(PART, n_vectors)
        numbers = generator.choice(n_vectors, n_read, replace=False)
        texts = [name_texts(int(number), 1)[0] for number in numbers]
        for title, wanted in ((f"read {n_read:,} at random", texts), ("the same again", texts),
                              (f"read {n_read:,} in their order", name_texts(0, n_read))):  # fmt: skip
            with timed(title, n_read):
                rows, _ = store.get_rows("model", wanted)
            assert len(rows) == n_read
        with timed(f"look for {n_read:,} that are not there", n_read):
            store.get_rows("model", name_texts(n_vectors * 2, n_read))
        new = generator.standard_normal((PART, DIMENSIONS), dtype=np.float32)
        with timed(f"store {PART:,} more", PART):
            store.put("model", name_texts(n_vectors, PART), new)
        with timed("store 1,024 more", 1024):
            store.put("model", name_texts(n_vectors + PART, 1024), new[:1024])
        with timed("check all"):
            assert not store.shelf.check().problems


def write_until_killed(encoder: SentenceEncoder, texts: list[str]) -> tuple[int, int]:
    """Fork a writer; returns its process and the pipe on which it tells each chunk that is stored."""
    read, write = os.pipe()
    process = os.fork()
    if process:
        os.close(write)
        return process, read
    for start in range(0, len(texts), CHUNK):
        encoder.encode(texts[start : start + CHUNK])
        os.write(write, b"%d\n" % start)
    time.sleep(600)
    os._exit(1)


def measure_kills(kind: str, times: int, seed: int) -> None:
    import torch

    torch.set_num_threads(1)  # forked processes have no other threads
    choice = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="framing-store-") as folder:
        store = VectorStore(Path(folder) / "embeddings.sqlite", kind=kind)
        encoder = SentenceEncoder("minilm", store=store, dtype="float32")
        encoder.encode(["loads the model"])
        stored: set[str] = set()
        for number in range(0, times, 2):
            shared = [f"Round {number}: in sentence {item} the minister spoke of peace." for item in range(2000)]
            own = [[f"Writer {writer}: {text}" for text in shared] for writer in (0, 1)]
            texts = [choice.sample(shared[:1000] + own[writer][:1000], 2000) for writer in (0, 1)]
            writers = [write_until_killed(encoder, part) for part in texts]
            time.sleep(choice.uniform(0.05, 1.5))
            for process, _ in writers:
                time.sleep(choice.uniform(0, 0.05))
                os.kill(process, signal.SIGKILL)
            for (process, pipe), part in zip(writers, texts, strict=True):
                os.waitpid(process, 0)
                with os.fdopen(pipe) as lines:
                    for line in lines:
                        stored |= set(part[int(line) : int(line) + CHUNK])
        found = VectorStore(store.path, kind=kind).get(encoder.fingerprint, sorted(stored))
        sample = sorted(found)[:: max(len(found) // 200, 1)]
        fresh = SentenceEncoder("minilm", dtype="float32").encode(sample)
        n_wrong = int((np.abs(np.stack([found[text] for text in sample]) - fresh).max(axis=1) > 1e-5).sum())
        checked = store.shelf.check()
        print(
            f"{kind}, {times} writers killed: {len(stored):,} texts acknowledged, {len(stored) - len(found)} lost; "
            f"{checked.n_vectors:,} stored, {checked.n_vectors - len(store)} twice, "
            f"{len(checked.problems)} problems, {n_wrong} of {len(sample)} differ from a fresh vector"
        )
        compare_reruns(Path(folder), kind, sorted(stored)[:300])


def compare_reruns(cache: Path, kind: str, texts: list[str]) -> None:
    """Classify the same texts with what the killed writers left, again, and with an empty cache."""
    source = cache / "texts.csv"
    with source.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([["text"], *([text] for text in texts)])
    outputs = []
    for name, place in (("first", cache), ("again", cache), ("empty", cache / "other")):
        output = cache / f"{name}.csv"
        command = [sys.executable, "-m", "framing", "classify", source, "--codebook", CODEBOOK, "--output", output]
        variables = {"FRAMING_CACHE": str(place), "FRAMING_STORE": kind}
        subprocess.run(list(map(str, command)), cwd=ROOT, env=os.environ | variables, check=True, capture_output=True)
        outputs.append(output.read_bytes())
    tables = [list(csv.DictReader(output.decode().splitlines())) for output in outputs]
    first, _, empty = ([(row["frame"], row["decision"]) for row in table] for table in tables)
    print(f"  classify, a rerun: {'equal in every byte' if outputs[0] == outputs[1] else 'DIFFERENT'}")
    print(f"  classify, decisions with an empty cache: {'equal' if first == empty else 'DIFFERENT'}", flush=True)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("parts", nargs="*", default=["speed", "kills"])
    parser.add_argument("--kind", choices=["sqlite", "parts"], action="append")
    parser.add_argument("--vectors", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=40)
    parser.add_argument("--seed", type=int, default=20251128)
    options = parser.parse_args(arguments)
    os.environ["FRAMING_STORE_LIMIT"] = "1 TB"
    warnings.simplefilter("error", UserWarning)
    for part in options.parts:
        for kind in options.kind or ["sqlite", "parts"]:
            if part == "speed":
                measure_speed(kind, options.vectors, options.seed)
            else:
                measure_kills(kind, options.times, options.seed)


if __name__ == "__main__":
    main()
