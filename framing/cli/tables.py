"""Tables as text on a terminal: columns in words, the number of rows left out, and why an estimate has no interval."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from framing.validation.intervals import BOOTSTRAPPED

__all__ = [
    "CODERS_NOTE",
    "MEASURES_NOTE",
    "format_differences",
    "format_measures",
    "format_plain",
    "format_promises",
    "summarise_promises",
]

MEASURES_NOTE = (
    "n: labelled passages with the frame, by the coders; in rows (macro), (micro) and (all) all labelled passages. "
    "Intervals are over documents."
)
CODERS_NOTE = "n: passages coded by two coders or more. Intervals are over documents."
_HIDDEN = ("method", "n_passages", "n_documents", "n_gold", "document_id", "published")
_PRECISION_LEGEND = "Precision: n labelled passages are given the frame; kept: the share of them from that score on."
_RECALL_LEGEND = (
    "Recall: n labelled passages carry the frame; kept: the share of those not given it that stay absent, "
    "below that score."
)
_ENOUGH_LEGEND = (
    "Labels that would roughly do: labelled passages in all, drawn like these, if the classifier stays as good."
)


def format_measures(table: pd.DataFrame) -> str:
    """Return measures of agreement as text.

    Parameters
    ----------
    table : DataFrame
        A row a measure, as `evaluate_decisions` or `measure_reliability` returns it; with the column `group` as
        `evaluate_groups` does.

    Returns
    -------
    str
        A line a measure; at its end the method unless it is a bootstrap.
    """
    grouped = "group" in table.columns
    lines = [f"{'group':<24}" * grouped + f"{'frame':<44}{'measure':<20}{'estimate':>9}   interval           n"]
    for row in table.to_dict("records"):
        bounds = "–" if math.isnan(row["low"]) else f"{row['low']:.3f} to {row['high']:.3f}"
        estimate = "–" if math.isnan(row["estimate"]) else f"{row['estimate']:.3f}"
        note = "" if row["method"] in BOOTSTRAPPED else f"   {row['method']}"
        group = f"{row['group']:<24}" if grouped else ""
        lines.append(
            f"{group}{row['frame']:<44}{row['measure']:<20}{estimate:>9}   {bounds:<16}{row['n_passages']:>6,}{note}"
        )
    return "\n".join(lines)


def format_differences(table: pd.DataFrame, *, rows: int) -> str:
    """Return differences between groups as text.

    Parameters
    ----------
    table : DataFrame
        A row a difference, as `compare_errors` returns it.
    rows : int
        Number of rows to show.

    Returns
    -------
    str
        A line a difference in points; `–` under `differs`, and the method, if it has no interval.
    """
    lines = [f"{'difference (interval) in points':<34}{'differs':<9}{'n':>6}  measure, frame, groups"]
    for row in table.head(rows).to_dict("records"):
        bounded = not math.isnan(row["low"])
        difference = "–" if math.isnan(row["estimate"]) else f"{100 * row['estimate']:+.1f}"
        difference += f" ({100 * row['low']:+.1f} to {100 * row['high']:+.1f})" if bounded else ""
        differs = ("yes" if row["differs"] else "no") if bounded else "–"
        contrast = f"{row['measure'].replace('_', ' ')} of {row['frame']}: {row['group_a']} less {row['group_b']}"
        note = "" if bounded else f"; {row['method']}"
        lines.append(f"{difference:<34}{differs:<9}{row['n_passages']:>6,}  {contrast}{note}")
    return "\n".join([*lines, *_count_left_out(table, rows)])


def format_plain(table: pd.DataFrame, *, rows: int) -> str:
    """Return a table as text.

    Parameters
    ----------
    table : DataFrame
        Any table.
    rows : int
        Number of rows to show.

    Returns
    -------
    str
        The first rows, without columns of counts and ids; a dash where there is no value.
    """
    columns = [name for name in table.columns if name not in _HIDDEN]
    text = table.head(rows)[columns].round(3).to_string(index=False, max_colwidth=70, na_rep="–")
    return "\n".join([text, *_count_left_out(table, rows)])


def _count_left_out(table: pd.DataFrame, rows: int) -> list[str]:
    return [f"{rows} of {len(table):,} rows; --json has all"] if len(table) > rows else []


def summarise_promises(guarantees: pd.DataFrame) -> str:
    """Return for how many frames each measure is promised, and why not for the others.

    Parameters
    ----------
    guarantees : DataFrame
        `guarantees_` of a classifier.

    Returns
    -------
    str
        A line a measure.
    """
    lines = []
    for (measure, asked), rows in guarantees.groupby(["measure", "asked"], sort=False):
        line = f"{measure} of at least {asked:g}: promised for {int(rows['held'].sum())} of {len(rows)} frames"
        n_lacking = rows["shortfall"].value_counts()
        reasons = []
        if n := n_lacking.get("labels", 0):
            reasons.append(f"{n} for want of labels")
        if n := n_lacking.get("scores", 0):
            reasons.append(f"{n} that reach it at no score")
        if reasons:
            line += f"; not for {' and '.join(reasons)}, which abstain instead"
        lines.append(f"{line} (confidence {rows['confidence'].iloc[0]:g})")
    return "\n".join(lines)


def format_promises(guarantees: pd.DataFrame) -> str:
    """Return the promise for each frame as text.

    Parameters
    ----------
    guarantees : DataFrame
        `guarantees_` of a classifier.

    Returns
    -------
    str
        A line a frame and measure: the score from which it is promised, the share that stays decided, the number of
        labels, and how many labels would roughly do if it is not promised; then a legend.
    """
    lines = [
        f"{'frame':<44}{'measure':<11}{'promised':<10}{'score':>7}{'kept':>7}{'n':>7}  labels that would roughly do"
    ]
    lines += [_format_promise(row) for row in guarantees.to_dict("records")]
    if (guarantees["measure"] == "precision").any():
        lines.append(_PRECISION_LEGEND)
    if (guarantees["measure"] == "recall").any():
        lines.append(_RECALL_LEGEND)
    if not guarantees["held"].all():
        lines.append(_ENOUGH_LEGEND)
    return "\n".join(lines)


def _format_promise(row: dict[Any, Any]) -> str:
    promised, score, enough = "yes", f"{row['threshold']:.3f}", ""
    if not row["held"]:
        promised, score = "no", "–"
        enough = "unknown" if pd.isna(row["n_enough"]) else f"{row['n_enough']:,}"
    return (
        f"{row['frame']:<44}{row['measure']:<11}{promised:<10}{score:>7}{row['share_kept']:>7.0%}"
        f"{row['n_gold']:>7,}  {enough}"
    )
