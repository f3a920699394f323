"""Figures of voices: who speaks on which frame, and frames in the outlet's own voice beside others' voices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from framing.charts.style import COLOURS, finish, label_of, panel_header, shorten, with_names
from framing.defaults import LEVEL
from framing.errors import InputError
from framing.estimates.by_voice import OUTLET
from framing.tables import SHARES, require_columns

__all__ = ["shares_by_voice", "speakers_by_frame"]

_SPEAKERS = ("frame", "speaker_group", "estimate", "low", "high", "n_passages")
_VOICES = {"own": "the outlet’s own", "quoted": "quoted", "reported": "reported"}


def speakers_by_frame(speakers: pd.DataFrame, names: Mapping[str, str], *, top: int = 9, level: float = LEVEL) -> Any:
    """Draw whose voice the passages with a frame are in, a panel for each frame, with intervals.

    Parameters
    ----------
    speakers : DataFrame
        Shares of speakers, as `framing.estimate_speakers` returns them without `by`.
    names : mapping of str to str
        Name of each frame by its id, in the order of the codebook (`codebook.names`); other frames are left out.
    top : int, default 9
        Number of frames, the most frequent.
    level : float, default 0.95
        Level of the intervals in the table, for the subtitle.

    Returns
    -------
    altair chart
        The chart, ready for display, `to_svg` or `to_png`.

    Raises
    ------
    InputError
        If the table lacks a column, has several rows for a frame and group of speakers, or has no row of a frame in
        `names`.

    See Also
    --------
    framing.estimate_speakers : Makes the table.
    """
    require_columns(speakers, _SPEAKERS, what="speakers by frame")
    if speakers.duplicated(["frame", "speaker_group"]).any():
        raise InputError("speakers has several rows for a frame and group; draw the table of one outlet at a time.")
    shown = speakers[speakers["frame"].isin(list(names))].copy()
    if shown.empty:
        raise InputError("There are no speakers to draw: no passage carries a frame of this codebook.")
    sizes = shown.groupby("frame", sort=False)["n_passages"].first().sort_values(ascending=False, kind="stable")
    order = list(sizes.index[:top])
    shown = shown[shown["frame"].isin(order)]
    groups = list(shown["speaker_group"].drop_duplicates())
    shown["whose"] = (shown["speaker_group"] == OUTLET).map({True: "own", False: "others"})
    lines = {frame: [shorten(names[frame], 34), f"{sizes[frame]:,} passages"] for frame in order}
    axis = alt.Axis(labelLimit=0, labelExpr=label_of({name: shorten(name, 26) for name in groups}))
    colour = alt.Color(
        "whose:N", legend=None, scale=alt.Scale(domain=["own", "others"], range=[COLOURS[1], COLOURS[0]])
    )
    base = alt.Chart(shown).encode(y=alt.Y("speaker_group:N", title=None, sort=groups, axis=axis), color=colour)
    x = alt.X("low:Q", title="share of the frame’s passages", axis=alt.Axis(format="%", tickCount=4))
    panel = alt.layer(
        base.mark_rule(strokeWidth=2).encode(x=x, x2="high:Q"),
        base.mark_point(filled=True, size=55, opacity=1).encode(x="estimate:Q"),
    ).properties(width=150, height=17 * len(groups))
    header = panel_header([], 34, labelAnchor="start")
    header.labelExpr = label_of(lines)
    chart = panel.facet(facet=alt.Facet("frame:N", sort=order, header=header), columns=3)
    return finish(
        chart.resolve_scale(x="shared"),
        "Who speaks on which frame",
        [
            f"Each passage has one voice, by most of its attributed words. Line: {level:.0%} interval, each alone.",
            "No line: a single document. Errors in finding frames and speakers are not included.",
        ],
    )


def shares_by_voice(
    shares: pd.DataFrame, names: Mapping[str, str], *, by: str = "outlet", top: int = 6, level: float = LEVEL
) -> Any:
    """Draw the shares of frames in the voice of each group and in quoted and reported speech, a panel for each frame.

    Parameters
    ----------
    shares : DataFrame
        Shares by `(by, "voice")`, as `framing.estimate_prevalence_by_voice` returns them.
    names : mapping of str to str
        Name of each frame by its id, in the order of the codebook (`codebook.names`); other frames are left out.
    by : str, default "outlet"
        Column of the groups.
    top : int, default 6
        Number of frames, the most frequent.
    level : float, default 0.95
        Level of the intervals in the table, for the subtitle.

    Returns
    -------
    altair chart
        The chart, ready for display, `to_svg` or `to_png`.

    Raises
    ------
    InputError
        If the table lacks a column or has no share of a frame in `names`.

    See Also
    --------
    framing.estimate_prevalence_by_voice : Makes the table.
    """
    require_columns(shares, (by, "voice", *SHARES), what="frame shares by voice")
    shown = shares[shares["frame"].isin(list(names))].dropna(subset=["estimate"]).copy()
    if shown.empty:
        raise InputError("There are no shares by voice to draw.")
    weight = (shown["estimate"] * shown["n_passages"]).groupby(shown["frame"]).sum()
    order = list(weight.sort_values(ascending=False, kind="stable").index[:top])
    shown, _ = with_names(shown[shown["frame"].isin(order)], {frame: names[frame] for frame in order})
    order = [names[frame] for frame in order]
    voices = [voice for voice in _VOICES if voice in set(shown["voice"])]
    shown["whose"] = shown["voice"].map(_VOICES)
    scale = [_VOICES[voice] for voice in voices]
    colours = {"own": COLOURS[1], "quoted": COLOURS[0], "reported": COLOURS[2]}
    shapes = {"own": "square", "quoted": "circle", "reported": "triangle-up"}
    here = sorted(shown[by].unique())
    colour = alt.Color(
        "whose:N", title="voice", scale=alt.Scale(domain=scale, range=[colours[voice] for voice in voices])
    )
    shape = alt.Shape(
        "whose:N", title="voice", scale=alt.Scale(domain=scale, range=[shapes[voice] for voice in voices])
    )
    axis = alt.Axis(labelLimit=0, labelExpr=label_of({name: shorten(name, 26) for name in here}))
    base = alt.Chart(shown).encode(
        y=alt.Y(f"{by}:N", title=None, sort=here, axis=axis),
        yOffset=alt.YOffset("whose:N", sort=scale),
        color=colour,
    )
    x = alt.X("low:Q", title="share of the voice’s passages", axis=alt.Axis(format="%", tickCount=4))
    panel = alt.layer(
        base.mark_rule(strokeWidth=2).encode(x=x, x2="high:Q"),
        base.mark_point(filled=True, size=45, opacity=1).encode(x="estimate:Q", shape=shape),
    ).properties(width=190, height=14 * max(1, len(voices)) * len(here))
    header = panel_header([], 34, labelAnchor="start")
    header.labelExpr = label_of({frame: shorten(frame, 34) for frame in order})
    chart = panel.facet(facet=alt.Facet("frame:N", sort=order, header=header), columns=2)
    return finish(
        chart.resolve_scale(x="shared"),
        f"Frames in the own voice of each {by} and in others’ voices",
        [f"Line: {level:.0%} interval, each alone. Errors in finding frames and speakers are not included."],
    )
