"""What `framing export` writes: tables, figures, codebook; hostile text is escaped; errors say what is missing."""

from __future__ import annotations

import csv
import re

import pandas as pd
import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from framing.errors import InputError
from framing.export.export import export_report
from framing.export.figures import WIDTHS
from framing.export.latex import escape_latex, write_table_latex
from framing.export.wide import find_group

POINT = 72 / 25.4


@pytest.mark.slow
def test_wide_csv_has_a_row_a_frame_and_a_column_a_group(reports):
    folder = export_report("labelled", "csv")
    assert folder == reports / "labelled.export"
    assert [path.name for path in folder.iterdir()] == ["shares.csv"]
    with (folder / "shares.csv").open(encoding="utf-8-sig", newline="") as lines:
        assert list(csv.reader(lines)) == [
            ["frame", "A & B", "C_1"],
            ["Escalation risk", "12.3 [10.0, 20.0]", "12.3 [10.0, 20.0]"],
            ["Deterrence", "12.3 [10.0, 20.0]", "12.3 [10.0, 20.0]"],
        ]


def test_places_and_measures_are_no_shares():
    ranks = pd.DataFrame({"frame": ["x"], "group": ["A"], "rank": [1], "low": [1], "high": [2], "estimate": [0.1]})
    assert find_group(ranks, "outlet") == ""
    assert find_group(ranks.drop(columns="rank").assign(measure="f1"), "outlet") == ""
    assert find_group(ranks.drop(columns="rank"), "outlet") == "group"


@pytest.mark.slow
def test_latex_is_escaped_and_has_figures_of_both_widths(reports, tmp_path):
    folder = export_report("labelled", "latex", tmp_path / "out")
    shares = (folder / "tables" / "shares.tex").read_text(encoding="utf-8")
    assert r"A \& B" in shares
    assert r"C\_1" in shares
    assert r"\toprule" in shares
    assert "estimate [90\\% interval], per cent. Method: corrected with labelled passages" in shares
    assert r"\subsection{Escalation risk}" in (folder / "codebook.tex").read_text(encoding="utf-8")
    assert r"\nocite{egami2023," in (folder / "methods.tex").read_text(encoding="utf-8")
    for millimetres in WIDTHS.values():
        pdf = (folder / "figures" / f"share_intervals_{millimetres:.0f}mm.pdf").read_bytes()
        assert pdf.startswith(b"%PDF")
        box = re.search(rb"/MediaBox ?\[0 0 ([\d.]+) ", pdf)
        assert box is not None
        assert float(box.group(1)) <= millimetres * POINT + 0.1
        assert b"/Font" in pdf  # text, not outlines
    captions = (folder / "figures" / "captions.txt").read_text(encoding="utf-8")
    assert captions.startswith("share_intervals: Share of passages with each frame, by outlet. Dot: share.")


@pytest.mark.slow
def test_word_has_methods_tables_codebook_and_references(reports):
    document = Document(str(export_report("labelled", "docx") / "labelled.docx"))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    for part in ("Mine & others", "Methods", "40 passages were labelled", "Appendix: codebook great-power-crisis",
                 "Krippendorff, Klaus (2018)", "Include: "):  # fmt: skip
        assert part in text
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert "12.3 [10.0, 20.0]" in cells
    assert "A & B" in cells


def test_without_its_codebook_a_report_has_no_appendix(reports):
    (reports.parent / "seeds" / "great-power-crisis.yaml").unlink()
    said: list[str] = []
    folder = export_report("zero", "docx", say=said.append)
    assert any("no appendix" in line for line in said)
    assert "Appendix" not in "\n".join(part.text for part in Document(str(folder / "zero.docx")).paragraphs)


def test_errors_say_what_is_missing(reports):
    with pytest.raises(InputError, match=r"no finished report 'nosuch'.*Finished: labelled, zero.*report nosuch"):
        export_report("nosuch", "docx")
    with pytest.raises(InputError, match=r"to: expected docx, latex, csv, methods, got 'pdf'"):
        export_report("zero", "pdf")
    (reports / "zero" / "charts" / "share_intervals.vl.json").unlink()
    with pytest.raises(InputError, match=r"1 charts have no specification.*earlier version.*framing report zero"):
        export_report("zero", "latex")
    assert not (reports / "zero.export").exists()
    assert (export_report("zero", "methods") / "methods.txt").is_file()
    (reports / "zero" / "run.json").write_text("{}")
    with pytest.raises(InputError, match="expected the record of a report"):
        export_report("zero", "csv")


def test_long_tables_break_over_pages():
    table = pd.DataFrame({"x": ["[1]"] * 31})
    assert write_table_latex(table, name="a_b", caption="c").startswith(r"\begin{longtable}")
    short = write_table_latex(table.head(2), name="a_b", caption="c")
    assert r"\begin{tabular}" in short
    assert "{}[1] \\\\" in short  # a bracket after a line break is no length
    assert r"\label{tab:a-b}" in short


@given(st.text(max_size=80))
def test_no_special_character_is_left(text):
    escaped = escape_latex(text)
    bare = re.sub(r"\\(?:[&%$#_{}]|[a-zA-Z]+(?:\{\})?)|\$(?:-|\\[a-z]+)\$", "", escaped)
    assert not set(bare) & set('\\&%$#_{}^<>|"\n\r\x00')
