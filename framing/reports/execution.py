"""The notebooks of a report, from the cache or executed, several at once where there is room."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from framing.files.machine import count_available_cores
from framing.project import cache_folder
from framing.reads import READS_VARIABLE
from framing.reports.kernels import KernelSource
from framing.reports.notebook_cache import NotebookCache
from framing.reports.notebooks import execute_notebook, read_notebook
from framing.reports.passage_links import GROUPS_FILE
from framing.reports.reusable import is_reusable
from framing.settings import Settings, find_names_read
from framing.steps import Say

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["LONGEST", "NotebookRun", "find_executed", "measure_analysis", "run_notebooks", "sort_longest_first"]

_PARTS = ".parts"  # in the folder of a report in the making: a folder of tables and charts for each notebook
_READS_FILE = ".settings_read"
_MOST_AT_ONCE = 2
_BYTES_OF_KERNEL = 1.5e9  # beside the tables of the analysis
_TABLES_IN_MEMORY = 12  # times their size as Parquet
LONGEST = ("09_voices", "06_fragility", "03_outlets", "05_validity", "07_words", "08_stories")  # the longest first


@dataclass
class NotebookRun:
    """The notebooks of a run, as far as they are executed.

    Attributes
    ----------
    paths : list of Path
        The notebooks in order.
    work : Path
        Folder of the report in the making.
    cache : NotebookCache or None
        Where executed notebooks are stored; None: nowhere.
    executed : dict of str to NotebookNode
        Executed notebooks by name.
    reused : list of str
        Names of those that came from the cache.
    """

    paths: list[Path]
    work: Path
    cache: NotebookCache | None
    executed: dict[str, NotebookNode] = field(default_factory=dict)
    reused: list[str] = field(default_factory=list)

    @property
    def missing(self) -> list[Path]:
        """Notebooks that are to be executed."""
        return [path for path in self.paths if path.stem not in self.executed]

    def make_part(self, path: Path) -> Path:
        """Make the folder in which a notebook leaves its tables and charts.

        Parameters
        ----------
        path : Path
            The notebook.

        Returns
        -------
        Path
            An empty folder.
        """
        part = self.work / _PARTS / path.stem
        part.mkdir(parents=True, exist_ok=True)
        return part


def find_executed(paths: list[Path], work: Path, cache: NotebookCache | None, *, again: bool = False) -> NotebookRun:
    """Take from the cache the notebooks whose inputs have not changed.

    Parameters
    ----------
    paths : list of Path
        The notebooks in order.
    work : Path
        Folder of the report in the making.
    cache : NotebookCache or None
        Where executed notebooks are stored; None: nowhere.
    again : bool, default False
        Whether all are to be executed.

    Returns
    -------
    NotebookRun
        The notebooks, of which some may be missing.
    """
    run = NotebookRun(paths, work, cache)
    for path in paths if cache is not None and not again else []:
        assert cache is not None
        found = cache.find(path, run.make_part(path))
        if found is not None:
            run.executed[path.stem] = found
            run.reused.append(path.stem)
    return run


def run_notebooks(
    run: NotebookRun,
    settings: Settings,
    kernels: KernelSource,
    *,
    variables: Mapping[str, str],
    until: date | None,
    n_bytes: int,
    say: Say,
) -> list[NotebookNode]:
    """Execute the notebooks that are missing, and put the tables and charts of all into the report.

    Parameters
    ----------
    run : NotebookRun
        The notebooks.
    settings : Settings
        Settings of the run, with absolute paths.
    kernels : KernelSource
        Starts kernels.
    variables : mapping of str to str
        Environment variables of the kernels.
    until : date or None
        First day on which the same inputs give other outputs; None if there is none.
    n_bytes : int
        Size of the analysis's files, of which each kernel loads the tables.
    say : callable
        Called with a line for each notebook.

    Returns
    -------
    list of NotebookNode
        The executed notebooks in order.

    Raises
    ------
    InputError, RunError
        As `framing.reports.notebooks.run_notebook` does.

    Notes
    -----
    A notebook that `is_reusable` depends on no other one, so that several run at once, each in a folder of its own:
    those that take longest begin first, so that at the end none is waited for alone. Any other runs alone, when those
    before it are done, in the folder of the report, where it finds their tables.
    """
    for name in run.reused:
        say(f"{name}: taken from the cache, as nothing that it depends on has changed")
    alone = {path.stem for path in run.missing if not is_reusable(read_notebook(path))}
    limit = _count_kernels(n_bytes)
    groups: list[list[Path]] = [[]]
    for path in run.paths:
        if path.stem in alone:
            groups += [[path], []]
        else:
            groups[-1].append(path)
    for group in groups:
        missing = [path for path in group if path.stem not in run.executed]

        async def execute(path: Path) -> None:
            say(f"Running {path.stem} …")
            folder = run.work if path.stem in alone else run.make_part(path)
            reads = folder / _READS_FILE
            if folder != run.work:
                shutil.copy(run.work / GROUPS_FILE, folder / GROUPS_FILE)
            given = {**variables, READS_VARIABLE: str(reads)}
            executed = await execute_notebook(path, settings, folder, variables=given, kernels=kernels)
            run.executed[path.stem] = executed
            if run.cache is not None and path.stem not in alone:
                text = reads.read_text(encoding="utf-8") if reads.is_file() else ""
                run.cache.keep(path, executed, folder, reads=find_names_read(text), until=until)
            reads.unlink(missing_ok=True)

        asyncio.run(_run_at_once([partial(execute, path) for path in sort_longest_first(missing)], limit))
        for path in group:
            if path.stem not in alone:
                _merge(run.work / _PARTS / path.stem, run.work)
    shutil.rmtree(run.work / _PARTS, ignore_errors=True)
    return [run.executed[path.stem] for path in run.paths]


def sort_longest_first(paths: Sequence[Path]) -> list[Path]:
    """Sort notebooks into the order in which they begin.

    Parameters
    ----------
    paths : sequence of Path
        The notebooks as the report has them.

    Returns
    -------
    list of Path
        Those of `LONGEST`, then the others as they come.
    """
    return sorted(paths, key=lambda path: LONGEST.index(path.stem) if path.stem in LONGEST else len(LONGEST))


async def _run_at_once(calls: list[Callable[[], object]], limit: int) -> None:
    """Await calls, some at once; the first error ends those that are under way."""
    places = asyncio.Semaphore(limit)

    async def call(make: Callable[[], object]) -> None:
        async with places:
            await make()  # type: ignore[misc]

    tasks = [asyncio.create_task(call(make)) for make in calls]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _merge(part: Path, work: Path) -> None:
    """Move the tables and charts of a notebook into the report; of two with one name the later stays."""
    for path in sorted(part.glob("*/*")):
        place = work / path.relative_to(part)
        place.parent.mkdir(exist_ok=True)
        path.replace(place)


def _count_kernels(n_bytes: int) -> int:
    """Number of kernels that run at once: as many as there are cores and memory for, two at most."""
    room = _MOST_AT_ONCE
    with suppress(ImportError):
        import psutil

        room = int(psutil.virtual_memory().available // (_BYTES_OF_KERNEL + _TABLES_IN_MEMORY * n_bytes))
    return max(1, min(count_available_cores(), room, _MOST_AT_ONCE))


def measure_analysis(key: str) -> int:
    """Measure the files of a prepared analysis.

    Parameters
    ----------
    key : str
        Its key.

    Returns
    -------
    int
        Bytes.
    """
    folder = cache_folder() / "analyses" / key
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
