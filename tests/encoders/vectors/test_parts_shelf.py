"""Parts are found, joined and mended; all readers take the same of two vectors that were stored at the same time."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

import numpy as np
import pytest

from framing.encoders.store import VectorStore, _hash
from framing.encoders.vectors import index, parts_shelf
from framing.encoders.vectors.part import list_parts, part_rows, read_part, write_part
from framing.encoders.vectors.rows import make_keys, pack_vectors
from framing.files.damage import CacheWarning

N = 3000
TEXTS = [f"text {number}" for number in range(N)]
VECTORS = np.random.default_rng(1).standard_normal((N, 16)).astype(np.float32)


@pytest.fixture
def store(tmp_path) -> VectorStore:
    return VectorStore(tmp_path / "e.sqlite", kind="parts")


def set_small(monkeypatch: pytest.MonkeyPatch, n_rows: int) -> None:
    for module in (parts_shelf, index):
        monkeypatch.setattr(module, "SMALL", n_rows)


def fresh(store: VectorStore) -> VectorStore:
    return VectorStore(store.path, kind="parts")


def put_in_parts(store: VectorStore, n: int, size: int = 100) -> None:
    for start in range(0, n, size):
        store.put("model-a", TEXTS[start : start + size], VECTORS[start : start + size], encoder="minilm")


def parts_of(store: VectorStore) -> tuple[Path, ...]:
    (folder,) = [item for item in store.shelf.place.iterdir() if item.is_dir()]
    return list_parts(folder)


def find_right(store: VectorStore) -> int:
    rows, vectors = store.get_rows("model-a", TEXTS)
    assert len(rows) == 0 or (vectors == VECTORS[rows]).all()
    return len(rows)


def test_a_put_is_a_part_and_a_known_text_is_not_written_again(store):
    put_in_parts(store, 300)
    put_in_parts(store, 400)
    assert [part_rows(part) for part in parts_of(store)] == [100] * 4
    assert find_right(fresh(store)) == len(store) == 400
    assert {(batch.model, batch.encoder) for batch in store.shelf.list_batches()} == {("model-a", "minilm")}
    assert not store.path.exists()


def test_equal_content_has_an_equal_name(tmp_path):
    keys = make_keys(_hash("m", ["a", "b"]))
    words = pack_vectors(keys, np.eye(2))
    (tmp_path / "x").mkdir()
    (tmp_path / "y").mkdir()
    one, other = (write_part(tmp_path / name, "m", "", keys, words) for name in ("x", "y"))
    assert one.name == other.name
    assert (read_part(one)[1] == words).all()


def test_small_parts_are_joined_without_a_loss(store, monkeypatch):
    monkeypatch.setattr(parts_shelf, "_MANY", 8)
    set_small(monkeypatch, 500)
    reader = fresh(store)
    for start in range(0, N, 100):
        store.put("model-a", TEXTS[start : start + 100], VECTORS[start : start + 100])
        assert len(reader.get("model-a", TEXTS[: start + 100])) == start + 100
    assert len(parts_of(store)) < 12
    assert sum(map(part_rows, parts_of(store))) == N
    assert find_right(store) == len(store) == N


def test_a_join_that_was_killed_before_the_small_parts_went_doubles_nothing(store, monkeypatch):
    monkeypatch.setattr(parts_shelf, "_MANY", 8)
    set_small(monkeypatch, 500)
    put_in_parts(store, 700)
    copies = {part: part.read_bytes() for part in parts_of(store)}
    put_in_parts(store, 800)
    for part, content in copies.items():
        part.write_bytes(content)
    assert find_right(fresh(store)) == len(fresh(store)) == 800
    put_in_parts(store, 900)
    put_in_parts(store, 1000)
    assert find_right(fresh(store)) == len(fresh(store)) == 1000
    assert sum(map(part_rows, parts_of(store))) == 1000


def test_of_two_vectors_of_one_text_all_readers_take_the_same(store, monkeypatch):
    """Two writers that did not see each other, in either order, and after a join."""
    digests = _hash("model-a", TEXTS[:50])
    keys = make_keys(digests)
    folder = store.shelf._folder_of("model-a")
    folder.mkdir(parents=True)
    write_part(folder, "model-a", "", keys, pack_vectors(keys, VECTORS[:50]))
    write_part(folder, "model-a", "", keys, pack_vectors(keys, VECTORS[:50] + np.float32(1e-7)))
    before = {text: vector.tobytes() for text, vector in store.get("model-a", TEXTS[:50]).items()}
    assert len(store) == len(before) == 50
    monkeypatch.setattr(parts_shelf, "_MANY", 2)
    store.put("model-a", ["another"], VECTORS[:1])
    assert len(parts_of(store)) == 1
    after = {text: vector.tobytes() for text, vector in fresh(store).get("model-a", TEXTS[:50]).items()}
    assert after == before


def test_keys_that_share_their_first_half_are_told_apart(store):
    digests = _hash("model-a", TEXTS[:6]).copy()
    digests[:, :8] = digests[0, :8]
    store.shelf.add("model-a", "", digests[:4], VECTORS[:4])
    for rows in ([0, 1, 2, 3, 4, 5], [5, 3], [4], [2]):
        found, vectors = store.shelf.find("model-a", digests[rows])
        assert [rows[row] for row in found] == [row for row in rows if row < 4]
        assert (len(vectors) == 0) or (vectors == VECTORS[[rows[row] for row in found]]).all()


def test_a_part_that_goes_while_it_is_read_is_looked_for_again(store, monkeypatch):
    put_in_parts(store, 500)
    reader = fresh(store)
    assert find_right(reader) == 500
    first = parts_of(store)[0]
    read_rows_of = parts_shelf.read_rows_of

    def read_late(part: Path, rows: np.ndarray) -> np.ndarray:
        if first.exists():
            first.unlink()  # another process joined or evicted it after the index was read
        return read_rows_of(part, rows)

    monkeypatch.setattr(parts_shelf, "read_rows_of", read_late)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert find_right(reader) == 400


def change_vectors(content: bytearray) -> None:
    place = content.index(VECTORS[150].tobytes())
    content[place + 5] ^= 4


def change_keys(content: bytearray) -> None:
    place = content.index(make_keys(_hash("model-a", [TEXTS[150]])).tobytes())
    content[place + 12] ^= 4


def cut(content: bytearray) -> None:
    del content[len(content) // 2 :]


def overwrite(content: bytearray) -> None:
    content[:] = b"\xa5" * len(content)


@pytest.mark.parametrize(
    ("damage", "n_left"), [(change_vectors, 299), (change_keys, 299), (cut, 200), (overwrite, 200)]
)
def test_a_damaged_part_is_set_aside_and_the_rest_kept(store, damage, n_left):
    put_in_parts(store, 300)
    (damaged,) = [part for part in parts_of(store) if VECTORS[150].tobytes() in part.read_bytes()]
    content = bytearray(damaged.read_bytes())
    damage(content)
    damaged.write_bytes(content)
    assert store.shelf.check().problems
    with pytest.warns(CacheWarning, match=r"is damaged: .*set aside as .*\.parquet\.damaged-1"):
        fresh(store).shelf.salvage()
    assert damaged.with_name(f"{damaged.name}.damaged-1").is_file()
    assert find_right(fresh(store)) == n_left
    put_in_parts(store, 300)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert find_right(store) == len(store) == 300
        assert store.shelf.check().problems == []


@pytest.mark.parametrize("damage", [change_vectors, cut, overwrite])
def test_damage_is_met_by_a_reader_and_by_a_writer(store, damage):
    for use in (lambda: find_right(fresh(store)), lambda: put_in_parts(fresh(store), 300, size=300)):
        put_in_parts(store, 300)
        for part in parts_of(store):
            content = bytearray(part.read_bytes())
            if VECTORS[150].tobytes() in content:
                damage(content)
                part.write_bytes(content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", CacheWarning)
            use()
            put_in_parts(store, 300)
            assert find_right(fresh(store)) in (299, 300)


def test_what_a_killed_writer_left_is_swept_after_a_day(store, monkeypatch):
    put_in_parts(store, 100)
    (part,) = parts_of(store)
    left = [part.with_name(f".{part.name}.making-{name}") for name in ("old", "new")]
    for item in left:
        item.write_bytes(b"half of a part")
    os.utime(left[0], (1_000_000, 1_000_000))
    assert find_right(fresh(store)) == 100
    monkeypatch.setattr(parts_shelf, "_MANY", 1)
    put_in_parts(store, 200)
    assert [item.exists() for item in left] == [False, True]
    assert find_right(fresh(store)) == 200


def test_reading_notes_the_day_of_use(store):
    put_in_parts(store, 200)
    one, other = parts_of(store)
    for part in (one, other):
        os.utime(part, (86400 * 10, 86400 * 10))
    text = next(text for text in TEXTS[:200] if VECTORS[TEXTS.index(text)].tobytes() in one.read_bytes())
    fresh(store).get("model-a", [text])
    assert one.stat().st_mtime > 86400 * 1000
    assert other.stat().st_mtime == 86400 * 10
