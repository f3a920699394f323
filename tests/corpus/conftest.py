"""A corpus folder written to disk for one test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

CorpusMaker = Callable[..., Path]

COLUMNS = """columns:
  text: text
  outlet: outlet
"""


@pytest.fixture
def make_corpus(tmp_path: Path) -> CorpusMaker:
    """Write `files` and a corpus.yaml that names them; returns the folder."""

    def make(
        files: dict[str, str | bytes],
        *,
        form: str = "csv",
        columns: str = COLUMNS,
        pattern: str = "",
        more: str = "",
    ) -> Path:
        folder = tmp_path / "sample"
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        globs = pattern or ", ".join(f'"{name}"' for name in files)
        (folder / "corpus.yaml").write_text(
            f"corpus: sample\ntitle: A sample\nformat: {form}\nfiles: [{globs}]\n{columns}{more}",
            encoding="utf-8",
        )
        return folder

    return make
