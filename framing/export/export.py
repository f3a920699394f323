"""Write what a paper needs of a finished report into a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from framing.errors import InputError
from framing.export.citations import write_bibtex
from framing.export.figures import WIDTHS, write_figure
from framing.export.finished import FinishedReport, open_report
from framing.export.latex import escape_latex, write_codebook_latex, write_table_latex
from framing.export.methods import Methods, write_methods
from framing.export.wide import find_group, set_cells, spread_groups
from framing.export.word import write_document
from framing.files.spreadsheets import write_csv
from framing.steps import Say

__all__ = ["FORMATS", "export_report"]

_MOST_ROWS = 200  # of a table in a document; the files of the report hold all
_PACKAGES = "% \\usepackage[T1]{fontenc}\n% \\usepackage{booktabs,longtable,array,graphicx}\n"


def export_report(name: str, form: str, output: Path | None = None, *, say: Say = lambda _: None) -> Path:
    """Write tables, figures or methods of a finished report for a paper.

    Parameters
    ----------
    name : str
        Name of the report.
    form : {"docx", "latex", "csv", "methods"}
        What to write. `docx` and `latex` hold tables, figures, methods and codebook, `csv` wide tables, `methods` the
        paragraph and its sources.
    output : Path or None, default None
        Folder to write to; by default `reports/NAME.export/`. Files of the same name are replaced.
    say : callable
        Called with a line at each step.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    InputError
        If the report was not made, the form is unknown, or an earlier version of the program made the charts.
    """
    if form not in FORMATS:
        raise InputError(f"expected {', '.join(FORMATS)}, got {form!r}", argument="to")
    report = open_report(name)
    if form in ("docx", "latex"):
        _ = report.specs  # an error before anything is written
    folder = output if output is not None else report.folder.parent / f"{name}.export"
    folder.mkdir(parents=True, exist_ok=True)
    FORMATS[form](report, folder, say)
    return folder


def _export_docx(report: FinishedReport, folder: Path, say: Say) -> None:
    methods = write_methods(report)
    write_document(
        folder / f"{report.name}.docx",
        title=str(report.facts.get("title", report.name)),
        methods=methods.text,
        references=[source.text for source in methods.references],
        tables=_set_tables(report),
        codebook=report.codebook,
    )
    _say_codebook(report, say)
    _export_figures(report, folder, say)


def _export_latex(report: FinishedReport, folder: Path, say: Say) -> None:
    tables = folder / "tables"
    tables.mkdir(exist_ok=True)
    for name, (caption, table) in _set_tables(report).items():
        text = _PACKAGES + write_table_latex(table, name=name, caption=caption)
        (tables / f"{name}.tex").write_text(text, encoding="utf-8")
    if report.codebook is not None:
        (folder / "codebook.tex").write_text(write_codebook_latex(report.codebook), encoding="utf-8")
    _say_codebook(report, say)
    _write_methods(write_methods(report), folder)
    _export_figures(report, folder, say)


def _export_csv(report: FinishedReport, folder: Path, say: Say) -> None:
    by = str(report.settings["compare_by"])
    for name, table in report.tables.items():
        if group := find_group(table, by):
            write_csv(spread_groups(table, group, report.names), folder / f"{name}.csv")
            say(f"{name}.csv: a row a frame, a column a group ({group})")


def _export_methods(report: FinishedReport, folder: Path, say: Say) -> None:
    _write_methods(write_methods(report), folder)
    say("methods.txt, methods.tex and references.bib: check them against your study; they say what the record says")


def _write_methods(methods: Methods, folder: Path) -> None:
    keys = ",".join(source.key for source in methods.references)
    (folder / "methods.txt").write_text(methods.text + "\n", encoding="utf-8")
    text = f"{escape_latex(methods.text)}\n\\nocite{{{keys}}}\n"
    (folder / "methods.tex").write_text(text, encoding="utf-8")
    (folder / "references.bib").write_text(write_bibtex(methods.references), encoding="utf-8")


def _export_figures(report: FinishedReport, folder: Path, say: Say) -> None:
    """Each chart at both widths, and a file with the captions."""
    figures = folder / "figures"
    figures.mkdir(exist_ok=True)
    captions = []
    for name, spec in report.specs.items():
        for kind, millimetres in WIDTHS.items():
            pdf, size = write_figure(spec, millimetres)
            (figures / f"{name}_{millimetres:.0f}mm.pdf").write_bytes(pdf)
            if size < 7:
                say(f"{name}_{millimetres:.0f}mm.pdf: text of {size:.1f} points, as the chart is too wide for a {kind}")
        words = (spec.get("usermeta") or {}).get("framing", {})
        parts = [str(words.get(key, "")).strip() for key in ("title", "verdict", "notes")]
        captions.append(f"{name}: " + " ".join(part if part[-1] in ".?!" else f"{part}." for part in parts if part))
    (figures / "captions.txt").write_text("\n\n".join(captions) + "\n", encoding="utf-8")


def _set_tables(report: FinishedReport) -> dict[str, tuple[str, pd.DataFrame]]:
    """Caption and text of each table: wide where it has one estimate a frame and group, else its first rows."""
    by = str(report.settings["compare_by"])
    level = f"{report.settings['level']:.0%}"
    tables = {}
    for name, table in report.tables.items():
        title = name.replace("_", " ").capitalize()
        methods = "; ".join(dict.fromkeys(map(str, table["method"]))) if "method" in table.columns else ""
        note = f" Method: {methods}." if methods else ""
        group = find_group(table, by)
        if group and table[group].nunique() <= 8:
            unit = "percentage points" if {"rest", "differs"} & set(table.columns) else "per cent"
            caption = f"{title}, by {group}: estimate [{level} interval], {unit}.{note}"
            tables[name] = (caption, spread_groups(table, group, report.names))
        else:
            more = f" The first {_MOST_ROWS} of {len(table):,} rows." if len(table) > _MOST_ROWS else ""
            tables[name] = (f"{title}.{more}{note}", set_cells(table, report.names, rows=_MOST_ROWS))
    return tables


def _say_codebook(report: FinishedReport, say: Say) -> None:
    if report.codebook is None:
        say(f"no appendix: seeds/{report.settings.get('codebook')}.yaml is not the codebook of this run any more")


FORMATS: dict[str, Callable[[FinishedReport, Path, Say], None]] = {
    "docx": _export_docx,
    "latex": _export_latex,
    "csv": _export_csv,
    "methods": _export_methods,
}
