"""Start-up, encoding and whole reports: wall time, and peak memory of all processes of a run.

python -m benchmarks.speed
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("FRAMING_DATA", ROOT.parent / "shared" / "data"))


def measure(command: list[str], **variables: str) -> tuple[float, float]:
    """Wall seconds and peak memory (MB, shared pages counted once) of a command with its children."""
    start = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    peak, done = 0.0, threading.Event()

    def watch() -> None:
        nonlocal peak
        while not done.wait(1.0):  # a reading stops the process for a moment
            try:
                family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
                peak = max(peak, sum(member.memory_full_info().pss for member in family) / 1e6)
            except psutil.Error:
                continue

    watcher = threading.Thread(target=watch)
    watcher.start()
    code = process.wait()
    done.set()
    watcher.join()
    if code:
        raise SystemExit(f"{' '.join(command)} ended with {code}")
    return time.perf_counter() - start, peak


def main() -> None:
    python = sys.executable
    for title, command in (
        ("import framing", [python, "-c", "import framing"]),
        ("framing --help", [python, "-m", "framing", "--help"]),
    ):
        times = sorted(measure(command)[0] for _ in range(7))
        print(f"{title:<34}{times[3]:.2f} s (median of 7)", flush=True)
    with tempfile.TemporaryDirectory() as cache:
        from framing.corpus import read_corpus, split_passages
        from framing.encoders.sentence import SentenceEncoder

        corpus = read_corpus(ROOT / "corpora" / "deep-strike")
        texts = split_passages(corpus.documents, max_words=45)["text"].to_list()
        encoder = SentenceEncoder("minilm")
        encoder.encode(texts[:64])
        start = time.perf_counter()
        encoder.encode(texts)
        words = sum(len(text.split()) for text in texts) / len(texts)
        rate = len(texts) / (time.perf_counter() - start)
        print(f"encoding, {words:.0f} words a passage   {rate:.0f} passages a second, {encoder.dtype}", flush=True)
        reports = ["sample", *(["ruwa"] if (DATA / "ruwa").is_dir() else [])]
        for name in reports:
            for run in ("first run", "second run"):
                command = [python, "-m", "framing", "report", name]
                seconds, peak = measure(command, FRAMING_CACHE=cache, FRAMING_DATA=str(DATA))
                facts = json.loads((ROOT / "reports" / name / "run.json").read_text(encoding="utf-8"))["counts"]
                print(
                    f"report {name}, {run:<20} {seconds:.0f} s, peak {peak:.0f} MB; {facts['rows_read']} rows = "
                    f"{facts['rows_kept']} kept + {facts['rows_refused']} refused, {facts['passages']} passages",
                    flush=True,
                )


if __name__ == "__main__":
    main()
