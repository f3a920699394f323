"""Lists of articles as feeds and sitemaps write them, whole, cut and hostile."""

from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.fetch.addresses import RefusedError
from framing.fetch.listing import ListedArticle, Part, clean_title, read_list

URL = "https://p.example/news/feed.xml"
SPACE = (
    "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:news='http://www.google.com/schemas/sitemap-news/0.9' "
    "xmlns:image='http://www.google.com/schemas/sitemap-image/1.1' xmlns:xhtml='http://www.w3.org/1999/xhtml'"
)
URLS = [
    "<url><loc> https://p.example/old </loc><lastmod>2026-03-01T10:00:00Z</lastmod></url>",
    "<url><image:image><image:loc>https://p.example/a.jpg</image:loc><image:title>A picture</image:title></image:image>"
    "<loc>/undated?a=1&amp;b=2</loc><xhtml:link rel='alternate' hreflang='fr' href='https://p.example/fr'/></url>",
    "<url><loc>https://p.example/new</loc><lastmod>2026-03-09</lastmod><news:news><news:title>New &amp;amp; old"
    "</news:title><news:publication_date>2026-03-02T23:30:00-05:00</news:publication_date></news:news>"
    "<image:image><image:loc>https://p.example/b.jpg</image:loc></image:image></url>",
]
ENTRIES = [
    ListedArticle("https://p.example/old", changed="2026-03-01"),
    ListedArticle("https://p.example/undated?a=1&b=2"),
    ListedArticle("https://p.example/new", "New & old", "2026-03-02", changed="2026-03-09"),
]
SITEMAP = f"<?xml version='1.0' encoding='utf-8'?><urlset {SPACE}>{''.join(URLS)}</urlset>".encode()
RSS = (
    b"<?xml version='1.0'?><rss version='2.0'><channel><title>Feed</title><link>https://p.example/</link>"
    b"<item><title><![CDATA[<b>Breaking:</b> Ministers &amp; generals]]></title><link>https://p.example/1?a=1&amp;b=2</link>"
    b"<pubDate>Fri, 04 Jul 2025 23:30:00 -0500</pubDate></item>"
    b"<item><title>Caf&amp;eacute;</title><link> 2.html </link><pubDate>4. Juli 2025</pubDate></item>"
    b"<item><title>Third</title><guid isPermaLink='true'>https://p.example/3</guid></item></channel></rss>"
)
ITEMS = [
    ListedArticle("https://p.example/1?a=1&b=2", "Breaking: Ministers & generals", "2025-07-04"),
    ListedArticle("https://p.example/news/2.html", "Café"),
    ListedArticle("https://p.example/3", "Third"),
]
JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [
            {"id": "1", "url": "/1", "title": "One", "date_published": "2025-07-04T23:30:00-05:00"},
            {"id": "2", "external_url": "https://q.example/2", "date_modified": "2025-07-09T00:00:00Z"},
        ],
    }
).encode()
JSON_ITEMS = [
    ListedArticle("https://p.example/1", "One", "2025-07-04"),
    ListedArticle("https://q.example/2", changed="2025-07-09"),
]


@pytest.mark.parametrize("pack", [bytes, gzip.compress, lambda body: gzip.compress(gzip.compress(body))])
@pytest.mark.parametrize(
    ("body", "entries"), [(SITEMAP, ENTRIES), (RSS, ITEMS), (JSON_FEED, JSON_ITEMS)], ids=["sitemap", "rss", "json"]
)
def test_a_list_gives_its_entries_with_their_own_addresses_and_days(body, entries, pack):
    listing = read_list(pack(body), URL)
    assert listing.articles == entries
    assert (listing.parts, listing.notes, listing.is_whole) == ([], [], True)


def test_the_links_of_atom_are_resolved_and_updated_is_no_day_of_publication():
    entries = [
        "<entry><title type='html'>A &lt;em&gt;B&lt;/em&gt; &amp;amp; C</title><link href='1.html'/>"
        "<link rel='alternate' hreflang='fr' href='fr.html'/><updated>2026-03-03T23:30:00Z</updated></entry>",
        "<entry xml:base='sub/'><link rel='self' href='x.xml'/><link href='2.html'/>"
        "<published>2026-03-02T23:30:00-05:00</published></entry>",
        "<entry><title>No link</title></entry>",
    ]
    atom = "<feed xmlns='http://www.w3.org/2005/Atom'{}>{}</feed>"
    listing = read_list(atom.format("", "".join(entries)).encode(), URL)
    assert listing.articles == [
        ListedArticle("https://p.example/news/1.html", "A B & C", changed="2026-03-03"),
        ListedArticle("https://p.example/news/sub/2.html", "", "2026-03-02"),
    ]
    assert listing.notes == ["entries without an address: 1"]
    based = read_list(atom.format(" xml:base='https://q.example/x/'", "".join(entries)).encode(), URL)
    assert [item.url for item in based.articles] == ["https://q.example/x/1.html", "https://q.example/x/sub/2.html"]


def test_rss_1_dates_its_items_by_dublin_core():
    body = (
        b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/' "
        b"xmlns:dc='http://purl.org/dc/elements/1.1/'><item rdf:about='x'><title>T</title><link>//q.example/1</link>"
        b"<dc:date>2025-07-04T23:30:00-05:00</dc:date></item></rdf:RDF>"
    )
    item = ListedArticle("https://q.example/1", "T", "2025-07-04", changed="2025-07-04")
    assert read_list(body, URL).articles == [item]


def test_an_index_names_its_sitemaps():
    items = "".join(
        f"<sitemap><loc>{name}.xml</loc><lastmod>{moment}</lastmod></sitemap>"
        for name, moment in (("https://p.example/a", "2026-01-01"), ("/b", "2026-02-01T10:00:00Z"), ("c", ""))
    )
    listing = read_list(f"<sitemapindex {SPACE}>{items}</sitemapindex>".encode(), "https://p.example/maps/index.xml")
    assert listing.parts == [
        Part("https://p.example/a.xml", "2026-01-01"),
        Part("https://p.example/b.xml", "2026-02-01T10:00:00Z"),
        Part("https://p.example/maps/c.xml"),
    ]
    assert listing.articles == []


def test_a_text_of_addresses_is_a_sitemap():
    listing = read_list(b"\xef\xbb\xbfhttps://p.example/1\r\n\r\nhttps://p.example/2\r\n# end\r\n", URL)
    assert [item.url for item in listing.articles] == ["https://p.example/1", "https://p.example/2"]
    assert listing.notes == ["lines that are no addresses: 1"]
    cut = read_list(gzip.compress(b"https://p.example/1\nhttps://p.example/2")[:-8], URL)
    assert [item.url for item in cut.articles] == ["https://p.example/1"], "the last address may go on"
    assert "its gzip file is not whole" in cut.notes[0]


@pytest.mark.parametrize(
    ("body", "entries"), [(SITEMAP, ENTRIES), (RSS, ITEMS), (JSON_FEED, JSON_ITEMS)], ids=["sitemap", "rss", "json"]
)
def test_a_list_that_is_cut_anywhere_gives_whole_entries_and_says_so(body, entries):
    counts = set()
    for end in range(0, len(body), 5):
        try:
            listing = read_list(body[:end], URL)
        except RefusedError:
            continue
        counts.add(len(listing.articles))
        urls = [item.url for item in listing.articles]
        assert urls == [item.url for item in entries][: len(urls)], body[:end]
        assert not listing.is_whole or len(urls) == len(entries)
        assert not listing.is_whole or not listing.notes
    assert set(range(1, len(entries))) <= counts


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("https://p.example/?a=1&b=2", "https://p.example/?a=1&b=2"),
        ("https://p.example/caf&eacute;", "https://p.example/café"),
        ("<![CDATA[https://p.example/?a=1&b=2]]>", "https://p.example/?a=1&b=2"),
        ("https://p.example/?a=1&amp;b=2", "https://p.example/?a=1&b=2"),
    ],
)
def test_signs_that_xml_forbids_are_read_as_they_are_meant(written, url):
    body = f"<urlset {SPACE}><url><loc>{written}</loc></url><url><loc>https://p.example/x?a&b</loc></url></urlset>"
    assert [item.url for item in read_list(body.encode(), URL).articles] == [url, "https://p.example/x?a&b"]


def test_a_malformed_feed_is_read_as_far_as_it_goes():
    body = b"<rss><channel><item><title>A & B</title><link>https://p.example/1</link></item><item><title>Cut"
    listing = read_list(body, URL)
    assert listing.articles == [ListedArticle("https://p.example/1", "A & B")]
    assert not listing.is_whole
    assert "cannot be read to its end (not well-formed (invalid token)); entries that are read: 1" in listing.notes[-1]


def test_an_empty_list_says_so():
    for body in (b"<rss version='2.0'><channel></channel></rss>", f"<urlset {SPACE}></urlset>".encode()):
        listing = read_list(body, URL)
        assert (listing.articles, listing.notes, listing.is_whole) == ([], ["the list is empty"], True)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<!doctype html><html><body>Sorry</body></html>", "not a feed or sitemap but a web page"),
        (b"<!-- <rss> --><html></html>", "not a feed or sitemap but a web page"),
        (b"<note>no</note>", "not a feed or sitemap but a file that begins with <note>"),
        (b"no list", "not a feed or sitemap$"),
        (b"  \n", "not a feed or sitemap: it is empty"),
        (b'{"articles": []}', "not a feed or sitemap but JSON that is no JSON Feed"),
        (b'["version"]', "not a feed or sitemap$"),
        (b'<!DOCTYPE x [<!ENTITY a "aaa">]><urlset><url><loc>&a;</loc></url></urlset>', "EntitiesForbidden"),
        (b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///x">]><urlset><url><loc>&a;</loc></url></urlset>', "Forbidden"),
        (b"<urlset><url><loc>https://p", "not a sitemap that can be read"),
        (b"\x1f\x8b\x08\x00\x00", "not a whole gzip file"),
        (gzip.compress(b" " * 50_000_001, mtime=0), "more than 50000000 bytes unpacked"),
    ],
)
def test_what_is_no_list_is_refused(body, reason):
    with pytest.raises(RefusedError, match=reason):
        read_list(body, URL)


@given(st.binary(max_size=300) | st.sampled_from([SITEMAP, RSS, JSON_FEED]).flatmap(
    lambda body: st.tuples(st.just(body), st.integers(0, len(body)), st.binary(max_size=8)).map(
        lambda parts: parts[0][: parts[1]] + parts[2] + parts[0][parts[1] :]
    )
))  # fmt: skip
def test_any_bytes_are_a_list_or_refused(body):
    try:
        listing = read_list(body, URL)
    except RefusedError:
        return
    assert all(item.url for item in listing.articles)
    assert listing.articles or listing.notes


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ("<b>Breaking:</b> A &amp; B", "Breaking: A & B"),
        ("Caf&amp;amp;eacute; &#8220;no&#8221;", "Café “no”"),
        ("&lt;i&gt;Times&lt;/i&gt; sold", "Times sold"),
        ("One<br/>two\n three", "One two three"),
        ("5 < 6 > 4 & R&D &not an entity", "5 < 6 > 4 & R&D &not an entity"),
        ("<unknown> stays", "<unknown> stays"),
    ],
)
def test_titles_are_plain_text(title, plain):
    assert clean_title(title) == plain


@pytest.mark.parametrize(
    ("declaration", "encoding", "declared"),
    [
        ("<?xml version='1.0' encoding='windows-1251'?>", "cp1251", ""),
        ("<?xml version='1.0' encoding='utf-8'?>", "cp1251", "windows-1251"),
        ("<?xml version='1.0'?>", "cp1251", "windows-1251"),
        ("<?xml version='1.0' encoding='windows-1251'?>", "utf-8", "iso-8859-1"),
        ("<?xml version='1.0' encoding='utf-16'?>", "utf-16", ""),
        ("<?xml version='1.0' encoding='punycode'?>", "utf-8", "no-such-thing"),
    ],
)
def test_a_list_is_decoded_as_it_was_encoded(declaration, encoding, declared):
    rss = f"{declaration}<rss><channel><item><title>Паром</title><link>/1</link></item></channel></rss>"
    assert read_list(rss.encode(encoding), URL, declared).articles == [ListedArticle("https://p.example/1", "Паром")]
    sitemap = f"{declaration}<urlset><url><loc>/паром</loc></url></urlset>"
    assert read_list(sitemap.encode(encoding), URL, declared).articles == [ListedArticle("https://p.example/паром")]
