"""A local server that behaves as badly as real ones do, and worse; and a clock that such a server can put forward."""

from __future__ import annotations

import asyncio
import gzip
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

STORY = (
    "The harbour council met on Tuesday to weigh a second ferry line. Members spoke for two hours, and the vote was "
    "put off until the autumn. A spokesman said that costs were not yet known, and that the tender would be open. "
)


def page(title: str, body: str = "", *, n: int = 4) -> bytes:
    paragraphs = "".join(f"<p>{number}. {STORY}{body}</p>" for number in range(n))
    return (
        f"<!doctype html><html><head><meta charset='utf-8'><title>{title}</title></head><body><article><h1>{title}</h1>"
        f"{paragraphs}</article></body></html>"
    ).encode()


def feed(*urls: str) -> bytes:
    items = "".join(
        f"<item><title>Story {n}</title><link>{url}</link><pubDate>Tue, 03 Mar 2026 06:00:00 GMT</pubDate></item>"
        for n, url in enumerate(urls)
    )
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>Feed</title>{items}</channel></rss>".encode()


class Clock:
    """The clock of an event loop, which another thread can put forward: a deadline passes without waiting for it."""

    def __init__(self) -> None:
        self._loop: _Loop | None = None

    def make_loop(self) -> asyncio.AbstractEventLoop:
        self._loop = _Loop()
        return self._loop

    def put_forward(self, seconds: float) -> None:
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._loop.put_forward, seconds)


class _Loop(asyncio.SelectorEventLoop):
    _ahead = 0.0

    def time(self) -> float:
        return super().time() + self._ahead

    def put_forward(self, seconds: float) -> None:
        self._ahead += seconds


class Site:
    """What the server answers by path, and what it was asked: `hits` per path."""

    def __init__(self) -> None:
        self.pages: dict[str, Any] = {}
        self.hits: Counter[str] = Counter()
        self.base = ""
        self.release = threading.Event()
        self.robots: Any = (404, {}, b"")

    def put(self, path: str, body: Any, *, status: int = 200, kind: str = "text/html; charset=utf-8", **headers: str):
        """An answer of fixed content, or a function of the handler that writes what it likes."""
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        self.pages[path] = body if callable(body) else (status, {"Content-Type": kind, **named}, body)
        return f"{self.base}{path}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        site: Site = self.server.site  # type: ignore[attr-defined]
        path = self.path
        site.hits[path] += 1
        answer = site.robots if path == "/robots.txt" else site.pages.get(path.split("?")[0], (404, {}, b""))
        if callable(answer):
            self.close_connection = True
            answer(self)
            return
        status, headers, body = answer
        if status == 200 and headers.get("ETag") and self.headers.get("If-None-Match") == headers["ETag"]:
            status, body = 304, b""
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Clients that hang up in the middle are what these tests are about."""


@contextmanager
def serving() -> Iterator[Site]:
    site = Site()
    server = _Server(("127.0.0.1", 0), _Handler)
    server.site = site  # type: ignore[attr-defined]
    site.base = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.release.set()
        server.shutdown()
        server.server_close()
        thread.join(10)


def raw(content: bytes, *, then: str = "close"):
    """Write bytes as they are; then close or reset."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(content)
        handler.wfile.flush()
        if then == "reset":
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
            handler.connection.close()

    return answer


def stalled(site: Site, content: bytes, *, clock: Clock, seconds: float):
    """Write bytes and put the clock forward; no more comes until the test ends."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(content)
        handler.wfile.flush()
        clock.put_forward(seconds)
        site.release.wait(60)

    return answer


def dripping(site: Site, start: bytes, *, clock: Clock, seconds: float):
    """Write bytes, then eight more, one at a time: with each of them the clock is put forward by an eighth.

    A limit on the time between two pieces is not reached, one on the whole answer is.
    """

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(start)
        handler.wfile.flush()
        for _ in range(8):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            clock.put_forward(seconds / 8)
            site.release.wait(0.01)
        site.release.wait(60)

    return answer


def endless(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><body>")
    while True:
        handler.wfile.write(b"<p>more</p>" * 5000)


BOMB = gzip.compress(b"<html>" + b" " * 60_000_000)
