"""Likeness of documents by hand: words, names, vectors and dates, and which neighbours are kept."""

from __future__ import annotations

from math import exp, log, sqrt

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix

from framing.stories.similarity import Edges, find_neighbours, find_short, make_features, make_lead
from tests.tiny import WordEncoder

START = pd.Timestamp("2024-03-01 12:00")
ENCODER = WordEncoder()


def _table(days: list[float | None]) -> pd.DataFrame:
    dates = [pd.NaT if day is None else START + pd.Timedelta(days=day) for day in days]
    return pd.DataFrame({"published": pd.to_datetime(pd.Series(dates))})


def _texts(*texts: str, titles: list[str | None] | None = None) -> pd.DataFrame:
    return pd.DataFrame({"title": titles or [""] * len(texts), "text": texts})


def _edges(
    days: list[float | None], words: list[list[float]], *, vectors: list[list[float]] | None = None,
    neighbours: int = 50, decay: float = 10.0, short: list[bool] | None = None,
) -> dict[tuple[int, int], float]:  # fmt: skip
    given = np.zeros((len(days), 2)) if vectors is None else np.array(vectors)
    found: Edges = find_neighbours(
        _table(days), csr_matrix(np.array(words, dtype=np.float32)), given.astype(np.float32), decay=decay,
        neighbours=neighbours, short=None if short is None else np.array(short),
    )  # fmt: skip
    pairs = list(zip(found.left.tolist(), found.right.tolist(), strict=True))
    assert pairs == sorted(set(pairs))
    return dict(zip(pairs, found.similarity.tolist(), strict=True))


def test_the_lead_leaves_out_a_title_that_the_text_repeats():
    assert make_lead("Pier closed", "Pier closed: all of it", words=3) == "Pier closed\nall of it"
    assert make_lead("", "one two three four", words=3) == "one two three"
    assert make_lead(None, "one") == "one"


def test_the_lead_leaves_other_texts_as_they_are():
    assert make_lead("Pier", "one two three") == "Pier\none two three"
    assert make_lead("", "– one two") == "– one two"
    assert make_lead("Pier", "") == "Pier"


def test_the_lead_has_eighty_words():
    words = [f"w{number}" for number in range(100)]
    assert make_lead("", " ".join(words)).split() == words[:80]


def test_likeness_is_of_words_and_vectors_and_fades_with_the_days_between():
    # Words .8 × .5 = .4; cosine .6 of the first two vectors, negative ones count as 0; two days and five at decay 10.
    edges = _edges([0, 2, 5], [[0.8], [0.5], [1.0]], vectors=[[1, 0], [0.6, 0.8], [-1, 0]])
    assert edges == {
        (0, 1): round((0.4 + 0.2 * 0.6) * exp(-0.2), 6),
        (0, 2): round(0.8 * exp(-0.5), 6),
        (1, 2): round(0.5 * exp(-0.3), 6),
    }


def test_likeness_to_a_headline_counts_seven_tenths():
    # Products of .4, .2 and .5; the second document is a headline, two days after the first and one before the third.
    words = [[0.8], [0.5], [0.4]]
    edges = _edges([0, 2, 3], words, short=[False, True, False])
    assert edges == {
        (0, 1): round(0.7 * 0.4 * exp(-0.2), 6),
        (0, 2): round(0.32 * exp(-0.3), 6),
        (1, 2): round(0.7 * 0.2 * exp(-0.1), 6),
    }
    assert _edges([0, 2, 3], words, short=[False] * 3) == _edges([0, 2, 3], words)
    assert _edges([0, 0], words[:2], short=[True, True]) == {(0, 1): 0.28}  # once, not for each of the two


def test_under_twenty_words_with_its_title_a_document_is_a_headline():
    nineteen = " ".join(f"w{number}" for number in range(19))
    table = _texts(nineteen, nineteen + " w", nineteen, "Pier closed " + nineteen[:50], titles=["", "", "Pier", None])
    assert find_short(table).tolist() == [True, False, False, True]


def test_a_title_that_the_text_repeats_counts_once():
    title = " ".join(f"w{number}" for number in range(12))
    assert find_short(_texts(title, title + " and more", titles=[title, title])).tolist() == [True, True]


def test_without_spaces_thirty_four_characters_are_twenty_words():
    # 1.7 Chinese characters a word: 33 / 1.7 = 19.4, 34 / 1.7 = 20
    assert find_short(_texts("\u6c34" * 33, "\u6c34" * 34)).tolist() == [True, False]


def test_whole_days_count():
    # 23 hours are no day, 25 hours one; of 1.5 and 1.9 days the first begins a day
    edges = _edges([0, 23 / 24, 25 / 24], [[1.0]] * 3)
    assert edges == {(0, 1): 1.0, (0, 2): round(exp(-0.1), 6), (1, 2): round(exp(-0.1), 6)}


def test_beyond_three_decays_nothing_is_compared():
    # at decay 10 thirty days are, 31 are not
    edges = _edges([0, 30, 31], [[1.0]] * 3)
    assert edges == {(0, 1): round(exp(-3), 6), (1, 2): round(exp(-0.1), 6)}


def test_undated_documents_are_compared_with_each_other_alone():
    edges = _edges([0, 1, None, None], [[0.5]] * 4)
    assert edges == {(0, 1): round(0.25 * exp(-0.1), 6), (2, 3): 0.25}


def test_neighbours_are_the_most_similar_one_way_or_the_other():
    # Products of 1, .9, .5 and .2: each has the first as its best, and the first has the second.
    words = [[1.0], [0.9], [0.5], [0.2]]
    assert _edges([0] * 4, words, neighbours=1) == {(0, 1): 0.9, (0, 2): 0.5, (0, 3): 0.2}
    assert _edges([0] * 4, words, neighbours=2) == {
        (0, 1): 0.9, (0, 2): 0.5, (0, 3): 0.2, (1, 2): 0.45, (1, 3): 0.18,
    }  # fmt: skip
    assert len(_edges([0] * 4, words, neighbours=3)) == 6


def test_many_documents_are_compared_within_reach_and_no_farther():
    # One a day for 300 days, and five without a date: blocks of rows meet the rows before and after them.
    edges = _edges([*range(300), *[None] * 5], [[sqrt(0.5)]] * 305, neighbours=400)
    dated = {(a, b): 0.5 * exp(-(b - a) / 10) for a in range(300) for b in range(a + 1, min(a + 31, 300))}
    undated = {(a, b): 0.5 for a in range(300, 305) for b in range(a + 1, 305)}
    assert set(edges) == {*dated, *undated}
    assert [edges[pair] for pair in dated] == pytest.approx(list(dated.values()), abs=2e-6)
    assert [edges[pair] for pair in undated] == pytest.approx(list(undated.values()), abs=2e-6)


def test_the_product_of_words_is_six_tenths_of_their_cosine():
    # Of two documents the word of both weighs ln(3/3) + 1 = 1 and that of one ln(3/2) + 1; twice counts 1 + ln 2.
    rare, twice = log(3 / 2) + 1, 1 + log(2)
    words, _ = make_features(_texts("alpha alpha beta", "alpha gamma"), ENCODER, 80)
    products = (words @ words.T).toarray()
    cosine = twice / (sqrt(twice**2 + rare**2) * sqrt(1 + rare**2))
    assert products == pytest.approx(np.array([[0.6, 0.6 * cosine], [0.6 * cosine, 0.6]]), abs=1e-6)


def test_names_of_text_and_title_count_two_tenths():
    # The name is the same; of the words one is shared: 1 / (1 + rare²).
    rare = log(3 / 2) + 1
    for table in (_texts("Korrin won", "Korrin lost"), _texts("won", "lost", titles=["Korrin", "Korrin"])):
        words, _ = make_features(table, ENCODER, 80)
        products = (words @ words.T).toarray()
        assert products[0, 1] == pytest.approx(0.6 / (1 + rare**2) + 0.2, abs=1e-6)
        assert products[0, 0] == pytest.approx(0.8, abs=1e-6)


def _common(n: int) -> pd.DataFrame:
    """Documents with words that one, two, six and seven of them have."""
    kinds = (("one", 1), ("two", 2), ("six", 6), ("seven", 7))
    return _texts(*[" ".join(word for word, many in kinds if row < many) or "…" for row in range(n)])


def test_of_twenty_documents_rare_and_common_words_do_not_count():
    # Two of twenty at least, and three tenths at most, which are six.
    assert make_features(_common(20), ENCODER, 80)[0].shape == (20, 2)
    assert make_features(_common(19), ENCODER, 80)[0].shape == (19, 4)


def test_without_words_there_is_an_empty_column():
    words, vectors = make_features(_texts("…", "!"), ENCODER, 80)
    assert words.shape == (2, 1)
    assert words.nnz == 0
    assert np.isfinite(vectors).all()


def test_vectors_are_of_the_lead_less_their_mean_from_twenty_documents():
    table = _texts(*[f"word{row} common other{row % 3}" for row in range(20)], titles=["", None] * 10)
    for n, lead in ((19, 3), (20, 3), (20, 2)):
        leads = [" ".join(text.split()[:lead]) for text in table["text"][:n]]
        expected = ENCODER.encode(leads).astype(float)
        if n == 20:
            expected -= expected.mean(axis=0)
        expected /= np.linalg.norm(expected, axis=1)[:, None]
        assert make_features(table[:n], ENCODER, lead)[1] == pytest.approx(expected, abs=1e-5)


def test_a_document_without_content_has_no_direction():
    _, vectors = make_features(_texts("", "pier"), ENCODER, 80)
    assert (vectors[0] == 0).all()
    assert np.linalg.norm(vectors[1]) == pytest.approx(1)
