"""The order of the page: what answers first, the rest in the appendix, nothing lost."""

from __future__ import annotations

from framing.reports.sections import SECTIONS, Part, arrange_blocks


def _table(name, kind="table"):
    return {"kind": kind, "name": name}


def _text(words):
    return {"kind": "about", "html": words}


HEADING = {"kind": "heading", "text": "Differences"}


def _count(parts):
    return [block for part in parts for block in part.blocks]


def test_blocks_go_to_their_section_with_their_heading_and_text():
    intro, text, limits = _text("intro"), _text("every pair"), _text("what it cannot")
    blocks = [intro, HEADING, text, _table("shares"), _table("contrasts"), _table("share_heatmap", "chart"), limits]
    sections, appendix = arrange_blocks([Part("part-1", "Outlets", blocks, notebook="03_outlets")])
    assert [part.id for part in sections] == ["differences"]
    assert sections[0].blocks == [HEADING, text, blocks[4], blocks[5]]
    assert appendix[0].blocks == [intro, HEADING, blocks[3], limits], "the heading stays with what is left below it"
    assert (appendix[0].id, appendix[0].title, appendix[0].notebook) == ("part-1", "Outlets", "03_outlets")


def test_the_order_is_the_list_and_not_that_of_the_notebooks():
    first = Part("part-1", "Time", [_table("changes"), _table("frame_trends", "chart")])
    second = Part("part-2", "Outlets", [_table("contrasts"), _table("hypotheses")])
    sections, appendix = arrange_blocks([first, second])
    assert [[block["name"] for block in part.blocks] for part in sections] == [
        ["hypotheses", "contrasts"], ["frame_trends", "changes"],
    ]  # fmt: skip
    assert appendix == [], "a part of which nothing is left is no part"


def test_the_first_of_alternatives_is_taken_and_the_other_stays():
    blocks = [_table("contrasts"), _table("against_rest"), _table("against_rest", "chart")]
    sections, appendix = arrange_blocks([Part("part-1", "Outlets", blocks)])
    assert sections[0].blocks == [blocks[1]]
    assert appendix[0].blocks == [blocks[0], blocks[2]]


def test_nothing_is_lost_or_doubled():
    names = [name.rpartition(":")[2] for section in SECTIONS for names in section.names for name in names.split("|")]
    blocks = [_text("intro"), {"kind": "note", "text": "Too little data."}, {"kind": "text", "text": "out"}]
    for number, name in enumerate([*names, "other", "words"]):
        blocks += [_text(f"on {number}"), _table(name), _table(name, "chart")]
    sections, appendix = arrange_blocks([Part("part-1", "All", blocks), Part("part-2", "Voices", [_text("alone")])])
    arranged = _count([*sections, *appendix])
    assert len(arranged) == len(blocks) + 1
    assert all(any(block is other for other in arranged) for block in blocks)
