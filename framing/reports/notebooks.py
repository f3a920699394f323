"""One notebook of a report: its parameters cell is checked, and it runs with the settings of the report."""

from __future__ import annotations

import ast
import asyncio
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framing.errors import InputError, RunError, TooLittleDataError
from framing.files.json_schemas import import_jsonschema
from framing.project import data_folder, project_root
from framing.reports.kernels import KernelSource
from framing.reports.show import OUTPUT_VARIABLE
from framing.settings import Settings
from framing.texts import phrase

if TYPE_CHECKING:
    from nbclient import NotebookClient
    from nbformat import NotebookNode

__all__ = [
    "CELL_SECONDS",
    "KERNEL_ARGUMENTS",
    "LEFT_OUT",
    "NOTE",
    "TOO_LITTLE",
    "check_parameters",
    "execute_notebook",
    "read_notebook",
    "run_notebook",
]

NOTE = "framing_note"  # key in the metadata of an output that says why a cell has no answer
TOO_LITTLE, LEFT_OUT = "too little data", "left out"  # its values: the cell has too little data, or needs one that has

# A kernel that has to end is interrupted first; if it is at work then, it would log an error on the user's terminal.
# Errors in cells do not come that way.
KERNEL_ARGUMENTS = ["--IPKernelApp.log_level=50"]
CELL_SECONDS = 1800  # a cell that takes longer fails


def check_parameters(path: Path, settings: Settings) -> set[str]:
    """Check the parameters cell of a notebook.

    Parameters
    ----------
    path : Path
        The notebook.
    settings : Settings
        Settings of the run.

    Returns
    -------
    set of str
        Names that the cell tagged `parameters` sets.

    Raises
    ------
    InputError
        If there is not exactly one such cell, or if it does anything but set settings.
    """
    notebook = read_notebook(path)
    tagged = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    if len(tagged) != 1:
        raise InputError(f"{path.name}: expected one cell tagged 'parameters', found {len(tagged)}.")
    try:
        lines = ast.parse(tagged[0].source).body
    except SyntaxError as error:
        raise InputError(f"{path.name}: the parameters cell is not Python (line {error.lineno}).") from None
    targets = [target for line in lines if isinstance(line, ast.Assign) for target in line.targets]
    names = {target.id for target in targets if isinstance(target, ast.Name)}
    known = list(type(settings).model_fields)
    unknown = sorted(names - set(known))
    if unknown or len(names) != len(lines):
        raise InputError(
            f"{path.name}: the parameters cell may only set settings, one a line; not "
            f"{', '.join(unknown) or 'other code'}. Known: {', '.join(known)}."
        )
    return names


def run_notebook(
    path: Path,
    settings: Settings,
    work: Path,
    *,
    variables: Mapping[str, str] | None = None,
    kernels: KernelSource | None = None,
) -> NotebookNode:
    """Run a notebook from the first cell to the last.

    Parameters
    ----------
    path : Path
        The notebook. All settings are injected below its parameters cell, which names those that matter to its
        question; `Settings.from_parameters(globals())` finds them all.
    settings : Settings
        Settings of the run, with absolute paths.
    work : Path
        The report's folder, for tables and charts.
    variables : mapping of str to str or None, default None
        Environment variables of the kernel, beside those that every run sets.
    kernels : KernelSource or None, default None
        Starts the kernel; None: in the ordinary way.

    Returns
    -------
    NotebookNode
        The executed notebook.

    Raises
    ------
    InputError
        If the parameters cell sets anything but settings.
        Also if a cell raises one for another reason than too little data.
    RunError
        If a cell fails, the kernel dies, or a cell takes longer than `CELL_SECONDS`.

    Notes
    -----
    A cell that raises `TooLittleDataError` does not fail the report: its message stands in its place, and cells that
    need what it would have made are left out.
    """
    return asyncio.run(execute_notebook(path, settings, work, variables=variables or {}, kernels=kernels))


async def execute_notebook(
    path: Path, settings: Settings, work: Path, *, variables: Mapping[str, str], kernels: KernelSource | None = None
) -> NotebookNode:
    """Run a notebook as `run_notebook` does, beside others.

    Parameters
    ----------
    path : Path
        The notebook.
    settings : Settings
        Settings of the run, with absolute paths.
    work : Path
        The report's folder, for tables and charts.
    variables : mapping of str to str
        Environment variables of the kernel, beside those that every run sets.
    kernels : KernelSource or None, default None
        Starts the kernel; None: in the ordinary way.

    Returns
    -------
    NotebookNode
        The executed notebook.

    Raises
    ------
    InputError, RunError
        As `run_notebook` does.
    """
    import_jsonschema()
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    check_parameters(path, settings)
    notebook = _inject(path, settings)
    unanswered = _Unanswered()
    environment = {**os.environ, OUTPUT_VARIABLE: str(work), "FRAMING_PROJECT": str(project_root()), **variables}
    if (data := data_folder()) is not None:
        environment["FRAMING_DATA"] = str(data.resolve())
    client = NotebookClient(
        notebook,
        km=(kernels or KernelSource(None, None)).make_manager(),
        timeout=CELL_SECONDS,
        extra_arguments=list(KERNEL_ARGUMENTS),
        allow_error_names=[TooLittleDataError.__name__, NameError.__name__],
        on_cell_error=unanswered.explain,
    )
    try:
        await _run_cells(client, environment)
    except CellExecutionError as error:
        kind = InputError if error.ename == InputError.__name__ else RunError
        reason = error.evalue or error.ename or "no reason given"
        raise kind(f"The notebook {path.stem} failed: {reason} The earlier report stays.") from error
    except OSError:
        raise
    except Exception as error:  # a dead kernel or a time-out has its own class in each version of nbclient
        raise RunError(f"The notebook {path.stem} could not be run: {error} The earlier report stays.") from error
    _require_complete(notebook, path)
    return notebook


async def _run_cells(client: NotebookClient, environment: dict[str, str]) -> None:
    """Start a kernel, run all cells in it, and end it."""
    try:
        await client.async_start_new_kernel(env=environment, cwd=str(project_root()))
        await client.async_start_new_kernel_client()
        for place, cell in enumerate(client.nb.cells):
            await client.async_execute_cell(cell, place)
    finally:
        if client.kc is not None:
            client.kc.stop_channels()
        if client.km is not None and client.km.has_kernel:
            await client.km.shutdown_kernel(now=True)  # all it made is in its messages and on the disk


def read_notebook(path: Path) -> NotebookNode:
    """Read a notebook.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    NotebookNode
        Its content.
    """
    import_jsonschema()
    import nbformat

    notebook: NotebookNode = nbformat.read(path, as_version=4)
    return notebook


def _inject(path: Path, settings: Settings) -> NotebookNode:
    """The notebook with a cell below its parameters cell that sets all settings."""
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    # papermill's execute_notebook would warn of each setting that the parameters cell does not name
    parameterised: NotebookNode = parameterize_notebook(
        load_notebook_node(str(path)), settings.model_dump(mode="json"), kernel_name="python3", language="python"
    )
    return parameterised


@dataclass
class _Unanswered:
    """Puts a reason in the place of cells that have too little data, and of those that need what these would make.

    Attributes
    ----------
    missing : set of str
        Names that these cells would have set.
    """

    missing: set[str] = field(default_factory=set)

    def explain(self, *, cell: NotebookNode, cell_index: int, execute_reply: dict[str, Any]) -> None:
        """Replace the error of a cell by a note; errors of other kinds stay, and fail the run.

        Parameters
        ----------
        cell : NotebookNode
            The cell that raised.
        cell_index : int
            Its place.
        execute_reply : dict
            The kernel's answer, with the name of the error and its message.
        """
        name, message = (execute_reply["content"][key] for key in ("ename", "evalue"))
        if name == TooLittleDataError.__name__:
            note = _make_note(phrase("Too little data for this part. {reason}", reason=message), TOO_LITTLE)
        else:
            needed = re.match(r"name '(\w+)' is not defined", message)
            if name != NameError.__name__ or needed is None or needed.group(1) not in self.missing:
                return
            text = phrase("Left out, as it rests on a part above for which there is too little data.")
            note = _make_note(text, LEFT_OUT)
        self.missing |= _find_assigned(cell.source)
        for output in cell.outputs:
            if output.output_type == "error":
                output.clear()
                output.update(note)


def _find_assigned(source: str) -> set[str]:
    """Names that a cell sets."""
    nodes = ast.walk(ast.parse(source))
    return {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def _make_note(text: str, reason: str) -> NotebookNode:
    from nbformat.v4 import new_output

    return new_output("display_data", data={"text/plain": text}, metadata={NOTE: reason})


def _require_complete(notebook: NotebookNode, path: Path) -> None:
    """Raise `RunError` if a cell did not run, or holds an error that was let pass."""
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type != "code":
            continue
        if cell.execution_count is None and cell.source.strip():
            raise RunError(f"The notebook {path.stem} stopped before cell {number}. The earlier report stays.")
        if any(output.output_type == "error" for output in cell.outputs):
            raise RunError(f"Cell {number} of the notebook {path.stem} raised an error. The earlier report stays.")
