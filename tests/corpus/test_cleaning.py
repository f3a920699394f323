"""Text as it is stored: clean, normal, and with every letter."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.corpus.cleaning import clean_text, has_lone_surrogate, read_controls


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("One\r\n\r\nTwo\rThree", "One\n\nTwo\nThree"),
        ("  a \t b\u00a0c \n\n\n\n d ", "a b c\n\nd"),
        ("a\u2028b\u2029c", "a\nb\n\nc"),
        ("end\x0cNext", "end\nNext"),
        ("a\x07b\ufeffc\x9dd", "abcd"),
        ("\x93No\x94 \x96 it\x92s over\x85", "“No” – it’s over…"),
        ("a\x85b", "a\nb"),
        ("Cafe\u0301", "Café"),
        ("e\x07\u0301", "é"),
        ("\n \n", ""),
    ],
)
def test_text_is_cleaned_without_gluing_words(raw: str, clean: str) -> None:
    assert clean_text(raw) == clean


def test_lines_broken_at_a_fixed_width_are_joined_within_paragraphs() -> None:
    broken = (
        "The bridge over the river was opened again on\nSaturday morning after eleven months of work\n"
        "that had cost the city rather more than the\ncouncil had expected when it was planned.\n\n"
        "Lorries will have to wait until the autumn of\nthe coming year, as the mayor told reporters\n"
        "while the first cars rolled over the asphalt."
    )
    joined = clean_text(broken).split("\n\n")
    assert len(joined) == 2
    assert joined[0].startswith("The bridge over the river was opened again on Saturday morning")
    assert "\n" not in "".join(joined)


def test_lists_and_verses_of_closed_lines_keep_their_lines() -> None:
    verses = "\n".join(f"This is closed line number {number}, and here it ends." for number in range(8))
    assert clean_text(verses) == verses


@given(st.text(max_size=80))
def test_clean_text_is_normal_and_keeps_every_letter(raw: str) -> None:
    found = clean_text(raw)
    assert found == unicodedata.normalize("NFC", found)
    assert found == found.strip()
    assert not any(unicodedata.category(letter) == "Cc" and letter != "\n" for letter in found)
    letters = [letter for letter in unicodedata.normalize("NFD", read_controls(raw)) if letter.isalnum()]
    assert [letter for letter in unicodedata.normalize("NFD", found) if letter.isalnum()] == letters


@given(st.lists(st.text(max_size=5), max_size=3))
def test_a_lone_surrogate_is_what_utf_8_cannot_encode(texts: list[str]) -> None:
    try:
        "".join(f"{text}|" for text in texts).encode()
        fits = True
    except UnicodeEncodeError:
        fits = False
    assert has_lone_surrogate(texts) is not fits
