"""Translations and texts from right to left on the side-by-side page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from framing.side_by_side.page import PageParts, render_side_by_side
from tests.page_tables import page_tables
from tests.reports.side_by_side_page import CHROMIUM

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not CHROMIUM, reason="needs Chromium")]

HEBREW = "הסכר נפרץ עם שחר ואיש לא נפגע."


def _write(folder: Path) -> Path:
    """The small page; d1 in Hebrew and d2 in German have translations, that of d2 of the whole article."""
    tables: dict[str, Any] = page_tables() | {"voices": None, "segments": None}
    passages = tables["passages"]
    document = passages["document_id"]
    own = (document == "d1") & (passages["position"] == 0)
    passages["text"] = passages["text"].where(~own, HEBREW)
    passages["translation"] = ""
    passages.loc[own, "translation"] = "The dam gave way at dawn, and nobody was hurt."
    passages.loc[document == "d2", "translation"] = "At dawn the dam broke. The bakery opened its doors."
    passages["translation_unit"] = passages["translation"].where(passages["translation"] == "", "paragraph")
    passages.loc[document == "d2", "translation_unit"] = "document"
    languages = {"d1": "he", "d2": "de"}
    tables["documents"] = tables["documents"].assign(
        language=[languages.get(name, "en") for name in tables["documents"]["document_id"]]
    )
    path = folder / "translated.html"
    path.write_text(render_side_by_side(PageParts(**tables)), encoding="utf-8")
    return path


def test_translations_open_together_and_that_of_a_whole_article_by_itself(open_page, tmp_path):
    page = open_page(path=_write(tmp_path))
    assert page.inner_text("#p-d1-0 .translation summary") == "Translation"
    assert page.inner_text("#p-d2-0 .translation summary") == "Translation of the whole article"
    assert page.locator("#p-d1-1 .translation").count() == 0
    assert page.locator("details.translation[open]").count() == 0
    page.click("#translations")
    assert page.locator("details.translation[open]").count() == 1
    assert page.inner_text("#p-d1-0 .translation .text") == "The dam gave way at dawn, and nobody was hurt."
    assert page.get_attribute("#p-d1-0 .translation .text", "lang") == "en"
    page.click("#translations")
    assert page.locator("details.translation[open]").count() == 0
    page.click("#p-d2-0 .translation summary")
    assert "The bakery opened" in page.inner_text("#p-d2-0 .translation .text")


def test_a_text_from_right_to_left_is_set_from_the_right_and_its_translation_from_the_left(open_page, tmp_path):
    page = open_page(path=_write(tmp_path))
    page.click("#translations")
    direction = "node => getComputedStyle(node).direction"
    assert page.eval_on_selector("#p-d1-0 > .text", direction) == "rtl"
    assert page.eval_on_selector("#p-d1-0 .translation .text", direction) == "ltr"
    assert page.get_attribute("#p-d1-0", "lang") == "he"
    assert "Noto Serif Hebrew" in page.eval_on_selector("#p-d1-0 > .text", "node => getComputedStyle(node).fontFamily")


def test_a_passage_that_translates_another_says_so(open_page, tmp_path):
    page = open_page(path=_write(tmp_path))
    assert page.inner_text("#p-d3-0 .wire") == "translates a passage in Harbour Post"


def test_without_translations_there_is_no_button(open_page):
    assert open_page().locator("#translations").is_hidden()
