"""What is wrong with a codebook as an instrument: strays, near copies, frames hard to tell apart."""

from __future__ import annotations

import numpy as np
import pytest

from framing.classify.codebook_check import check_codebook
from tests.tiny import SPORT, TRADE, WAR, codebook, frame

STRAY = "Mortar shells struck the bridge and soldiers fell back under fire."


def remarks(report, part: str) -> list[str]:
    return [problem for problem in report.problems if part in problem]


class Compass:
    """An encoder of the protocol: texts name their own vector, so that every cosine is known."""

    name = fingerprint = "compass"
    dtype, tunable, source = "float32", False, None

    def encode(self, texts, *, progress=""):
        found = np.zeros((len(texts), 3), dtype=np.float32)
        for row, text in enumerate(texts):
            degrees = [word for word in text.split() if word.lstrip("-").isdigit()]
            angle = np.deg2rad(float(degrees[0])) if degrees else 0.0
            found[row] = (np.cos(angle), np.sin(angle), 0.0) if degrees else (0.0, 0.0, 1.0)
        return found


def test_stray_seed_is_shown_with_the_nearer_frame(encoder):
    book = codebook(frame("war", WAR), frame("trade", [*TRADE, STRAY]), frame("sport", SPORT))
    (found,) = remarks(check_codebook(book, encoder), "nearer to war")
    assert found.startswith("trade: nearer to war (")
    assert STRAY in found


def test_nearness_is_the_cosine_with_the_mean_of_the_other_seeds():
    book = codebook(
        frame("east", ["bearing 0 a", "bearing 0 b", "bearing 80"]),
        frame("north", ["bearing 90 a", "bearing 90 b"]),
    )
    (found,) = remarks(check_codebook(book, Compass()), "nearer to")
    assert found == "east: nearer to north (0.98 against 0.17): “bearing 80”"  # cos 10°, cos 80°


def test_twin_frames_are_reported_and_distinct_ones_are_not(encoder):
    twins = codebook(
        frame(
            "battles",
            ["Artillery fire killed two soldiers.", "Troops advanced on the town.", "Drones hit the port."],
        ),
        frame(
            "combat",
            ["Two soldiers were killed by shelling.", "Soldiers moved on the city.", "Drones hit a harbour."],
        ),
        frame("sport", SPORT),
    )
    (found,) = remarks(check_codebook(twins, encoder), "hard to tell apart")
    assert found.startswith("battles and combat are hard to tell apart: ")
    assert "% of their seeds lie nearer to their own" in found


def test_near_copies_are_shown_side_by_side(encoder):
    copied = "Overnight, drones attacked the airfield."
    report = check_codebook(codebook(frame("war", WAR), frame("trade", [*TRADE, copied])), encoder)
    (found,) = remarks(report, "nearly the same as a seed of")
    assert found == f"war: nearly the same as a seed of trade: “{WAR[2]}” / “{copied}”"


def test_long_seeds_are_shown_short():
    book = codebook(
        frame("east", ["bearing 0 a", "bearing 0 b", "bearing 89 " + "on and " * 30]),
        frame("north", ["bearing 90 a", "bearing 90 b"]),
    )
    (found,) = remarks(check_codebook(book, Compass()), "nearer to")
    assert found.endswith(" …”")
    assert len(found) < 160


def test_frame_with_a_single_seed_is_not_called_stray():
    """Without its only seed a frame has no mean to be near to: that says nothing about the seed."""
    report = check_codebook(codebook(frame("east", ["bearing 0"]), frame("north", ["bearing 90"])), Compass())
    assert remarks(report, "nearer to") == []
    assert remarks(report, "hard to tell apart") == []
    assert remarks(report, "east: only 1 seeds")


def test_thin_frames_and_missing_rules_are_named(encoder):
    report = check_codebook(codebook(), encoder)
    assert "war: only 3 seeds; 8 or more are steadier" in report.problems
    assert "war: only 0 counter-seeds; 3 or more help" in report.problems
    assert "war: no include or exclude rules for coders" in report.problems
    ruled = codebook(
        frame("war", WAR, include=["Fighting."], counter_seeds=["a b", "c d", "e f"]), frame("trade", TRADE)
    )
    problems = check_codebook(ruled, encoder).problems
    assert "war: only 3 seeds; 8 or more are steadier" in problems
    assert not [item for item in problems if item.startswith("war: ") and ("counter" in item or "rules" in item)]


def test_anchors_say_how_held_out_seeds_fare(encoder):
    anchors = check_codebook(codebook(), encoder).anchors
    assert anchors["frame"].to_list() == ["war", "trade", "sport"]
    assert anchors["n_seeds"].to_list() == [3, 3, 3]
    assert anchors["f1"].mean() == pytest.approx(1.0, abs=0.35)
