"""Decisions on originals and translations: scored with the same classifier, compared per language and frame."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from framing.analysis.analysis import open_analysis
from framing.analysis.translations import has_translations, measure_translation_agreement
from framing.settings import Settings
from tests.analysis.project import enter_project, write_project
from tests.tiny import SPORT, TRADE, WAR


def _tables(original: list[str], translation: list[str], language: list[str]) -> tuple[pd.DataFrame, ...]:
    ids = [f"p{number}" for number in range(len(original))]
    passages = pd.DataFrame({"passage_id": ids, "document_id": ids, "language": language})
    decisions, translated = (
        pd.DataFrame({"passage_id": ids, "war": values, "trade": "absent"}) for values in (original, translation)
    )
    return passages, decisions, translated


def test_kappa_per_language_and_frame_by_hand():
    # Of eight German passages: four present on both, one on the original alone, three on neither.
    # p_o = 7/8, p_e = 5/8 * 4/8 + 3/8 * 4/8 = 1/2, kappa = 3/4.
    present, absent = "present", "absent"
    original = [present] * 5 + [absent] * 3 + [present, absent]
    translation = [present] * 4 + [absent] * 4 + [present, absent]
    tables = _tables(original, translation, ["de"] * 8 + ["uk"] * 2)
    found = measure_translation_agreement(*tables, n_bootstrap=400).set_index(["language", "frame"])
    row = found.loc[("de", "war")]
    assert row["estimate"] == pytest.approx(0.75)
    assert -1 <= row["low"] < 0.75 < row["high"] <= 1
    assert row[["n_original", "n_translation", "n_passages", "n_documents"]].to_list() == [5, 4, 8, 8]
    assert found.loc[("uk", "war"), "estimate"] == 1.0
    # Over both frames of German: p_o = 15/16, p_e = 5/16 * 4/16 + 11/16 * 12/16 = 152/256
    assert found.loc[("de", "all frames"), "estimate"] == pytest.approx((15 / 16 - 152 / 256) / (1 - 152 / 256))
    never = found.loc[("de", "trade")]
    assert np.isnan(never["estimate"])
    assert never["method"].startswith("undefined")
    assert found.index.to_list()[0] == ("de", "all frames")


def test_passages_of_one_document_have_no_interval():
    passages, decisions, translated = _tables(["present", "absent"], ["present", "absent"], ["de"] * 2)
    found = measure_translation_agreement(passages.assign(document_id="d"), decisions, translated)
    row = found.set_index("frame").loc["war"]
    assert row["estimate"] == 1.0
    assert np.isnan(row["low"])
    assert row["method"] == "no interval: a single document"


def test_translations_that_stand_for_a_whole_document_of_several_passages_do_not_count():
    passages = pd.DataFrame(
        {
            "document_id": ["a", "a", "b"],
            "translation": ["one two", "one two", "three"],
            "translation_unit": ["document", "document", "document"],
        }
    )
    assert has_translations(passages)
    assert not has_translations(passages.head(2))
    assert not has_translations(passages.assign(translation=" "))
    assert not has_translations(passages[["document_id"]])


def test_an_analysis_scores_translations_beside_the_originals(tmp_path, monkeypatch):
    texts = {"A": WAR[0], "B": TRADE[0], "C": SPORT[0]}
    rows = [
        {"text": text, "outlet": outlet, "published": "2025-07-01", "translation": TRADE[1] if outlet == "A" else text}
        for outlet, text in texts.items()
    ]
    write_project(tmp_path, [*rows, {**rows[0], "outlet": "D", "translation": ""}])
    enter_project(tmp_path, monkeypatch)
    monkeypatch.setattr("framing.analysis.translations.open_encoder", lambda *_, **__: None)
    analysis = open_analysis(Settings(corpus="small", codebook="tiny"))
    outlets = analysis.passages.set_index("passage_id")["outlet"]
    translated = analysis.translated.assign(outlet=analysis.translated["passage_id"].map(outlets)).set_index("outlet")
    assert sorted(translated.index) == ["A", "B", "C"], "D has no translation"
    decisions = analysis.decisions.assign(outlet=analysis.decisions["passage_id"].map(outlets)).set_index("outlet")
    frames = ["war", "trade", "sport"]
    assert translated.loc["A", "trade"] == "present"
    assert decisions.loc["A", "war"] == "present"
    assert translated.loc[["B", "C"], frames].equals(decisions.loc[["B", "C"], frames])


def test_without_translations_there_is_nothing_to_compare(tmp_path, monkeypatch):
    write_project(tmp_path, [{"text": WAR[0], "outlet": "A", "published": "2025-07-01"}])
    enter_project(tmp_path, monkeypatch)
    analysis = open_analysis(Settings(corpus="small", codebook="tiny"))
    assert analysis.translated.empty
    assert measure_translation_agreement(analysis.passages, analysis.decisions, analysis.translated).empty
