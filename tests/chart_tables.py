"""Tables for the tests of charts, with plain and with hostile names, and every chart of shares drawn from them."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pandas as pd

from framing import charts
from framing.tables import AGAINST_REST, COMPONENTS, CONTRASTS, EFFECTS, ESTIMATE, FRAME_TESTS, RANKS

NAN = float("nan")
PLAIN = ["The Guardian", "Fox News", "Al Jazeera English", "RT", "Xinhua", "Deutsche Welle"]
HOSTILE = [
    '<script>alert("x")</script>',
    "The \"Quoted\" & 'Daily'",
    "South China Morning Post International Edition of the Greater Bay Area and Beyond " * 3,
    "news.example.com[0].a",
    "环球时报 العربية Правда 🐍",
    "back\\slash {datum.label} ${x} %s",
    "control \x00\x0b\x1b characters",
    "__proto__",
    " ",
]
PROTOTYPE = ["constructor", "toString", "valueOf", "hasOwnProperty", "__proto__", "isPrototypeOf"]  # of any object
FRAMES = {
    "a.b": "Frame.with[brackets], 'quotes' & <b>tags</b>",
    "c d": "A very long frame name that goes on and on about humanitarian law and civilian harm",
    "e": "短い",
    "f": "datum.label",
}
PERIODS = pd.date_range("2024-01-01", periods=5, freq="W-MON")
MARKS = pd.DataFrame({"date": [pd.Timestamp("2024-01-10")], "label": ["<script>"]})


def share_table(outlets: list[str], frames: dict[str, str] = FRAMES) -> pd.DataFrame:
    rows = [
        (outlet, frame, 0.1 * (1 + place % 5), 0.05, 0.1 * (1 + place % 5) + 0.1, 20, 6, 0, "method")
        for place, outlet in enumerate(outlets)
        for frame in frames
    ]
    return pd.DataFrame(rows, columns=["outlet", "frame", *ESTIMATE])


def trend_table(outlets: list[str]) -> pd.DataFrame:
    return pd.concat([share_table(outlets).assign(period=period) for period in PERIODS], ignore_index=True)


def contrast_table(outlets: list[str]) -> pd.DataFrame:
    rows = [
        (frame, one, two, sign * 0.2, sign * 0.2 - 0.1, sign * 0.2 + 0.1, 0.01, sign > 0, 9, 9, 0, "method")
        for frame in FRAMES
        for one, two, sign in zip(outlets, outlets[1:], [1, -1] * 9, strict=False)
    ]
    table = pd.DataFrame(rows, columns=list(CONTRASTS[:12])).assign(ratio=2.0, ratio_low=1.0, ratio_high=4.0)
    return table.assign(q_value=0.01, p_value=0.001, detectable=0.15, equivalent=False)[list(CONTRASTS)]


def rest_table(outlets: list[str], frames: dict[str, str] = FRAMES, *, n_gold: int = 90) -> pd.DataFrame:
    """The first group has 20 points more than the others (10 to 30) on the first two frames; else nothing differs."""
    rows = [
        (frame, name, *((0.2, 0.1, 0.3, 0.01, True) if place == 0 and number < 2 else (0.01, -0.1, 0.12, 0.9, False)),
         0.25, 0.05, 90, 30, n_gold, "m", 0.01, 0.002, 0.15, False)
        for number, frame in enumerate(frames)
        for place, name in enumerate(outlets)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(AGAINST_REST))


def frame_test_table(frames: dict[str, str] = FRAMES, *, n_gold: int = 90) -> pd.DataFrame:
    """Groups differ on the first frame, F(5, 31.5) = 7.25, adjusted p .0002; on no other."""
    clear, other = (7.25, 5.0, 31.5, 0.0001, 0.0002, True), (1.0, 5.0, 20.0, 0.4, 0.8, False)
    rows = [
        (frame, 0.1, 0.05, 0.2, *(other if number else clear), 6, 540, 180, n_gold, "m")
        for number, frame in enumerate(frames)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(FRAME_TESTS))


def score_table() -> pd.DataFrame:
    return pd.DataFrame({"frame": list(FRAMES) * 5, "score": [number / 19 for number in range(20)]})


def corrected_table(outlets: list[str], *, few: tuple[str, ...] = ()) -> pd.DataFrame:
    """Raw share 10 % (5 to 15), corrected 20 % (10 to 30) with 40 labels; not corrected in outlets of `few`."""
    rows = [
        (outlet, frame, *((NAN,) * 3 if outlet in few else (0.2, 0.1, 0.3)), 90, 30, 3 if outlet in few else 40, "m")
        for outlet in outlets
        for frame in FRAMES
    ]
    table = pd.DataFrame(rows, columns=["outlet", "frame", *ESTIMATE])
    return table.assign(raw=0.1, raw_low=0.05, raw_high=0.15)


def component_table(outlets: list[str], *, n_gold: int = 0, agenda_items: str = "event") -> pd.DataFrame:
    """Of each pair and frame: agenda -5 points (-9 to -1), framing -15 (-25 to -5), clear; the whole -20."""
    rows = [
        (frame, one, two, part, *values, -0.2, 0.75, 0.01, part == "framing", 90, 30, n_gold, "m", agenda_items)
        for frame in FRAMES
        for one, two in itertools.pairwise(outlets)
        for part, values in (("agenda", (-0.05, -0.09, -0.01)), ("framing", (-0.15, -0.25, -0.05)))
    ]
    return pd.DataFrame(rows, columns=list(COMPONENTS))


def rank_table(outlets: list[str], *, clear: tuple[str, ...] = tuple(FRAMES)) -> pd.DataFrame:
    """On frames of `clear` the first is first for sure and the last place is closed to it; else all is open."""
    n = len(outlets)
    rows = [
        (
            frame,
            name,
            place,
            *((1, n) if frame not in clear else (1, 1) if place == 1 else (2, n)),
            0.1,
            n,
            90,
            30,
            0,
            "m",
        )
        for frame in FRAMES
        for place, name in enumerate(outlets, start=1)
    ]
    return pd.DataFrame(rows, columns=list(RANKS))


def effect_table(outlets: list[str]) -> pd.DataFrame:
    """Each outlet against the first, +20 points (10 to 30), clear but for the last one; time without interval."""
    first, *others = outlets
    rows = [
        (frame, "outlet", name, first, 0.2, 0.1, 0.3, 0.01, 0.9 if name == others[-1] else 0.02, 0.05, 9.0, 90, 30)
        for frame in FRAMES
        for name in others
    ]
    rows += [(frame, "time", "", "", 0.01, *(NAN,) * 6, 90, 30) for frame in FRAMES]
    table = pd.DataFrame(rows, columns=list(EFFECTS[:13]))
    return table.assign(n_gold=40, n_clusters=12, n_left_out=0, method="m")


DRAWN: dict[str, Callable[[list[str]], Any]] = {
    "documents_over_time": lambda outlets: charts.documents_over_time(
        trend_table(outlets)[["outlet", "period"]].drop_duplicates().assign(n_documents=3)
    ),
    "share_heatmap": lambda outlets: charts.share_heatmap(share_table(outlets), FRAMES),
    "share_intervals": lambda outlets: charts.share_intervals(share_table(outlets), FRAMES),
    "share_differences": lambda outlets: charts.share_differences(contrast_table(outlets), FRAMES),
    "share_trends": lambda outlets: charts.share_trends(trend_table(outlets), FRAMES, marks=MARKS),
    "frame_trends": lambda outlets: charts.frame_trends(trend_table(outlets[:1]), FRAMES, marks=MARKS),
    "score_spread": lambda outlets: charts.score_spread(score_table(), FRAMES, threshold=0.5),
    "corrected_shares": lambda outlets: charts.corrected_shares(corrected_table(outlets, few=(outlets[0],)), FRAMES),
    "share_components": lambda outlets: charts.share_components(component_table(outlets), FRAMES),
    "coefficients": lambda outlets: charts.coefficients(effect_table(outlets), FRAMES),
    "rest_differences": lambda outlets: charts.rest_differences(rest_table(outlets, FRAMES), FRAMES),
    "rank_intervals": lambda outlets: charts.rank_intervals(rank_table(outlets), FRAMES),
}
