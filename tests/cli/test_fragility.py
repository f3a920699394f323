"""`framing fragility`: a sentence a difference, what was not varied and why, and the variations in a file."""

from __future__ import annotations

import pandas as pd
import pytest

from framing.analysis.fragility import Fragility
from tests.cli.outcomes import refused


@pytest.fixture
def measured(monkeypatch) -> list[object]:
    """The settings that fragility is measured for; two differences are found."""
    found: list[object] = []

    def measure(settings, *, say):
        found.append(settings)
        say("seeds: 7 of 7 passages")
        rows = [(True, 12, "First in words."), (False, 12, "Second in words.")]
        headlines = pd.DataFrame(rows, columns=["differs", "n_gold", "in_words"])
        variations = pd.DataFrame({"kind": ["seeds"], "variation": ["half 1"], "estimate": [0.25]})
        left_out = pd.DataFrame({"kind": ["encoder"], "reason": ["there is one"]})
        empty = pd.DataFrame()
        return Fragility(headlines=headlines, variations=variations, seeds=empty, translations=empty, left_out=left_out)

    monkeypatch.setattr("framing.cli.fragility.measure_fragility", measure)
    return found


def test_differences_are_told_in_words(framing, measured, tmp_path):
    ended = framing("fragility", "sample", "--set", "fragility_top=4", "--output", tmp_path / "all.csv")
    assert ended.code == 0
    assert ended.out.splitlines() == [
        "First in words.", "Second in words.", "not varied: encoder (there is one)", str(tmp_path / "all.csv"),
    ]  # fmt: skip
    assert "seeds: 7 of 7 passages" in ended.err
    assert measured[0].fragility_top == 4
    assert pd.read_csv(tmp_path / "all.csv")["estimate"].to_list() == [0.25]


def test_raw_and_unclear_differences_are_called_so(framing, measured, monkeypatch):
    import framing.cli.fragility as command

    found = command.measure_fragility

    def measure(settings, *, say):
        fragility = found(settings, say=say)
        fragility.headlines[["differs", "n_gold"]] = [False, 0]
        return fragility

    monkeypatch.setattr(command, "measure_fragility", measure)
    assert framing("fragility", "sample").out.splitlines()[:2] == [
        "These are shares of passages that the classifier marks; its errors are not included.",
        "No difference is clear of noise; the clearest are shown.",
    ]


def test_an_output_that_cannot_be_written_is_refused_before_anything_is_made(framing, measured, tmp_path):
    refused(framing("fragility", "sample", "--output", tmp_path / "all.txt"), "all.txt")
    assert not measured
