"""Voices in Russian, on sentences written for the test."""

from __future__ import annotations

import pytest

from framing.voice.languages.nominative import to_nominative
from framing.voice.languages.rules import read_rules
from tests.voice.spoken import speakers, who_says


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("«Мы ждём», — сказал Иван Мороз, директор порта.", [("Иван Мороз", "Мы ждём")]),
        ("«Мы ждём, — сказала Ирина Мороз. — До весны».", [("Ирина Мороз", "Мы ждём"), ("Ирина Мороз", "До весны")]),
        ("— Пора, — сказал Олег Ветров. — Идём.", [("Олег Ветров", "— Пора"), ("Олег Ветров", "Идём.")]),
        ("Рыбак Тагир Юсупов вздыхает: «Рыба ушла».", [("Тагир Юсупов", "Рыба ушла")]),
        ("«Рыба ушла», – сокрушается рыбак с Ладоги.", [("рыбак", "Рыба ушла")]),
        (
            "Как отметила эксперт Анна Белова, «спешить здесь некуда и незачем».",
            [("Анна Белова", "спешить здесь некуда и незачем")],
        ),
    ],
)
def test_speaker_of_a_quotation(text, expected):
    assert who_says(text, "ru") == expected


def test_inflected_names_are_told_in_the_first_case():
    text = "По словам Ивана Соколова, «дорога закрыта до самой весны». «Объезда нет», — добавил Соколов."
    assert speakers(text, "ru") == ["Иван Соколов", "Иван Соколов"]
    text = "Встреча с Иваном Морозом прошла тихо. «Мы договорились», — сообщил Мороз."
    assert speakers(text, "ru") == ["Иван Мороз"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ивана Соколова", ("Иван Соколов", "he")),
        ("Ольгой Соколовой", ("Ольга Соколова", "she")),
        ("Ирины Мороз", ("Ирина Мороз", "she")),
        ("Петру Раевскому", ("Петр Раевский", "he")),
        ("Иван Соколов", ("Иван Соколов", "he")),
    ],
)
def test_first_case_of_names(name, expected):
    assert to_nominative(tuple(name.split()), read_rules("ru")) == expected


def test_a_name_is_no_other_name_in_another_case():
    assert read_rules("ru").find_given("Артемий") == "Артемий"
    assert not read_rules("ru").same_word("Иван", "Иванов")


def test_role_and_pronoun_mean_the_person_who_was_introduced():
    text = (
        "Министр транспорта Олег Ветров приехал поздно. «Простите», — сказал министр.\n\n"
        "Эксперт Анна Белова была осторожна. «Мы справимся», — уверена Белова. Она добавила: «Только не сразу»."
    )
    assert speakers(text, "ru") == ["Олег Ветров", "Анна Белова", "Анна Белова"]


def test_names_in_quotation_marks_are_no_speech():
    assert who_says("Газета «Вестник» вышла. Компания «Волна» молчит, завод «Заря» стоит.", "ru") == []


def test_reported_with_chto():
    text = "Глава ведомства Ольга Лис заявила, что мост открыт."
    assert who_says(text, "ru", "reported") == [("Ольга Лис", "что мост открыт.")]
