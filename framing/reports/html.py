"""Executed notebooks as one page that opens from disk: no script, no remote address, all text escaped."""

from __future__ import annotations

import base64
import re
from functools import lru_cache
from importlib.resources import files
from typing import Any

from framing.analysis.analysis import Analysis
from framing.reports.plan import VALIDITY, ReportPlan
from framing.reports.side_by_side import STORIES
from framing.reports.since import Since
from framing.side_by_side.page import PAGE

__all__ = ["render_report"]

_TAGS = {"a", "table", "caption", "thead", "tbody", "tr", "th", "td", "small"}
_ATTRIBUTES = {"a": {"href"}, "table": {"data-name"}, "td": {"class"}, "th": {"class"}}


def render_report(
    plan: ReportPlan, analysis: Analysis, notebooks: list[Any], facts: dict[str, Any], *, since: Since | None = None
) -> str:
    """HTML of the whole report."""
    from jinja2 import Environment, StrictUndefined

    home = files("framing.reports")
    template = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    names = list(facts.get("notebooks", ()))
    sections = [_section(number, notebook) for number, notebook in enumerate(notebooks, start=1)]
    return template.from_string((home / "report.html").read_text(encoding="utf-8")).render(
        plan=plan,
        config=analysis.config,
        codebook=analysis.codebook,
        facts=facts,
        since=since or Since(),
        sections=sections,
        exploratory=not analysis.settings.learn_from_gold,
        side_by_side=PAGE if STORIES in names else "",
        inference=analysis.settings.scorer == "nli",
        agreement=facts.get("agreement"),
        corrected=bool(analysis.facts.labels.passages) and not analysis.not_corrected,
        validity=f"part-{names.index(VALIDITY) + 1}" if VALIDITY in names else "",
        style=(home / "report.css").read_text(encoding="utf-8"),
    )


def _section(number: int, notebook: Any) -> dict[str, Any]:
    blocks: list[dict[str, str]] = []
    title = f"Part {number}"
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            source = cell.source
            heading = re.match(r"#\s+(.+?)\s*(?:\n|$)", source)
            if heading:
                title, source = heading.group(1), source[heading.end() :]
            if source.strip():
                blocks.append({"kind": "prose", "html": _markdown().render(source)})
        elif cell.cell_type == "code":
            blocks += [block for output in cell.outputs for block in _output(output)]
    return {"id": f"part-{number}", "title": title, "blocks": blocks}


def _output(output: Any) -> list[dict[str, str]]:
    if output.output_type not in ("display_data", "execute_result"):
        return []
    data, name = output.data, str(output.metadata.get("framing_name", ""))
    if "image/svg+xml" in data:
        # as an image a drawing can neither run script nor load anything
        encoded = base64.b64encode(_joined(data["image/svg+xml"]).encode()).decode()
        caption = str(output.metadata.get("framing_caption", name))
        return [{"kind": "chart", "source": f"data:image/svg+xml;base64,{encoded}", "name": name, "caption": caption}]
    if "text/markdown" in data:
        return [{"kind": "prose", "html": _markdown().render(_joined(data["text/markdown"]))}]
    if "text/html" in data:
        return [{"kind": "table", "html": _cleaned(_joined(data["text/html"])), "name": name}]
    return [{"kind": "text", "text": _joined(data.get("text/plain", ""))}]


def _joined(value: str | list[str]) -> str:
    return value if isinstance(value, str) else "".join(value)


def _cleaned(html: str) -> str:
    import nh3

    return nh3.clean(
        html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=set(), link_rel=None, attribute_filter=_only_to_passages
    )


def _only_to_passages(tag: str, attribute: str, value: str) -> str | None:
    """Cells may lead to the side-by-side page of their own report and nowhere else."""
    return None if tag == "a" and not value.startswith(f"{PAGE}#") else value


@lru_cache(maxsize=1)
def _markdown() -> Any:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
