"""Whether marks can be read: every verdict from a table of a line."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from framing.analysis.floor import judge_marks
from framing.tables import FLOOR

NAN = float("nan")
COLUMNS = ["frame", "measure", "estimate", "low", "high", "method"]


def table(measure: str, *values: float, method: str = "bootstrap") -> pd.DataFrame:
    return pd.DataFrame([("war", measure, *values, method)] if values else [], columns=COLUMNS)


@pytest.mark.parametrize(
    ("f1", "alpha", "verdict", "reason"),
    [
        ((0.6, 0.45, 0.7), (), "good", "F1 is at least 0.4; agreement of coders is not known"),
        ((0.6, 0.40, 0.7), (0.7, 0.5, 0.8), "good", "F1 is at least 0.4, and coders agree"),
        ((0.6, 0.45, 0.7), (0.3, 0.1, 0.5), "unknown", "coders may not agree on it: alpha is 0.30"),
        ((0.6, 0.45, 0.7), (0.2, 0.1, 0.3), "poor", "coders do not agree on it: alpha is below 0.4"),
        ((0.2, 0.1, 0.39), (0.9, 0.8, 1.0), "poor", "marks and coders do not agree: F1 is below 0.4"),
        ((0.5, 0.3, 0.7), (0.9, 0.8, 1.0), "unknown", "too few labels to tell whether F1 reaches 0.4"),
        ((0.5, NAN, NAN), (), "unknown", "too few labels to tell whether F1 reaches 0.4"),
        ((NAN, NAN, NAN), (), "unknown", "bootstrap"),
        ((), (), "unknown", "no labels to compare with"),
        ((), (0.2, 0.1, 0.3), "poor", "coders do not agree on it: alpha is below 0.4"),
    ],
)
def test_verdicts(f1, alpha, verdict, reason):
    row = judge_marks(table("f1", *f1), table("alpha", *alpha), frames=["war"])
    assert tuple(row.columns) == FLOOR
    assert row[["verdict", "reason"]].iloc[0].to_list() == [verdict, reason]
    np.testing.assert_equal(row["f1"].iloc[0], f1[0] if f1 else NAN)
    np.testing.assert_equal(row["alpha"].iloc[0], alpha[0] if alpha else NAN)


def test_other_measures_and_frames_do_not_count():
    measures = pd.concat([table("precision", 0.1, 0.0, 0.2), table("f1", 0.8, 0.7, 0.9)])
    no_coders = pd.DataFrame(columns=["frame", "measure", "estimate"])
    rows = judge_marks(measures, no_coders, frames=["peace", "war"])
    assert rows["verdict"].to_list() == ["unknown", "good"]
    assert judge_marks(measures, no_coders, frames=["war"], least=0.75)["verdict"].to_list() == ["unknown"]
