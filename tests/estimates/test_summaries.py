"""Counts and the widest frames, from tables small enough to count by eye."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from framing.errors import InputError
from framing.estimates.summaries import (
    count_by_language,
    count_by_period,
    count_labels,
    count_refused,
    find_widest_frames,
    summarise_dates,
    summarise_outlets,
)

DOCUMENTS = pd.DataFrame(
    {
        "document_id": ["d1", "d2", "d3", "d4"],
        "outlet": ["B", "A", "A", "A"],
        "perspective": ["East", "West", "West", "West"],
        "language": ["en", "en", "de", "en"],
        "published": pd.to_datetime(["2024-01-10", "2024-01-03", "2024-01-07", None]),
    }
)
PASSAGES = pd.DataFrame(
    {
        "passage_id": list("pqrst"),
        "outlet": ["B", "A", "A", "A", "A"],
        "n_words": [50, 10, 20, 40, 60],
    }
)


def test_outlets_by_hand():
    first, second = summarise_outlets(DOCUMENTS, PASSAGES).to_dict("records")
    assert first == {
        "outlet": "A", "perspective": "West", "n_documents": 3, "n_passages": 4, "median_words": 30.0,
        "first": pd.Timestamp("2024-01-03"), "last": pd.Timestamp("2024-01-07"), "n_undated": 1,
    }  # fmt: skip
    counts = {"n_documents": 1, "n_passages": 1, "n_undated": 0}
    assert {name: second[name] for name in ("outlet", *counts)} == {"outlet": "B", **counts}


def test_an_outlet_without_passages_stays():
    table = summarise_outlets(DOCUMENTS, PASSAGES[PASSAGES["outlet"] == "A"])
    assert table["outlet"].to_list() == ["A", "B"]


def test_days_that_all_groups_cover_by_hand():
    # A: 3 to 7 January and one without a date; B: 5 and 10 January. All cover 5 to 7 January.
    documents = pd.concat([DOCUMENTS, DOCUMENTS.iloc[:1].assign(published=pd.Timestamp("2024-01-05"))])
    table = summarise_dates(documents).set_index("outlet")
    assert table["n_documents"].to_dict() == {"A": 3, "B": 2, "(overlap)": 2}
    assert table["n_in_overlap"].to_dict() == {"A": 1, "B": 1, "(overlap)": 2}
    assert table["n_undated"].to_dict() == {"A": 1, "B": 0, "(overlap)": 0}
    assert table.loc["(overlap)", ["first", "last"]].dt.day.to_list() == [5, 7]
    alone = summarise_dates(documents, overlap=False)
    assert alone["outlet"].to_list() == ["A", "B"]
    assert "n_in_overlap" not in alone


def test_documents_without_a_group_and_groups_without_dates_do_not_change_the_overlap():
    day = pd.Timestamp("2024-01-05")
    documents = pd.DataFrame(
        {
            "document_id": list("pqrst"),
            "outlet": ["A", "B", None, "A", "C"],
            "published": [day, day, day, pd.NaT, pd.Timestamp("9999-12-31")],
        }
    )
    table = summarise_dates(documents).set_index("outlet")
    assert table["n_in_overlap"].to_dict() == {"A": 1, "B": 1, "C": 0, "(overlap)": 2}
    assert table.loc["(overlap)", ["first", "last"]].tolist() == [day, day]


def test_groups_without_a_day_in_common_have_no_overlap():
    table = summarise_dates(DOCUMENTS).set_index("outlet")  # B on the 10th alone
    assert table["n_in_overlap"].to_dict() == {"A": 0, "B": 0, "(overlap)": 0}
    assert table.loc["(overlap)", ["first", "last"]].isna().all()


def test_documents_by_period_leave_the_undated_out():
    # 3 and 7 January 2024 lie in the week of Monday the 1st, the 10th in that of the 8th.
    table = count_by_period(DOCUMENTS)
    assert table.to_dict("records") == [
        {"outlet": "A", "period": pd.Timestamp("2024-01-01"), "n_documents": 2},
        {"outlet": "B", "period": pd.Timestamp("2024-01-08"), "n_documents": 1},
    ]
    assert count_by_period(DOCUMENTS, by="perspective", period="month")["n_documents"].to_list() == [1, 2]
    with pytest.raises(InputError, match="period: expected one of day, week, month"):
        count_by_period(DOCUMENTS, period="decade")


def test_documents_by_language():
    result = count_by_language(DOCUMENTS)
    assert result.to_numpy().tolist() == [["A", "de", 1], ["A", "en", 2], ["B", "en", 1]]


def test_refused_rows_by_file_and_reason():
    quarantine = pd.DataFrame(
        {
            "file": ["b.csv", "a.csv", "b.csv", "b.csv"],
            "line": [9, 3, 4, 7],
            "reason": ["no text", "no date", "no text", "no date"],
        }
    )
    assert count_refused(quarantine).to_numpy().tolist() == [
        ["a.csv", "no date", 1, 3],
        ["b.csv", "no date", 1, 7],
        ["b.csv", "no text", 2, 4],
    ]
    assert count_refused(quarantine.iloc[:0]).empty


def test_labels_behind_shares_are_counted_once_a_group():
    # A corrected with 40 labels, B has too few for a share, two frames each; without labels nothing is corrected.
    shares = pd.DataFrame(
        [("A", "f", 0.1, 90, 30, 40), ("A", "g", 0.2, 90, 30, 40), ("B", "f", np.nan, 50, 9, 3)],
        columns=["outlet", "frame", "estimate", "n_passages", "n_documents", "n_gold"],
    )
    assert count_labels(shares).to_numpy().tolist() == [["A", 90, 30, 40, True], ["B", 50, 9, 3, False]]
    assert not count_labels(shares.assign(n_gold=0, estimate=0.1))["corrected"].any()


def test_widest_frames_differ_most_between_groups():
    # f: A (1×.5 + 3×.1) / 4 = .2, B .3: .1 apart. g: A .9, B .2: .7 apart. h: B has no passages.
    trends = pd.DataFrame(
        [
            ("A", "f", 0.5, 1), ("A", "f", 0.1, 3), ("B", "f", 0.3, 5),
            ("A", "g", 0.9, 2), ("B", "g", 0.2, 2),
            ("A", "h", 0.4, 2), ("B", "h", 0.4, 0),
        ],
        columns=["outlet", "frame", "estimate", "n_passages"],
    )  # fmt: skip
    assert find_widest_frames(trends, top=1) == ["g"]
    assert find_widest_frames(trends[trends["frame"] != "h"]) == ["g", "f"]


def test_a_missing_column_is_named():
    with pytest.raises(InputError, match=r"documents lacks the column\(s\) perspective"):
        summarise_outlets(DOCUMENTS.drop(columns="perspective"), PASSAGES)
    with pytest.raises(InputError, match=r"passages lacks the column\(s\) n_words"):
        summarise_outlets(DOCUMENTS, PASSAGES.drop(columns="n_words"))
    with pytest.raises(InputError, match=r"refused rows lacks the column\(s\) reason. It has: file, line"):
        count_refused(pd.DataFrame({"file": ["a.csv"], "line": [1]}))
    with pytest.raises(InputError, match=r"shares lacks the column\(s\) section"):
        count_labels(pd.DataFrame({"outlet": ["A"]}), by="section")


def test_counts_by_several_columns_and_by_none():
    dated = count_by_period(DOCUMENTS, by=["outlet", "language"], period="month")
    assert dated.drop(columns="period").to_numpy().tolist() == [["A", "de", 1], ["A", "en", 1], ["B", "en", 1]]
    together = count_by_period(DOCUMENTS, by=None, period="month")
    assert together.columns.to_list() == ["group", "period", "n_documents"]
    assert together["group"].to_list() == ["all"]
    assert together["n_documents"].to_list() == [3]


def test_widest_frames_are_six_and_weigh_passages():
    # spreads .61 (of means over passages; the mean of both periods would be .5), .6, …; the last is not drawn
    rows = [("A", "a", 0.8, 7), ("A", "a", 0.0, 1), ("B", "a", 0.09, 1)]
    for frame, spread in zip("bcdefg", (0.6, 0.55, 0.5, 0.4, 0.3, 0.2), strict=True):
        rows += [("B", frame, spread, 1), ("A", frame, 0.0, 1)]
    trends = pd.DataFrame(rows, columns=["outlet", "frame", "estimate", "n_passages"])
    assert find_widest_frames(trends) == list("abcdef")
    assert find_widest_frames(trends, top=7) == list("abcdefg")


def test_groups_without_passages_of_a_frame_have_none_of_it():
    # h: A .4 and B nothing, which is wider than f, .1
    trends = pd.DataFrame(
        [("A", "h", 0.4, 2), ("B", "h", 0.4, 0), ("A", "f", 0.2, 2), ("B", "f", 0.3, 2)],
        columns=["outlet", "frame", "estimate", "n_passages"],
    )
    assert find_widest_frames(trends) == ["h", "f"]
