"""Files of decisions: history, damage, and what they are about."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.coding.decision_file import DecisionFile
from framing.coding.decisions import About, Decision, Span
from framing.errors import InputError

ABOUT = About("draw", "anna", "tiny 1.0.0", "rules")
PASSAGES = [("p1", "1", "Tanks came."), ("p2", "2", "Wine rose.")]


@pytest.fixture
def file(tmp_path):
    with DecisionFile.create(tmp_path / "coded" / "anna.sqlite", ABOUT, PASSAGES) as made:
        yield made


def test_a_decision_comes_back_with_everything(file):
    made = Decision("p1", ("war",), unsure=True, remark="Why? „so“ 🚜", spans=(Span("war", 0, 5),), seconds=1.5)
    stored = file.add(made)
    with DecisionFile(file.path) as again:
        assert again.about == ABOUT
        assert again.passages == {"p1": ("1", "Tanks came."), "p2": ("2", "Wine rose.")}
        assert again.history() == [stored]
    assert stored.content == made.content
    assert stored.number == 1
    assert stored.decided_at.endswith("+00:00")


def test_the_last_decision_counts_and_seconds_add_up(file):
    file.add(Decision("p1", ("war",), seconds=2.0))
    file.add(Decision("p2", (), seconds=1.0))
    file.add(Decision("p1", ("trade",), seconds=3.0))
    latest = file.latest()
    assert latest["p1"].frames == ("trade",)
    assert {key: decision.seconds for key, decision in latest.items()} == {"p1": 5.0, "p2": 1.0}
    assert [decision.frames for decision in file.history("p1")] == [("war",), ("trade",)]


STEPS = st.lists(st.one_of(st.just("undo"), st.tuples(st.sampled_from(["p1", "p2"]), st.sampled_from("abc"))))


@given(steps=STEPS)
def test_undo_brings_back_what_was_there(tmp_path_factory, steps):
    """Against a pile of states: each decision puts the state on it, each undo takes one off."""
    place = tmp_path_factory.mktemp("undo") / "anna.sqlite"
    states = [{}]
    with DecisionFile.create(place, ABOUT, PASSAGES) as file:
        for step in steps:
            if step == "undo":
                undone = file.undo()
                assert (undone is None) == (len(states) == 1)
                states = states[:1] if len(states) == 1 else states[:-1]
            else:
                file.add(Decision(step[0], (step[1],)))
                states.append({**states[-1], step[0]: (step[1],)})
            coded = {key: item.frames for key, item in file.latest().items() if item.state == "coded"}
            assert coded == states[-1]


def test_drafts_are_replaced_and_end_with_the_decision(file):
    file.write_draft("p1", {"frames": ["war"]})
    file.write_draft("p1", {"frames": []})
    file.write_draft("p2", {"frames": ["trade"]})
    file.drop_draft("p2")
    assert file.read_drafts() == {"p1": {"frames": []}}
    file.add(Decision("p1", ("war",)))
    assert file.read_drafts() == {}


def test_after_tidying_the_file_alone_has_everything(file, tmp_path):
    file.add(Decision("p1", ("war",)))
    file.tidy()
    copy = tmp_path / "sent.sqlite"
    copy.write_bytes(file.path.read_bytes())
    with DecisionFile(copy) as sent:
        assert sent.latest()["p1"].frames == ("war",)


def test_unknown_passages_are_refused_and_nothing_is_stored(file):
    with pytest.raises(InputError, match="the decision was not stored: FOREIGN KEY"):
        file.add(Decision("p9", ("war",)))
    assert file.history() == []


def test_what_is_no_file_of_decisions_is_refused(tmp_path, file):
    with pytest.raises(InputError, match="There is no file"):
        DecisionFile(tmp_path / "nowhere.sqlite")
    (tmp_path / "text.sqlite").write_text("passage_id,frames\n" * 99, encoding="utf-8")
    other = tmp_path / "other.sqlite"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE songs (name TEXT)")
    cut = tmp_path / "cut.sqlite"
    for _ in range(60):
        file.add(Decision("p1", ("war",), remark="x" * 500))
    file.tidy()
    cut.write_bytes(file.path.read_bytes()[:30_000])
    for path in (tmp_path / "text.sqlite", other, cut):
        with pytest.raises(InputError, match=rf"{path.name} cannot be read as decisions of framing code"):
            DecisionFile(path)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("UPDATE decisions SET frames = '[\"war'", "decision 1: frames: got"),
        ("UPDATE decisions SET frames = '\"war\"'", "decision 1: frames: got"),
        ("UPDATE decisions SET spans = '[[\"war\"]]'", "decision 1: spans: got"),
        ("UPDATE decisions SET spans = '[[\"war\", -1, 5]]'", "decision 1: spans: got"),
        ("UPDATE decisions SET state = 'weird'", "decision 1: state: got 'weird'"),
        ("UPDATE decisions SET unsure = 'x'", "decision 1: unsure: got 'x'"),
        ("UPDATE decisions SET remark = x'ff'", "decision 1: remark: got b"),
        ("UPDATE decisions SET seconds = -1", "decision 1: seconds: got -1.0"),
        ("UPDATE decisions SET decided_at = 'noon'", "decision 1: decided_at: got 'noon'"),
        ("UPDATE decisions SET passage_id = 'p9'", "decision 1 is on 'p9', which is none of its passages"),
        ("INSERT INTO drafts VALUES ('p9', '{}')", "a draft is on 'p9', which is none of its passages"),
        ("INSERT INTO drafts VALUES ('p2', '{')", "the draft on p2: expected an object of JSON, got '{'"),
        ("INSERT INTO drafts VALUES ('p2', '[1]')", "the draft on p2: expected an object of JSON"),
        ("UPDATE passages SET text = x'ff' WHERE number = 2", "the passage 'p2' has no text or place"),
        (
            "DELETE FROM about WHERE name = 'coder'",
            "its table about has draw, codebook, rules_hash; expected texts for",
        ),
        ("INSERT INTO about VALUES ('more', '1')", "its table about has draw, coder, codebook, rules_hash, more;"),
        ("UPDATE about SET value = x'61' WHERE name = 'coder'", "its table about has"),
        ("DELETE FROM about WHERE name = 'format'", "another version of framing wrote it"),
        ("DROP TABLE drafts", "no such table: drafts"),
        ("DROP TABLE decisions", "no such table: decisions"),
        ("ALTER TABLE passages RENAME COLUMN text TO words", "no such column: text"),
    ],
)
def test_a_file_that_another_program_changed_is_refused(file, change, expected):
    """Nothing of it is skipped or guessed: the message has the file, the place, and what to do."""
    file.add(Decision("p1", ("war",)))
    file.close()
    with closing(sqlite3.connect(file.path)) as connection:
        connection.executescript(change)
    with pytest.raises(InputError) as refused:
        DecisionFile(file.path)
    assert str(refused.value).startswith(f"{file.path} cannot be read as decisions of framing code: {expected}")
    assert str(refused.value).endswith("Take the file that framing code wrote, or a copy of it.")
