"""`framing store`: what is there, what goes and what is damaged."""

from __future__ import annotations

import os
import time

import numpy as np
import pytest

from framing.encoders.sentence import default_store
from tests.cli.outcomes import refused, strict_json

KEY = "0123456789abcdef01234567"


def vectors(n: int) -> np.ndarray:
    return np.arange(n * 8, dtype=np.float32).reshape(n, 8)


@pytest.fixture(params=["sqlite", "parts"])
def cache(tmp_path, monkeypatch, request):
    monkeypatch.setenv("FRAMING_CACHE", str(tmp_path))
    monkeypatch.setenv("FRAMING_STORE", request.param)
    monkeypatch.setenv("FRAMING_STORE_LIMIT", "1 GB")
    store = default_store()
    for model, encoder, n in (("aaaa-float32", "minilm", 3000), ("bbbb-float32", "", 40)):
        store.put(model, [f"text {number}" for number in range(n)], vectors(n), encoder=encoder)
    home = tmp_path / "analyses" / KEY
    home.mkdir(parents=True)
    (home / "passages.parquet").write_bytes(b"x" * 1000)
    for item in (home / "passages.parquet", home):
        os.utime(item, (time.time() - 100 * 86400,) * 2)
    return tmp_path


def test_what_is_there(framing, cache):
    ended = framing("store")
    assert ended.code == 0, ended.err
    lines = ended.out.splitlines()
    assert lines[0].startswith(f"vectors: {default_store().shelf.place} (")
    assert lines[0].endswith("of at most 1.0 GB")
    assert lines[2].split()[:2] == ["minilm", "3,000"]
    assert lines[2].endswith("today      aaaa-float32")
    assert lines[3].split()[:2] == ["unknown", "40"]
    assert "analyses        1  1.0 KB  100 days ago  100 days ago" in lines
    facts = strict_json(framing("store", "--json").out)
    assert facts["folder"] == str(cache)
    assert facts["vectors"]["kind"] == os.environ["FRAMING_STORE"]
    assert [(model["model"], model["n_vectors"]) for model in facts["vectors"]["models"]] == [
        ("aaaa-float32", 3000), ("bbbb-float32", 40),
    ]  # fmt: skip
    assert facts["others"] == [
        {"name": "analyses", "n_entries": 1, "n_bytes": 1000, "days_unused": 100, "days_oldest": 100}
    ]


def test_an_empty_cache(framing, tmp_path, monkeypatch):
    monkeypatch.setenv("FRAMING_CACHE", str(tmp_path / "none"))
    ended = framing("store")
    assert ended.code == 0
    assert "no other caches" in ended.out
    assert "0 vectors" in framing("store", "check").out
    assert framing("store", "prune", "--everything").out == "nothing to remove\n"
    assert not (tmp_path / "none").exists()


def test_old_analyses_go_and_new_vectors_stay(framing, cache):
    ended = framing("store", "prune", "--older-than", "90d", "--dry-run")
    assert ended.out == "would remove 1 of analyses, 1.0 KB\nwould remove 1.0 KB in all\n"
    assert (cache / "analyses" / KEY).is_dir()
    assert framing("store", "prune", "--older-than", "101d").out == "nothing to remove\n"
    assert framing("store", "prune", "--older-than", "90d").out.startswith("removed 1 of analyses")
    assert not (cache / "analyses" / KEY).exists()
    assert len(default_store()) == 3040


def test_the_vectors_of_one_model_go(framing, cache):
    ended = framing("store", "prune", "--model", "aaaa", "--json")
    assert ended.code == 0, ended.err
    facts = strict_json(ended.out)
    assert facts["removed"] is True
    assert [model["n_vectors"] for model in facts["models"]] == [3000]
    assert facts["others"] == []
    store = default_store()
    assert len(store) == len(store.get("bbbb-float32", [f"text {number}" for number in range(40)])) == 40
    assert (cache / "analyses" / KEY).is_dir()


def test_down_to_a_size(framing, cache):
    assert framing("store", "prune", "--to-size", "1 GB").out == "nothing to remove\n"
    ended = framing("store", "prune", "--to-size", "100 KB")
    assert "removed 3,000 vectors of minilm (aaaa-float32)" in ended.out
    assert default_store().shelf.size() <= 100_000


def test_everything_goes(framing, cache):
    assert "removed 40 vectors of an unknown encoder" in framing("store", "prune", "--everything").out
    assert len(default_store()) == 0
    assert not (cache / "analyses" / KEY).exists()


def test_choices_that_say_nothing_or_contradict_each_other_are_refused(framing, cache):
    refused(framing("store", "prune"), "Say what may go: --older-than 90d")
    refused(framing("store", "prune", "--everything", "--to-size", "1 GB"), "--everything goes with no other choice")
    refused(framing("store", "prune", "--older-than", "old"), "--older-than: expected an age such as 90d")
    refused(framing("store", "prune", "--to-size", "small"), "--to-size: expected a size such as 20 GB")
    refused(framing("store", "prune", "--model", "cccc"), "no vectors of 'cccc' .*aaaa-float32, bbbb-float32")
    refused(framing("store", "--json", "check"), "framing store check --json")
    assert len(default_store()) == 3040


def test_check_finds_damage_and_keeps_the_rest(framing, cache):
    assert framing("store", "check").out.startswith("3,040 vectors in ")
    right, wrong = vectors(2000)[1999].tobytes(), np.ones(8, dtype=np.float32).tobytes()
    for path in default_store().shelf.place.parent.rglob("embeddings*"):
        for file in [path] if path.is_file() else path.rglob("*.parquet"):
            file.write_bytes(file.read_bytes().replace(right, wrong))
    ended = framing("store", "check")
    assert ended.code == 1
    assert ended.out == ""
    assert "was damaged" in ended.err
    assert "set aside" in ended.err
    assert "Traceback" not in ended.err
    assert all(line.startswith("framing: ") for line in ended.err.splitlines())
    n_left = len(default_store())
    assert n_left == 3039
    again = framing("store", "check", "--json")
    assert again.code == 0
    assert strict_json(again.out)["n_vectors"] == n_left
