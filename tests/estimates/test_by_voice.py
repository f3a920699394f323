"""Frames by voice: shares by hand, who speaks, and the charts of both."""

from __future__ import annotations

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
from framing.tables import SPEAKERS

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
