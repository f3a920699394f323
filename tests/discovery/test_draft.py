"""The draft of a codebook: it is read back, says what is left to a person, and refuses what cannot be added."""

from __future__ import annotations

import pytest

from framing.codebook import read_codebook
from framing.codebook.drafts import PLACEHOLDER
from framing.discovery.draft import draft_codebook
from framing.errors import InputError
from tests.tiny import WAR, codebook

SEEDS = [("The hive hums.", "en"), ("Honig fließt: viel davon.", "de"), ("Wax melts.", "und")]
COUNTER = [("A train left.", "en")]


def draft(frame="bees", *, seeds=SEEDS, counter_seeds=COUNTER, words=("hive", "honey comb", "wax", "queen")):
    return draft_codebook(
        codebook(), frame, words=words, seeds=seeds, counter_seeds=counter_seeds, source="Made of group g1."
    )


def read(tmp_path, text):
    path = tmp_path / "draft.yaml"
    path.write_text(text, encoding="utf-8")
    return read_codebook(path)


def test_the_draft_is_the_codebook_with_a_frame_more(tmp_path):
    book = read(tmp_path, draft())
    assert book.frames[:-1] == codebook().frames
    assert book.version == "1.1.0"
    added = book.frames[-1]
    assert (added.id, added.name) == ("bees", "hive, honey comb, wax (draft)")
    assert list(added.seeds) == [text for text, _ in SEEDS]
    assert [seed.language for seed in added.seeds if getattr(seed, "language", "")] == ["de"]
    assert list(added.counter_seeds) == ["A train left."]
    assert added.definition.startswith(PLACEHOLDER)


def test_the_head_says_what_is_left_to_a_person():
    head = " ".join(line.removeprefix("# ") for line in draft().splitlines() if line.startswith("#"))
    for part in ("definition", "name", "include and exclude rules", "seeds", "counter_seeds", "framing codebook check"):
        assert part in head
    assert "Made of group g1." in head
    assert "eight examples that carry it" in head
    assert "moves the cuts of all" in head
    assert "put the file into seeds/" in head
    assert "ordered and wrapped anew" in head
    assert "near passages in which another frame was marked" in head


def test_the_head_says_where_there_are_no_counter_seeds(tmp_path):
    text = draft(counter_seeds=[])
    assert read(tmp_path, text).frames[-1].counter_seeds == ()
    head = " ".join(line.removeprefix("# ") for line in text.splitlines() if line.startswith("#"))
    assert "its counter_seeds, which it has none of" in head


def test_passages_of_the_codebook_and_repeated_ones_are_left_out(tmp_path):
    seeds = [(WAR[0].upper(), "en"), ("The hive hums.", "en"), ("the  hive hums.", "en")]
    added = read(tmp_path, draft(seeds=seeds, counter_seeds=[("The hive hums.", "en")])).frames[-1]
    assert list(added.seeds) == ["The hive hums."]
    assert added.counter_seeds == ()


@pytest.mark.parametrize(("changes", "message"), [
    ({"frame": "war"}, "has a frame war already; take another id. Its frames: war, trade, sport"),
    ({"frame": "Bee Hive"}, "expected small letters a to z"),
    ({"seeds": [(WAR[0], "en")]}, "Every central passage of the group stands in the codebook already"),
])  # fmt: skip
def test_what_cannot_be_added_is_refused(changes, message):
    with pytest.raises(InputError, match=message):
        draft(**changes)


def test_a_group_without_words_gets_the_name_of_its_id(tmp_path):
    added = read(tmp_path, draft(words=[])).frames[-1]
    assert added.name == "bees (draft)"
    assert "Words of the group" not in added.definition


def test_text_that_looks_like_yaml_stays_text(tmp_path):
    hostile = "]: {a: *b}\n- '\"# no comment\u2028 !!python/object:os.system"
    added = read(tmp_path, draft(seeds=[(hostile, "en")], words=["a: b", "#c"])).frames[-1]
    assert list(added.seeds) == [hostile]
    assert added.name == "a: b, #c (draft)"
