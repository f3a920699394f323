"""Inputs after public bug reports: does what a researcher expects of each hold?

`python -m benchmarks.cases [NAME …]` runs the cases of the folder that FRAMING_CASES names: folders `NN-name`, each
with a script `run.sh`. They run in a project of their own, with the codebooks and notebooks of this one. A case holds
if its output has all that its check asks for and nothing that it forbids. Cases without a check are run and named.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.case_checks import CHECKS

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 600  # a case that takes longer is ended
REWRITTEN = {  # what scripts of cases say for version 0.1, and what says the same now
    "from framing.duplicates import": "from framing import",
    "from framing.resample import": "from framing.uncertainty.intervals import",
    "from framing.chart_style import": "from framing.charts.drawing import",
    "from framing.encode import": "from framing import",
    "from framing.voice.marking import read_voices": "from framing.voice.marking import find_voices as read_voices",
    r"(\d\d \w{3} \d\d)": r"(\d\d \w{3} \d{4})",  # labels of days have years of four digits
}


def main(names: list[str]) -> int:
    folder = Path(os.environ.get("FRAMING_CASES", ROOT.parent / "shared" / "cases"))
    cases = [path.parent for path in sorted(folder.glob("*/run.sh")) if not names or path.parent.name in names]
    kept = Path(os.environ.get("FRAMING_CASES_OUTPUT", tempfile.mkdtemp(prefix="cases-")))
    kept.mkdir(exist_ok=True)
    held = 0
    with tempfile.TemporaryDirectory() as scratch:
        project = make_project(Path(scratch))
        for case in cases:
            began = time.perf_counter()
            output = run_case(case, project)
            (kept / f"{case.name}.txt").write_text(output, encoding="utf-8")
            problem = judge(case.name, output)
            held += not problem
            print(f"{case.name}: {problem or 'holds'} ({time.perf_counter() - began:.0f} s)", flush=True)
    print(f"{held} of {len(cases)} cases hold; outputs in {kept}")
    return 0 if held == len(cases) else 1


def make_project(folder: Path) -> Path:
    """A project with this one's codebooks and notebooks, and nothing else."""
    (folder / ".venv").symlink_to(ROOT / ".venv")
    for name in ("seeds", "notebooks"):
        shutil.copytree(ROOT / name, folder / name)
    for name in ("corpora", "reports"):
        (folder / name).mkdir()
    return folder


def run_case(case: Path, project: Path) -> str:
    """What the script of a case prints, standard output and error together, then its exit status."""
    environment = {**os.environ, "FRAMING_PROJECT": str(project)}
    case = copy_case(case, project / "cases")
    with subprocess.Popen(
        ["bash", str(case / "run.sh")],
        cwd=project,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        text=True,
        errors="replace",
    ) as process:
        try:
            output, _ = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            output = f"{process.communicate()[0]}\nended after {SECONDS} s"
    return f"{output}\nexit status {process.returncode}\n"


def copy_case(case: Path, folder: Path) -> Path:
    """A copy of a case, with what lies beside the cases, whose Python scripts import names from where they are now."""
    if not folder.is_dir():
        folder.mkdir()
        for path in case.parent.iterdir():
            if not (path / "run.sh").is_file():
                (folder / path.name).symlink_to(path)
    copy = folder / case.name
    shutil.copytree(case, copy)
    run = copy / "run.sh"
    run.write_text(run.read_text(encoding="utf-8").replace("\n; ", "\n"), encoding="utf-8")  # no command before it
    for script in copy.glob("*.py"):
        text = script.read_text(encoding="utf-8")
        for old, new in REWRITTEN.items():
            text = text.replace(old, new)
        script.write_text(text, encoding="utf-8")
    return copy


def judge(name: str, output: str) -> str:
    """Why a case does not hold; empty if it does."""
    check = CHECKS.get(name)
    n_raised = output.count("Traceback (most recent call last)")
    n_named = len(re.findall(r"^framing\.errors\.\w+: ", output, re.MULTILINE))  # what a script that calls us gets
    if n_raised > n_named or "our fault" in output:
        return "FAILS: ends with a traceback"
    if check is None:
        return "has no check"
    flat = re.sub(r"\s+", " ", output)
    missing = [pattern for pattern in check.has if not re.search(pattern, flat)]
    wrong = [pattern for pattern in check.lacks if re.search(pattern, flat)]
    if missing or wrong:
        return f"FAILS: lacks {missing}" if missing else f"FAILS: has {wrong}"
    return ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
