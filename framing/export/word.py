"""Tables, methods and codebook as one DOCX file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from framing.codebook import Codebook

__all__ = ["write_document"]

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_document(
    path: Path,
    *,
    title: str,
    methods: str,
    references: Sequence[str],
    tables: Mapping[str, tuple[str, pd.DataFrame]],
    codebook: Codebook | None,
) -> None:
    """Write a Word document with the methods, the tables, the codebook as appendix and the references.

    Parameters
    ----------
    path : Path
        The file.
    title : str
        Title of the report.
    methods : str
        The paragraph of methods.
    references : sequence of str
        References, one a paragraph.
    tables : mapping of str to (str, DataFrame)
        Caption and text of each table by its name.
    codebook : Codebook or None
        The codebook; None leaves the appendix out.
    """
    from docx import Document

    document = Document()
    document.core_properties.author = ""
    document.core_properties.comments = ""
    document.add_heading(_clean(title), 0)
    document.add_heading("Methods", 1)
    document.add_paragraph(_clean(methods))
    document.add_heading("Tables", 1)
    for number, (caption, table) in enumerate(tables.values(), start=1):
        document.add_paragraph(_clean(f"Table {number}. {caption}"), style="Caption")
        _add_table(document, table)
    if codebook is not None:
        _add_codebook(document, codebook)
    if references:
        document.add_heading("References", 1)
        for reference in references:
            document.add_paragraph(_clean(reference))
    document.save(str(path))


def _add_table(document: Any, table: pd.DataFrame) -> None:
    """A table whose heading is repeated on each page."""
    from docx.oxml import OxmlElement
    from docx.shared import Pt

    grid = document.add_table(rows=1 + len(table), cols=len(table.columns), style="Light List")
    lines = [list(table.columns), *table.to_numpy().tolist()]
    for row, line in zip(grid.rows, lines, strict=True):
        for cell, text in zip(row.cells, line, strict=True):
            run = cell.paragraphs[0].add_run(_clean(str(text)))
            run.font.size = Pt(8)
    properties = grid.rows[0]._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:tblHeader"))
    document.add_paragraph()


def _add_codebook(document: Any, codebook: Codebook) -> None:
    document.add_heading(_clean(f"Appendix: codebook {codebook.codebook}, version {codebook.version}"), 1)
    document.add_paragraph(_clean(codebook.description))
    for frame in codebook.frames:
        document.add_heading(_clean(frame.name), 2)
        document.add_paragraph(_clean(frame.definition))
        for title, rules in (("Include", frame.include), ("Exclude", frame.exclude)):
            for rule in rules:
                document.add_paragraph(_clean(f"{title}: {rule}"), style="List Bullet")
        document.add_paragraph(f"Seed passages: {len(frame.seeds)}.")
    for reference in codebook.references:
        document.add_paragraph(_clean(reference))


def _clean(text: str) -> str:
    """Text without characters that XML forbids."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
