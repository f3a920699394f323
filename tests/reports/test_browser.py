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
    sizes = page.evaluate(
        "[...document.images].map(image => [image.complete, image.naturalWidth, image.naturalHeight])"
    )
    assert len(sizes) == len(list((report_folder / "charts").glob("*.svg"))) >= 6
    assert all(complete and width > 100 and height > 50 for complete, width, height in sizes)
    assert [url for url in seen["requests"] if not url.startswith(("file:", "data:"))] == []
    assert seen["messages"] == []


def test_hostile_text_never_runs(browser, report_folder):
    page, _ = open_offline(browser, report_folder / "index.html")
    assert page.evaluate("window.hacked === undefined")
    assert page.evaluate("document.scripts.length") == 0
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


def test_contents_lead_to_every_part(browser, report_folder):
    page, _ = open_offline(browser, report_folder / "index.html")
    targets = page.evaluate("[...document.querySelectorAll('nav a')].map(link => link.getAttribute('href'))")
    assert targets[-1] == "side_by_side.html"
    assert len(targets) == 8, "six parts, how it was made, and the side-by-side page"
    for target in targets[:-1]:
        page.click(f'nav a[href="{target}"]')
        assert page.locator(target).count() == 1


def test_every_image_and_table_is_named(browser, report_folder):
    page, _ = open_offline(browser, report_folder / "index.html")
    assert page.evaluate("[...document.images].every(image => image.alt.length > 5)")
    assert page.evaluate(
        "[...document.querySelectorAll('section table')].every(table => table.caption || table.closest('[aria-label]'))"
    )
