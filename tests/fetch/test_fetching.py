"""New articles from a real server: once, within limits, whatever the server does."""

from __future__ import annotations

import json
import logging
import threading

import pytest
import yaml

from framing.corpus import read_corpus
from framing.errors import InputError, LockedError
from framing.fetch import fetch_corpus
from tests.fetch.corpora import corpus, current
from tests.fetch.server import BOMB, STORY, Clock, Site, dripping, endless, feed, page, raw, stalled


def test_new_articles_are_brought_once_and_can_be_read_as_a_corpus(site, tmp_path):
    urls = [site.put(f"/{n}", page(f"Ferry {n}", f" Paper {n}.")) for n in range(3)]
    address = site.put("/rss", feed(*urls, f"{urls[0]}?utm_source=feed#top"), kind="application/rss+xml")
    folder = corpus(tmp_path / "own", {"outlet": "The Paper", "feed": address})
    first = fetch_corpus(folder)
    row = first.sources.iloc[0]
    assert (row["listed"], row["new"], row["known"], row["refused"]) == (4, 3, 1, 0)
    assert first.n_articles == 3
    documents = read_corpus(folder).documents
    assert documents["title"].to_list() == ["Story 0", "Story 1", "Story 2"]
    assert set(documents["published"].dt.strftime("%Y-%m-%d")) == {"2026-03-03"}
    assert set(documents["outlet"]) == {"The Paper"}
    assert "second ferry line" in documents["text"].iloc[0]
    before, hits = (folder / "fetched.jsonl").read_bytes(), dict(site.hits)
    second = fetch_corpus(folder)
    assert (second.sources.iloc[0]["new"], second.n_articles) == (0, 3)
    assert (folder / "fetched.jsonl").read_bytes() == before
    again = {path: n - hits.get(path, 0) for path, n in site.hits.items() if n != hits.get(path, 0)}
    assert again == {"/rss": 1, "/robots.txt": 1}, "no article is asked for again"


def test_a_changed_page_is_kept_as_a_new_version_and_an_unchanged_one_is_not_sent_again(site, tmp_path):
    urls = [site.put("/a", page("A"), ETag='"1"'), site.put("/b", page("B", " B."), ETag='"1"')]
    folder = corpus(tmp_path / "own", {"outlet": "P", "feed": site.put("/rss", feed(*urls))})
    fetch_corpus(folder)
    site.put("/a", page("A", " The vote was moved."), ETag='"2"')
    found = fetch_corpus(folder, refresh=True)
    row = found.sources.iloc[0]
    assert (row["version"], row["known"], found.n_articles) == (1, 1, 2)
    assert "vote was moved" in str(current(folder)[0]["text"])
    assert current(folder)[0]["version"] == 2
    earlier = json.loads((folder / "fetched_earlier.jsonl").read_text())
    assert (earlier["version"], "vote was moved" in earlier["text"]) == (1, False)
    assert len(read_corpus(folder).documents) == 2


def test_sitemaps_with_their_index_and_exports_list_articles_too(site, tmp_path):
    urls = [site.put(f"/{n}", page(f"S{n}", f" Site {n}.")) for n in range(4)]
    space = "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'"
    part = "".join(f"<url><loc>{url}</loc><lastmod>2026-03-0{n + 1}</lastmod></url>" for n, url in enumerate(urls[:3]))
    one = site.put("/part.xml", f"<urlset {space}>{part}</urlset>".encode(), kind="application/xml")
    index = site.put("/map.xml", f"<sitemapindex {space}><sitemap><loc>{one}</loc></sitemap></sitemapindex>".encode())
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "cloud.csv").write_text(
        f"id,url,title,publish_date,media_name\n1,{urls[3]},From the export,2026-02-01,Other Paper\n"
    )
    corpus(folder, {"outlet": "P", "sitemap": index, "most": 2}, {"export": "cloud.csv"})
    found = fetch_corpus(folder)
    host = urls[0].split("/")[2]
    assert found.sources["new"].to_list() == [2, 1], host
    rows = {row["url"].rsplit("/", 1)[1]: row for row in current(folder)}
    assert set(rows) == {"1", "2", "3"}, "the two latest of the sitemap, and the export"
    assert (rows["3"]["outlet"], rows["3"]["title"], rows["3"]["published"]) == (
        "Other Paper", "From the export", "2026-02-01",
    )  # fmt: skip


def test_robots_are_kept_to(site, tmp_path):
    urls = [site.put("/open", page("Open")), site.put("/closed/1", page("Closed"))]
    folder = corpus(tmp_path / "own", {"outlet": "P", "feed": site.put("/rss", feed(*urls))})
    site.robots = (200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /closed/\n")
    found = fetch_corpus(folder)
    assert found.refused["reason"].to_list() == ["robots.txt forbids it"]
    assert site.hits["/closed/1"] == 0
    site.robots = (503, {}, b"")
    other = fetch_corpus(corpus(tmp_path / "other", {"outlet": "P", "feed": f"{site.base}/rss"}))
    assert other.sources.iloc[0]["problem"].startswith("robots.txt could not be read")


def test_a_server_that_is_busy_is_asked_again_and_an_absent_page_is_not(site, tmp_path):
    answers = iter([503, 429])

    def busy(handler):
        status = next(answers, 200)
        body = page("Late") if status == 200 else b""
        handler.wfile.write(
            f"HTTP/1.1 {status} X\r\nContent-Type: text/html\r\nRetry-After: 0\r\nContent-Length: {len(body)}\r\n"
            "Connection: close\r\n\r\n".encode()
            + body
        )

    urls = [site.put("/busy", busy), f"{site.base}/gone"]
    folder = corpus(tmp_path / "own", {"outlet": "P", "feed": site.put("/rss", feed(*urls))}, attempts=3)
    found = fetch_corpus(folder)
    assert found.sources.iloc[0]["new"] == 1
    assert (site.hits["/busy"], site.hits["/gone"]) == (3, 1)
    for _ in range(4):
        fetch_corpus(folder)
    assert site.hits["/gone"] == 3, "asked for in three runs, then left"


DEADLINE = 60.0  # seconds on the clock of the loop, which the answers that never end put forward


def _hostile(site: Site, clock: Clock) -> dict[str, str]:
    """Thirty ways to be no good article, by the reason that must be given (or part of it)."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
    big = b"<html><body>" + b"<p>word</p>" * 60_000
    site.put("/big", big)
    site.put("/bomb", BOMB, Content_Encoding="gzip")
    site.put("/notgzip", b"plain text", Content_Encoding="gzip")
    site.put("/empty", b"")
    site.put("/notext", b"<html><body><img src=x></body></html>")
    site.put("/pdf", b"%PDF-1.7 \x00\x01", kind="application/pdf")
    site.put("/jpeg", b"\xff\xd8\xff\xe0" * 100, kind="image/jpeg")
    site.put("/e500", b"", status=500)
    site.put("/e403", b"", status=403)
    site.put("/e451", b"", status=451)
    site.put("/teapot", b"", status=418)
    site.put("/loop", b"", status=302, Location="/loop2")
    site.put("/loop2", b"", status=302, Location="/loop")
    site.put("/self", b"", status=301, Location="/self")
    site.put("/nowhere", b"", status=302)
    site.put("/tofile", b"", status=302, Location="file:///etc/passwd")
    site.put("/toscript", b"", status=302, Location="javascript:alert(1)")
    site.put("/toprivate", b"", status=302, Location="http://127.0.0.1:1/secret")
    site.put("/tometadata", b"", status=302, Location="http://169.254.169.254/latest/")
    site.put("/touser", b"", status=302, Location=f"http://user:pass@{site.base[7:]}/empty")
    site.pages["/endless"] = endless
    site.pages["/hang"] = stalled(site, head + b"Content-Length: 100\r\n\r\n<p>", clock=clock, seconds=DEADLINE)
    site.pages["/nohead"] = stalled(site, b"", clock=clock, seconds=DEADLINE)
    site.pages["/drip"] = dripping(site, b"HTTP/1.1 200 OK\r\nX: ", clock=clock, seconds=DEADLINE)
    site.pages["/dripbody"] = dripping(site, head + b"\r\n", clock=clock, seconds=DEADLINE)
    site.pages["/short"] = raw(head + b"Content-Length: 99999\r\n\r\n<p>cut")
    site.pages["/reset"] = raw(head, then="reset")
    site.pages["/garbage"] = raw(b"\x00\x01\x02 not http at all\r\n\r\n")
    site.pages["/badchunk"] = raw(head + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\nbad\r\n")
    site.pages["/manyheads"] = raw(b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 40_000 + b"\r\n")
    return {
        "/big": "more than 200000 bytes", "/bomb": "more than 200000 bytes", "/notgzip": "DecodingError",
        "/empty": "no main text", "/notext": "no main text", "/pdf": "not a page but application/pdf",
        "/jpeg": "not a page but image/jpeg", "/e500": "HTTP 500", "/e403": "HTTP 403", "/e451": "HTTP 451",
        "/teapot": "HTTP 418", "/loop": "redirects", "/self": "a redirect to itself", "/nowhere": "redirect to itself",
        "/tofile": "not an http address", "/toscript": "no address that can", "/toprivate": "private network",
        "/tometadata": "private network", "/touser": "user name", "/endless": "more than 200000 bytes",
        "/hang": "no whole answer", "/nohead": "no whole answer", "/drip": "no whole answer",
        "/dripbody": "no whole answer", "/short": "RemoteProtocolError", "/reset": "Error",
        "/garbage": "RemoteProtocolError", "/badchunk": "RemoteProtocolError", "/manyheads": "RemoteProtocolError",
        "/absent": "HTTP 404",
    }  # fmt: skip


def test_thirty_hostile_answers_give_thirty_reasons_and_the_good_articles_come_through(site, tmp_path):
    clock = Clock()
    expected = _hostile(site, clock)
    assert len(expected) == 30
    good = [site.put(f"/good{n}", page(f"Good {n}", f" Good {n}.")) for n in range(2)]
    urls = [good[0], *(f"{site.base}{path}" for path in expected), good[1]]
    folder = corpus(
        tmp_path / "own", {"outlet": "P", "feed": site.put("/rss", feed(*urls))},
        deadline_seconds=DEADLINE, most_bytes=200_000,
    )  # fmt: skip
    found = fetch_corpus(folder, make_loop=clock.make_loop)
    reasons = {url.removeprefix(site.base): reason for url, reason in found.refused[["url", "reason"]].to_numpy()}
    wrong = {path: reasons.get(path) for path, part in expected.items() if part not in reasons.get(path, "")}
    assert wrong == {}
    row = found.sources.iloc[0]
    assert (row["listed"], row["new"], row["refused"]) == (32, 2, 30)
    assert [item["url"] for item in current(folder)] == good


def test_mis_encoded_pages_are_read_as_they_are(site, tmp_path):
    text = STORY.replace("harbour council", "Hafenrat für die Fähre")
    body = f"<html><head><meta charset='windows-1252'><title>Ä</title></head><body><article>{f'<p>{text}</p>' * 4}"
    urls = [
        site.put("/cp1252", body.encode("cp1252"), kind="text/html"),
        site.put("/liar", body.replace("windows-1252", "utf-8").encode(), kind="text/html; charset=no-such-thing"),
        site.put("/nul", page("Nul", " \x00 nul and a lone \\ud800.")),
    ]
    folder = corpus(tmp_path / "own", {"outlet": "P", "feed": site.put("/rss", feed(*urls))})
    assert fetch_corpus(folder).sources.iloc[0]["new"] == 3
    texts = [str(row["text"]) for row in current(folder)]
    assert ["Hafenrat für die Fähre" in text for text in texts] == [True, True, False]
    assert "\x00" not in texts[2]


LISTS = {
    "not a feed": b"<html><body>Sorry</body></html>",
    "an entity bomb": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    b"<urlset><url><loc>&b;</loc></url></urlset>",
    "a remote entity": b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><urlset><url><loc>&e;</loc></url></urlset>',
    "cut gzip": b"\x1f\x8b\x08\x00\x00",
    "binary": bytes(range(256)),
}


@pytest.mark.parametrize("kind", ["feed", "sitemap"])
@pytest.mark.parametrize("name", LISTS)
def test_lists_that_are_none_are_a_problem_of_their_source_alone(site, tmp_path, kind, name):
    bad = site.put("/bad", LISTS[name], kind="application/xml")
    good = site.put("/rss", feed(site.put("/1", page("One"))))
    folder = corpus(tmp_path / "own", {"outlet": "Bad", kind: bad}, {"outlet": "Good", "feed": good})
    found = fetch_corpus(folder)
    assert found.sources["new"].to_list() == [0, 1]
    assert found.sources["problem"].iloc[1] == ""
    if kind == "sitemap" or name in ("not a feed", "binary", "cut gzip"):
        assert found.sources["problem"].iloc[0]
    assert "root:" not in (folder / "fetched.jsonl").read_text()


def test_hostile_addresses_in_a_list_are_refused_unasked(site, tmp_path):
    bad = [
        "javascript:alert(1)", "file:///etc/passwd", "http://", "http://[::1", "ftp://paper.example/x",
        "data:text/html,x", f"{site.base}/line\nbreak",
    ]  # fmt: skip
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "list.jsonl").write_text("".join(json.dumps({"url": url, "outlet": "P"}) + "\n" for url in bad))
    found = fetch_corpus(corpus(folder, {"export": "list.jsonl"}))
    assert found.sources.iloc[0]["refused"] == len(bad)
    assert sum(site.hits.values()) == 0


def test_the_same_text_under_two_addresses_is_one_article(site, tmp_path):
    urls = [site.put("/a", page("Same")), site.put("/b", page("Same"))]
    export = "url,title,outlet\n" + "".join(f"{url},Same,P\n" for url in urls)
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "list.csv").write_text(export)
    row = fetch_corpus(
        corpus(folder, {"export": "list.csv"}, {"outlet": "Q", "feed": site.put("/rss", feed())})
    ).sources
    assert (row["new"].iloc[0], row["double"].iloc[0]) == (1, 1)


def test_two_runs_at_once_do_not_meet(site, tmp_path):
    asked = threading.Event()

    def slow(handler):
        asked.set()
        assert site.release.wait(30)

    folder = corpus(tmp_path / "own", {"outlet": "P", "feed": site.put("/rss", slow)}, deadline_seconds=30)
    first = threading.Thread(target=fetch_corpus, args=(folder,))
    first.start()
    assert asked.wait(20)
    with pytest.raises(LockedError, match="Another run is fetching for own"):
        fetch_corpus(folder)
    site.release.set()
    first.join(20)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"fetch": None}, "names no sources"),
        ({"files": ["other.jsonl"]}, "expected it under files"),
        ({"fetch": {"sources": [{"outlet": "P"}]}}, "give one of feed, sitemap, export"),
        ({"fetch": {"sources": [{"feed": "https://paper.example/rss"}]}}, "outlet is missing"),
        ({"fetch": {"sources": [{"outlet": "P", "feed": "file:///etc/passwd"}]}}, "feed"),
        ({"fetch": {"sources": [{"export": "../../secret.csv"}]}}, "there is no such file in"),
    ],
)
def test_what_cannot_be_fetched_is_refused(tmp_path, change, message):
    folder = corpus(tmp_path / "own", {"outlet": "P", "feed": "https://paper.example/rss"})
    content = {**yaml.safe_load((folder / "corpus.yaml").read_text()), **change}
    (folder / "corpus.yaml").write_text(yaml.safe_dump({key: value for key, value in content.items() if value}))
    with pytest.raises(InputError, match=message):
        fetch_corpus(folder)


def test_what_the_extractor_logs_is_quiet_only_while_it_works(site, tmp_path):
    logger = logging.getLogger("trafilatura")
    before = logger.level
    address = site.put("/rss", feed(site.put("/1", page("Ferry", " Paper."))), kind="application/rss+xml")
    assert fetch_corpus(corpus(tmp_path / "own", {"outlet": "The Paper", "feed": address})).n_articles == 1
    assert logger.level == before
