"""Coverage of stories by hand."""

from __future__ import annotations

import pandas as pd

from framing.stories.coverage import count_coverage, summarise_stories
from framing.stories.find import find_stories
from framing.tables import COVERAGE
from tests.storied import EVENTS, OUTLETS, documents
from tests.tiny import WordEncoder

ENCODER = WordEncoder()


def test_coverage_by_hand():
    found = find_stories(documents(), ENCODER)
    silent = found[~((found["outlet"] == OUTLETS[0]) & found["document_id"].str.startswith("snow"))]
    coverage = count_coverage(silent)
    assert coverage.columns.to_list() == ["outlet", *COVERAGE]
    assert len(coverage) == len(EVENTS) * len(OUTLETS)
    assert coverage["first"].min() == pd.Timestamp("2024-03-01")
    snow = coverage[coverage["story_id"] == silent.loc[silent["document_id"] == "snow-h0", "story_id"].iloc[0]]
    assert snow.set_index("outlet")["n_documents"].to_dict() == {"Bay Post": 0, "Hill Echo": 2, "Marsh Times": 2}
    assert count_coverage(silent, top=1)["story_id"].nunique() == 1
    assert count_coverage(silent, least=3)["story_id"].nunique() == len(EVENTS) - 1
    summary = summarise_stories(silent)
    assert summary["n_outlets"].to_list() == [3, 3, 3, 2]
    assert summary["n_documents"].to_list() == [6, 6, 6, 4]
    assert summary["outlets"].iloc[3] == "Hill Echo, Marsh Times"
