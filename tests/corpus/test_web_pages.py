"""Web pages: their characters and the day on which they say that they were published."""

from __future__ import annotations

import pytest

from framing.corpus.web_pages import decode_page, extract_page

STORY = (
    "The harbour council met on Tuesday to weigh a second ferry line. Members spoke for two hours, and the vote was "
    "put off until the autumn. A spokesman said that costs were not yet known, and that the tender would be open. "
)
LINKED = '<script type="application/ld+json">{}</script>'


def day(head: str = "", byline: str = "", *, foot: str = "", url: str = "") -> str:
    body = f"<article><h1>Ferry</h1>{byline}<p>{STORY}</p><p>It was planned on 2019-03-04. {STORY}</p></article>"
    page = f"<!doctype html><html><head><title>Ferry</title>{head}</head><body>{body}{foot}</body></html>"
    extracted = extract_page(page, url=url)
    assert extracted is not None
    assert "second ferry line" in extracted.text
    return extracted.published


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (LINKED.format('{"@type": "NewsArticle", "dateModified": "2025-07-09", "datePublished": "2025-07-04"}'),
         "2025-07-04"),
        (LINKED.format('{"@graph": [{"@type": "WebPage", "datePublished": "2025-07-01"}, {"@type": "NewsArticle", '
                       '"datePublished": "2025-07-04T23:30:00-05:00"}]}'), "2025-07-04"),
        (LINKED.format('{"broken": , "datePublished" : "2025-07-04"}'), "2025-07-04"),
        (LINKED.format('{"a":' * 3000 + "1" + "}" * 3000), ""),
        ("<meta property='article:modified_time' content='2025-07-09'>"
         "<meta property='article:published_time' content='2025-07-04T08:00:00Z'>", "2025-07-04"),
        ("<meta itemprop='datePublished' content='2025-07-04'><meta itemprop='copyrightYear' content='2019'>",
         "2025-07-04"),
        ("<meta name='date' content='07/13/2025'>", "2025-07-13"),
        ("<meta name='date' content='07/04/2025'>", ""),
        ("<meta property='article:modified_time' content='2025-07-09'>", ""),
        (LINKED.format('{"@type": "NewsArticle", "dateModified": "2025-07-09T08:00:00Z"}'), ""),
        ("<meta itemprop='copyrightYear' content='2019'>", ""),
        ("<meta http-equiv='last-modified' content='2025-07-09'>", ""),
        ("<meta property='og:image' content='https://paper.example/2019/03/04/a.jpg'>", ""),
        ("<meta name='date' content='2099-01-01'>", ""),
    ],
)  # fmt: skip
def test_the_metadata_state_the_day_of_publication_and_no_other(head, expected):
    assert day(head) == expected


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ("<time datetime='2025-07-04T10:00'>4 July</time>", "2025-07-04"),
        ("<span class='date'>4 July 2025</span>", "2025-07-04"),
        ("<span class='date'>13/07/2025</span>", "2025-07-13"),
        ("<span class='date'>07/04/2025</span>", ""),
        ("<span class='updated'>Updated 9 July 2025</span>", ""),
        ("<time class='modified' datetime='2025-07-09'>9 July</time>", ""),
        ("<p>Posted on 7/4/2025</p>", ""),
        ("", ""),
    ],
)
def test_a_line_with_a_date_counts_where_it_is_sure(byline, expected):
    assert day(byline=byline) == expected


@pytest.mark.parametrize(
    "foot",
    ["<p>© 2019 Paper</p>", "<footer>Copyright 2019-05-06 Paper</footer>", "<small>(c) 12/2019</small>",
     "<div id='copyright'>2019-05-06</div>", "<aside><time datetime='2018-01-13'>13 January</time></aside>"],
)  # fmt: skip
def test_a_footer_or_what_stands_beside_dates_nothing(foot):
    assert day(foot=foot) == ""
    assert day("<meta name='date' content='2025-07-13'>", foot=foot) == "2025-07-13"


def test_the_address_gives_the_day_that_the_page_does_not_state():
    assert day(url="https://paper.example/2025/07/04/ferry.html") == "2025-07-04"
    assert day("<meta name='date' content='2025-07-05'>", url="https://paper.example/2025/07/04/a") == "2025-07-05"


CAFE = "Le café “Äpfel” naïve. " * 20
RUSSIAN = "Министры встретились в пятницу в портовом городе. " * 20


@pytest.mark.parametrize(
    ("text", "encoding", "declared", "meta"),
    [
        (CAFE, "utf-8", "iso-8859-1", ""),  # the server is wrong
        (CAFE, "utf-8", "", "windows-1252"),
        (CAFE, "cp1252", "ISO-8859-1", ""),  # quotation marks that ISO 8859-1 lacks
        (CAFE, "cp1252", "utf-8", "windows-1252"),
        (CAFE, "cp1252", "no-such-thing", "iso-8859-1"),
        (RUSSIAN, "cp1251", "windows-1251", "utf-8"),
        (RUSSIAN, "koi8-r", "", "koi8-r"),
        (RUSSIAN, "cp1251", "punycode", ""),
        (RUSSIAN, "utf-16", "", ""),
        (RUSSIAN, "utf-8-sig", "koi8-r", ""),
    ],
)
def test_a_page_is_decoded_as_it_was_encoded(text, encoding, declared, meta):
    page = (f"<meta charset='{meta}'>" if meta else "") + text
    assert decode_page(page.encode(encoding), declared=declared) == page


def test_a_broken_character_does_not_change_the_encoding():
    assert decode_page(RUSSIAN.encode() + b"\xd0", declared="utf-8") == RUSSIAN + "\ufffd"


def test_an_empty_page_has_no_text():
    assert extract_page(b"") is None
    assert extract_page("<html><body><script>render()</script></body></html>") is None
