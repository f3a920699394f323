"""Texts, numbers and days in the reader's language."""

from __future__ import annotations

import gettext
import re
from datetime import date

import pytest

from framing.errors import InputError
from framing.texts import (
    current_language,
    in_language,
    localise_number,
    phrase,
    phrase_in,
    phrase_n,
    retell,
    translate,
    use_language,
    write_day,
)
from framing.texts import language as module
from framing.texts.html import phrase_html
from framing.texts.retell import retell_day


@pytest.mark.parametrize(
    ("n", "words"),
    [(1, "1 фрагмент"), (3, "3 фрагмента"), (5, "5 фрагментов"), (21, "21 фрагмент"), (1234, "1\xa0234 фрагмента")],
)
def test_plural_rules_are_those_of_the_language(n, words):
    with in_language("ru"):
        assert phrase_n("{n:,} passage", "{n:,} passages", n) == words


@pytest.mark.parametrize(
    ("language", "number"),
    [("en", "-1,234.5%"), ("de", "−1.234,5\xa0%"), ("fr", "−1\u202f234,5\xa0%"), ("ru", "−1\xa0234,5\xa0%"),
     ("uk", "−1\xa0234,5%"), ("zh", "−1,234.5%")],
)  # fmt: skip
def test_numbers_have_the_signs_of_the_language(language, number):
    with in_language(language):
        assert localise_number("-1,234.5%") == number


@pytest.mark.parametrize(
    ("language", "day", "month"),
    [("en", "04 Jul 2025", "Jul 2025"), ("de", "4. Juli 2025", "Juli 2025"), ("fr", "4 juil. 2025", "juil. 2025"),
     ("zh", "2025年7月4日", "2025年7月")],
)  # fmt: skip
def test_days_have_the_form_of_the_language(language, day, month):
    with in_language(language):
        assert (write_day(date(2025, 7, 4)), write_day(date(2025, 7, 4), "month")) == (day, month)


def test_numbers_and_days_within_a_text_are_localised():
    with in_language("de"):
        assert phrase("{share:.1%} against {rest:.1%}", share=0.125, rest=0.5) == "12,5\xa0% gegen 50,0\xa0%"
        assert phrase("From {day}", day=date(2025, 7, 4)) == "Ab 4. Juli 2025"


def test_a_word_of_two_meanings_has_a_translation_for_each():
    with in_language("ru"):
        assert (phrase("passages"), phrase_in("of", "passages")) == ("фрагменты", "фрагментов")


def test_a_text_without_translation_stays_english_and_is_filled():
    with in_language("de"):
        assert phrase("no such text: {n:,}", n=1234) == "no such text: 1.234"
        assert phrase_n("{n} gnu", "{n} gnus", 2) == "2 gnus"


def test_a_translation_that_is_marked_as_fuzzy_is_not_shown(monkeypatch):
    from babel.messages.catalog import Catalog

    catalogue = Catalog(locale="de")
    catalogue.add("sure", "sicher")
    catalogue.add("unsure", "unsicher", flags=["fuzzy"])
    monkeypatch.setattr(module, "read_catalogue", lambda name: catalogue)
    told = module.find_translations.__wrapped__("de")
    assert isinstance(told, gettext.GNUTranslations)
    assert (told.gettext("sure"), told.gettext("unsure")) == ("sicher", "unsure")


def test_the_language_comes_back_after_an_error():
    seen = []

    def fail():
        with in_language("de"):
            seen.append(current_language())
            raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more"):
        fail()
    assert (seen, current_language()) == (["de"], "en")


def test_an_unknown_language_is_an_error_with_the_known_ones():
    with pytest.raises(InputError, match="expected one of de, en, fr, ru, uk, zh, got 'xx'"):
        use_language("xx")


def test_values_in_a_template_are_escaped_and_its_tags_are_not():
    with in_language("de"):
        assert str(phrase_html("Corpus <b>{title}</b>", title="<i>")) == "Korpus <b>&lt;i&gt;</b>"


def test_a_method_of_a_table_is_told_part_by_part():
    method = (
        "one of 84 comparisons of one group with the rest; score test with pooled design effects, joint min-p over all "
        "of them; a method that nobody knows"
    )
    assert retell(method) == method
    with in_language("de"):
        told = retell(method)
    assert told.startswith("einer von 84 Vergleichen einer Gruppe mit den übrigen; Score-Test mit gepoolten")
    assert told.endswith("; a method that nobody knows")


def test_numbers_in_a_text_of_a_table_are_localised():
    with in_language("de"):
        assert retell("independent units: 12 events (1,201 documents)") == (
            "unabhängige Einheiten: 12 Ereignisse (1.201 Dokumente)"
        )
        assert retell("Nobody knows this. It stays: 1,201") == "Nobody knows this. It stays: 1,201"


def test_states_have_the_names_of_the_language():
    with in_language("fr"):
        assert (retell("United States"), retell("Ukraine"), retell("The Post")) == ("États-Unis", "Ukraine", "The Post")


def test_the_day_of_a_story_is_written_anew():
    assert retell_day("Summit (15 Aug 2025)") == "Summit (15 Aug 2025)"
    with in_language("zh"):
        assert retell_day("Summit (15 Aug 2025)") == "Summit (2025年8月15日)"
        assert retell_day("Summit (31 Feb 2025)") == "Summit (31 Feb 2025)"
        assert retell_day("Summit") == "Summit"
    assert translate("") == ""


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("de", "1.019 von 1.024 (ru 1.017, uk 2); Medien: The 7 of Hearts 8 von 8, The 24 4 von 6 und 3 weitere"),
        ("fr", "1\u202f019 sur 1\u202f024 (ru 1\u202f017, uk 2)"), ("ru", "(ru 1\xa0017, uk 2)"),
        ("zh", "1,024 中的 1,019 (ru 1,017, uk 2); 媒体: The 7 of Hearts 8 中的 8, The 24 6 中的 4，另有 3 个"),
    ],
)  # fmt: skip
def test_counts_within_a_remark_are_told(language, told):
    counts = "1,019 of 1,024 (ru 1,017, uk 2); outlets: The 7 of Hearts 8 of 8, The 24 4 of 6 and 3 more"
    remark = f"voices are found in de, en; documents in other languages: {counts}. Their voices are not known."
    with in_language(language):
        text = retell(remark)
    assert told in text
    assert not re.search(" of 1|8 of 8|outlets|more", text)
