"""Stories of an analysis: found once, equal when loaded, and anew where the pins change."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from framing.analysis.analysis import Analysis, open_analysis
from framing.analysis.stories import open_stories
from framing.errors import TooLittleDataError
from framing.files.damage import CacheWarning
from framing.settings import Settings
from framing.stories.aligned import align_passages, encode_passages
from framing.stories.duplicates import find_duplicates
from framing.stories.find import find_stories
from framing.stories.floor import compare_languages
from framing.stories.translations import add_originals, find_translations, join_translations
from tests.analysis.project import enter_project, write_project
from tests.damage import DAMAGES
from tests.storied import documents
from tests.tiny import WordEncoder


@pytest.fixture
def analysis(tmp_path, monkeypatch) -> Analysis:
    write_project(tmp_path, json.loads(documents().to_json(orient="records", date_format="iso")))
    enter_project(tmp_path, monkeypatch)
    return open_analysis(Settings(corpus="small", codebook="tiny"))


def test_stories_are_those_of_the_functions_with_their_defaults(analysis):
    stories = open_stories(analysis)
    copies, translations = find_duplicates(analysis.documents), find_translations(analysis.documents, WordEncoder())
    duplicates = join_translations(analysis.documents, copies, translations)
    by_document = find_stories(analysis.documents, WordEncoder(), duplicates=duplicates)
    vectors = encode_passages(analysis.passages, WordEncoder())
    vectors, floor = compare_languages(analysis.passages, vectors, by_document, WordEncoder())
    expected = {
        "duplicates": duplicates,
        "documents": add_originals(by_document, duplicates),
        "aligned": align_passages(analysis.passages, vectors, by_document),
    }
    assert len(expected["aligned"]) > 0
    assert np.isnan(floor), "a test corpus is small"
    with pytest.raises(TooLittleDataError, match="fewer than 100 passages have one of another story"):
        stories.list_omissions()
    for name, table in expected.items():
        pd.testing.assert_frame_equal(getattr(stories, name), table, check_dtype=False)


def test_they_are_loaded_the_second_time_and_found_anew_where_pins_change(analysis, tmp_path):
    first = open_stories(analysis)
    home = tmp_path / "cache" / "stories"
    assert len(list(home.iterdir())) == 1
    pd.testing.assert_frame_equal(open_stories(analysis).documents, first.documents)
    assert len(list(home.iterdir())) == 1
    together = first.documents.groupby("story_id")["document_id"].agg(list)
    one, other = together[together.str.len() > 1].iloc[0][:2]
    pins = tmp_path / "corpora" / "small" / "stories.yaml"
    pins.write_text(f"apart:\n  - [{one}, {other}]\n", encoding="utf-8")
    story = open_stories(analysis).documents.set_index("document_id")["story_id"]
    assert story[one] != story[other]
    assert len(list(home.iterdir())) == 2


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_stories_are_found_anew_with_a_warning(analysis, tmp_path, damage):
    first = open_stories(analysis)
    (path,) = (tmp_path / "cache" / "stories").glob("*/aligned.parquet")
    damage(path)
    with pytest.warns(CacheWarning, match=r"is damaged: .*aligned\.parquet"):
        pd.testing.assert_frame_equal(open_stories(analysis).aligned, first.aligned)
