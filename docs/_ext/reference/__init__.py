"""Sphinx extension: writes docs/reference/ from the code, so that it lists what the program has and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reference.columns import tables_page
from reference.commands import commands_page
from reference.fields import keys_pages
from reference.functions import function_pages

__all__ = ["reference_pages", "setup", "write_reference"]

_INDEX = """# Reference

These pages are made from the code each time the site is built.

```{{toctree}}
:maxdepth: 1

{entries}
```
"""


def reference_pages() -> dict[str, str]:
    """Markdown of each page of the reference, by its name without ending."""
    pages = {
        **function_pages(),
        **keys_pages(),
        "tables": tables_page(),
        "commands": commands_page(),
    }
    entries = [name for name in pages if not name.startswith("functions_")]  # those are listed by the page of functions
    return {"index": _INDEX.format(entries="\n".join(entries)), **pages}


def write_reference(folder: Path) -> None:
    """Write the pages to `folder`; a page that has not changed is left alone, so that Sphinx does not read it again."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = reference_pages()
    for path in folder.glob("*.md"):
        if path.stem not in pages:
            path.unlink()
    for name, text in pages.items():
        path = folder / f"{name}.md"
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def setup(app: Any) -> dict[str, Any]:
    """Write the reference before Sphinx looks for documents."""
    app.connect("builder-inited", lambda app: write_reference(Path(app.srcdir) / "reference"))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
