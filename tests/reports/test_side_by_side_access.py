"""The side-by-side page for every reader: keyboard, phone, contrast, no scripts; and against hostile articles."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from framing.side_by_side.page import PageParts, link_passages, render_side_by_side
from tests.page_tables import page_tables
from tests.reports.hostile_project import PAYLOADS
from tests.reports.side_by_side_page import CHROMIUM, count, follow, shown

PHONE = {"width": 360, "height": 800}

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine")


def test_long_lists_are_drawn_a_step_at_a_time_and_links_reach_their_end(open_page, tmp_path):
    from playwright.sync_api import expect

    tables = page_tables() | {"segments": None, "aligned": None, "voices": None, "scores": None}
    passages, decisions = tables["passages"], tables["decisions"]
    many = [f"p{number:03d}" for number in range(100)]
    long = pd.concat([passages.iloc[[0]]] * 100, ignore_index=True).assign(passage_id=many, position=range(9, 109))
    marks = pd.concat([decisions.iloc[[0]]] * 100, ignore_index=True).assign(passage_id=many)
    tables |= {"passages": pd.concat([passages, long]), "decisions": pd.concat([decisions, marks])}
    (tmp_path / "long.html").write_text(render_side_by_side(PageParts(**tables)), encoding="utf-8")
    page = open_page(path=tmp_path / "long.html")
    assert len(shown(page)) == 30 + 3 + 1
    page.click("text=Show 30 more of 73 (passages in Harbour Post)")
    assert len(shown(page)) == 60 + 3 + 1
    assert page.evaluate("document.activeElement.id") == "p-p027"
    follow(page, link_passages(passage="p099"))
    expect(page.locator("#p-p099")).to_be_in_viewport()
    follow(page, "#view=all")
    page.click("button.more >> nth=-1")
    assert page.evaluate("document.activeElement.id") == "p-p027"


def test_a_page_of_nothing_says_so(open_page, tmp_path):
    empty = {key: value.iloc[:0] if isinstance(value, pd.DataFrame) else value for key, value in page_tables().items()}
    (tmp_path / "empty.html").write_text(render_side_by_side(PageParts(**empty)), encoding="utf-8")
    page = open_page(path=tmp_path / "empty.html")
    assert "No passage matches" in page.inner_text("#view")
    assert count(page) == "0 passages"


def test_by_keyboard_alone(open_page):
    page = open_page()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.focus("#story-search")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.story") == "flood"
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.dataset.story") == "tram"
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    assert page.inner_text("#heading") == "The tram opens"
    assert page.evaluate("document.activeElement.dataset.story") == "tram"
    page.keyboard.press("Home")
    assert page.evaluate("document.activeElement.classList.contains('every')")
    page.focus("#filters summary")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert count(page) == "3 of 11 passages"
    assert page.evaluate("document.activeElement.value") == "blame"
    page.keyboard.press("Escape")
    assert page.locator("#filters details[open]").count() == 0
    page.keyboard.press("Escape")
    assert count(page) == "11 passages"


def test_story_search_narrows_the_list(open_page):
    page = open_page()
    page.fill("#story-search", "HERON")
    assert page.locator("#story-list button[data-story]:visible").count() == 1
    page.keyboard.press("Escape")
    assert page.inner_text("#stories-title") == "Stories (4)"


def test_theme_toggle_needs_no_storage(open_page):
    page = open_page(color_scheme="light")
    before = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    page.click("#theme")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") != before
    assert page.inner_text("#theme") == "Light"


@pytest.mark.parametrize("link", ["side_by_side.html", "side_by_side.html#story=flood", "side_by_side.html#view=all",
                                  "side_by_side.html#story=flood&view=facing"])  # fmt: skip
def test_fits_a_phone_with_stories_first(open_page, link):
    page = open_page(link, viewport=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.is_visible("#stories") == ("#" not in link)
    if "#" not in link:
        page.click("button.story[data-story=tram]")
        assert page.is_visible("#heading")
        assert not page.is_visible("#stories")
        page.click("#back")
        assert page.is_visible("#stories")


@pytest.mark.parametrize("policy", [True, False])
def test_hostile_text_never_runs(open_page, tmp_path, policy):
    path = tmp_path / "hostile.html"
    path.write_text(render_side_by_side(PageParts(**page_tables())), encoding="utf-8")
    page = open_page(path=path)
    for payload in PAYLOADS:
        tables = page_tables(payload=payload)
        documents = tables["documents"]
        documents["url"] = "javascript:window.hacked=1"
        documents.loc[0, "url"] = "https://example.org/" + payload.replace(" ", "")
        text = render_side_by_side(PageParts(**tables))
        if not policy:
            text, n = re.subn(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", text)
            assert n == 1
        path.write_text(text, encoding="utf-8")
        page.reload()
        for link in ("#view=facing&story=flood&frame=%3Cscript%3Ewindow.hacked=1%3C/script%3E", "#view=all"):
            follow(page, link)
            page.wait_for_selector("#heading", state="attached")
        assert payload in page.text_content("#p-d1-0 .text")
        assert page.evaluate("window.hacked === undefined"), payload
        assert page.evaluate("document.scripts.length") == 2
        assert page.evaluate("document.querySelectorAll('img, svg, iframe, object, embed, form, style').length") == 1
        hrefs = page.eval_on_selector_all("a[href]", "all => all.map(link => link.href)")
        assert all(href.startswith(("file:", "https://example.org/")) for href in hrefs)


@pytest.mark.parametrize(("scheme", "size"), [("light", None), ("dark", None), ("light", PHONE)])
def test_no_serious_or_critical_barrier(open_page, scheme, size):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = open_page(color_scheme=scheme, **({"viewport": size} if size else {}))
    for link in ("#", "#view=all&q=dam&frame=cost", "#story=flood&view=facing"):
        follow(page, link)
        page.eval_on_selector("#filters details", "panel => { panel.open = true }")
        found = axe.Axe().run(page).response["violations"]
        grave = [(item["id"], item["nodes"][0]["html"]) for item in found if item["impact"] in ("serious", "critical")]
        assert grave == [], link


def test_without_scripts_the_tables_are_named(browser, side_by_side_folder):
    context = browser.new_context(offline=True, java_script_enabled=False)
    page = context.new_page()
    page.goto((side_by_side_folder / "side_by_side.html").as_uri())
    assert "needs JavaScript" in page.inner_text("body")
    assert page.locator("a[href='tables/passages.csv']").is_visible()
    assert not page.is_visible("#main")
    context.close()
