"""Every language has every text, with the places, tags and plural forms of the English one."""

from __future__ import annotations

import re

import pytest
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po

from framing.texts import find_untranslated, list_languages
from framing.texts.language import TEMPLATE, read_catalogue
from tests.conftest import ROOT

LANGUAGES = [language for language in list_languages() if language != "en"]
COLLECT = [
    "pybabel", "-q", "extract", "-F", "babel.cfg", "--no-default-keywords", "-k", "phrase", "-k", "phrase_later",
    "-k", "phrase_n:1,2", "-k", "phrase_in:1c,2", "--omit-header",
]  # fmt: skip


@pytest.fixture(params=LANGUAGES)
def catalogue(request):
    return read_catalogue(f"{request.param}.po")


def forms(message):
    return [message.string] if isinstance(message.string, str) else list(message.string)


def english(message):
    return message.id if isinstance(message.id, str) else message.id[1]


def places(text):
    return set(re.findall(r"\{[^{}]*\}", text))


def keys(catalogue):
    return {(message.context, message.id) for message in catalogue if message.id}


def test_six_languages_are_complete():
    assert set(list_languages()) >= {"en", "de", "fr", "ru", "uk", "zh"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_lacks_a_translation(language):
    assert find_untranslated(language) == []


def test_no_file_has_a_text_that_the_program_does_not_have(catalogue):
    assert keys(catalogue) == keys(read_catalogue(TEMPLATE))


def test_the_template_has_the_texts_of_the_program(tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    CommandLineInterface().run([*COLLECT, "-o", str(tmp_path / TEMPLATE), "."])
    with (tmp_path / TEMPLATE).open("rb") as stream:
        collected = read_po(stream)
    assert keys(collected) == keys(read_catalogue(TEMPLATE)), "run make texts, and translate what is new"


def test_places_are_those_of_the_english_text(catalogue):
    wrong = [
        (message.id, form)
        for message in catalogue
        if message.id
        for form in forms(message)
        if places(form) != places(english(message))
        and not (not isinstance(message.id, str) and places(english(message)) - places(form) <= {"{n}", "{n:,}"})
    ]
    assert wrong == []


def test_tags_and_code_are_those_of_the_english_text(catalogue):
    def signs(text):
        return sorted(re.findall(r"<[^>]+>|`[^`]*`", text))

    wrong = [
        (message.id, form)
        for message in catalogue
        if message.id
        for form in forms(message)
        if signs(form) != signs(english(message)) and "`headline only`" not in english(message)
    ]
    assert wrong == []


def test_no_translation_ends_an_attribute_of_a_page(catalogue):
    assert [
        form for message in catalogue if message.id for form in forms(message) if '"' in form and '"' not in message.id
    ] == []


def test_a_text_about_a_number_has_a_form_for_each_plural(catalogue):
    wrong = [
        message.id
        for message in catalogue
        if not isinstance(message.id, str) and len(forms(message)) != catalogue.num_plurals
    ]
    assert wrong == []


def test_headings_of_notebooks_stay_headings(catalogue):
    wrong = [
        message.id
        for message in catalogue
        if isinstance(message.id, str) and re.match("#+ ", message.id) and message.id[:3] != message.string[:3]
    ]
    assert [text for text in wrong if not text.startswith("# ")] == []
    assert [text for text in wrong if not catalogue.get(text).string.startswith("# ")] == []
