"""Texts longer than what a model reads at once: found, halved at sentences, and joined by their best piece."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.encoders.sentence import SentenceEncoder, StackedEncoder
from framing.encoders.store import VectorStore
from framing.encoders.windows import TokenWindow, count_window, find_long, read_window, split_long, take_best
from tests.tiny import WordEncoder, static_model, transformer_model

DULL = "The committee noted the reports that had been handed in. " * 40
ATTACK = "The strike on the depot killed forty people and the generals threatened an attack. " * 8


def longer_than(most: int):
    """Too long is what has more words than `most`."""
    return TokenWindow(most, lambda texts: [len(text.split()) for text in texts]).find_long


def test_texts_that_fit_are_their_own_pieces():
    texts = ["One two. ", "", " Three"]
    pieces, owners = split_long(texts, longer_than(4))
    assert (pieces, owners.tolist()) == (texts, [0, 1, 2])


def test_a_long_text_is_cut_between_sentences():
    text = "One two three. Four five. Six seven eight nine."
    pieces, owners = split_long(["Ten.", text, "Eleven."], longer_than(6))
    assert pieces == ["Ten.", "One two three. Four five.", "Six seven eight nine.", "Eleven."]
    assert owners.tolist() == [0, 1, 1, 2]


def test_a_sentence_that_is_too_long_is_cut_between_words_and_a_word_within():
    pieces, _ = split_long(["one two three four five six seven"], longer_than(3))
    assert " ".join(pieces) == "one two three four five six seven"
    assert all(len(piece.split()) <= 3 for piece in pieces)
    by_letters = TokenWindow(10, lambda texts: [len(text) for text in texts])
    assert split_long(["a" * 16], by_letters.find_long)[0] == ["a" * 8] * 2


def test_what_cannot_be_cut_is_left():
    assert split_long(["é"], lambda texts: np.ones(len(texts), dtype=bool))[0] == ["é"]


@given(st.lists(st.text("ab .\n“é", max_size=80), max_size=5), st.integers(1, 9))
def test_nothing_is_lost_and_all_pieces_fit(texts, most):
    pieces, owners = split_long(texts, longer_than(most))
    for row, text in enumerate(texts):
        own = [piece for piece, owner in zip(pieces, owners, strict=True) if owner == row]
        assert "".join("".join(own).split()) == "".join(text.split())
    assert all(len(piece.split()) <= most for piece in pieces)
    assert (np.diff(owners) >= 0).all()


def test_the_best_piece_counts_for_each_frame():
    best = take_best(np.array([[0.1, 0.9], [0.7, 0.2]]), np.array([1, 1]), np.array([[0.3, 0.3], [0.0, 0.0]]))
    assert best.tolist() == [[0.3, 0.3], [0.7, 0.9]]


# windows of models


@pytest.fixture(scope="module")
def transformer(tmp_path_factory: pytest.TempPathFactory):
    return transformer_model(tmp_path_factory.mktemp("window") / "bert")


def test_a_window_is_the_same_whether_the_model_is_loaded_or_not(transformer):
    from sentence_transformers import SentenceTransformer

    files, model = read_window(transformer), count_window(SentenceTransformer(str(transformer), device="cpu"))
    assert files is not None
    assert files.most == model.most == 48
    texts = ["talks", "talks of the winter", "ships " * 46, "ships " * 47, "é" * 60]
    assert files.count_tokens(texts) == model.count_tokens(texts) == [3, 6, 48, 49, 3]
    assert files.find_long(texts).tolist() == model.find_long(texts).tolist() == [False, False, False, True, False]


def test_static_embeddings_read_all(tmp_path):
    static = SentenceEncoder(str(static_model(tmp_path / "tiny")), dtype="float32")
    assert not static.find_long(["missile talks " * 9000])[0]


def test_encoders_without_a_window_read_all():
    assert find_long(WordEncoder(), ["word " * 9000]).tolist() == [False]


def test_minilm_reads_256_word_pieces(encoder):
    assert encoder.find_long(["war " * 254, "war " * 255]).tolist() == [False, True]


# vectors of long texts


def test_the_end_of_a_long_text_counts(encoder):
    whole, start, end = encoder.encode([DULL + ATTACK, DULL, ATTACK])
    assert whole @ start < 0.97
    assert whole @ end > start @ end + 0.1


def test_the_vector_of_a_long_text_is_the_mean_of_its_pieces(encoder):
    pieces, _ = split_long([DULL + ATTACK], encoder.find_long)
    assert len(pieces) > 2
    mean = encoder.encode(pieces).mean(axis=0)
    vectors = encoder.encode(["War came.", DULL + ATTACK, "War came."])
    np.testing.assert_allclose(vectors[1], mean / np.linalg.norm(mean), atol=1e-6)
    np.testing.assert_array_equal(vectors[0], encoder.encode(["War came."])[0])


def test_the_store_has_the_text_and_its_pieces_and_not_the_vector_of_a_beginning(transformer, tmp_path):
    store = VectorStore(tmp_path / "store.sqlite")
    stored = SentenceEncoder(str(transformer), dtype="float32", store=store)
    text = "ships talks winter grain " * 30
    ones = np.ones((1, 32), dtype=np.float32)
    store.put(f"{stored.source.fingerprint}-float32", [text], ones)  # as earlier versions left it
    plain = SentenceEncoder(str(transformer), dtype="float32").encode([text])
    np.testing.assert_allclose(stored.encode([text]), plain, atol=1e-6)
    pieces = set(split_long([text], stored.find_long)[0])
    assert len(store) == 2 + len(pieces)
    again = SentenceEncoder(str(transformer), dtype="float32", store=store)
    np.testing.assert_array_equal(again.encode([text, *pieces]), stored.encode([text, *pieces]))
    assert again.statistics.encoded == 0


def test_encoders_side_by_side_split_by_the_smaller_window(transformer, tmp_path):
    static = SentenceEncoder(str(static_model(tmp_path / "tiny")), dtype="float32")
    both = StackedEncoder([static, SentenceEncoder(str(transformer), dtype="float32")])
    assert both.find_long(["ships " * 46, "ships " * 47]).tolist() == [False, True]
    assert both.encode(["ships " * 200]).shape == (1, 40)
