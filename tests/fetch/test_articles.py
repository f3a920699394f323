"""Articles as they are extracted from pages."""

from __future__ import annotations

import hashlib

import pytest

from framing.fetch.addresses import RefusedError, normalise_url
from framing.fetch.articles import extract_article
from framing.fetch.listing import ListedArticle
from framing.fetch.web import Page
from tests.fetch.server import STORY, page

URL = "https://paper.example/a"


def answer(body: bytes, *, kind: str = "text/html", encoding: str | None = "utf-8") -> Page:
    return Page(f"{URL}?utm_source=feed", body, kind, encoding, "", "")


def test_the_list_wins_over_the_page_and_the_heading_is_no_text():
    item = ListedArticle(URL, " Listed title ", "2026-03-03")
    article = extract_article(answer(page("Title of the page")), item, "Paper", fetched="now")
    assert (article.url, article.outlet, article.published, article.title, article.fetched) == (
        URL, "Paper", "2026-03-03", "Listed title", "now",
    )  # fmt: skip
    assert article.text.startswith("0. The harbour council")
    assert article.text.count(STORY.strip()) == 4
    assert article.sha256 == hashlib.sha256(f"Listed title\x1f{article.text}".encode()).hexdigest()


def test_the_page_gives_the_title_that_the_list_lacks():
    article = extract_article(answer(page("Title of the page")), ListedArticle(URL), "Paper", fetched="now")
    assert article.title == "Title of the page"


@pytest.mark.parametrize(
    ("answered", "reason"),
    [
        (answer(b"%PDF-1.7", kind="application/pdf"), "not a page but application/pdf"),
        (answer(b"<html><body><img src=x></body></html>"), "no main text found in the page"),
    ],
)
def test_what_is_no_article_is_refused(answered, reason):
    with pytest.raises(RefusedError, match=reason):
        extract_article(answered, ListedArticle(URL), "Paper", fetched="now")


@pytest.mark.parametrize(
    "url", ["ftp://paper.example/a", "https://paper.example/a b", "https://p.example/" + "a" * 2000]
)
def test_what_is_no_http_address_is_refused(url):
    with pytest.raises(RefusedError, match="not an http address"):
        normalise_url(url)
