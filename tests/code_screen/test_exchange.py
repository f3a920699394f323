"""Files between machines: nothing is lost, doubled or overwritten silently."""

from __future__ import annotations

import csv
import json
import shutil

import pytest

from framing.code_screen.draws import open_draw
from framing.code_screen.exchange import export_decisions, import_decisions
from framing.code_screen.screen import Screen
from framing.coding.coded import read_sheets
from framing.coding.decision_file import DecisionFile
from framing.errors import InputError, LockedError
from tests.code_screen.draws import BOOK, ask, code_all, make_draw, save, write_draw
from tests.drawn import rows_of, write_rows


@pytest.fixture
def draw(tmp_path):
    return make_draw(tmp_path / "draw")


@pytest.fixture
def elsewhere(draw, tmp_path):
    """Ben's machine, with what coders get."""
    shutil.copytree(draw.folder / "for_coders", tmp_path / "ben" / "for_coders")
    return open_draw(tmp_path / "ben" / "for_coders")


def test_decisions_of_another_machine_are_taken_over_once(draw, elsewhere):
    code_all(elsewhere, "ben", lambda *_: ["war"])
    taken = import_decisions(draw, elsewhere.place("ben"))
    assert taken == ("ben", 8, 0, [])
    assert import_decisions(draw, elsewhere.place("ben")) == ("ben", 0, 8, [])
    with DecisionFile(draw.place("ben")) as mine, DecisionFile(elsewhere.place("ben")) as other:
        assert {key: item.content for key, item in mine.latest().items()} == {
            key: item.content for key, item in other.latest().items()
        }


def test_of_two_decisions_the_later_counts_on_both_machines(draw, elsewhere):
    for place, index, frame in ((draw, 0, "war"), (elsewhere, 0, "trade"), (elsewhere, 1, "sport"), (draw, 1, "war")):
        screen = Screen(place, "ben")
        ask(screen, "open")
        save(screen, index, frame)
        screen.close()
    first, second = (passage_id for _, passage_id in draw.screen.orders["ben"][:2])
    import_decisions(draw, elsewhere.place("ben"))
    import_decisions(elsewhere, draw.place("ben"))
    for place in (draw, elsewhere):
        with DecisionFile(place.place("ben")) as file:
            latest = file.latest()
            assert (latest[first].frames, latest[second].frames) == (("trade",), ("war",))


def test_a_half_filled_sheet_is_gone_on_with_on_the_screen(draw, tmp_path):
    rows = rows_of(draw.folder / "for_coders" / "anna.csv")
    for number, row in enumerate(rows[:5]):
        row["frames"], row["notes"] = ("War" if number else "peace"), "seen"
    taken = import_decisions(draw, write_rows(tmp_path / "anna.csv", rows))
    assert (taken.coder, taken.n_new, taken.n_known) == ("anna", 4, 0)
    assert len(taken.refused) == 4
    assert "line 2: unknown frame 'peace'" in taken.refused[0]
    assert taken.refused[1].endswith("not coded")
    screen = Screen(draw, "anna")
    assert ask(screen, "open")["n_coded"] == 4
    save(screen, 1, "trade")
    screen.close()
    taken = import_decisions(draw, tmp_path / "anna.csv")
    assert (taken.n_new, taken.n_known, len(taken.refused)) == (0, 3, 5)
    assert "was coded otherwise on the screen; the screen's label stays" in taken.refused[-1]


def test_an_exported_sheet_and_the_file_itself_say_the_same(draw, tmp_path):
    more = {"remark": "=1+1", "unsure": True, "spans": [{"frame": "war", "start": 0, "end": 2}]}
    code_all(draw, "anna", lambda *_: (["war", "trade"], more))
    assert export_decisions(draw, "anna", tmp_path / "sheet.csv") == 8
    by_file, by_sheet = (
        read_sheets([path], design=draw.folder, codebook=BOOK) for path in (draw.place("anna"), tmp_path / "sheet.csv")
    )
    assert (by_file.codings[0] == by_sheet.codings[0]).all()
    key = ["coder", "passage_id"]
    assert by_file.notes.sort_values(key).to_dict("list") == by_sheet.notes.sort_values(key).to_dict("list")
    assert set(by_file.notes["unsure"]) == {"x"}
    assert set(by_file.notes["notes"]) == {"=1+1"}
    assert by_file.notes["seconds"].tolist() == [2.0] * 8
    with (tmp_path / "sheet.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert {row["notes"] for row in csv.DictReader(stream)} == {"'=1+1"}
    assert import_decisions(draw, tmp_path / "sheet.csv") == ("anna", 0, 8, [])


@pytest.mark.parametrize(
    ("column", "cell", "what"),
    [
        ("notes", "Ask again.", "remark"), ("notes", "", "remark"), ("unsure", "", "doubt"),
        ("spans", "", "choice of words"),
        ("spans", '[{"frame": "war", "start": 1, "end": 2}]', "choice of words"),
    ],
)  # fmt: skip
def test_a_row_that_differs_in_more_than_frames_is_refused(draw, tmp_path, column, cell, what):
    more = {"remark": "Why?", "unsure": True, "spans": [{"frame": "war", "start": 0, "end": 2}]}
    code_all(draw, "anna", lambda *_: (["war"], more))
    export_decisions(draw, "anna", tmp_path / "sheet.csv")
    rows = rows_of(tmp_path / "sheet.csv")
    rows[2][column] = cell
    taken = import_decisions(draw, write_rows(tmp_path / "sheet.csv", rows))
    assert (taken.n_new, taken.n_known) == (0, 7)
    assert taken.refused == [
        f"sheet.csv, line 4: {rows[2]['passage_id']} has another {what} on the screen, which stays; change it there"
    ]


def test_marked_words_of_a_sheet_have_their_place_in_the_drawn_text(draw, tmp_path):
    """Spaces that a spreadsheet adds move the words; the name of a frame is as good as its id."""
    key, text = next((item.passage_id, item.text) for item in draw.screen.passages if "Tanks" in item.text)
    code_all(draw, "anna", lambda *_: ["war"])
    export_decisions(draw, "anna", tmp_path / "sheet.csv")
    draw.place("anna").unlink()
    row = next(row for row in rows_of(tmp_path / "sheet.csv") if row["passage_id"].removeprefix("'") == key)
    start = text.index("Tanks")
    row["text"] = text[:start].replace(" ", "  ") + "  " + text[start:]
    moved = row["text"].index("Tanks")
    row["spans"] = json.dumps([{"frame": "War", "start": moved, "end": moved + 5, "text": "Tanks"}])
    taken = import_decisions(draw, write_rows(tmp_path / "sheet.csv", [row]))
    assert taken == ("anna", 1, 0, [])
    with DecisionFile(draw.place("anna")) as file:
        assert file.latest()[key].spans == (("war", start, start + 5),)


@pytest.mark.parametrize(
    ("span", "reason"),
    [
        ({"frame": "trade", "start": 0, "end": 2}, "trade is marked, and is not among the frames given: war"),
        ({"frame": "war", "start": 0, "end": 5, "text": "Trees"}, "'Trees' is not at 0 to 5"),
    ],
)
def test_a_row_with_marked_words_that_do_not_fit_is_refused(draw, tmp_path, span, reason):
    row = {**rows_of(draw.folder / "for_coders" / "anna.csv")[0], "frames": "war", "spans": json.dumps([span])}
    taken = import_decisions(draw, write_rows(tmp_path / "anna.csv", [row]))
    assert (taken.n_new, len(taken.refused)) == (0, 1)
    assert f"anna.csv, line 2: marked words: {reason}" in taken.refused[0]


def test_annotations_of_another_user_are_not_taken_for_the_coders(draw, tmp_path):
    result = {"from_name": "frames", "type": "choices", "value": {"choices": ["war"]}}
    tasks = [
        {
            "data": {"coder": "anna", "passage_id": item.passage_id, "text": item.text},
            "annotations": [{"completed_by": {"email": f"{who}@example.org"}, "result": [result]}],
        }
        for item, who in zip(draw.screen.passages, ["ben", *["anna"] * 7], strict=True)
    ]
    path = tmp_path / "tasks.json"
    path.write_text(json.dumps(tasks), encoding="utf-8")
    taken = import_decisions(draw, path)
    assert taken == ("anna", 7, 0, ["tasks.json, line 1: annotated by ben@example.org, in tasks of anna"])


def test_a_doubt_that_is_neither_is_refused(draw, tmp_path):
    code_all(draw, "anna", lambda *_: ["war"])
    export_decisions(draw, "anna", tmp_path / "sheet.csv")
    rows = rows_of(tmp_path / "sheet.csv")
    rows[0]["unsure"] = "rather"
    taken = import_decisions(draw, write_rows(tmp_path / "sheet.csv", rows))
    assert taken.refused == ["sheet.csv, line 2: the column unsure has 'rather'; expected x or nothing"]
    assert taken.n_known == 7


def test_a_sheet_without_columns_for_doubt_and_remarks_says_nothing_of_them(draw, tmp_path):
    more = {"remark": "Why?", "unsure": True, "spans": [{"frame": "war", "start": 0, "end": 2}]}
    code_all(draw, "anna", lambda *_: (["war"], more))
    rows = [
        {**{name: cell for name, cell in row.items() if name != "notes"}, "frames": "war"}
        for row in rows_of(draw.folder / "for_coders" / "anna.csv")
    ]
    assert import_decisions(draw, write_rows(tmp_path / "anna.csv", rows)) == ("anna", 0, 8, [])


@pytest.mark.parametrize("column", ["frames", "notes"])
def test_of_rows_on_one_passage_that_differ_none_counts(draw, tmp_path, column):
    one, two = rows_of(draw.folder / "for_coders" / "anna.csv")[:2]
    one["frames"] = two["frames"] = "war"
    other = {**one, column: "trade"}
    taken = import_decisions(draw, write_rows(tmp_path / "anna.csv", [one, two, other, two]))
    assert (taken.n_new, taken.n_known) == (1, 1)
    assert taken.refused == [
        f"anna.csv, line {line}: {one['passage_id']} was coded twice, differently (lines 2, 4); keep one row"
        for line in (2, 4)
    ]
    with DecisionFile(draw.place("anna")) as file:
        assert list(file.latest()) == [two["passage_id"]]


def test_what_is_open_or_of_another_draw_is_refused(draw, tmp_path):
    screen = Screen(draw, "anna")
    code_all(make_draw(tmp_path / "other", size=9), "anna", lambda *_: ["war"])
    with pytest.raises(InputError, match="decisions on another draw"):
        import_decisions(draw, tmp_path / "other" / "coded" / "anna.sqlite")
    shutil.copytree(write_draw(tmp_path / "same"), tmp_path / "copy")
    code_all(open_draw(tmp_path / "copy"), "anna", lambda *_: ["war"])
    with pytest.raises(LockedError, match="screen of anna is open"):
        import_decisions(draw, tmp_path / "copy" / "coded" / "anna.sqlite")
    screen.close()
    with pytest.raises(InputError, match="coder's own file here"):
        import_decisions(draw, draw.place("anna"))
    with pytest.raises(InputError, match="ben has decided nothing"):
        export_decisions(draw, "ben", tmp_path / "ben.csv")
    with pytest.raises(InputError, match=r"export: .*ending in \.csv"):
        export_decisions(draw, "anna", tmp_path / "anna.txt")
