"""Sentences on what to look at: languages that a model does not read, dates in question, long texts."""

from __future__ import annotations

import re
from datetime import datetime

import pandas as pd
import pytest

from framing.analysis.remarks import (
    describe_dates,
    describe_long,
    list_remarks,
)
from framing.texts import in_language, retell


def test_dates_in_question_are_named_with_their_places():
    days = [datetime(2025, 7, 4)] * 9 + [datetime(1, 1, 1), datetime(1970, 1, 1), *[datetime(9999, 12, 31)] * 4]
    table = pd.DataFrame({"published": pd.Series(days, dtype="datetime64[us]"), "file": "a.csv", "line": range(2, 17)})
    assert describe_dates(table) == [
        "dates in question (before 1700): 1 (a.csv, line 11: 0001-01-01)",
        "dates in question (1 January 1970, which many databases write for no date): 1 (a.csv, line 12: 1970-01-01)",
        "dates in question (later than tomorrow): 4 (a.csv, line 13: 9999-12-31; a.csv, line 14: 9999-12-31; "
        "a.csv, line 15: 9999-12-31 and 1 more)",
    ]
    assert describe_dates(table[:9]) == []


def test_long_texts_are_counted():
    assert describe_long(0, 9, unit="rows") == ""
    assert describe_long(2, 1900, unit="rows").startswith("2 of 1,900 rows are longer than what the model reads")


def test_a_report_lists_languages_voices_and_dates():
    days = pd.Series([datetime(2025, 7, 4), datetime(9999, 12, 31)], dtype="datetime64[us]")
    table = pd.DataFrame({"published": days, "file": "a.csv", "line": [2, 3], "language": ["uk", "en"]})
    first, last = list_remarks(table, encoder="minilm", codebook={"en"})
    assert first.startswith("documents in other languages than English")
    assert last == "dates in question (later than tomorrow): 1 (a.csv, line 3: 9999-12-31)"
    first, _ = list_remarks(table, encoder="models/xl", codebook={"en"})
    assert first.startswith("documents in other languages than the codebook's (en): 1 of 2 (uk 1).")
    polish = table.assign(language=["pl", "uk"])
    _, voices, _ = list_remarks(polish, encoder="models/xl", codebook={"en"})
    assert voices == (
        "voices are found in de, en, es, fr, ru, uk, zh; documents in other languages: 1 of 2 (pl 1). Their voices are "
        "not known."
    )
    assert list_remarks(table[1:].assign(published=days[0]), encoder="minilm", codebook={"en"}) == ()


def test_outlets_of_one_language_each_that_differ_are_remarked():
    def remarks(languages):
        day = datetime(2025, 7, 4)
        table = pd.DataFrame({"published": day, "file": "a.csv", "line": 2, "language": languages})
        table["outlet"] = ["Anna", "Berg"] * (len(languages) // 2)
        found = list_remarks(table, encoder="multilingual", codebook={"en", "ru"})
        return [text for text in found if text.startswith("each outlet")]

    (remark,) = remarks(["en", "ru"] * 10)
    assert remark.startswith("each outlet has one language, and these differ (Anna en, Berg ru): a contrast")
    with in_language("de"):
        assert retell(remark).startswith(
            "jedes Medium hat eine Sprache, und diese unterscheiden sich (Anna en, Berg ru)"
        )
    assert len(remarks(["en", "ru"] * 9 + ["ru", "ru"])) == 1  # nine of ten
    assert remarks(["en", "ru"] * 8 + ["ru", "ru"] * 2) == []
    assert remarks(["en", "en"] * 10) == remarks(["und", "ru"] * 10) == []


@pytest.mark.parametrize("language", ["de", "fr", "ru", "uk", "zh"])
def test_every_remark_on_a_report_is_told_in_the_language_of_the_page(language):
    days = [datetime(2025, 7, 4)] * 40 + [datetime(1970, 1, 1)] * 4
    table = pd.DataFrame(
        {"published": pd.Series(days, dtype="datetime64[us]"), "file": "a.csv", "line": range(1, 45)},
    )
    table["language"] = ["de", "ru", "xh", "fr", "uk", "zh", "de", "ru", "xh", "fr", "uk"] * 4
    table["outlet"] = list("ABCDEFGHIJK") * 4
    remarks = [
        remark
        for encoder in ("minilm", "multilingual", "models/own")
        for remark in list_remarks(table, encoder=encoder, codebook={"de"})
    ]
    assert len(set(remarks)) == 8
    with in_language(language):
        told = [retell(remark) for remark in remarks]
    english = r"\b(and|more|of|line|languages?|outlets|voices|reads?|means?|their)\b"
    assert [text for text in told if re.search(english, text)] == []
