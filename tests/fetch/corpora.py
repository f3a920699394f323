"""Corpora that fetch from the server of these tests, and what they hold."""

from __future__ import annotations

import json
from pathlib import Path

import yaml


def corpus(folder: Path, *sources: dict[str, object], **manners: object) -> Path:
    rule = {"delay_seconds": 0, "deadline_seconds": 5, "attempts": 1, **manners, "sources": list(sources)}
    folder.mkdir(exist_ok=True)
    (folder / "corpus.yaml").write_text(
        yaml.safe_dump(
            {
                "corpus": "own", "title": "Own", "files": ["fetched.jsonl"], "format": "jsonl", "fetch": rule,
                "columns": {"text": "text", "title": "title", "outlet": "outlet", "published": "published"},
            }
        )
    )  # fmt: skip
    return folder


def current(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / "fetched.jsonl").read_text(encoding="utf-8").splitlines()]
