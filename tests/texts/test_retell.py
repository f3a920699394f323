"""Texts of tables and files are known to the catalogues as the code writes them."""

from __future__ import annotations

import ast
import re
from types import SimpleNamespace

import pytest

from framing.classify.llm_record import LanguageModelFacts, list_remarks
from framing.columns import COLUMNS
from framing.reports.cells import format_heading
from framing.reports.headings import HEADINGS
from framing.texts import in_language, list_languages, retell
from framing.texts.language import TEMPLATE, read_catalogue
from tests.conftest import ROOT

LANGUAGES = [language for language in list_languages() if language != "en"]


def list_reasons():
    """Every literal of the package that says why a number, or its interval, is lacking."""
    return sorted(
        {
            node.value.removesuffix(";").strip()
            for path in (ROOT / "framing").rglob("*.py")
            if path.parent.name != "texts"
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
            if re.match(r"undefined: \w", node.value)
        }
    )


def test_reasons_are_found():
    assert "undefined: no coder used the frame" in list_reasons()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_why_a_measure_is_undefined_is_told(language):
    reasons = [told for text in list_reasons() for told in (text, text.replace("the frame", "any frame"))]
    with in_language(language):
        left = [text for text in reasons if re.search(r"\b(undefined|coders?|frame|classifier)\b", retell(text))]
    assert left == []


def test_every_column_of_a_table_has_a_heading_that_languages_know():
    known = {message.id for message in read_catalogue(TEMPLATE)}
    columns = {name.rpartition(".")[2] for name in COLUMNS}
    assert [name for name in sorted({*columns, *HEADINGS}) if format_heading(name, "") not in known] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_to_be_known_of_a_language_model_is_told(language):
    versions = [SimpleNamespace(model="qwen", fingerprint=name, answers=600) for name in ("f1", "f2")]
    facts = LanguageModelFacts.model_construct(
        model="qwen", asked=1200, known_before=3, tokens_in=90_000, tokens_out=1200, cost=0.5, versions=versions,
        scores="answers (1 or 0), no chances", redacted=4, failures={"HTTP 500": 3},
    )  # fmt: skip
    remarks = [*list_remarks(facts, n_texts=1203, n_failed=3)]
    remarks += list_remarks(facts.model_copy(update={"cost": None}), n_texts=1203, n_failed=0)
    english = r"\b(questions asked|tokens? in|cost|scores are|server|places|passages have|answered|answers|out)\b"
    with in_language(language):
        told = [retell(remark) for remark in remarks]
    assert len(remarks) == 7
    assert [text for text in told if re.search(english, text)] == []
