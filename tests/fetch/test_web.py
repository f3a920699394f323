"""Requests keep the pace that corpus.yaml and the server ask for; the clock stands still but for pauses."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from framing.corpus.fetch_rule import FetchRule
from framing.fetch.addresses import RefusedError
from framing.fetch.web import Web
from tests.fetch.server import Site


class PausedLoop(asyncio.SelectorEventLoop):
    """An event loop in which time passes by pauses alone, and pauses pass at once."""

    def __init__(self) -> None:
        self.now = 0.0
        self.pauses: list[float] = []
        super().__init__()

    def time(self) -> float:
        return self.now

    def call_later(self, delay: float, callback: Any, *args: Any, context: Any = None) -> Any:
        self.pauses.append(delay)
        self.now += delay
        return super().call_later(0, callback, *args, context=context)


def request(site: Site, *paths: str, **manners: Any) -> tuple[list[str], list[float]]:
    """The refusal of each path, empty where a page came, and the pauses of the client in seconds."""
    rule = FetchRule.model_validate({"sources": [{"outlet": "P", "feed": f"{site.base}/rss"}], **manners})

    async def run() -> list[str]:
        refusals = []
        async with Web(rule, frozenset({site.base.removeprefix("http://")})) as web:
            for path in paths:
                try:
                    await web.get(f"{site.base}{path}")
                    refusals.append("")
                except RefusedError as refusal:
                    refusals.append(str(refusal))
        return refusals

    loop = PausedLoop()
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        return runner.run(run()), loop.pauses


def test_requests_to_a_host_are_a_delay_apart(site):
    site.put("/a", b"A")
    site.put("/b", b"B")
    assert request(site, "/a", "/b", delay_seconds=7) == (["", ""], [7, 7])  # after robots.txt, and after /a


@pytest.mark.parametrize(("asked", "expected"), [(3, 7), (20, 20), (900, 60)])
def test_a_longer_crawl_delay_of_robots_txt_is_obeyed_up_to_a_minute(site, asked, expected):
    site.robots = (200, {"Content-Type": "text/plain"}, f"User-agent: *\nCrawl-delay: {asked}\n".encode())
    site.put("/a", b"A")
    site.put("/b", b"B")
    assert request(site, "/a", "/b", delay_seconds=7) == (["", ""], [expected, expected])


def test_new_tries_wait_twice_as_long_each_time(site):
    site.put("/busy", b"", status=503)
    refusals, pauses = request(site, "/busy", delay_seconds=2, attempts=4)
    assert refusals == ["HTTP 503"]
    assert site.hits["/busy"] == 4
    assert pauses == [2, 2, 4, 8]  # after robots.txt, then before each new try


@pytest.mark.parametrize(
    ("asked", "expected"), [("1", 2), ("30", 30), ("3600", 60), ("Wed, 21 Oct 2026 07:28:00 GMT", 2)]
)
def test_new_tries_wait_as_long_as_the_server_asks_up_to_a_minute(site, asked, expected):
    site.put("/busy", b"", status=429, Retry_After=asked)
    _, pauses = request(site, "/busy", delay_seconds=2, attempts=2)
    assert pauses == [2, expected]


def test_an_absent_page_is_not_tried_again(site):
    refusals, pauses = request(site, "/gone", delay_seconds=2, attempts=4)
    assert (refusals, site.hits["/gone"], pauses) == (["HTTP 404"], 1, [2])


def test_redirects_are_followed_up_to_five(site):
    site.put("/0", b"here")
    for number in range(1, 7):
        site.put(f"/{number}", b"", status=302, Location=f"/{number - 1}")
    refusals, _ = request(site, "/5", "/6", delay_seconds=0)
    assert refusals == ["", "more than 5 redirects"]


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("/moved", "a redirect to itself"),
        ("ftp://paper.example/a", "not an http address: ftp://paper.example/a"),
        ("http://127.0.0.1:1/a", "127.0.0.1 is an address of a private network, which the corpus does not name"),
    ],
)
def test_redirects_to_what_is_not_requested_are_refused(site, location, reason):
    site.put("/moved", b"", status=301, Location=location)
    assert request(site, "/moved", delay_seconds=0)[0] == [reason]


def test_a_page_of_exactly_the_limit_is_read(site):
    site.put("/fits", b"x" * 1000)
    site.put("/long", b"x" * 1001)
    refusals, _ = request(site, "/fits", "/long", delay_seconds=0, most_bytes=1000)
    assert refusals == ["", "more than 1000 bytes"]
