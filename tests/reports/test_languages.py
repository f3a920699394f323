"""A report in another language: no English stands around the texts of the corpus, and nothing is scored again."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pandas as pd
import pytest
from lxml import html

from framing.project import cache_folder
from framing.reports.run import make_report
from framing.texts import in_language
from framing.texts.collect import find_plurals, find_texts
from framing.texts.phrases import list_plurals, translate
from tests.reports.hostile_project import build_project

ENGLISH = (  # words of our own texts that no language here has in common with English
    "passages", "documents", "interval", "intervals", "share", "shares", "labels", "labelled", "coders", "classifier",
    "outlets", "differs", "difference", "differences", "estimate", "rows", "findings", "appendix", "whole table",
    "show all", "how to read", "since the last", "made", "frames were", "adjusted", "could be seen", "published",
    "kept", "refused", "corrected", "exploratory", "speaker", "detected", "bootstrap over", "skip to",
)  # fmt: skip
LANGUAGES = ["de", "zh"]
pytestmark = [pytest.mark.kernel, pytest.mark.slow]


@pytest.fixture(scope="module")
def made(tmp_path_factory, root, encoder):
    """Folders of the same report, by language, and the analyses in the cache before and after the second."""
    project = build_project(tmp_path_factory.mktemp("languages"), root)
    plan = project / "reports" / "hostile.yaml"
    text = plan.read_text(encoding="utf-8").replace("02_frames, 03_outlets, 04_time, ", "03_outlets, ")
    plan.write_text(text.replace("300}", "300, encoder: minilm}"), encoding="utf-8")
    before = os.environ["FRAMING_PROJECT"]
    os.environ["FRAMING_PROJECT"] = str(project)
    folders: dict[str, Path] = {}
    analyses = []
    try:
        for language in LANGUAGES:
            page = make_report("hostile", overrides={"language": language})
            folders[language] = page.parent.rename(project / language)
            analyses.append({path.name for path in (cache_folder() / "analyses").iterdir()})
    finally:
        os.environ["FRAMING_PROJECT"] = before
    return folders, analyses


def chrome(page: Path) -> str:
    """What a reader sees of a page but texts of the corpus, names of files and settings."""
    tree = html.fromstring(page.read_text(encoding="utf-8"))
    away = (
        "//script|//style|//title|//code|//*[contains(@class, 'passage')]|//*[@id='run']//table|//h1"
        "|//a[contains(@href, '.parquet') or contains(@href, '.csv')]"
    )
    for element in tree.xpath(away):
        tail = element.tail or ""
        element.clear()
        element.tail = tail
    labels = tree.xpath("//*[not(@class='table')]/@aria-label|//@placeholder")  # a table is called as its file
    return " ".join([*tree.itertext(), *map(str, labels)])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", ["index.html", "side_by_side.html"])
def test_no_english_stands_around_the_texts(made, language, page):
    text = chrome(made[0][language] / page)
    found = [word for word in ENGLISH if re.search(rf"\b{word}\b", text, re.IGNORECASE)]
    assert found == []
    assert f'<html lang="{language}">' in (made[0][language] / page).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", ("Befunde", "Anteil der Passagen", "95\xa0%-Intervall", "Wie man das liest", "Juli 2025", "Punkte")),
        ("zh", ("结论", "段落占比", "95% 区间", "如何解读", "2025年7月", "个百分点")),
    ],
)
def test_the_page_is_in_the_language(made, language, words):
    text = chrome(made[0][language] / "index.html")
    assert [word for word in words if word not in text] == []
    assert "noch nicht übersetzt" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_texts_of_the_script_are_in_the_page(made, language, root):
    page = (made[0][language] / "side_by_side.html").read_text(encoding="utf-8")
    data = json.loads(re.search(r'id="data">(.*?)</script>', page, re.DOTALL).group(1))
    script = "".join(path.read_text(encoding="utf-8") for path in (root / "framing" / "side_by_side").glob("*.js"))
    with in_language(language):
        assert {text: data["texts"].get(text) for text in find_texts(script)} == {
            text: translate(text) for text in find_texts(script)
        }
        assert data["plurals"] == {one: list_plurals(one, many) for one, many in find_plurals(script)}


def test_another_language_scores_nothing_again(made):
    first, second = made[1]
    assert first == second


def test_tables_hold_the_same_in_each_language(made):
    de, zh = (pd.read_parquet(made[0][language] / "tables" / "against_rest.parquet") for language in LANGUAGES)
    pd.testing.assert_frame_equal(de, zh)
    assert de["method"].str.startswith("one of ").all()


def test_the_record_says_which_language(made):
    record = json.loads((made[0]["zh"] / "run.json").read_text(encoding="utf-8"))
    assert record["settings"]["language"] == "zh"
    assert record["method"] == "zero-shot from the codebook's seeds: exploratory"
