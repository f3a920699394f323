"""The page of groups of passages that no frame explains."""

from __future__ import annotations

from typing import Any

import pandas as pd

from framing.analysis.discovered import N_SHOWN, Discovery, count_passages
from framing.analysis.make_groups import REPEATED
from framing.charts.drawing import make_spec, spec_to_svg
from framing.charts.shares import share_intervals
from framing.charts.specs import remove_title
from framing.charts.tips import counts_documents
from framing.charts.trends import frame_trends
from framing.codebook.drafts import name_unwritten
from framing.discovery.grouping import LEAST_CORE, LEAST_TEXTS
from framing.reports.chart_html import render_chart
from framing.reports.templates import render_template
from framing.texts import phrase, phrase_later

__all__ = ["render_discovery"]

_N_PASSAGES = 5  # of a group
_N_CLUSTERS = 5  # that are too small to be groups
_VERDICTS = {
    "stable": phrase_later("stable"),
    "doubtful": phrase_later("doubtful"),
    "unstable": phrase_later("unstable"),
}


def render_discovery(discovery: Discovery, *, command: str = "") -> str:
    """Write the page of the groups of a corpus.

    Parameters
    ----------
    discovery : Discovery
        The groups.
    command : str, default ""
        Command that made them, to which a draft of a group adds its options; empty: by the name of the corpus.

    Returns
    -------
    str
        HTML that loads nothing and runs nothing; text of the corpus is escaped. The same for the same groups.
    """
    shown = discovery.groups.head(N_SHOWN)
    names = {row["group"]: f"{row['group']} {_shorten(_name(row))}" for row in shown.to_dict("records")}
    charts = []
    if len(discovery.shares):
        charts.append(_draw_shares(discovery.shares, names))
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
        **_count_ungrouped(discovery.passages),
        n_least=LEAST_TEXTS,
        n_core=LEAST_CORE,
        least_group=2 * LEAST_CORE - 1,
        repeated=REPEATED,
        unwritten=name_unwritten(discovery.codebook),
        command=command or f"framing discover {discovery.corpus}",
        groups=[_describe(discovery, row) for row in shown.to_dict("records")],
        others=[{**row, "words": _name(row)} for row in discovery.groups.iloc[N_SHOWN:].to_dict("records")],
        n_unstable=int((shown["verdict"] == "unstable").sum()),
        charts=charts,
    )


def _describe(discovery: Discovery, row: dict[Any, Any]) -> dict[str, Any]:
    """A group as the template shows it."""
    passages = discovery.list_examples(row["group"], "seed").head(_N_PASSAGES)
    listed = _list_passages(passages)
    names = {"words": _name(row), "short": _shorten(_name(row))}
    return {**row, **names, "verdict_in_words": phrase(_VERDICTS[row["verdict"]]), "passages": listed}


def _list_passages(passages: pd.DataFrame) -> list[dict[str, Any]]:
    """Passages as the template quotes them."""
    return [
        {
            "text": item["text"],
            "outlet": item["outlet"] or "",
            "day": "" if pd.isna(item["published"]) else str(item["published"])[:10],
            "language": "" if item["language"] in (None, "", "und") else item["language"],
        }
        for item in passages.to_dict("records")
    ]


def _count_ungrouped(passages: pd.DataFrame) -> dict[str, Any]:
    """Ungrouped passages: at edges, in small clusters, alone; the tightest clusters; all where no group is."""
    ungrouped = passages[passages["status"] == "ungrouped"]
    in_small = ungrouped["nearest"].str.startswith("s")
    clusters = []
    for name, members in ungrouped[in_small].groupby("nearest"):
        first = members.sort_values("similarity", ascending=False, kind="stable").head(1)
        similarity = float(members["similarity"].mean())
        clusters.append({"id": name, "n": len(members), "similarity": similarity, **_list_passages(first)[0]})
    return {
        "n_edge": int(ungrouped["nearest"].str.startswith("g").sum()),
        "n_small": int(in_small.sum()),
        "n_alone": int((ungrouped["nearest"] == "").sum()),
        "clusters": sorted(clusters, key=lambda cluster: int(cluster["id"][1:]))[:_N_CLUSTERS],
        "left": [] if (passages["status"] == "grouped").any() else _list_passages(ungrouped),
    }


def _name(row: dict[Any, Any]) -> str:
    """Words of a group, or that it has none."""
    return row["words"] or phrase("(no word in common)")


def _shorten(words: str) -> str:
    """The first words of a group."""
    return ", ".join(words.split(", ")[:3])


def _draw_shares(shares: pd.DataFrame, names: dict[str, str]) -> str:
    """The chart of shares by outlet, named after what its axis counts."""
    if counts_documents(shares):
        title = phrase("Share of an outlet’s documents in each group")
    else:
        title = phrase("Share of an outlet’s passages in each group")
    return _draw(share_intervals(shares, names, by="outlet"), name="shares", title=title)


def _draw(chart: Any, *, name: str, title: str) -> str:
    spec = make_spec(chart)
    written = (spec.get("usermeta") or {}).get("framing", {})
    intervals = phrase(
        "Where fewer than five documents have passages of a group, the interval is exact (Korn & Graubard, with the "
        "design effect of all groups); the tables say which."
    )
    words = {**written, "title": title, "notes": f"{written.get('notes', '')} {intervals}"}
    return render_chart(spec_to_svg(remove_title(spec)), name=name, words=words, links={})
