"""Parts of a translation for passages: by paragraphs, by sentences in them, else the whole."""

from __future__ import annotations

import json

import pytest

from framing.corpus import read_corpus, split_passages
from framing.corpus.parallel_texts import find_paragraphs, translate_spans
from framing.errors import InputError

GERMAN = "Der Hafen brennt. Die Feuerwehr kam.\n\nDer Rat tagt heute."
ENGLISH = "The harbour burns. The firemen came.\n\nThe council meets today."
BOTH = ("de", "en")


def _spans(*parts: str) -> list[tuple[int, int]]:
    return [(GERMAN.index(part), GERMAN.index(part) + len(part)) for part in parts]


def test_paragraphs_are_lines_with_letters():
    assert [("  a\n\n\tb c \n")[start:end] for start, end in find_paragraphs("  a\n\n\tb c \n")] == ["a", "b c"]
    assert find_paragraphs(" \n\n") == []


def test_whole_paragraphs_and_parts_of_them_have_what_stands_for_them():
    spans = _spans("Der Hafen brennt.", "Die Feuerwehr kam.\n\nDer Rat tagt heute.", GERMAN, "Der Rat tagt heute.")
    assert translate_spans(GERMAN, ENGLISH, spans, languages=BOTH) == [
        ("The harbour burns.", "sentence"),
        ("The firemen came.\nThe council meets today.", "sentence"),
        ("The harbour burns. The firemen came.\nThe council meets today.", "paragraph"),
        ("The council meets today.", "paragraph"),
    ]


def test_a_paragraph_with_another_number_of_sentences_stands_for_each_part_of_it():
    joined = ENGLISH.replace(". The f", ", and the f")
    assert translate_spans(GERMAN, joined, _spans("Der Hafen brennt."), languages=BOTH) == [
        ("The harbour burns, and the firemen came.", "paragraph")
    ]


def test_with_another_number_of_paragraphs_the_whole_stands_for_each_passage():
    flat = ENGLISH.replace("\n\n", " ")
    assert translate_spans(GERMAN, flat, _spans("Der Rat tagt heute."), languages=BOTH) == [(flat, "document")]
    assert translate_spans(GERMAN, " \n", _spans("Der Rat tagt heute."), languages=BOTH) == [("", "")]


@pytest.fixture
def corpus(tmp_path):
    rows = [
        {"outlet": "Hafenblatt", "text": GERMAN, "text_en": ENGLISH, "translation": "not this", "page": "1"},
        {
            "outlet": "Bay Post",
            "text": "The school opens again on Monday.",
            "text_en": "",
            "translation": "",
            "page": "2",
        },
    ]
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return tmp_path


def _write(folder, rules: str) -> None:
    (folder / "corpus.yaml").write_text(
        f"corpus: two\ntitle: Two\nfiles: [rows.jsonl]\nformat: jsonl\n{rules}\n", encoding="utf-8"
    )


@pytest.mark.parametrize("metadata", ["all", "none", "[page]"])
def test_a_corpus_names_its_translations_and_passages_carry_their_part(corpus, metadata):
    _write(corpus, f"columns: {{text: text, outlet: outlet, translation: text_en}}\nmetadata: {metadata}")
    documents = read_corpus(corpus).documents
    assert documents["translation"].to_list() == [ENGLISH, ""]
    passages = split_passages(documents, max_words=6).set_index("document_id")
    assert passages["translation"].to_list() == ["The harbour burns. The firemen came.", "The council meets today.", ""]
    assert passages["translation_unit"].to_list() == ["paragraph", "paragraph", ""]
    assert ("file_translation" in documents.columns) == (metadata == "all"), "another column of the name is kept"


def test_without_the_rule_no_table_has_translations(corpus):
    _write(corpus, "columns: {text: text, outlet: outlet}")
    documents = read_corpus(corpus).documents
    assert "translation" not in documents.columns
    assert documents["file_translation"].to_list() == ["not this", ""]
    assert "translation" not in split_passages(documents).columns


def test_a_column_that_no_file_has_is_refused(corpus):
    _write(corpus, "columns: {text: text, outlet: outlet, translation: text_fr}")
    with pytest.raises(InputError, match="text_fr"):
        read_corpus(corpus)
