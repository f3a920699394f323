"""A corpus of any size: time and memory of `framing classify` against a plain script, and parts on a cluster.

python -m benchmarks.scale memory 0.1 0.5 1     ours at these shares of the speeches, each with a store of its own
python -m benchmarks.scale rival 1              the plain script, with passages alone and with runs of sentences
python -m benchmarks.scale cluster 1            1 and 2 workers of a core each, eight workers killed, one process
python -m benchmarks.scale kills 60             so many parts: one process, then two workers with eight killed at work
python -m benchmarks.scale report               the sample report over two workers, and in one process

Needs the speeches of the UN General Debate, for `kills` the headlines on China, under FRAMING_DATA. Without a command
all other figures follow each other.
"""

from __future__ import annotations

import gzip
import os
import random
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from benchmarks.speed import DATA, ROOT, measure
from framing.corpus.streams import PART_DOCUMENTS

SPEECHES = DATA / "ungdc_2000_2022" / "ungdc_2000_2022.jsonl.gz"
HEADLINES = DATA / "china_media_headlines" / "headlines.tsv"
CODEBOOK = ROOT / "seeds" / "great-power-crisis.yaml"
N_KILLED = 8


def take_share(share: float, folder: Path) -> Path:
    """A file with a share of the speeches, evenly spread over the years."""
    path = folder / f"speeches-{round(100 * share)}.jsonl.gz"
    with gzip.open(SPEECHES, "rt", encoding="utf-8") as lines, gzip.open(path, "wt", encoding="utf-8") as stream:
        for number, line in enumerate(lines):
            if int((number + 1) * share) > int(number * share):
                stream.write(line)
    return path


def repeat_headlines(n_parts: int, folder: Path) -> Path:
    """A file of so many parts: the headlines again and again, each row with an id of its own."""
    texts = pd.read_csv(HEADLINES, sep="\t", quoting=3, dtype=str, keep_default_na=False)["headline"]
    texts = texts[texts.str.strip() != ""].to_list()
    path = folder / f"headlines-{n_parts}.csv"
    rows = range(n_parts * PART_DOCUMENTS)
    table = {"document_id": [f"row-{number}" for number in rows], "text": [texts[n % len(texts)] for n in rows]}
    pd.DataFrame(table).to_csv(path, index=False)
    return path


def prepare_cache(folder: Path) -> Path:
    """A cache that has the exported model and the vectors of the codebook, and of no speech."""
    cache, source = folder / "prepared", folder / "one.jsonl"
    source.write_text('{"text": "The ministers met in the capital to speak about the treaty."}\n', encoding="utf-8")
    classify(source, folder / "one.parquet", cache)
    return cache


def copy_cache(prepared: Path, name: str) -> Path:
    """A copy, so that no run finds the vectors of another one."""
    return Path(shutil.copytree(prepared, prepared.with_name(name)))


def classify(source: Path, output: Path, cache: Path, executor: str = "local") -> tuple[float, float]:
    """Wall seconds and peak memory (MB) of `framing classify` with an own cache."""
    command = [sys.executable, "-m", "framing", "classify", str(source), "--split", "--codebook", str(CODEBOOK)]
    return measure([*command, "--output", str(output), "--executor", executor], FRAMING_CACHE=str(cache))


def measure_memory(shares: list[float]) -> None:
    """Time and memory at several shares of the corpus."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepared, peaks = prepare_cache(folder), []
        for share in shares:
            source, output = take_share(share, folder), folder / f"out-{share}.parquet"
            seconds, peak = classify(source, output, copy_cache(prepared, f"cache-{share}"))
            n_passages = len(set(pq.read_table(output, columns=["passage_id"])["passage_id"].to_pylist()))
            peaks.append(peak)
            print(
                f"classify, {share:.0%} of the speeches: {n_passages:,} passages, {seconds:.0f} s "
                f"({n_passages / seconds:.0f} a second, all included), peak {peak:.0f} MB",
                flush=True,
            )
        print(f"peak memory of the largest over the smallest: {max(peaks) / min(peaks):.2f}")


def measure_rival(share: float) -> None:
    """Time and memory of the plain script."""
    with tempfile.TemporaryDirectory() as name:
        source = take_share(share, Path(name))
        for title, more in (("passages alone", []), ("passages and runs of sentences", ["--windows"])):
            arguments = [str(source), str(CODEBOOK), str(Path(name) / "plain.parquet"), *more]
            seconds, peak = measure([sys.executable, "-m", "benchmarks.plain_script", *arguments])
            print(f"plain script, {title}, {share:.0%}: {seconds:.0f} s, peak {peak:.0f} MB", flush=True)


@contextmanager
def open_cluster(n_workers: int, cache: Path) -> Iterator[tuple[str, list[int]]]:
    """The address of a scheduler whose workers have a core each, and the processes of the workers."""
    from distributed import Client, LocalCluster

    os.environ["FRAMING_CACHE"] = str(cache)  # the workers inherit it
    options = {"threads_per_worker": 1, "processes": True, "dashboard_address": None}
    with LocalCluster(n_workers=n_workers, **options) as cluster, Client(cluster, set_as_default=False) as client:
        cores = sorted(os.sched_getaffinity(0))
        for number, address in enumerate(client.scheduler_info(n_workers=-1)["workers"]):
            client.run(os.sched_setaffinity, 0, {cores[number % len(cores)]}, workers=[address])

        def list_workers() -> list[int]:
            return list(client.run(os.getpid, on_error="ignore").values())

        yield cluster.scheduler_address.replace("tcp://", "dask://"), list_workers  # type: ignore[misc]


def kill_workers(  # type: ignore[no-untyped-def]
    results: Path, list_workers, done: threading.Event, parts: set[str]
) -> list[int]:
    """Kill workers at random while parts are being finished, one at a time; names of finished parts go to `parts`."""
    killed: list[int] = []
    draw = random.Random(0)
    next_at = 1
    while not done.wait(0.2):
        parts.update(path.name for path in results.glob("part-*.parquet"))
        n_finished = len(parts)
        if n_finished < next_at or len(killed) == N_KILLED:
            continue
        workers = list_workers()
        if workers:
            killed.append(draw.choice(workers))
            os.kill(killed[-1], signal.SIGKILL)
            next_at = n_finished + draw.randint(1, 5)
    return killed


def measure_cluster(share: float) -> None:
    """Two workers against one, and against one process when workers are killed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source, prepared = take_share(share, folder), prepare_cache(folder)
        seconds, _ = classify(source, folder / "here.parquet", copy_cache(prepared, "cache-here"))
        print(f"one process, {share:.0%}: {seconds:.0f} s", flush=True)
        times = {}
        for n_workers in (1, 2):
            cache = copy_cache(prepared, f"cache-{n_workers}")
            with open_cluster(n_workers, cache) as (address, _):
                output = folder / f"workers-{n_workers}.parquet"
                times[n_workers] = classify(source, output, cache, address)[0]
            print(f"{n_workers} worker(s) of a core each: {times[n_workers]:.0f} s", flush=True)
            compare(folder / "here.parquet", output)
        print(f"from 1 to 2 workers: {times[1] / times[2]:.2f} times as fast", flush=True)
        compare_killed(folder, source, prepared)


def measure_kills(n_parts: int) -> None:
    """One process, and two workers of which eight are killed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source, prepared = repeat_headlines(n_parts, folder), prepare_cache(folder)
        seconds, peak = classify(source, folder / "here.parquet", copy_cache(prepared, "cache-here"))
        print(f"one process, {n_parts} parts: {seconds:.0f} s, peak {peak:.0f} MB", flush=True)
        compare_killed(folder, source, prepared)


def compare_killed(folder: Path, source: Path, prepared: Path) -> None:
    """Kill workers while they classify; print what their output lacks of that of one process."""
    output, done, killed = folder / "killed.parquet", threading.Event(), []
    cache = copy_cache(prepared, "cache-killed")
    with open_cluster(2, cache) as (address, list_workers):
        results = output.with_name(f"{output.name}.parts") / "results"
        parts: set[str] = set()
        killer = threading.Thread(target=lambda: killed.extend(kill_workers(results, list_workers, done, parts)))
        killer.start()
        seconds, _ = classify(source, output, cache, address)
        done.set()
        killer.join()
    print(f"2 workers, {len(killed)} killed while at work, {len(parts)} parts seen: {seconds:.0f} s", flush=True)
    compare(folder / "here.parquet", output)


def compare(here: Path, there: Path) -> None:
    """Print rows lost and doubled, and how far the output is from that of one process."""
    one, other = pd.read_parquet(here), pd.read_parquet(there)
    keys = ["passage_id", "frame"]
    expected, got = (set(map(tuple, table[keys].to_numpy())) for table in (one, other))
    print(
        f"  rows lost {len(expected - got):,}, doubled {int(other.duplicated(keys).sum()):,}, of {len(one):,}; "
        f"the same bytes: {here.read_bytes() == there.read_bytes()}",
        flush=True,
    )
    if len(one) == len(other):
        rest = [name for name in one.columns if name != "score"]
        same = all(one[name].equals(other[name]) for name in rest)
        largest = float(np.abs(one["score"] - other["score"]).max())
        print(f"  all columns but the score the same: {same}; largest difference of a score {largest:.1e}", flush=True)


def measure_report() -> None:
    """The sample report over two workers has the tables of the one that is made here."""
    with tempfile.TemporaryDirectory() as name:
        tables = {}
        for place in ("local", "dask"):
            project, cache = Path(name) / place, Path(name) / f"cache-{place}"
            (project / "reports").mkdir(parents=True)
            for part in ("corpora", "seeds", "notebooks"):
                (project / part).symlink_to(ROOT / part)
            (project / "reports" / "sample.yaml").write_bytes((ROOT / "reports" / "sample.yaml").read_bytes())
            command = [sys.executable, "-m", "framing", "report", "sample", "--executor"]
            variables = {"FRAMING_PROJECT": str(project), "FRAMING_CACHE": str(cache)}
            if place == "local":
                seconds, _ = measure([*command, "local"], **variables)
            else:
                with open_cluster(2, cache) as (address, _):
                    seconds, _ = measure([*command, address], **variables)
            print(f"report sample, {place}: {seconds:.0f} s", flush=True)
            files = sorted((project / "reports" / "sample" / "tables").glob("*.parquet"))
            tables[place] = {file.name: pd.read_parquet(file) for file in files}
        local, remote = tables["local"], tables["dask"]
        differing = [name for name in local if name not in remote or not is_close(local[name], remote[name])]
        print(f"{len(local)} tables; not the same: {', '.join(differing) or 'none'}", flush=True)


def is_close(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    """Whether two tables are the same up to the last bits of a float32."""
    try:
        pd.testing.assert_frame_equal(one, other, rtol=1e-5, atol=1e-6)
    except AssertionError:
        return False
    return True


def main(arguments: list[str]) -> None:
    what, shares = (arguments or ["all"])[0], [float(text) for text in arguments[1:]]
    if not SPEECHES.is_file():
        raise SystemExit(f"The speeches are not there: {SPEECHES}. Set FRAMING_DATA.")
    if what in ("memory", "all"):
        measure_memory(shares or [0.1, 0.5, 1.0])
    if what in ("rival", "all"):
        measure_rival(*(shares or [1.0]))
    if what in ("cluster", "all"):
        measure_cluster(*(shares or [1.0]))
    if what == "kills":
        measure_kills(int(shares[0]) if shares else 60)
    if what in ("report", "all"):
        measure_report()


if __name__ == "__main__":
    main(sys.argv[1:])
