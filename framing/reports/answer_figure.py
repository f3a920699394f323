"""The figure beside a report's answer: the shares of one frame, group by group."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from framing.texts import phrase, retell

__all__ = ["draw_frame"]

_WIDTH, _ROW = 250, 24  # of the field, and of each group
_NAME = 24  # characters of the name of a group
_TITLE = 46  # characters of a line above the field
_MOST = 14  # groups that are drawn, those with the largest shares


def draw_frame(shares: pd.DataFrame, name: str, *, by: str, groups: Sequence[str], level: float) -> Any:
    """Draw the share of one frame in each group with its interval, the largest first.

    Parameters
    ----------
    shares : DataFrame
        Rows of one frame, as `framing.estimate_prevalence` returns them.
    name : str
        Name of the frame.
    by : str
        Column of the groups.
    groups : sequence of str
        All groups of the report, so that each has its colour.
    level : float
        Level of the intervals.

    Returns
    -------
    altair chart
        The chart, ready for `to_svg`.
    """
    import altair as alt

    from framing.charts.groups import GROUP, palette
    from framing.charts.labels import label_lines, name_axis
    from framing.charts.style import draw_intervals, finish_chart, order_scale
    from framing.charts.tips import KEY, TIP, add_tips, tip_channels

    rows = shares.dropna(subset=["estimate"]).sort_values("estimate", ascending=False, kind="stable").head(_MOST)
    order = rows[by].astype(str).tolist()
    looks = palette([*order, *groups])
    # the data of a chart are written into its file: only what is drawn
    tips = add_tips(rows, {str(frame): name for frame in rows["frame"]}, (by, "frame"))
    data = tips[["estimate", "low", "high", TIP, KEY]].assign(**{GROUP: order})
    base = alt.Chart(data).encode(
        y=alt.Y(f"{GROUP}:N", title=None, scale=order_scale(order), axis=name_axis(order, width=_NAME)),
        color=alt.Color(
            f"{GROUP}:N", scale=alt.Scale(domain=order, range=[looks[group][0] for group in order]), legend=None
        ),
        **tip_channels(),
    )
    axis = alt.X(
        "low:Q", title=phrase("share of passages"), axis=alt.Axis(format=".0%", tickCount=5), scale=alt.Scale(zero=True)
    )
    chart = alt.layer(*draw_intervals(base, axis)).properties(width=_WIDTH, height=_ROW * len(order))
    values = {"by": retell(by), "level": level}
    if (rows["n_gold"] > 0).any():
        notes = phrase("Share by {by}, corrected with labels; {level:.0%} interval", **values)
    else:
        notes = phrase("Share by {by}, as the classifier marks it; {level:.0%} interval", **values)
    if len(shares) > _MOST:
        notes = phrase("{notes}; the {n} largest of {n_all}", notes=notes, n=_MOST, n_all=len(shares))
    title = label_lines([name], _TITLE, max_lines=1)[name][0]
    return finish_chart(chart, title, notes)
