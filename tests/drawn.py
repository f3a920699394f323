"""A small draw on disk and the sheets of its coders, shared by the tests of coding."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from framing.coding.design import DesignFacts, Stratum, rules_hash
from framing.coding.sampling import Sample, draw_sample
from framing.coding.sheets import FORMATS, write_sheets


def corpus(n: int = 24, *, per_document: int = 2) -> pd.DataFrame:
    texts = [f"Passage {k}, of some length." for k in range(n)]
    texts[3], texts[4], texts[5] = "=SUM(A1:A9) said the memo.", "'- quoted, with a dash", "Two\nlines; “quoted” – ü."
    return pd.DataFrame(
        {
            "passage_id": [f"{k:04}e{k:04}" if k % 2 else f"p{k:04}" for k in range(n)],
            "document_id": [f"d{k // per_document:03}" for k in range(n)],
            "outlet": ["A" if k // per_document % 2 else "B" for k in range(n)],
            "published": pd.Timestamp("2025-07-07"),
            "position": [k % per_document for k in range(n)],
            "text": texts,
        }
    )


def make_facts(sample: Sample, book: Any, *, coders: tuple[str, ...], overlap: float = 1.0) -> DesignFacts:
    strata = sample.strata[["stratum", "n_units", "n_passages", "n_drawn"]].to_dict("records")
    return DesignFacts(
        framing="0", corpus="small", corpus_hash="c", codebook=book.codebook, codebook_version=book.version,
        codebook_hash=book.hash, rules_hash=rules_hash(book), passage_words=90, random_seed=sample.random_seed,
        unit=sample.unit, allocation=sample.allocation, scores="", frame="", size=int(sample.strata["n_drawn"].sum()),
        n_passages_drawn=len(sample.passages), n_passages=sample.n_passages, n_documents=sample.n_documents,
        coders=coders, overlap=overlap, strata=tuple(Stratum(**row) for row in strata),
    )  # fmt: skip


def write_draw(
    folder: Path,
    book: Any,
    *,
    size: int = 8,
    coders: tuple[str, ...] = ("anna", "ben"),
    overlap: float = 1.0,
    unit: Any = "passage",
    formats: tuple[str, ...] = FORMATS,
) -> Sample:
    sample = draw_sample(corpus(), size=size, unit=unit, random_seed=1)
    write_sheets(folder, sample, book, make_facts(sample, book, coders=coders, overlap=overlap), formats=formats)
    return sample


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, strict=True))


def write_rows(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def fill(design: Path, coder: str, code: Callable[[str], str], *, to: Path) -> Path:
    """A coder's CSV sheet with `code(passage_id)` as frames, written to `to`."""
    rows = rows_of(design / "for_coders" / f"{coder}.csv")
    for row in rows:
        row["frames"] = code(row["passage_id"].removeprefix("'"))
    return write_rows(to / f"{coder}.csv", rows)
