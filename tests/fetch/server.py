"""A local server that behaves as badly as real ones do, and worse."""

from __future__ import annotations

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


def raw(content: bytes, *, then: str = "close", site: Site | None = None):
    """Write bytes as they are; then close, reset, hang until the test ends, or drip a byte at a time."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        if then == "drip":
            for byte in content:
                handler.wfile.write(bytes([byte]))
                handler.wfile.flush()
                if site is not None and site.release.wait(0.05):
                    return
            return
        handler.wfile.write(content)
        handler.wfile.flush()
        if then == "hang" and site is not None:
            site.release.wait(60)
        if then == "reset":
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
            handler.connection.close()

    return answer


def endless(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><body>")
    while True:
        handler.wfile.write(b"<p>more</p>" * 5000)


BOMB = gzip.compress(b"<html>" + b" " * 60_000_000)
