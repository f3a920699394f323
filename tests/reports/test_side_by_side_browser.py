"""The side-by-side page as a reader uses it: from disk, in headless Chromium, with networking cut."""

from __future__ import annotations

import pandas as pd
import pytest

from framing.side_by_side.page import PageParts, link_passages, render_side_by_side
from tests.page_tables import page_tables
from tests.reports.side_by_side_page import CHROMIUM, count, follow, shown

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine")


def long_table() -> pd.DataFrame:
    """One row a passage with all that a filter asks for."""
    tables = page_tables()
    stories = tables["stories"].set_index("document_id")["story_id"]
    table = tables["passages"].merge(tables["decisions"]).merge(tables["voices"])
    return table.assign(story=table["document_id"].map(stories))


def test_opens_on_the_story_of_most_outlets_with_stories_in_order(open_page):
    page = open_page()
    assert page.inner_text("#heading") == "The dam at Lower Venn breaks"
    assert count(page) == "11 passages"
    assert page.title() == "Three towns: side by side"
    labels = page.locator("#story-list button.story .label").all_inner_texts()
    assert labels == ["The dam at Lower Venn breaks", "The tram opens"]
    assert page.inner_text("#story-list summary") == "Covered by one outlet (2)"
    facts = page.locator("#story-list button.story .facts").first.inner_text()
    assert " ".join(facts.split()) == "3 outlets · 7 passages · 2–5 Mar 2025"
    assert page.locator(".column h3 [dir]").all_inner_texts() == ["Harbour Post", "Hill Courier", "Marsh Echo"]


def test_marks_name_frame_score_speaker_and_wire_copy(open_page):
    page = open_page()
    quoted = page.locator("#p-d1-1")
    assert quoted.locator(".mark").inner_text().split() == ["Blame", "0.90"]
    assert quoted.locator(".speaker").inner_text() == "quoted: Ada Venn (residents)"
    assert quoted.locator(".said.quoted").inner_text() == "“The council was warned twice,”"
    assert page.locator("#p-d1-0 .speaker").inner_text() == "outlet’s own voice"
    assert page.locator("#p-d3-0 .wire").inner_text() == "wire copy: same words in Harbour Post"


FILTERS = [
    ({"frame": "blame"}, lambda t: t["blame"] == "present"),
    ({"frame": ["blame", "relief"]}, lambda t: (t["blame"] == "present") | (t["relief"] == "present")),
    ({"frame": ["blame", "cost"], "every_frame": True}, lambda t: (t["blame"] == "present") & (t["cost"] == "present")),
    ({"since": "2025-03-03", "until": "2025-03-05", "query": "dawn"},
     lambda t: t["published"].between("2025-03-03", "2025-03-05") & t["text"].str.lower().str.contains("dawn")),
    ({"outlet": "Hill Courier"}, lambda t: t["outlet"] == "Hill Courier"),
    ({"voice": "own", "frame": "blame"}, lambda t: (t["voice"] == "own") & (t["blame"] == "present")),
    ({"group": "council"}, lambda t: t["speaker_group"] == "council"),
    ({"outlet": ["Harbour Post", "Marsh Echo"], "frame": "cost"},
     lambda t: t["outlet"].isin(["Harbour Post", "Marsh Echo"]) & (t["cost"] == "present")),
]  # fmt: skip


def test_a_link_shows_the_passages_that_pandas_counts(open_page):
    table = long_table()
    page = open_page()
    for chosen, rule in FILTERS:
        expected = table[rule(table)]
        follow(page, link_passages(**chosen))
        assert count(page) == f"{len(expected)} of {len(table)} passages", chosen
        assert shown(page) == set(expected["passage_id"])


def test_columns_of_the_files_are_filters_whatever_their_names(open_page, tmp_path):
    tables = page_tables()
    sections = ["news", "news", None, "constructor", "", "news", "toString"]
    tables["documents"] = tables["documents"].assign(**{"a.b[c]": sections})
    path = tmp_path / "sections.html"
    path.write_text(render_side_by_side(PageParts(**tables, columns=["a.b[c]"])), encoding="utf-8")
    page = open_page(path=path)
    assert page.locator("#filters summary").all_inner_texts() == ["Frames", "Outlets", "Voice", "a.b[c]", "Dates"]
    page = open_page(
        link_passages(columns={"a.b[c]": ["news", "constructor"]}).removeprefix("side_by_side.html"), path=path
    )
    assert count(page) == "8 of 11 passages"  # of d1, d2, d4 and d6
    assert "a.b[c]: news" in page.inner_text("#active")


def test_keys_that_every_object_has_are_unknown(open_page):
    assert (
        count(open_page("side_by_side.html#constructor=x&toString=y"))
        == "11 passages Not on this page: constructor “x”, toString “y”."
    )


def test_speakers_inside_a_passage_are_named_in_words(open_page, tmp_path):
    tables = page_tables()
    more = pd.DataFrame([("d1-2", 0, 7, "reported", "Ore Finch")], columns=tables["segments"].columns)
    tables["segments"] = pd.concat([tables["segments"], more])
    (tmp_path / "spans.html").write_text(render_side_by_side(PageParts(**tables)), encoding="utf-8")
    page = open_page(path=tmp_path / "spans.html")
    assert page.locator("#p-d1-1 .speaker").all_inner_texts() == ["quoted: Ada Venn (residents)"]
    assert page.locator("#p-d1-2 .speaker").all_inner_texts() == [
        "reported: the council (council)", "also reported: Ore Finch",
    ]  # fmt: skip


def test_without_voices_a_voice_is_unknown_and_has_no_filter(open_page, tmp_path):
    tables = page_tables() | {"voices": None, "segments": None, "aligned": None}
    (tmp_path / "plain.html").write_text(render_side_by_side(PageParts(**tables)), encoding="utf-8")
    page = open_page("#voice=own", path=tmp_path / "plain.html")
    assert count(page) == "11 passages Not on this page: voice “own”."
    assert page.locator("#filters summary").all_inner_texts() == ["Frames", "Outlets", "Dates"]
    assert page.locator("text=Two facing").count() == 0


def test_a_link_with_a_story_keeps_the_filter_in_it(open_page):
    page = open_page(link_passages(frame="blame", story="tram"))
    assert shown(page) == {"d4-0"}
    assert "1 of 2 passages" in page.inner_text(".story-head")
    assert count(page) == "3 of 11 passages"


def test_filters_by_hand_stay_in_the_story_and_can_be_taken_away(open_page):
    from playwright.sync_api import expect

    page = open_page()
    page.click("#filters summary:has-text('Frames')")
    page.check("input[name=frame][value=blame]")
    assert count(page) == "3 of 11 passages"
    assert shown(page) == {"d1-1", "d2-1"}
    assert page.evaluate("location.hash") == "#story=flood&frame=blame"
    page.click("#everything")
    assert shown(page) == {"d1-1", "d2-1", "d4-0"}
    page.click("#active button")
    assert count(page) == "11 passages"
    page.go_back()
    expect(page.locator("#heading")).to_have_text("The dam at Lower Venn breaks")
    assert shown(page) == {"d1-1", "d2-1"}


def test_dates_leave_out_what_has_none(open_page):
    page = open_page("side_by_side.html#from=2025-03-03&to=2025-04-01")
    table = long_table()
    inside = table["published"].between("2025-03-03", "2025-04-01")
    assert shown(page) == set(table[inside]["passage_id"])
    page.click("#filters summary:has-text('Dates')")
    page.fill("#from", "2025-04-01")
    assert count(page) == "1 of 11 passages"


SEARCHES = [
    ("DAWN", {"d1-0", "d2-0", "d3-0"}, "dawn"),
    ("dam dawn", {"d1-0", "d2-0", "d3-0"}, "dam"),
    ('"at dawn"', {"d1-0", "d2-0", "d3-0"}, "at dawn"),
    ('"gave way at dawn"', {"d1-0", "d3-0"}, "gave way at dawn"),
    ("twice,”", {"d1-1"}, "twice,”"),
    ("(.*", set(), ""),
    ("late, and", {"d4-0"}, "late,"),
]


def test_search_finds_all_words_or_a_phrase_and_marks_them(open_page):
    from playwright.sync_api import expect

    page = open_page("side_by_side.html#view=all")
    for query, expected, marked in SEARCHES:
        page.fill("#search", "")
        expect(page.locator("#count")).to_have_text("11 passages")
        page.fill("#search", query)
        expect(page.locator("#count")).to_have_text(f"{len(expected)} of 11 passages")
        assert shown(page) == expected
        assert [text.lower() for text in page.locator("mark").all_inner_texts()][:1] == ([marked] if marked else [])


def test_a_passage_link_opens_its_story_and_marks_it(open_page):
    from playwright.sync_api import expect

    page = open_page(link_passages(passage="d5-0"))
    assert page.inner_text("#heading") == "The tram opens"
    assert page.locator(".passage.linked").get_attribute("id") == "p-d5-0"
    assert page.evaluate("document.activeElement.id") == "p-d5-0"
    page.click("#p-d4-0 .link")
    expect(page.locator(".passage.linked")).to_have_id("p-d4-0")
    page.go_back()
    expect(page.locator(".passage.linked")).to_have_id("p-d5-0")


def test_names_that_the_page_lacks_are_said(open_page):
    page = open_page("side_by_side.html#frame=blam&frame=cost&passage=zz&from=May&voice=%E0%A4%A")
    text = count(page)
    assert text.startswith("2 of 11 passages")
    for said in ("frame “blam”", "passage “zz”", "from “May”", "voice %E0%A4%A"):
        assert said in text


def test_facing_rows_stand_level_and_omissions_have_a_row_of_their_own(open_page):
    from playwright.sync_api import expect

    page = open_page()
    page.click("text=Two facing")
    rows = page.locator(".facing tbody tr")
    ids = rows.evaluate_all(
        "rows => rows.map(row => [0, 2].map(k => (row.cells[k].querySelector('.passage') || { id: '' }).id))"
    )
    assert ids == [["p-d1-0", "p-d2-0"], ["p-d1-1", "p-d2-1"], ["", "p-d2-2"], ["p-d1-2", ""]]
    tops = rows.evaluate_all(
        "rows => rows.map(row => [row.cells[0], row.cells[2]].map(c => c.getBoundingClientRect().top))"
    )
    assert all(left == right for left, right in tops)
    second = rows.nth(1).locator(".passage")
    assert second.nth(0).bounding_box()["y"] == second.nth(1).bounding_box()["y"]
    assert rows.nth(1).locator("td.close").inner_text() == "0.74"
    assert rows.nth(2).locator("td.none").inner_text() == "nothing close in Harbour Post"
    elsewhere = rows.nth(3).locator("td.elsewhere")
    assert elsewhere.inner_text() == "the closest in Hill Courier (0.55) stands beside another passage"
    elsewhere.locator("a").click()
    expect(page.locator(".passage.linked")).to_have_id("p-d2-1")
    page.select_option("select[aria-label='Outlet on the right']", "Marsh Echo")
    assert page.inner_text(".facing + *, #view > .facts") == (
        "1 aligned pair; 2 passages of Harbour Post without a counterpart in Marsh Echo; "
        "0 passages of Marsh Echo without a counterpart in Harbour Post"
    )
    assert "left=Harbour%20Post&right=Marsh%20Echo" in page.evaluate("location.hash")


def test_facing_with_a_filter_keeps_the_partner_and_says_so(open_page):
    page = open_page("side_by_side.html#story=flood&view=facing&left=Harbour%20Post&right=Hill%20Courier&q=council")
    assert page.locator(".facing tbody tr").count() == 2
    assert page.locator(".passage.outside").get_attribute("id") == "p-d2-1"
