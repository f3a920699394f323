"""Executed notebooks as one page that opens from disk: one script of ours, no remote address, all text escaped."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from framing.analysis.analysis import Analysis
from framing.classify.supervision import LEARNT
from framing.estimates.clusters import explain_clusters
from framing.reports.answer import Answer
from framing.reports.chart_html import render_chart
from framing.reports.notebooks import LEFT_OUT, NOTE
from framing.reports.plan import VALIDITY, ReportPlan
from framing.reports.poor_marks import mark_poor_rows
from framing.reports.registered import NO_HYPOTHESES
from framing.reports.sections import Part, arrange_blocks
from framing.reports.side_by_side import STORIES_NOTEBOOK
from framing.reports.since import Since
from framing.reports.templates import read_asset, render_template
from framing.side_by_side.page import PAGE, embed_json
from framing.texts import current_language, find_untranslated, in_language, phrase, retell, translate

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from nbformat import NotebookNode

__all__ = ["clean_html", "render_outputs", "render_report"]

_TAGS = {"a", "table", "caption", "thead", "tbody", "tr", "th", "td", "small"}
_ATTRIBUTES = {
    "a": {"href"},
    "table": {"class", "data-name"},
    "td": {"class", "data-head", "data-sort", "dir", "lang"},
    "th": {"class"},
    "tr": {"class", "data-frame"},
}


def render_report(
    plan: ReportPlan,
    analysis: Analysis,
    notebooks: list[NotebookNode],
    facts: dict[str, Any],
    *,
    answer: Answer | None = None,
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
    answer : Answer or None, default None
        What the page says first.
    since : Since or None, default None
        Differences from the run that the report replaces.

    Returns
    -------
    str
        A whole HTML document. Every text that comes from data is escaped.
    """
    with in_language(analysis.settings.language):
        return _render(plan, analysis, notebooks, facts, answer=answer or Answer(), since=since or Since())


def _render(
    plan: ReportPlan,
    analysis: Analysis,
    notebooks: list[NotebookNode],
    facts: dict[str, Any],
    *,
    answer: Answer,
    since: Since,
) -> str:
    """The page in the language of this process."""
    names = list(facts.get("notebooks", ()))
    parts = [
        _make_part(number, notebook, name)
        for number, (notebook, name) in enumerate(zip(notebooks, names, strict=True), start=1)
    ]
    _mark_poor(parts, answer.poor)
    notes = [block for part in parts for block in part.blocks if block["kind"] == "note"]
    unanswered = dict.fromkeys(block["text"] for block in notes if block["reason"] != LEFT_OUT)
    sections, appendix = arrange_blocks(parts)
    places = {block["id"] for part in (*sections, *appendix) for block in part.blocks if "id" in block}
    script = _write_script()
    return render_template(
        "report.html",
        plan=plan,
        config=analysis.config,
        codebook=analysis.codebook,
        facts=facts,
        why_units=explain_clusters(analysis.classified),
        hypotheses=facts.get("hypotheses", NO_HYPOTHESES),
        answer=answer,
        figure=render_outputs([answer.figure])[0] if answer.figure is not None else None,
        places=places,
        since=since,
        sections=sections,
        appendix=appendix,
        unanswered=list(unanswered),
        remarks=[retell(remark) for remark in facts.get("remarks", ())],
        untranslated=find_untranslated(current_language()),
        exploratory=not analysis.settings.learn_from_gold,
        ungrouped=analysis.ungrouped,
        side_by_side=PAGE if STORIES_NOTEBOOK in names else "",
        inference=analysis.settings.scorer == "nli",
        language_model=analysis.settings.scorer == "llm",
        by_examples=analysis.settings.strength in LEARNT,
        agreement=facts.get("agreement"),
        corrected=bool(analysis.facts.labels.passages) and not analysis.not_corrected,
        validity=_find_validity(names, sections),
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


def _make_part(number: int, notebook: NotebookNode, name: str) -> Part:
    """A notebook as a part of the page: its first heading is the title."""
    part = Part(f"part-{number}", phrase("Part {n}", n=number), notebook=name)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            source = translate(cell.source)
            heading = re.match(r"#\s+(.+?)\s*(?:\n|$)", source)
            if heading:
                part.title, source = heading.group(1), source[heading.end() :]
            part.blocks += _split_text(source)
        elif cell.cell_type == "code":
            for block in render_outputs(cell.outputs):
                if block["kind"] != "note" or part.blocks[-1:] != [block]:
                    part.blocks.append(block)
    return part


def _split_text(source: str) -> list[dict[str, str]]:
    """Text of a notebook: its headings, and what stands below each."""
    blocks = []
    for piece in re.split(r"(?m)^(?=###\s)", source):
        heading = re.match(r"###\s+(.+?)\s*(?:\n|$)", piece)
        if heading:
            blocks.append({"kind": "heading", "text": heading.group(1)})
            piece = piece[heading.end() :]
        if piece.strip():
            blocks.append({"kind": "about", "html": _make_markdown().render(piece)})
    return blocks


def _make_block(output: NotebookNode) -> dict[str, str]:
    data, name = output.data, str(output.metadata.get("framing_name", ""))
    if output.metadata.get(NOTE):
        return {"kind": "note", "text": _join_lines(data["text/plain"]), "reason": str(output.metadata[NOTE])}
    if "image/svg+xml" in data:
        words = {**output.metadata.get("framing_words", {})}
        words.setdefault("title", str(output.metadata.get("framing_caption", name)))
        svg, links = _join_lines(data["image/svg+xml"]), output.metadata.get("framing_links", {})
        html = render_chart(svg, name=name, words=words, links=links)
        return {"kind": "chart", "html": html, "name": name, "id": f"chart-{name}"}
    if "text/markdown" in data:
        return {"kind": "prose", "html": _make_markdown().render(_join_lines(data["text/markdown"])), "name": name}
    if "text/html" in data:
        html = clean_html(_join_lines(data["text/html"]))
        n_more = str(len(re.findall(r'<tr [^>]*class="more', html)))
        n_rows = str(max(html.count("<tr") - 1, 0))
        return {"kind": "table", "html": html, "name": name, "id": f"table-{name}", "n_more": n_more, "n_rows": n_rows}
    return {"kind": "text", "text": _join_lines(data.get("text/plain", ""))}


def _mark_poor(parts: list[Part], poor: dict[str, str]) -> None:
    """Say in the rows of tables which rest on poor marks."""
    for part in parts:
        for block in part.blocks:
            if block["kind"] == "table":
                block["html"] = mark_poor_rows(block["html"], poor)


def _find_validity(names: list[str], sections: list[Part]) -> str:
    """Address of what the page says on validity; empty if it says nothing."""
    if any(section.id == "sure" for section in sections):
        return "sure"
    return f"part-{names.index(VALIDITY) + 1}" if VALIDITY in names else ""


def _join_lines(value: str | list[str]) -> str:
    """The text of an output, which nbformat may hold as a list of lines."""
    return value if isinstance(value, str) else "".join(value)


def _write_script() -> str:
    """The script of the page, with its texts in the language of the page."""
    texts = {
        "language": current_language(),
        "read": phrase("Read these passages"),
        "click": phrase("Click to read these passages"),
    }
    scripts = "\n".join(read_asset(name) for name in ("page.js", "chart.js"))
    return f"const TEXTS = {embed_json(texts)};\n{scripts}"


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def clean_html(html: str) -> str:
    """Keep the tags and attributes of tables, and nothing else.

    Parameters
    ----------
    html : str
        A table, as `framing.reports.table_html.render_table` writes it.

    Returns
    -------
    str
        The table without the box in which it scrolls in a notebook: a page has its own way.
    """
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
