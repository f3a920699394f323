"""Files of reports that several tests read or write."""

from __future__ import annotations

from pathlib import Path

import nbformat


def read_files(folder: Path) -> dict[str, bytes]:
    """Content of every file in a folder by its relative path."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def write_notebook(path: Path, *sources: str, tagged: bool = True) -> Path:
    """A notebook of code cells; unless `tagged` is false the first is tagged as the parameters."""
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_code_cell(source) for source in sources]
    if tagged:
        notebook.cells[0].metadata["tags"] = ["parameters"]
    nbformat.write(notebook, path)
    return path
