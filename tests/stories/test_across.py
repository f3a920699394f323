"""Likeness across languages: meaning without the language, figures and names; within one language as before."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix

from framing.stories.across import Across, centre_vectors, describe_across, number_known, number_languages
from framing.stories.find import find_stories
from tests.stories.bilingual import FIRE, SCHOOL, BilingualEncoder, german, table

AXES = np.eye(3, dtype=np.float32)


def test_the_most_common_language_stands_for_those_not_told_and_for_rare_ones():
    names = ["de"] * 6 + ["en"] * 7 + ["fr"] * 4 + ["und", None]
    numbers = number_languages(pd.DataFrame({"language": names}))
    assert numbers.tolist() == [1] * 6 + [0] * 7 + [0] * 6
    assert number_languages(pd.DataFrame({"title": ["x"]})).tolist() == [0]


def test_languages_that_were_not_told_or_are_not_known_have_no_number():
    languages = pd.DataFrame({"language": ["uk", "en", "", None, "und", "xx"]})
    assert number_known(languages, {"en", "uk"}).tolist() == [1, 0, -1, -1, -1, -1]
    assert number_known(languages, None).tolist() == [1, 0, -1, -1, -1, 2]


def test_what_a_language_has_in_common_is_taken_out():
    # Twenty documents, half of them in a language with a direction of its own; two contents.
    content = np.tile(AXES[:2], (10, 1))
    languages = np.repeat([0, 1], 10)
    vectors = content + 2 * languages[:, None] * AXES[2]
    centred = centre_vectors((vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32), languages)
    assert centred[0] @ centred[10] > 0.7
    assert centred[0] @ centred[11] < -0.3
    few = centre_vectors(AXES, np.zeros(3, dtype=np.int64))
    assert few.tolist() == AXES.tolist()


def test_likeness_across_languages_is_of_meaning_and_terms():
    # Cosine .6 less the floor of .05 times .8, and terms .5 times .7; within a language nothing changes.
    vectors = np.array([[1, 0, 0], [0.6, 0.8, 0], [1, 0, 0]], dtype=np.float32)
    terms = csr_matrix(np.array([[1.0], [0.5], [1.0]], dtype=np.float32))
    across = Across(np.array([0, 1, 0]), terms)
    similarity = np.full((3, 3), 0.1)
    rows = np.arange(3)
    across.raise_likeness(similarity, vectors @ vectors.T, rows, rows)
    assert similarity[0, 1] == pytest.approx(0.8 * 0.55 + 0.7 * 0.5)
    assert similarity[0, 2] == 0.1
    unknown = Across(np.array([0, -1, 0]), terms)
    same = np.full((3, 3), 0.1)
    unknown.raise_likeness(same, vectors @ vectors.T, rows, rows)
    assert (same == 0.1).all()


def test_one_known_language_needs_no_comparison_across():
    documents = table(("a", "en", "2024-05-01", FIRE[0]), ("b", "de", "2024-05-01", german(FIRE[0])))
    assert describe_across(documents, {"en"}) is None
    assert describe_across(documents.drop(columns="language"), None) is None
    assert describe_across(documents, None) is not None


def test_an_event_in_two_languages_is_one_story_and_its_label_is_in_english():
    rows = []
    for number, (fire, school) in enumerate(zip(FIRE, SCHOOL, strict=True)):
        day = f"2024-05-0{number + 1}"
        rows += [
            (f"a-fire{number}", "en", day, " ".join([fire, FIRE[0], FIRE[1]])),
            (f"b-fire{number}", "de", day, " ".join(map(german, [fire, FIRE[0], FIRE[2]]))),
            (f"a-school{number}", "en", day, " ".join([school, SCHOOL[0], SCHOOL[1]])),
            (f"b-school{number}", "de", day, " ".join(map(german, [school, SCHOOL[0], SCHOOL[2]]))),
        ]
    documents = table(*rows)
    stories = find_stories(documents, BilingualEncoder())
    event = documents["document_id"].str[2:6].to_numpy()
    assert stories.groupby(event)["story_id"].nunique().to_list() == [1, 1]
    assert stories["story_id"].nunique() == 2
    in_german = {german(word) for word in ("The", "Firemen", "Fishermen", "Parents")}
    assert not in_german & {label.split()[0] for label in stories["story_label"]}
