"""What is a word, of any text."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from framing.estimates.vocabulary import count_documents, count_words, make_word_analyzer


def test_what_is_a_word():
    result = make_word_analyzer([])("Don't blame Kyiv’s cease-fire; l'État of 2022 x. Nord\nStream")
    assert {"blame", "kyiv", "cease fire", "état", "nord stream"} <= set(result)
    assert not {"don", "don't", "x", "2022", "fire état", "état nord"} & set(result)


@given(st.text(), st.lists(st.text(), max_size=3))
def test_every_text_gives_words_and_pairs_of_them(text, phrases):
    result = make_word_analyzer(phrases)(text)
    assert len(result) == len(set(result))
    single = {word for word in result if " " not in word}
    assert all(set(word.split(" ")) <= single for word in result)


def test_words_and_pairs_by_hand():
    # two letters are a word and one is none; a stop word, a comma and a cut phrase part two words
    analyze = make_word_analyzer(["Fox", "Fox News", "www.rt.com", "China"])
    assert analyze("EU a tax") == ["eu", "tax"]
    assert analyze("EU tax, levy-free\nzone") == [
        "eu",
        "eu tax",
        "free",
        "free zone",
        "levy",
        "levy free",
        "tax",
        "zone",
    ]
    assert analyze("storm Fox News rain") == ["rain", "storm"]
    assert analyze("storm and rain") == ["rain", "storm"]
    assert analyze("Foxes RT www.rt.com com") == ["com", "foxes"]
    assert analyze("fire fire") == ["fire", "fire fire"]
    assert analyze("we'll they've o'neill's d'Estaing Kyiv's") == [
        "estaing",
        "estaing kyiv",
        "kyiv",
        "neill",
        "neill estaing",
    ]
    assert make_word_analyzer(["", " "])("storm") == ["storm"]


def test_addresses_are_cut_by_their_longest_part():
    assert make_word_analyzer(["www.news.example.org"])("news example org www") == ["news", "org", "org www", "www"]
    # not an address: its words stay where they stand alone
    assert make_word_analyzer(["St. Albans Times"])("albans St. Albans Times") == ["albans"]


def test_a_passage_has_a_word_once():
    counts, words = count_words(pd.Series(["b a b", None, "a"]), lambda text: text.split())
    assert words.tolist() == ["a", "b"]
    assert counts.toarray().tolist() == [[1, 1], [0, 0], [1, 0]]
    assert count_documents(counts, np.array([2, 0, 2])).tolist() == [1, 1]
    assert count_documents(counts[:0], np.array([], dtype=np.int64)).tolist() == [0, 0]
