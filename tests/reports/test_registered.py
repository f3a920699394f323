"""Hypotheses are recorded before labels are read, with the day on which a run first had them."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime

from framing.reports.registered import hash_hypotheses, is_before_labels, register_hypotheses
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
    nothing = {"hash": "", "registered": "", "n": 0, "gold": ""}
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
    assert registered == {"hash": name, "registered": "2026-01-02", "n": 1, "gold": ""}
    assert is_before_labels(registered, "g1")
    assert not is_before_labels({**registered, "gold": "g1"}, "g1")
    assert register_hypotheses(_settings(TWO), target)["registered"] > "2026-03-01"
