"""Where vectors go, how much room they may take, and which go first."""

from __future__ import annotations

import pytest

from framing.encoders.store import VectorStore
from framing.encoders.vectors.shelf import Batch, choose_batches, choose_kind, find_limit
from framing.errors import InputError

BATCHES = [
    Batch("new", "aa", "", used=30, n_vectors=1, n_bytes=100),
    Batch("old", "ab", "", used=10, n_vectors=1, n_bytes=100),
    Batch("middle", "aa", "", used=20, n_vectors=1, n_bytes=100),
]


@pytest.mark.parametrize(
    ("choice", "names"),
    [
        ({}, ["old", "middle", "new"]),
        ({"before": 20}, ["old"]),
        ({"before": 21}, ["old", "middle"]),
        ({"size": 300, "to_size": 300}, []),
        ({"size": 300, "to_size": 250}, ["old"]),
        ({"size": 300, "to_size": 0}, ["old", "middle", "new"]),
        ({"size": 300, "to_size": 0, "spare": 30}, ["old", "middle"]),
        ({"size": 300, "to_size": 0, "spare": 5}, []),
        ({"model": "aa"}, ["middle", "new"]),
        ({"model": "a", "before": 15}, ["old"]),
        ({"model": "aa", "before": 15}, []),
        ({"size": 300, "to_size": 250, "before": 25}, ["old", "middle"]),
    ],
)
def test_those_whose_last_use_is_longest_ago_go_first(choice, names):
    assert [batch.name for batch in choose_batches(BATCHES, **choice)] == names


def test_parts_on_the_network_one_file_on_a_disk(tmp_path, monkeypatch):
    monkeypatch.delenv("FRAMING_STORE", raising=False)
    path = tmp_path / "e.sqlite"
    mounts = "1 0 8:1 / / rw - {} source rw"
    assert choose_kind(path, mountinfo=mounts.format("ext4")) == "sqlite"
    assert choose_kind(path, mountinfo=mounts.format("nfs4")) == "parts"
    monkeypatch.setenv("FRAMING_STORE", "sqlite")
    assert choose_kind(path, mountinfo=mounts.format("nfs4")) == "sqlite"
    monkeypatch.setenv("FRAMING_STORE", "parts")
    assert choose_kind(path, mountinfo=mounts.format("ext4")) == "parts"
    assert VectorStore(path).shelf.place == tmp_path / "e.parts"
    monkeypatch.setenv("FRAMING_STORE", "redis")
    with pytest.raises(InputError, match="FRAMING_STORE: expected sqlite or parts, got 'redis'"):
        choose_kind(path)


def test_a_link_to_parts_on_the_network_is_followed(tmp_path, monkeypatch):
    monkeypatch.delenv("FRAMING_STORE", raising=False)
    (tmp_path / "net" / "e.parts").mkdir(parents=True)
    (tmp_path / "local").mkdir()
    (tmp_path / "local" / "e.parts").symlink_to(tmp_path / "net" / "e.parts")
    mounts = f"1 0 8:1 / / rw - ext4 a rw\n2 1 0:40 / {tmp_path.resolve()}/net rw - nfs b rw\n"
    assert choose_kind(tmp_path / "local" / "e.sqlite", mountinfo=mounts) == "parts"


def test_the_limit_is_what_the_variable_says_else_a_share_of_the_disk(tmp_path, monkeypatch):
    monkeypatch.setenv("FRAMING_STORE_LIMIT", "3 GB")
    assert find_limit(tmp_path) == 3 * 10**9
    monkeypatch.setenv("FRAMING_STORE_LIMIT", "plenty")
    with pytest.raises(InputError, match="FRAMING_STORE_LIMIT: expected a size"):
        find_limit(tmp_path)
    with pytest.raises(InputError, match="FRAMING_STORE_LIMIT"):
        VectorStore(tmp_path / "e.sqlite").get("m", ["t"])
    monkeypatch.delenv("FRAMING_STORE_LIMIT")
    for total, limit in ((10**11, 10**10), (10**13, 20 * 10**9)):
        usage = type("Usage", (), {"total": total})
        monkeypatch.setattr("framing.encoders.vectors.shelf.shutil.disk_usage", lambda _folder, found=usage: found)
        assert find_limit(tmp_path / "not" / "there") == limit
