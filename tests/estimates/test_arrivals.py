"""New documents against earlier ones: by hand, and what is no change is none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from framing.errors import InputError
from framing.estimates.arrivals import compare_arrivals, measure_drift
from framing.tables import ARRIVALS, DRIFT


def _table(shares: dict[str, tuple[float, float]], *, n: int = 60, seed: int = 1) -> tuple[pd.DataFrame, list[str]]:
    """One passage a document and two frames; per outlet the share of the first among earlier and new documents."""
    generator = np.random.default_rng(seed)
    rows, earlier = [], []
    for outlet, both in shares.items():
        for age, share in zip(("old", "new"), both, strict=True):
            for number in range(n):
                document = f"{outlet}-{age}-{number}"
                earlier += [document] if age == "old" else []
                for frame in ("f", "g"):
                    result = generator.random() < (share if frame == "f" else 0.3)
                    rows.append((document, document, outlet, "", pd.NaT, "text", frame, 0.2 + 0.6 * result,
                                 "present" if result else "absent"))  # fmt: skip
    names = ["passage_id", "document_id", "outlet", "perspective", "published", "text", "frame", "score", "decision"]
    return pd.DataFrame(rows, columns=names), earlier


def test_a_share_that_moved_is_found_and_the_estimate_is_new_less_earlier():
    table, earlier = _table({"A": (0.1, 0.7), "B": (0.4, 0.4)})
    result = compare_arrivals(table, earlier, n_bootstrap=400)
    assert list(result.columns) == list(ARRIVALS)
    assert len(result) == 4
    part = table[(table["outlet"] == "A") & (table["frame"] == "f")]
    marked = part["decision"].eq("present")
    new = ~part["document_id"].isin(earlier)
    row = result.iloc[0]
    assert (row["group"], row["frame"], bool(row["differs"])) == ("A", "f", True)
    assert row["estimate"] == pytest.approx(marked[new].mean() - marked[~new].mean())
    assert row["low"] < row["estimate"] < row["high"]
    assert row["low"] > 0
    assert result["differs"].sum() == 1
    assert (result["p_adjusted"] <= 1).all()


def test_groups_with_few_new_documents_are_left_out():
    table, earlier = _table({"A": (0.1, 0.7), "B": (0.4, 0.4)})
    new_of_b = table["document_id"].str.startswith("B-new")
    few = table[~new_of_b | table["document_id"].isin([f"B-new-{n}" for n in range(4)])]
    assert set(compare_arrivals(few, earlier, n_bootstrap=200)["group"]) == {"A"}
    five = table[~new_of_b | table["document_id"].isin([f"B-new-{n}" for n in range(5)])]
    assert set(compare_arrivals(five, earlier, n_bootstrap=200)["group"]) == {"A", "B"}
    assert compare_arrivals(table, table["document_id"], n_bootstrap=200).empty


def test_scores_that_drift_are_found_and_others_are_not():
    table, earlier = _table({"A": (0.1, 0.9)})
    result = measure_drift(table, earlier).set_index("frame")
    scores = {age: table[(table["frame"] == "f") & (table["document_id"].isin(earlier) == age)]["score"]
              for age in (True, False)}  # fmt: skip
    # two values only: the distance is the difference of their shares
    assert result.loc["f", "estimate"] == pytest.approx(abs((scores[True] > 0.5).mean() - (scores[False] > 0.5).mean()))
    assert (bool(result.loc["f", "differs"]), bool(result.loc["g", "differs"])) == (True, False)
    assert list(measure_drift(table, earlier[:5]).columns) == list(DRIFT)
    assert measure_drift(table, earlier[:5]).empty
    few_new = [name for name in table["document_id"].unique() if name not in {f"A-new-{n}" for n in range(5)}]
    assert measure_drift(table, few_new).empty
    with pytest.raises(InputError, match="expected a number between 0 and 1, got 95"):
        measure_drift(table, earlier, level=95)


@pytest.mark.slow
def test_documents_that_only_came_later_are_seldom_called_different():
    result = 0
    for seed in range(40):
        table, earlier = _table({"A": (0.3, 0.3), "B": (0.3, 0.3)}, n=30, seed=seed)
        result += bool(compare_arrivals(table, earlier, n_bootstrap=200)["differs"].any())
    assert result <= 6  # 5 % of 40 are 2; more than 6 comes by chance once in 300
