"""Frames by voice: shares by hand, who speaks, and the charts of both."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from framing.charts import voices as voice_charts
from framing.charts.drawing import to_svg
from framing.errors import InputError
from framing.estimates.by_voice import (
    OTHERS,
    OUTLET,
    add_voices,
    count_voices,
    estimate_prevalence_by_voice,
    estimate_speakers,
)
from framing.estimates.prevalence import estimate_prevalence
from framing.estimates.span_counts import count_spans
from framing.tables import SHARES, SPEAKERS, VOICE_SPANS

NAMES = {"f": "First frame", "g": "Second frame"}


def _tables() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Ten documents of two passages: the first the outlet's own with f, the second quoted with g; f too in half."""
    rows, voices = [], []
    for number in range(10):
        for place, (voice, speaker, group) in enumerate([("own", "", ""), ("quoted", "Ana Duarte", "Poland")]):
            passage = f"{number}-{place}"
            side = "Japan" if number == 9 and place else group
            voices.append((passage, voice, speaker, side))
            for frame in NAMES:
                present = (frame == "f" and (place == 0 or number < 5)) or (frame == "g" and place == 1)
                rows.append(
                    (passage, str(number), "A", "", None, "text", frame, 0.5, "present" if present else "absent")
                )
    columns = ["passage_id", "document_id", "outlet", "perspective", "published", "text", "frame", "score", "decision"]
    return (
        pd.DataFrame(rows, columns=columns),
        pd.DataFrame(voices, columns=["passage_id", "voice", "speaker", "speaker_group"]),
    )


def test_shares_by_voice_by_hand():
    result = estimate_prevalence_by_voice(*_tables(), n_bootstrap=200).set_index(["voice", "frame"])
    assert result.loc[("own", "f"), "estimate"] == 1
    assert result.loc[("own", "g"), "estimate"] == 0
    assert result.loc[("quoted", "f"), "estimate"] == 0.5
    assert result.loc[("quoted", "g"), "estimate"] == 1
    assert result.loc[("own", "f"), "n_passages"] == 10
    assert result.loc[("quoted", "f"), "low"] < 0.5 < result.loc[("quoted", "f"), "high"]


def test_who_speaks_by_hand():
    # f is in 10 own passages and 5 of Poland; g in 9 of Poland and 1 of Japan
    table = estimate_speakers(*_tables(), n_bootstrap=200)
    assert tuple(table.columns) == SPEAKERS
    result = table.set_index(["frame", "speaker_group"])["estimate"]
    assert result[("f", OUTLET)] == pytest.approx(10 / 15)
    assert result[("f", "Poland")] == pytest.approx(5 / 15)
    assert result[("g", "Japan")] == pytest.approx(0.1)
    assert table.groupby("frame")["estimate"].sum().to_list() == pytest.approx([1, 1])
    assert (table["low"] <= table["estimate"]).all()
    assert (table["estimate"] <= table["high"]).all()


def test_rare_groups_are_put_together():
    table = estimate_speakers(*_tables(), top=1, by=("outlet",), n_bootstrap=200)
    assert set(table["speaker_group"]) == {OUTLET, OTHERS}
    assert table["outlet"].unique().tolist() == ["A"]
    assert table.groupby("frame")["estimate"].sum().to_list() == pytest.approx([1, 1])


def test_voices_are_counted():
    classified, voices = _tables()
    result = count_voices(classified.drop_duplicates("passage_id"), voices)
    assert result.to_dict("records") == [
        {"outlet": "A", "voice": "own", "n_passages": 10, "share": 0.5, "n_speakers": 0},
        {"outlet": "A", "voice": "quoted", "n_passages": 10, "share": 0.5, "n_speakers": 1},
    ]


def test_added_voices_replace_a_speaker_column():
    classified, voices = _tables()
    result = add_voices(classified.assign(speaker="old"), voices)
    assert set(result["speaker"]) == {"", "Ana Duarte"}
    assert set(result["speaker_group"]) == {OUTLET, "Poland", "Japan"}
    assert len(result) == len(classified)


def test_what_is_refused():
    classified, voices = _tables()
    with pytest.raises(InputError, match=r"1 classified passage\(s\) have no voice"):
        add_voices(classified, voices.iloc[1:])
    with pytest.raises(InputError, match="some passages twice"):
        add_voices(classified, pd.concat([voices, voices.head(1)]))
    with pytest.raises(InputError, match="top is 0"):
        estimate_speakers(classified, voices, top=0)
    with pytest.raises(InputError, match="No passage carries any frame"):
        estimate_speakers(classified.assign(decision="absent"), voices)
    with pytest.raises(InputError, match="no passage carries a frame of this codebook"):
        voice_charts.speakers_by_frame(estimate_speakers(classified, voices, n_bootstrap=200), {"h": "Another"})
    table = estimate_speakers(classified, voices, n_bootstrap=200)
    with pytest.raises(InputError, match="one outlet at a time"):
        voice_charts.speakers_by_frame(pd.concat([table, table]), NAMES)
    with pytest.raises(InputError, match="no shares by voice"):
        voice_charts.shares_by_voice(
            estimate_prevalence_by_voice(classified, voices, n_bootstrap=200), {"h": "Another"}
        )


def test_charts_draw_every_interval_and_name_groups():
    classified, voices = _tables()
    drawn = to_svg(voice_charts.speakers_by_frame(estimate_speakers(classified, voices, n_bootstrap=200), NAMES))
    assert all(text in drawn for text in ("First frame", "Second frame", OUTLET, "Poland", "15 passages"))
    drawn = to_svg(
        voice_charts.shares_by_voice(estimate_prevalence_by_voice(classified, voices, n_bootstrap=200), NAMES)
    )
    assert all(text in drawn for text in ("First frame", "the outlet’s own", "quoted"))


def test_unknown_voices_are_drawn_apart():
    classified, voices = _tables()
    unknown = voices.assign(voice=voices["voice"].mask(voices["voice"] == "quoted", "unknown"))
    speakers = estimate_speakers(classified, unknown, n_bootstrap=200)
    assert "voice not known" in set(speakers["speaker_group"])
    assert "voice not known" in to_svg(voice_charts.speakers_by_frame(speakers, NAMES))
    drawn = to_svg(
        voice_charts.shares_by_voice(estimate_prevalence_by_voice(classified, unknown, n_bootstrap=200), NAMES)
    )
    assert "Not known: in a language without rules for speech." in drawn
    assert "quoted" not in drawn


def _many_voices(counts: dict[str, int]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """So many passages of each group of speakers, each a document, all with f and every other one with g, too."""
    groups = [name for name, n in counts.items() for _ in range(n)]
    table = pd.DataFrame({"passage_id": [f"p{number:03}" for number in range(len(groups))]})
    table = table.assign(
        document_id=table["passage_id"], outlet="A", perspective="", published=None, text="text", score=0.5
    )
    is_first = np.arange(len(table)) % 2 == 0
    parts = [
        table.assign(frame="f", decision="present"),
        table.assign(frame="g", decision=np.where(is_first, "present", "absent")),
    ]
    voices = table[["passage_id"]].assign(voice="quoted", speaker=groups, speaker_group=groups)
    return pd.concat(parts), voices


def test_eight_groups_have_rows_unless_another_number_is_asked_for():
    # ties go by name: of i and j, with one passage each, j is among the others
    counts = {"j": 1, "i": 1, "a": 12, "b": 3, "c": 4, "d": 5, "e": 6, "h": 7, "k": 2}
    classified, voices = _many_voices(counts)
    result = estimate_speakers(classified, voices, n_bootstrap=50).set_index(["frame", "speaker_group"])["estimate"]
    assert set(result.loc["f"].index) == {"a", "h", "e", "d", "c", "b", "k", "i", OTHERS}
    assert result.loc["f"].to_dict() == pytest.approx(
        {name: counts.get(name, 1) / 41 for name in result.loc["f"].index}
    )
    nine = estimate_speakers(classified, voices, top=9, n_bootstrap=50)
    assert set(nine["speaker_group"]) == set(counts)
    two = estimate_speakers(classified, voices, top=2, n_bootstrap=50)
    assert two[two["frame"] == "f"]["estimate"].to_list() == pytest.approx([12 / 41, 7 / 41, 22 / 41])
    assert set(two[two["frame"] == "f"]["n_passages"]) == {41}
    one = estimate_speakers(classified, voices, top=1, n_bootstrap=50)
    assert one["speaker_group"].unique().tolist() == ["a", OTHERS]


def test_options_of_shares_by_voice_are_those_of_shares():
    classified, voices = _tables()
    options = {"level": 0.8, "n_bootstrap": 70, "random_seed": 4}
    result = estimate_prevalence_by_voice(classified, voices, by="voice", **options)
    pd.testing.assert_frame_equal(result, estimate_prevalence(add_voices(classified, voices), by="voice", **options))
    # the group of speakers with most passages comes first
    groups = estimate_prevalence_by_voice(classified, voices, by="speaker_group", **options)
    assert groups["speaker_group"].to_list() == [OUTLET, OUTLET, "Poland", "Poland", "Japan", "Japan"]
    assert groups.index.to_list() == list(range(6))


def test_options_reach_the_shares_of_speakers():
    classified, voices = _many_voices({"a": 30, "b": 20})
    result = estimate_speakers(classified, voices, level=0.8, n_bootstrap=70, random_seed=4)
    f = result[result["frame"] == "f"].set_index("speaker_group")
    coded = classified[classified["frame"] == "f"].merge(voices[["passage_id", "speaker_group"]], on="passage_id")
    coded = coded.assign(decision=coded["speaker_group"].map({"a": "present", "b": "absent"}))
    expected = estimate_prevalence(coded, by=None, level=0.8, n_bootstrap=70, random_seed=4).iloc[0]
    assert f.loc["a", ["estimate", "low", "high"]].to_list() == expected[["estimate", "low", "high"]].to_list()
    assert (f.loc["a", "n_documents"], f.loc["a", "n_gold"]) == (50, 0)
    assert set(f["method"]) == {"document bootstrap; errors of classifier and voices not included"}
    rare = estimate_speakers(*_many_voices({"a": 30, "b": 2}), n_bootstrap=70).set_index(["frame", "speaker_group"])
    assert rare.loc[("f", "b"), "method"] == "exact (Korn-Graubard); errors of classifier and voices not included"


def test_labels_correct_shares_by_voice_only_where_asked():
    classified, voices = _many_voices({"a": 30, "b": 20})
    labelled = classified.assign(
        proxy=0.0, gold=0.0, gold_proxy=0.0, gold_weight=1.0, gold_stratum="s", gold_cluster=classified["passage_id"]
    )
    raw = estimate_prevalence_by_voice(labelled, voices, by="voice", n_bootstrap=50).set_index("frame")["estimate"]
    assert raw.to_dict() == {"f": 1.0, "g": 0.5}
    options = {"by": "voice", "n_bootstrap": 50, "corrected": True}
    assert set(estimate_prevalence_by_voice(labelled, voices, **options)["estimate"]) == {0.0}
    # shares of speakers are of decisions in any case
    assert estimate_speakers(labelled, voices, n_bootstrap=50)["estimate"].to_list()[:2] == pytest.approx([0.6, 0.4])


def test_speakers_are_different_names():
    classified, voices = _many_voices({"a": 3, "b": 2})
    voices = voices.assign(voice=["quoted", "quoted", "quoted", "reported", "own"])
    counts = count_voices(classified[classified["frame"] == "f"], voices).set_index("voice")
    assert counts["n_speakers"].to_dict() == {"own": 0, "quoted": 1, "reported": 1}
    assert counts["share"].to_dict() == {"own": 0.2, "quoted": 0.6, "reported": 0.2}
    shuffled = add_voices(classified.iloc[::-1], voices)
    assert shuffled.index.to_list() == list(range(10))
    assert shuffled.loc[shuffled["passage_id"] == "p004", "speaker_group"].unique().tolist() == [OUTLET]
    with pytest.raises(InputError, match=r"voices lacks the column\(s\) speaker"):
        add_voices(classified, voices.drop(columns="speaker"))
    with pytest.raises(InputError, match=r"classified passages lacks the column\(s\) passage_id"):
        add_voices(classified.drop(columns="passage_id"), voices)
    with pytest.raises(InputError, match=r"lacks the column\(s\) section"):
        estimate_speakers(classified, voices, by="section")
    with pytest.raises(InputError, match=r"5 classified passage\(s\) have no voice \(the first is p000\)"):
        add_voices(classified, voices.head(0))


def _spans() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Ten documents of a passage with three spans: the outlet's, with f in half of them, and of Poland one with g."""
    rows, spans = [], []
    for number in range(10):
        for place, (voice, speaker, group) in enumerate(
            [("own", "", ""), ("quoted", "Ana Duarte", "Poland"), ("quoted", "Bo Lind", "Poland")]
        ):
            span, passage = f"{number}-0-{place}", f"{number}-0"
            spans.append((span, passage, voice, speaker, group, "text of a span here", 5, True))
            for frame in NAMES:
                present = (frame == "f" and place == 0 and number < 5) or (frame == "g" and place == 1)
                decision = "present" if present else "absent"
                rows.append((passage, str(number), "A", "", None, "text", frame, 0.5, decision, span))
    columns = ["passage_id", "document_id", "outlet", "perspective", "published", "text", "frame", "score", "decision"]
    return pd.DataFrame(rows, columns=[*columns, "span_id"]), pd.DataFrame(spans, columns=list(VOICE_SPANS))


def test_spans_are_counted_and_their_passages_beside_them():
    classified, spans = _spans()
    result = estimate_prevalence_by_voice(classified, spans, unit="span", n_bootstrap=200)
    assert tuple(result.columns) == ("outlet", "voice", *SHARES, "n_spans")
    by_row = result.set_index(["voice", "frame"])
    assert by_row["estimate"].to_dict() == {
        ("own", "f"): 0.5, ("own", "g"): 0.0, ("quoted", "f"): 0.0, ("quoted", "g"): 0.5,
    }  # fmt: skip
    assert by_row["n_spans"].to_list() == [10, 10, 20, 20]
    assert by_row["n_passages"].to_list() == [10, 10, 10, 10]
    speakers = estimate_speakers(classified, spans, unit="span", n_bootstrap=200)
    assert tuple(speakers.columns) == (*SPEAKERS, "n_spans")
    of_g = speakers[speakers["frame"] == "g"].set_index("speaker_group")
    assert of_g["estimate"].to_dict() == {"Poland": 1.0, OUTLET: 0.0}
    assert of_g["n_spans"].to_list() == [10, 10]


def test_intervals_of_spans_are_over_documents():
    # four times the same spans of each passage: as many documents as before, so no narrower intervals
    classified, spans = _spans()
    copies = [
        (classified.assign(span_id=classified["span_id"] + copy), spans.assign(span_id=spans["span_id"] + copy))
        for copy in "abcd"
    ]
    more = tuple(pd.concat(parts, ignore_index=True) for parts in zip(*copies, strict=True))
    options = {"unit": "span", "n_bootstrap": 300}
    few, many = (estimate_prevalence_by_voice(*each, **options) for each in ((classified, spans), more))
    assert many["n_spans"].to_list() == [4 * n for n in few["n_spans"]]
    half = few["estimate"] == 0.5
    pd.testing.assert_frame_equal(few.loc[half, ["low", "high"]], many.loc[half, ["low", "high"]])


def test_short_spans_are_counted_by_themselves():
    _, spans = _spans()
    passages = pd.DataFrame({"passage_id": spans["passage_id"].unique(), "outlet": ["A"] * 4 + ["B"] * 6})
    spans["is_scored"] = spans["speaker"] != "Bo Lind"
    spans.loc[spans["passage_id"] == "9-0", "voice"] = "unknown"
    counts = count_spans(passages, spans)
    assert counts.columns.tolist() == [
        "outlet", "voice", "n_spans", "n_too_short", "share", "n_words", "n_passages", "n_speakers",
    ]  # fmt: skip
    assert counts.to_numpy().tolist() == [
        ["A", "own", 4, 0, 0.5, 20, 4, 0],
        ["A", "quoted", 4, 4, 0.5, 20, 4, 1],
        ["B", "own", 5, 0, 5 / 12, 25, 5, 0],
        ["B", "quoted", 5, 5, 5 / 12, 25, 5, 1],
        ["B", "unknown", 2, 1, 1 / 6, 10, 1, 1],
    ]
    assert counts["n_spans"].sum() + counts["n_too_short"].sum() == len(spans)
    with pytest.raises(InputError, match=r"6 passage\(s\) of spans are not among the passages"):
        count_spans(passages.head(4), spans)


def test_what_is_refused_of_spans():
    classified, spans = _spans()
    with pytest.raises(InputError, match="expected one of passage, span, got 'word'"):
        estimate_prevalence_by_voice(classified, spans, unit="word")
    with pytest.raises(InputError, match="voices has some passages twice"):
        estimate_prevalence_by_voice(classified, spans)
    with pytest.raises(InputError, match="shares of spans are not corrected"):
        estimate_prevalence_by_voice(classified, spans, unit="span", corrected=True)
    with pytest.raises(InputError, match=r"1 classified span\(s\) have no voice \(the first is 0-0-0\)"):
        add_voices(classified, spans.iloc[1:], unit="span")
    with pytest.raises(InputError, match=r"classified spans lacks the column\(s\) span_id"):
        add_voices(classified.drop(columns="span_id"), spans, unit="span")


def test_charts_of_spans_say_what_is_counted_and_link_to_no_passages():
    classified, spans = _spans()
    speakers = estimate_speakers(classified, spans, unit="span", n_bootstrap=200)
    shares = estimate_prevalence_by_voice(classified, spans, unit="span", n_bootstrap=200)
    charts = (voice_charts.speakers_by_frame(speakers, NAMES), voice_charts.shares_by_voice(shares, NAMES))
    for chart, words in zip(charts, ("share of the frame’s spans", "share of the voice’s spans"), strict=True):
        drawn = to_svg(chart)
        assert words in drawn
        assert "Counted are spans: what one speaker says" in drawn
        assert "’s passages" not in drawn
        rows = [row for rows in chart.to_dict()["datasets"].values() for row in rows]
        assert rows
        assert {row.get("passages") for row in rows} == {None}
    assert "20 spans, 10 passages" in to_svg(charts[1])
    assert "5 spans" in to_svg(charts[0])
