"""Charts of wording: the words that set groups apart within a frame, and frames that occur together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import altair as alt
import pandas as pd

from framing.charts.groups import GROUP, TOP_GROUPS, group_rows, group_scales, name_groups, pick_groups
from framing.charts.labels import label_axis, name_frames, shorten
from framing.charts.style import (
    GAP,
    INK,
    SINGLE,
    TEXT,
    draw_intervals,
    facet_panels,
    finish_chart,
    fit_panels,
    order_scale,
    zero_line,
)
from framing.charts.tips import add_tips, tip_channels
from framing.charts.verdicts import describe_clear
from framing.charts.wrapping import wrap_lines
from framing.defaults import LEVEL
from framing.errors import TooLittleDataError
from framing.tables import PAIRS, WORDS, require_columns
from framing.texts import phrase, phrase_later, retell

__all__ = ["pair_intervals", "word_contrasts"]

_MAX_Q = 0.05  # q-value from which a point is hollow
_WORDS = 126  # room for the words beside a panel
_LOG_ODDS = phrase_later("log-odds against the others")
_TIMES = "format(pow(2, datum.value), datum.value < 0 ? '.2~f' : '.0f') + '×'"  # of a logarithm to base 2


def word_contrasts(
    words: pd.DataFrame,
    names: Mapping[str, str],
    *,
    by: str = "outlet",
    groups: Iterable[str] = (),
    top: int = 6,
    per_group: int = 2,
    per_frame: int = TOP_GROUPS,
    level: float = LEVEL,
) -> Any:
    """Draw the words that set each group apart when it uses a frame, a panel for each frame, with intervals.

    Parameters
    ----------
    words : DataFrame
        Distinctive words, as `framing.find_distinctive_words` returns them.
    names : mapping of str to str
        Name of each frame by its id, in the order of the codebook (`codebook.names`); other frames are left out.
    by : str, default "outlet"
        Column of the groups.
    groups : iterable of str, default ()
        All groups of the report, so that a group keeps its colour in a table that lacks others.
    top : int, default 6
        Number of frames, those with the clearest words.
    per_group : int, default 2
        Number of words of each group in a panel, the clearest.
    per_frame : int, default 30
        Number of words in a panel, the clearest.
    level : float, default 0.95
        Level of the intervals in the table, for the subtitle.

    Returns
    -------
    altair chart
        The chart, ready for display, `to_svg` or `to_png`.

    Raises
    ------
    InputError
        If the table lacks a column or has no word with an interval.

    See Also
    --------
    framing.find_distinctive_words : Makes the table.
    """
    require_columns(words, (by, *WORDS), what="distinctive words")
    told = add_tips(words.dropna(subset=["z"]), names, ("word", by, "frame"), form="+.2f")
    clearest = name_frames(told, names)[0].sort_values("z", ascending=False, kind="stable")
    if "language" in clearest.columns and clearest["language"].nunique() > 1:  # words of two languages share no panel
        clearest["frame"] = [f"{frame} ({name})" for frame, name in clearest[["frame", "language"]].to_numpy()]
    if clearest.empty:
        raise TooLittleDataError(
            phrase("There are no words with an interval to draw: too few documents have the same words.")
        )
    order = list(clearest["frame"].drop_duplicates()[:top])
    picked = clearest[clearest["frame"].isin(order)].groupby(["frame", by], sort=False).head(per_group)
    n_words = picked.groupby("frame").size()
    picked = picked.groupby("frame", sort=False).head(per_frame)
    drawn = (
        phrase(" Drawn: the {per_frame} clearest of each frame; the table has all.", per_frame=per_frame)
        if max(n_words) > per_frame
        else ""
    )
    rows = name_groups(picked.sort_values(by, kind="stable").reset_index(drop=True), by)
    rows["row"] = [f"{number:04d}" for number in range(len(rows))]
    rows["clear"] = rows["q_value"] < _MAX_Q
    colour, shape = group_scales(rows[GROUP], groups, by)
    scale = alt.Scale(domain=[min(0.0, float(rows["low"].min())), float(rows["high"].max())])
    x = alt.X("low:Q", title=phrase(_LOG_ODDS), scale=scale, axis=alt.Axis(tickCount=4))
    panels = [_draw_words(rows[rows["frame"] == frame], frame, x, colour, shape) for frame in order]
    return finish_chart(
        alt.concat(*panels, columns=2, spacing=GAP),
        phrase("What each {by} says when it uses a frame", by=retell(by)),
        [
            phrase(
                "Words used more than by the others in passages with the frame. Thin line: {level:.0%} "
                "interval, each alone.",
                level=level,
            ),
            phrase(
                "Filled: q below {q} among all words, by the choice of documents; classifier error not "
                "included.{drawn}",
                q=_MAX_Q,
                drawn=drawn,
            ),
        ],
    )


def _draw_words(rows: pd.DataFrame, frame: str, x: alt.X, colour: alt.Color, shape: alt.Shape) -> Any:
    """The words of a frame, a row each, with intervals; hollow points for those that are not clear."""
    labels = dict(zip(rows["row"], (shorten(word, 20) for word in rows["word"]), strict=True))
    axis = label_axis(labels, minExtent=_WORDS)
    base = alt.Chart(rows).encode(
        y=alt.Y("row:N", title=None, axis=axis, scale=order_scale(list(rows["row"]))), color=colour,
        **tip_channels(),
    )  # fmt: skip
    points = base.encode(x="estimate:Q", shape=shape)
    return alt.layer(
        zero_line(phrase(_LOG_ODDS)),
        base.mark_rule(strokeWidth=SINGLE).encode(x=x, x2="high:Q"),
        points.transform_filter("datum.clear").mark_point(filled=True, size=55, opacity=1),
        points.transform_filter("!datum.clear").mark_point(fill="#ffffff", size=45, opacity=1, strokeWidth=1.5),
    ).properties(
        width=fit_panels(2) - _WORDS,
        height=17 * len(rows),
        title=alt.TitleParams(shorten(frame, 42), fontSize=TEXT, color=INK, anchor="start", frame="group"),
    )


def pair_intervals(
    pairs: pd.DataFrame,
    names: Mapping[str, str],
    *,
    by: str = "outlet",
    groups: Iterable[str] = (),
    top: int = 9,
    top_groups: int = TOP_GROUPS,
    level: float = LEVEL,
) -> Any:
    """Draw how often frames occur together, against chance, a panel for each pair, with intervals.

    Parameters
    ----------
    pairs : DataFrame
        Pairs of frames, the clearest first, as `framing.measure_cooccurrence` returns them.
    names : mapping of str to str
        Name of each frame by its id, in the order of the codebook (`codebook.names`); other frames are left out.
    by : str, default "outlet"
        Column of the groups.
    groups : iterable of str, default ()
        All groups of the report, so that a group keeps its colour in a table that lacks others.
    top : int, default 9
        Number of pairs.
    top_groups : int, default 30
        Number of groups that are drawn, those with most passages.
    level : float, default 0.95
        Level of the intervals in the table, for the subtitle.

    Returns
    -------
    altair chart
        The chart, ready for display, `to_svg` or `to_png`.

    Raises
    ------
    InputError
        If the table lacks a column or has no pair with an interval.

    See Also
    --------
    framing.measure_cooccurrence : Makes the table.
    """
    require_columns(pairs, (by, *PAIRS), what="pairs of frames")
    known = pairs["frame_a"].isin(list(names)) & pairs["frame_b"].isin(list(names))
    rows = pairs[known].dropna(subset=["low"]).copy()
    ends = ("estimate", "low", "high")
    told = add_tips(rows.assign(**{name: 2 ** rows[name] for name in ends}), names, (by, "frame_a", "frame_b"),
                    form=".2f", unit=phrase(" times as often as by chance"))  # fmt: skip
    rows = told.assign(**{name: rows[name] for name in ends})
    if rows.empty:
        raise TooLittleDataError(phrase("No pair of frames has an interval to draw: too few documents have both."))
    rows["pair"] = [f"{a}\n{b}" for a, b in zip(rows["frame_a"], rows["frame_b"], strict=True)]
    order = list(rows["pair"].drop_duplicates()[:top])
    rows = rows[rows["pair"].isin(order)]
    rows, drawn = pick_groups(rows, by, top_groups)
    base, shape, n_groups = group_rows(rows, by, groups)
    labels = {
        pair: [
            shorten(names[a], 34),
            *wrap_lines(phrase("with {frame}", frame=names[b]), 34, max_lines=2, placeholder=" …"),
        ]
        for pair, a, b in rows[["pair", "frame_a", "frame_b"]].drop_duplicates().itertuples(index=False)
    }
    axis = alt.Axis(labelExpr=_TIMES, tickMinStep=1, tickCount=5)
    zero = alt.Chart(base.data).mark_rule(color="#666666", strokeDash=[4, 3], aria=False).encode(x=alt.datum(0))
    x = alt.X("low:Q", title=phrase("observed over expected"), axis=axis)
    panel = alt.layer(zero, *draw_intervals(base.encode(**tip_channels()), x, shape=shape))
    panels = facet_panels(panel.properties(width=fit_panels(3), height=max(40, 15 * n_groups)), "pair", order, labels)
    return finish_chart(
        panels.resolve_scale(x="shared"),
        phrase("Frames that stand together, by {by}", by=retell(by)),
        [
            phrase("1×: as often as by chance. Thin line: {level:.0%} interval, each alone.", level=level),
            phrase("No line: the pair is too rare there. {drawn}", drawn=drawn).rstrip(),
        ],
        verdict=describe_clear(pairs, phrase("pair"), phrase("pairs")),
    )
