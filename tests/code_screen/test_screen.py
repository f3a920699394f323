"""The screen without its looks: what is stored, what is refused, and what holds after a crash."""

from __future__ import annotations

import os
import random
import signal

import pytest

from framing.code_screen.draws import open_draw
from framing.code_screen.screen import Screen
from framing.coding.decision_file import DecisionFile
from framing.errors import LockedError
from tests.code_screen.draws import ONE, TAB, ask, code_all, make_draw, marks, save


@pytest.fixture
def draw(tmp_path):
    return make_draw(tmp_path / "draw")


@pytest.fixture
def screen(draw):
    made = Screen(draw, "anna")
    ask(made, "open")
    yield made
    made.close()


def stored(screen):
    with DecisionFile(screen.draw.place(screen.coder)) as file:
        return file.latest()


def test_opening_gives_rules_keys_and_the_first_passage_without_a_label(draw):
    first = Screen(draw, "anna")
    start = ask(first, "open")
    assert [(item["id"], item["key"]) for item in start["frames"]] == [
        ("war", "1"), ("trade", "2"), ("sport", "3"), ("other", "4"),
    ]  # fmt: skip
    assert start["frames"][0]["include"] == ["Fighting."]
    assert (start["none"], start["several"], start["residual"], start["unit"]) == (True, True, "other", "passage")
    assert start["passage"]["index"] == 0
    save(first, 0, "war")
    first.close()
    again = Screen(draw, "anna")
    assert ask(again, "open")["passage"]["index"] == 1
    assert again.n_coded == 1
    again.close()


def test_a_decision_is_on_the_disk_before_the_next_passage_is_answered(screen):
    answer = save(
        screen, 0, "trade", "war", unsure=True, remark=" why? ", spans=[{"frame": "war", "start": 0, "end": 3}]
    )
    assert answer["passage"]["index"] == 1
    words = answer["item"].pop("words")
    assert answer["item"] == {
        "index": 0, "place": "1", "state": "coded", "label": "War; Trade", "unsure": True, "remark": True,
    }  # fmt: skip
    passage_id = screen.draw.screen.orders["anna"][0][1]
    (text,) = (passage.text for passage in screen.draw.screen.passages if passage.passage_id == passage_id)
    assert text.startswith(words.removesuffix(" …"))
    decision = stored(screen)[passage_id]
    assert decision.frames == ("war", "trade")
    assert (decision.unsure, decision.remark, decision.spans) == (True, "why?", (("war", 0, 3),))
    assert decision.seconds == 2.0


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (marks(none=False), "No frame was chosen, and not that there is none"),
        (marks("war", none=True), "none stands beside frames"),
        (marks("other", "war"), "Other stands alone"),
        (marks("peace"), "unknown frame 'peace'"),
        (marks("war", spans=[{"frame": "trade", "start": 0, "end": 3}]), "marked for Trade, which was not chosen"),
        (marks("war", spans=[{"frame": "war", "start": 0, "end": 900}]), "within the"),
        (marks("war", seconds=-1.0), "seconds"),
        (marks("war", remark="x" * 20_001), "remark"),
        ({"frames": "war"}, "frames"),
    ],
)
def test_what_is_no_decision_is_refused_and_nothing_is_stored(screen, made, expected):
    answer = ask(screen, "save", index=0, show=1, marks=made)
    assert expected in answer["error"]
    assert answer["kind"] == "wrong"
    assert stored(screen) == {}


def test_a_codebook_with_one_frame_a_passage_takes_exactly_one(tmp_path):
    screen = Screen(make_draw(tmp_path / "one", ONE), "anna")
    assert ask(screen, "open")["none"] is False
    assert "2 frames; tiny has exactly one" in save(screen, 0, "war", "trade")["error"]
    assert "unknown frame 'none'" in save(screen, 0)["error"]
    assert "error" not in save(screen, 0, "war")
    screen.close()


def test_drafts_come_back_and_are_no_labels(draw, screen):
    ask(screen, "draft", index=2, marks=marks("war", remark="half a thought"))
    assert screen.n_coded == 0
    screen.close()
    again = Screen(draw, "anna")
    start = ask(again, "open")
    assert start["items"][2]["state"] == "draft"
    shown = ask(again, "show", index=2)["passage"]
    assert (shown["draft"], shown["marks"]["frames"], shown["marks"]["remark"]) == (True, ["war"], "half a thought")
    save(again, 2, "war")
    assert ask(again, "show", index=2)["passage"]["draft"] is False
    again.close()


def test_undo_takes_decisions_back_one_by_one(screen):
    save(screen, 0, "war")
    save(screen, 1, "trade")
    save(screen, 0, "sport", show=1)
    first, second = (passage_id for _, passage_id in screen.draw.screen.orders["anna"][:2])
    answer = ask(screen, "undo")
    assert (answer["passage"]["index"], answer["passage"]["marks"]["frames"]) == (0, ["war"])
    assert stored(screen)[first].frames == ("war",)
    assert ask(screen, "undo")["passage"]["index"] == 1
    assert stored(screen)[second].state == "open"
    ask(screen, "undo")
    assert screen.n_coded == 0
    assert ask(screen, "undo")["error"] == "There is nothing to undo."
    save(screen, 0, "trade")
    assert stored(screen)[first].frames == ("trade",)


def test_saving_the_same_again_adds_nothing(screen):
    save(screen, 0, "war")
    save(screen, 0, "war")
    with DecisionFile(screen.draw.place("anna")) as file:
        assert len(file.history()) == 1


def test_a_second_tab_takes_over_and_the_first_cannot_write(screen):
    assert "error" not in screen.answer({"do": "open", "tab": "another-tab"})
    answer = save(screen, 0, "war")
    assert answer == {"error": "Coding goes on in another tab or window.", "kind": "tab"}
    assert stored(screen) == {}
    assert "error" not in screen.answer(
        {"do": "save", "tab": "another-tab", "index": 0, "show": 1, "marks": marks("war")}
    )


def test_a_second_screen_of_the_coder_is_refused(draw, screen):
    with pytest.raises(LockedError, match="coding screen of anna is open already"):
        Screen(draw, "anna")
    Screen(draw, "ben").close()
    screen.close()
    Screen(draw, "anna").close()


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ({}, "cannot be read"),
        ({"do": "drop", "tab": TAB}, "cannot be read"),
        ({"do": "show", "tab": TAB, "index": -1}, "index"),
        ({"do": "show", "tab": TAB, "index": 99}, "There are 8 passages; there is no number 100"),
        ({"do": "show", "tab": TAB, "index": True}, "index"),
        ({"do": "show", "tab": TAB, "index": 0, "more": 1}, "more"),
        ({"do": "measure", "tab": TAB}, "Only the screen for settling"),
    ],
)
def test_other_messages_are_refused(screen, message, expected):
    assert expected in screen.answer(message)["error"]


@pytest.mark.slow
def test_kill_9_loses_no_decision_that_was_answered(tmp_path):
    """Twenty processes code as fast as they can and are killed, each a moment later than the one before."""
    draw = make_draw(tmp_path / "draw", n=40, size=120, coders=("anna",))
    rng, acknowledged = random.Random(7), {}
    for moment in range(20):
        read_end, write_end = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                screen = Screen(open_draw(draw.folder), "anna")
                index = ask(screen, "open")["passage"]["index"]
                while True:
                    frame = ("war", "trade", "sport")[index % 3]
                    assert "error" not in save(screen, index, frame, remark=f"{moment}")
                    os.write(write_end, f"{index} {frame} {moment}\n".encode())
                    index = (index + 1) % 120
            finally:
                os._exit(1)
        os.close(write_end)
        with os.fdopen(read_end, "rb") as stream:
            seen = [stream.readline() for _ in range(1 + moment % 5)]  # it is at work by now
            signal.sigtimedwait([], rng.random() * 0.004)
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            for line in [*seen, *stream.read().splitlines()]:
                if line.strip().count(b" ") == 2:
                    index, frame, remark = line.decode().split()
                    acknowledged[int(index)] = (frame, remark)
        with DecisionFile(draw.place("anna")) as file:
            kept = file.latest()
        for index, (frame, remark) in acknowledged.items():
            decision = kept[draw.screen.orders["anna"][index][1]]
            newer = int(decision.remark) > int(remark)  # stored, and killed before it was answered
            assert newer or (decision.frames, decision.remark) == ((frame,), remark)
    assert len(acknowledged) >= 40


def test_a_coder_codes_all(draw):
    code_all(draw, "ben", lambda *_: ["war"])
    with DecisionFile(draw.place("ben")) as file:
        assert {decision.frames for decision in file.latest().values()} == {("war",)}
        assert len(file.latest()) == 8
