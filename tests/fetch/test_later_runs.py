"""What one run leaves comes in the next ones, and a run with nothing new asks for little."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from framing.fetch import fetch_corpus, fetching, lists
from tests.fetch.corpora import corpus, current
from tests.fetch.server import Site, feed, page

SPACE = "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'"


def put_pages(site: Site, n: int, *, start: int = 0) -> list[str]:
    return [site.put(f"/{number}", page(f"Story {number}", f" Story {number}.")) for number in range(start, start + n)]


def sitemap(urls: list[str], days: list[str] | None = None) -> bytes:
    entries = "".join(
        f"<url><loc>{url}</loc>{f'<lastmod>{days[number]}</lastmod>' if days else ''}</url>"
        for number, url in enumerate(urls)
    )
    return f"<urlset {SPACE}>{entries}</urlset>".encode()


def index(parts: dict[str, str]) -> bytes:
    entries = "".join(
        f"<sitemap><loc>{url}</loc>{f'<lastmod>{changed}</lastmod>' if changed else ''}</sitemap>"
        for url, changed in parts.items()
    )
    return f"<sitemapindex {SPACE}>{entries}</sitemapindex>".encode()


def run(folder: Path, **options: bool) -> pd.Series:
    """The row of the last source, whose outcomes add up to what is listed."""
    row = fetch_corpus(folder, **options).sources.iloc[-1]
    assert row["listed"] == row[["new", "version", "known", "double", "refused", "left"]].sum()
    return row


def asked_since(site: Site, before: Counter[str]) -> dict[str, int]:
    return dict(site.hits - before)


def test_an_export_longer_than_a_run_comes_in_several(site, tmp_path):
    urls = put_pages(site, 7)
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "list.csv").write_text("Url,Outlet\n" + "".join(f"{url},P\n" for url in [*urls, f"{site.base}/gone"]))
    site.put("/rss", feed())
    corpus(folder, {"outlet": "Q", "feed": f"{site.base}/rss"}, {"export": "list.csv", "most": 3})
    outcomes = [tuple(run(folder)[["listed", "new", "known", "refused", "left"]]) for _ in range(3)]
    assert outcomes == [(8, 3, 0, 0, 5), (8, 3, 3, 0, 2), (8, 1, 6, 1, 0)]
    assert [row["url"] for row in current(folder)] == urls
    before = site.hits.copy()
    assert tuple(run(folder)[["new", "known", "refused", "left"]]) == (0, 7, 1, 0)
    assert asked_since(site, before) == {"/rss": 1, "/gone": 1, "/robots.txt": 1}


def test_addresses_that_give_nothing_do_not_keep_others_waiting(site, tmp_path):
    gone = [f"{site.base}/gone{number}" for number in range(3)]
    urls = put_pages(site, 3)
    folder = corpus(tmp_path / "own", {"outlet": "P", "feed": site.put("/rss", feed(*gone, *urls)), "most": 3})
    outcomes = [tuple(run(folder)[["new", "refused", "left"]]) for _ in range(2)]
    assert outcomes == [(0, 3, 3), (3, 0, 3)], "those never requested before those tried in vain"
    assert [run(folder)["refused"] for _ in range(3)] == [3, 3, 0], "tried in three runs, then given up"


def test_what_a_feed_no_longer_lists_is_not_lost(site, tmp_path):
    urls = put_pages(site, 4)
    folder = corpus(tmp_path / "own", {"outlet": "P", "feed": site.put("/rss", feed(*urls)), "most": 2})
    assert tuple(run(folder)[["new", "left"]]) == (2, 2)
    newer = put_pages(site, 1, start=9)
    site.put("/rss", feed(*newer).replace(b"03 Mar", b"05 Mar"))
    assert tuple(run(folder)[["listed", "new", "left"]]) == (3, 2, 1)
    assert {row["url"] for row in current(folder)} == {*urls[:3], *newer}, "the latest first"
    assert tuple(run(folder)[["listed", "new", "known", "left"]]) == (2, 1, 1, 0)
    assert len(current(folder)) == 5


@pytest.mark.slow
def test_all_parts_of_a_sitemap_are_read_in_time(site, tmp_path):
    urls = put_pages(site, 60)
    parts = {site.put(f"/map{number}.xml", sitemap([url])): "" for number, url in enumerate(urls)}
    folder = corpus(tmp_path / "own", {"outlet": "P", "sitemap": site.put("/map.xml", index(parts))})
    first = run(folder)
    assert (first["new"], first["note"]) == (50, "parts of the sitemap that are left for the next runs: 10")
    second = run(folder)
    assert (second["new"], len(current(folder))) == (10, 60)


def test_a_part_is_read_again_only_when_it_may_have_changed(site, tmp_path, monkeypatch):
    monkeypatch.setattr(lists, "_MAX_PARTS", 3)
    urls = put_pages(site, 6)
    paths = [f"/map{number}.xml" for number in range(6)]
    days = ["2026-01-06", "2026-01-05", "2026-01-04", "2026-01-03", "2026-01-02", ""]
    for path, url in zip(paths, urls, strict=True):
        site.put(path, sitemap([url]), ETag='"1"')
    parts = {f"{site.base}{path}": day for path, day in zip(paths, days, strict=True)}
    folder = corpus(tmp_path / "own", {"outlet": "P", "sitemap": site.put("/map.xml", index(parts))})
    assert run(folder)["new"] == 3
    assert {path for path in paths if site.hits[path]} == set(paths[:3]), "the latest first"
    assert (run(folder)["new"], len(current(folder))) == (3, 6)
    before = site.hits.copy()
    assert run(folder)["new"] == 0
    assert asked_since(site, before) == {"/map.xml": 1, "/map5.xml": 1, "/robots.txt": 1}
    later = put_pages(site, 1, start=7)
    site.put(paths[4], sitemap([urls[4], *later]), ETag='"2"')
    site.put("/map.xml", index({**parts, f"{site.base}{paths[4]}": "2026-02-01"}))
    assert tuple(run(folder)[["new", "known"]]) == (1, 1)


def test_an_unreadable_part_is_said_and_the_others_are_read(site, tmp_path):
    urls = put_pages(site, 2)
    parts = [site.put(f"/map{number}.xml", sitemap([url])) for number, url in enumerate(urls)]
    broken = site.put("/broken.xml", b"<html></html>")
    map_index = site.put("/map.xml", index(dict.fromkeys([parts[0], f"{site.base}/none.xml", broken, parts[1]], "")))
    folder = corpus(tmp_path / "own", {"outlet": "P", "sitemap": map_index})
    row = run(folder)
    assert (row["new"], row["problem"]) == (2, "")
    assert row["note"].startswith("parts of the sitemap that could not be read: 2 (")
    assert f"{site.base}/none.xml: HTTP 404" in row["note"]
    assert f"{broken}: not a feed or sitemap but a web page" in row["note"]


def test_indexes_within_indexes_and_in_circles_end(site, tmp_path):
    urls = put_pages(site, 2)
    inner = site.put("/inner.xml", index({site.put("/a.xml", sitemap(urls)): "", f"{site.base}/map.xml": ""}))
    folder = corpus(
        tmp_path / "own",
        {"outlet": "P", "sitemap": site.put("/map.xml", index({inner: "", f"{site.base}/map.xml": ""}))},
    )
    assert tuple(run(folder)[["new", "note"]]) == (2, "")
    assert site.hits["/map.xml"] == 1


def test_a_list_with_another_match_is_read_anew(site, tmp_path):
    urls = put_pages(site, 3)
    address = site.put("/rss", feed(*urls), ETag='"1"')
    folder = corpus(tmp_path / "own", {"outlet": "P", "feed": address, "match": "/2"})
    assert tuple(run(folder)[["listed", "new"]]) == (1, 1)
    assert tuple(run(folder)[["listed", "new"]]) == (0, 0), "unchanged"
    corpus(folder, {"outlet": "P", "feed": address})
    assert tuple(run(folder)[["listed", "new", "known"]]) == (3, 2, 1)
    corpus(folder, {"outlet": "P", "feed": address, "match": "/world/"})
    assert run(folder)["note"] == "none of 3 addresses contains /world/"


def test_a_cut_sitemap_is_read_again_and_said(site, tmp_path):
    urls = put_pages(site, 3)
    whole = sitemap(urls, ["2026-01-03", "2026-01-02", "2026-01-01"])
    site.put("/map.xml", whole[: whole.index(urls[2].encode()) + len(urls[2]) - 1], ETag='"1"')
    folder = corpus(tmp_path / "own", {"outlet": "P", "sitemap": f"{site.base}/map.xml"})
    row = run(folder)
    assert (row["new"], row["problem"]) == (2, "")
    assert row["note"].startswith("the list cannot be read to its end (")
    assert row["note"].endswith("entries that are read: 2")
    site.put("/map.xml", whole, ETag='"1"')
    assert run(folder)["new"] == 1, "its validators were not kept"


def test_refreshing_goes_on_where_it_stopped(site, tmp_path):
    urls = put_pages(site, 4)
    folder = corpus(tmp_path / "own", {"outlet": "P", "feed": site.put("/rss", feed(*urls))})
    fetch_corpus(folder)
    corpus(folder, {"outlet": "P", "feed": f"{site.base}/rss", "most": 2})
    before = site.hits.copy()
    assert [tuple(run(folder, refresh=True)[["known", "left"]]) for _ in range(2)] == [(2, 2), (2, 2)]
    assert all(count == 1 for path, count in asked_since(site, before).items() if path in {f"/{n}" for n in range(4)})


def test_a_host_that_does_not_answer_is_left_for_the_next_run(site, tmp_path, monkeypatch):
    monkeypatch.setattr(fetching, "_MAX_SILENT", 3)

    def hang_up(handler):
        handler.connection.close()

    for number in range(6):
        site.put(f"/{number}", hang_up)
    urls = [f"{site.base}/{number}" for number in range(6)]
    folder = corpus(tmp_path / "own", {"outlet": "P", "feed": site.put("/rss", feed(*urls))})
    row = run(folder)
    assert (row["refused"], row["left"]) == (3, 3)
    assert row["note"] == f"{site.base[7:]} gave no answers in time, so the rest is left for the next runs"
    put_pages(site, 6)
    assert run(folder)["new"] == 6


@pytest.mark.parametrize("status", [500, 503])
def test_nothing_is_given_up_while_robots_txt_cannot_be_read(site, tmp_path, status):
    urls = put_pages(site, 3)
    other = site.put("/rss", feed(*urls))
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "list.csv").write_text("url,outlet\n" + "".join(f"{url},P\n" for url in urls))
    corpus(folder, {"outlet": "Q", "feed": other}, {"export": "list.csv"})
    site.robots = (status, {}, b"")
    for _ in range(4):
        assert tuple(run(folder)[["refused", "left"]]) == (1, 2)
    site.robots = (404, {}, b"")
    fetch_corpus(folder)
    assert len(current(folder)) == 3
