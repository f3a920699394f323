"""A checksum finds each change of a vector, and a vector under another key."""

from __future__ import annotations

import numpy as np
import pytest

from framing.encoders.vectors.rows import find_wrong, join_rows, order_keys, pack_vectors, unpack_vectors

RANDOM = np.random.default_rng(2)
KEYS = RANDOM.integers(0, 256, (100, 16), dtype=np.uint8)
VECTORS = RANDOM.standard_normal((100, 24)).astype(np.float32)


def test_vectors_come_back_as_they_are():
    words = pack_vectors(KEYS, VECTORS)
    assert not find_wrong(KEYS, words).any()
    assert unpack_vectors(words).tobytes() == VECTORS.tobytes()


@pytest.mark.parametrize("bit", [0, 1, 15, 31])
def test_a_change_of_one_bit_anywhere_is_found(bit):
    words = pack_vectors(KEYS, VECTORS)
    for row, column in enumerate(RANDOM.integers(0, words.shape[1], 100)):
        words[row, column] ^= np.uint32(1 << bit)
    assert find_wrong(KEYS, words).all()


def test_zeros_other_keys_exchanged_numbers_and_other_lengths_are_found():
    words = pack_vectors(KEYS, VECTORS)
    assert find_wrong(KEYS, np.zeros_like(words)).all()
    assert find_wrong(KEYS[::-1].copy(), words).all()
    exchanged = words.copy()
    exchanged[:, [3, 7]] = words[:, [7, 3]]
    assert find_wrong(KEYS, exchanged).all()
    assert find_wrong(KEYS, words[:, :-1].copy()).all()
    assert find_wrong(KEYS, words[:, :1].copy()).all()


def test_vectors_of_zeros_are_stored_too():
    words = pack_vectors(KEYS, np.zeros((100, 5)))
    assert not find_wrong(KEYS, words).any()


def test_keys_are_ordered_as_bytes_compare():
    order, _ = order_keys(KEYS)
    assert [KEYS[row].tobytes() for row in order] == sorted(key.tobytes() for key in KEYS)


def test_rows_of_several_lengths_are_not_joined():
    assert join_rows([b"12345678", b"1234567890ab"]) is None
    assert join_rows([b"123456789"]) is None
    assert join_rows([b"1234"]) is None
    assert join_rows([b"12345678"] * 2).shape == (2, 2)
