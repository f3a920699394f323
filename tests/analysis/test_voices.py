"""Voices of an analysis: found in whole documents, and loaded the second time."""

from __future__ import annotations

import pandas as pd
import pytest

from framing.analysis.analysis import open_analysis
from framing.analysis.voices import open_voices
from framing.settings import Settings
from framing.voice.marking import find_voices
from tests.analysis.project import enter_project, write_project

TEXT = (
    'Minister Anna Vale defended the plan on Monday. "We will build the bridge," she said.\n\n'
    "The council meets again in May."
)


@pytest.mark.slow
def test_voices_are_found_in_whole_documents_and_loaded_the_second_time(tmp_path, monkeypatch):
    rows = [{"text": TEXT, "outlet": "A", "published": "2025-07-01"}]
    write_project(tmp_path, rows, rules="sides: {Anna Vale: Ruritania}\n")
    enter_project(tmp_path, monkeypatch)
    analysis = open_analysis(Settings(corpus="small", codebook="tiny", passage_words=10))
    passages, segments = find_voices(analysis.passages, analysis.documents, sides={"Anna Vale": "Ruritania"})
    speaker = "Anna Vale"
    assert passages["speaker"].to_list() == [speaker, speaker, ""], "the pronoun's name is in an earlier passage"
    assert passages["speaker_group"].to_list() == ["Ruritania", "Ruritania", ""]
    assert len(segments) >= 1
    for _ in range(2):
        voices = open_voices(analysis)
        pd.testing.assert_frame_equal(voices.passages, passages, check_dtype=False)
        pd.testing.assert_frame_equal(voices.segments, segments, check_dtype=False)
    assert len(list((tmp_path / "cache" / "voices").glob("*/facts.json"))) == 1
