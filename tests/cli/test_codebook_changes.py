"""Changes of a codebook on a terminal."""

from __future__ import annotations

import pandas as pd
import pytest

from framing.cli.codebook_changes import format_changes

LONG = "one two three four five six seven eight nine ten eleven twelve"


def changes(frame: str, text: str) -> pd.DataFrame:
    return pd.DataFrame([(frame, "seeds", "added", text)], columns=["frame", "part", "change", "text"])


@pytest.mark.parametrize("columns", ["60", "80"])
def test_texts_go_on_below_and_none_is_cut(monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", columns)
    lines = format_changes(changes("war", LONG)).splitlines()
    assert max(map(len, lines)) <= int(columns)
    assert len(lines) > 2
    assert " ".join(" ".join(line[22:] for line in lines[1:]).split()) == LONG
    assert lines[1].startswith("war    seeds  added   one two")


def test_a_long_list_of_frames_has_a_line_of_its_own(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    frames = "blame_of_the_builders; a_way_out -> a_way_out"
    lines = format_changes(changes(frames, "Short.")).splitlines()
    assert lines[1] == frames
    assert lines[2].split() == ["seeds", "added", "Short."]


def test_no_change_is_said():
    assert format_changes(changes("war", LONG).head(0)) == "No change of content."
