"""The language of a report reaches no table of an analysis, and no key of the cache."""

from __future__ import annotations

import pandas as pd
import pytest

from framing.analysis.analysis import open_analysis
from framing.analysis.fragility import _find_cache_folder
from framing.errors import InputError
from framing.settings import Settings
from framing.texts import current_language, in_language, use_language


def test_an_analysis_is_the_same_in_each_language(seeded):
    settings = seeded(labelled=True)
    english = open_analysis(settings)
    with in_language("de"):
        german = open_analysis(settings.model_copy(update={"language": "de"}))
        assert _find_cache_folder(german) == _find_cache_folder(english)
    assert (german.key, german.facts) == (english.key, english.facts)
    pd.testing.assert_frame_equal(german.classified, english.classified)


def test_an_unknown_language_is_refused_with_the_known_ones():
    with pytest.raises(InputError, match=r"language: expected one of de, en, fr, ru, uk, zh.* got 'xx'"):
        Settings(corpus="small", codebook="tiny", language="xx")


def test_a_notebook_shows_its_texts_in_the_language_of_its_settings():
    try:
        Settings.from_parameters({"corpus": "small", "codebook": "tiny", "language": "uk"})
        assert current_language() == "uk"
    finally:
        use_language("en")
