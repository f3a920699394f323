"""Translations are told from independent articles, join copies, and mark stories and passages."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from framing.errors import InputError
from framing.stories.duplicates import count_duplicates, find_duplicates, find_reprint_chains
from framing.stories.find import find_stories
from framing.stories.translations import add_originals, find_translations, join_translations, mark_translations
from tests.stories.bilingual import FIRE, SCHOOL, BilingualEncoder, german, table

ENCODER = BilingualEncoder()


def _documents() -> pd.DataFrame:
    """A fire in English with a translation a day later and a German article of its own; a school in both languages."""
    own = [german(sentence) for sentence in (SCHOOL[3], FIRE[3], FIRE[1], SCHOOL[1], FIRE[4], SCHOOL[2])]
    return table(
        ("a-fire", "en", "2024-05-01", " ".join(FIRE)),
        ("b-fire", "de", "2024-05-02", " ".join(map(german, FIRE))),
        ("c-fire", "de", "2024-05-02", " ".join(own)),
        ("b-school", "de", "2024-05-03", " ".join(map(german, SCHOOL))),
        ("a-school", "en", "2024-05-03", " ".join(SCHOOL)),
    )


def test_a_translation_is_found_and_an_article_on_the_same_matter_is_none():
    found = find_translations(_documents(), ENCODER)
    assert found["document_id"].to_list() == ["b-fire", "b-school"]
    assert found["translation_of"].to_list() == ["a-fire", "a-school"], "of one day the outlet decides"
    assert (found["similarity"] > 0.6).all()


def test_a_reprint_in_the_language_of_the_original_is_a_copy_and_no_translation():
    documents = _documents()
    reprint = documents[documents["document_id"] == "a-fire"].assign(
        document_id="d-fire", outlet="d", published=documents["published"].max()
    )
    documents = pd.concat([documents, reprint], ignore_index=True)
    found = find_translations(documents, ENCODER)
    assert found["document_id"].to_list() == ["b-fire", "b-school"]
    joined = join_translations(documents, find_duplicates(documents), found).set_index("document_id")
    assert joined.loc["d-fire", ["relation", "similarity"]].to_list() == ["copy", 1.0]
    assert joined.loc["b-fire", "relation"] == "translation"


def test_the_order_of_rows_does_not_matter():
    documents = _documents()
    turned = find_translations(documents.iloc[::-1], ENCODER)
    assert dict(zip(turned["document_id"], turned["translation_of"], strict=True)) == {
        "b-fire": "a-fire",
        "b-school": "a-school",
    }
    assert turned["document_id"].to_list() == ["b-school", "b-fire"]


def test_what_is_far_in_time_or_much_longer_is_not_compared():
    documents = _documents()
    assert "b-fire" in find_translations(documents, ENCODER, within_days=1)["document_id"].to_list()
    assert "b-fire" not in find_translations(documents, ENCODER, within_days=0.5)["document_id"].to_list()
    longer = documents.assign(text=documents["text"].where(documents["document_id"] != "a-fire", " ".join(FIRE * 3)))
    assert "b-fire" not in find_translations(longer, ENCODER)["document_id"].to_list()


def test_languages_that_the_encoder_does_not_know_or_were_not_told_are_left_alone(monkeypatch):
    documents = _documents()
    assert find_translations(documents.assign(language="en"), ENCODER).empty
    assert find_translations(documents.assign(language="und"), ENCODER).empty
    monkeypatch.setattr("framing.stories.translations.known_languages", lambda name: frozenset({"en"}))
    assert find_translations(documents, ENCODER).empty


def test_texts_of_fewer_than_six_sentences_are_not_judged():
    whole = _documents()
    for n_sentences, found in ((6, ["b-fire", "b-school"]), (5, [])):
        cut = [" ".join(f"{part}." for part in text.rstrip(".").split(". ")[:n_sentences]) for text in whole["text"]]
        documents = whole.assign(text=cut)
        assert find_translations(documents, ENCODER)["document_id"].to_list() == found
        assert len(find_translations(documents, ENCODER, min_sentences=5)) == 2
    # one short side is enough, and the short one is still a rival of the article on the same matter
    short = whole.assign(text=whole["text"].where(whole["document_id"] != "b-fire", " ".join(map(german, FIRE[:5]))))
    assert find_translations(short, ENCODER)["document_id"].to_list() == ["b-school"]


def test_documents_without_sentences_are_no_translations():
    empty = table(("a", "en", "2024-05-01", ""), ("b", "de", "2024-05-01", "")).assign(title="Harbour")
    assert find_translations(empty, ENCODER).empty


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"min_sentences": 0}, "min_sentences 0: expected a number of sentences"),
        ({"threshold": 0}, "threshold 0: expected a cosine"),
        ({"within_days": -1}, "within_days -1: expected a number"),
    ],
)
def test_options_out_of_range_are_refused(change, message):
    with pytest.raises(InputError, match=message):
        find_translations(_documents(), ENCODER, **change)


def test_a_repeated_id_and_a_missing_column_are_refused():
    documents = _documents()
    with pytest.raises(InputError, match="a-fire stands in several rows"):
        find_translations(pd.concat([documents, documents.head(1)]), ENCODER)
    with pytest.raises(InputError, match="language"):
        find_translations(documents.drop(columns="language"), ENCODER)


def test_copies_and_translations_are_groups_with_their_earliest_document():
    documents = pd.concat([_documents(), table(("d-fire", "de", "2024-05-04", " ".join(map(german, FIRE))))])
    joined = join_translations(documents, find_duplicates(documents), find_translations(documents, ENCODER))
    rows = joined.set_index("document_id")
    assert rows.loc["a-fire"].to_list() == ["a-fire", "", 1.0, ""]
    assert rows.loc[["b-fire", "d-fire"], "duplicate_of"].to_list() == ["a-fire", "a-fire"]
    assert rows.loc["b-fire", "relation"] == "translation"
    assert set(rows["group"]) == {"a-fire", "a-school"}
    assert "c-fire" not in rows.index
    counts = count_duplicates(documents, joined).set_index("outlet")
    assert counts.loc["b", ["n", "n_without", "n_others", "n_translations"]].to_list() == [2, 0, 2, 2]
    assert counts.loc["a", ["n", "n_without", "n_translations"]].to_list() == [2, 2, 0]
    assert find_reprint_chains(documents, joined)["relation"].to_list()[0] == ""


def test_without_translations_the_table_is_that_of_copies():
    documents = table(
        ("a-1", "en", "2024-05-01", " ".join(FIRE)),
        ("b-1", "en", "2024-05-02", " ".join(FIRE)),
        ("c-1", "en", "2024-05-02", " ".join(SCHOOL)),
    )
    copies = find_duplicates(documents)
    joined = join_translations(documents, copies, find_translations(documents, ENCODER))
    pd.testing.assert_frame_equal(joined.drop(columns="relation"), copies, check_dtype=False)
    assert joined["relation"].to_list() == ["", "copy"]
    assert "n_translations" not in count_duplicates(documents, joined)


def test_stories_say_what_is_a_copy_and_what_a_translation():
    documents = _documents()
    joined = join_translations(documents, find_duplicates(documents), find_translations(documents, ENCODER))
    stories = add_originals(find_stories(documents, ENCODER, duplicates=joined), joined).set_index("document_id")
    assert stories["translation_of"].to_dict() == {
        "a-fire": "", "b-fire": "a-fire", "c-fire": "", "a-school": "", "b-school": "a-school",
    }  # fmt: skip
    assert set(stories["duplicate_of"]) == {""}
    assert stories.loc["a-fire", "story_id"] == stories.loc["b-fire", "story_id"]


def test_passages_of_a_translation_are_marked_with_those_of_the_original():
    passages = pd.DataFrame(
        {
            "passage_id": ["a1", "a2", "b1", "b2", "c1"],
            "document_id": ["a", "a", "b", "b", "c"],
            "duplicate_of": ["", "", "", "x", ""],
        }
    )
    vectors = np.array([[1, 0], [0, 1], [0.2, 0.9], [1, 0], [1, 0]], dtype=np.float32)
    translations = pd.DataFrame({"document_id": ["b"], "translation_of": ["a"], "similarity": [0.9]})
    marked = mark_translations(passages, vectors, translations)
    assert marked["duplicate_of"].to_list() == ["", "", "a2", "x", ""], "what was marked before stays"
    with pytest.raises(InputError, match="5 passages, but 4 vectors"):
        mark_translations(passages, vectors[:4], translations)
