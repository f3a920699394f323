"""Voices in Ukrainian, on sentences written for the test."""

from __future__ import annotations

import pytest

from framing.voice.languages.nominative import to_nominative
from framing.voice.languages.rules import read_rules
from tests.voice.spoken import speakers, who_says


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("«Ми чекаємо», — сказав Іван Мороз, директор порту.", [("Іван Мороз", "Ми чекаємо")]),
        ("«Ми чекаємо, — каже Ірина Лис. — До весни».", [("Ірина Лис", "Ми чекаємо"), ("Ірина Лис", "До весни")]),
        ("«Восени», – розповів журналістам в Одесі директор порту Гліб Сом.", [("Гліб Сом", "Восени")]),
        ("Рибалка Тарас Юрків зітхає: «Риба пішла».", [("Тарас Юрків", "Риба пішла")]),
        ("– Час, – озвався Олег Вітрів. – Ходімо.", [("Олег Вітрів", "– Час"), ("Олег Вітрів", "Ходімо.")]),
        (
            "На думку експертки Анни Білової, «поспішати тут нікуди й немає чого».",
            [("Анна Білова", "поспішати тут нікуди й немає чого")],
        ),
    ],
)  # fmt: skip
def test_speaker_of_a_quotation(text, expected):
    assert who_says(text, "uk") == expected


def test_dash_in_the_middle_of_a_paragraph():
    text = "Коли рушать поїзди, невідомо. – Чекаємо, а дати немає, – підсумувала речниця Ольга Лис."
    assert who_says(text, "uk") == [("Ольга Лис", "– Чекаємо, а дати немає")]


def test_inflected_names_are_told_in_the_first_case():
    text = "За словами Івана Соколенка, «дорогу закрито до самої весни». «Об’їзду немає», — додав Соколенко."
    assert speakers(text, "uk") == ["Іван Соколенко", "Іван Соколенко"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Іриною Ковальською", ("Ірина Ковальська", "she")), ("Тараса Кравця", ("Тарас Кравець", "he"))],
)
def test_first_case_of_names(name, expected):
    assert to_nominative(tuple(name.split()), read_rules("uk")) == expected


def test_role_means_the_person_who_was_introduced():
    text = "Міністр транспорту Олег Вітрів приїхав пізно. «Перепрошую», — сказав міністр."
    assert speakers(text, "uk") == ["Олег Вітрів"]


def test_names_in_quotation_marks_are_no_speech():
    assert who_says("Газета «Вісник» вийшла. Компанія «Хвиля» мовчить.", "uk") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ракети прибудуть у п’ятницю, заявив міністр Олег Вітер.", ("Олег Вітер", "Ракети прибудуть у п’ятницю")),
        ("Міністр Олег Вітер відповів, що міст закрито.", ("Олег Вітер", "що міст закрито.")),
        ("Як повідомив міністр Олег Вітер, міст закрито до весни.", ("Олег Вітер", "міст закрито до весни.")),
    ],
)
def test_reported_speech_before_or_behind_its_verb(text, expected):
    assert who_says(text, "uk", "reported") == [expected]


def test_nouns_that_end_as_verbs_and_possessives():
    assert speakers("«Ми готові», — повідомив начальник відділу Іван Мороз.", "uk") == ["Іван Мороз"]
    assert speakers("Міністр Олег Вітер поїхав. «Так», — сказала його речниця Ірина Мороз.", "uk") == ["Ірина Мороз"]
    assert speakers("«Так», — сказав глава Міністерства внутрішніх справ Норвегії Ларс Хольм.", "uk") == ["Ларс Хольм"]
