"""Places in a text that counts otherwise, or came back changed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.coding.text_places import PlaceError, count_units, find_code_point, find_place

CHARACTERS = st.sampled_from("a🙂é\u0301\n ש<")


@given(text=st.text(CHARACTERS, max_size=12), data=st.data())
def test_units_count_as_utf_16_does(text, data):
    position = data.draw(st.integers(0, len(text)))
    assert count_units(text, position) == len(text[:position].encode("utf-16-le")) // 2
    assert find_code_point(text, count_units(text, position)) == position


def test_no_character_begins_within_another():
    assert [find_code_point("a🙂b", units) for units in range(6)] == [0, 1, -1, 2, 3, -1]


def test_units_are_told_by_the_words():
    text = "💩This is an annotation."
    assert find_place(13, 23, came=text, drawn=text, words="annotation") == (12, 22)
    assert find_place(12, 22, came=text, drawn=text, words="annotation") == (12, 22)
    assert find_place(13, 23, came=text, drawn=text) == (13, 23)  # nothing tells that these are units


@pytest.mark.parametrize(
    ("start", "end", "words", "reason"),
    [
        (0, 4, "Wine", r"'Wine' is not at 0 to 4, where 'Tank' stands"),
        (4, 4, "", r"4 to 4 is no stretch of the text, which has 11 characters"),
        (-1, 3, "", r"-1 to 3 is no stretch"),
        (6, 12, "came.", r"6 to 12 is no stretch"),
    ],
)
def test_a_place_that_is_wrong_is_no_guess(start, end, words, reason):
    with pytest.raises(PlaceError, match=reason):
        find_place(start, end, came="Tanks came.", drawn="Tanks came.", words=words)


@pytest.mark.parametrize(
    ("came", "drawn", "words"),
    [
        ("One.\r\n\r\nTanks came.", "One.\n\nTanks came.", "Tanks"),
        ('She said "so": Tanks', "She said “so”: Tanks", "Tanks"),
        ("It goes on... Tanks", "It goes on… Tanks", "Tanks"),
        ("Ca--fé Tanks", "Ca–fe\u0301 Tanks", "Tanks"),
        ("  ''So'' Tanks ", '"So" Tanks', "Tanks"),
        ("Tanks fe\u0301e", "Tanks fée", "fe\u0301e"),
    ],
)
def test_the_words_are_found_in_a_text_that_came_back_changed(came, drawn, words):
    start = came.index(words)
    place = find_place(start, start + len(words), came=came, drawn=drawn, words=words)
    assert drawn[place.start : place.end] in (words, "fée")


def test_words_that_stand_once_are_found_though_letters_were_lost():
    assert find_place(5, 10, came="m?de Tanks", drawn="müde Tanks") == (5, 10)
    with pytest.raises(PlaceError, match=r"the text came back changed, and where 'Tanks' is in the drawn text cannot"):
        find_place(5, 10, came="m?de Tanks, Tanks", drawn="müde Tanks, Tanks")


@given(text=st.text(CHARACTERS, min_size=1, max_size=12), data=st.data())
def test_line_ends_of_two_characters_shift_nothing(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    came = text.replace("\n", "\r\n")
    shift = [start + text[:start].count("\n"), end + text[:end].count("\n")]
    try:
        place = find_place(*shift, came=came, drawn=text)
    except PlaceError:
        assert not text[start:end].strip() or not text.isascii()  # nothing, or a mark alone, was marked
    else:
        assert text[place.start : place.end].split() == text[start:end].split()
