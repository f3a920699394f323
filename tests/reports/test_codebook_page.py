"""The page on two versions of a codebook."""

from __future__ import annotations

import pandas as pd
import pytest

from framing.analysis.codebook_versions import compare_versions
from framing.reports.codebook_page import ComparedCorpus, RowCounts, describe_versions, write_version_comparison
from framing.texts import in_language
from tests.analysis.test_codebook_versions import AFTER, BEFORE, NEW, OLD, QUIET, version

CORPUS = ComparedCorpus(
    title="Papers <script>alert(1)</script>",
    constructed=True,
    scorer="words, zero-shot",
    zero_shot=True,
    unit="passage",
    n_units=12,
    n_documents=12,
    counts=RowCounts(13, 12, 1, 0, 0),
    by="outlet",
)


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    folder = tmp_path_factory.mktemp("versions")
    old, new = version(OLD, {"war": BEFORE, "trade": QUIET}), version(NEW, {"war": AFTER, "sport": AFTER})
    new.classified.loc[new.classified["passage_id"] == "p4", "text"] = "<img src=x onerror=alert(1)>"
    old.classified.loc[old.classified["passage_id"] == "p4", "text"] = "<img src=x onerror=alert(1)>"
    write_version_comparison(compare_versions(old, new), old, new, CORPUS, folder)
    return folder


def test_the_page_escapes_texts_and_loads_nothing(page):
    html = (page / "index.html").read_text(encoding="utf-8")
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;img src=x onerror=alert(1)&gt;" in html
    assert "default-src 'none'" in html
    assert "http://" not in html
    assert "https://" not in html


def test_the_page_says_what_its_numbers_are(page):
    html = (page / "index.html").read_text(encoding="utf-8")
    for text in (
        "<b>Exploratory.</b> Both versions classify",
        "<b>Constructed corpus.</b>",
        "13 rows in = 12 documents compared + 1 refused",
        "0.625 (",
    ):
        assert text in html


@pytest.mark.parametrize("name", ["agreement", "contrasts", "shares", "passages", "rules"])
def test_each_table_is_written_whole_twice(page, name):
    table = pd.read_parquet(page / "tables" / f"{name}.parquet")
    assert len(table) == len(pd.read_csv(page / "tables" / f"{name}.csv")) > 0
    assert f'href="tables/{name}.csv"' in (page / "index.html").read_text(encoding="utf-8")


def test_the_sentences_are_told_in_the_language_of_the_reader():
    old, new = version(OLD, {"war": BEFORE, "trade": QUIET}), version(NEW, {"war": AFTER, "sport": AFTER})
    comparison = compare_versions(old, new)
    sentences = describe_versions(comparison, OLD, NEW)
    assert sentences[:2] == ["Added: Sport.", "Removed: Trade."]
    assert sentences[2].startswith("2 of 12 decisions on frames that both versions have change (16.7%")
    with in_language("de"):
        assert describe_versions(comparison, OLD, NEW)[0] == "Hinzugekommen: Sport."
