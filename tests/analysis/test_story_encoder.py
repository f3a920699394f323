"""Which encoder stories take by themselves."""

from __future__ import annotations

import pytest

from framing.analysis.story_encoder import choose_story_encoder

MIXED = ["en"] * 18 + ["ru", "zh"]


@pytest.mark.parametrize(("installed", "name"), [(["minilm", "multilingual"], "multilingual"), (["minilm"], "minilm")])
def test_other_languages_take_an_encoder_that_reads_them_or_say_how_to_have_it(monkeypatch, installed, name):
    monkeypatch.setattr("framing.analysis.story_encoder.installed_encoders", lambda: installed)
    chosen, sentence = choose_story_encoder("auto", MIXED)
    assert chosen == name
    assert f"encoder {name}: 10% of the documents are not in English" in sentence
    assert ("framing encoder install multilingual" in sentence) == (name == "minilm")


def test_english_and_a_named_encoder_stay_as_they_are():
    assert choose_story_encoder("auto", ["en"] * 19 + ["ru"]) == ("minilm", ""), "one in twenty is no more than that"
    assert choose_story_encoder("auto", ["und"] * 3) == ("minilm", "")
    assert choose_story_encoder("mpnet", MIXED) == ("mpnet", "")
