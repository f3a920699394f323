"""Charts of the tests that come before pairs: do groups differ at all, and which group stands apart?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from framing.charts.groups import GROUP, TOP_GROUPS, pick_groups
from framing.charts.labels import error_note, label_axis, label_lines, name_axis, name_frames, shorten, subtitle_lines
from framing.charts.style import (
    FIELD,
    INK,
    LABELS,
    SMALL,
    draw_intervals,
    facet_panels,
    finish_chart,
    fit_panels,
    order_scale,
)
from framing.charts.tips import KEY, TIP, add_tips, tip_channels
from framing.charts.verdicts import add_verdicts, describe_clear, join_intervals, verdict_colour
from framing.defaults import LEVEL
from framing.errors import TooLittleDataError
from framing.tables import AGAINST_REST, FRAME_TESTS, require_columns
from framing.texts import localise_number, phrase, retell

__all__ = ["frame_tests", "rest_differences"]

_COLUMNS = 2  # panels beside each other
_NAME = 24  # characters of a group's name beside its row
_NAMES = 150  # room for these names
_LEAST_P = 0.0005
_TEXT = 180  # room for the result of a test beside its bar


def rest_differences(
    against_rest: pd.DataFrame,
    names: Mapping[str, str],
    *,
    by: str = "outlet",
    level: float = LEVEL,
    top: int = 8,
    top_groups: int = TOP_GROUPS,
) -> Any:
    """Draw each group against the mean of the others, a panel for each frame, with joint intervals and a line at zero.

    Parameters
    ----------
    against_rest : DataFrame
        Each group against the others, a row a frame and group, columns `framing.tables.AGAINST_REST`.
    names : mapping of str to str
        Name of each frame by its id, in the order of the codebook (`codebook.names`); other frames are left out.
    by : str, default "outlet"
        What the groups are, for the title.
    level : float, default 0.95
        Level of the intervals in the table, for the subtitle.
    top : int, default 8
        Number of frames, those with the clearest differences.
    top_groups : int, default 30
        Number of groups that are drawn, those with most passages.

    Returns
    -------
    altair chart
        The chart, ready for display, `to_svg` or `to_png`.

    Raises
    ------
    InputError
        If the table lacks a column or has no row of a frame in `names`.

    See Also
    --------
    frame_tests : Whether groups differ on a frame at all.
    share_differences : Pairs of groups.

    Notes
    -----
    Frames with a difference come first, then those with the smallest p-value; in a panel, groups are in one order.
    """
    require_columns(against_rest, AGAINST_REST, what="differences from the rest")
    known = against_rest[against_rest["frame"].isin(list(names))].dropna(subset=["estimate"])
    if known.empty:
        raise TooLittleDataError(phrase("There are no differences from the rest to draw."))
    size = known["estimate"].abs()
    clearest = known.assign(size=-size).sort_values(["differs", "p_adjusted", "size"], ascending=[False, True, True])
    order = list(clearest["frame"].drop_duplicates()[:top])
    rows, drawn = pick_groups(known[known["frame"].isin(order)], GROUP, top_groups)
    told = [
        phrase("{share:.1%} against {rest:.1%}", share=share, rest=rest)
        for share, rest in zip(rows["share"], rows["rest"], strict=True)
    ]
    rows = add_tips(
        add_verdicts(rows), names, (GROUP, "frame"), form="+.1f", scale=100, unit=phrase(" points"), extra=told
    )
    for column in ("estimate", "low", "high"):
        rows[column] = 100 * rows[column]
    rows, _ = name_frames(rows, {frame: names[frame] for frame in order})
    groups = sorted(rows[GROUP].unique())
    axis = label_axis({name: shorten(name, _NAME) for name in groups}, minExtent=_NAMES)
    colour = verdict_colour(rows)
    title = phrase("points above or below the others")
    y = alt.Y(f"{GROUP}:N", title=None, scale=order_scale(groups), axis=axis)
    base = alt.Chart(rows).encode(y=y, color=colour, **tip_channels())
    zero = alt.Chart(rows).mark_rule(color="#666666", strokeDash=[4, 3], aria=False).encode(x=alt.datum(0))
    x = alt.X("low:Q", title=title, axis=alt.Axis(tickCount=5))
    panel = alt.layer(zero, *draw_intervals(base, x, size=48, joint=True))
    panel = panel.properties(width=fit_panels(_COLUMNS, labels=_NAMES), height=max(36, 16 * len(groups)))
    shown = [names[frame] for frame in order]
    panels = facet_panels(panel, "frame", shown, label_lines(shown, 38), columns=_COLUMNS)
    n_frames = known["frame"].nunique()
    return finish_chart(
        panels.resolve_scale(x="shared"),
        phrase("Which {by} stands apart from the others?", by=retell(by)),
        subtitle_lines(
            phrase(
                "Point: share of the {by} minus the mean of the others, in percentage points. {intervals} {error}",
                by=retell(by),
                intervals=join_intervals(level, len(known), phrase("rows of the table")),
                error=error_note(known),
            ),
            phrase(
                "Drawn: the {n_order} of {n_frames} frames with the clearest differences.",
                n_order=len(order),
                n_frames=n_frames,
            )
            if n_frames > top
            else "",
            drawn,
        ),
        verdict=describe_clear(known, phrase("difference from the others"), phrase("differences from the others")),
    )


def frame_tests(tests: pd.DataFrame, names: Mapping[str, str], *, level: float = LEVEL) -> Any:
    """Draw for each frame the adjusted p-value of the test that groups do not differ at all, the smallest first.

    Parameters
    ----------
    tests : DataFrame
        A test a frame, columns `framing.tables.FRAME_TESTS`.
    names : mapping of str to str
        Name of each frame by its id, in the order of the codebook (`codebook.names`); other frames are left out.
    level : float, default 0.95
        Level of the tests: a line stands at one minus it.

    Returns
    -------
    altair chart
        The chart, ready for display, `to_svg` or `to_png`.

    Raises
    ------
    InputError
        If the table lacks a column or has no row of a frame in `names`.

    See Also
    --------
    rest_differences : Which group stands apart.

    Notes
    -----
    The axis is logarithmic and ends at 0.0005: smaller values are drawn there.
    """
    require_columns(tests, FRAME_TESTS, what="tests of frames")
    known = tests[tests["frame"].isin(list(names))].dropna(subset=["p_adjusted"])
    if known.empty:
        raise TooLittleDataError(phrase("There are no tests of frames to draw."))
    known = known.sort_values(["p_adjusted", "p_value"], kind="stable")
    results = [
        f"F({_write_df(between)}, {_write_df(within)}) = {localise_number(f'{value:.2f}')}, {_write_p(p)}"
        for value, between, within, p in known[["f_value", "df_between", "df_within", "p_adjusted"]].itertuples(
            index=False
        )
    ]
    rows, _ = name_frames(add_verdicts(known), names)
    counts = zip(rows["frame"], results, rows["n_groups"], rows["n_passages"], rows["n_documents"], strict=True)
    rows[TIP] = [
        phrase(
            "{frame}: {result}; {groups} groups, {passages:,} passages, {documents:,} documents",
            frame=frame,
            result=result,
            groups=groups,
            passages=passages,
            documents=documents,
        )
        for frame, result, groups, passages, documents in counts
    ]
    rows[KEY] = [json.dumps({"frame": frame}) for frame in known["frame"]]
    rows["result"], rows["p"] = results, rows["p_adjusted"].clip(lower=_LEAST_P)
    order = list(rows["frame"])
    x = alt.X(
        "p:Q",
        title=phrase("adjusted p-value (log scale)"),
        scale=alt.Scale(type="log", domain=[_LEAST_P, 1], reverse=True, nice=False),
        axis=alt.Axis(values=[0.001, 0.01, 0.05, 0.1, 0.5, 1], format="~g"),
    )
    y = alt.Y("frame:N", title=None, scale=order_scale(order), axis=name_axis(order, width=36, minExtent=LABELS))
    base = alt.Chart(rows).encode(y=y, color=verdict_colour(rows))
    limit = alt.Chart(pd.DataFrame({"p": [1 - level]}))
    text = alt.Chart(rows).mark_text(align="left", fontSize=SMALL, color=INK, aria=False)
    chart = alt.layer(
        limit.mark_rule(color="#666666", strokeDash=[4, 3], aria=False).encode(x=x),
        base.mark_point(filled=True, size=70, opacity=1).encode(x=x, **tip_channels()),
        text.encode(x=alt.value(FIELD - _TEXT + 8), y=y, text="result:N"),
    )
    return finish_chart(
        chart.properties(width=FIELD - _TEXT, height=22 * len(order)),
        phrase("On which frames do groups differ at all?"),
        subtitle_lines(
            phrase(
                "One F test a frame of the hypothesis that all groups have the same share; p-values are "
                "adjusted for all {n_known} frames. Dashes: {alpha:.2g}. {error}",
                n_known=len(known),
                alpha=1 - level,
                error=error_note(known),
            )
        ),
        verdict=_describe_frames(known, names),
    )


def _describe_frames(known: pd.DataFrame, names: Mapping[str, str]) -> str:
    """The verdict on all frames, with the names of those on which groups differ."""
    differing = [names[frame] for frame in known.loc[known["differs"].astype(bool), "frame"]]
    labelled = bool((known["n_gold"] > 0).any())
    if not differing:
        return phrase("On none of the {n_known} frames can the groups be told apart.", n_known=len(known))
    if not labelled:
        return phrase(
            "Exploratory: groups are apart on {differing}; classifier errors may explain it.",
            differing=", ".join(differing),
        )
    return phrase("Groups differ on {differing}.", differing=", ".join(differing))


def _write_df(value: float) -> str:
    return localise_number(f"{value:.1f}".removesuffix(".0"))


def _write_p(value: float) -> str:
    return "p < " + localise_number(".001") if value < 0.001 else "p = " + localise_number(f"{value:.3f}")
