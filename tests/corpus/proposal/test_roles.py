"""Columns are told by their names in many languages, and by what they hold."""

from __future__ import annotations

import pytest

from framing.corpus.proposal.column_look import ColumnLook
from framing.corpus.proposal.column_names import NAMES, rate_name
from framing.corpus.proposal.roles import choose_roles

LONG = "The council met on Tuesday and talked for hours about the ferry, the harbour and who will pay for both of them."


def look_at(columns: dict[str, list[str]]) -> dict[str, ColumnLook]:
    looks = {}
    for name, values in columns.items():
        looks[name] = ColumnLook(name)
        for value in values:
            looks[name].add(value)
    return looks


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (
            {
                "Titel": ["Fähre", "Hafen"], "Volltext": [LONG, LONG], "Zeitung": ["A", "A"],
                "Datum": ["13.07.2025", "1.7.2025"],
            },
            {"title": "Titel", "text": "Volltext", "outlet": "Zeitung", "published": "Datum"},
        ),
        (
            {
                "id": ["1", "2"], "Заголовок": ["Паром", "Порт"], "Текст": [LONG, LONG], "Издание": ["А", "Б"],
                "Дата": ["2025-07-01"] * 2,
            },
            {"document_id": "id", "title": "Заголовок", "text": "Текст", "outlet": "Издание", "published": "Дата"},
        ),
        (
            {
                "source.id": ["", "bbc"], "source.name": ["Paper A", "Paper B"], "title": ["x", "y"],
                "description": [LONG[:60]] * 2, "url": ["https://a.example/1", "https://a.example/2"],
                "urlToImage": ["https://a.example/1.png"] * 2, "publishedAt": ["2025-07-04T10:00:00Z"] * 2,
                "content": [f"{LONG} [+200 chars]"] * 2,
            },
            {"outlet": "source.name", "title": "title", "url": "url", "published": "publishedAt", "text": "content"},
        ),
        (
            {
                "标题": ["渡轮", "港口"], "正文": [LONG, LONG], "来源": ["甲报", "乙报"],
                "发布时间": ["2025-07-04 10:00:00"] * 2,
            },
            {"title": "标题", "text": "正文", "outlet": "来源", "published": "发布时间"},
        ),
        (
            {"c1": ["A", "A"], "c2": [LONG, LONG], "c3": ["2025-07-04", "2025-07-05"]},
            {"text": "c2", "published": "c3"},
        ),
        (
            {"headline": ["Ferry stays", "Harbour closed"], "site": ["A", "B"]},
            {"title": "headline", "text": "headline", "outlet": "site"},
        ),
        (
            {"headline": ["Ferry stays"], "teaser": ["It will go on, they said."], "site": ["A"]},
            {"title": "headline", "text": "teaser", "outlet": "site"},
        ),
    ],
    ids=["german", "russian", "newsapi", "chinese", "no-names", "headlines", "summaries"],
)  # fmt: skip
def test_columns_are_found(columns, expected):
    assert choose_roles(look_at(columns)).columns == expected


def test_what_is_called_so_must_also_look_so():
    looks = look_at(
        {
            "source": [f"https://a.example/{k}" for k in range(30)],
            "date": ["soon"] * 30,
            "text": ["yes"] * 30,
            "body": [LONG] * 30,
            "id": ["7"] * 30,
        }
    )
    roles = choose_roles(looks)
    assert roles.columns == {"text": "body", "url": "source"}
    assert roles.remarks["published"].startswith(
        "date is called so and holds no dates that can be read: the date 'soon'"
    )
    assert roles.remarks["document_id"] == "id has empty or repeated values, so documents get ids of their own"


def test_a_column_with_another_value_in_each_row_is_no_outlet():
    looks = look_at({"source": [f"Report {k}" for k in range(30)], "text": [LONG] * 30})
    assert "outlet" not in choose_roles(looks).columns


def test_what_is_not_sure_is_said():
    looks = look_at({"one": [LONG, LONG], "two": [f"{LONG} {LONG[:20]}"] * 2})
    roles = choose_roles(looks)
    assert "text" not in roles.columns
    assert roles.remarks["text"] == "two and one are both long"
    looks = look_at({"text": [LONG[:30]] * 2, "story_full": [LONG * 3] * 2, "news_outlet_code": ["A", "B"]})
    roles = choose_roles(looks)
    assert roles.columns["text"] == "text"
    assert roles.remarks["text"] == "the column story_full has longer texts"
    assert "outlet" not in roles.columns, "a part of a name is not enough"


def test_a_column_that_is_given_is_taken_and_no_other_gets_it():
    looks = look_at({"text": [LONG, LONG], "summary": [LONG, LONG], "paper": ["A", "A"]})
    roles = choose_roles(looks, {"text": "summary", "outlet": "text"})
    assert roles.columns == {"text": "summary", "outlet": "text"}


def test_numbers_are_dates_where_their_form_is_given():
    looks = look_at({"text": [LONG], "date": ["1751623200"]})
    roles = choose_roles(looks)
    assert "published" not in roles.columns
    assert "as seconds since 1970 it would be 2025-07-04 10:00" in roles.remarks["published"]
    assert choose_roles(looks, date_formats=("unix",)).columns["published"] == "date"


def test_an_open_date_is_still_the_date():
    looks = look_at({"text": [LONG], "Date": ["04/07/2025"]})
    assert choose_roles(looks).columns["published"] == "Date"


ENGLISH = "The council met on Tuesday."


@pytest.mark.parametrize(
    ("language", "value", "text", "translation"),
    [
        ("language", "de", "text", "translation"),
        ("Sprache", "Englisch", "Volltext", "Übersetzung"),
        ("Язык", "арабский", "Текст", "Перевод"),
        ("语言", "英文", "正文", "译文"),
        ("langue", "allemand", "texte", "traduction"),
        ("мова", "російська", "текст", "переклад"),
        ("lang", "ru", "body", "body_en"),
        ("lang", "ru", "text", "text_en"),
        ("lang", "ru", "text", "English text"),
    ],
)
def test_languages_and_translations_are_told_by_their_names(language, value, text, translation):
    columns = {
        translation: [LONG, ENGLISH * 9],
        language: [value, value],
        text: [LONG[:60], LONG[:50]],
        "outlet": ["A", "B"],
    }
    roles = choose_roles(look_at(columns))
    assert roles.columns == {"text": text, "outlet": "outlet", "language": language, "translation": translation}
    assert not roles.remarks


def test_what_is_only_called_so_is_no_language_and_no_translation():
    columns = {
        "text": [LONG, LONG],
        "language": ["plain", "vivid"],
        "translation": ["yes", "no"],
        "text_id": [LONG, "b"],
    }
    roles = choose_roles(look_at(columns))
    assert roles.columns == {"text": "text"}
    assert "detected" in roles.remarks["language"]
    alone = choose_roles(look_at({"text_en": [LONG, LONG], "id": ["1", "2"]}))
    assert alone.columns == {"document_id": "id", "text": "text_en"}


@pytest.mark.parametrize("column", NAMES)
def test_every_name_of_the_list_fits_its_column(column):
    for name in NAMES[column]:
        assert rate_name(name, column) >= 0.6, name
        assert rate_name(name.upper().replace(" ", "_"), column) >= 0.6, name


def test_the_likelier_name_rates_higher():
    assert (
        rate_name("publishedAt", "published")
        > rate_name("date", "published")
        > rate_name("date_of_scrape", "published")
    )
    assert rate_name("section", "text") == 0
