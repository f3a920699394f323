"""`framing fetch`: the table of the sources, what is left and what is to be known of them, and its exit code."""

from __future__ import annotations

import pytest

from tests.fetch.corpora import corpus
from tests.fetch.server import feed, page, serving


@pytest.fixture
def site():
    with serving() as running:
        yield running


def test_what_is_left_and_what_breaks_off_is_said(framing, site, tmp_path):
    urls = [site.put(f"/{number}", page(f"Story {number}", f" Story {number}.")) for number in range(3)]
    whole, empty = site.put("/rss", feed(*urls)), site.put("/empty", feed())
    folder = corpus(tmp_path / "own", {"outlet": "P", "feed": whole, "most": 2}, {"outlet": "Q", "feed": empty})
    first = framing("fetch", folder)
    assert first.code == 0
    assert first.out.splitlines()[0].split() == [
        "outlet", "source", "listed", "new", "version", "known", "double", "refused", "left", "problem",
    ]  # fmt: skip
    assert f"{empty}: the list is empty" in first.out
    assert "2 articles in" in first.out
    assert "P: 3 listed, 2 to be requested" in first.err
    assert "P: 1 are left for the next runs" in first.err
    assert "3 articles in" in framing("fetch", folder).out


def test_no_readable_source_is_a_failure(framing, site, tmp_path):
    site.put("/page", b"<html><body>Sorry</body></html>")
    folder = corpus(tmp_path / "own", {"outlet": "P", "feed": f"{site.base}/page"})
    failed = framing("fetch", folder)
    assert failed.code == 1
    assert "not a feed or sitemap but a web page" in failed.out
    assert "None of the sources could be read" in failed.err
