"""Reruns of reports: with an empty cache, with nothing changed, with one parameter changed, with 1 % new rows.

python -m benchmarks.reports [sample] [ruwa]
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.speed import DATA, ROOT, measure
from framing.encoders.sentence import default_store
from framing.project import changed_environment
from framing.reports.publish import read_record

CHANGED = "threshold_varied=1.2"  # that the notebook on fragility alone reads
_NEW = 100  # one row in so many is new
_PARTS = ("corpora", "seeds", "notebooks")


def make_project(home: Path, name: str) -> None:
    """A project with the report of a name, apart from that of the repository."""
    for part in _PARTS:
        shutil.copytree(ROOT / part, home / part)
    (home / "reports").mkdir()
    shutil.copy(ROOT / "reports" / f"{name}.yaml", home / "reports")


def make_report(home: Path, name: str, what: str, *options: str, data: Path = DATA) -> float:
    """Make the report in a process of its own; prints what it took, encoded and executed."""
    with changed_environment(FRAMING_CACHE=str(home / "cache")):
        before = len(default_store())
        made = str(read_record(home / "reports" / name / "run.json").get("made", ""))
        command = [sys.executable, "-m", "framing", "report", name, *options]
        variables = {"FRAMING_PROJECT": str(home), "FRAMING_DATA": str(data), "PYTHONPATH": str(ROOT)}
        seconds, peak = measure(command, **variables)
        n_encoded = len(default_store()) - before
    record: dict[str, Any] = json.loads((home / "reports" / name / "run.json").read_text(encoding="utf-8"))
    n_executed = 0 if record["made"] == made else len(record["notebooks"]) - len(record["reused"])
    print(
        f"report {name}, {what:<28}{seconds:6.1f} s, {n_encoded:,} texts encoded, {n_executed} of "
        f"{len(record['notebooks'])} notebooks executed, peak {peak:.0f} MB",
        flush=True,
    )
    return seconds


def measure_sample(home: Path) -> None:
    make_project(home, "sample")
    make_report(home, "sample", "empty cache")
    make_report(home, "sample", "nothing changed")
    make_report(home, "sample", CHANGED, "--set", CHANGED)
    make_report(home, "sample", "the earlier value again")


def measure_ruwa(home: Path) -> None:
    """99 % of the rows, the same again, then all of them."""
    make_project(home, "ruwa")
    (source,) = (DATA / "ruwa").glob("*.csv")
    copy = home / "data" / "ruwa" / source.name
    copy.parent.mkdir(parents=True)
    with source.open(encoding="utf-8-sig", newline="") as stream, copy.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        n_new = 0
        for number, row in enumerate(csv.reader(stream)):
            is_new = number > 0 and number % _NEW == 0
            n_new += is_new
            if not is_new:
                writer.writerow(row)
    data = home / "data"
    make_report(home, "ruwa", "99 % of the rows, first", data=data)
    make_report(home, "ruwa", "nothing changed", data=data)
    start = time.perf_counter()
    shutil.copy(source, copy)
    make_report(home, "ruwa", f"{n_new:,} new rows (1 %)", data=data)
    print(f"  with the copying of the file {time.perf_counter() - start:.1f} s", flush=True)


def main(arguments: list[str]) -> None:
    wanted = arguments or ["sample", *(["ruwa"] if (DATA / "ruwa").is_dir() else [])]
    for name, run in (("sample", measure_sample), ("ruwa", measure_ruwa)):
        if name in wanted:
            with tempfile.TemporaryDirectory() as folder:
                run(Path(folder))
    print(f"{os.cpu_count()} cores", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
