"""The page of groups of passages that no frame explains."""

from __future__ import annotations

from typing import Any

import pandas as pd

from framing.analysis.discovered import N_SHOWN, Discovery, count_passages
from framing.charts.drawing import make_spec, spec_to_svg
from framing.charts.shares import share_intervals
from framing.charts.specs import remove_title
from framing.charts.trends import frame_trends
from framing.reports.chart_html import render_chart
from framing.reports.templates import render_template
from framing.texts import phrase, phrase_later

__all__ = ["render_discovery"]

_N_PASSAGES = 5  # of a group
_VERDICTS = {
    "stable": phrase_later("stable"),
    "doubtful": phrase_later("doubtful"),
    "unstable": phrase_later("unstable"),
}


def render_discovery(discovery: Discovery) -> str:
    """Write the page of the groups of a corpus.

    Parameters
    ----------
    discovery : Discovery
        The groups.

    Returns
    -------
    str
        HTML that loads nothing and runs nothing; text of the corpus is escaped. The same for the same groups.
    """
    shown = discovery.groups.head(N_SHOWN)
    names = {row["group"]: f"{row['group']} {_shorten(_name(row))}" for row in shown.to_dict("records")}
    charts = [
        _draw(
            share_intervals(discovery.shares, names, by="outlet"),
            name="shares",
            title=phrase("Share of an outlet’s passages in each group"),
        )
    ]
    if discovery.trends.get("period", pd.Series(dtype=object)).nunique() > 1:
        charts.append(
            _draw(
                frame_trends(discovery.trends, names, period=discovery.period),
                name="trends",
                title=phrase("Share of all passages in each group, over time"),
            )
        )
    counts = count_passages(discovery)
    return render_template(
        "discovery.html",
        found=discovery,
        counts=counts,
        n_passages=sum(counts.values()),
        groups=[_describe(discovery, row) for row in shown.to_dict("records")],
        others=[{**row, "words": _name(row)} for row in discovery.groups.iloc[N_SHOWN:].to_dict("records")],
        n_unstable=int((shown["verdict"] == "unstable").sum()),
        charts=charts,
    )


def _describe(discovery: Discovery, row: dict[Any, Any]) -> dict[str, Any]:
    """A group as the template shows it."""
    passages = discovery.list_examples(row["group"], "seed").head(_N_PASSAGES)
    listed = [
        {
            "text": item["text"],
            "outlet": item["outlet"] or "",
            "day": "" if pd.isna(item["published"]) else str(item["published"])[:10],
            "language": "" if item["language"] in (None, "", "und") else item["language"],
        }
        for item in passages.to_dict("records")
    ]
    return {**row, "words": _name(row), "verdict_in_words": phrase(_VERDICTS[row["verdict"]]), "passages": listed}


def _name(row: dict[Any, Any]) -> str:
    """Words of a group, or that it has none."""
    return row["words"] or phrase("(no word in common)")


def _shorten(words: str) -> str:
    """The first words of a group."""
    return ", ".join(words.split(", ")[:3])


def _draw(chart: Any, *, name: str, title: str) -> str:
    spec = make_spec(chart)
    words = {**(spec.get("usermeta") or {}).get("framing", {}), "title": title}
    return render_chart(spec_to_svg(remove_title(spec)), name=name, words=words, links={})
