"""Figures of wording: the words that set groups apart within a frame, and the frames that stand together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from textwrap import wrap
from typing import Any

import altair as alt
import pandas as pd

from framing.charts.style import INK, finish, label_of, panel_header, scales, shorten, with_names
from framing.defaults import LEVEL
from framing.errors import InputError
from framing.tables import PAIRS, WORDS, require_columns

__all__ = ["pair_intervals", "word_contrasts"]

_CLEAR = 0.05  # q-value from which a dot is drawn hollow


def word_contrasts(
    words: pd.DataFrame,
    names: Mapping[str, str],
    *,
    by: str = "outlet",
    groups: Iterable[str] = (),
    top: int = 6,
    per_group: int = 2,
    level: float = LEVEL,
) -> Any:
    """Draw the words that set each group apart when it uses a frame, a panel for each frame, with intervals.

    Parameters
    ----------
    words : DataFrame
        Distinctive words, as `framing.compare_words` returns them.
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
    framing.compare_words : Makes the table.
    """
    require_columns(words, (by, *WORDS), what="distinctive words")
    shown = with_names(words.dropna(subset=["z"]), names)[0]
    if shown.empty:
        raise InputError("There are no words with an interval to draw.")
    clearest = shown.sort_values("z", ascending=False, kind="stable")
    order = list(clearest["frame"].drop_duplicates()[:top])
    picked = clearest[clearest["frame"].isin(order)].groupby(["frame", by], sort=False).head(per_group)
    shown = picked.sort_values(by, kind="stable").reset_index(drop=True)
    shown["row"] = [f"{number:04d}" for number in range(len(shown))]
    shown["clear"] = shown["q_value"] < _CLEAR
    colour, shape = scales(shown[by], groups, by)
    title = "log-odds against the others"
    low, high = min(0.0, float(shown["low"].min())), float(shown["high"].max())
    panels = []
    for frame in order:
        part = shown[shown["frame"] == frame]
        labels = dict(zip(part["row"], (shorten(word, 28) for word in part["word"]), strict=True))
        axis = alt.Axis(labelLimit=0, labelExpr=label_of(labels))
        base = alt.Chart(part).encode(
            y=alt.Y("row:N", title=None, sort=list(part["row"]), axis=axis), color=colour,
        )  # fmt: skip
        x = alt.X("low:Q", title=title, scale=alt.Scale(domain=[low, high]), axis=alt.Axis(tickCount=4))
        zero = alt.Chart(pd.DataFrame({"zero": [0]})).mark_rule(color="#666666", strokeDash=[4, 3])
        points = base.encode(x="estimate:Q", shape=shape)
        panel = alt.layer(
            zero.encode(x=alt.X("zero:Q", title=title)),
            base.mark_rule(strokeWidth=2).encode(x=x, x2="high:Q"),
            points.transform_filter("datum.clear").mark_point(filled=True, size=55, opacity=1),
            points.transform_filter("!datum.clear").mark_point(fill="#ffffff", size=45, opacity=1, strokeWidth=1.5),
        ).properties(
            width=200, height=17 * len(part), title=alt.TitleParams(shorten(frame, 34), fontSize=12, color=INK)
        )
        panels.append(panel)
    return finish(
        alt.concat(*panels, columns=2, spacing=24),
        f"What each {by} says when it uses a frame",
        [
            f"Words used more than by the others in passages with the frame. Line: {level:.0%} interval, each alone.",
            f"Hollow: not clear of noise (q of {_CLEAR} or more).",
        ],
    )


def pair_intervals(
    pairs: pd.DataFrame,
    names: Mapping[str, str],
    *,
    by: str = "outlet",
    groups: Iterable[str] = (),
    top: int = 9,
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
    known = pairs[pairs["frame_a"].isin(list(names)) & pairs["frame_b"].isin(list(names))]
    shown = known.dropna(subset=["low"]).copy()
    if shown.empty:
        raise InputError("No pair of frames has an interval to draw: too few documents have both.")
    shown["pair"] = [f"{a}\n{b}" for a, b in zip(shown["frame_a"], shown["frame_b"], strict=True)]
    order = list(shown["pair"].drop_duplicates()[:top])  # pairs come clearest first
    shown = shown[shown["pair"].isin(order)]
    here = sorted(shown[by].unique())
    colour, shape = scales(here, groups, by)
    lines = {
        pair: [shorten(names[a], 34), *wrap(f"with {names[b]}", 34, max_lines=2, placeholder=" …")]
        for pair, a, b in shown[["pair", "frame_a", "frame_b"]].drop_duplicates().itertuples(index=False)
    }
    times = "format(pow(2, datum.value), datum.value < 0 ? '.2~f' : '.0f') + '×'"
    base = alt.Chart(shown).encode(y=alt.Y(f"{by}:N", title=None, axis=None, sort=here), color=colour)
    title = "observed over expected"
    x = alt.X("low:Q", title=title, axis=alt.Axis(labelExpr=times, tickMinStep=1, tickCount=5))
    zero = alt.Chart(shown).mark_rule(color="#666666", strokeDash=[4, 3]).encode(x=alt.datum(0))
    panel = alt.layer(
        zero,
        base.mark_rule(strokeWidth=2).encode(x=x, x2="high:Q"),
        base.mark_point(filled=True, size=55, opacity=1).encode(x="estimate:Q", shape=shape),
    ).properties(width=200, height=max(40, 15 * len(here)))
    header = panel_header([], 34, labelAnchor="start")
    header.labelExpr = label_of(lines)
    chart = panel.facet(facet=alt.Facet("pair:N", sort=order, header=header), columns=3)
    return finish(
        chart.resolve_scale(x="shared"),
        f"Frames that stand together, by {by}",
        [
            f"1×: as often as by chance. Line: {level:.0%} interval, each alone.",
            "No line: the pair is too rare there.",
        ],
    )
