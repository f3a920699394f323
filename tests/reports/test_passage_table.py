"""Every passage with all that a report knows of it, in one table."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from framing.analysis.analysis import open_analysis
from framing.corpus import read_corpus, split_passages
from framing.reports.passage_table import make_passage_table, write_passage_table
from framing.settings import Settings
from tests.analysis.project import enter_project, write_project
from tests.tiny import SPORT, TRADE, WAR


@pytest.fixture
def analysis(tmp_path, monkeypatch):
    """Three documents of three outlets; two of their passages are labelled, with known chances."""
    texts = {"A": WAR[0], "B": TRADE[0], "C": SPORT[0]}
    rows = [
        {"text": text, "outlet": outlet, "published": "2025-07-01", "title": f"On {outlet}"}
        for outlet, text in texts.items()
    ]
    corpus = write_project(tmp_path, rows, rules="gold: {file: coded.csv}\nmetadata: all\n")
    lines = [{**row, "section": f"page {row['outlet']}"} for row in rows]  # a column that corpus.yaml does not name
    (corpus / "rows.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    enter_project(tmp_path, monkeypatch)
    ids = split_passages(read_corpus(corpus).documents)[["passage_id", "document_id", "text", "outlet"]]
    coded = ids[ids["outlet"] != "B"].assign(frames=["war", "sport"], inclusion_probability=[0.5, 0.25])
    coded.to_csv(corpus / "coded.csv", index=False)
    return open_analysis(Settings(corpus="small", codebook="tiny"))


def test_a_row_a_passage_with_scores_labels_and_chances(analysis):
    table = make_passage_table(analysis).set_index("outlet")
    assert table.loc["A", ["gold_war", "gold_trade", "gold_sport"]].tolist() == [True, False, False]
    assert table.loc["C", ["gold_war", "gold_trade", "gold_sport"]].tolist() == [False, False, True]
    assert table.loc["B", ["gold_war", "inclusion_probability"]].isna().all(), "nobody coded it"
    assert table["inclusion_probability"].tolist()[::2] == [0.5, 0.25]
    assert table["title"].tolist() == ["On A", "On B", "On C"]
    assert table["section"].tolist() == ["page A", "page B", "page C"]
    scores = analysis.scores.set_index("passage_id").loc[table["passage_id"], "war"]
    assert table["score_war"].tolist() == scores.tolist()
    assert set(table["decision_war"]) <= {"present", "absent"}
    assert not {"story_id", "voice"} & set(table.columns)


def test_stories_and_voices_stand_where_they_belong(analysis):
    documents = analysis.documents.sort_values("outlet", ascending=False)
    stories = pd.DataFrame({"document_id": documents["document_id"], "story_id": ["c", "b", "a"]})
    ids = analysis.passages.set_index("outlet").loc[["C", "A", "B"], "passage_id"]
    voices = pd.DataFrame({"passage_id": ids.to_list(), "voice": ["own", "quoted", "reported"], "speaker": "x"})
    table = make_passage_table(analysis, stories=stories, voices=voices).set_index("outlet")
    assert table["story_id"].to_dict() == {"A": "a", "B": "b", "C": "c"}
    assert table["voice"].to_dict() == {"A": "quoted", "B": "reported", "C": "own"}
    assert "speaker_group" not in table.columns


def test_windows_stand_beside_the_documents_whose_frames_they_carry(analysis, tmp_path):
    write_passage_table(analysis, tmp_path / "passages", stories=False, voices=False)
    assert not (tmp_path / "passages" / "tables" / "windows.parquet").exists()
    labels = tmp_path / "corpora" / "small" / "coded.csv"
    pd.read_csv(labels).drop(columns="passage_id").to_csv(labels, index=False)
    whole = open_analysis(Settings(corpus="small", codebook="tiny", unit="document"))
    write_passage_table(whole, tmp_path / "documents", stories=False, voices=False)
    windows = pd.read_parquet(tmp_path / "documents" / "tables" / "windows.parquet")
    assert list(windows.columns) == ["document_id", "start", "end", "text", "frame", "score"]
    assert windows["text"].to_list() == [WAR[0], TRADE[0], SPORT[0]]
    assert windows["frame"].to_list() == ["war", "trade", "sport"]
    table = pd.read_parquet(tmp_path / "documents" / "tables" / "passages.parquet")
    assert table["gold_war"].notna().to_list() == [True, False, True]
