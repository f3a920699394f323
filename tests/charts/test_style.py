"""The style of charts: colours that readers can distinguish, settings that stay."""

from __future__ import annotations

from framing import charts
from tests.chart_tables import (
    FRAMES,
    PLAIN,
    share_table,
)


def test_the_palette_tells_many_groups_apart():
    groups = [f"outlet {number:02}" for number in range(49)]
    found = charts.palette(groups)
    assert len(set(found.values())) == 49
    assert len({colour for colour, _ in list(found.values())[:7]}) == 7
    assert charts.palette(groups * 2) == found


def test_settings_of_the_style_are_all_kept():
    # .configure() forgets what was configured before it
    config = charts.share_heatmap(share_table(PLAIN), FRAMES).to_dict()["config"]
    assert {"axis", "legend", "header", "view", "font", "background"} <= set(config)
    assert config["header"]["title"] is None
    assert config["view"]["stroke"] is None
