"""Who speaks: agreement with the cases and the sample's labels, and passages per second.

Cases in `tests/voice_cases.jsonl`: `dev` was seen while rules were written, `test` and the held half of the sample's
documents were not; `fresh` was written last, in another style. Those in `voice_cases_second.jsonl` were written before
their writer had read any rule, and halved by a hash: `dev` was seen while rules were mended, `test` was not;
`practice` was written and mended in five rounds after it.
Run as `python -m benchmarks.voices [--speed]`.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from framing.corpus import read_corpus, whole_passages
from framing.voice.marking import mark_voices
from tests.voice_cases import ROOT, SECOND, cases, figures, mark_cases, sample


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--speed", action="store_true", help="passages per second on the real corpus ruwa as well")
    options = parser.parse_args(arguments)
    for split in ("dev", "test", "fresh"):
        rows = cases(split)
        _print_figures(f"cases, {split}", figures(rows, mark_cases(rows)))
    for split in ("dev", "practice", "test"):
        rows = cases(split, SECOND)
        _print_figures(f"second cases, {split}", figures(rows, mark_cases(rows)))
    for development in (True, False):
        _print_figures(
            f"sample, {'development' if development else 'held'} half", figures(*sample(development=development))
        )
    if options.speed:
        for n, first, again in measure_speeds():
            print(f"{n} passages of ruwa: {n / first:.0f} a second parsed, {n / again:.0f} a second from the cache")


def measure_speeds(sizes: tuple[int, ...] = (4000, 8000, 16000)) -> Iterator[tuple[int, float, float]]:
    """Number of passages of ruwa, and seconds for them with an empty cache and again."""
    data = Path(os.environ.get("FRAMING_TEST_DATA", ROOT.parent / "shared" / "data"))
    if not (data / "ruwa").is_dir():
        print("no speed: the real corpora are not beside the repository")
        return
    passages = whole_passages(read_corpus(ROOT / "corpora" / "ruwa", data_path=str(data / "ruwa")).documents)
    for n in sizes:
        with tempfile.TemporaryDirectory() as folder:
            os.environ["FRAMING_CACHE"] = folder
            part = passages.sample(n, random_state=0)
            seconds = []
            for _ in range(2):
                begun = time.perf_counter()
                mark_voices(part)
                seconds.append(time.perf_counter() - begun)
        yield n, seconds[0], seconds[1]


def _print_figures(title: str, values: dict[str, float]) -> None:
    print(title)
    for name, value in values.items():
        print(f"  {name:34} {value:.3f}" if name != "n" else f"  {name:34} {value:.0f}")


if __name__ == "__main__":
    main()
