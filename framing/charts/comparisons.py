"""Charts of comparisons between groups: differences, their components, their fragility."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from framing.charts.labels import (
    error_note,
    label_axis,
    label_expression,
    label_pairs,
    row_height,
    subtitle_lines,
)
from framing.charts.style import (
    COLOURS,
    FIELD,
    INK,
    JOINT,
    LABELS,
    SINGLE,
    SMALL,
    blank_chart,
    draw_intervals,
    finish_chart,
    order_scale,
    zero_line,
)
from framing.charts.tips import add_tips, tip_channels
from framing.charts.verdicts import add_verdicts, describe_clear, join_intervals, verdict_colour
from framing.defaults import LEVEL
from framing.errors import TooLittleDataError
from framing.tables import COMPONENTS, CONTRASTS, FRAGILITY, require_columns
from framing.texts import phrase, phrase_later, retell

__all__ = ["fragility_strip", "share_components", "share_differences"]

_SHARED = 100  # room for the share of common stories beside the field
_POINTS = phrase_later("difference in share (percentage points)")
_PAIR = ("frame", "group_a", "group_b")
_STORIES = {
    "event": phrase_later("events of the corpus"),
    "story_id": phrase_later("stories"),
    "agenda_item": phrase_later("items of the agenda"),
}


def share_differences(contrasts: pd.DataFrame, names: Mapping[str, str], *, level: float = LEVEL, top: int = 20) -> Any:
    """Draw the clearest differences between groups with their joint intervals and a line at zero.

    Parameters
    ----------
    contrasts : DataFrame
        Differences, the clearest first, as `framing.compare_groups` returns them.
    names : mapping of str to str
        Name of each frame by its id, in the order of the codebook (`codebook.names`); other frames are left out.
    level : float, default 0.95
        Level of the intervals in the table, for the subtitle.
    top : int, default 20
        Number of differences.

    Returns
    -------
    altair chart
        The chart, ready for display, `to_svg` or `to_png`.

    Raises
    ------
    InputError
        If the table lacks a column or has no row.

    See Also
    --------
    framing.compare_groups : Makes the table.
    """
    require_columns(contrasts, CONTRASTS, what="contrasts")
    if contrasts.empty:
        raise TooLittleDataError(phrase("There are no contrasts to draw."))
    drawn = add_tips(add_verdicts(contrasts.head(top)), names, _PAIR, form="+.1f", scale=100, unit=phrase(" points"))
    rows, order, labels = label_pairs(drawn, names)
    y = alt.Y("pair:N", title=None, scale=order_scale(order), axis=label_axis(labels, minExtent=LABELS))
    base = alt.Chart(rows).encode(y=y, color=verdict_colour(rows), **tip_channels())
    x = alt.X("low:Q", title=phrase(_POINTS))
    chart = alt.layer(zero_line(phrase(_POINTS)), *draw_intervals(base, x, size=60, joint=True))
    return finish_chart(
        chart.properties(width=FIELD, height=row_height(labels) * len(order)),
        phrase("The clearest differences"),
        subtitle_lines(
            phrase(
                "First minus second. {intervals} {error}",
                intervals=join_intervals(level, len(contrasts), phrase("comparisons")),
                error=error_note(contrasts),
            )
        ),
        verdict=describe_clear(contrasts, phrase("comparison"), phrase("comparisons")),
    )


def share_components(
    components: pd.DataFrame,
    names: Mapping[str, str],
    *,
    contrasts: pd.DataFrame | None = None,
    level: float = LEVEL,
    top: int = 12,
) -> Any:
    """Draw the agenda and framing components of the clearest differences, with their intervals and their sum.

    Parameters
    ----------
    components : DataFrame
        Components of differences, the clearest first, as `framing.decompose_differences` returns them.
    names : mapping of str to str
        Name of each frame by its id, in the order of the codebook (`codebook.names`); other frames are left out.
    contrasts : DataFrame, optional
        The differences themselves, as `framing.compare_groups` returns them: their joint intervals are drawn behind the
        parts, so that no part looks surer than the whole.
    level : float, default 0.95
        Level of the intervals in the table, for the subtitle.
    top : int, default 12
        Number of differences.

    Returns
    -------
    altair chart
        The chart, ready for display, `to_svg` or `to_png`.

    Raises
    ------
    InputError
        If the table lacks a column.

    See Also
    --------
    framing.decompose_differences : Makes the table.

    Notes
    -----
    If the table is empty, the chart says why there is nothing to draw.
    """
    title = phrase("What they cover, or how they frame it")
    require_columns(components, COMPONENTS, what="components")
    if components.empty:
        return blank_chart(
            title, phrase("Passages have neither events nor dates, so differences cannot be taken apart.")
        )
    keys = list(_PAIR)
    first = components[keys].drop_duplicates().head(top)
    drawn = components.merge(first, on=keys)
    drawn = add_tips(drawn, names, ("component", *keys), form="+.1f", scale=100, unit=phrase(" points"))
    if contrasts is not None:
        whole = contrasts[[*keys, "low", "high"]].rename(columns={"low": "whole_low", "high": "whole_high"})
        drawn = drawn.merge(
            whole.assign(**{end: 100 * whole[end] for end in ("whole_low", "whole_high")}), "left", keys
        )
    rows, order, labels = label_pairs(drawn, names)
    rows["whole"] = [
        phrase("{pair}: {difference:+.1f} points in all", pair=pair, difference=difference)
        for pair, difference in zip(rows["pair"], rows["difference"], strict=True)
    ]
    rows["shared"] = [phrase("{share:.0%} in common", share=share) for share in rows["common"]]
    kind = str(components["agenda_items"].iloc[0])
    stories = (
        phrase(_STORIES[kind])
        if kind in _STORIES
        else phrase("what was published in the same {kind}", kind=retell(kind))
    )
    return finish_chart(
        _draw_components(rows, order, labels),
        title,
        subtitle_lines(
            phrase(
                "Agenda: they cover other stories, or in other proportion. Framing: the same story, framed "
                "otherwise. Black tick: both together, first minus second. Stories here: {stories}; in "
                "common: passages on stories that both cover.",
                stories=stories,
            ),
            phrase("Thick grey line: joint interval of the difference.") if contrasts is not None else "",
            phrase(
                "Thin lines: {level:.0%} intervals, each alone. Filled: so too if tested jointly, among "
                "all {n_components:,} parts. {error}",
                level=level,
                n_components=len(components),
                error=error_note(components),
            ),
        ),
        verdict=describe_clear(components, phrase("part"), phrase("parts")),
    )


def _draw_components(rows: pd.DataFrame, order: list[str], labels: Mapping[str, list[str]]) -> Any:
    """A row for each difference with both components, the difference as a tick, and the share of common stories."""
    parts = ["agenda", "framing"]
    in_words = {"agenda": phrase("agenda"), "framing": phrase("framing")}
    colour = alt.Color(
        "component:N",
        title=None,
        scale=alt.Scale(domain=parts, range=list(COLOURS[:2])),
        legend=alt.Legend(orient="top", symbolType="circle", labelExpr=label_expression(in_words)),
    )
    y = alt.Y(
        "pair:N",
        title=None,
        scale=alt.Scale(domain=order, paddingInner=0.3),
        axis=label_axis(labels, ticks=False, grid=False, minExtent=LABELS),
    )
    x = alt.X("low:Q", title=phrase(_POINTS))
    offset = alt.YOffset("component:N", scale=alt.Scale(domain=parts, paddingOuter=0.3))
    fill = alt.condition("datum.differs", colour, alt.value("#ffffff"))
    base = alt.Chart(rows).encode(y=y, **tip_channels())
    difference = (
        alt.Chart(rows)
        .encode(y=y, tooltip="whole:N", description="whole:N")
        .transform_filter(alt.datum.component == parts[0])
    )
    behind = difference.mark_rule(strokeWidth=JOINT, color="#999999", opacity=0.45)
    wholes = (
        [behind.encode(x=alt.X("whole_low:Q", title=phrase(_POINTS)), x2="whole_high:Q")] if "whole_low" in rows else []
    )
    return alt.layer(
        zero_line(phrase(_POINTS)),
        *wholes,
        difference.mark_tick(color=INK, thickness=2, opacity=1, size=22).encode(
            x=alt.X("difference:Q", title=phrase(_POINTS))
        ),
        base.mark_rule(strokeWidth=SINGLE).encode(x=x, x2="high:Q", yOffset=offset, color=colour),
        base.mark_point(size=52, opacity=1, strokeWidth=1.6).encode(
            x="estimate:Q", yOffset=offset, color=colour, fill=fill
        ),
        difference.mark_text(align="left", fontSize=SMALL, color="#555555", aria=False).encode(
            x=alt.value(FIELD - _SHARED + 8), text="shared:N"
        ),
    ).properties(width=FIELD - _SHARED, height=row_height(labels) * len(order))


def fragility_strip(headlines: pd.DataFrame, variations: pd.DataFrame, names: Mapping[str, str]) -> Any:
    """Draw each headline difference with its interval and its value under each variation.

    Parameters
    ----------
    headlines : DataFrame
        Headline differences, the `headlines` of `framing.measure_fragility`.
    variations : DataFrame
        Their values under other choices, the `variations` of `framing.measure_fragility`.
    names : mapping of str to str
        Name of each frame by its id, in the order of the codebook (`codebook.names`); other frames are left out.

    Returns
    -------
    altair chart
        The chart, ready for display, `to_svg` or `to_png`.

    Raises
    ------
    InputError
        If the table lacks a column or has no row, or nothing was varied.

    See Also
    --------
    framing.measure_fragility : Makes both tables.
    """
    require_columns(headlines, FRAGILITY, what="headline differences")
    if headlines.empty:
        raise TooLittleDataError(phrase("There are no differences to draw."))
    keys = list(_PAIR)
    is_one_sided = bool(((headlines["low"] <= -1) | (headlines["high"] >= 1)).any())
    headlines = _cut_one_sided(headlines)
    counted = [*keys, "estimate", "low", "high", "n_passages", "n_documents", "n_gold"]
    told = add_tips(headlines[counted], names, keys, form="+.1f", scale=100, unit=phrase(" points"))
    rows, order, labels = label_pairs(told.drop(columns=counted[-3:]), names)
    dots = variations.merge(rows[[*keys, "pair"]], on=keys).dropna(subset=["estimate"])
    if dots.empty:
        raise TooLittleDataError(phrase("No other choice could be varied; the table below says why."))
    dots["estimate"] = (100 * dots["estimate"]).round(1)  # halves of the seeds lie on top of each other
    dots = dots.drop_duplicates(["pair", "kind", "estimate"])
    kinds = list(dict.fromkeys(dots["kind"]))
    dots["tip"] = [
        phrase("{kind}: {estimate:+.1f} points", kind=retell(kind), estimate=estimate)
        for kind, estimate in zip(dots["kind"], dots["estimate"], strict=True)
    ]
    y = alt.Y("pair:N", title=None, scale=order_scale(order), axis=label_axis(labels, minExtent=LABELS))
    colour = alt.Color(
        "kind:N",
        title=None,
        sort=kinds,
        legend=alt.Legend(orient="top", labelExpr=label_expression({kind: retell(kind) for kind in kinds})),
        scale=alt.Scale(domain=kinds, range=list(COLOURS[: len(kinds)])),
    )
    base = alt.Chart(rows).encode(y=y, **tip_channels())
    chart = alt.layer(
        zero_line(phrase(_POINTS)),
        base.mark_rule(strokeWidth=8, opacity=0.18, color=INK).encode(
            x=alt.X("low:Q", title=phrase(_POINTS)), x2="high:Q"
        ),
        alt.Chart(dots)
        .mark_point(size=38, strokeWidth=1.4, opacity=0.8)
        .encode(
            x="estimate:Q",
            y=y,
            yOffset=alt.YOffset("kind:N", sort=kinds),
            color=colour,
            shape=alt.Shape("kind:N", sort=kinds, legend=None),
            **tip_channels(),
        ),
        base.mark_tick(color=INK, thickness=2, size=26).encode(x="estimate:Q"),
    )
    return finish_chart(
        chart.properties(width=FIELD, height=row_height(labels) * len(order)),
        phrase("Do the differences survive other choices?"),
        subtitle_lines(
            phrase(
                "Tick and thick grey band: the difference and its joint interval. Marks: what it is under "
                "each variation (seeds: with random halves of them), which is no sampling interval. First "
                "minus second."
            ),
            phrase("Bands of hypotheses with a direction have one bound; they go on at the other end.")
            if is_one_sided
            else "",
            error_note(headlines),
        ),
    )


def _cut_one_sided(headlines: pd.DataFrame) -> pd.DataFrame:
    """One-sided intervals, which reach to 100 points, end where the longest two-sided one does."""
    is_open = (headlines["low"] <= -1) | (headlines["high"] >= 1)
    both_sided = headlines[~is_open]
    reach = 1.1 * float(pd.concat([both_sided["low"], both_sided["high"], headlines["estimate"]]).abs().max())
    cut = {name: headlines[name].clip(-reach, reach).where(is_open, headlines[name]) for name in ("low", "high")}
    return headlines.assign(**cut)
