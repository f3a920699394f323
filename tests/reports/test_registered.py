"""Hypotheses are recorded before labels are read, with the day on which a run first had them."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime

import pytest

from framing.reports.registered import (
    complete_registration,
    hash_hypotheses,
    is_before_labels,
    register_hypotheses,
)
from framing.settings import Settings


def _settings(*hypotheses):
    return Settings(corpus="a", codebook="b", hypotheses=hypotheses)


ONE = {"frame": "blame", "groups": ("A", "rest"), "expect": "more"}
TWO = {"frame": "cost", "groups": ("A", "B")}


def _record(folder, registered, name, gold):
    folder.mkdir(parents=True)
    content = {"hypotheses": {"hash": name, "registered": registered, "n": 1, "gold": gold}}
    (folder / "run.json").write_text(json.dumps(content), encoding="utf-8")


def test_the_hash_is_of_canonical_json():
    text = '[{"expect":"more","frame":"blame","groups":["A","rest"]}]'
    assert hash_hypotheses(_settings(ONE)) == hashlib.sha256(text.encode()).hexdigest()
    assert hash_hypotheses(_settings(ONE, TWO)) != hash_hypotheses(_settings(TWO, ONE))
    assert hash_hypotheses(_settings()) == ""


def test_without_hypotheses_nothing_is_registered(tmp_path):
    nothing = {"hash": "", "registered": "", "n": 0, "gold": "", "labelled": False, "labels_seen": False}
    assert register_hypotheses(_settings(), tmp_path / "sample") == nothing
    assert not is_before_labels(nothing, "g")


def test_the_first_run_is_today_and_its_labels_are_not_known_yet(tmp_path):
    before = datetime.now(UTC).date().isoformat()
    registered = register_hypotheses(_settings(ONE, TWO), tmp_path / "sample")
    assert registered["registered"] in (before, datetime.now(UTC).date().isoformat())
    assert (registered["n"], registered["gold"]) == (2, None)
    assert not is_before_labels(registered, "g"), "labels of the same run may have been seen"
    assert register_hypotheses(_settings(ONE), None)["gold"] is None


def test_the_first_day_of_the_same_hypotheses_is_kept(tmp_path):
    name, target, runs = hash_hypotheses(_settings(ONE)), tmp_path / "sample", tmp_path / "sample.runs"
    _record(target, "2026-03-01", "another", "g1")
    _record(runs / "20260102T000000Z", "2026-01-02", name, "")
    _record(runs / "20260201T000000Z", "2026-01-02", name, "g1")
    (runs / "20260203T000000Z").mkdir()
    (runs / "20260203T000000Z" / "run.json").write_text("{", encoding="utf-8")
    registered = register_hypotheses(_settings(ONE), target)
    assert registered == {
        "hash": name, "registered": "2026-01-02", "n": 1, "gold": "", "labelled": False, "labels_seen": True,
    }  # fmt: skip
    assert is_before_labels(registered, "g1")
    assert not is_before_labels({**registered, "gold": "g1"}, "g1")
    assert register_hypotheses(_settings(TWO), target)["registered"] > "2026-03-01"


def _run(target, number, gold, *hypotheses, keep=True):
    """Make run.json as a report does, and put it in the place of the report; return whether it says before labels."""
    record = complete_registration(register_hypotheses(_settings(*hypotheses), target), gold)
    if target.exists() and keep:
        (target.parent / "sample.runs").mkdir(exist_ok=True)
        target.rename(target.parent / "sample.runs" / f"2026010{number}T000000Z")
    target.mkdir(exist_ok=True)
    facts = {"hypotheses": record, "hashes": {"gold": gold}}
    (target / "run.json").write_text(json.dumps(facts), encoding="utf-8")
    return record["before_labels"]


@pytest.mark.parametrize("keep", [True, False])
@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ([("", ONE), ("g1", ONE), ("g2", ONE)], [False, True, True]),  # named, then labelled
        ([("", ), ("", ONE), ("g1", ONE)], [False, False, True]),
        ([("g1",), ("g1", ONE), ("g2", ONE)], [False, False, False]),  # named after labels were seen, one label more
        ([("g1",), ("", ONE), ("g2", ONE)], [False, False, False]),  # the same, with the labels put away for a run
        ([("g1",), ("",), ("", ONE), ("g2", ONE)], [False, False, False, False]),
        ([("g1", ONE), ("g2", ONE)], [False, False]),
        ([("", ONE), ("g1", ONE), ("", TWO), ("g2", TWO)], [False, True, False, False]),  # changed after labels
        ([("", ONE), ("g1", ONE), ("", ONE), ("g2", ONE)], [False, True, False, True]),
    ],
)  # fmt: skip
def test_hypotheses_came_first_only_if_no_run_had_labels_before_them(tmp_path, runs, expected, keep):
    target = tmp_path / "sample"
    found = [_run(target, number, gold, *named, keep=keep) for number, (gold, *named) in enumerate(runs, 1)]
    assert found == expected


@pytest.mark.parametrize("damaged", [None, [], "x", {}, {"hash": "H"}, {"hash": "H", "registered": None}])
def test_a_damaged_record_does_not_stop_a_report(tmp_path, damaged):
    target, name = tmp_path / "sample", hash_hypotheses(_settings(ONE))
    if isinstance(damaged, dict) and damaged:
        damaged = {**damaged, "hash": name}
    target.mkdir()
    text = json.dumps({"hypotheses": damaged, "hashes": None})
    (target / "run.json").write_text(text, encoding="utf-8")
    registered = register_hypotheses(_settings(ONE), target)
    assert (registered["registered"] > "2026", registered["gold"]) == (True, None)
    (target / "run.json").write_text(text.replace("null}", '{"gold": "g1"}}'), encoding="utf-8")
    assert register_hypotheses(_settings(ONE), target)["labelled"]
