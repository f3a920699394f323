"""Executed notebooks as one page that opens from disk: one script of ours, no remote address, all text escaped."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from framing.analysis.analysis import Analysis
from framing.reports.chart_html import render_chart
from framing.reports.notebooks import NOTE
from framing.reports.plan import VALIDITY, ReportPlan
from framing.reports.side_by_side import STORIES_NOTEBOOK
from framing.reports.since import Since
from framing.reports.templates import read_asset, render_template
from framing.side_by_side.page import PAGE

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from nbformat import NotebookNode

__all__ = ["render_outputs", "render_report"]

_TAGS = {"a", "table", "caption", "thead", "tbody", "tr", "th", "td", "small"}
_ATTRIBUTES = {"a": {"href"}, "table": {"data-name"}, "td": {"class"}, "th": {"class"}}


def render_report(
    plan: ReportPlan,
    analysis: Analysis,
    notebooks: list[NotebookNode],
    facts: dict[str, Any],
    *,
    since: Since | None = None,
) -> str:
    """Return the page of a report.

    Parameters
    ----------
    plan : ReportPlan
        The report's file: title and question.
    analysis : Analysis
        The analysis that the notebooks show.
    notebooks : list of NotebookNode
        Executed notebooks, in order; each becomes a part.
    facts : dict of str to Any
        Content of run.json.
    since : Since or None, default None
        Differences from the run that the report replaces.

    Returns
    -------
    str
        A whole HTML document. Every text that comes from data is escaped.
    """
    names = list(facts.get("notebooks", ()))
    script = read_asset("chart.js")
    return render_template(
        "report.html",
        plan=plan,
        config=analysis.config,
        codebook=analysis.codebook,
        facts=facts,
        since=since or Since(),
        sections=[_make_section(number, notebook) for number, notebook in enumerate(notebooks, start=1)],
        exploratory=not analysis.settings.learn_from_gold,
        ungrouped=analysis.ungrouped,
        side_by_side=PAGE if STORIES_NOTEBOOK in names else "",
        inference=analysis.settings.scorer == "nli",
        agreement=facts.get("agreement"),
        corrected=bool(analysis.facts.labels.passages) and not analysis.not_corrected,
        validity=f"part-{names.index(VALIDITY) + 1}" if VALIDITY in names else "",
        scripts=[script],
        script_hashes=[_hash(script)],
    )


def render_outputs(outputs: list[NotebookNode]) -> list[dict[str, str]]:
    """Return the outputs of a cell as blocks of the page; streams and errors are left out.

    Parameters
    ----------
    outputs : list of NotebookNode
        Outputs in the form of nbformat.

    Returns
    -------
    list of dict
        A block has `kind` (`chart`, `prose`, `table`, `note` or `text`) and what the template needs for it; `html`
        is safe to insert as it is.
    """
    return [_make_block(item) for item in outputs if item.output_type in ("display_data", "execute_result")]


def _make_section(number: int, notebook: NotebookNode) -> dict[str, Any]:
    """A notebook as a part of the page: its first heading is the title."""
    blocks: list[dict[str, str]] = []
    title = f"Part {number}"
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            source = cell.source
            heading = re.match(r"#\s+(.+?)\s*(?:\n|$)", source)
            if heading:
                title, source = heading.group(1), source[heading.end() :]
            if source.strip():
                blocks.append({"kind": "prose", "html": _make_markdown().render(source)})
        elif cell.cell_type == "code":
            blocks += [
                block for block in render_outputs(cell.outputs) if block["kind"] != "note" or blocks[-1:] != [block]
            ]
    return {"id": f"part-{number}", "title": title, "blocks": blocks}


def _make_block(output: NotebookNode) -> dict[str, str]:
    data, name = output.data, str(output.metadata.get("framing_name", ""))
    if output.metadata.get(NOTE):
        return {"kind": "note", "text": _join_lines(data["text/plain"])}
    if "image/svg+xml" in data:
        words = {**output.metadata.get("framing_words", {})}
        words.setdefault("title", str(output.metadata.get("framing_caption", name)))
        svg, links = _join_lines(data["image/svg+xml"]), output.metadata.get("framing_links", {})
        html = render_chart(svg, name=name, words=words, links=links)
        return {"kind": "chart", "html": html, "name": name, "id": f"chart-{name}"}
    if "text/markdown" in data:
        return {"kind": "prose", "html": _make_markdown().render(_join_lines(data["text/markdown"]))}
    if "text/html" in data:
        return {"kind": "table", "html": _clean_html(_join_lines(data["text/html"])), "name": name}
    return {"kind": "text", "text": _join_lines(data.get("text/plain", ""))}


def _join_lines(value: str | list[str]) -> str:
    """The text of an output, which nbformat may hold as a list of lines."""
    return value if isinstance(value, str) else "".join(value)


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _clean_html(html: str) -> str:
    import nh3

    return nh3.clean(
        html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=set(), link_rel=None, attribute_filter=_filter_link
    )


def _filter_link(tag: str, attribute: str, value: str) -> str | None:
    """Keep links of cells to the side-by-side page of their own report, and no others."""
    return None if tag == "a" and not value.startswith(f"{PAGE}#") else value


@lru_cache(maxsize=1)
def _make_markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
