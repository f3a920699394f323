"""The order of a report's page: what answers comes first, what stands behind it is an appendix, nothing is lost."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from framing.texts import phrase, phrase_later

__all__ = ["SECTIONS", "Part", "Section", "arrange_blocks"]

Block = dict[str, Any]
_TEXTS = ("heading", "about")  # kinds of blocks that begin a group


@dataclass(frozen=True)
class Section:
    """A section of the page, and the tables and charts that stand in it.

    Attributes
    ----------
    id : str
        Its address in the page.
    title : str
        Its heading.
    names : tuple of str
        Names that notebooks show, in order; `chart:` or `table:` before a name that both a chart and a table have. Of
        names with `|` between them the first that a notebook shows is taken. A name that none shows is passed over.
    """

    id: str
    title: str
    names: tuple[str, ...]


SECTIONS = (
    Section(
        "differences",
        phrase_later("Shares and differences"),
        (
            "hypotheses",
            "table:against_rest|contrasts",
            "share_heatmap",
        ),
    ),
    Section("passages", phrase_later("Passages that show it"), ("passages_behind_rest|passages_behind_contrasts",)),
    Section("time", phrase_later("Over time"), ("frame_trends", "changes")),
    Section("voices", phrase_later("Voices"), ("shares_by_voice",)),
    Section(
        "sure",
        phrase_later("How sure this is"),
        ("floor", "chart:agreement_per_frame", "fragility_strip"),
    ),
)


@dataclass
class Part:
    """A part of the page with its blocks.

    Attributes
    ----------
    id, title : str
        Address and heading.
    blocks : list of dict
        Blocks in order, as `framing.reports.html.render_outputs` makes them, and blocks of the kinds `heading` and
        `about`, the text of a notebook.
    notebook : str
        Name of the notebook that it is left of; empty for a section.
    """

    id: str
    title: str
    blocks: list[Block] = field(default_factory=list)
    notebook: str = ""


def arrange_blocks(notebooks: list[Part]) -> tuple[list[Part], list[Part]]:
    """Sort the blocks of notebooks into the sections of the page and its appendix.

    Parameters
    ----------
    notebooks : list of Part
        Notebooks in order, with their blocks.

    Returns
    -------
    list of Part
        The sections that have blocks. Each block follows its heading, and the text that the notebook has on it.
    list of Part
        What is left of each notebook, in order.

    Notes
    -----
    The text of a notebook that stands before several blocks goes with the first of them that is moved; a text whose
    blocks all stay, or that has none, stays.
    """
    shown_names = {entry for part in notebooks for block in part.blocks for entry in _list_entries(block)}
    order = {
        section.id: [
            entry for names in section.names if (entry := next(filter(shown_names.__contains__, names.split("|")), ""))
        ]
        for section in SECTIONS
    }
    wanted = {entry for entries in order.values() for entry in entries}
    moved: dict[str, list[Block]] = {}
    appendix = []
    for part in notebooks:
        left = Part(part.id, part.title, notebook=part.notebook)
        for group in _split_groups(part.blocks):
            texts = [block for block in group if block["kind"] in _TEXTS]
            headings = [block for block in texts if block["kind"] == "heading"]
            rest = []
            for block in group[len(texts) :]:
                entry = next(filter(wanted.__contains__, _list_entries(block)), "")
                if entry:
                    moved.setdefault(entry, []).extend([*texts, block])
                    texts = []
                else:
                    rest.append(block)
            left.blocks += [*(texts or (headings if rest else [])), *rest]
        appendix.append(left)
    sections = [
        Part(section.id, phrase(section.title), [block for entry in order[section.id] for block in moved[entry]])
        for section in SECTIONS
    ]
    return [part for part in sections if part.blocks], [part for part in appendix if part.blocks]


def _split_groups(blocks: list[Block]) -> list[list[Block]]:
    """Blocks in groups: a heading begins one, and so does a text that stands below none."""
    groups: list[list[Block]] = []
    for block in blocks:
        below_heading = bool(groups) and [item["kind"] for item in groups[-1]] == ["heading"]
        if not groups or block["kind"] == "heading" or (block["kind"] == "about" and not below_heading):
            groups.append([])
        groups[-1].append(block)
    return groups


def _list_entries(block: Block) -> list[str]:
    """Entries of `SECTIONS` that would name a block."""
    name = block.get("name", "")
    return [f"{block['kind']}:{name}", name] if name else []
