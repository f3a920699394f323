from __future__ import annotations

import pytest
from hypothesis import given

from framing.corpus.records import Refused
from tests.corpus.press.exports import Part, damaged, read, read_articles, reasons

LINE = "_" * 60
COVER = "Report Information from ProQuest\n\nJuly 04, 2025 09:31\n\n\nTable of contents\n\n{titles}\n\n"
END = "\nContact us at: http://example.org/contact\n\nCopyright 2025 Constructed LLC. All rights reserved.\n\n"
TAIL = """Subject: Ferries; Ports

Business indexing term: Subject: Ferries

Location: Northport

Company / organization: Name: Ferries plc; NAICS: 483112

Title: Ferry {i}

Publication title: The Harbour Post, Late Edition; Northport

Publication year: 2025

Publication date: Jul 1, 2025

Section: Home news

Publisher: Constructed Press

ISSN: 0000000{i}

Source type: Newspaper

Language of publication: English

Document type: News

ProQuest document ID: 90000000{i}

Document URL: https://www.example.org/docview/90000000{i}?accountid=1

Copyright: Copyright Constructed Press Jul 1, 2025

Last updated: 2025-07-02

Database: Constructed Newsstream

"""
TEXT = "The ferry sailed.\n\nNote: she was late.\n\nShe sails on."


def article(i: int, text: str = TEXT, head: str = "") -> str:
    begin = f"{head}Ferry {i}\n\nAuthor: Constructed, Ada\n\nAbstract: In short.\n\n"
    return f"\n{begin}Full text: {text}\n\n{TAIL.format(i=i)}"


def export(*articles: str, n: int = 0) -> str:
    titles = "\n\n".join(f"{i}. Ferry {i}" for i in range(1, (n or len(articles)) + 1))
    return f"\n{LINE}\n".join([COVER.format(titles=titles), *articles, END])


def test_fields() -> None:
    first, second = read_articles(export(article(1), article(2)), "proquest")
    expected = {
        "text": TEXT,
        "title": "Ferry 1",
        "outlet": "The Harbour Post, Late Edition",
        "published": "2025-07-01",
        "section": "Home news",
        "author": "Constructed, Ada",
        "page": "",
        "words": "",
        "language": "English",
        "document_id": "900000001",
        "url": "https://www.example.org/docview/900000001?accountid=1",
        "abstract": "In short.",
        "subject": "Ferries; Ports",
        "location": "Northport",
        "publication_title": "The Harbour Post, Late Edition; Northport",
    }
    assert {field: first[field] for field in expected} == expected
    assert second["document_id"] == "900000002"


@pytest.mark.parametrize(
    "text",
    [
        "One.\n\n\n\nTwo.",
        "Location: here.\n\nA sentence about it.\n\nTitle: a word.\n\nThe end.",
        f"One.\n\n{LINE}\n\nTwo.",
        "One: two: three.\nhttps://example.org/a",
    ],
)
def test_full_text_goes_on_to_the_labels_behind_it(text: str) -> None:
    first, second = read_articles(export(article(1, text), article(2)), "proquest")
    assert first["text"].split() == text.split()
    assert (first["title"], first["subject"]) == ("Ferry 1", "Ferries; Ports")
    assert second["title"] == "Ferry 2"


def test_labels_without_an_empty_line_between_them() -> None:
    content = export(
        article(1).replace("2025\n\nSection", "2025\nSection").replace("News\n\nProQuest", "News\nProQuest")
    )
    [values] = read_articles(content, "proquest")
    assert (values["section"], values["document_id"], values["document_type"]) == ("Home news", "900000001", "News")


def test_number_before_the_title() -> None:
    [values] = read_articles(export(article(1, head="Document 1 of 1\n\n")), "proquest")
    assert values["title"] == "Ferry 1"


@pytest.mark.parametrize(("text", "reason"), [("", "only an abstract"), ("Not available.", "only an abstract")])
def test_article_without_a_full_text_is_refused(text: str, reason: str) -> None:
    items = read(export(article(1, text), article(2)), "proquest")
    assert [isinstance(item, Refused) for item in items] == [True, False]
    assert reason in items[0].reason  # type: ignore[union-attr]


def test_titles_of_the_cover_that_are_missing_are_refused() -> None:
    assert reasons(export(article(1), n=3), "proquest") == [
        "the cover lists 3 articles, 1 were recognised; this is one of those missing",
        "the cover lists 3 articles, 1 were recognised; this is one of those missing",
    ]


def test_articles_without_a_line_between_them_are_refused() -> None:
    found = reasons(export(article(1) + article(2)), "proquest")
    assert len(found) == 2
    assert all("without a border" in reason for reason in found)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "no article"),
        (b"PK\x03\x04", "zip"),
        (b"<html></html>", "html"),
        ((LINE + "\n").encode() * 5, "no article"),
    ],
)
def test_foreign_file_ends_with_a_reason(content: bytes, word: str) -> None:
    [reason] = reasons(content, "proquest")
    assert word in reason


def test_many_lines_of_underscores_take_linear_time() -> None:
    content = export(article(1, f"\n{LINE}\n".join(["One."] * 50_000)))
    [values] = read_articles(content, "proquest")
    assert values["text"].count("One.") == 50_000


@given(damaged(export(article(1), article(2), article(3)).split("\n")))
def test_nothing_declared_is_lost_from_a_damaged_file(parts: list[Part]) -> None:
    lines = [str(part) for part in parts]
    n_ids = sum(line.startswith("ProQuest document ID:") for line in lines)
    assert len(read("\n".join(lines), "proquest")) >= n_ids


def test_cover_of_several_parts_and_a_bibliography() -> None:
    content = export(article(1), article(2))
    cover, rest = content.split(f"\n{LINE}\n", 1)
    titles = cover[cover.index("Table of contents") :]
    bibliography = "\nBibliography\n\nCitation style: Constructed\n\nFerry 1. (2025). ProQuest.\n\n"
    parts = ["\n\n", "\nReport Information from ProQuest\n\nJuly 04, 2025\n", titles, rest.rsplit(f"\n{LINE}\n", 1)[0]]
    assert len(read_articles(f"\n{LINE}\n".join([*parts, bibliography, END]), "proquest")) == 2


def test_headline_and_labels_without_an_empty_line_between_them() -> None:
    content = export(article(1).replace("Ferry 1\n\nAuthor", "Ferry 1\nAuthor", 1))
    [values] = read_articles(content, "proquest")
    assert (values["title"], values["author"]) == ("Ferry 1", "Constructed, Ada")


@pytest.mark.parametrize(
    ("info", "outlet", "published", "page"),
    [
        (
            "The Post, Late Edition; Northport [Northport]04 Mar 2022: A.1.",
            "The Post, Late Edition",
            "2022-03-04",
            "A.1",
        ),
        ("The Post (Online), Northport: Post Company. Mar 4, 2022.", "The Post (Online)", "2022-03-04", ""),
    ],
)
def test_outlet_date_and_page_of_the_line_of_the_publication(info: str, outlet: str, published: str, page: str) -> None:
    content = article(1).replace("Author:", f"Publication info: {info}\n\nAuthor:")
    for label in ("Publication title", "Publication date"):
        start = content.index(label)
        content = content[:start] + content[content.index("\n\n", start) + 2 :]
    [values] = read_articles(export(content), "proquest")
    assert (values["outlet"], values["published"], values["page"]) == (outlet, published, page)


@pytest.mark.parametrize(
    ("date", "published"),
    [("Mar 4, 2022", "2022-03-04"), ("2022 Mar 04", "2022-03-04"), ("04 Mar 2022", "2022-03-04")],
)
def test_orders_of_the_date(date: str, published: str) -> None:
    [values] = read_articles(export(article(1).replace("Jul 1, 2025\n\nSection", f"{date}\n\nSection")), "proquest")
    assert values["published"] == published


@pytest.mark.parametrize("date", ["Mar 2022", "2022", "Spring 2022", "03/04/2022"])
def test_date_that_is_not_one_day_is_refused(date: str) -> None:
    [reason] = reasons(export(article(1).replace("Jul 1, 2025\n\nSection", f"{date}\n\nSection")), "proquest")
    assert "cannot be read as one day" in reason


def test_rtf_of_the_same_lines() -> None:
    lines = "".join(f"{line}\\par\n" for line in export(article(1), article(2)).split("\n"))
    assert [values["title"] for values in read_articles("{\\rtf1\\ansi " + lines + "}", "proquest")] == [
        "Ferry 1",
        "Ferry 2",
    ]
