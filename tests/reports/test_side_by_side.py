"""The side-by-side page of a report shows what the notebooks of the report show."""

from __future__ import annotations

import json
import re
from urllib.parse import quote

import pandas as pd

from framing.analysis.analysis import open_analysis
from framing.analysis.stories import open_stories
from framing.analysis.voices import open_voices
from framing.reports.plan import read_plan


def test_the_page_shows_the_stories_pairs_and_voices_of_the_notebooks(report_folder, in_project):
    analysis = open_analysis(read_plan("hostile").settings({}))
    stories, voices = open_stories(analysis), open_voices(analysis)
    text = (report_folder / "side_by_side.html").read_text(encoding="utf-8")
    data = json.loads(re.search(r'<script type="application/json"[^>]*>(.*?)</script>', text, re.DOTALL)[1])
    ids = data["passages"]["id"]
    shown = {frozenset((ids[a], ids[b])) for a, b in zip(data["aligned"]["a"], data["aligned"]["b"], strict=True)}
    pairs = {frozenset(pair) for pair in zip(stories.aligned["passage_id"], stories.aligned["other_id"], strict=True)}
    assert shown == pairs
    assert len(pairs) > 3
    kept = pd.read_parquet(report_folder / "tables" / "contrast_pairs.parquet")
    assert {frozenset(pair) for pair in zip(kept["passage_id"], kept["other_id"], strict=True)} <= shown
    named = pd.read_parquet(report_folder / "tables" / "stories.parquet")["story_id"]
    assert {item["id"] for item in data["stories"]} == set(named) == set(stories.documents["story_id"])
    said = dict(zip(ids, (["own", "quoted", "reported"][code] for code in data["voices"]["voice"]), strict=True))
    assert said == voices.passages.set_index("passage_id")["voice"].to_dict()


def test_frames_in_tables_lead_to_their_passages_on_the_side_by_side_page(report_folder):
    """The page holds what the tables count, and the link of a share names its frame and outlet."""
    page = (report_folder / "index.html").read_text(encoding="utf-8")
    links = set(re.findall(r'<td[^>]*><a href="(side_by_side\.html#[^"]+)">', page))
    assert len(links) > 30
    shares = pd.read_parquet(report_folder / "tables" / "shares.parquet")
    row = shares[shares["estimate"] > 0].iloc[0]
    assert f"frame={row['frame']}&amp;outlet={quote(row['outlet'], safe='')}" in " ".join(links)
    sides = (report_folder / "side_by_side.html").read_text(encoding="utf-8")
    data = json.loads(re.search(r'<script type="application/json"[^>]*>(.*?)</script>', sides, re.DOTALL)[1])
    assert len(data["documents"]["title"]) == 48
    assert not (report_folder / ".groups.json").exists()
