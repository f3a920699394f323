"""Shingles and groups by hand: on which side of each limit a text falls, and which group it joins."""

from __future__ import annotations

import zlib

import numpy as np
import pytest

from framing.stories.shingles import ShingledText, group_texts, normalise_words, shingle_text, split_words


def _set(*numbers: int, n_words: int = 7) -> ShingledText:
    return ShingledText(np.array(sorted(numbers), dtype=np.uint32), n_words)


def _overlap(shared: int, small: int, large: int, *, n_words: int) -> float:
    """Similarity of two texts with so many shingles, or -1 if it is below one hundredth; the longer has 200 words."""
    short = _set(*range(small), n_words=n_words)
    long = _set(*range(small - shared, small - shared + large), n_words=200)
    groups, nearest = group_texts([long, short], 0.01)
    return float(nearest[1]) if groups[1] == 0 else -1.0


def _at(*places: tuple[int, int] | int, threshold: float = 14 / 26) -> tuple[list[int], list[float]]:
    """Groups of texts of 20 shingles, ten a direction: those d steps apart share 20 - d, so that 6 steps are similar.

    Similarity is (20 - d) / (20 + d): 14 / 26 = .538 at 6 steps, 13 / 27 = .481 at 7.
    """
    pairs = [place if isinstance(place, tuple) else (place, 100) for place in places]
    texts = [_set(*range(x, x + 10), *range(1000 + y, 1010 + y)) for x, y in pairs]
    groups, nearest = group_texts(texts, threshold)
    return groups.tolist(), nearest.tolist()


def test_shingles_are_runs_of_three_words_from_six_words():
    runs = ["a b c", "b c d", "c d e", "d e f"]
    assert _shingles("a b c d e f") == sorted(zlib.crc32(run.encode()) for run in runs)
    assert _shingles("a b c d e") == [zlib.crc32(b"a b c d e")]


def test_shingles_are_runs_of_three_characters_where_words_have_no_spaces():
    assert split_words("Die 部长们 ขอ 3,5") == ["die", "部", "长", "们", "ข", "อ", "3,5"]
    # eleven Chinese characters are 6.5 words of 1.7 characters, ten are 5.9
    assert len(_shingles("部长们周二在首都会面了")) == 9
    assert len(_shingles("部长们周二在首都会面")) == 1


def _shingles(text: str) -> list[int]:
    words = split_words(text)
    return shingle_text(words, normalise_words(words, "ignore")).shingles.tolist()


def test_figures_become_zero_from_six_words():
    assert normalise_words(["a", "23,000", "5", "3.", "b", "c"], "ignore") == "a 0 0 0 b c"
    assert normalise_words(["a", "23,000", "5", "3.", "b"], "ignore") == "a 23,000 5 3 b"
    assert normalise_words(["a", "23,000", "5", "3.", "b", "c"], "keep") == "a 23,000 5 3 b c"


def test_five_thousand_words_are_compared():
    words = [f"w{number}" for number in range(5002)]
    assert normalise_words(words, "keep").split() == words[:5000]


def test_a_text_of_fifteen_words_may_be_a_part():
    # 11 of its 13 shingles are in the longer one: 11 / 13; below 15 words 11 / (13 + 20 - 11), since 11 < .9 × 13.
    assert _overlap(11, 13, 20, n_words=15) == pytest.approx(11 / 13)
    assert _overlap(11, 13, 20, n_words=14) == pytest.approx(11 / 22)


def test_a_text_of_eight_words_may_be_a_part_if_it_stands_there_nearly_whole():
    assert _overlap(6, 6, 12, n_words=8) == 1.0
    assert _overlap(6, 6, 12, n_words=7) == pytest.approx(6 / 12)
    # nine of ten are nine tenths; eight of ten are 8 / (10 + 15 - 8)
    assert _overlap(9, 10, 15, n_words=12) == pytest.approx(9 / 10)
    assert _overlap(8, 10, 15, n_words=12) == pytest.approx(8 / 17)


def test_a_part_has_at_least_a_third_of_the_shingles():
    assert _overlap(10, 10, 30, n_words=20) == 1.0
    assert _overlap(10, 10, 31, n_words=20) == pytest.approx(10 / 31)


def test_texts_of_six_words_are_compared_and_the_threshold_is_enough():
    # three of four shingles each: 3 / 5
    texts = [_set(1, 2, 3, 4, n_words=6), _set(2, 3, 4, 5, n_words=6)]
    assert [part.tolist() for part in group_texts(texts, 0.6)] == [[0, 0], [1.0, 0.6]]
    assert group_texts(texts, 0.61)[0].tolist() == [0, 1]


def test_shorter_texts_are_not_compared_and_do_not_shift_the_others():
    # Hashes of two different texts of five words may agree by chance.
    texts = [_set(7, n_words=5), _set(7, n_words=4), _set(1, 2, 3), _set(1, 2, 3, 4)]
    groups, nearest = group_texts(texts, 0.5)
    assert groups.tolist() == [0, 1, 2, 2]
    assert nearest.tolist() == [1.0, 1.0, 1.0, 0.75]


def test_a_text_joins_its_original_or_half_of_the_group():
    # 112 is like 106 alone: half of {100, 106}
    assert _at(100, 106, 112)[0] == [0, 0, 0]
    # a third of {100, 94, 106}
    assert _at(100, 94, 106, 112)[0] == [0, 0, 0, 3]
    # half of {100, 102, 104, 106}: 104 and 106, neither of which is the original
    assert _at(100, 102, 104, 106, 110)[0] == [0, 0, 0, 0, 0]
    # the original alone: a third of {(100, 100), (94, 100), (106, 100)}
    assert _at((100, 100), (94, 100), (106, 100), (100, 106))[0] == [0, 0, 0, 0]


def test_of_two_groups_that_of_which_more_members_are_like_it_is_joined():
    # 111 is like 106, half of the first group (5 steps), and like 117, all of the second (6 steps).
    groups, nearest = _at(100, 106, 117, 111)
    assert groups == [0, 0, 2, 2]
    assert nearest == pytest.approx([1, 14 / 26, 1, 14 / 26])


def test_of_equal_shares_the_most_similar_member_decides():
    assert _at(100, 111, 106) == ([0, 1, 1], pytest.approx([1, 1, 15 / 25]))
    # of the first group 6 and 2 steps away, of the second twice 5
    groups, nearest = _at((100, 100), (104, 100), (109, 102), (108, 103), (106, 100))
    assert groups == [0, 0, 2, 2, 0]
    assert nearest == pytest.approx([1, 16 / 24, 1, 18 / 22, 18 / 22])


def test_of_equal_groups_the_earlier_is_joined():
    assert _at(100, 112, 106) == ([0, 1, 0], pytest.approx([1, 1, 14 / 26]))
