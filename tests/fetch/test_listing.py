"""Lists of articles as feeds, sitemaps and exports write them."""

from __future__ import annotations

import gzip

import pytest

from framing.errors import InputError
from framing.fetch.listing import ListedArticle, read_export, read_feed, read_sitemap
from framing.fetch.web import RefusedError

SPACE = (
    "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'"
)
URLS = [
    "<url><loc> https://p.example/old </loc><lastmod>2026-03-01T10:00:00Z</lastmod></url>",
    "<url><loc>https://p.example/undated</loc></url>",
    "<url><loc>https://p.example/new</loc><lastmod>2026-03-09</lastmod><news:news><news:title>New</news:title>"
    "<news:publication_date>2026-03-02T08:00:00Z</news:publication_date></news:news></url>",
    "<url><lastmod>2026-03-05</lastmod></url>",
]
SITEMAP = f"<urlset {SPACE}>{''.join(URLS)}</urlset>".encode()


def test_an_atom_feed_lists_its_entries_in_its_order():
    entries = [
        "<entry><title>A &amp; B</title><link href='https://p.example/1'/><updated>2026-03-03T23:30:00Z</updated></entry>",
        "<entry><title>No link</title></entry>",
        "<entry><link href='https://p.example/2'/></entry>",
    ]
    body = f"<feed xmlns='http://www.w3.org/2005/Atom'>{''.join(entries)}</feed>".encode()
    assert read_feed(body) == [
        ListedArticle("https://p.example/1", "A & B", "2026-03-03"),
        ListedArticle("https://p.example/2", "", ""),
    ]


def test_an_empty_feed_is_a_feed_and_a_page_is_none():
    assert read_feed(b"<?xml version='1.0'?><rss version='2.0'><channel></channel></rss>") == []
    with pytest.raises(RefusedError, match="not a feed"):
        read_feed(b"<html><body>Sorry</body></html>")


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_sitemap_lists_its_pages_latest_first_by_the_day_of_publication(pack):
    articles, sitemaps = read_sitemap(pack(SITEMAP))
    assert articles == [
        ListedArticle("https://p.example/new", "New", "2026-03-02"),
        ListedArticle("https://p.example/old", "", "2026-03-01"),
        ListedArticle("https://p.example/undated", "", ""),
    ]
    assert sitemaps == []


def test_an_index_names_its_sitemaps_latest_first():
    items = "".join(
        f"<sitemap><loc>https://p.example/{name}.xml</loc><lastmod>{day}</lastmod></sitemap>"
        for name, day in (("a", "2026-01-01"), ("b", "2026-02-01"))
    )
    index = f"<sitemapindex {SPACE}>{items}</sitemapindex>".encode()
    assert read_sitemap(index) == ([], ["https://p.example/b.xml", "https://p.example/a.xml"])


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<html></html>", "not a sitemap: its root is html"),
        (b"no xml", "not a sitemap: ParseError"),
        (gzip.compress(SITEMAP, mtime=0)[:40], "not a whole gzip file"),
        (gzip.compress(b" " * 50_000_001, mtime=0), "a sitemap of more than 50000000 bytes unpacked"),
    ],
)
def test_what_is_no_sitemap_is_refused(body, reason):
    with pytest.raises(RefusedError, match=reason):
        read_sitemap(body)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "id,url,title,publish_date,media_name\n7, https://p.example/1 ,One,2026-02-01 09:00:00,Paper\n"),
        ("a.tsv", "DocumentIdentifier\tTitle\tseendate\tdomain\nhttps://p.example/1\tOne\t20260201T090000Z\tPaper\n"),
        ("a.jsonl", '{"link": "https://p.example/1", "title": "One", "pubDate": "2026-02-01", "outlet": "Paper"}\n'),
    ],
)
def test_exports_name_their_columns_as_their_makers_do(tmp_path, name, content):
    path = tmp_path / name
    path.write_text(content)
    assert read_export(path) == [ListedArticle("https://p.example/1", "One", "2026-02-01", "Paper")]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", "id,address\n1,x\n", r"a\.csv: expected a column of URLs \(url, .*\); it has id, address\."),
        ("a.jsonl", "[1]\n", r"a\.jsonl, line 1: expected an object with a url\."),
        ("a.jsonl", "{\n", r"a\.jsonl: expected JSON lines in UTF-8"),
    ],
)
def test_an_export_without_addresses_is_named(tmp_path, name, content, message):
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(InputError, match=message):
        read_export(path)
