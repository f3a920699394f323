"""The word lists of the voices: no word twice, every list read, and the forms of verbs."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest

import framing.voice
from framing.files.strict_yaml import parse_yaml
from framing.voice.words import PERSONS, SAYING, VERBS, word_set

FILE = parse_yaml((files("framing") / "data" / "voice_words.yaml").read_text(encoding="utf-8"), source="voice_words")


@pytest.mark.parametrize("name", FILE["lists"])
def test_no_word_stands_twice_in_a_list(name):
    words = FILE["lists"][name].split()
    assert sorted(words) == sorted(set(words))
    assert word_set(name) == set(words)


def test_every_list_is_read_by_the_package():
    code = "".join(path.read_text(encoding="utf-8") for path in Path(framing.voice.__path__[0]).rglob("*.py"))
    assert set(re.findall(r'word_set\("(\w+)"\)', code)) == set(FILE["lists"])


def test_irregular_verbs_are_verbs_of_the_lists_and_keep_their_forms():
    for lemma, forms in FILE["forms"].items():
        assert VERBS[lemma] == lemma
        assert {VERBS[form] for form in forms.split()} == {lemma}


@pytest.mark.parametrize(
    ("form", "lemma"),
    [
        ("denied", "deny"),
        ("urges", "urge"),
        ("urging", "urge"),
        ("slammed", "slam"),
        ("wrote", "write"),
        ("told", "tell"),
        ("stresses", "stress"),
        ("conveyed", None),
    ],
)
def test_forms_of_verbs(form, lemma):
    assert VERBS.get(form) == lemma


def test_lists_hold_what_they_are_for():
    assert {"say", "tell"} <= SAYING
    assert {"minister", "historian", "nurse", "reporter", "broker"} <= PERSONS
    assert "minister" not in word_set("experts")
