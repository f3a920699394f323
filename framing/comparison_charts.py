"""Figures of comparisons: raw beside corrected, agenda and framing, ranks left open, fragility."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from framing.chart_style import (
    COLOURS,
    finish,
    label_of,
    name_axis,
    panel_header,
    scales,
    shorten,
    with_names,
)
from framing.errors import InputError
from framing.tables import COMPONENTS, FRAGILITY, RANKS, SHARES, require_columns

__all__ = ["corrected_shares", "fragility_strip", "rank_intervals", "share_components"]

_ZERO = pd.DataFrame({"zero": [0]})
_POINTS = "difference in share (percentage points)"


def corrected_shares(
    shares: pd.DataFrame,
    names: Mapping[str, str],
    *,
    by: str = "outlet",
    groups: Iterable[str] = (),
    level: float = 0.95,
) -> Any:
    """Shares as dots with intervals, one panel a frame; where they are corrected, the raw share as a ring."""
    require_columns(shares, (by, *SHARES), what="shares")
    shown, order = with_names(shares, names)
    here = sorted(shown[by].unique())
    colour, shape = scales(here, groups, by)
    corrected = "raw" in shown.columns
    shown["ring"] = shown["raw"] if corrected else np.nan
    base = alt.Chart(shown).encode(y=alt.Y(f"{by}:N", title=None, axis=None, sort=here), color=colour)
    x = alt.X("low:Q", title="share of passages", axis=alt.Axis(format=".0%", tickCount=3),
              scale=alt.Scale(domainMin=0))  # fmt: skip
    panel = alt.layer(
        base.mark_rule(strokeWidth=2).encode(x=x, x2="high:Q"),
        base.mark_point(filled=True, size=55, opacity=1).encode(x="estimate:Q", shape=shape),
        base.mark_point(filled=False, size=70, strokeWidth=1.5, shape="circle").encode(x="ring:Q"),
    ).properties(width=200, height=max(40, 15 * len(here)))
    header = panel_header(order, 34, labelAnchor="start")
    chart = panel.facet(facet=alt.Facet("frame:N", sort=order, header=header), columns=3).resolve_scale(x="shared")
    title = f"Share of passages with each frame, by {by}"
    if not corrected:
        note = f"Dot: what the classifier marks. Line: {level:.0%} interval over documents; its errors are not in it."
        return finish(chart, title, note)
    missing = sorted(shown.loc[shown["estimate"].isna(), by].unique())
    few = f" Too few labels to correct: {', '.join(shorten(str(name), 30) for name in missing)}." if missing else ""
    return finish(
        chart,
        title,
        [
            f"Dot and line: share corrected with labelled passages, {level:.0%} interval, classifier error included.",
            f"Ring: share as the classifier marks it.{few}",
        ],
    )


def share_components(components: pd.DataFrame, names: Mapping[str, str], *, level: float = 0.95, top: int = 10) -> Any:
    """The `top` clearest differences taken apart: agenda and framing with their intervals, the difference as a tick."""
    require_columns(components, COMPONENTS, what="components")
    if components.empty:
        raise InputError("There are no components to draw.")
    shown = components.head(2 * top).copy()
    sign = np.where(shown["difference"] < 0, -1.0, 1.0)
    first = shown["group_a"].where(sign > 0, shown["group_b"])
    second = shown["group_b"].where(sign > 0, shown["group_a"])
    shown["pair"] = [" − ".join(parts) for parts in zip(shown["frame"], first, second, strict=True)]
    low, high = shown["low"] * sign, shown["high"] * sign
    shown["low"], shown["high"] = 100 * np.minimum(low, high), 100 * np.maximum(low, high)
    shown["estimate"], shown["difference"] = 100 * shown["estimate"] * sign, 100 * shown["difference"] * sign
    order = list(dict.fromkeys(shown["pair"]))
    labels = {
        pair: f"{shorten(names.get(frame, frame), 45)}: {shorten(a, 30)} − {shorten(b, 30)}"
        for pair, frame, a, b in zip(shown["pair"], shown["frame"], first, second, strict=True)
    }
    parts = ["agenda", "framing"]
    base = alt.Chart(shown).encode(
        y=alt.Y("pair:N", title=None, sort=order, axis=alt.Axis(labelLimit=0, labelExpr=label_of(labels))),
        yOffset=alt.YOffset("component:N", sort=parts),
        color=alt.Color("component:N", title=None, sort=parts, legend=alt.Legend(orient="top"),
                        scale=alt.Scale(domain=parts, range=[COLOURS[4], COLOURS[0]])),
    )  # fmt: skip
    total = alt.Chart(shown.drop_duplicates("pair")).mark_tick(color="#222222", thickness=2, size=20)
    chart = alt.layer(
        alt.Chart(_ZERO).mark_rule(color="#666666", strokeDash=[4, 3]).encode(x=alt.X("zero:Q", title=_POINTS)),
        base.mark_rule(strokeWidth=2).encode(x=alt.X("low:Q", title=_POINTS), x2="high:Q"),
        base.mark_point(filled=True, size=50, opacity=1).encode(
            x="estimate:Q", shape=alt.Shape("component:N", sort=parts, legend=None)
        ),
        total.encode(x="difference:Q", y=alt.Y("pair:N", sort=order)),
    ).properties(width=380, height=34 * len(order))
    return finish(
        chart,
        "What they cover, or how they frame it",
        [
            "Agenda: they cover other stories. Framing: the same story, framed otherwise. Tick: the whole difference.",
            f"First minus second; each {level:.0%} interval stands alone.",
        ],
    )


def rank_intervals(
    ranks: pd.DataFrame, names: Mapping[str, str], *, by: str = "outlet", groups: Iterable[str] = ()
) -> Any:
    """Places that each group can have on each frame, for the frames on which anything is clear."""
    require_columns(ranks, RANKS, what="ranks")
    wide = ranks[(ranks["low"] > 1) | (ranks["high"] < ranks["n_groups"])]["frame"].unique()
    shown, order = with_names(ranks[ranks["frame"].isin(wide)].rename(columns={"group": by}), names)
    n_open = ranks["frame"].nunique() - len(wide)
    note = f"{n_open} of {ranks['frame'].nunique()} frames left out: every order is within noise there."
    if shown.empty:
        blank = alt.Chart(pd.DataFrame({"text": ["No order is clear of noise on any frame."]}))
        return finish(blank.mark_text(fontSize=13).encode(text="text:N").properties(width=380, height=40),
                      "Ranks that noise leaves open", note)  # fmt: skip
    here = sorted(shown[by].unique())
    colour, shape = scales(here, groups, by)
    ticks = list(range(1, int(shown["n_groups"].max()) + 1))
    x = alt.X("low:Q", title="place (1: largest share)", axis=alt.Axis(values=ticks, format="d"),
              scale=alt.Scale(domain=[0.5, ticks[-1] + 0.5]))  # fmt: skip
    base = alt.Chart(shown).encode(
        y=alt.Y(f"{by}:N", title=None, sort=here, axis=name_axis(here, width=30)), color=colour.legend(None)
    )
    panel = alt.layer(
        base.mark_rule(strokeWidth=5, opacity=0.35).encode(x=x, x2="high:Q"),
        base.mark_point(filled=True, size=45, opacity=1).encode(x="rank:Q", shape=shape.legend(None)),
    ).properties(width=170, height=max(40, 16 * len(here)))
    header = panel_header(order, 30, labelAnchor="start")
    chart = panel.facet(facet=alt.Facet("frame:N", sort=order, header=header), columns=2)
    return finish(
        chart, "Ranks that noise leaves open", f"Bar: places left open, jointly. Dot: order as estimated. {note}"
    )


def fragility_strip(headlines: pd.DataFrame, variations: pd.DataFrame, names: Mapping[str, str]) -> Any:
    """Each headline difference with its interval, and what it was in every variation."""
    require_columns(headlines, FRAGILITY, what="headline differences")
    if headlines.empty:
        raise InputError("There are no differences to draw.")
    keys = ["frame", "group_a", "group_b"]
    heads = headlines[[*keys, "estimate", "low", "high"]].copy()
    heads["sign"] = np.where(heads["estimate"] < 0, -1.0, 1.0)
    heads["pair"] = [
        " − ".join(parts if sign > 0 else (parts[0], parts[2], parts[1]))
        for *parts, sign in heads[[*keys, "sign"]].itertuples(index=False, name=None)
    ]
    labels = {
        pair: f"{shorten(names.get(frame, frame), 45)}: "
        + " − ".join(shorten(part, 30) for part in ((a, b) if sign > 0 else (b, a)))
        for pair, frame, a, b, sign in heads[["pair", *keys, "sign"]].itertuples(index=False, name=None)
    }
    order = heads["pair"].to_list()
    dots = variations.merge(heads[[*keys, "pair", "sign"]], on=keys)
    dots = dots.assign(estimate=100 * dots["estimate"] * dots["sign"]).dropna(subset=["estimate"])
    dots["estimate"] = dots["estimate"].round(1)  # hundreds of seeds lie on top of each other
    dots = dots.drop_duplicates(["pair", "kind", "estimate"])
    low, high = 100 * heads["low"] * heads["sign"], 100 * heads["high"] * heads["sign"]
    heads = heads.assign(estimate=100 * heads["estimate"].abs(), low=np.minimum(low, high), high=np.maximum(low, high))
    kinds = list(dict.fromkeys(dots["kind"]))
    y = alt.Y("pair:N", title=None, sort=order, axis=alt.Axis(labelLimit=0, labelExpr=label_of(labels)))
    rule = alt.Chart(heads).encode(y=y)
    chart = alt.layer(
        alt.Chart(_ZERO).mark_rule(color="#666666", strokeDash=[4, 3]).encode(x=alt.X("zero:Q", title=_POINTS)),
        rule.mark_rule(strokeWidth=8, opacity=0.18, color="#222222").encode(
            x=alt.X("low:Q", title=_POINTS), x2="high:Q"
        ),
        alt.Chart(dots).mark_point(size=38, strokeWidth=1.4, opacity=0.8).encode(
            x="estimate:Q", y=y, yOffset=alt.YOffset("kind:N", sort=kinds),
            color=alt.Color("kind:N", title=None, sort=kinds, legend=alt.Legend(orient="top"),
                            scale=alt.Scale(domain=kinds, range=list(COLOURS[: len(kinds)]))),
            shape=alt.Shape("kind:N", sort=kinds, legend=None),
        ),
        rule.mark_tick(color="#222222", thickness=2, size=26).encode(x="estimate:Q"),
    ).properties(width=380, height=40 * len(order))  # fmt: skip
    return finish(
        chart,
        "Do the clearest differences survive other choices?",
        [
            "Tick and grey band: the difference and its interval. Marks: what it is under each variation,",
            "which is no sampling interval. First minus second.",
        ],
    )
