"""Words, names, figures and sounds by which documents are alike."""

from __future__ import annotations

from math import log, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.stories.terms import find_names, find_shared_terms, find_sound, find_words, weigh_terms


def test_words_without_spaces_are_pairs_of_characters():
    assert find_words("部长会面 at 北约 HQ") == ["部长", "长会", "会面", "at", "北约", "hq"]
    assert find_words("在F16战机") == ["在", "f16", "战机"]


def test_names_are_capitalised_in_any_alphabet_and_lower_case_words_are_none():
    assert find_names("Міністр Мороз прибув до Одеси о 7") == ["міністр", "мороз", "одеси", "7"]
    assert find_names("élan of Élise") == ["élise"]


@pytest.mark.parametrize(
    ("names", "sound"),
    [
        (("Putin", "Путин", "Путину", "Poutine"), "ptn"),
        (("Zelensky", "Зеленського", "Зеленский", "Selenskyj"), "slnsk"),
        (("Anchorage", "Анкоридже"), "nkrg"),
        (("Trump", "Трамп"), "trmp"),
    ],
)
def test_a_name_has_one_sound_in_several_languages(names, sound):
    assert {find_sound(name) for name in names} == {sound}


def test_figures_are_one_however_thousands_and_decimals_are_written():
    for text in ("539 drones, 1,200 men, 5.5 %", "539 Drohnen, 1.200 Mann, 5,5 %", "539 дронов, 1 200 солдат, 5,5 %"):
        assert find_shared_terms(text)[:3] == ["539", "1200", "5.5"]
    assert find_shared_terms("兵力3.5万，损失１２辆") == ["35000", "12"]
    assert find_shared_terms("٥٣٩ طائرة")[0] == "539"


def test_scripts_without_capitals_give_all_of_their_words():
    assert find_shared_terms("נתניהו אמר") == ["ntnv"], "h, y and vowels are left out; two consonants are no name"


@given(st.text(max_size=80))
def test_any_text_has_terms(text):
    assert all(isinstance(term, str) and term for term in find_shared_terms(text))
    assert all(find_words(text))
    assert all(find_names(text))


def test_terms_are_weighed_within_their_language():
    # "common" is in two of two texts of the first language, ln(3/3) + 1, and in one of two of the second, ln(3/2) + 1
    weights = weigh_terms(["common a1", "common", "common b1", "b1"], np.array([0, 0, 1, 1]), str.split).toarray()
    rare = log(3 / 2) + 1
    assert weights[0].max() == pytest.approx(rare / sqrt(1 + rare**2))
    assert sorted(weights[2])[-2:] == pytest.approx([1 / sqrt(1 + rare**2), rare / sqrt(1 + rare**2)])


def test_what_is_common_in_one_language_is_left_out_there_alone():
    # Of twenty texts seven are more than three tenths; of the other language it is rare.
    texts = ["der x"] * 7 + ["x y"] * 13 + ["der z"] * 2 + ["z q"] * 18
    weights = weigh_terms(texts, np.repeat([0, 1], 20), str.split)
    of = [set(weights[row].indices) for row in (0, 20)]
    assert not of[0], "der is common among the first, and x is in all of them"
    assert len(of[1]) == 1
