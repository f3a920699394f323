"""Character n-grams counted by way of the words: the weights are those of scikit-learn, to the last bit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from framing.classify.frozen.character_ngrams import CharacterNgrams

ALPHABET = "aAbß İıЖж字— .,\t\n\x1c\x85\xa0"
TEXTS = st.lists(st.text(ALPHABET, max_size=30), min_size=1, max_size=8)


def make_reference() -> TfidfVectorizer:
    return TfidfVectorizer(sublinear_tf=True, analyzer="char_wb", ngram_range=(3, 5))


@given(TEXTS, TEXTS)
def test_weights_are_those_of_scikit_learn_to_the_last_bit(training, texts):
    training = [*training, "a word"]  # one text at least has words
    expected, ngrams = make_reference().fit(training), CharacterNgrams().fit(training)
    assert ngrams.get_feature_names_out().tolist() == expected.get_feature_names_out().tolist()
    assert ngrams.idf_.tolist() == expected.idf_.tolist()
    theirs, ours = expected.transform(texts), ngrams.transform(texts)
    assert ours.shape == theirs.shape
    for name in ("indptr", "indices", "data"):
        np.testing.assert_array_equal(getattr(ours, name), getattr(theirs, name))


def test_a_word_is_cut_with_a_space_on_either_side():
    ngrams = CharacterNgrams().fit(["Abc"])
    assert ngrams.get_feature_names_out().tolist() == [" ab", " abc", " abc ", "abc", "abc ", "bc "]
    assert CharacterNgrams().fit(["a"]).get_feature_names_out().tolist() == [" a "]


def test_an_n_gram_that_a_word_holds_twice_counts_twice():
    # "aaaa" holds "aaa" twice and "aaaa" once; sublinear weights are 1 + log of the number.
    ngrams = CharacterNgrams().fit(["aaaa"])
    row = dict(zip(ngrams.get_feature_names_out(), ngrams.transform(["aaaa"]).toarray()[0], strict=True))
    assert row["aaa"] / row["aaaa"] == pytest.approx(1 + np.log(2))
    # over two words: three and two of them
    row = dict(zip(ngrams.get_feature_names_out(), ngrams.transform(["aaaa AAAA aaa"]).toarray()[0], strict=True))
    assert row["aaa"] / row["aaaa"] == pytest.approx((1 + np.log(5)) / (1 + np.log(2)))


def test_unknown_n_grams_and_texts_without_words_have_no_weight():
    ngrams = CharacterNgrams().fit(["war"])
    weights = ngrams.transform(["peace", "", " \n", "war"])
    assert np.diff(weights.indptr).tolist() == [0, 0, 0, 6]


def test_terms_that_were_set_weigh_as_those_that_were_learned():
    learned = CharacterNgrams().fit(["war and talks", "talks"])
    terms, idf = learned.get_feature_names_out().tolist(), learned.idf_.tolist()
    again = CharacterNgrams().set_terms(terms, idf)
    assert (again.transform(["wars, talk"]) != learned.transform(["wars, talk"])).nnz == 0
    with pytest.raises(ValueError, match=rf"a weight of each of {len(terms)} terms, got {len(idf) - 1}"):
        CharacterNgrams().set_terms(terms, idf[1:])


def test_training_texts_without_words_are_refused():
    with pytest.raises(ValueError, match="the texts have no words"):
        CharacterNgrams().fit(["", " "])
