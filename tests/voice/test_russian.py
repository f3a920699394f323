"""Voices in Russian, on sentences written for the test."""

from __future__ import annotations

import pytest

from framing.voice.languages.nominative import to_nominative
from framing.voice.languages.reading import read_document
from framing.voice.languages.rules import read_rules
from framing.voice.sides import read_sides
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


@pytest.mark.parametrize(
    ("text", "speaker", "group"),
    [
        ("«Мы готовы», — заявил министр иностранных дел России Олег Ветров.", "Олег Ветров", "Russia"),
        ("«Мы готовы», — заявил министр внутренних дел Иван Мороз.", "Иван Мороз", "officials, state not named"),
        ("«Мы готовы», — сказал глава Министерства иностранных дел Польши Ян Ковальчик.", "Ян Ковальчик", "Poland"),
        (
            "Глава Министерства иностранных дел Норвегии Ларс Хольм заявил: «Мы готовы».",
            "Ларс Хольм",
            "officials, state not named",
        ),
        ("«Мы готовы», — сообщил начальник отдела Иван Мороз.", "Иван Мороз", "officials, state not named"),
        ("Начальник отдела Иван Мороз сообщил: «Мы готовы».", "Иван Мороз", "officials, state not named"),
        ("«Мы готовы», — сказала министр финансов Петра Линднер.", "Петра Линднер", "officials, state not named"),
        ("Министр финансов Петра Линднер сказала: «Мы готовы».", "Петра Линднер", "officials, state not named"),
    ],
)
def test_nouns_that_end_as_verbs_and_names_that_look_inflected(text, speaker, group):
    (span,) = read_document(text, "ru", read_sides())
    assert (span.speaker, span.group) == (speaker, group)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ракеты прибудут в пятницу, заявил министр Олег Ветров.", ("Олег Ветров", "Ракеты прибудут в пятницу")),
        ("Министр Олег Ветров ответил, что мост закрыт.", ("Олег Ветров", "что мост закрыт.")),
        ("Как сообщил министр Олег Ветров, мост закрыт до весны.", ("Олег Ветров", "мост закрыт до весны.")),
    ],
)
def test_reported_speech_before_or_behind_its_verb(text, expected):
    assert who_says(text, "ru", "reported") == [expected]


def test_what_somebody_does_is_not_reported():
    assert who_says("Он приехал вчера вечером, сказал привет и уехал.", "ru", "reported") == []


def test_a_verb_ends_a_role():
    text = "«Так», — сказал мэр. Министр делает вид, что спит. «Нет», — сказал министр."
    assert speakers(text, "ru")[1].lower() == "министр"


def test_a_possessive_is_no_speaker():
    text = (
        "Министр экономики Олег Бреннер заявил, что мост закрыт. Оппозиция предупреждает о войне. "
        "«Нас втягивают», — сказала её лидер Инге Фальк."
    )
    assert speakers(text, "ru") == ["Инге Фальк"]
    text = "Министр Олег Ветров уехал. «Он вернётся», — сказал его представитель Иван Мороз."
    assert speakers(text, "ru") == ["Иван Мороз"]
