"""The page on two versions of a codebook: what changes in rules, decisions, shares and contrasts, and its tables."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from framing.analysis.codebook_versions import CodebookVersion, VersionComparison
from framing.analysis.wording import write_number
from framing.files.spreadsheets import write_csv
from framing.reports.codebook_findings import describe_versions
from framing.reports.html import clean_html
from framing.reports.table_html import render_table
from framing.reports.templates import render_template
from framing.texts import phrase

__all__ = ["PAGE_NAME", "ComparedCorpus", "RowCounts", "write_version_comparison"]

PAGE_NAME = "index.html"
_ROWS = 12  # that stand open, at most
_MOST_ROWS = 200  # on the page


@dataclass(frozen=True)
class RowCounts:
    """Rows of the corpus and what became of them.

    Attributes
    ----------
    n_in : int
        Rows that were read.
    n_compared, n_refused, n_left_out, n_empty : int
        Documents that were compared, rows that were refused, left out by `where:`, and without a passage.
    """

    n_in: int
    n_compared: int
    n_refused: int
    n_left_out: int
    n_empty: int

    def describe(self) -> str:
        """Say the counts.

        Returns
        -------
        str
            In the language of this process.

        Examples
        --------
        >>> RowCounts(5, 3, 1, 1, 0).describe()
        '5 rows in = 3 documents compared + 1 refused + 1 left out by where: + 0 without a passage'
        """
        return phrase(
            "{n_in:,} rows in = {n_compared:,} documents compared + {n_refused:,} refused + {n_left_out:,} left out by "
            "where: + {n_empty:,} without a passage",
            n_in=self.n_in,
            n_compared=self.n_compared,
            n_refused=self.n_refused,
            n_left_out=self.n_left_out,
            n_empty=self.n_empty,
        )


@dataclass(frozen=True)
class ComparedCorpus:
    """What was compared, for the head of the page.

    Attributes
    ----------
    title : str
        Title of the corpus.
    constructed : bool
        Whether its texts were written as an illustration.
    scorer : str
        The encoder, and how the classifier learned.
    zero_shot : bool
        Whether it learned from seeds alone.
    unit : {"passage", "document"}
        What was classified.
    n_units, n_documents : int
        Numbers of what was classified, and of its documents.
    counts : RowCounts
        Rows in, compared and set aside.
    by : str
        Column of the groups.
    """

    title: str
    constructed: bool
    scorer: str
    zero_shot: bool
    unit: str
    n_units: int
    n_documents: int
    counts: RowCounts
    by: str


def write_version_comparison(
    comparison: VersionComparison, old: CodebookVersion, new: CodebookVersion, corpus: ComparedCorpus, work: Path
) -> None:
    """Write the page and its tables into a folder.

    Parameters
    ----------
    comparison : VersionComparison
        What changes.
    old, new : CodebookVersion
        The two versions.
    corpus : ComparedCorpus
        What was compared.
    work : Path
        The folder. It gets `index.html`, and each table in `tables/` as CSV and Parquet.
    """
    (work / "tables").mkdir(parents=True, exist_ok=True)
    tables = {
        "agreement": comparison.agreement,
        "contrasts": comparison.contrasts,
        "shares": comparison.shares,
        "passages": comparison.passages,
        "rules": comparison.rules,
    }
    for name, table in tables.items():
        table.to_parquet(work / "tables" / f"{name}.parquet", index=False)
        write_csv(table, work / "tables" / f"{name}.csv")
    names = {**old.codebook.names, **new.codebook.names}
    page = render_template(
        "codebook_versions.html",
        old=old.codebook,
        new=new.codebook,
        thresholds=[_write_threshold(version) for version in (old, new)],
        corpus=corpus,
        comparison=comparison,
        sentences=describe_versions(comparison, old.codebook, new.codebook),
        left_out=", ".join(f"{name} ({n:,})" for name, n in comparison.left_out.items()),
        agreement=_show(comparison.agreement, "agreement", phrase("Frames and their decisions"), names),
        contrasts=_show(_pick_moved(comparison.contrasts), "contrasts", phrase("Contrasts with both versions"), names),
        n_still=int(comparison.contrasts["p_adjusted"].isna().sum()),
        shares=_show(comparison.shares, "shares", phrase("Shares with both versions"), names),
        passages=_show(
            comparison.passages.drop(columns=["margin_before", "margin_after"]),
            "passages",
            phrase("Passages whose decision changes"),
            names,
        ),
        rules=_show(comparison.rules, "rules", phrase("Changes of the text"), names),
    )
    (work / PAGE_NAME).write_text(page, encoding="utf-8")


def _write_threshold(version: CodebookVersion) -> str:
    """What decides that a frame is present."""
    if version.codebook.multi_label:
        return write_number(version.threshold, ".3f")
    return phrase("the highest score")


def _pick_moved(contrasts: pd.DataFrame) -> pd.DataFrame:
    """Contrasts on the page: those in which anything changes."""
    return contrasts[contrasts["p_adjusted"].notna()] if len(contrasts) else contrasts


def _show(table: pd.DataFrame, name: str, caption: str, names: dict[str, str]) -> dict[str, Any]:
    """A table as HTML, and how many of its rows stand behind the first ones."""
    shown = table.head(_MOST_ROWS)
    if len(shown) < len(table):
        caption = phrase("{caption}, the first {n:,} of {n_all:,}", caption=caption, n=len(shown), n_all=len(table))
    linkable = {"names": names, "linked": False}
    html = clean_html(render_table(shown, name=name, caption=caption, rows=_ROWS, linkable=linkable))
    return {"name": name, "html": html, "n_more": html.count('class="more'), "n_rows": len(shown)}
