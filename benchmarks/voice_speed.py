"""How fast voices are found: passages of a real corpus with an empty cache and again, and texts made to be slow.

Run as `python -m benchmarks.voice_speed [--passages N] [--long]`; the corpus is ruwa, in FRAMING_TEST_DATA or else
beside the repository.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from framing.corpus import read_corpus, whole_passages
from framing.files.machine import count_available_cores
from framing.voice.marking import mark_voices

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("FRAMING_TEST_DATA", ROOT.parent / "shared" / "data"))
LONG = {  # texts in which a search that looks back or ahead without a limit takes time with the square of their length
    "60,000 letters without a space": "a" * 60_000,
    "6,000 short quotations": "“Go,” he said. " * 6_000,
    "50,000 quotation marks": "“" * 50_000,
    "50,000 marks of both kinds": "“‘" * 25_000,
    "25,000 marks with spaces": '" ' * 25_000,
    "8,000 open quotations": "“Go on.\n" * 8_000,
    "7,000 verbs without a full stop": "compare " * 7_000,
    "1,500 sentences of speech": "The envoy said that the canal was open. " * 1_500,
}


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=2000, help="passages of ruwa, drawn at random")
    parser.add_argument("--long", action="store_true", help="texts made to be slow instead")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["FRAMING_CACHE"] = folder
        mark_voices(pd.DataFrame({"passage_id": ["p"], "text": ["The envoy said no."]}))  # loads the parser
        if options.long:
            for title, text in LONG.items():
                seconds, _ = measure(lambda text=text: mark_voices(pd.DataFrame({"passage_id": ["p"], "text": [text]})))
                print(f"{title:<34}{seconds:6.2f} s", flush=True)
        elif (DATA / "ruwa").is_dir():
            print_speeds(options.passages)
        else:
            print("no speed: the corpus ruwa is not beside the repository")


def print_speeds(n_passages: int) -> None:
    """Passages a second, and processor time a passage, of a first and a second reading."""
    passages = whole_passages(read_corpus(ROOT / "corpora" / "ruwa", data_path=str(DATA / "ruwa")).documents)
    part = passages.sample(min(n_passages, len(passages)), random_state=0)
    for title in ("first time", "second time"):
        seconds, used = measure(lambda: mark_voices(part))
        print(
            f"voices of {len(part):,} passages, {title:<12}{len(part) / seconds:6.0f} a second "
            f"on {count_available_cores()} cores"
            f", {1000 * used / len(part):.2f} ms of processor time each",
            flush=True,
        )


def measure(run: Callable[[], object]) -> tuple[float, float]:
    """Seconds, and seconds of processor time with that of processes that have ended."""
    start, used = time.perf_counter(), _used()
    run()
    return time.perf_counter() - start, _used() - used


def _used() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


if __name__ == "__main__":
    main()
