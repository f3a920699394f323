"""The report as a reader opens it: from disk, in headless Chromium, with networking cut."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.reports.side_by_side_page import CHROMIUM

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine")


def open_offline(browser, path: Path, **context):
    page = browser.new_context(offline=True, **context).new_page()
    seen: dict[str, list[str]] = {"requests": [], "messages": []}
    page.on("request", lambda request: seen["requests"].append(request.url))
    page.on("console", lambda message: seen["messages"].append(message.text))
    page.on("pageerror", lambda error: seen["messages"].append(str(error)))
    page.goto(path.as_uri())
    page.wait_for_load_state("load")
    return page, seen


def test_every_chart_draws_and_nothing_is_fetched(browser, report_folder):
    page, seen = open_offline(browser, report_folder / "index.html")
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    sizes = page.evaluate("""[...document.querySelectorAll("svg.marks")].map(drawing => {
      const box = drawing.getBoundingClientRect(); return [box.width, box.height] })""")
    assert len(sizes) == len(list((report_folder / "charts").glob("*.svg"))) >= 6
    assert all(width > 100 and height > 15 for width, height in sizes)
    assert [url for url in seen["requests"] if not url.startswith(("file:", "data:"))] == []
    assert seen["messages"] == []


def test_hostile_text_never_runs(browser, report_folder):
    page, _ = open_offline(browser, report_folder / "index.html")
    assert page.evaluate("window.hacked === undefined")
    assert page.evaluate("document.scripts.length") == 1
    assert page.evaluate("document.querySelectorAll('iframe, object, embed, form').length") == 0
    assert "<script>window.hacked=1</script>" in page.inner_text("body")


def test_hostile_text_never_runs_even_without_the_policy(browser, report_folder, tmp_path):
    text = (report_folder / "index.html").read_text(encoding="utf-8")
    stripped, n = re.subn(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", text)
    assert n == 1
    bare = tmp_path / "bare.html"
    bare.write_text(stripped, encoding="utf-8")
    page, _ = open_offline(browser, bare)
    assert page.evaluate("window.hacked === undefined")


def test_charts_opened_alone_run_nothing(browser, report_folder):
    for path in sorted((report_folder / "charts").glob("*.svg")):
        page, seen = open_offline(browser, path)
        assert page.evaluate("window.hacked === undefined"), path.name
        assert seen["messages"] == [], path.name


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_fits_a_phone(browser, report_folder, scheme):
    page, _ = open_offline(
        browser, report_folder / "index.html", viewport={"width": 390, "height": 800}, color_scheme=scheme
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_texts_of_passages_are_read_on_a_phone_without_scrolling_aside(browser, report_folder):
    page, _ = open_offline(browser, report_folder / "index.html", viewport={"width": 390, "height": 800})
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
    ends = page.eval_on_selector_all(
        "tr:not(.more) > td.passage", "all => all.map(cell => cell.getBoundingClientRect().right)"
    )
    assert len(ends) > 5
    assert max(ends) <= 390
    first = page.locator("tr:not(.more) > td.passage").first
    assert first.evaluate("cell => getComputedStyle(cell, '::before').content") == '"text"'
    assert page.locator("table:has(td.passage) thead").first.is_hidden()
    assert page.locator("table:not(:has(td.passage)) thead").first.is_visible()


def test_contents_lead_to_every_part(browser, report_folder):
    page, _ = open_offline(browser, report_folder / "index.html")
    targets = page.evaluate("[...document.querySelectorAll('nav a')].map(link => link.getAttribute('href'))")
    assert targets[0] == "#findings"
    assert targets[-1] == "side_by_side.html"
    parts = [f"#part-{number}" for number in range(1, 7)]
    assert targets[1:-1] == ["#differences", "#passages", "#time", "#voices", "#appendix", *parts, "#run"]
    for target in targets[:-1]:
        page.click(f'nav a[href="{target}"]')
        page.wait_for_function(f"document.querySelector('{target}').checkVisibility({{contentVisibilityAuto: true}})")


def test_the_answer_is_on_the_first_screen_and_the_rest_is_folded(browser, report_folder):
    page, _ = open_offline(browser, report_folder / "index.html", viewport={"width": 1280, "height": 900})
    assert page.evaluate("document.querySelector('main').firstElementChild.id") == "findings"
    assert page.evaluate("document.querySelector('#findings .trust').getBoundingClientRect().bottom") < 900
    assert page.evaluate("document.querySelector('#findings figure').getBoundingClientRect().bottom") < 900
    assert page.locator("details.part[open]").count() == 0
    assert page.evaluate("document.documentElement.scrollHeight") < 9000
    assert not page.locator("#table-files").is_visible()


def test_a_link_into_the_appendix_opens_it(browser, report_folder):
    page, _ = open_offline(browser, report_folder / "index.html", reduced_motion="reduce")
    page.goto((report_folder / "index.html").as_uri() + "#table-files")
    page.wait_for_selector("#table-files", state="visible")
    assert page.evaluate("document.querySelector('#table-files').getBoundingClientRect().top") < 400


@pytest.mark.parametrize("scripts", [True, False])
def test_folds_and_rows_open_without_a_script(browser, report_folder, scripts):
    page, _ = open_offline(browser, report_folder / "index.html", java_script_enabled=scripts)
    figure = page.locator(".rows:has(.all)").locator("visible=true").first
    shown = figure.locator("tbody tr").locator("visible=true")
    before = shown.count()
    assert before in (6, 8)
    figure.locator(".all").click()
    assert shown.count() == figure.locator("tbody tr").count() > before
    page.locator("details.part summary").first.click()
    assert page.locator("#table-files").is_visible()


def test_headings_sort_by_mouse_and_keyboard(browser, report_folder):
    page, _ = open_offline(browser, report_folder / "index.html")
    table = page.locator("#table-against_rest table")
    heading = table.locator("th", has_text="estimate")
    place = heading.evaluate("head => head.cellIndex")
    read = f"table => [...table.tBodies[0].rows].map(row => Number(row.cells[{place}].dataset.sort))"
    n_open = table.locator("tbody tr:not(.more)").count()
    heading.locator("button").click()
    assert heading.get_attribute("aria-sort") == "ascending"
    values = table.evaluate(read)
    assert values == sorted(values)
    heading.locator("button").press("Enter")
    assert heading.get_attribute("aria-sort") == "descending"
    assert table.evaluate(read) == sorted(values, reverse=True)
    assert len(set(values)) > 1
    assert table.locator("tbody tr:not(.more)").count() == n_open
    other = table.locator("th", has_text="frame")
    other.locator("button").click()
    assert heading.get_attribute("aria-sort") is None
    names = table.evaluate("table => [...table.tBodies[0].rows].map(row => row.cells[0].textContent)")
    assert names == sorted(names, key=str.casefold)


@pytest.mark.parametrize("scripts", [True, False])
def test_paper_shows_what_is_folded(browser, report_folder, scripts):
    page, _ = open_offline(browser, report_folder / "index.html", java_script_enabled=scripts)
    screen = page.locator("#appendix").bounding_box()["height"]
    page.emulate_media(media="print")
    assert page.locator("#appendix").bounding_box()["height"] > 3 * screen
    assert not page.locator("nav").is_visible()


def test_every_image_and_table_is_named(browser, report_folder):
    page, _ = open_offline(browser, report_folder / "index.html")
    assert page.evaluate(
        "[...document.querySelectorAll('svg.marks')].every(drawing => drawing.getAttribute('aria-label').length > 5)"
    )
    assert page.evaluate(
        "[...document.querySelectorAll('section table')].every(table => table.caption || table.closest('[aria-label]'))"
    )


def test_a_mark_tells_what_it_is_and_leads_to_its_passages(browser, report_folder):
    page, seen = open_offline(browser, report_folder / "index.html", viewport={"width": 1300, "height": 900})
    mark = page.locator("#chart-share_heatmap a.mark").first
    label = mark.get_attribute("aria-label")
    assert re.search(r": \d+\.\d% .*; \d+ passages, \d+ documents", label)
    mark.scroll_into_view_if_needed()
    mark.hover()
    tip = page.locator("#chart-share_heatmap .tip")
    assert tip.inner_text().startswith(label)
    page.keyboard.press("Escape")
    mark.focus()
    assert tip.is_visible()
    page.keyboard.press("ArrowRight")
    assert not tip.inner_text().startswith(label)
    mark.click()
    page.wait_for_url("**/side_by_side.html#frame=*")
    assert seen["messages"] == []


def test_without_scripts_a_mark_keeps_its_title_and_link(browser, report_folder):
    page, _ = open_offline(browser, report_folder / "index.html", java_script_enabled=False)
    assert "; " in page.locator("#chart-share_heatmap a.mark title").first.text_content()


def test_a_touch_shows_what_a_mark_is_before_it_leads_away(browser, report_folder):
    page, _ = open_offline(
        browser, report_folder / "index.html", viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True
    )
    mark = page.locator("#chart-share_heatmap a.mark").first
    mark.scroll_into_view_if_needed()
    mark.tap()
    assert "index.html" in page.url
    link = page.locator("#chart-share_heatmap .tip a")
    assert link.get_attribute("href").startswith("side_by_side.html#frame=")


def test_charts_follow_the_dark_page_and_scroll_in_their_own_box(browser, report_folder):
    seen = {}
    for scheme in ("light", "dark"):
        page, _ = open_offline(
            browser, report_folder / "index.html", viewport={"width": 390, "height": 800}, color_scheme=scheme
        )
        texts = "[...document.querySelectorAll('#chart-share_heatmap svg.marks text')]"
        seen[scheme] = page.evaluate(f"{texts}.map(text => getComputedStyle(text).fill).join()")
        box = "document.querySelector('#chart-share_heatmap .drawing')"
        assert page.evaluate(f"{box}.scrollWidth > {box}.clientWidth")
        sizes = "[...document.querySelectorAll('svg.marks text')].map(text => text.getBoundingClientRect().height)"
        assert page.evaluate(f"Math.min(...{sizes}.filter(height => height > 0)) > 9")
    assert seen["light"] != seen["dark"]
