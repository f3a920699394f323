"""Results language by language: only where there are several, the most frequent first, with what they rest on."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from framing.analysis.by_language import compare_languages, describe_comparability, group_languages
from framing.analysis.classified import make_long

FRAMES = ["war", "trade"]


def analysis(languages: list[str]) -> SimpleNamespace:
    """Two passages a document: the first of each German document is on war, no other one carries a frame."""
    n = len(languages)
    documents = pd.DataFrame({"document_id": [f"d{row}" for row in range(n)], "language": languages})
    passages = pd.DataFrame(
        {
            "passage_id": [f"p{row}" for row in range(2 * n)],
            "document_id": np.repeat(documents["document_id"], 2).to_numpy(),
            "outlet": "A",
            "perspective": "",
            "published": pd.Timestamp("2025-07-01"),
            "text": "A passage.",
        }
    )
    on_war = np.array([[is_first and language == "de", False] for language in languages for is_first in (True, False)])
    scores, decisions = on_war.astype(float), np.where(on_war, "present", "absent")
    settings = SimpleNamespace(
        draws={"n_bootstrap": 100, "random_seed": 0}, min_documents=2, language_shift="remove", scorer="seeds"
    )
    facts = SimpleNamespace(encoder=SimpleNamespace(name="multilingual"), labels=SimpleNamespace(learned_from=False))
    return SimpleNamespace(
        settings=settings,
        codebook=SimpleNamespace(frame_ids=FRAMES, language="en"),
        documents=documents,
        passages=passages,
        classified=make_long(passages, scores, decisions, FRAMES),
        facts=facts,
        on_war=on_war,
    )


def test_marked_shares_and_agreement_of_each_language():
    made = analysis(["en"] * 12 + ["de"] * 8)
    # labels: all of what is marked, and the second passage of the first five German documents
    labels = made.on_war.copy()
    labels[25:34:2, 0] = True
    gold = SimpleNamespace(passages=made.passages, labels=labels)
    decided = np.where(made.on_war, "present", "absent")
    tables = compare_languages(made, gold, made.on_war.astype(float), decided)
    shares = tables.shares.set_index(["language", "frame"])["estimate"]
    assert list(dict.fromkeys(tables.shares["language"])) == ["en", "de"], "the language with the most passages first"
    assert shares["de", "war"] == pytest.approx(0.5)
    assert shares["en", "war"] == shares["de", "trade"] == 0
    assert {"low", "high", "method"} <= set(tables.shares.columns)
    agreement = tables.agreement.set_index(["language", "frame", "measure"])["estimate"]
    # German: 8 of the 13 labels are found, nothing else is marked: F1 is 2 * 8 / (8 + 13)
    assert agreement["de", "(micro)", "f1"] == pytest.approx(16 / 21)
    assert set(tables.agreement["frame"]).isdisjoint(FRAMES)
    assert "found in several" in tables.prose


def test_labels_of_other_documents_are_in_the_language_of_their_text():
    made = analysis(["en"] * 12)
    german = "Der Minister sagte am Dienstag, die Gespräche würden in der nächsten Woche fortgesetzt."
    more = made.passages.head(10).assign(document_id="elsewhere", text=german)
    labels = np.vstack([made.on_war, made.on_war[:10]])
    gold = SimpleNamespace(passages=pd.concat([made.passages, more], ignore_index=True), labels=labels)
    tables = compare_languages(made, gold, labels.astype(float), np.where(labels, "present", "absent"))
    assert set(tables.agreement["language"]) == {"de", "en"}
    assert tables.shares.empty, "the corpus itself is in one language"


def test_one_language_has_no_tables():
    made = analysis(["en"] * 12 + ["de"] * 4)  # eight passages of German
    gold = SimpleNamespace(passages=made.passages, labels=made.on_war)
    tables = compare_languages(made, gold, made.on_war.astype(float), np.where(made.on_war, "present", "absent"))
    assert tables.agreement.empty
    assert tables.shares.empty
    assert tables.prose.startswith("All texts are in one language")


def test_rare_and_unknown_languages_are_groups_together():
    listed = ["en"] * 10 + ["de"] * 10 + ["nl", "sv", "und", ""]
    assert group_languages(listed)[-4:] == ["other languages", "other languages", "not detected", "not detected"]
    assert group_languages(["en"] * 40 + ["de"] * 9 + ["und"] * 20) == []


def test_the_warning_says_what_was_done():
    several = ["en"] * 10 + ["de"] * 10
    options = {"language": "en", "learned": False}
    removed = describe_comparability(several, encoder="multilingual", removed=True, **options)
    kept = describe_comparability(several, encoder="multilingual", removed=False, **options)
    assert "was taken out" in removed
    assert "was left in" in kept
    assert "taken as it is" in describe_comparability(several, encoder="owner/nli", removed=None, **options)
    assert "Contrasts between outlets of different languages rest on scores that mean the same" in removed
    assert "level of their own" in describe_comparability(
        several, encoder="multilingual", removed=True, language="en", learned=True
    )
    assert "reads English alone" in describe_comparability(several, encoder="mpnet+minilm", removed=True, **options)
