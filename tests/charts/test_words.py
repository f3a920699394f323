"""Figures of words and pairs render whatever the names, and draw intervals."""

from __future__ import annotations

from xml.etree import ElementTree

import pandas as pd
import pytest

from framing import charts
from framing.errors import InputError
from framing.tables import PAIRS, WORDS

FRAMES = {
    "a.b": "Frame.with[brackets], 'quotes' & <b>tags</b>",
    "c d": "A very long frame name that goes on and on about humanitarian law and civilian harm",
    "e": "短い",
}
PLAIN = ["The Guardian", "RT", "Xinhua"]
HOSTILE = ['<script>alert("x")</script>', "news.example.com[0].a", "环球时报 🐍", "control \x00\x0b", "__proto__", " ",
           "constructor", "toString"]  # fmt: skip


def _words(outlets: list[str]) -> pd.DataFrame:
    rows = [
        (outlet, frame, word, 1.0 + place, 0.2, 2.5 + place, 3.0 - place, q, 9, 5, 0, "method")
        for outlet in outlets
        for frame in FRAMES
        for place, (word, q) in enumerate([("nord stream", 0.01), ("datum.label", 0.4), ("third", 0.5)])
    ]
    return pd.DataFrame(rows, columns=["outlet", *WORDS])


def _pairs(outlets: list[str]) -> pd.DataFrame:
    rows = [
        (outlet, a, b, 1.0, -0.5, 2.5, 0.2, False, 0.2, 0.1, 50, 20, 0, "method")
        for a, b in [("a.b", "c d"), ("a.b", "e")]
        for outlet in outlets
    ]
    return pd.DataFrame(rows, columns=["outlet", *PAIRS])


@pytest.mark.parametrize("outlets", [PLAIN, HOSTILE, PLAIN[:1]], ids=["plain", "hostile", "one"])
@pytest.mark.parametrize("kind", ["words", "pairs"])
def test_charts_render_to_well_formed_pictures(kind, outlets):
    if kind == "words":
        chart = charts.word_contrasts(_words(outlets), FRAMES, groups=outlets)
    else:
        chart = charts.pair_intervals(_pairs(outlets), FRAMES, groups=outlets)
    picture = charts.to_svg(chart)
    ElementTree.fromstring(picture)
    assert "<script>" not in picture


def _text(chart: object) -> list[str]:
    return [node.text or "" for node in ElementTree.fromstring(charts.to_svg(chart)).iter() if node.text]


@pytest.mark.slow
def test_each_group_has_its_clearest_words_in_every_panel_once():
    text = _text(charts.word_contrasts(_words(PLAIN), FRAMES, per_group=1))
    assert text.count("nord stream") == len(PLAIN) * len(FRAMES)
    assert "third" not in text
    assert _text(charts.word_contrasts(_words(PLAIN), FRAMES, per_group=2)).count("datum.label") == 9


def test_as_many_panels_as_asked_for():
    chart = charts.word_contrasts(_words(PLAIN), FRAMES, top=1).to_dict()
    assert len(chart["concat"]) == 1
    chart = charts.pair_intervals(_pairs(PLAIN), FRAMES, top=1).to_dict()
    assert {row["pair"] for table in chart["datasets"].values() for row in table} == {"a.b\nc d"}


def test_a_pair_is_named_by_both_frames():
    text = _text(charts.pair_intervals(_pairs(PLAIN), FRAMES))
    assert "with 短い" in text
    assert "1×" in text


def test_groups_keep_their_colour_where_others_are_missing():
    chart = charts.pair_intervals(_pairs(["RT"]), FRAMES, groups=PLAIN)
    colour = charts.palette(PLAIN)["RT"][0]
    assert colour in charts.to_svg(chart)


def test_nothing_with_an_interval_is_said_and_not_drawn():
    with pytest.raises(InputError, match="no words with an interval"):
        charts.word_contrasts(_words(PLAIN).assign(z=float("nan")), FRAMES)
    with pytest.raises(InputError, match="No pair of frames has an interval"):
        charts.pair_intervals(_pairs(PLAIN).assign(low=float("nan")), FRAMES)
    with pytest.raises(InputError, match="lacks the column"):
        charts.pair_intervals(_pairs(PLAIN).drop(columns="low"), FRAMES)


def test_words_of_two_languages_share_no_panel():
    words = pd.concat([_words(PLAIN).assign(language=name) for name in ("zh", "ru")])
    picture = charts.to_svg(charts.word_contrasts(words, {"e": FRAMES["e"]}))
    titles = [text.strip() for text in ElementTree.fromstring(picture).itertext() if text.strip().startswith("短い")]
    assert set(titles) >= {"短い (zh)", "短い (ru)"}
    one = charts.to_svg(charts.word_contrasts(_words(PLAIN).assign(language="zh"), {"e": FRAMES["e"]}))
    assert "(zh)" not in one
