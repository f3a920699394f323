"""Small projects on disk: a corpus in one JSON lines file, the codebook `tiny`, and an encoder that counts words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.tiny import WordEncoder, codebook_file

_READS_ENCODERS = ("prepare", "fragility", "stories")  # modules of framing.analysis


def write_project(
    folder: Path,
    rows: Iterable[Mapping[str, Any]],
    *,
    corpus: str = "small",
    rules: str = "",
    multi_label: bool = False,
) -> Path:
    """Write a project into `folder`; every key of `rows` is a column of that name. Returns the folder of its corpus."""
    rows = [dict(row) for row in rows]
    home = folder / "corpora" / corpus
    home.mkdir(parents=True)
    (folder / "seeds").mkdir()
    codebook_file(folder / "seeds", multi_label=multi_label)
    (home / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n", encoding="utf-8")
    columns = ", ".join(f"{name}: {name}" for name in rows[0])
    (home / "corpus.yaml").write_text(
        f"corpus: {corpus}\ntitle: Small\nfiles: [rows.jsonl]\nformat: jsonl\ncolumns: {{{columns}}}\n{rules}",
        encoding="utf-8",
    )
    return home


def enter_project(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make `folder` the project, with a cache of its own and the encoder that counts words."""
    monkeypatch.setenv("FRAMING_PROJECT", str(folder))
    monkeypatch.setenv("FRAMING_CACHE", str(folder / "cache"))
    for module in _READS_ENCODERS:
        monkeypatch.setattr(f"framing.analysis.{module}.open_encoder", lambda *_, **__: WordEncoder())
