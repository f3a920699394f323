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


def bearings(*degrees: str) -> list[str]:
    return [f"bearing {place}" for place in degrees]


def test_near_copies_are_those_of_a_cosine_of_95_hundredths():
    """cos 18° = .951 and cos 19° = .946; each pair once, in a frame or across frames."""
    book = codebook(frame("east", bearings("0 a", "18 b", "90")), frame("north", bearings("109", "141", "158")))
    assert remarks(check_codebook(book, Compass()), "nearly the same") == [
        "east: nearly the same as a seed of east: “bearing 0 a” / “bearing 18 b”",
        "north: nearly the same as a seed of north: “bearing 141” / “bearing 158”",
    ]


def test_frames_are_told_apart_from_three_of_four_on():
    """Seeds of east lie at 0°. Of north at 90° and 30° only the second is nearer to east: three of four are right."""
    book = codebook(
        frame("east", bearings("0 a", "0 b")),
        frame("north", bearings("90", "30")),
        frame("west", bearings("180", "181")),
    )
    report = check_codebook(book, Compass())
    assert remarks(report, "hard to tell apart") == []
    assert remarks(report, "nearer to") == ["north: nearer to east (0.87 against 0.50): “bearing 30”"]


def test_half_of_the_seeds_nearer_to_the_other_frame_is_said():
    """North's seeds at 10° and 170° are 160° from each other, and nearer to east (0°) and to west (180°)."""
    book = codebook(
        frame("east", bearings("0 a", "0 b")),
        frame("north", bearings("10", "170")),
        frame("west", bearings("180 a", "180 b")),
    )
    report = check_codebook(book, Compass())
    assert remarks(report, "hard to tell apart") == []  # three of four in either pair
    assert remarks(report, "nearer to") == [
        "north: nearer to east (0.98 against -0.94): “bearing 10”",
        "north: nearer to west (0.98 against -0.94): “bearing 170”",
    ]
    both = codebook(frame("east", bearings("0 a", "0 b")), frame("north", bearings("60", "-40")))
    (found,) = remarks(check_codebook(both, Compass()), "hard to tell apart")
    assert found == "east and north are hard to tell apart: 50% of their seeds lie nearer to their own"
    turned = codebook(frame("north", bearings("60", "-40")), frame("east", bearings("0 a", "0 b")))
    (found,) = remarks(check_codebook(turned, Compass()), "hard to tell apart")
    assert found == "north and east are hard to tell apart: 50% of their seeds lie nearer to their own"


def test_frames_are_thin_below_eight_seeds_and_three_counter_seeds():
    def problems(n_seeds: int, n_counter: int, **rules: list[str]) -> list[str]:
        seeds = bearings(*(str(45 * place) for place in range(n_seeds)))
        counter = [f"away {place}" for place in range(n_counter)]
        book = codebook(frame("war", seeds, counter_seeds=counter, **rules), frame("trade", bearings("22", "24")))
        return remarks(check_codebook(book, Compass()), "war: only") + remarks(
            check_codebook(book, Compass()), "war: no"
        )

    assert problems(8, 3, include=["Fighting."]) == []
    assert problems(8, 3, exclude=["Talks."]) == []
    assert problems(7, 2) == [
        "war: only 7 seeds; 8 or more are steadier",
        "war: only 2 counter-seeds; 3 or more help",
        "war: no include or exclude rules for coders",
    ]


@pytest.mark.parametrize(("n", "ending"), [(90, "x”"), (91, "x …”")])
def test_texts_of_more_than_90_characters_are_shown_short(n, ending):
    seed = "bearing 80 ".ljust(n, "x")
    book = codebook(frame("east", [*bearings("0 a", "0 b"), seed]), frame("north", bearings("90 a", "90 b")))
    (found,) = remarks(check_codebook(book, Compass()), "nearer to")
    assert found.endswith(f"“{seed[:90]}{ending[1:]}")


def test_frames_are_named_that_have_examples_but_fewer_than_eight():
    frames = frame("east", bearings("0 a", "0 b")), frame("north", bearings("90 a", "90 b"))
    examples = [{"text": f"bearing 5 {place}", "frames": ["east"]} for place in range(8)]
    examples += [{"text": f"bearing 85 {place}", "frames": ["north"]} for place in range(7)]
    report = check_codebook(codebook(*frames, examples=examples), Compass())
    assert remarks(report, "examples") == ["north: only 7 examples; with 8 of each frame they set the cut of all"]
    assert remarks(check_codebook(codebook(*frames), Compass()), "examples") == []


def test_what_a_draft_leaves_to_a_person_is_asked_for():
    drafted = frame("bees", WAR[:1], include=["FILL IN: a rule"], exclude=["Wasps."])
    drafted["definition"] = "FILL IN: what the frame claims."
    book = codebook(frame("war", WAR[1:]), drafted, frame("sport", SPORT))
    report = check_codebook(book, Compass())
    assert remarks(report, "still to be written") == []
    assert report.unwritten == [
        "bees: its definition is still to be written, and nothing learns from it: “FILL IN: what the frame claims.”",
        "bees: its include rule is still to be written, and nothing learns from it: “FILL IN: a rule”",
    ]
