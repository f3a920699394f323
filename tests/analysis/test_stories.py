"""Stories of an analysis: found once, equal when loaded, and anew where the pins change."""

from __future__ import annotations

import pandas as pd
import pytest

from framing.analysis.analysis import Analysis, open_analysis
from framing.analysis.stories import open_stories
from framing.analysis.voices import open_voices
from framing.settings import Settings
from framing.stories.aligned import align_passages, encode_passages, find_omissions
from framing.stories.duplicates import find_duplicates
from framing.stories.find import find_stories
from framing.voice.marking import find_voices
from tests.storied import documents
from tests.tiny import WordEncoder, codebook_file


@pytest.fixture
def analysis(tmp_path, monkeypatch) -> Analysis:
    corpus = tmp_path / "corpora" / "small"
    corpus.mkdir(parents=True)
    (tmp_path / "seeds").mkdir()
    codebook_file(tmp_path / "seeds")
    documents().to_json(corpus / "rows.jsonl", orient="records", lines=True, date_format="iso")
    (corpus / "corpus.yaml").write_text(
        "corpus: small\ntitle: Small\nfiles: [rows.jsonl]\nformat: jsonl\ncolumns: {document_id: document_id, "
        "text: text, outlet: outlet, published: published, title: title}\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("FRAMING_PROJECT", str(tmp_path))
    monkeypatch.setenv("FRAMING_CACHE", str(tmp_path / "cache"))
    for module in ("analysis_prepare", "analysis_stories"):
        monkeypatch.setattr(f"framing.{module}.open_encoder", lambda *_, **__: WordEncoder())
    return open_analysis(Settings(corpus="small", codebook="tiny"))


def test_stories_are_those_of_the_functions_with_their_defaults(analysis):
    found = open_stories(analysis)
    duplicates = find_duplicates(analysis.documents)
    stories = find_stories(analysis.documents, WordEncoder(), duplicates=duplicates)
    vectors = encode_passages(analysis.passages, WordEncoder())
    expected = {
        "duplicates": duplicates,
        "documents": stories,
        "aligned": align_passages(analysis.passages, vectors, stories),
        "omissions": find_omissions(analysis.passages, vectors, stories),
    }
    assert len(expected["aligned"]) > 0
    for name, table in expected.items():
        pd.testing.assert_frame_equal(getattr(found, name), table, check_dtype=False)


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


def test_voices_are_read_from_whole_documents_and_loaded_the_second_time(analysis, tmp_path):
    voices, segments = find_voices(analysis.passages, analysis.documents, sides={})
    for _ in range(2):
        found = open_voices(analysis)
        pd.testing.assert_frame_equal(found.passages, voices, check_dtype=False)
        assert len(found.segments) == len(segments)
    assert len(list((tmp_path / "cache" / "voices").glob("*/facts.json"))) == 1
