"""Labels are settled from codings, and the gold file is made of them."""

from __future__ import annotations

import numpy as np
import pytest

from framing.coding.coded import read_sheets
from framing.coding.gold import read_gold
from framing.coding.settle import coder_column, make_gold_table, settle_labels, unsettled_table
from framing.errors import InputError
from framing.files.spreadsheets import write_csv
from framing.settings import Settings
from tests.coding.coded_sheets import MANY, ONE, cells, ids, many
from tests.coding.test_gold import config
from tests.drawn import corpus, fill, rows_of, write_draw, write_rows
from tests.tiny import SPORT, TRADE, WAR, codebook, frame

REST = codebook(frame("war", WAR), frame("trade", TRADE), frame("other", SPORT, residual=True), multi_label=True)


def coded_by(tmp_path, coders, codes, book=MANY, **options):
    """Sheets of eight passages: `codes` has labels of each coder, in the order of the draw; `-`: not coded."""
    write_draw(tmp_path / "draw", book, coders=tuple(coders), **options)
    order = ids(tmp_path / "draw", book)
    sheets = []
    for coder, labels in zip(coders, codes, strict=True):
        labels_by_passage = dict(zip(order, labels, strict=True))
        labels_by_passage = {passage: "" if label == "-" else label for passage, label in labels_by_passage.items()}
        sheets.append(fill(tmp_path / "draw", coder, labels_by_passage.__getitem__, to=tmp_path))
    return sheets


def test_more_than_half_of_the_coders_settle_a_frame(tmp_path):
    codes = [
        ["war", "war;trade", "war", "war", "none", "-", "-", "war"],
        ["war", "war", "trade", "war", "none", "war", "-", "-"],
        ["war", "trade", "sport", "-", "war", "trade", "-", "-"],
    ]
    sheets = coded_by(tmp_path, ["a", "b", "c"], codes)
    coded = read_sheets(sheets, design=tmp_path / "draw", codebook=MANY)
    settled = settle_labels(coded)
    assert settled.how.tolist() == [
        "agreed", "majority", "majority", "agreed", "majority", "tie", "not coded", "one coder",
    ]  # fmt: skip
    assert cells(settled.labels.astype(float)) == ["war", "war;trade", "", "war", "", "", "", "war"]
    assert settled.done.tolist() == [True] * 5 + [False, False, True]


def test_one_frame_needs_more_than_half(tmp_path):
    codes = [
        ["war", "war", "war", "war", "war", "war", "war", "war"],
        ["war", "war", "trade", "trade", "-", "war", "war", "war"],
        ["war", "trade", "sport", "-", "-", "war", "war", "war"],
    ]
    coded = read_sheets(coded_by(tmp_path, ["a", "b", "c"], codes, ONE), design=tmp_path / "draw", codebook=ONE)
    settled = settle_labels(coded)
    assert settled.how.tolist()[:5] == ["agreed", "majority", "tie", "tie", "one coder"]
    assert cells(settled.labels.astype(float), ONE)[:5] == ["war", "war", "", "", "war"]
    first = settle_labels(coded, ties="first")
    assert first.how.tolist()[:5] == ["agreed", "majority", "first", "first", "one coder"]
    assert cells(first.labels.astype(float), ONE)[:5] == ["war"] * 5
    with pytest.raises(InputError, match=r"ties: tiny has exactly one frame a passage, so both cannot count"):
        settle_labels(coded, ties="either")
    with pytest.raises(InputError, match=r"ties: expected one of ask, exclude, either, first, got 'coin'"):
        settle_labels(coded, ties="coin")


def test_ties_as_they_were_asked_for(tmp_path):
    codes = [
        ["war", "war", "none", "-", "war;trade", "war", "none", "none"],
        ["war", "trade", "war", "sport", "trade", "war", "none", "none"],
    ]
    coded = read_sheets(coded_by(tmp_path, ["a", "b"], codes), design=tmp_path / "draw", codebook=MANY)
    expected = {
        "ask": (["war", "", "", "sport", ""], ["agreed", "tie", "tie", "one coder", "tie"]),
        "exclude": (["war", "", "", "sport", ""], ["agreed", "tie", "tie", "one coder", "tie"]),
        "either": (
            ["war", "war;trade", "war", "sport", "war;trade"], ["agreed", "either", "either", "one coder", "either"],
        ),
        "first": (["war", "war", "", "sport", "war;trade"], ["agreed", "first", "first", "one coder", "first"]),
    }  # fmt: skip
    for ties, (labels, how) in expected.items():
        settled = settle_labels(coded, ties=ties)
        assert cells(settled.labels.astype(float))[:5] == labels, ties
        assert settled.how.tolist()[:5] == how, ties


def test_a_tie_does_not_join_the_frame_for_the_rest_with_another(tmp_path):
    """And a coder who gives both is refused that row."""
    codes = [
        ["war", "other", "other", "war;trade", "other", "other", "war;other", "none"],
        ["other", "none", "trade", "other", "other", "war;trade", "war", "none"],
    ]
    coded = read_sheets(coded_by(tmp_path, ["a", "b"], codes, REST), design=tmp_path / "draw", codebook=REST)
    settled = settle_labels(coded, ties="either")
    assert cells(settled.labels.astype(float), REST) == [
        "war", "other", "trade", "war;trade", "other", "war;trade", "war", "",
    ]  # fmt: skip
    assert settled.how.tolist() == [*["either"] * 4, "agreed", "either", "one coder", "agreed"]
    assert coded.files["n_refused"].to_list() == [1, 0]
    assert coded.refused["reason"].to_list() == ["Other stands alone, beside no other frame; here beside war"]
    assert settle_labels(coded).how.tolist()[:4] == ["tie"] * 4


def test_the_list_to_adjudicate_goes_round(tmp_path):
    codes = [["war", "war", "-", "war", "war", "war", "war", "war"], ["war", "none", "-", *["war"] * 5]]
    sheets = coded_by(tmp_path, ["anna", "ben"], codes)
    coded = read_sheets(sheets, design=tmp_path / "draw", codebook=MANY)
    unsettled = unsettled_table(coded, settle_labels(coded))
    order = ids(tmp_path / "draw")
    assert unsettled["passage_id"].to_list() == order[1:3]
    assert unsettled[["coder_anna", "coder_ben"]].to_numpy().tolist() == [["war", "none"], ["not coded", "not coded"]]
    assert unsettled["reason"].to_list() == ["tie", "not coded"]
    path = tmp_path / "to_adjudicate.csv"
    write_csv(unsettled.assign(frames=["trade", "none"]), path, mark=True)
    again = read_sheets(sheets, design=tmp_path / "draw", codebook=MANY, adjudicated=path)
    settled = settle_labels(again)
    assert settled.done.all()
    assert settled.how.tolist()[:4] == ["agreed", "adjudicated", "adjudicated", "agreed"]
    assert cells(settled.labels.astype(float))[:4] == ["war", "trade", "", "war"]
    # raw codings stay what they were
    np.testing.assert_array_equal(again.codings, coded.codings)
    assert again.files["file"].to_list() == ["anna.csv", "ben.csv", "to_adjudicate.csv"]


def test_a_settled_label_goes_before_what_coders_agree_on(tmp_path):
    sheets = coded_by(tmp_path, ["anna", "ben"], [["war"] * 8] * 2)
    design = tmp_path / "draw"
    rows = rows_of(sheets[0])
    path = write_rows(tmp_path / "settled.csv", [{**rows[0], "frames": "sport"}, {**rows[1], "frames": ""}])
    coded = read_sheets(sheets, design=design, codebook=MANY, adjudicated=path)
    settled = settle_labels(coded)
    place = ids(design).index(rows[0]["passage_id"].removeprefix("'"))
    assert settled.how[place] == "adjudicated"
    assert cells(settled.labels[place].astype(float)) == ["sport"]
    assert (settled.how == "agreed").sum() == 7
    assert coded.files["n_refused"].to_list() == [0, 0, 1]


def test_the_gold_file_is_what_read_gold_reads(tmp_path):
    codes = [["war;sport", "none", "war", "-", *["trade"] * 4], ["war", "none", "trade", "sport", *["trade"] * 4]]
    sheets = coded_by(tmp_path, ["anna", "ben"], codes)
    coded = read_sheets(sheets, design=tmp_path / "draw", codebook=MANY)
    table = make_gold_table(coded, settle_labels(coded))
    assert table.columns.to_list() == [
        "passage_id", "document_id", "outlet", "published", "text", "frames", "coder_anna", "coder_ben",
        "inclusion_probability", "stratum", "unit",
    ]  # fmt: skip
    assert table["frames"].to_list() == ["none", "sport", *["trade"] * 4]  # the first and the third are tied
    assert table["coder_anna"].to_list() == ["none", "not coded", *["trade"] * 4]
    path = tmp_path / "gold.csv"
    write_csv(table, path)
    for settings_, rule in (
        (Settings(corpus="small", codebook="tiny", gold=str(path)), {}),
        (Settings(corpus="small", codebook="tiny"), {"file": "gold.csv", "coders": ["coder_anna", "coder_ben"]}),
    ):
        gold = read_gold(settings_, config(**rule), tmp_path, MANY)
        settled_ids = [passage for k, passage in enumerate(ids(tmp_path / "draw")) if k not in (0, 2)]
        assert gold.passages["passage_id"].to_list() == settled_ids
        assert gold.passages["text"].to_list() == corpus().set_index("passage_id").loc[settled_ids, "text"].to_list()
        np.testing.assert_array_equal(gold.labels, settle_labels(coded).labels[settle_labels(coded).done])
        np.testing.assert_array_equal(gold.codings, coded.codings[:, settle_labels(coded).done])
        chances = coded.design.passages.set_index("passage_id").loc[settled_ids, "inclusion_probability"]
        assert gold.probabilities.tolist() == chances.to_list()
        assert gold.strata.tolist() == table["stratum"].to_list()
        assert gold.unit == "passage"


def test_whole_documents_are_marked_as_such(tmp_path):
    design = many(tmp_path, size=4, unit="document", coders=("anna",))
    coded = read_sheets([fill(design, "anna", lambda _: "war", to=tmp_path)], design=design, codebook=MANY)
    table = make_gold_table(coded, settle_labels(coded))
    assert set(table["unit"]) == {"document"}
    assert len(table) == 8
    path = tmp_path / "gold.csv"
    write_csv(table, path)
    gold = read_gold(Settings(corpus="small", codebook="tiny"), config(file="gold.csv"), tmp_path, MANY)
    assert gold.unit == "document"
    first = ~gold.passages["document_id"].duplicated()
    assert (1 / gold.probabilities[first]).sum() == pytest.approx(12)


def test_a_coder_may_bear_the_prefix_already():
    assert coder_column("coder_1") == "coder_1"
    assert coder_column("eve") == "coder_eve"
