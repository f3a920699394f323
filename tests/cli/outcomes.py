"""What tests of the command line write, read and expect."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd

from tests.conftest import Ended

CHESS = [
    "The grandmaster won a bishop on move twenty.",
    "The chess champion defended her title.",
    "A knight won it.",
]


def refused(ended: Ended, expected: str, *, code: int = 2) -> None:
    """One paragraph on standard error, after a line on the encoder that was taken; no output, no traceback."""
    assert ended.code == code, ended.err
    assert ended.out == ""
    error = re.sub(r"\Aencoder \w+: .*\n", "", ended.err)
    assert error.startswith("framing: ")
    assert error.count("\n") == 1
    assert error.endswith("\n")
    assert "Traceback" not in error
    assert re.search(expected, error), error


def write(path: Path, table: pd.DataFrame) -> Path:
    if path.suffix == ".csv":
        table.to_csv(path, index=False)
    elif path.suffix == ".jsonl":
        table.to_json(path, orient="records", lines=True)
    else:
        table.to_parquet(path, index=False)
    return path


def read(path: Path) -> pd.DataFrame:
    if path.suffix == ".csv":
        return pd.read_csv(path, keep_default_na=False)
    return pd.read_json(path, lines=True) if path.suffix == ".jsonl" else pd.read_parquet(path)


def strict_json(text: str) -> dict:
    def refuse(name: str) -> None:
        raise AssertionError(f"{name} is not JSON")

    return json.loads(text, parse_constant=refuse)


def evaluated(framing, tiny, coded, *options) -> dict:
    ended = framing("evaluate", coded, "--codebook", tiny, "--label-column", "frames", "--json", *options)
    assert ended.code == 0, ended.err
    return strict_json(ended.out)
