"""Passages of a codebook may name their language: read strictly, hashed, counted, compared, and written as read."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.codebook import Codebook, PassageText, compare_codebooks, read_codebook
from framing.errors import InputError

TEXT = """\
codebook: two-languages
version: 1.0.0
description: A quarrel in two languages.
frames:
  - id: blame
    name: Blame
    definition: Somebody is at fault.
    seeds:
      - The minister is to blame.
      - {text: " Der Minister ist schuld. ", language: de}
    counter_seeds:
      - {text: Die Schuld ist getilgt., language: de}
examples:
  - text: Le pont ouvre vendredi.
    frames: []
    language: fr
  - {text: The bridge opens., frames: []}
"""
PLAIN = TEXT.replace('{text: " Der Minister ist schuld. ", language: de}', "Der Minister ist schuld.")


def book(text: str, folder: Path) -> Codebook:
    path = folder / "book.yaml"
    path.write_text(text, encoding="utf-8")
    return read_codebook(path)


def test_a_passage_is_a_text_and_may_name_its_language(tmp_path: Path) -> None:
    frame = book(TEXT, tmp_path).frames[0]
    assert frame.seeds == ("The minister is to blame.", "Der Minister ist schuld.")
    assert [getattr(seed, "language", None) for seed in frame.seeds] == ["", "de"]
    assert getattr(frame.counter_seeds[0], "language", None) == "de"
    assert [item.language for item in book(TEXT, tmp_path).examples] == ["fr", ""]


def test_languages_are_counted_the_codebooks_own_first(tmp_path: Path) -> None:
    assert list(book(TEXT, tmp_path).count_languages().items()) == [("en", 2), ("de", 2), ("fr", 1)]
    french = book(TEXT.replace("version: 1.0.0", "version: 1.0.0\nlanguage: fr"), tmp_path)
    assert french.count_languages() == {"fr": 3, "de": 2}


def test_a_codebook_is_the_same_after_a_round_trip(tmp_path: Path) -> None:
    read = book(TEXT, tmp_path)
    for again in (
        Codebook.model_validate(read.model_dump(mode="json")),
        Codebook.model_validate_json(read.model_dump_json()),
        read.with_unit("document").with_unit("passage"),
        pickle.loads(pickle.dumps(read)),
        copy.deepcopy(read),
    ):
        assert again.hash == read.hash
        assert [getattr(seed, "language", None) for seed in again.frames[0].seeds] == ["", "de"]


def test_the_language_is_part_of_the_hash_only_where_it_is_named(tmp_path: Path) -> None:
    plain, named = book(PLAIN, tmp_path), book(TEXT, tmp_path)
    other = book(TEXT.replace('schuld. ", language: de', 'schuld. ", language: nl'), tmp_path)
    example = book(TEXT.replace("    language: fr\n", ""), tmp_path)
    assert len({plain.hash, named.hash, other.hash, example.hash}) == 4
    keyed = book(PLAIN.replace("- The minister is to blame.", "- {text: The minister is to blame.}"), tmp_path)
    assert keyed.hash == plain.hash


def test_a_change_of_language_is_a_change_of_the_codebook(tmp_path: Path) -> None:
    named = TEXT.replace("    language: fr\n", "").replace("version: 1.0.0", "version: 1.0.0\nlanguage: de")
    found = compare_codebooks(book(PLAIN, tmp_path), book(named, tmp_path))
    assert found.to_dict("split")["data"] == [
        ["", "language", "changed", "en -> de"],
        ["blame", "seeds", "changed", "Der Minister ist schuld. (language of the codebook -> de)"],
        ["none", "examples", "changed", "Le pont ouvre vendredi. (language fr -> of the codebook)"],
    ]


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("{text: x, lang: de}", r"unknown key lang; a passage is a text, or has the keys text and language"),
        ("{text: x, language: German}", r"language: expected the code of a language .*got 'German'"),
        ("{text: x, language: [a]}", r"language: expected the code of a language .*got \['a'\]"),
        ("{text: x, language: }", r"language: expected the code of a language .*got None"),
        ("{language: de}", r"the key text is missing"),
        ('{text: " ", language: de}', r"at least 1 character"),
        ("{text: 3}", r"expected a text, got 3"),
        ("War: a history", r"put the text into quotation marks"),
        ("{text: the Minister is  to blame., language: de}", r"already stands under blame"),
    ],
)
def test_what_is_no_passage_is_refused_with_file_and_place(tmp_path: Path, written: str, message: str) -> None:
    with pytest.raises(InputError, match=rf"book\.yaml: .*{message}"):
        book(TEXT.replace("{text: Die Schuld ist getilgt., language: de}", written), tmp_path)


def test_an_example_in_no_language_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"examples\[1\]\.language: .*got 'French'"):
        book(TEXT.replace("language: fr", "language: French"), tmp_path)


@given(st.text(), st.from_regex(r"[a-z]{2,3}", fullmatch=True))
def test_a_passage_is_used_as_its_text(text: str, language: str) -> None:
    passage = PassageText(text, language)
    assert (passage, hash(passage), passage.language) == (text, hash(text), language)
    assert pickle.loads(pickle.dumps(passage)).language == copy.copy(passage).language == language
