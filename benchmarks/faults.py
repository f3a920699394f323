"""What a report survives: kills at random moments, faults of a kernel, a full disk, eight runs at once.

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


def start(home: Path, code: str = "") -> subprocess.Popen[str]:
    command = [sys.executable, *(["-c", code] if code else ["-m", "framing", "report", NAME])]
    given = {**os.environ, "FRAMING_PROJECT": str(home), "FRAMING_CACHE": str(home / "cache"), "OMP_NUM_THREADS": "1",
             "PYTHONPATH": str(ROOT)}  # fmt: skip
    return subprocess.Popen(
        command, env=given, cwd=home, start_new_session=True, text=True, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )  # fmt: skip


def contents(home: Path) -> dict[str, bytes]:
    folder = home / "reports" / NAME
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def tables(home: Path) -> dict[str, bytes]:
    return {name: content for name, content in contents(home).items() if name.startswith("tables/")}


def whole(home: Path) -> bool:
    """Whether what a reader finds is a complete report."""
    folder = home / "reports" / NAME
    try:
        facts = json.loads((folder / "run.json").read_text())
        page = (folder / "index.html").read_text()
    except (OSError, ValueError):
        return False
    there = {path.name for path in (folder / "tables").iterdir()}
    return page.rstrip().endswith("</html>") and set(facts["tables"]) == there


def strays(home: Path) -> list[int]:
    """Processes of this project that still run, a moment after its command ended."""
    left: list[int] = []
    for _ in range(60):
        left = []
        for process in psutil.process_iter():
            try:
                if process.environ().get("FRAMING_PROJECT") == str(home) and process.status() != "zombie":
                    left.append(process.pid)
            except psutil.Error:
                continue
        if not left:
            return []
        time.sleep(0.25)
    return left


def staging(home: Path) -> list[str]:
    return [path.name for path in (home / "reports").glob(f".{NAME}.*") if path.is_dir()]


def made(home: Path) -> float:
    began = time.perf_counter()
    run = start(home)
    _, said = run.communicate()
    if run.returncode:
        raise SystemExit(f"the report could not be made: {said}")
    return time.perf_counter() - began


def kills(times: int, seed: int) -> None:
    with project() as home:
        made(home)
        shutil.rmtree(home / "cache" / "analyses")
        seconds = made(home)
        reference, generator = tables(home), random.Random(seed)
        partial = orphans = different = failed = left = published = 0
        for number in range(times):
            shutil.rmtree(home / "cache" / "analyses", ignore_errors=True)
            before = contents(home)
            run = start(home)
            time.sleep(generator.uniform(0, seconds))
            os.killpg(run.pid, signal.SIGKILL)
            run.communicate()
            orphans += len(strays(home))
            partial += not whole(home)
            published += contents(home) != before
            again = start(home)
            again.communicate()
            failed += again.returncode != 0
            different += tables(home) != reference
            left += len(staging(home))
            print(f"  {number + 1} of {times} kills", file=sys.stderr, flush=True)
        print(
            f"killed at {times} random moments of {seconds:.0f} s: {partial} partial reports ({published} had been "
            f"published), {failed} reruns failed, {different} with other tables, {orphans} orphans, "
            f"{left} stagings left",
            flush=True,
        )


def faults() -> None:
    import nbformat

    with project() as home:
        made(home)
        before, survived = contents(home), 0
        for name, source in FAULTS.items():
            notebook = nbformat.read(home / "notebooks" / "02_frames.ipynb", as_version=4)
            notebook.cells.append(nbformat.v4.new_code_cell(source))
            nbformat.write(notebook, home / "notebooks" / "02_frames.ipynb")
            modules = "import framing.reports.notebooks as notebooks, framing.reports.run as run"
            code = f"{modules}; notebooks.CELL_SECONDS = 5; run.make_report({NAME!r})"
            run = start(home, code)
            _, said = run.communicate()
            last = said.strip().splitlines()[-1] if said.strip() else "nothing"
            fine = run.returncode != 0 and contents(home) == before and not strays(home)
            survived += fine
            print(f"  {name}: exit {run.returncode}, report untouched: {contents(home) == before}; said: {last[:150]}")
            shutil.copy(ROOT / "notebooks" / "02_frames.ipynb", home / "notebooks")
        made(home)
        print(f"faults: {survived} of {len(FAULTS)} left the report as it was, with an exit code other than 0; "
              f"{len(staging(home))} stagings left after the next run", flush=True)  # fmt: skip


def disk() -> None:
    with tempfile.TemporaryDirectory() as folder, project() as home:
        made(home)
        size = sum(len(content) for content in contents(home).values())
        kept = home / "cache"
        held = 0
        for tenth in range(1, 11):
            room = int(size * (1 + tenth / 10.5)) + 200_000
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={room}", "tmpfs", folder], check=True)
            try:
                with project(Path(folder)) as small:
                    shutil.copytree(home / "reports" / NAME, small / "reports" / NAME)
                    (small / "cache").symlink_to(kept)
                    before = contents(small)
                    run = start(small)
                    _, said = run.communicate()
                    untouched = contents(small) == before
                    held += run.returncode != 0 and untouched and whole(small)
                    print(f"  {tenth} tenths of the room: exit {run.returncode}, untouched: {untouched}; "
                          f"{(said.strip().splitlines() or [''])[-1][:110]}")  # fmt: skip
            finally:
                subprocess.run(["umount", folder], check=True)
        print(f"full disk: {held} of 10 left the earlier report untouched and said so", flush=True)


def crowd() -> None:
    with project() as home:
        made(home)
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
        runs = [start(home) for _ in range(8)]
        codes = [run.communicate() and run.returncode for run in runs]
        done.set()
        reader.join()
        print(
            f"8 runs at once: {codes.count(0)} published, {codes.count(75)} exit 75; {invalid} invalid reads in "
            f"{reads:,}; "
            f"{len(staging(home))} stagings left",
            flush=True,
        )


def line() -> None:
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
            found = read_corpus(folder)
            grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1000
            n_rows = int(found.files["n_rows"].sum())
            print(f"{form} with a line of 300 MB: {n_rows} rows in = {len(found.documents)} kept + "
                  f"{len(found.quarantine)} refused; memory grew by {grown:.0f} MB", flush=True)  # fmt: skip


def secret() -> None:
    """A word that only the environment holds, looked for in everything that is published."""
    word = b"planted-5f1e0c"
    os.environ["FRAMING_WEBHOOK_URL"] = os.environ["API_TOKEN"] = word.decode()
    with project() as home:
        made(home)
        everything = [path for path in (home / "reports").rglob("*") if path.is_file()]
        n = sum(path.read_bytes().count(word) for path in everything)
        print(f"a planted secret occurs {n} times in {len(everything)} published files", flush=True)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("parts", nargs="*", default=["crowd", "faults", "line", "secret", "disk", "kills"])
    parser.add_argument("--times", type=int, default=40)
    parser.add_argument("--seed", type=int, default=20251128)
    options = parser.parse_args(arguments)
    known = {"kills": lambda: kills(options.times, options.seed), "faults": faults, "disk": disk, "crowd": crowd,
             "line": line, "secret": secret}  # fmt: skip
    for part in options.parts:
        known[part]()


if __name__ == "__main__":
    main()
