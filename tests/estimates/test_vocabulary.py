"""What is a word, of any text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from framing.estimates.vocabulary import make_word_analyzer


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
