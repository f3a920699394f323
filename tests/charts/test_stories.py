"""The figure of coverage renders whatever the names, and draws only who covers a story."""

from __future__ import annotations

from xml.etree import ElementTree

import pandas as pd
import pytest

from framing.charts import stories as story_charts
from framing.charts.drawing import to_svg
from framing.charts.groups import palette
from framing.errors import InputError
from framing.tables import COVERAGE
from tests import chart_parts

PLAIN = ["Bay Post", "Hill Echo"]
HOSTILE = ['<script>alert("x")</script>', "datum.label[0].a", "环球时报 🐍", "control \x00\x0b", "__proto__", " ",
           "constructor", "toString"]  # fmt: skip


def _coverage(outlets: list[str], stories: int = 2) -> pd.DataFrame:
    day = pd.Timestamp("2024-03-01")
    rows = [
        (outlet, f"s.{story}", f"<b>Story</b> {'long ' * 20}{story} (1 Mar 2024)", story + place, day,
         day + pd.Timedelta(days=story))
        for story in range(1, stories + 1)
        for place, outlet in enumerate(outlets)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["outlet", *COVERAGE])


@pytest.mark.parametrize("outlets", [PLAIN, HOSTILE, PLAIN[:1]], ids=["plain", "hostile", "one"])
def test_it_renders_to_a_well_formed_picture(outlets):
    picture = to_svg(story_charts.story_coverage(_coverage(outlets)))
    ElementTree.fromstring(picture)
    assert "<script>" not in picture
    assert "1 Mar 2024" not in chart_parts.words(picture)


def test_as_many_stories_as_asked_for_and_colours_stay():
    chart = story_charts.story_coverage(_coverage(PLAIN, stories=4), top=2, groups=["Another", *PLAIN])
    assert {row["story_id"]: row["panel"] for row in chart_parts.rows(chart)} == {"s.3": 0, "s.4": 1}
    assert palette(["Another", *PLAIN])["Bay Post"][0] in to_svg(chart)


def test_nothing_dated_is_said_and_not_drawn():
    with pytest.raises(InputError, match="no dated story of several outlets"):
        story_charts.story_coverage(_coverage(PLAIN).assign(first=pd.NaT))
    with pytest.raises(InputError, match="lacks the column"):
        story_charts.story_coverage(_coverage(PLAIN).drop(columns="last"))
