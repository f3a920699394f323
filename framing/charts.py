"""Every figure: a tidy table in, an Altair chart out. Intervals drawn, one colour an outlet throughout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from framing.errors import InputError
from framing.tables import CONTRASTS, SHARES, require_columns

__all__ = [
    "documents_over_time",
    "frame_trends",
    "palette",
    "score_spread",
    "share_differences",
    "share_heatmap",
    "share_intervals",
    "share_trends",
    "to_png",
    "to_svg",
]

# Okabe & Ito (2008), told apart with every common colour vision; yellow left out, too pale on white.
# More groups than colours: shapes differ too.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
_SHAPES = ("circle", "square", "triangle-up", "diamond", "triangle-down", "cross", "triangle-right")
_INK, _FAINT = "#222222", "#d9d9d9"
_WIDTH = 680


def palette(groups: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Colour and point shape of each group, the same in every chart of a report.

    >>> palette(["b", "a"])["a"]
    ('#0072B2', 'circle')
    """
    return {
        name: (_COLOURS[place % len(_COLOURS)], _SHAPES[(place // len(_COLOURS) + place) % len(_SHAPES)])
        for place, name in enumerate(sorted(set(groups)))
    }


def _scales(groups: Sequence[str], title: str) -> tuple[alt.Color, alt.Shape]:
    chosen = palette(groups)
    legend = alt.Legend(title=title, orient="top", columns=4, labelLimit=200)
    names = list(chosen)
    return (
        alt.Color(
            f"{_field(title)}:N",
            scale=alt.Scale(domain=names, range=[chosen[name][0] for name in names]),
            legend=legend,
        ),
        alt.Shape(
            f"{_field(title)}:N",
            scale=alt.Scale(domain=names, range=[chosen[name][1] for name in names]),
            legend=legend,
        ),
    )


def _field(title: str) -> str:
    return title.lower()


def _finish(chart: Any, title: str, subtitle: str | Sequence[str]) -> Any:
    subtitle = [subtitle] if isinstance(subtitle, str) else list(subtitle)
    return (
        chart.properties(
            title=alt.TitleParams(
                title, subtitle=subtitle, anchor="start", fontSize=15, subtitleFontSize=11.5,
                subtitleColor="#555555", color=_INK, offset=14,
            )
        )
        .configure_view(stroke=None)
        .configure_axis(
            labelFontSize=11, titleFontSize=11, titleFontWeight="normal", titleColor="#444444",
            labelColor=_INK, gridColor="#eeeeee", domainColor="#999999", tickColor="#999999",
        )
        .configure_legend(labelFontSize=11, titleFontSize=11, titleFontWeight="normal", symbolSize=90)
        .configure_header(labelFontSize=12, labelFontWeight="bold", labelColor=_INK, title=None)
        .configure(font="Helvetica, Arial, sans-serif", background="#ffffff", padding=12)
    )  # fmt: skip


def _named(table: pd.DataFrame, names: Mapping[str, str]) -> tuple[pd.DataFrame, list[str]]:
    """Rows with readable frame names, and those names in the codebook's order."""
    shown = table[table["frame"].isin(list(names))].copy()
    shown["frame"] = shown["frame"].map(dict(names))
    return shown, [name for name in names.values() if name in set(shown["frame"])]


def documents_over_time(table: pd.DataFrame, *, by: str = "outlet", period: str = "week") -> Any:
    """Documents per group and period: columns `by, period, n_documents`. Counts are exact: no interval."""
    require_columns(table, (by, "period", "n_documents"), what="the table of documents over time")
    groups = sorted(table[by].unique())
    base = alt.Chart(table)
    chart = base.mark_rect(stroke="#ffffff").encode(
        x=alt.X("yearmonthdate(period):O", title=f"{period} (first day)", axis=alt.Axis(format="%d %b %y", labelAngle=-60, labelOverlap=True)),
        y=alt.Y(f"{by}:N", title=None, sort=groups, axis=alt.Axis(labelLimit=180)),
        color=alt.Color("n_documents:Q", title="documents", scale=alt.Scale(scheme="blues", domainMin=0), legend=alt.Legend(orient="top", gradientLength=180)),
    ).properties(width=_WIDTH, height=max(60, 30 * len(groups)))  # fmt: skip
    total = int(table["n_documents"].sum())
    return _finish(
        chart,
        f"What was read: documents per {by} and {period}",
        f"{total:,} dated documents; a blank is a {period} with none. Exact counts, so no intervals.",
    )


def share_heatmap(
    shares: pd.DataFrame, names: Mapping[str, str], *, by: str = "outlet", level: float = 0.95
) -> Any:
    """Share of each frame in each group as colour, with the share and its interval as text."""
    require_columns(shares, (by, *SHARES), what="shares")
    shown, order = _named(shares, names)
    groups = sorted(shown[by].unique())
    shown["share"] = shown["estimate"].map("{:.0%}".format)
    shown["interval"] = [
        f"{low:.0%} to {high:.0%}" if pd.notna(low) else "no interval"
        for low, high in zip(shown["low"], shown["high"], strict=True)
    ]
    top = max(0.05, float(shown["estimate"].max()))
    base = alt.Chart(shown).encode(
        x=alt.X(f"{by}:N", title=None, sort=groups, axis=alt.Axis(orient="top", labelAngle=-25, labelLimit=150)),
        y=alt.Y("frame:N", title=None, sort=order, axis=alt.Axis(labelLimit=240)),
    )
    ink = alt.condition(f"datum.estimate > {0.55 * top}", alt.value("white"), alt.value(_INK))
    chart = alt.layer(
        base.mark_rect(stroke="#ffffff").encode(
            color=alt.Color("estimate:Q", title="share of passages", scale=alt.Scale(scheme="blues", domain=[0, top]),
                            legend=alt.Legend(format=".0%", orient="bottom", gradientLength=220)),
        ),
        base.mark_text(fontSize=12, dy=-5).encode(text="share:N", color=ink),
        base.mark_text(fontSize=8.5, dy=8).encode(text="interval:N", color=ink),
    ).properties(width=max(320, 92 * len(groups)), height=max(80, 36 * len(order)))  # fmt: skip
    return _finish(
        chart, f"How often each {by} uses each frame", f"Share of passages; below it the {level:.0%} interval."
    )


def share_intervals(
    shares: pd.DataFrame, names: Mapping[str, str], *, by: str = "outlet", level: float = 0.95
) -> Any:
    """Shares as dots with intervals, one panel a frame."""
    require_columns(shares, (by, *SHARES), what="shares")
    shown, order = _named(shares, names)
    groups = sorted(shown[by].unique())
    title = by.capitalize()
    shown = shown.rename(columns={by: _field(title)})
    colour, shape = _scales(groups, title)
    base = alt.Chart(shown).encode(y=alt.Y(f"{_field(title)}:N", title=None, axis=None, sort=groups), color=colour)
    x = alt.X("low:Q", title="share of passages", axis=alt.Axis(format=".0%", tickCount=4), scale=alt.Scale(domainMin=0))
    panel = alt.layer(
        base.mark_rule(strokeWidth=2).encode(x=x, x2="high:Q"),
        base.mark_point(filled=True, size=55, opacity=1).encode(x="estimate:Q", shape=shape),
    ).properties(width=200, height=max(40, 15 * len(groups)))
    chart = panel.facet(
        facet=alt.Facet("frame:N", sort=order, header=alt.Header(labelAnchor="start", labelLimit=220)), columns=3
    ).resolve_scale(x="shared")
    return _finish(
        chart, f"Share of passages with each frame, by {by}", f"Dot: share. Line: {level:.0%} interval (documents resampled)."
    )


def share_differences(
    contrasts: pd.DataFrame, names: Mapping[str, str], *, level: float = 0.95, top: int = 20
) -> Any:
    """The `top` clearest pairwise differences with their joint intervals; a zero line to read them by."""
    require_columns(contrasts, CONTRASTS, what="contrasts")
    if contrasts.empty:
        raise InputError("There are no contrasts to draw.")
    shown = contrasts.head(top).copy()
    shown["frame"] = shown["frame"].map(dict(names))
    shown["pair"] = [
        f"{frame}: {a} − {b}" if estimate >= 0 else f"{frame}: {b} − {a}"
        for frame, a, b, estimate in zip(shown["frame"], shown["group_a"], shown["group_b"], shown["estimate"], strict=True)
    ]
    flip = shown["estimate"] < 0
    shown["estimate"] = shown["estimate"].abs()
    low, high = shown["low"].copy(), shown["high"].copy()
    shown["low"] = low.where(~flip, -high) * 100
    shown["high"] = high.where(~flip, -low) * 100
    shown["estimate"] *= 100
    shown["verdict"] = shown["differs"].map({True: "clear of noise", False: "within noise"})
    order = shown["pair"].to_list()
    base = alt.Chart(shown).encode(
        y=alt.Y("pair:N", title=None, sort=order, axis=alt.Axis(labelLimit=430)),
        color=alt.Color("verdict:N", title=None, legend=alt.Legend(orient="top"),
                        scale=alt.Scale(domain=["clear of noise", "within noise"], range=[_COLOURS[0], "#999999"])),
    )  # fmt: skip
    chart = alt.layer(
        alt.Chart(pd.DataFrame({"zero": [0]})).mark_rule(color="#666666", strokeDash=[4, 3]).encode(x="zero:Q"),
        base.mark_rule(strokeWidth=2).encode(x=alt.X("low:Q", title="difference in share (percentage points)"), x2="high:Q"),
        base.mark_point(filled=True, size=60, opacity=1).encode(x="estimate:Q"),
    ).properties(width=380, height=22 * len(order))
    return _finish(
        chart, "The clearest differences",
        [f"First minus second, with {level:.0%} intervals that hold jointly for all {len(contrasts):,} comparisons."],
    )  # fmt: skip


def share_trends(
    shares: pd.DataFrame,
    names: Mapping[str, str],
    *,
    by: str = "outlet",
    period: str = "week",
    marks: pd.DataFrame | None = None,
    frames: Sequence[str] = (),
    level: float = 0.95,
) -> Any:
    """Shares over time, one row a frame and one column a group, with interval bands and event marks."""
    require_columns(shares, (by, "period", *SHARES), what="shares over time")
    chosen = {key: names[key] for key in (frames or names)}
    shown, order = _named(shares, chosen)
    groups = sorted(shown[by].unique())
    colour, _ = _scales(groups, by.capitalize())
    shown = shown.rename(columns={by: _field(by)})
    axis = alt.Axis(format="%d %b", labelAngle=-60, tickCount=5, grid=False)
    x = alt.X("period:T", title=None, axis=axis)
    base = alt.Chart(shown)
    y = alt.Y("estimate:Q", title="share", axis=alt.Axis(format=".0%", tickCount=3), scale=alt.Scale(domain=[0, 1], clamp=True))
    layers = [
        base.mark_rule(strokeWidth=1.2, opacity=0.55).encode(x=x, y=alt.Y("low:Q"), y2="high:Q", color=colour.legend(None)),
        base.mark_line(strokeWidth=1.4).encode(x=x, y=y, color=colour.legend(None)),
        base.mark_point(filled=True, size=26, opacity=1).encode(x=x, y=y, color=colour.legend(None)),
    ]
    if marks is not None and len(marks):
        dated = shown[["frame", _field(by)]].drop_duplicates().merge(marks[["date"]], how="cross")
        layers.insert(0, alt.Chart().mark_rule(color=_FAINT, strokeDash=[3, 3]).encode(x="mark:T"))
        shown = pd.concat([shown, dated.rename(columns={"date": "mark"})], ignore_index=True)
    width = max(105, min(190, int(_WIDTH / max(1, len(groups)))))
    for number, layer in enumerate(layers):
        layers[number] = layer.properties(width=width, height=70)
        layers[number].data = alt.Undefined
    chart = alt.layer(*layers, data=shown).facet(
        row=alt.Row("frame:N", sort=order, header=alt.Header(labelAngle=0, labelAlign="left", labelLimit=150)),
        column=alt.Column(f"{_field(by)}:N", sort=groups, header=alt.Header(labelLimit=width)),
        spacing=10,
    )
    return _finish(
        chart, f"Shares per {period}",
        f"Point: share of the {period}'s passages. Line: {level:.0%} interval. Dashes: events listed below.",
    )  # fmt: skip


def frame_trends(
    shares: pd.DataFrame,
    names: Mapping[str, str],
    *,
    period: str = "week",
    marks: pd.DataFrame | None = None,
    level: float = 0.95,
) -> Any:
    """Share of each frame over time, all groups together: one small panel a frame, with intervals."""
    require_columns(shares, ("period", *SHARES), what="shares over time")
    shown, order = _named(shares, names)
    x = alt.X("period:T", title=None, axis=alt.Axis(format="%d %b", labelAngle=-60, tickCount=6, grid=False))
    y = alt.Y("low:Q", title="share", axis=alt.Axis(format=".0%", tickCount=3), scale=alt.Scale(domainMin=0))
    base = alt.Chart(shown).encode(x=x)
    layers = [
        base.mark_area(opacity=0.22, color=_COLOURS[0]).encode(y=y, y2="high:Q"),
        base.mark_line(strokeWidth=1.5, color=_COLOURS[0]).encode(y="estimate:Q"),
        base.mark_point(filled=True, size=22, opacity=1, color=_COLOURS[0]).encode(y="estimate:Q"),
    ]
    data = shown
    if marks is not None and len(marks):
        dated = shown[["frame"]].drop_duplicates().merge(marks[["date"]].rename(columns={"date": "mark"}), how="cross")
        data = pd.concat([shown, dated], ignore_index=True)
        layers.insert(0, alt.Chart().mark_rule(color=_FAINT, strokeDash=[3, 3]).encode(x="mark:T"))
    for layer in layers:
        layer.data = alt.Undefined
    chart = alt.layer(*layers, data=data).properties(width=200, height=80).facet(
        facet=alt.Facet("frame:N", sort=order, header=alt.Header(labelAnchor="start", labelLimit=220)), columns=3
    )
    return _finish(
        chart, f"Share of passages with each frame, per {period}",
        f"Line: share in all outlets together. Band: {level:.0%} interval. Dashes: events listed below.",
    )  # fmt: skip


def score_spread(classified: pd.DataFrame, names: Mapping[str, str], *, threshold: float) -> Any:
    """How scores spread per frame: the share of passages in each tenth, and the threshold."""
    require_columns(classified, ("frame", "score"), what="classified passages")
    shown, order = _named(classified[["frame", "score"]], names)
    cut = (shown["score"].clip(0, 0.999) * 20).astype(int) / 20
    counted = shown.assign(score=cut + 0.025).groupby(["frame", "score"]).size().rename("n_passages").reset_index()
    base = alt.Chart(counted)
    chart = base.mark_rect().encode(
        x=alt.X("score:Q", bin=alt.Bin(step=0.05, extent=[0, 1]), title=f"score (decided present from {threshold:.2f})"),
        y=alt.Y("frame:N", sort=order, title=None, axis=alt.Axis(labelLimit=240)),
        color=alt.Color("n_passages:Q", title="passages (log scale)", scale=alt.Scale(scheme="blues", type="log"), legend=alt.Legend(orient="top", gradientLength=180)),
    ).properties(width=520, height=22 * len(order))  # fmt: skip
    return _finish(chart, "How sure the classifier was", "Passages by score, per frame. Exact counts, so no intervals.")


def to_svg(chart: Any) -> str:
    """Static SVG of a chart, made without a network; text in it is escaped."""
    import vl_convert

    return str(vl_convert.vegalite_to_svg(chart.to_dict()))


def to_png(chart: Any, *, scale: float = 2.0) -> bytes:
    """PNG of a chart."""
    import vl_convert

    return bytes(vl_convert.vegalite_to_png(chart.to_dict(), scale=scale))
