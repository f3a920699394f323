"""Do the tests find faults? Small changes of the package's code, each of which should make some test fail.

python -m benchmarks.mutants [--wing estimates]... [--file framing/stories/find.py]... [--most 60] [--seed 0]

The sample takes turns over wings and kinds of change, so that all occur. Each change is made in a copy of the package,
and the test files that bear on the changed module run against it, two at once. The output is one line a change (killed,
survived, or timeout, which counts as killed), and per wing the share killed with a Wilson interval.

A survivor is not always a gap in the tests: some changes leave every result as it is. Read each.

`mutmut` 3.8 and `cosmic-ray` 8.7 were no alternative: neither draws a sample, finds the test files that bear on a
module, or makes the changes that break statistics (extremes, axes, tails, first and last); `cosmic-ray` writes into
the working tree.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from benchmarks.mutations import KINDS, Mutation, list_mutations
from framing.uncertainty.intervals import wilson_bounds

ROOT = Path(__file__).resolve().parent.parent
WINGS = ("uncertainty", "estimates", "validation", "classify", "stories")
_N_PARALLEL = 2
_MAX_TEST_FILES = 4  # test files that run against a change, the nearest first
_MAX_IMPORTS = 2  # between a test file and a module that it bears on
_MIN_SECONDS = 60.0
_QUICK = "not kernel and not browser and not slow"


@dataclass(frozen=True)
class Mutant:
    """A change of one module, `path` below the repository, and the test files that should notice it."""

    wing: str
    path: Path
    change: Mutation
    tests: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    mutant: Mutant
    state: str  # killed, survived, timeout

    def __str__(self) -> str:
        change = self.mutant.change
        where = f"{self.mutant.path}:{change.line}"
        return f"{self.state:8} {where}  [{change.kind}]  {_shorten(change.before)}  ->  {_shorten(change.after)}"


def list_modules(wings: Sequence[str], files: Sequence[str]) -> list[tuple[str, Path]]:
    """Each module of the wings, and the files named, with the wing; paths are below the repository.

    Without any, the wings of `WINGS` that are there.
    """
    names = wings or ([] if files else [name for name in WINGS if (ROOT / "framing" / name).is_dir()])
    found = []
    for wing in names:
        folder = ROOT / "framing" / wing
        if not folder.is_dir():
            raise SystemExit(f"--wing {wing}: there is no folder framing/{wing}.")
        paths = sorted(path for path in folder.rglob("*.py") if path.name != "__init__.py")
        found += [(wing, path.relative_to(ROOT)) for path in paths]
    for name in files:
        path = (ROOT / name).resolve()
        if not path.is_file() or not path.is_relative_to(ROOT / "framing"):
            raise SystemExit(f"--file {name}: there is no such file of the package.")
        relative = path.relative_to(ROOT)
        found.append((relative.parts[1] if len(relative.parts) > 2 else "framing", relative))
    return found


def _name_module(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _parse(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


def _find_imports(path: Path, modules: dict[str, Path]) -> set[str]:
    """Modules of the package, or of the tests, that a file imports anywhere in it."""
    found = set()
    for node in ast.walk(_parse(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {_find_module(node.module, alias.name, modules) for alias in node.names}
    return found & set(modules)


def _find_module(module: str, name: str, modules: dict[str, Path]) -> str:
    """The module that `from module import name` is about: of a package the one that it takes the name from."""
    if f"{module}.{name}" in modules:
        return f"{module}.{name}"
    if modules.get(module, Path()).name == "__init__.py":
        for node in ast.walk(_parse(modules[module])):
            if isinstance(node, ast.ImportFrom) and node.module and name in {alias.name for alias in node.names}:
                return node.module
            if isinstance(node, ast.Dict):  # names that are imported when they are first asked for
                for key, value in zip(node.keys, node.values, strict=True):
                    if isinstance(key, ast.Constant) and key.value == name and isinstance(value, ast.Constant):
                        return f"{module}.{value.value}"
    return module


def find_tests() -> dict[str, list[str]]:
    """For each module of the package the test files that reach it.

    Those first that have the fewest imports between them and the module, then one of its name, then those that import
    least.
    """
    paths = {_name_module(path.relative_to(ROOT)): path.relative_to(ROOT)
             for folder in ("framing", "tests") for path in sorted((ROOT / folder).rglob("*.py"))}  # fmt: skip
    edges = {name: _find_imports(path, paths) for name, path in paths.items()}
    near: dict[str, list[tuple[int, bool, int, str]]] = defaultdict(list)
    for name, path in paths.items():
        if path.parts[0] != "tests" or not path.name.startswith("test_"):
            continue
        distance, queue = {name: 0}, deque([name])
        while queue:
            here = queue.popleft()
            for there in edges[here] - set(distance):
                distance[there] = distance[here] + 1
                queue.append(there)
        for module, steps in distance.items():
            if module.startswith("framing") and steps <= _MAX_IMPORTS:
                other = path.stem != f"test_{module.rpartition('.')[2]}"
                near[module].append((steps, other, len(edges[name]), str(path)))
    return {module: [test for *_, test in sorted(tests)] for module, tests in near.items()}


def draw_mutants(modules: Sequence[tuple[str, Path]], *, n_most: int, seed: int) -> list[Mutant]:
    """A sample of changes, by turns over wings and kinds; the same for the same text and seed."""
    tests = find_tests()
    shuffle = random.Random(seed)
    by_kind: dict[str, dict[str, list[Mutant]]] = defaultdict(lambda: {kind: [] for kind in KINDS})
    for wing, path in modules:
        nearest = tuple(tests.get(_name_module(path), ())[:_MAX_TEST_FILES])
        if not nearest:
            print(f"no test file reaches {path}: left out", flush=True)
            continue
        for change in list_mutations((ROOT / path).read_text(encoding="utf-8")):
            by_kind[wing][change.kind].append(Mutant(wing, path, change, nearest))
    queues = {wing: list(_take_turns([shuffle.sample(part, len(part)) for part in kinds.values()]))
              for wing, kinds in by_kind.items()}  # fmt: skip
    return list(_take_turns(list(queues.values())))[:n_most]


def _take_turns(parts: Sequence[Sequence[Mutant]]) -> Iterator[Mutant]:
    for turn in range(max(map(len, parts), default=0)):
        yield from (part[turn] for part in parts if turn < len(part))


class Copy:
    """A copy of the package that comes before the repository's when tests import it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(ROOT / "framing", folder / "framing")

    def run(self, path: Path, text: str | None, tests: Sequence[str], limit: float) -> str:
        """`passed`, `failed`, `timeout` or `none` (no test was there) with `text` in place of the file's own."""
        original = (ROOT / path).read_text(encoding="utf-8")
        try:
            (self.folder / path).write_text(original if text is None else text, encoding="utf-8")
            # rootdir must not come before the copy, and no cached bytecode of another mutant may stand in for this one
            command = [sys.executable, "-P", "-m", "pytest", "-x", "-q", "--import-mode=append", "-p",
                       "no:cacheprovider", "-m", _QUICK, *tests]  # fmt: skip
            places = os.pathsep.join([str(self.folder), str(ROOT)])
            settings = {"PYTHONPATH": places, "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1"}
            ended = subprocess.run(
                command, cwd=ROOT, env={**os.environ, **settings}, capture_output=True, timeout=limit, check=False
            )
        except subprocess.TimeoutExpired:
            return "timeout"
        finally:
            (self.folder / path).write_text(original, encoding="utf-8")
        return {0: "passed", 5: "none"}.get(ended.returncode, "failed")


def run_mutants(mutants: Sequence[Mutant]) -> Iterator[Outcome]:
    """The outcome of each, as they come, but for test files that fail already and modules that no test misses."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(_N_PARALLEL) as pool:
        copies: SimpleQueue[Copy] = SimpleQueue()
        for number in range(_N_PARALLEL):
            copies.put(Copy(Path(folder) / str(number)))

        def run(path: Path, text: str | None, tests: Sequence[str], limit: float) -> tuple[str, float]:
            copy, begun = copies.get(), time.perf_counter()
            try:
                return copy.run(path, text, tests, limit), time.perf_counter() - begun
            finally:
                copies.put(copy)

        test_files = sorted({test for mutant in mutants for test in mutant.tests})
        anywhere = mutants[0].path if mutants else Path()
        seconds = {}
        for test, (state, spent) in zip(
            test_files, pool.map(lambda test: run(anywhere, None, [test], 600.0), test_files), strict=True
        ):
            if state == "passed":
                seconds[test] = spent
            else:
                print(f"{test}: {state} with the code as it is; left out", flush=True)
        usable_tests = {mutant.path: [test for test in mutant.tests if test in seconds] for mutant in mutants}
        broken = pool.map(lambda item: run(item[0], "raise ImportError\n", item[1], 600.0), usable_tests.items())
        for path, (state, _) in zip(list(usable_tests), broken, strict=True):
            if not usable_tests[path] or state != "failed":
                print(f"{path}: no test notices that it is not there; left out", flush=True)
                del usable_tests[path]
        ready = [mutant for mutant in mutants if mutant.path in usable_tests]
        limits = {
            path: max(_MIN_SECONDS, 4 * sum(map(seconds.__getitem__, tests))) for path, tests in usable_tests.items()
        }
        ends = pool.map(
            lambda item: run(item.path, item.change.text, usable_tests[item.path], limits[item.path]), ready
        )
        names = {"passed": "survived", "none": "survived", "failed": "killed", "timeout": "timeout"}
        for mutant, (state, _) in zip(ready, ends, strict=True):
            yield Outcome(mutant, names[state])


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--wing", action="append", default=[], help="a folder of framing/; again for more")
    parser.add_argument("--file", action="append", default=[], help="a single module; again for more")
    parser.add_argument("--most", type=int, default=60, help="changes in all")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    killed: dict[str, list[bool]] = defaultdict(list)
    for outcome in run_mutants(
        draw_mutants(list_modules(options.wing, options.file), n_most=options.most, seed=options.seed)
    ):
        print(outcome, flush=True)
        killed[outcome.mutant.wing].append(outcome.state != "survived")
    every = [each for part in killed.values() for each in part]
    for name, part in [*killed.items(), ("all", every)]:
        if part:
            low, high = wilson_bounds(sum(part), len(part), level=0.95)
            print(f"{name:12} {sum(part)} of {len(part)} killed: {sum(part) / len(part):.1%} ({low:.1%} to {high:.1%})")


def _shorten(text: str, most: int = 60) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


if __name__ == "__main__":
    main()
