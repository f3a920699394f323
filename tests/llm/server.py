"""A server of a language model on 127.0.0.1, which codes by words, and behaves as a test says."""

from __future__ import annotations

import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "sk-test-0123456789abcdef"
WORDS = {
    "war": ("missiles", "soldiers", "drones", "tanks"),
    "trade": ("tariff", "exports", "deficit"),
    "sport": ("won", "scored"),
}


class Call:
    """One request: what was asked, how often before, and the means to answer it."""

    def __init__(self, handler: BaseHTTPRequestHandler, body: dict[str, Any], n_before: int) -> None:
        self.handler, self.body, self.n_before = handler, body, n_before
        self.system, self.user = (message["content"] for message in body["messages"][:2])

    @property
    def passage(self) -> str:
        return self.user.split("\n", 1)[1].rsplit("\n", 1)[0]

    @property
    def asks_one(self) -> bool:
        return '{"answer": "yes"}' in self.system

    def frames(self) -> list[str]:
        said = self.passage.lower()
        return [name for name, words in WORDS.items() if any(word in said for word in words)]

    def content(self) -> str:
        """A right answer."""
        if self.asks_one:
            frame = re.search(r"^Frame (\w+):", self.system, re.MULTILINE)[1]
            return json.dumps({"answer": "yes" if frame in self.frames() else "no"})
        if '{"frame":' in self.system:
            return json.dumps({"frame": [*self.frames(), "sport"][0]})
        return json.dumps({"frames": self.frames()})

    def completion(self, content: str | None = "", **more: Any) -> dict[str, Any]:
        """A completion with this content, by default the right one."""
        choice = {"index": 0, "message": {"role": "assistant", "content": self.content() if content == "" else content}}
        choice["finish_reason"] = more.pop("finish_reason", "stop")
        choice["message"] |= more.pop("message", {})
        if "logprobs" in more:
            choice["logprobs"] = more.pop("logprobs")
        fixed = {"id": "x", "model": "words-1", "usage": {"prompt_tokens": 100, "completion_tokens": 10}}
        return {**fixed, "choices": [choice], **more}

    def send(self, body: Any = None, *, status: int = 200, kind: str = "application/json", **headers: str) -> None:
        content = self.completion() if body is None else body
        raw = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.handler.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(raw)), **headers}.items():
            self.handler.send_header(name.replace("_", "-"), value)
        self.handler.end_headers()
        self.handler.wfile.write(raw)


Behaviour = Callable[[Call], None]


class Server:
    """The server, what was asked of it, and by which keys."""

    def __init__(self, behave: Behaviour) -> None:
        self.behave = behave
        self.calls: list[tuple[str, str]] = []  # system and passage
        self.keys: list[str] = []
        self.lock = threading.Lock()
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                body = json.loads(raw)
                texts = tuple(message["content"] for message in body["messages"][:2])
                with owner.lock:
                    n_before = owner.calls.count(texts)
                    owner.calls.append(texts)
                    owner.keys.append(self.headers.get("Authorization", ""))
                try:
                    owner.behave(Call(self, body, n_before))
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            def log_message(self, *_: Any) -> None:
                pass

        class Quiet(ThreadingHTTPServer):
            def handle_error(self, *_: Any) -> None:
                """A client that leaves is what some tests are about."""

        self.http = Quiet(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.http.server_address[1]}/v1"

    @property
    def passages(self) -> Counter[str]:
        """How often each passage was asked about."""
        return Counter(user.split("\n", 1)[1].rsplit("\n", 1)[0] for _, user in self.calls)


@contextmanager
def serving(behave: Behaviour = Call.send) -> Iterator[Server]:
    server = Server(behave)
    thread = threading.Thread(target=server.http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.http.shutdown()
        server.http.server_close()
