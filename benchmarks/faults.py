"""Does a report stay complete? Kills at random moments, faults of a kernel, a full disk, eight runs at once.

python -m benchmarks.faults [kills] [faults] [disk] [crowd] [line] [secret] [--times 40] [--seed N]

`disk` mounts small file systems and needs root. Each part works in a project of its own with a small report.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
NAME = "small"
PLAN = (
    f"report: {NAME}\ntitle: Small\ncorpus: deep-strike\ncodebook: entman\nnotebooks: [NOTEBOOKS]\n"
    "parameters: {n_bootstrap: 200}\nkeep: 0\n"
)
FAULTS = {
    "the kernel is killed": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
    "out of memory": "import resource\nresource.setrlimit(resource.RLIMIT_AS, (2**31, 2**31))\nx = bytearray(2**40)",
    "a cell takes too long": "import time\ntime.sleep(600)",
    "a cell raises": "raise ValueError('planted')",
    "SIGTERM while a cell runs": "import os, signal, time\nos.kill(os.getppid(), signal.SIGTERM)\ntime.sleep(600)",
}


@contextmanager
def project(reports: Path | None = None) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="framing-faults-") as folder:
        home = Path(folder)
        for name in ("seeds", "corpora"):
            (home / name).symlink_to(ROOT / name)
        shutil.copytree(ROOT / "notebooks", home / "notebooks")
        if reports is None:
            (home / "reports").mkdir()
        else:
            (home / "reports").symlink_to(reports)
        (home / "reports" / f"{NAME}.yaml").write_text(PLAN.replace("NOTEBOOKS", "01_corpora, 02_frames"))
        yield home


def start_report(home: Path, code: str = "") -> subprocess.Popen[str]:
    command = [sys.executable, *(["-c", code] if code else ["-m", "framing", "report", NAME])]
    variables = {"FRAMING_PROJECT": str(home), "FRAMING_CACHE": str(home / "cache"), "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(
        command,
        env={**os.environ, **variables, "PYTHONPATH": str(ROOT)},
        cwd=home,
        start_new_session=True,
        text=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def read_contents(home: Path) -> dict[str, bytes]:
    folder = home / "reports" / NAME
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def read_tables(home: Path) -> dict[str, bytes]:
    return {name: content for name, content in read_contents(home).items() if name.startswith("tables/")}


def is_complete(home: Path) -> bool:
    """Whether the published report is complete."""
    folder = home / "reports" / NAME
    try:
        facts = json.loads((folder / "run.json").read_text())
        page = (folder / "index.html").read_text()
    except (OSError, ValueError):
        return False
    files = {path.name for path in (folder / "tables").iterdir()}
    return page.rstrip().endswith("</html>") and set(facts["tables"]) == files


def find_strays(home: Path) -> list[int]:
    """Processes of this project that still run, a moment after its command ended."""
    running: list[int] = []
    for _ in range(60):
        running = []
        for process in psutil.process_iter():
            try:
                if process.environ().get("FRAMING_PROJECT") == str(home) and process.status() != "zombie":
                    running.append(process.pid)
            except psutil.Error:
                continue
        if not running:
            return []
        time.sleep(0.25)
    return running


def list_staging(home: Path) -> list[str]:
    return [path.name for path in (home / "reports").glob(f".{NAME}.*") if path.is_dir()]


def make_timed(home: Path) -> float:
    start_time = time.perf_counter()
    run = start_report(home)
    _, message = run.communicate()
    if run.returncode:
        raise SystemExit(f"the report could not be made: {message}")
    return time.perf_counter() - start_time


def measure_kills(times: int, seed: int) -> None:
    with project() as home:
        make_timed(home)
        shutil.rmtree(home / "cache" / "analyses")
        seconds = make_timed(home)
        reference, generator = read_tables(home), random.Random(seed)
        partial = orphans = different = failed = n_staging = published = 0
        for number in range(times):
            shutil.rmtree(home / "cache" / "analyses", ignore_errors=True)
            before = read_contents(home)
            run = start_report(home)
            time.sleep(generator.uniform(0, seconds))
            os.killpg(run.pid, signal.SIGKILL)
            run.communicate()
            orphans += len(find_strays(home))
            partial += not is_complete(home)
            published += read_contents(home) != before
            again = start_report(home)
            again.communicate()
            failed += again.returncode != 0
            different += read_tables(home) != reference
            n_staging += len(list_staging(home))
            print(f"  {number + 1} of {times} kills", file=sys.stderr, flush=True)
        print(
            f"killed at {times} random moments of {seconds:.0f} s: {partial} partial reports ({published} had been "
            f"published), {failed} reruns failed, {different} with other tables, {orphans} orphans, "
            f"{n_staging} staging folders left",
            flush=True,
        )


def measure_faults() -> None:
    import nbformat

    with project() as home:
        make_timed(home)
        before, survived = read_contents(home), 0
        for name, source in FAULTS.items():
            notebook = nbformat.read(home / "notebooks" / "02_frames.ipynb", as_version=4)
            notebook.cells.append(nbformat.v4.new_code_cell(source))
            nbformat.write(notebook, home / "notebooks" / "02_frames.ipynb")
            modules = "import framing.reports.notebooks as notebooks, framing.reports.run as run"
            code = f"{modules}; notebooks.CELL_SECONDS = 5; run.make_report({NAME!r})"
            run = start_report(home, code)
            _, message = run.communicate()
            last = message.strip().splitlines()[-1] if message.strip() else "nothing"
            unharmed = run.returncode != 0 and read_contents(home) == before and not find_strays(home)
            survived += unharmed
            untouched = read_contents(home) == before
            print(f"  {name}: exit {run.returncode}, report untouched: {untouched}; last line: {last[:150]}")
            shutil.copy(ROOT / "notebooks" / "02_frames.ipynb", home / "notebooks")
        make_timed(home)
        print(f"faults: {survived} of {len(FAULTS)} left the report as it was, with an exit code other than 0; "
              f"{len(list_staging(home))} staging folders left after the next run", flush=True)  # fmt: skip


def measure_full_disk() -> None:
    with tempfile.TemporaryDirectory() as folder, project() as home:
        make_timed(home)
        size = sum(len(content) for content in read_contents(home).values())
        cache = home / "cache"
        n_untouched = 0
        for tenth in range(1, 11):
            room = int(size * (1 + tenth / 10.5)) + 200_000
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={room}", "tmpfs", folder], check=True)
            try:
                with project(Path(folder)) as small:
                    shutil.copytree(home / "reports" / NAME, small / "reports" / NAME)
                    (small / "cache").symlink_to(cache)
                    before = read_contents(small)
                    run = start_report(small)
                    _, message = run.communicate()
                    untouched = read_contents(small) == before
                    n_untouched += run.returncode != 0 and untouched and is_complete(small)
                    print(f"  {tenth} tenths of the room: exit {run.returncode}, untouched: {untouched}; "
                          f"{(message.strip().splitlines() or [''])[-1][:110]}")  # fmt: skip
            finally:
                subprocess.run(["umount", folder], check=True)
        print(f"full disk: {n_untouched} of 10 left the earlier report untouched and said so", flush=True)


def measure_crowd() -> None:
    with project() as home:
        make_timed(home)
        done, reads, invalid = threading.Event(), 0, 0

        def read() -> None:
            nonlocal reads, invalid
            while not done.is_set() or reads < 10_000:
                try:
                    page = (home / "reports" / NAME / "index.html").read_text()
                    json.loads((home / "reports" / NAME / "run.json").read_text())
                    invalid += not page.rstrip().endswith("</html>")
                except (OSError, ValueError):
                    invalid += 1
                reads += 1

        reader = threading.Thread(target=read)
        reader.start()
        runs = [start_report(home) for _ in range(8)]
        codes = [run.communicate() and run.returncode for run in runs]
        done.set()
        reader.join()
        print(
            f"8 runs at once: {codes.count(0)} published, {codes.count(75)} exit 75; {invalid} invalid reads in "
            f"{reads:,}; "
            f"{len(list_staging(home))} staging folders left",
            flush=True,
        )


def measure_long_line() -> None:
    """One line of 300 MB among good ones: rows in are rows kept and refused, and memory does not grow with it."""
    import resource

    from framing.corpus import read_corpus

    good = {"jsonl": '{"outlet": "P", "text": "The council met."}\n', "csv": "P,The council met.\n"}
    head = {"jsonl": '{"outlet": "P", "text": "', "csv": "P,"}
    for form, row in good.items():
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "corpus.yaml").write_text(
                f"corpus: own\ntitle: Own\nfiles: ['a.{form}']\nformat: {form}\n"
                "columns: {text: text, outlet: outlet}\n"
            )
            first = "outlet,text\n" if form == "csv" else ""
            (folder / f"a.{form}").write_text(first + row * 3)
            read_corpus(folder)
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            with (folder / f"a.{form}").open("w") as stream:
                stream.write(first + row + head[form])
                for _ in range(300):
                    stream.write("x" * 1_000_000)
                stream.write("\n" + row)
            corpus = read_corpus(folder)
            memory_growth = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1000
            n_rows = int(corpus.files["n_rows"].sum())
            print(f"{form} with a line of 300 MB: {n_rows} rows in = {len(corpus.documents)} kept + "
                  f"{len(corpus.quarantine)} refused; memory grew by {memory_growth:.0f} MB", flush=True)  # fmt: skip


def measure_secret() -> None:
    """A word that only the environment holds, looked for in everything that is published."""
    word = b"planted-5f1e0c"
    os.environ["FRAMING_WEBHOOK_URL"] = os.environ["API_TOKEN"] = word.decode()
    with project() as home:
        make_timed(home)
        everything = [path for path in (home / "reports").rglob("*") if path.is_file()]
        n = sum(path.read_bytes().count(word) for path in everything)
        print(f"a planted secret occurs {n} times in {len(everything)} published files", flush=True)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("parts", nargs="*", default=["crowd", "faults", "line", "secret", "disk", "kills"])
    parser.add_argument("--times", type=int, default=40)
    parser.add_argument("--seed", type=int, default=20251128)
    options = parser.parse_args(arguments)
    parts = {
        "kills": lambda: measure_kills(options.times, options.seed),
        "faults": measure_faults,
        "disk": measure_full_disk,
        "crowd": measure_crowd,
        "line": measure_long_line,
        "secret": measure_secret,
    }
    for part in options.parts:
        parts[part]()


if __name__ == "__main__":
    main()
