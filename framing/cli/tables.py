"""Tables as text on a terminal: what columns mean, what is left out, and why a number has no interval."""

from __future__ import annotations

import math

import pandas as pd

__all__ = [
    "COUNTED", "CODERS_COUNTED", "differences_text", "measures_text", "plain_text", "promise_summary", "promise_table",
]  # fmt: skip

COUNTED = (
    "n: labelled passages with the frame, by the coders; in rows (macro), (micro) and (all) all labelled passages. "
    "Intervals are over documents."
)
CODERS_COUNTED = "n: passages coded by two coders or more. Intervals are over documents."
_HIDDEN = ("method", "n_passages", "n_documents", "n_gold", "document_id", "published")


def measures_text(table: pd.DataFrame) -> str:
    """A line a measure; after it the method, where it is not the bootstrap."""
    from framing.validation.intervals import BOOTSTRAPPED

    grouped = "group" in table.columns
    lines = [f"{'group':<24}" * grouped + f"{'frame':<44}{'measure':<20}{'estimate':>9}   interval           n"]
    for row in table.to_dict("records"):
        known = not math.isnan(row["low"])
        bounds = f"{row['low']:.3f} to {row['high']:.3f}" if known else "–"
        estimate = "–" if math.isnan(row["estimate"]) else f"{row['estimate']:.3f}"
        note = "" if row["method"] in BOOTSTRAPPED else f"   {row['method']}"
        group = f"{row['group']:<24}" if grouped else ""
        lines.append(
            f"{group}{row['frame']:<44}{row['measure']:<20}{estimate:>9}   {bounds:<16}{row['n_passages']:>6,}{note}"
        )
    return "\n".join(lines)


def differences_text(table: pd.DataFrame, *, rows: int) -> str:
    """A line a difference in points; `–` under `differs` where nothing is known, and why."""
    lines = [f"{'difference (interval) in points':<34}{'differs':<9}{'n':>6}  measure, frame, groups"]
    for row in table.head(rows).to_dict("records"):
        known = not math.isnan(row["low"])
        shown = "–" if math.isnan(row["estimate"]) else f"{100 * row['estimate']:+.1f}"
        shown += f" ({100 * row['low']:+.1f} to {100 * row['high']:+.1f})" if known else ""
        differs = ("yes" if row["differs"] else "no") if known else "–"
        what = f"{row['measure'].replace('_', ' ')} of {row['frame']}: {row['group_a']} less {row['group_b']}"
        note = "" if known else f"; {row['method']}"
        lines.append(f"{shown:<34}{differs:<9}{row['n_passages']:>6,}  {what}{note}")
    return "\n".join([*lines, *_left_out(table, rows)])


def plain_text(table: pd.DataFrame, *, rows: int) -> str:
    """The first rows, without columns of counts and ids."""
    shown = table.head(rows).drop(columns=[name for name in _HIDDEN if name in table.columns])
    return "\n".join([shown.round(3).to_string(index=False, max_colwidth=70), *_left_out(table, rows)])


def _left_out(table: pd.DataFrame, rows: int) -> list[str]:
    return [f"{rows} of {len(table):,} rows; --json has all"] if len(table) > rows else []


def promise_summary(guarantees: pd.DataFrame) -> str:
    """A line a measure: for how many frames it could be promised, and why not for the others.

    Those that cannot be promised abstain.
    """
    lines = []
    for (measure, asked), rows in guarantees.groupby(["measure", "asked"], sort=False):
        held = int(rows["held"].sum())
        line = f"{measure} of at least {asked:g}: promised for {held} of {len(rows)} frames"
        few, unreached = (int((rows["shortfall"] == what).sum()) for what in ("labels", "scores"))
        why = [f"{few} for want of labels"] * bool(few) + [f"{unreached} that reach it at no score"] * bool(unreached)
        if why:
            line += f"; not for {' and '.join(why)}, which abstain instead"
        lines.append(f"{line} (confidence {rows['confidence'].iloc[0]:g})")
    return "\n".join(lines)


def promise_table(guarantees: pd.DataFrame) -> str:
    """A line a frame: from which score, what stays decided, on how many labels, and how many would roughly do."""
    lines = [
        f"{'frame':<44}{'measure':<11}{'promised':<10}{'score':>7}{'kept':>7}{'n':>7}  labels that would roughly do"
    ]
    for row in guarantees.to_dict("records"):
        held = bool(row["held"])
        score = f"{row['threshold']:.3f}" if held else "–"
        enough = "" if held else "cannot be told" if pd.isna(row["n_enough"]) else f"{row['n_enough']:,}"
        lines.append(
            f"{row['frame']:<44}{row['measure']:<11}{'yes' if held else 'no':<10}{score:>7}{row['share_kept']:>7.0%}"
            f"{row['n_gold']:>7,}  {enough}"
        )
    legend = []
    if (guarantees["measure"] == "precision").any():
        legend.append("Precision: n labelled passages are given the frame; kept: the share of them from that score on.")
    if (guarantees["measure"] == "recall").any():
        legend.append(
            "Recall: n labelled passages carry the frame; kept: the share of those not given it that stay absent, "
            "below that score."
        )
    if not guarantees["held"].all():
        legend.append(
            "Labels that would roughly do: labelled passages in all, drawn like these, if the classifier stays as good."
        )
    return "\n".join([*lines, *legend])
