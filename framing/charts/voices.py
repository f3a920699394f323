"""Charts of voices: who speaks on which frame, and frames in the outlet's voice beside others' voices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from framing.charts.groups import GROUP, name_groups, pick_groups
from framing.charts.labels import label_axis, name_frames, shorten, subtitle_lines
from framing.charts.style import COLOURS, draw_intervals, facet_panels, finish_chart, fit_panels, order_scale
from framing.charts.tips import KEY, add_tips, tip_channels
from framing.defaults import LEVEL
from framing.errors import InputError, TooLittleDataError
from framing.estimates.by_voice import NOT_KNOWN, OUTLET
from framing.tables import SHARES, require_columns
from framing.texts import phrase, phrase_later, phrase_n, retell

__all__ = ["shares_by_voice", "speakers_by_frame"]

_TOP_GROUPS = 15  # with up to three rows each
_NAME = 22  # characters of a name beside its row
_NAMES = 140  # room for these names
_GREY = "#6b6b6b"  # of what is not known
_SPANS = "n_spans"  # column of tables that count spans
_WHAT_SPANS_ARE = phrase_later(
    "Counted are spans: what one speaker says in a passage, or what is left in the outlet’s own voice."
)
_SPEAKERS = ("frame", "speaker_group", "estimate", "low", "high", "n_passages")


@dataclass(frozen=True, slots=True)
class _Style:
    name: str
    colour: str
    shape: str


_VOICES = {
    "own": _Style(phrase_later("the outlet’s own"), COLOURS[1], "square"),
    "quoted": _Style(phrase_later("quoted"), COLOURS[0], "circle"),
    "reported": _Style(phrase_later("reported"), COLOURS[2], "triangle-up"),
    "unknown": _Style(phrase_later("not known"), _GREY, "diamond"),
}


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
    counts = _find_counts(speakers)
    rows = _add_tips(speakers[speakers["frame"].isin(list(names))], names, ("speaker_group", "frame"))
    if rows.empty:
        raise TooLittleDataError(phrase("There are no speakers to draw: no passage carries a frame of this codebook."))
    n_units = rows.groupby("frame", sort=False)[counts].first().sort_values(ascending=False, kind="stable")
    order = list(n_units.index[:top])
    rows = rows[rows["frame"].isin(order)]
    groups = list(rows["speaker_group"].drop_duplicates())
    rows["whose"] = rows["speaker_group"].map({OUTLET: "own", NOT_KNOWN: "not known"}).fillna("others")
    scale = alt.Scale(domain=["own", "others", "not known"], range=[COLOURS[1], COLOURS[0], _GREY])
    axis = label_axis({name: shorten(retell(name), _NAME) for name in groups}, minExtent=_NAMES)
    base = alt.Chart(rows).encode(
        y=alt.Y("speaker_group:N", title=None, scale=order_scale(groups), axis=axis),
        color=alt.Color("whose:N", legend=None, scale=scale),
        **tip_channels(),
    )
    panel = alt.layer(*draw_intervals(base, _share_axis(_name_axis(counts, of="frame"))))
    labels = {
        frame: [
            shorten(names[frame], 25),
            phrase_n("{n:,} span", "{n:,} spans", int(n_units[frame]))
            if counts == _SPANS
            else phrase_n("{n:,} passage", "{n:,} passages", int(n_units[frame])),
        ]
        for frame in order
    }
    panels = facet_panels(
        panel.properties(width=fit_panels(3, labels=_NAMES), height=17 * len(groups)), "frame", order, labels
    )
    return finish_chart(
        panels.resolve_scale(x="shared"),
        phrase("Who speaks on which frame"),
        [
            phrase(_WHAT_SPANS_ARE)
            if counts == _SPANS
            else phrase("Each passage has one voice, by most of its attributed words."),
            phrase(
                "Thin line: {level:.0%} interval, each alone; none for a single document. Errors in "
                "finding frames and speakers are not included.",
                level=level,
            ),
        ],
    )


def shares_by_voice(
    shares: pd.DataFrame,
    names: Mapping[str, str],
    *,
    by: str = "outlet",
    top: int = 6,
    top_groups: int = _TOP_GROUPS,
    level: float = LEVEL,
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
    top_groups : int, default 15
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
        If the table lacks a column or has no share of a frame in `names`.

    See Also
    --------
    framing.estimate_prevalence_by_voice : Makes the table.
    """
    require_columns(shares, (by, "voice", *SHARES), what="frame shares by voice")
    counts = _find_counts(shares)
    rows = shares[shares["frame"].isin(list(names))].dropna(subset=["estimate"])
    rows = _add_tips(rows, names, (by, "voice", "frame"))
    if rows.empty:
        raise TooLittleDataError(phrase("There are no shares by voice to draw."))
    n_units = (rows["estimate"] * rows[counts]).groupby(rows["frame"]).sum()
    frames = list(n_units.sort_values(ascending=False, kind="stable").index[:top])
    order = [names[frame] for frame in frames]
    rows, _ = name_frames(rows[rows["frame"].isin(frames)], {frame: names[frame] for frame in frames})
    rows["whose"] = rows["voice"].map({voice: phrase(style.name) for voice, style in _VOICES.items()})
    styles = [style for voice, style in _VOICES.items() if voice in set(rows["voice"])]
    whose = [phrase(style.name) for style in styles]
    rows, drawn = pick_groups(rows, by, top_groups)
    rows = name_groups(rows, by)
    group_names = sorted(rows[GROUP].unique())
    axis = label_axis({name: shorten(name, _NAME) for name in group_names}, minExtent=_NAMES)
    colours = alt.Scale(domain=whose, range=[style.colour for style in styles])
    shapes = alt.Scale(domain=whose, range=[style.shape for style in styles])
    base = alt.Chart(rows).encode(
        y=alt.Y(f"{GROUP}:N", title=None, scale=order_scale(group_names), axis=axis),
        yOffset=alt.YOffset("whose:N", sort=whose),
        color=alt.Color("whose:N", title=phrase("voice"), scale=colours, legend=alt.Legend(orient="top")),
        **tip_channels(),
    )
    shape = alt.Shape("whose:N", title=phrase("voice"), scale=shapes, legend=alt.Legend(orient="top"))
    panel = alt.layer(*draw_intervals(base, _share_axis(_name_axis(counts, of="voice")), shape=shape, size=45))
    height = 14 * max(1, len(styles)) * len(group_names)
    labels = {name: shorten(name, 38) for name in order}
    panels = facet_panels(
        panel.properties(width=fit_panels(2, labels=_NAMES), height=height), "frame", order, labels, columns=2
    )
    return finish_chart(
        panels.resolve_scale(x="shared"),
        phrase("Frames in the own voice of each {by} and in others’ voices", by=retell(by)),
        subtitle_lines(
            phrase(_WHAT_SPANS_ARE) if counts == _SPANS else "",
            phrase(
                "Thin line: {level:.0%} interval, each alone. Errors in finding frames and speakers are not included.",
                level=level,
            ),
            phrase("Not known: in a language without rules for speech.") if "unknown" in set(rows["voice"]) else "",
            drawn,
        ),
    )


def _find_counts(table: pd.DataFrame) -> str:
    """Column of the number of what is counted: spans or passages."""
    return _SPANS if _SPANS in table.columns else "n_passages"


def _name_axis(counts: str, *, of: str) -> str:
    if of == "frame":
        return phrase("share of the frame’s spans") if counts == _SPANS else phrase("share of the frame’s passages")
    return phrase("share of the voice’s spans") if counts == _SPANS else phrase("share of the voice’s passages")


def _add_tips(rows: pd.DataFrame, names: Mapping[str, str], keys: Sequence[str]) -> pd.DataFrame:
    """The rows with tips; those of spans link to no passages, whose frames and voices are of the whole."""
    tips = add_tips(rows, names, keys)
    return tips.assign(**{KEY: None}) if _SPANS in rows.columns else tips


def _share_axis(title: str) -> alt.X:
    return alt.X("low:Q", title=title, axis=alt.Axis(format="%", tickCount=4))
