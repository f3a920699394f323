"""Lines of text with wide characters, and verdicts in other languages."""

from __future__ import annotations

from textwrap import wrap

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from framing.charts.verdicts import describe_clear
from framing.charts.wrapping import join_lines, wrap_lines
from framing.texts import in_language, phrase


def test_wide_characters_count_twice_and_lines_break_between_them():
    assert wrap_lines("段落占比与差异", 6) == ["段落占", "比与差", "异"]


def test_no_line_begins_with_a_closing_sign():
    assert wrap_lines("段落，占比", 4) == ["段", "落，", "占比"]


def test_words_between_wide_characters_stay_whole():
    assert wrap_lines("宏平均 F1 为 Krippendorff 的 alpha", 14) == ["宏平均 F1 为", "Krippendorff", "的 alpha"]


def test_what_is_cut_ends_with_the_placeholder():
    assert wrap_lines("段落占比与差异", 8, max_lines=1) == ["段落占 …"]


@given(st.text(alphabet="段落占比，。 abc1%", max_size=60), st.integers(4, 30))
def test_nothing_is_lost_and_no_line_is_too_wide(text, width):
    lines = wrap_lines(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    words = max([0, *(len(word) for word in text.split())])
    assert all(len(line) <= max(width, words) for line in lines)


@given(st.text(alphabet="abc -1%", max_size=60), st.integers(4, 30))
def test_text_without_wide_characters_breaks_as_ever(text, width):
    assert wrap_lines(text, width) == wrap(text, width)


def test_lines_join_without_a_space_between_wide_characters():
    assert join_lines(["段落占比，", "按媒体", "Total: 3"]) == "段落占比，按媒体Total: 3"
    assert join_lines(["Shares of", "passages"]) == "Shares of passages"


def test_a_verdict_begins_with_a_capital_letter_and_has_the_plural_of_its_language():
    rows = pd.DataFrame({"differs": [True] * 2 + [False] * 3, "n_gold": 9})
    with in_language("ru"):
        assert describe_clear(rows, phrase("part"), phrase("parts")) == "Части: 2 из 5 чётко выходят за пределы шума."
    assert describe_clear(rows, "part", "parts") == "2 of 5 parts are clear of noise."
