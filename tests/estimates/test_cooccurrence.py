"""Pairs of frames: lifts by hand, abstentions, reasons without intervals, and no false alarm under independence."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from math import log2

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t as student

from framing.errors import InputError
from framing.estimates.cooccurrence import METHOD, measure_cooccurrence
from framing.tables import PAIRS
from framing.uncertainty.resample import resampled_totals
from tests.estimation import clustered_table

NAMES = {"1": "present", "0": "absent", "-": "abstain"}


def _table(outlets: dict[str, Sequence[Sequence[str]]]) -> pd.DataFrame:
    """Groups to documents, lists of passages; a passage is a string with 1, 0 or - for each frame f, g, …"""
    rows = [
        (f"{outlet}-{number}-{place}", f"{outlet}-{number}", outlet, "fghij"[which], NAMES[mark])
        for outlet, documents in outlets.items()
        for number, document in enumerate(documents)
        for place, passage in enumerate(document)
        for which, mark in enumerate(passage)
    ]
    return pd.DataFrame(rows, columns=["passage_id", "document_id", "outlet", "frame", "decision"])


MIXED = [["11"]] * 8 + [["10"]] * 2 + [["01"]] * 2 + [["00"]] * 8


def test_the_estimate_is_the_logarithm_of_the_lift():
    # 20 passages: f in 10, g in 10, both in 8; by chance 5
    row = measure_cooccurrence(_table({"A": MIXED}), n_bootstrap=500).iloc[0]
    assert row["observed"] == pytest.approx(0.4)
    assert row["expected"] == pytest.approx(0.25)
    assert row["estimate"] == pytest.approx(log2(1.6))
    assert row["low"] < row["estimate"] < row["high"]
    assert (row["frame_a"], row["frame_b"]) == ("f", "g")
    assert (row["n_passages"], row["n_documents"], row["n_gold"]) == (20, 20, 0)
    assert row["method"] == METHOD.format(unit="passage", drawn="document")


def test_the_standard_error_is_near_that_of_the_delta_method():
    # log2 lift of n independent passages: variance (1/both - 1/a - 1/b + c/n...) taken over influence values
    n, a, b, both = 400, 200, 200, 160
    documents = [["11"]] * 160 + [["10"]] * 40 + [["01"]] * 40 + [["00"]] * 160
    row = measure_cooccurrence(_table({"A": documents}), n_bootstrap=4000).iloc[0]
    f = np.repeat([1, 1, 0, 0], [160, 40, 40, 160])
    g = np.repeat([1, 0, 1, 0], [160, 40, 40, 160])
    influence = (f * g / both - f / a - g / b + 1 / n) / np.log(2)
    error = np.sqrt((influence**2).sum())
    assert (row["high"] - row["low"]) / 2 == pytest.approx(1.975 * error, rel=0.06)  # t of 159 degrees


def test_columns_and_one_row_a_pair_and_group():
    result = measure_cooccurrence(_table({"A": [["111"]] * 6 + [["000"]] * 6, "B": [["101"]] * 6}), n_bootstrap=100)
    assert result.columns.to_list() == ["outlet", *PAIRS]
    assert len(result) == 6
    assert not result.duplicated(["outlet", "frame_a", "frame_b"]).any()


def test_a_clear_pair_differs_and_independent_frames_do_not():
    independent = [["11"]] * 10 + [["10"]] * 10 + [["01"]] * 10 + [["00"]] * 10
    result = measure_cooccurrence(_table({"A": MIXED * 3, "B": independent}), n_bootstrap=999).set_index("outlet")
    assert result.loc["A", "differs"]
    assert result.loc["B", "estimate"] == pytest.approx(0)
    assert result.loc["B", "p_adjusted"] > 0.9
    assert result.index[0] == "A"


def test_passages_without_a_decision_on_both_are_left_out():
    row = measure_cooccurrence(_table({"A": [*MIXED, ["1-"], ["-1"], ["--"]]}), n_bootstrap=100).iloc[0]
    assert row["n_passages"] == 20
    assert row["estimate"] == pytest.approx(log2(1.6))


@pytest.mark.parametrize(
    ("documents", "reason"),
    [
        ([["11"]] * 4, "the group has fewer than 5 documents"),
        ([["11"]] * 4 + [["01"]] * 6, "a frame stands in fewer than 5"),
        ([["11"]] * 4 + [["01"]] * 6 + [["10"]] * 6, "the pair stands in fewer than 5"),
        ([["10"]] * 6 + [["01"]] * 6 + [["00"]] * 6, "the frames never meet"),
        ([["11"]] * 8, "all documents are alike"),
    ],
)
def test_a_row_without_an_interval_says_why(documents, reason):
    row = measure_cooccurrence(_table({"A": documents}), n_bootstrap=100).iloc[0]
    assert row[["low", "high", "p_adjusted"]].isna().all()
    assert not row["differs"]
    assert reason in row["method"]
    assert pd.isna(row["estimate"]) == (row["observed"] == 0)


def test_documents_have_a_frame_where_a_passage_has_it():
    # f and g in different passages of 8 documents: never in a passage, always in the document
    table = _table({"A": [["10", "01"]] * 8 + [["00", "00"]] * 8})
    assert pd.isna(measure_cooccurrence(table, n_bootstrap=100).iloc[0]["estimate"])
    row = measure_cooccurrence(table, unit="document", n_bootstrap=100).iloc[0]
    assert row["observed"] == pytest.approx(0.5)
    assert row["estimate"] == pytest.approx(1)
    assert (row["n_passages"], row["n_documents"]) == (32, 16)


def test_a_document_is_decided_where_a_passage_has_the_frame_or_all_are_decided():
    documents = [["11", "--"]] * 6 + [["00", "--"]] * 6 + [["00", "00"]] * 6
    row = measure_cooccurrence(_table({"A": documents}), unit="document", n_bootstrap=100).iloc[0]
    assert row["n_documents"] == 12


def test_one_frame_a_passage_can_only_be_counted_in_documents():
    table = _table({"A": [["10", "01"]] * 8 + [["10", "10"]] * 8})
    with pytest.raises(InputError, match=r"exactly one frame.*unit='document'"):
        measure_cooccurrence(table)
    assert measure_cooccurrence(table, unit="document", n_bootstrap=100).iloc[0]["observed"] == pytest.approx(0.5)


def test_what_cannot_be_counted_is_refused():
    table = _table({"A": MIXED})
    with pytest.raises(InputError, match="unit is passage or document, not 'page'"):
        measure_cooccurrence(table, unit="page")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="at least two frames; there is only f"):
        measure_cooccurrence(table[table["frame"] == "f"])
    with pytest.raises(InputError, match="no classified passages"):
        measure_cooccurrence(table.head(0))
    with pytest.raises(InputError, match="lacks the column"):
        measure_cooccurrence(table, by="perspective")


def test_the_same_seed_gives_the_same_table_whatever_the_order_of_rows():
    table = _table({"A": MIXED, "B": MIXED * 2})
    again = pd.concat([part for _, part in list(table.groupby("document_id"))[::-1]])
    first, second = measure_cooccurrence(table, n_bootstrap=200), measure_cooccurrence(again, n_bootstrap=200)
    pd.testing.assert_frame_equal(first, second)


def test_independent_frames_rarely_differ():
    # nominal 5 % of 40 runs; 7 or more has a chance of 0.3 % at 5 %
    alarms = 0
    for number in range(40):
        table = clustered_table(
            np.random.default_rng(number), n_documents=30, share=0.2, outlets=["A", "B"], frames=["f", "g", "h", "i"]
        )
        alarms += bool(measure_cooccurrence(table, n_bootstrap=300)["differs"].any())
    assert alarms < 7


def _resampled(documents: list[list[str]], *, n_bootstrap: int, random_seed: int) -> np.ndarray:
    """Draws of the lift of two frames, passages of documents given as above; no count below half a passage."""
    counts = np.array(
        [
            [
                len(document),
                *(sum(each in marks for each in document) for marks in (("10", "11"), ("01", "11"), ("11",))),
            ]
            for document in documents
        ],
        dtype=float,
    )
    generator = np.random.default_rng([random_seed, 0])
    n, a, b, both = np.maximum(resampled_totals(counts, n_draws=n_bootstrap, generator=generator), 0.5).T
    return np.log2(both * n / (a * b))


def test_bounds_are_students_t_of_the_draws():
    # the pair stands in five documents of thirty: some draws have none, and count half a passage
    documents = [["11", "11"]] + [["11"]] * 4 + [["10"]] * 7 + [["01", "00"]] * 8 + [["00"]] * 10
    for level in (0.95, 0.8):
        result = measure_cooccurrence(_table({"A": documents}), n_bootstrap=700, random_seed=3, level=level)
        row = result.iloc[0]
        error = _resampled(documents, n_bootstrap=700, random_seed=3).std()
        assert row["estimate"] == pytest.approx(log2(6 * 39 / (13 * 14)))
        reach = student.ppf((1 + level) / 2, 4) * error
        assert (row["low"], row["high"]) == pytest.approx((row["estimate"] - reach, row["estimate"] + reach))
        assert row["p_adjusted"] >= 2 * student.sf(row["estimate"] / error, 4)
        assert row["p_adjusted"] == pytest.approx(2 * student.sf(row["estimate"] / error, 4), abs=0.05)
        assert (row["n_passages"], row["n_documents"]) == (39, 30)


def test_documents_count_once_whatever_their_passages():
    # four documents of two passages with the pair are four, and five of one are five
    rest = [["10"]] * 8 + [["01"]] * 8
    few = measure_cooccurrence(_table({"A": [["11", "11"]] * 4 + rest}), n_bootstrap=100).iloc[0]
    assert "the pair stands in fewer than 5" in few["method"]
    enough = measure_cooccurrence(_table({"A": [["11"]] * 5 + rest}), n_bootstrap=100).iloc[0]
    assert np.isfinite([enough["low"], enough["high"]]).all()
    # five documents of the group and of a frame are enough, too
    five = measure_cooccurrence(_table({"A": [["11", "10"]] * 3 + [["11", "01"], ["11"]]}), n_bootstrap=100).iloc[0]
    assert np.isfinite([five["low"], five["high"]]).all()
    six = measure_cooccurrence(_table({"A": [["11"]] * 8 + [["00"]] * 8}), n_bootstrap=100, min_documents=17).iloc[0]
    assert "the group has fewer than 17 documents" in six["method"]


def test_rows_without_an_interval_leave_the_others_as_they_are():
    # h stands in two documents only: f and g are tested by their draws all the same
    table = _table({"A": [[*(mark + "0" for mark in document)] for document in MIXED] + [["001"]] * 2})
    whole = measure_cooccurrence(table, n_bootstrap=300)
    n_as_large = whole["p_adjusted"].iloc[0] * 301 - 1
    assert n_as_large == pytest.approx(round(n_as_large))
    assert whole["low"].notna().to_list() == [True, False, False]
    assert whole["differs"].to_list()[1:] == [False, False]
    assert whole.index.to_list() == [0, 1, 2]


def test_a_p_value_of_one_less_the_level_is_not_clear():
    # three draws, none as far: p is 1 / 4
    row = measure_cooccurrence(_table({"A": [["11"]] * 90 + [["00"]] * 90}), n_bootstrap=3, level=0.75).iloc[0]
    assert (row["p_adjusted"], row["differs"]) == (0.25, False)


def test_one_frame_a_passage_is_judged_by_passages_with_all_decisions():
    with pytest.raises(InputError, match="exactly one frame"):
        measure_cooccurrence(_table({"A": [["100"]] * 8 + [["11-"]] * 8}), n_bootstrap=100)
    # a passage with both frames, none without any: two can meet
    assert len(measure_cooccurrence(_table({"A": [["11"], ["10"], ["01"]]}), n_bootstrap=100)) == 1
    # nothing was decided on all frames: nothing speaks against a meeting
    assert len(measure_cooccurrence(_table({"A": [["1-"]] * 5 + [["-1"]] * 5}), n_bootstrap=100)) == 1


def test_a_lift_that_no_passage_can_have_raises_no_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        row = measure_cooccurrence(_table({"A": [["1-"]] * 5 + [["-1"]] * 5}), n_bootstrap=100).iloc[0]
    assert row[["estimate", "observed", "expected"]].isna().all()


def test_clusters_are_drawn_and_counted_in_place_of_documents():
    # the documents of MIXED, two alike to a cluster: 4 clusters with both frames, fewer than five
    table = _table({"A": MIXED})
    cluster = "c" + (table["document_id"].str.split("-").str[1].astype(int) // 2).astype(str)
    row = measure_cooccurrence(table.assign(cluster=cluster), n_bootstrap=100).iloc[0]
    assert row["method"].endswith("no interval: the pair stands in fewer than 5 clusters")
    assert row["n_documents"] == 20
    assert row["estimate"] == pytest.approx(log2(1.6))
    twice = pd.concat(
        [table, table.assign(document_id=table["document_id"] + "x", passage_id=table["passage_id"] + "x")]
    )
    clustered = twice.assign(cluster=twice["document_id"].str.rstrip("x"))
    once, of_clusters = (measure_cooccurrence(part, n_bootstrap=500).iloc[0] for part in (table, clustered))
    assert (of_clusters["low"], of_clusters["high"]) == pytest.approx((once["low"], once["high"]))
    assert of_clusters["n_documents"] == 40
    assert of_clusters["method"] == METHOD.format(unit="passage", drawn="cluster")
    in_documents = measure_cooccurrence(clustered, n_bootstrap=500, unit="document").iloc[0]
    assert (in_documents["low"], in_documents["n_documents"]) == (pytest.approx(once["low"]), 40)


def test_weights_count_in_shares_of_pairs_and_not_in_numbers_of_passages():
    # weights of 3 for passages with both frames: 24 of 36 have both, 26 of 36 each
    table = _table({"A": MIXED})
    both = table.groupby("passage_id")["decision"].transform(lambda values: (values == "present").all())
    row = measure_cooccurrence(table.assign(weight=np.where(both, 3.0, 1.0)), n_bootstrap=100).iloc[0]
    assert (row["observed"], row["expected"]) == pytest.approx((24 / 36, (26 / 36) ** 2))
    assert (row["n_passages"], row["n_documents"]) == (20, 20)
