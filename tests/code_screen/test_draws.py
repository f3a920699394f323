"""Draws as the screen opens them: whole, only what coders get, and those of earlier versions."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing

import pytest

from framing.code_screen.draws import find_codebook, open_decisions, open_draw
from framing.code_screen.exchange import export_decisions, import_decisions
from framing.code_screen.screen import Screen
from framing.coding.decisions import Decision
from framing.errors import InputError
from tests.code_screen.draws import BOOK, ONE, make_documents, make_draw, write_draw


def test_a_passage_stands_in_its_document(tmp_path):
    draw = make_draw(tmp_path / "draw", n=2, size=6)
    assert len(draw.screen.passages) == 6
    for passage in draw.screen.passages:
        number = 0 if "day 0" in passage.text else 1
        whole = " ".join(filter(None, (passage.before, passage.text, passage.after)))
        assert whole == (
            f"The morning of day {number} was quiet in town. Tanks 🚜 crossed the river on day {number}, slowly. "
            f"On day {number} the price of steel rose again."
        )


def test_long_documents_are_cut_at_words_and_say_so(tmp_path):
    draw = make_draw(tmp_path / "draw", n=1, size=60, payload=" Tails grew." * 300)
    cut = [passage for passage in draw.screen.passages if passage.cut_before and passage.cut_after]
    assert len(cut) > 20
    for passage in cut:
        assert 1480 < len(passage.before) <= 1500
        assert 1480 < len(passage.after) <= 1500
        words = make_documents(1, payload=" Tails grew.")["text"][0].split()
        assert passage.before.split()[0] in words
        assert passage.after.split()[-1] in words


def test_coders_do_not_see_who_published_unless_the_design_says_so(tmp_path):
    assert {passage.source for passage in make_draw(tmp_path / "blind").screen.passages} == {""}
    seen = make_draw(tmp_path / "seen", blind=False)
    assert {passage.source for passage in seen.screen.passages} == {"A Paper, 2025-07-07"}
    for secret in ("A Paper", "stratum", "inclusion"):
        assert secret not in (tmp_path / "blind" / "for_coders" / "screen.json").read_text(encoding="utf-8")


def test_coders_code_with_what_they_get(tmp_path):
    folder = write_draw(tmp_path / "draw")
    shutil.copytree(folder / "for_coders", tmp_path / "sent")
    draw = open_draw(tmp_path / "sent")
    assert draw.facts is None
    assert draw.place("anna") == tmp_path / "sent" / "coded" / "anna.sqlite"
    assert open_draw(folder / "for_coders").folder == folder


def test_draws_of_earlier_versions_get_their_order_from_the_sheets(tmp_path):
    folder = write_draw(tmp_path / "draw")
    new = open_draw(folder)
    (folder / "for_coders" / "screen.json").unlink()
    with pytest.raises(InputError, match=r"no codebook 'tiny' in seeds/"):
        open_draw(folder)
    old = open_draw(folder, codebook=BOOK)
    assert [p for _, p in old.screen.orders["anna"]] == [p for _, p in new.screen.orders["anna"]]
    assert {p.passage_id: p.text for p in old.screen.passages} == {p.passage_id: p.text for p in new.screen.passages}
    assert "cannot be read" in old.remark
    assert (folder / "for_coders" / "screen.json").is_file()


@pytest.mark.parametrize(
    ("name", "expected"), [("clara", r"coder: expected one of .* anna, ben; got 'clara'"), ("", "got none")]
)
def test_an_unknown_coder_is_refused(tmp_path, name, expected):
    with pytest.raises(InputError, match=expected):
        make_draw(tmp_path / "draw").find_coder(name)
    assert open_draw(tmp_path / "draw").find_coder("ANNA") == "anna"


def test_parts_that_do_not_belong_together_are_refused(tmp_path):
    one, other = write_draw(tmp_path / "one"), write_draw(tmp_path / "other", size=9)
    with pytest.raises(InputError, match=r"holds neither design\.json nor screen\.json"):
        open_draw(tmp_path)
    with pytest.raises(InputError, match="with other rules than those of tiny"):
        open_draw(one, codebook=ONE)
    with open_decisions(open_draw(one), "anna") as file:
        file.add(Decision(next(iter(file.passages)), ("war",)))
    (other / "coded").mkdir()
    shutil.copy(one / "coded" / "anna.sqlite", other / "coded" / "anna.sqlite")
    with pytest.raises(InputError, match="is of another draw"):
        open_decisions(open_draw(other), "anna")
    shutil.copy(one / "for_coders" / "screen.json", other / "for_coders" / "screen.json")
    with pytest.raises(InputError, match="is of another draw than"):
        open_draw(other)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("UPDATE passages SET text = 'Another.' WHERE number = 3", "the text of its passage .* is not the one drawn"),
        ("DELETE FROM passages WHERE number = 3", "it lacks the passage "),
        ("INSERT INTO passages VALUES ('more', '9', 'More.', 9)", "its passage more is none that "),
        ("UPDATE decisions SET frames = '[\"nope\"]'", "decision 1 has the frame 'nope', which the codebook lacks"),
        ("UPDATE decisions SET spans = '[[\"nope\", 0, 2]]'", "decision 1: spans: expected a frame of tiny"),
        ("UPDATE decisions SET spans = '[[\"war\", 0, 9999]]'", "decision 1: spans: .* within the"),
        ("INSERT INTO drafts SELECT passage_id, '{\"unsure\": 3}' FROM passages", "has a wrong value at unsure"),
        ('INSERT INTO drafts SELECT passage_id, \'{"frames": ["x"]}\' FROM passages', "the draft on .* the frame 'x'"),
    ],
)
def test_decisions_that_do_not_fit_their_draw_are_refused_wherever_they_are_opened(tmp_path, change, expected):
    draw, elsewhere = make_draw(tmp_path / "draw"), make_draw(tmp_path / "elsewhere")
    with open_decisions(draw, "anna") as file:
        file.add(Decision(next(iter(file.passages)), ("war",)))
    with open_decisions(draw, "anna"):
        pass
    with closing(sqlite3.connect(draw.place("anna"))) as connection:
        connection.executescript(change)
    for use in (
        lambda: Screen(draw, "anna"),
        lambda: export_decisions(draw, "anna", tmp_path / "anna.csv"),
        lambda: import_decisions(elsewhere, draw.place("anna")),
    ):
        with pytest.raises(InputError, match=rf"anna\.sqlite cannot be read .*{expected}.* Take the file that"):
            use()
    assert not elsewhere.place("anna").exists()


def test_passages_of_those_who_settle_are_compared_too(tmp_path):
    draw = make_draw(tmp_path / "draw")
    with open_decisions(draw, "settled") as file:
        assert len(file.passages) == len(draw.screen.passages)
    with closing(sqlite3.connect(draw.place("settled"))) as connection:
        connection.executescript("UPDATE passages SET text = 'Another.' WHERE number = 1")
    with pytest.raises(InputError, match="is not the one drawn"):
        open_decisions(draw, "settled")


def test_a_changed_order_is_refused(tmp_path):
    path = write_draw(tmp_path / "draw") / "for_coders" / "screen.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["orders"]["anna"][0][1] = "nowhere"
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(InputError, match="order of anna names the passage 'nowhere', which it lacks"):
        open_draw(tmp_path / "draw")


def test_a_codebook_that_the_project_lacks_can_be_named(tmp_path):
    facts = make_draw(tmp_path / "draw").facts
    assert facts is not None
    with pytest.raises(
        InputError, match=r"no codebook 'nowhere' in seeds/.*If it stands elsewhere, add --codebook FILE"
    ):
        find_codebook(facts.model_copy(update={"codebook": "nowhere"}))
