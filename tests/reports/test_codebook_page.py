"""The page on two versions of a codebook."""

from __future__ import annotations

import pandas as pd
import pytest

from framing.analysis.codebook_versions import CodebookVersion, compare_versions
from framing.reports.codebook_findings import describe_versions
from framing.reports.codebook_page import ComparedCorpus, RowCounts, write_version_comparison
from framing.texts import in_language
from tests.analysis.test_codebook_versions import AFTER, BEFORE, NEW, OLD, QUIET, classify, version
from tests.tiny import SPORT, TRADE, WAR, codebook, frame

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
    assert sentences[:2] == ["Added: Sport (4 passages).", "Removed: Trade (0 passages)."]
    assert sentences[2].startswith("2 of 12 decisions on frames that both versions have change (16.7%")
    with in_language("de"):
        assert describe_versions(comparison, OLD, NEW)[0] == "Hinzugekommen: Sport (4 Passagen)."


def test_the_frame_with_the_most_changed_decisions_is_named_with_their_number():
    """One decision on trade changes, all of its agreement; two on war, with kappa .625."""
    book = codebook(frame("war", WAR), frame("trade", TRADE), multi_label=True)
    sides = [
        version(book, {"war": BEFORE, "trade": [0.9, *QUIET[1:]]}),
        version(book, {"war": AFTER, "trade": QUIET}),
    ]
    comparison = compare_versions(*sides)
    kappas = comparison.agreement.set_index("frame")["estimate"]
    assert kappas["trade"] < kappas["war"]
    (told,) = [text for text in describe_versions(comparison, book, book) if "Most decisions" in text]
    assert told.startswith(
        "Most decisions change on “War”: 4 present before, 4 after (1 newly, 1 no longer); kappa 0.63 ("
    )


def test_passages_of_a_removed_frame_are_followed():
    """Trade marks p2, p4 and p11: war leaves p2 and comes to p4, sport has p4, and p11 has no frame."""
    trade = [0.9 if place in (2, 4, 11) else 0.0 for place in range(12)]
    old, new = version(OLD, {"war": BEFORE, "trade": trade}), version(NEW, {"war": AFTER, "sport": AFTER})
    sentences = describe_versions(compare_versions(old, new), OLD, NEW)
    assert (
        "Passages that carried the removed “Trade” (3): 2 of 2 changed decisions are in these; in the new version they "
        "carry War (1), Sport (1), no frame (2)."
    ) in sentences
    assert (
        "Passages that carry the added “Sport” (4): 1 of 2 changed decisions are in these; in the old version they "
        "carried War (3), Trade (1), no frame (0)."
    ) in sentences


def test_a_renamed_frame_has_its_names_and_ids_before_and_after():
    new = codebook(frame("armed_conflict", WAR), frame("trade", TRADE), multi_label=True)
    after = version(new, {"armed_conflict": AFTER, "trade": QUIET})
    found = compare_versions(version(OLD, {"war": BEFORE, "trade": QUIET}), after, renamed={"war": "armed_conflict"})
    assert describe_versions(found, OLD, new)[0] == "Renamed: War (war) → Armed_Conflict (armed_conflict)."
    same_id = codebook({**frame("war", WAR), "name": "Fighting"}, frame("trade", TRADE), multi_label=True)
    found = compare_versions(*(version(book, {"war": BEFORE, "trade": QUIET}) for book in (OLD, same_id)))
    assert describe_versions(found, OLD, same_id)[0] == "Renamed: War → Fighting."


def test_a_name_that_changes_is_told_where_its_translation_does_not():
    old, new = (
        codebook({**frame("war", WAR), "name": name, "names": {"de": "Krieg"}}, frame("trade", TRADE), multi_label=True)
        for name in ("War", "Fighting")
    )
    found = compare_versions(*(version(book, {"war": BEFORE, "trade": QUIET}) for book in (old, new)))
    with in_language("de"):
        assert describe_versions(found, old, new)[0] == "Umbenannt: War → Fighting."


def test_a_scale_that_examples_no_longer_set_is_told():
    examples = [{"text": f"Example {n}.", "frames": ("war", "trade")} for n in range(8)]
    old = codebook(frame("war", WAR), frame("trade", TRADE), multi_label=True, examples=examples)
    new = codebook(*old.frames, frame("sport", SPORT), multi_label=True, examples=examples)
    comparison = compare_versions(
        version(old, {"war": BEFORE, "trade": QUIET}), version(new, {"war": AFTER, "trade": QUIET, "sport": QUIET})
    )
    (told,) = [text for text in describe_versions(comparison, old, new) if "scale" in text]
    assert told.endswith("no longer set the scale of scores, since these frames have fewer than 8 examples: Sport (0).")
    assert not [text for text in describe_versions(comparison, new, new) if "scale" in text]


def test_examples_that_the_encoder_does_not_read_set_no_scale():
    """Sport has eight examples in German, which count for an encoder that reads German alone."""
    examples = [{"text": f"Example {n}.", "frames": ("war", "trade")} for n in range(8)]
    german = [{"text": f"Beispiel {n}.", "frames": ("sport",), "language": "de"} for n in range(8)]
    old = codebook(frame("war", WAR), frame("trade", TRADE), multi_label=True, examples=examples)
    new = codebook(*old.frames, frame("sport", SPORT), multi_label=True, examples=[*examples, *german])
    for languages, n_told in ((frozenset({"en"}), 1), (frozenset({"en", "de"}), 0), (None, 0)):
        sides = [
            CodebookVersion(book, classify(dict.fromkeys(book.frame_ids, AFTER)), 0.5, languages) for book in (old, new)
        ]
        told = [text for text in describe_versions(compare_versions(*sides), old, new) if "scale" in text]
        assert len(told) == n_told


def test_contrasts_are_counted_by_what_was_tested():
    """Two groups and two frames make two contrasts; decisions change on war alone."""
    sides = [version(OLD, {"war": scores, "trade": QUIET}) for scores in (BEFORE, AFTER)]
    sentences = describe_versions(compare_versions(*sides), OLD, OLD)
    assert "Contrasts that move, clear of noise: 0 of 1 in which a decision changes, of 2 in all." in sentences
