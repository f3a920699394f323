"""Files for the tests of readers, and what is read of them."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd

from framing.corpus.formats import find_format, read_rows
from framing.corpus.records import Refused, Row

TABLE = [["id", "outlet", "text"], ["007", "NA", "Straße, “quoted”\nand more"], ["1e5", "null", "TRUE"]]
EXPECTED = [dict(zip(TABLE[0], line, strict=True)) for line in TABLE[1:]]


PAGE = """<!DOCTYPE html><html lang="en"><head><title>Bridge reopens | The Beacon</title>
<meta property="og:site_name" content="The Beacon">
<meta property="article:published_time" content="2025-07-05">
<link rel="canonical" href="https://beacon.example/bridge"></head>
<body><nav><a href="/">Home</a> <a href="/sport">Sport</a></nav><article><h1>Bridge reopens</h1>
<p>The bridge over the river reopened on Saturday after eleven months of repairs, the mayor said.</p>
<p>Lorries will have to wait until the autumn, when the second carriageway is to be finished, she added.</p>
</article><footer>All rights reserved. Imprint and privacy.</footer></body></html>"""


def rows(path: Path, needed: tuple[str, ...] = ("text", "outlet"), **options: Any) -> list[Row | Refused]:
    return list(read_rows(path, kind=options.pop("kind", "") or find_format(path), needed=needed, **options))


def kept(path: Path, needed: tuple[str, ...] = ("text", "outlet"), **options: Any) -> list[Row]:
    found = rows(path, needed, **options)
    assert not [item for item in found if isinstance(item, Refused)]
    return [item for item in found if isinstance(item, Row)]


def read(path: Path, needed: tuple[str, ...] = ("text", "outlet"), **options: Any) -> list[Row]:
    """The rows that are kept, whatever is refused."""
    return [item for item in rows(path, needed, **options) if isinstance(item, Row)]


def refused(path: Path, needed: tuple[str, ...] = ("text", "outlet"), **options: Any) -> list[tuple[int, str]]:
    return [(item.line, item.reason) for item in rows(path, needed, **options) if isinstance(item, Refused)]


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def workbook(path: Path, table: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in table:
        sheet.append(line)
    book.save(path)
    return path


def sample(folder: Path, form: str) -> Path:
    path = folder / f"sample.{form}"
    if form in ("csv", "tsv"):
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, delimiter="," if form == "csv" else "\t").writerows(TABLE)
    elif form == "jsonl":
        path.write_text("".join(json.dumps(item, ensure_ascii=False) + "\n" for item in EXPECTED), encoding="utf-8")
    elif form == "parquet":
        pd.DataFrame(EXPECTED).to_parquet(path)
    else:
        workbook(path, [list(line) for line in TABLE])
    return path
