"""Settling: what is shown, what is stored, and how far coders agree so far."""

from __future__ import annotations

import numpy as np
import pytest

from framing.code_screen.screen import Screen
from framing.code_screen.settling import SettlingScreen, find_differing, read_coded
from framing.coding.settle import settle_labels
from framing.errors import InputError
from tests.code_screen.draws import TAB, ask, code_all, make_draw, save

SIZE = 8


@pytest.fixture
def draw(tmp_path):
    """Anna says war of all; ben says trade, with a reason, of the two whose ids come first, and war of the rest."""
    draw = make_draw(tmp_path / "draw", size=SIZE)
    first = sorted(passage.passage_id for passage in draw.screen.passages)[:2]
    reason = {"remark": "A price.", "unsure": True, "spans": [{"frame": "trade", "start": 0, "end": 2}]}
    code_all(draw, "anna", lambda *_: ["war"])
    code_all(draw, "ben", lambda passage_id, _: (["trade"], reason) if passage_id in first else ["war"])
    return draw


def test_only_passages_on_which_coders_differ_are_shown_with_what_each_said(draw):
    screen = SettlingScreen(draw)
    start = ask(screen, "open")
    assert (start["mode"], len(start["items"]), start["n_coded"]) == ("settle", 2, 0)
    assert start["passage"]["codings"] == [
        {"coder": "anna", "frames": ["war"], "remark": "", "unsure": False, "spans": []},
        {"coder": "ben", "frames": ["trade"], "remark": "A price.", "unsure": True,
         "spans": [{"frame": "trade", "start": 0, "end": 2}]},
    ]  # fmt: skip
    screen.close()


def test_what_is_settled_is_the_gold_label_and_stays_in_the_list(draw):
    screen = SettlingScreen(draw)
    ask(screen, "open")
    assert "error" not in save(screen, 0, "war", "trade", remark="Both.")
    screen.close()
    coded = read_coded(draw)
    settled = settle_labels(coded)
    row = coded.design.passages["passage_id"].to_list().index(find_differing(coded)[0])
    assert settled.labels[row].tolist() == [True, True, False, False]
    assert settled.how[row] == "adjudicated"
    assert sorted(settled.how.tolist()) == sorted(["adjudicated", "tie", *["agreed"] * (SIZE - 2)])
    again = SettlingScreen(draw)
    assert [item["state"] for item in ask(again, "open")["items"]] == ["coded", "open"]
    again.close()


def test_a_later_round_is_settled_in_its_own_folder(tmp_path):
    draw = make_draw(tmp_path / "round_2", round=2, after="the first")
    first = draw.screen.orders["anna"][0][1]
    code_all(draw, "anna", lambda *_: ["war"])
    code_all(draw, "ben", lambda passage_id, _: ["trade"] if passage_id == first else ["war"])
    screen = SettlingScreen(draw)
    assert len(ask(screen, "open")["items"]) == 1
    assert "error" not in save(screen, 0, "war")
    screen.close()
    assert settle_labels(read_coded(draw)).done.all()


def test_agreement_is_that_before_settling(draw):
    screen = SettlingScreen(draw)
    ask(screen, "open")
    save(screen, 0, "war")
    tables = ask(screen, "measure")
    screen.close()
    # war: 16 values, 14 yes and 2 no, 2 of 8 passages in disagreement: 1 - 15 * (2 * 2) / (2 * 14 * 2)
    alpha = 1 - 15 * 4 / (16**2 - 14**2 - 2**2)
    rows = {row["name"]: row for row in tables["reliability"]}
    assert rows["War"]["estimate"] == pytest.approx(alpha)
    assert rows["Trade"]["estimate"] == pytest.approx(alpha)
    assert rows["War"]["low"] is None or rows["War"]["low"] <= alpha <= rows["War"]["high"]
    assert rows["Sport"]["estimate"] is None
    assert "only one value" in rows["Sport"]["method"]
    assert [(row["frames"], row["n_passages"]) for row in tables["confusions"]] == [("War – Trade", 2)]
    assert tables["drift"] == []
    assert "anna, ben: it needs 20 passages" in tables["remark"]


def test_a_coder_who_drifts_is_seen(tmp_path):
    """Ben says in the second half of his order the opposite of what anna says."""
    draw = make_draw(tmp_path / "draw", n=14, size=40)
    order = {passage_id: number for number, (_, passage_id) in enumerate(draw.screen.orders["ben"])}
    yes = {passage_id: number % 2 == 0 for passage_id, number in order.items()}
    code_all(draw, "anna", lambda key, _: ["war"] if yes[key] else ["trade"])
    code_all(draw, "ben", lambda key, _: ["war"] if yes[key] == (order[key] < 20) else ["trade"])
    screen = SettlingScreen(draw)
    ask(screen, "open")
    drift = {row["part"]: row for row in ask(screen, "measure")["drift"]}
    screen.close()
    assert [drift[f"ben, part {part} of 4"]["estimate"] for part in (1, 2)] == [1.0, 1.0]
    # 10 passages, each with one yes and one no: 1 - 19 * 20 / (20**2 - 10**2 - 10**2)
    assert [drift[f"ben, part {part} of 4"]["estimate"] for part in (3, 4)] == pytest.approx([1 - 19 * 20 / 200] * 2)
    assert all(row["n_passages"] == 10 for row in drift.values())


def test_settling_needs_two_coders_and_the_whole_folder(tmp_path, draw):
    draw.place("ben").unlink()
    with pytest.raises(InputError, match=r"needs the decisions of two coders, and anna has any here.*--import"):
        SettlingScreen(draw)
    sent = make_draw(tmp_path / "other").folder / "for_coders"
    sent.rename(tmp_path / "sent")
    from framing.code_screen.draws import open_draw

    with pytest.raises(InputError, match="only what coders get"):
        read_coded(open_draw(tmp_path / "sent"))


def test_the_draft_is_written_and_replaces_none(draw):
    screen = SettlingScreen(draw)
    ask(screen, "open")
    said = [ask(screen, "propose")["sentence"] for _ in range(2)]
    screen.close()
    assert said == [
        f"{name} has the rules with 2 remarks beside the frames that they are about."
        for name in ("tiny-1.1.0-draft.yaml", "tiny-1.1.0-draft-2.yaml")
    ]
    assert {path.name for path in draw.folder.glob("*.yaml")} == {"tiny-1.1.0-draft.yaml", "tiny-1.1.0-draft-2.yaml"}


def test_passages_that_one_coder_left_out_do_not_differ(tmp_path):
    draw = make_draw(tmp_path / "draw")
    code_all(draw, "anna", lambda *_: ["war"])
    ben = Screen(draw, "ben")
    ben.answer({"do": "open", "tab": TAB})
    save(ben, 0, "trade")
    ben.close()
    assert find_differing(read_coded(draw)) == [draw.screen.orders["ben"][0][1]]
    assert np.isnan(read_coded(draw).codings[1]).any()
