"""Charts of agreement: of the classifier with human labels, and of the coders with each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from framing.charts.groups import GROUP, TOP_GROUPS, group_scales, pick_groups
from framing.charts.labels import label_axis, name_axis, name_frames, shorten, subtitle_lines
from framing.charts.style import (
    COLOURS,
    FIELD,
    INK,
    LABELS,
    SMALL,
    TEXT,
    blank_chart,
    draw_intervals,
    finish_chart,
    fit_panels,
    order_scale,
    require_rows,
)
from framing.charts.tips import add_tips, tip_channels
from framing.defaults import LEVEL
from framing.tables import ESTIMATE, require_columns
from framing.texts import localise_number, phrase, phrase_later, retell

__all__ = ["agreement_per_frame", "agreement_per_group", "coder_alpha"]

_PER_FRAME = {
    "precision": (phrase_later("Precision"), phrase_later("share that coders confirm")),
    "recall": (phrase_later("Recall"), phrase_later("share of theirs found")),
    "f1": ("F1", phrase_later("harmonic mean of both")),
    "average_precision": (phrase_later("Average precision"), phrase_later("of the scores (0 to 1)")),
}
_CALIBRATION = ("(all)", "calibration_error")
_PER_GROUP = {
    ("(macro)", "f1"): (phrase_later("macro-F1"), phrase_later("mean over frames (0 to 1)")),
    ("(micro)", "f1"): (phrase_later("micro-F1"), phrase_later("all decisions (0 to 1)")),
    _CALIBRATION: (phrase_later("calibration error"), phrase_later("share; lower is better")),
}
_ALPHA_LIMITS = (0.667, 0.8)  # Krippendorff, Content Analysis (4th ed. 2018), ch. 12: tentative, and to rely on


@dataclass(frozen=True, slots=True)
class _Panel:
    """The rows of one measure, and the upper end of its axis."""

    title: str
    unit: str
    rows: pd.DataFrame
    top: float = 1.0


def agreement_per_frame(per_frame: pd.DataFrame, names: Mapping[str, str], *, level: float = LEVEL) -> Any:
    """Draw precision, recall, F1 and average precision of each frame as dots with intervals.

    Parameters
    ----------
    per_frame : DataFrame
        Agreement with human labels, the `per_frame` of `framing.open_validity`.
    names : mapping of str to str
        Name of each frame by its id, in the order of the codebook (`codebook.names`); other frames are left out.
    level : float, default 0.95
        Level of the intervals in the table, for the subtitle.

    Returns
    -------
    altair chart
        The chart, ready for display, `to_svg` or `to_png`.

    Raises
    ------
    InputError
        If the table lacks a column or has no row of these measures.

    See Also
    --------
    framing.open_validity : Makes the table.
    agreement_per_group : The same for groups.
    """
    require_columns(per_frame, ("frame", "measure", *ESTIMATE), what="agreement per frame")
    told = add_tips(per_frame[per_frame["measure"].isin(list(_PER_FRAME))], names, ("measure", "frame"), form=".2f")
    rows, order = name_frames(told, names)
    require_rows(rows, phrase("agreement per frame"), "per_frame")
    n_coded = rows.groupby("frame")["n_passages"].max()
    axis = label_axis(
        {name: f"{shorten(name, 36)} ({n_coded[name]:,})" for name in order}, grid=True, ticks=False, minExtent=LABELS
    )
    panels = [
        _Panel(phrase(title), phrase(unit), rows[rows["measure"] == measure])
        for measure, (title, unit) in _PER_FRAME.items()
    ]
    undefined = [
        phrase(
            "{measure} of {name}",
            measure="F1" if measure == "f1" else retell(measure.replace("_", " ")),
            name=shorten(name, 40),
        )
        for name, measure in rows.loc[rows["estimate"].isna(), ["frame", "measure"]].itertuples(index=False)
    ]
    return finish_chart(
        _join_panels(panels, order, field="frame", axis=axis, step=21),
        phrase("Agreement with the human labels, per frame"),
        subtitle_lines(
            phrase(
                "Dot: estimate. Thin line: {level:.0%} interval (documents resampled; exact where none "
                "differs), if any.",
                level=level,
            ),
            phrase("In brackets: passages that coders gave the frame."),
            _list_undefined(undefined),
        ),
    )


def agreement_per_group(
    per_group_overall: pd.DataFrame,
    *,
    by: str = "outlet",
    groups: Iterable[str] = (),
    top_groups: int = TOP_GROUPS,
    level: float = LEVEL,
) -> Any:
    """Draw macro-F1, micro-F1 and calibration error of each group as dots with intervals.

    Parameters
    ----------
    per_group_overall : DataFrame
        Agreement with human labels, the `per_group_overall` of `framing.open_validity`.
    by : str, default "outlet"
        What the groups are, for titles.
    groups : iterable of str, default ()
        All groups of the report, so that a group keeps its colour in a table that lacks others.
    top_groups : int, default 30
        Number of groups that are drawn, those with most labelled passages.
    level : float, default 0.95
        Level of the intervals in the table, for the subtitle.

    Returns
    -------
    altair chart
        The chart, ready for display, `to_svg` or `to_png`.

    Raises
    ------
    InputError
        If the table lacks a column or has no row of these measures.

    See Also
    --------
    framing.open_validity : Makes the table.
    agreement_per_frame : The same for frames.
    """
    require_columns(per_group_overall, ("group", "frame", "measure", *ESTIMATE), what=f"agreement per {by}")
    chosen, drawn = pick_groups(per_group_overall, "group", top_groups)
    keys = pd.Series(list(zip(chosen["frame"], chosen["measure"], strict=True)), dtype=object)
    measured = keys.isin(list(_PER_GROUP)).to_numpy()
    rows, keys = add_tips(chosen[measured], {}, ("measure", "frame", "group"), form=".2f"), keys[measured]
    require_rows(rows, phrase("agreement per {by}", by=retell(by)), "per_group_overall")
    group_names = sorted(rows[GROUP].unique())
    largest = rows.loc[(keys == _CALIBRATION).to_numpy(), ["estimate", "high"]].max().max()
    panels = [
        _Panel(
            phrase(title),
            phrase(unit),
            rows[[other == key for other in keys]],
            _error_limit(largest) if key == _CALIBRATION else 1.0,
        )
        for key, (title, unit) in _PER_GROUP.items()
    ]
    undefined = [
        phrase("{measure} of {name}", measure=phrase(_PER_GROUP[key][0]), name=shorten(name, 40))
        for key, name, value in zip(keys, rows[GROUP], rows["estimate"], strict=True)
        if pd.isna(value)
    ]
    axis = name_axis(group_names, width=32, grid=True, ticks=False, minExtent=LABELS)
    colours = group_scales(group_names, groups, by)
    return finish_chart(
        _join_panels(panels, group_names, field=GROUP, axis=axis, step=26, colours=colours),
        phrase("Agreement with the human labels, by {by}", by=retell(by)),
        subtitle_lines(
            phrase(
                "Dot: estimate. Thin line: {level:.0%} interval (documents resampled; exact where none "
                "differs), if any.",
                level=level,
            ),
            phrase("Macro-F1 is a mean over the frames found there: groups may rest on different ones."),
            drawn,
            _list_undefined(undefined),
        ),
    )


def _error_limit(largest: float) -> float:
    """Upper end of the axis of calibration errors."""
    return min(1.0, max(0.05, 1.08 * float(largest))) if pd.notna(largest) else 1.0


def coder_alpha(reliability: pd.DataFrame, names: Mapping[str, str], *, level: float = LEVEL) -> Any:
    """Draw Krippendorff's alpha of each frame with its interval.

    Parameters
    ----------
    reliability : DataFrame
        Agreement of coders, as `framing.measure_reliability` returns it.
    names : mapping of str to str
        Name of each frame by its id, in the order of the codebook (`codebook.names`); other frames are left out.
    level : float, default 0.95
        Level of the intervals in the table, for the subtitle.

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
    framing.measure_reliability : Makes the table.

    Notes
    -----
    Without coders, or without an alpha, the chart says so. The dashed limits, .667 and .8, are those of Krippendorff,
    Content Analysis (4th ed. 2018), ch. 12.
    """
    title = phrase("Agreement of the coders with each other")
    if reliability.empty:
        return blank_chart(title, phrase("There are not columns of at least two coders, so no reliability."))
    require_columns(reliability, ("frame", "measure", *ESTIMATE), what="the reliability of coders")
    labels = {**names, "(mean)": phrase("Mean of the frames"), "(all)": phrase("All frames as categories")}
    alphas, _ = name_frames(
        add_tips(reliability[reliability["measure"] == "alpha"], labels, ("measure", "frame"), form=".2f"), labels
    )
    undefined = [
        phrase("alpha of {name}", name=shorten(name, 40)) for name in alphas.loc[alphas["estimate"].isna(), "frame"]
    ]
    rows = alphas.dropna(subset="estimate")
    if rows.empty:
        return blank_chart(
            title, phrase("No frame has an alpha: coders used one value only, or no passage has two codings.")
        )
    order = [name for name in labels.values() if name in set(rows["frame"])]
    return finish_chart(
        _draw_alphas(rows, order),
        title,
        subtitle_lines(
            phrase(
                "Dot: alpha. Thin line: {level:.0%} interval (documents resampled); none where coders "
                "never disagreed. Dashes: Krippendorff’s own customary limits; rely on {rely:g} "
                "and above, conclude only tentatively from {tentative:g}.",
                level=level,
                rely=_ALPHA_LIMITS[1],
                tentative=_ALPHA_LIMITS[0],
            ),
            _list_undefined(undefined),
        ),
        verdict=_judge_alphas(rows, names),
    )


def _judge_alphas(rows: pd.DataFrame, names: Mapping[str, str]) -> str:
    """How many frames reach Krippendorff's limits."""
    frames = rows[rows["frame"].isin(list(names.values()))]
    lower, upper = (int((frames["estimate"] >= limit).sum()) for limit in _ALPHA_LIMITS)
    if frames.empty:
        return ""
    return phrase(
        "Of {n_frames} frames with an alpha, {n_upper} reach at least {rely:g} and {n_lower} at least {tentative:g}.",
        n_frames=len(frames), n_upper=upper, rely=_ALPHA_LIMITS[1], n_lower=lower, tentative=_ALPHA_LIMITS[0],
    )  # fmt: skip


def _draw_alphas(rows: pd.DataFrame, order: list[str]) -> Any:
    """A row for each frame, with Krippendorff's limits as dashed lines."""
    lowest = min(0.0, float(rows[["estimate", "low"]].min().min()))
    x = alt.X(
        "low:Q",
        title=phrase("Krippendorff’s alpha (1: perfect, 0: as by chance)"),
        axis=alt.Axis(tickCount=6),
        scale=alt.Scale(domain=[lowest, 1.0], nice=True),
    )
    y = alt.Y(
        "frame:N",
        title=None,
        scale=order_scale(order),
        axis=name_axis(order, width=36, grid=True, ticks=False, minExtent=LABELS),
    )
    base = alt.Chart(rows).encode(y=y, color=alt.value(COLOURS[0]), **tip_channels())
    limits = alt.Chart(
        pd.DataFrame({"low": _ALPHA_LIMITS, "label": [localise_number(f"{limit:g}") for limit in _ALPHA_LIMITS]})
    )
    text = limits.mark_text(color="#444444", fontSize=SMALL, baseline="bottom", aria=False)
    return alt.layer(
        limits.mark_rule(color="#666666", strokeDash=[4, 3], aria=False).encode(x=x),
        text.encode(x=x, y=alt.value(-3), text="label:N"),
        *draw_intervals(base, x, shape=alt.value("circle"), size=60),
    ).properties(width=FIELD, height=21 * len(order))


def _join_panels(
    panels: Sequence[_Panel],
    order: list[str],
    *,
    field: str,
    axis: alt.Axis,
    step: int,
    colours: tuple[alt.Color, alt.Shape] | None = None,
) -> Any:
    """Panels in a row, with the names of the rows beside the first only."""
    channels: Iterable[Any] = (alt.value(COLOURS[0]), alt.value("circle"))
    if colours:
        channels = (channel.legend(None) for channel in colours)
    colour, shape = channels
    charts: list[Any] = []
    for panel in panels:
        y = alt.Y(
            f"{field}:N",
            title=None,
            scale=order_scale(order),
            axis=alt.Axis(labels=False, ticks=False, domain=False, grid=True) if charts else axis,
        )
        x = alt.X("low:Q", title=panel.unit, axis=alt.Axis(tickCount=3), scale=alt.Scale(domain=[0, panel.top]))
        base = alt.Chart(panel.rows.dropna(subset="estimate")).encode(y=y, color=colour, **tip_channels())
        title = alt.TitleParams(panel.title, anchor="start", frame="group", fontSize=TEXT, color=INK, offset=6)
        layers = alt.layer(*draw_intervals(base, x, shape=shape, size=60))
        room = fit_panels(len(panels), labels=LABELS + 12 * len(panels))
        charts.append(layers.properties(width=room, height=step * len(order), title=title))
    return alt.hconcat(*charts, spacing=10)


def _list_undefined(names: Sequence[str]) -> str:
    """A sentence on estimates that are undefined; empty without any."""
    rest = phrase(" and {n_names} more", n_names=len(names) - 3) if len(names) > 3 else ""
    return phrase("Left out, as undefined: {names}{rest}.", names=", ".join(names[:3]), rest=rest) if names else ""
