"""Sheets for coders: who gets which passages, what they see, and what runs in no spreadsheet."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from framing.codebook.cells import find_none_word
from framing.coding.design import read_design
from framing.coding.sampling import draw_sample
from framing.coding.sheet_formats import make_codebook_guide
from framing.coding.sheets import assign_passages, write_sheets
from framing.corpus.formats import Row, read_rows
from framing.errors import InputError
from tests.drawn import corpus, make_facts, rows_of, write_draw
from tests.tiny import SPORT, TRADE, WAR, codebook, frame

RULES = codebook(
    frame("war", WAR, include=["Fighting.", "Weapons fired"], exclude=["Chess."]),
    frame("trade", TRADE),
    multi_label=True,
)


@pytest.fixture
def design(tmp_path):
    write_draw(tmp_path / "draw", RULES)
    return tmp_path / "draw"


# who codes what


def test_all_code_all_each_in_an_order_of_their_own():
    sample = draw_sample(corpus(), size=12)
    given_to = assign_passages(sample, ["anna", "ben"], overlap=1.0)
    ids = {coder: table["passage_id"].to_list() for coder, table in given_to.items()}
    assert set(ids["anna"]) == set(ids["ben"]) == set(sample.passages["passage_id"])
    assert ids["anna"] != ids["ben"]
    assert given_to["anna"]["place"].to_list() == [str(n) for n in range(1, 13)]


def test_a_share_is_coded_by_all_and_the_rest_is_dealt_out():
    sample = draw_sample(corpus(), size=20)
    ids = {name: set(t["passage_id"]) for name, t in assign_passages(sample, ["a", "b", "c"], overlap=0.25).items()}
    shared = ids["a"] & ids["b"] & ids["c"]
    assert len(shared) == 5
    assert ids["a"] | ids["b"] | ids["c"] == set(sample.passages["passage_id"])
    assert [len(assigned - shared) for assigned in ids.values()] == [5, 5, 5]
    assert not (ids["a"] & ids["b"]) - shared


@given(size=st.integers(2, 24), n_coders=st.integers(1, 5), overlap=st.floats(0, 1))
def test_every_drawn_passage_has_a_coder_and_none_has_it_twice(size, n_coders, overlap):
    sample = draw_sample(corpus(), size=size)
    tables = assign_passages(sample, [f"c{k}" for k in range(n_coders)], overlap=overlap)
    assert all(table["passage_id"].is_unique for table in tables.values())
    assert set(pd.concat(tables.values())["passage_id"]) == set(sample.passages["passage_id"])
    counts = pd.concat(tables.values())["passage_id"].value_counts()
    expected = min(size, max(2, -(-round(overlap * size * 1e9) // 10**9))) if overlap else 0
    assert (counts == n_coders).sum() >= expected if n_coders > 1 else (counts == 1).all()
    sizes = [len(table) for table in tables.values()]
    assert max(sizes) - min(sizes) <= 1


def test_a_document_stays_with_its_coder_and_in_reading_order():
    sample = draw_sample(corpus(), size=8, unit="document")
    tables = assign_passages(sample, ["anna", "ben"], overlap=0.25)
    for table in tables.values():
        assert table["position"].to_list() == [0, 1] * 5
        assert table["place"].to_list() == [f"{k}.{part}" for k in range(1, 6) for part in (1, 2)]
        assert (table.groupby("document_id").size() == 2).all()


@pytest.mark.parametrize(
    ("coders", "overlap", "expected"),
    [
        ([], 1.0, r"coders: expected names .*, got none"),
        (["a/b"], 1.0, r"coders: expected names of letters, digits, - and _, got a/b"),
        (["anna", "Anna"], 1.0, r"coders: each is named once, got anna, Anna"),
        (["1", "coder_1"], 1.0, r"coders: each is named once"),  # both would be the column coder_1
        (["anna"], 1.5, r"overlap: expected the share of passages that all code, 0 to 1, got 1\.5"),
    ],
)
def test_coders_and_overlap_that_cannot_be(coders, overlap, expected):
    with pytest.raises(InputError, match=expected):
        assign_passages(draw_sample(corpus(), size=8), coders, overlap=overlap)


# what coders see


def test_coders_see_neither_scores_nor_strata_nor_outlets(design):
    for path in (design / "for_coders").iterdir():
        raw = path.read_bytes() if path.suffix != ".xlsx" else _cells(path).encode()
        for secret in (b"stratum", b"inclusion", b"score", b"outlet", b"weeks of"):
            assert secret not in raw, (path.name, secret)
    names = {path.name for path in (design / "for_coders").iterdir()}
    assert names == {
        "anna.csv", "anna.xlsx", "anna.json", "ben.csv", "ben.xlsx", "ben.json", "codebook.md", "labelling_config.xml",
        "screen.json",
    }  # fmt: skip


def _cells(path) -> str:
    return " ".join(str(cell) for sheet in load_workbook(path) for row in sheet.values for cell in row)


def test_the_csv_has_a_row_a_passage_with_empty_cells_to_fill(design):
    rows = rows_of(design / "for_coders" / "anna.csv")
    assert list(rows[0]) == ["coder", "place", "passage_id", "text", "frames", "notes"]
    assert len(rows) == 8
    assert {(row["coder"], row["frames"], row["notes"]) for row in rows} == {("anna", "", "")}
    drawn_ids = set(read_design(design, RULES).passages["passage_id"])
    assert {row["passage_id"].removeprefix("'") for row in rows} == drawn_ids
    # an id that a spreadsheet would read as a number is kept from it
    assert all(row["passage_id"].startswith("'") or row["passage_id"].startswith("p") for row in rows)


@pytest.mark.parametrize("multi_label", [True, False])
def test_the_workbook_has_lists_to_choose_from_and_the_rules(tmp_path, multi_label):
    book = codebook(multi_label=multi_label)
    write_draw(tmp_path / "draw", book)
    workbook = load_workbook(tmp_path / "draw" / "for_coders" / "anna.xlsx")
    assert workbook.sheetnames == ["coding", "codebook"]
    sheet = workbook["coding"]
    boxes = ["war", "trade", "sport", "none"] if multi_label else ["frames"]
    assert [cell.value for cell in sheet[1]] == ["coder", "place", "passage_id", "text", *boxes, "notes"]
    (rule,) = sheet.data_validations.dataValidation
    assert (rule.type, str(rule.sqref)) == ("list", "E2:H9" if multi_label else "E2:E9")
    assert rule.formula1 == ('"x"' if multi_label else "codebook!$A$2:$A$4")
    assert [row[0] for row in workbook["codebook"].values] == ["id", "war", "trade", "sport"]
    assert sheet.freeze_panes == "E2"
    assert all(row[4:] == (None,) * (len(boxes) + 1) for row in sheet.iter_rows(min_row=2, values_only=True))


def test_no_cell_of_the_workbook_is_a_formula(tmp_path):
    book = codebook(frame("war", WAR, include=["=HYPERLINK(1)"]), frame("sport", SPORT), multi_label=True)
    sample = draw_sample(corpus(), size=24)
    write_sheets(tmp_path / "draw", sample, book, make_facts(sample, book, coders=("anna",)))
    workbook = load_workbook(tmp_path / "draw" / "for_coders" / "anna.xlsx")
    kinds = {cell.data_type for sheet in workbook for row in sheet for cell in row if cell.value is not None}
    assert kinds == {"s"}
    texts = [row[3] for row in workbook["coding"].iter_rows(min_row=2, values_only=True)]
    assert "'=SUM(A1:A9) said the memo." in texts


def test_tasks_and_labelling_config_fit_together(design):
    tasks = json.loads((design / "for_coders" / "ben.json").read_text(encoding="utf-8"))
    assert len(tasks) == 8
    assert set(tasks[0]) == {"data"}
    assert set(tasks[0]["data"]) == {"coder", "place", "passage_id", "text"}
    assert tasks[0]["data"]["coder"] == "ben"
    view = ElementTree.parse(design / "for_coders" / "labelling_config.xml").getroot()
    assert view.find("Text").get("value") == "$text"
    choices = view.find("Choices")
    assert (choices.get("name"), choices.get("toName"), choices.get("choice")) == ("frames", "text", "multiple")
    assert [item.get("alias") for item in choices] == ["war", "trade", "none"]
    hint = choices[0].get("hint")
    assert hint == "Passages about war. Code it where: Fighting. Weapons fired. Do not code it where: Chess."


def test_the_config_of_a_codebook_with_one_frame_has_no_none(tmp_path):
    write_draw(tmp_path / "draw", codebook(), formats=("label-studio",))
    choices = ElementTree.parse(tmp_path / "draw" / "for_coders" / "labelling_config.xml").getroot().find("Choices")
    assert choices.get("choice") == "single"
    assert [item.get("alias") for item in choices] == ["war", "trade", "sport"]
    assert {path.name for path in (tmp_path / "draw" / "for_coders").iterdir()} == {
        "anna.json", "ben.json", "codebook.md", "labelling_config.xml", "screen.json",
    }  # fmt: skip


def test_the_guide_gives_every_rule():
    guide = make_codebook_guide(RULES)
    for part in ("## War (`war`)", "Passages about war.", "- Fighting.", "- Weapons fired", "- Chess.", "Write `none`"):
        assert part in guide
    assert "none" not in make_codebook_guide(codebook())


def test_no_frame_has_a_word_where_a_passage_may_have_none():
    assert find_none_word(RULES) == "none"
    assert find_none_word(codebook()) == ""


# the record of the draw


def test_the_design_comes_back_with_every_digit_and_text(design):
    draw = read_design(design, RULES)
    table = draw.passages.set_index("passage_id")
    source = corpus().set_index("passage_id")
    assert table["text"].to_dict() == source.loc[table.index, "text"].to_dict()
    assert (1 / table["inclusion_probability"]).sum() == pytest.approx(24)
    assert draw.facts.size == draw.facts.n_passages_drawn == 8
    assert set(table["coders"]) == {"anna;ben"}
    assert table["published"].unique().tolist() == ["2025-07-07"]
    assert "8 passages of 24 in 12 documents" in draw.facts.sentence
    assert "random_seed 1" in draw.facts.sentence


def test_the_same_draw_is_written_in_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        write_draw(tmp_path / name, RULES)
    for file in ("design.json", "drawn.csv", "for_coders/anna.csv", "for_coders/ben.json", "for_coders/codebook.md"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_coders_work_is_not_overwritten(design):
    with pytest.raises(InputError, match=r"draw: expected a new folder; this one holds something"):
        write_draw(design, RULES)
    assert sorted(path.name for path in design.parent.iterdir()) == ["draw"]


def test_nothing_is_left_of_a_draw_that_cannot_be_written(tmp_path):
    long = corpus().assign(text="a" * 40_000)
    sample = draw_sample(long, size=8)
    with pytest.raises(
        InputError,
        match=r"has 40,000 characters, more than a cell .* alone, such as label-studio",
    ):
        write_sheets(tmp_path / "draw", sample, RULES, make_facts(sample, RULES, coders=("anna",)))
    write_sheets(
        tmp_path / "tasks", sample, RULES, make_facts(sample, RULES, coders=("anna",)), formats=["label-studio"]
    )
    assert [path.name for path in tmp_path.iterdir()] == ["tasks"]
    with pytest.raises(
        InputError,
        match=r"formats: expected some of csv, xlsx, label-studio, doccano, .*, got pdf",
    ):
        write_draw(tmp_path / "draw", RULES, formats=("pdf",))
    with pytest.raises(InputError, match=r"there is no folder .*away"):
        write_draw(tmp_path / "away" / "draw", RULES)


def test_an_empty_folder_may_be_named(tmp_path):
    (tmp_path / "draw").mkdir()
    write_draw(tmp_path / "draw", RULES)
    assert (tmp_path / "draw" / "design.json").is_file()


def test_characters_that_xml_lacks_do_not_break_the_workbook(tmp_path):
    sample = draw_sample(corpus().assign(text="half \ufffe of \uffff it"), size=8)
    write_sheets(tmp_path / "draw", sample, RULES, make_facts(sample, RULES, coders=("anna",)))
    path = tmp_path / "draw" / "for_coders" / "anna.xlsx"
    assert {row.values["text"] for row in read_rows(path, kind="xlsx", needed=["text"]) if isinstance(row, Row)} == {
        "half  of  it"
    }


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda home: (home / "design.json").unlink(), r"holds no design\.json; give the folder"),
        (lambda home: (home / "design.json").write_text("{"), r"design\.json cannot be read"),
        (lambda home: (home / "design.json").write_text("[]"), r"design\.json: expected what framing sample wrote"),
        (lambda home: (home / "design.json").write_text('{"size": 3}'), r"design\.json: .*corpus is missing"),
        (lambda home: (home / "drawn.csv").unlink(), r"holds no drawn\.csv"),
        (
            lambda home: (home / "drawn.csv").write_text("a,b\n"),
            r"drawn\.csv is not the file that design\.json speaks of",
        ),
    ],
)
def test_a_design_that_is_none_is_refused(design, change, expected):
    change(design)
    with pytest.raises(InputError, match=expected):
        read_design(design, RULES)


def test_a_codebook_with_other_rules_is_not_the_coders_own(design):
    other = codebook(frame("war", WAR), frame("trade", TRADE), multi_label=True)
    with pytest.raises(InputError, match=r"coders had the codebook tiny 1\.0\.0 with other frames or rules"):
        read_design(design, other)
    rules = {"include": ["Fighting.", "Weapons fired"], "exclude": ["Chess."]}
    other_seeds = codebook(frame("war", WAR[:2], **rules), frame("trade", TRADE), multi_label=True)
    assert read_design(design, other_seeds).facts.codebook_hash == RULES.hash != other_seeds.hash


def test_the_guide_speaks_of_what_is_coded():
    for unit in ("passage", "document"):
        guide = make_codebook_guide(RULES.with_unit(unit))
        assert f"A {unit} may have several frames" in guide
        assert f"A {unit} without any mark counts as not coded yet." in guide
    assert "Each document has exactly one frame" in make_codebook_guide(codebook(unit="document"))


def test_the_guide_says_which_frame_stands_alone():
    rest = codebook(frame("war", WAR), frame("trade", TRADE, residual=True), multi_label=True)
    assert "`trade` stands alone, beside no other frame." in make_codebook_guide(rest)
    assert "stands alone" not in make_codebook_guide(RULES)
