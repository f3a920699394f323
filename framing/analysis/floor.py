"""Whether the classifier's marks agree with coders well enough to be read as they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from framing.tables import FLOOR, require_columns

__all__ = ["LEAST", "judge_marks"]

LEAST = 0.4  # of F1 and of Krippendorff's alpha: below, marks say little about the frame


def judge_marks(
    measures: pd.DataFrame, reliability: pd.DataFrame, *, frames: Sequence[str], least: float = LEAST
) -> pd.DataFrame:
    """Judge for each frame whether what the classifier marks can be read, from its agreement with coders.

    Parameters
    ----------
    measures : DataFrame
        `frame, measure, estimate, low, high, method`, as from `evaluate_decisions`, of which the rows with the measure
        `f1` count.
    reliability : DataFrame
        The same of coders, as from `measure_reliability`, of which the rows with the measure `alpha` count; empty
        where it is not known.
    frames : sequence of str
        Ids of the frames, in the order of the rows.
    least : float, default 0.4
        Least F1 and alpha with which marks are read.

    Returns
    -------
    DataFrame
        Columns `FLOOR`, one row a frame. `verdict` is `poor` where the whole interval of F1, or that of alpha, lies
        below `least`; `good` where the whole interval of F1 lies at or above it and alpha, where it is known, does;
        `unknown` where the labels cannot tell. `reason` says on what it rests.

    Notes
    -----
    The verdict is about passages that were marked one by one. Shares and contrasts that are corrected with labels do
    not rest on marks being right, and can be read where these cannot. The value .4 is a convention (Landis & Koch 1977
    call agreement below it slight or fair), not a result.

    Examples
    --------
    >>> f1 = pd.DataFrame([("war", "f1", 0.2, 0.1, 0.3, "")],
    ...                   columns=["frame", "measure", "estimate", "low", "high", "method"])
    >>> judge_marks(f1, f1.iloc[:0], frames=["war"])["verdict"].to_list()
    ['poor']
    """
    f1 = _select(measures, "f1")
    alpha = _select(reliability, "alpha")
    rows = []
    for frame in frames:
        of_marks, of_coders = f1.get(frame), alpha.get(frame)
        verdict, reason = _judge(of_marks, of_coders, least)
        rows.append(
            {
                "frame": frame,
                "verdict": verdict,
                **{
                    name: float("nan") if of_marks is None else float(of_marks[column])
                    for name, column in (("f1", "estimate"), ("low", "low"), ("high", "high"))
                },
                "alpha": float("nan") if of_coders is None else float(of_coders["estimate"]),
                "reason": reason,
            }
        )
    rows.sort(key=lambda row: _ORDER.index(str(row["verdict"])))
    return pd.DataFrame(rows, columns=list(FLOOR))


_ORDER = ("poor", "unknown", "good")  # what needs attention comes first


def _select(table: pd.DataFrame, measure: str) -> dict[str, dict[str, Any]]:
    """Rows of a measure, by frame."""
    require_columns(table, ("frame", "measure", "estimate"), what="measures of agreement")
    rows = table[table["measure"] == measure].to_dict("records")
    return {str(row["frame"]): {str(name): value for name, value in row.items()} for row in rows}


def _judge(of_marks: dict[str, Any] | None, of_coders: dict[str, Any] | None, least: float) -> tuple[str, str]:
    """Verdict and reason of a frame."""
    if of_coders is not None and of_coders["high"] < least:
        return "poor", f"coders do not agree on it: alpha is below {least:g}"
    if of_marks is None:
        return "unknown", "no labels to compare with"
    if pd.isna(of_marks["estimate"]):
        return "unknown", str(of_marks["method"])
    if of_marks["high"] < least:
        return "poor", f"marks and coders do not agree: F1 is below {least:g}"
    if not of_marks["low"] >= least:
        return "unknown", f"too few labels to tell whether F1 reaches {least:g}"
    if of_coders is None or pd.isna(of_coders["estimate"]):
        return "good", f"F1 is at least {least:g}; agreement of coders is not known"
    if of_coders["estimate"] < least:
        return "unknown", f"coders may not agree on it: alpha is {of_coders['estimate']:.2f}"
    return "good", f"F1 is at least {least:g}, and coders agree"
