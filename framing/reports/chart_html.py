"""A chart in the page of a report: its verdict in words above, the drawing, and how to read it."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from framing.charts.inline import make_inline

__all__ = ["render_chart"]


def render_chart(svg: str, *, name: str, words: Mapping[str, Any], links: Mapping[str, str]) -> str:
    """Return the content of the figure of a chart.

    Parameters
    ----------
    svg : str
        The drawing, without title and subtitle.
    name : str
        Name of the chart, as the files are called; empty if it has none.
    words : mapping of str to str
        `title`, `verdict` and `notes` of the chart, as `finish_chart` keeps them.
    links : mapping of str to str
        Address of the passages of a mark by its tooltip.

    Returns
    -------
    str
        Title, verdict, drawing and notes, for a `figure` element. All text is escaped; of the drawing only shapes and
        text are kept.

    Raises
    ------
    InputError
        If the drawing is no SVG.
    """
    title, verdict, notes = (str(words.get(key, "")).strip() for key in ("title", "verdict", "notes"))
    label = title or name or "chart"
    drawing = make_inline(svg, name=name or "chart", label=label, links=links)
    parts = [
        f'<p class="chart-title">{escape(title)}</p>' if title else "",
        f'<p class="verdict">{escape(verdict)}</p>' if verdict else "",
        f'<div class="drawing" tabindex="0" role="region" aria-label="{escape(label)}">{drawing}</div>',
        f'<p class="reading">{escape(notes)}</p>' if notes else "",
    ]
    return "".join(parts)
