"""Servers, lists and pages that would cost the run: each ends with its reason, within its time, and the others come."""

from __future__ import annotations

import gzip
import time

import pytest

from framing.fetch import fetch_corpus, fetching
from framing.fetch.limited_process import LimitedProcess
from tests.fetch.corpora import corpus, current
from tests.fetch.server import STORY, feed, page

DEEP = 100_000
PAGES = {
    "div": b"<div>" * DEEP + STORY.encode() * 5 + b"</div>" * DEEP,
    "inline": b"<p>" + b"<b>" * DEEP + STORY.encode() * 5,
    "list": b"<ul><li>" * DEEP + STORY.encode() * 5,
    "json": b"<script type='application/ld+json'>" + b"[" * DEEP + b"</script><p>" + STORY.encode() * 5,
    "entities": b"<!DOCTYPE html [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;'>]><p>&b;</p>" + STORY.encode(),
}


@pytest.fixture
def quick_process(monkeypatch):
    """Limits that are reached soon."""
    process = LimitedProcess(seconds=3, megabytes=2000)
    monkeypatch.setattr(fetching, "shared_process", lambda: process)
    yield process
    process.close()


def test_deep_markup_is_an_article_or_refused(site, tmp_path):
    good = site.put("/good", page("Good"))
    urls = [site.put(f"/{name}", b"<html><body><article>" + body) for name, body in PAGES.items()]
    folder = corpus(tmp_path / "own", {"outlet": "P", "feed": site.put("/rss", feed(*urls, good))})
    row = fetch_corpus(folder).sources.iloc[0]
    assert row["new"] + row["double"] + row["refused"] == len(urls) + 1
    assert good in {item["url"] for item in current(folder)}


@pytest.mark.slow
def test_what_takes_too_long_to_read_ends_alone(site, tmp_path, quick_process):
    bodies = {
        "/page": (b"<html><body><article>" + b"<p>a</p>" * 500_000, "text/html"),
        "/feed": (b"\n" * 1_000_000 + b"<rss><channel></channel></rss>", "application/xml"),
    }
    for path, (body, kind) in bodies.items():
        site.put(path, body, kind=kind)
    good = site.put("/good", page("Good"))
    rss = site.put("/rss", feed(f"{site.base}/page", good))
    folder = corpus(tmp_path / "own", {"outlet": "P", "feed": rss}, {"outlet": "Q", "feed": f"{site.base}/feed"})
    found = fetch_corpus(folder)
    assert found.refused["reason"].to_list() == ["reading it took more than 3 seconds"]
    assert [item["url"] for item in current(folder)] == [good]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["feed", "sitemap"])
@pytest.mark.parametrize("layers", [1, 2, 3])
def test_bombs_are_no_lists(site, tmp_path, kind, layers):
    body = b"<rss>" + b" " * 60_000_000
    for _ in range(layers):
        body = gzip.compress(body)
    bad = site.put("/bad.xml.gz", body, kind="application/gzip")
    coded = site.put("/coded.xml", body, kind="application/xml", Content_Encoding=", ".join(["gzip"] * layers))
    good = site.put("/rss", feed(site.put("/1", page("One"))))
    folder = corpus(
        tmp_path / "own", {"outlet": "A", kind: bad}, {"outlet": "B", kind: coded}, {"outlet": "C", "feed": good}
    )
    found = fetch_corpus(folder)
    assert found.sources["problem"].to_list() == ["more than 50000000 bytes unpacked"] * 2 + [""]
    assert found.sources["new"].to_list() == [0, 0, 1]


def test_bombs_are_no_pages_and_packed_pages_are(site, tmp_path):
    packed = page("Packed")
    bomb = gzip.compress(gzip.compress(b"<html>" + b" " * 60_000_000))
    urls = [
        site.put("/coded", bomb, Content_Encoding="gzip, gzip"),
        site.put("/half", bomb, Content_Encoding="gzip"),
        site.put("/uncoded", bomb),
        site.put("/unknown", packed, Content_Encoding="br"),
        site.put("/packed", gzip.compress(gzip.compress(packed)), Content_Encoding="gzip"),
    ]
    folder = corpus(tmp_path / "own", {"outlet": "P", "feed": site.put("/rss", feed(*urls))})
    found = fetch_corpus(folder)
    reasons = dict(zip(found.refused["url"], found.refused["reason"], strict=True))
    assert [reasons[url] for url in urls[:3]] == ["more than 5000000 bytes unpacked"] * 3
    assert reasons[urls[3]] == "packed as br, which was not asked for"
    assert [item["url"] for item in current(folder)] == urls[4:]


ROBOTS = {
    "wildcards": b"User-agent: *\nDisallow: /"
    + b"*a" * 2_000
    + b"b$\n"
    + b"Disallow: /*a*a*a*a*a*a*a*a*a*a*b\n" * 9_000,
    "agents": b"".join(b"User-agent: a%d\n" % number for number in range(20_000)) + b"Disallow: /x\n" * 100,
    "rules": b"".join(b"User-agent: a%d\n" % number for number in range(1_500)) + b"Disallow: /x\n" * 20_000,
    "delays": b"User-agent: *\nCrawl-delay: 1e999\nCrawl-delay: nan\nCrawl-delay: -5\n",
    "bytes": bytes(range(256)) * 2_000,
    "long": b"Disallow: /" + b"*" * 500_000,
}


@pytest.mark.parametrize("name", ROBOTS)
def test_a_robots_txt_costs_little_whatever_it_holds(site, tmp_path, name):
    site.robots = (200, {"Content-Type": "text/plain"}, ROBOTS[name])
    urls = [site.put("/" + "a" * 1_500, page("A")), site.put("/b", page("B", " B."))]
    folder = corpus(tmp_path / "own", {"outlet": "P", "feed": site.put("/rss", feed(*urls))})
    began = time.process_time()
    found = fetch_corpus(folder)
    assert time.process_time() - began < 10
    if name in ("agents", "rules"):
        assert "too many to read" in found.sources["problem"].iloc[0]
    else:
        assert found.sources["new"].iloc[0] == 2


def test_a_robots_txt_that_moved_is_read_where_it_is(site, tmp_path):
    urls = [site.put("/open", page("Open")), site.put("/closed/1", page("Closed"))]
    site.robots = (302, {"Location": "/rules/robots.txt?v=1"}, b"")
    site.put("/rules/robots.txt", b"User-agent: *\nDisallow: /closed/\n", kind="text/plain")
    folder = corpus(tmp_path / "own", {"outlet": "P", "feed": site.put("/rss", feed(*urls))})
    assert fetch_corpus(folder).refused["reason"].to_list() == ["robots.txt forbids it"]
    assert (site.hits["/robots.txt"], site.hits["/rules/robots.txt?v=1"]) == (1, 1)


@pytest.mark.parametrize("location", ["/robots.txt", "/a", "http://169.254.169.254/robots.txt", "file:///etc/passwd"])
def test_a_robots_txt_that_leads_nowhere_ends(site, tmp_path, location):
    site.robots = (301, {"Location": location}, b"")
    site.put("/a", b"", status=302, Location="/b")
    site.put("/b", b"", status=302, Location="/a")
    folder = corpus(tmp_path / "own", {"outlet": "P", "feed": site.put("/rss", feed())})
    problem = fetch_corpus(folder).sources["problem"].iloc[0]
    assert problem.startswith("robots.txt could not be read (")
    assert site.hits["/rss"] == 0


def test_addresses_in_unusual_forms_reach_no_private_host(site, tmp_path):
    port = site.base.rpartition(":")[2]
    forms = [
        "http://2130706433:{}/s", "http://0x7f000001:{}/s", "http://0177.0.0.1:{}/s", "http://127.1:{}/s",
        "http://[::1]:{}/s", "http://[::ffff:127.0.0.1]:{}/s", "http://0.0.0.0:{}/s", "http://localhost.:{}/s",
        "http://LOCALHOST:{}/s", "http://user@127.0.0.1:{}/s", "http://127.0.0.1\\@paper.example:{}/s",
        "http://①②⑦.⓪.⓪.①:{}/s", "http://p\u0430per.example:{}/s", "http://127.0.0.1:1{}/s",
    ]  # fmt: skip
    urls = [f"{form.format(port)}?{number}" for number, form in enumerate(forms)]
    for number, url in enumerate(urls):
        site.put(f"/to{number}", b"", status=302, Location=url.encode().decode("latin-1"))
    site.put("/s", page("Secret"))
    moved = [f"{site.base}/to{number}" for number in range(len(urls))]
    good = site.put("/good", page("Good"))
    folder = corpus(tmp_path / "own", {"outlet": "P", "feed": site.put("/rss", feed(*urls, *moved, good))})
    row = fetch_corpus(folder).sources.iloc[0]
    assert (row["new"], row["refused"]) == (1, 2 * len(urls))
    assert not [path for path in site.hits if path.startswith("/s?")]


def test_the_host_of_the_list_is_known_in_every_spelling(site, tmp_path):
    site.put("/1", page("One"))
    upper = site.base.upper().replace("HTTP", "http")
    folder = corpus(tmp_path / "own", {"outlet": "P", "feed": site.put("/rss", feed(f"{upper}/1"))})
    assert fetch_corpus(folder).sources["new"].iloc[0] == 1
