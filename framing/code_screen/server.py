"""The screen as a page on 127.0.0.1: a secret address, no other host name, and nothing from elsewhere.

Whoever has the address may code. It is exchanged for a cookie at the first visit, so that it stands in no history and
no referrer. A page of another site can neither read answers nor send messages: other host names are refused (DNS
rebinding), messages need the page's own origin and a header that forms cannot send, and the cookie is strict.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import secrets
import signal
import socket
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tornado.httpserver import HTTPServer
from tornado.web import Application, RequestHandler

from framing.code_screen.screen import Screen
from framing.errors import InputError

if TYPE_CHECKING:
    from asyncio import TimerHandle

__all__ = ["PageServer", "serve_screen"]

_HOSTS = ("127.0.0.1", "localhost")
_PAGES = {
    "/": ("page.html", "text/html"),
    "/page.js": ("page.js", "text/javascript"),
    "/screen.js": ("screen.js", "text/javascript"),
    "/view.js": ("view.js", "text/javascript"),
    "/marking.js": ("marking.js", "text/javascript"),
    "/settling.js": ("settling.js", "text/javascript"),
    "/screen.css": ("screen.css", "text/css"),
}
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_MAX_BYTES = 2_000_000  # of a message
_IDLE = 3.0  # seconds without a message after which the coder's file is made complete


class PageServer:
    """A server of one screen; `start` begins, `stop` ends.

    Parameters
    ----------
    screen : Screen
        What it shows.

    Attributes
    ----------
    address : str
        Address of the page with its secret, once it was started.
    """

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self.address = ""
        self._secret, self._cookie, self._once = (secrets.token_urlsafe(32) for _ in range(3))
        self._timer: TimerHandle | None = None
        self._server: HTTPServer | None = None
        self._port = 0

    def start(self, port: int = 0) -> None:
        """Listen on 127.0.0.1 in the running event loop.

        Parameters
        ----------
        port : int, default 0
            The port; 0 takes a free one.

        Raises
        ------
        InputError
            If the port is taken or not allowed.
        """
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(("127.0.0.1", port))
            listener.listen(64)
        except OSError as error:
            listener.close()
            raise InputError(f"{port} cannot be used: {error.strerror}. Name another.", argument="port") from None
        listener.setblocking(False)
        self._port = listener.getsockname()[1]
        routes = [(path, _Page, {"server": self}) for path in _PAGES]
        application = Application([*routes, ("/ask", _Ask, {"server": self})], default_handler_class=_Nothing,
                                  default_handler_args={"server": self}, log_function=lambda _: None)  # fmt: skip
        self._server = HTTPServer(application, max_body_size=_MAX_BYTES, max_buffer_size=2 * _MAX_BYTES)
        self._server.add_socket(listener)
        self.address = self._make_address(self._secret)

    async def stop(self) -> None:
        """Close every connection."""
        if self._timer is not None:
            self._timer.cancel()
        if self._server is not None:
            self._server.stop()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._server.close_all_connections(), 2)

    def make_short_lived_address(self) -> str:
        """Address that works once, for the command line of a browser, which others on this machine can read.

        Returns
        -------
        str
            The address.
        """
        return self._make_address(self._once)

    def _make_address(self, secret: str) -> str:
        return f"http://127.0.0.1:{self._port}/?key={secret}"

    @property
    def cookie_name(self) -> str:
        """Name of the cookie: cookies of one host are shared by its ports."""
        return f"framing-{self._port}"

    def exchange(self, key: str) -> str:
        """Give the cookie for the secret of the address.

        Parameters
        ----------
        key : str
            What stands in the address.

        Returns
        -------
        str
            The cookie; empty for a wrong key.
        """
        once = _is_same(key, self._once)
        if once:
            self._once = secrets.token_urlsafe(32)
        return self._cookie if _is_same(key, self._secret) or once else ""

    def knows(self, cookie: str | None) -> bool:
        """Find whether a cookie is ours.

        Parameters
        ----------
        cookie : str or None
            The cookie.

        Returns
        -------
        bool
            True if it is.
        """
        return _is_same(cookie or "", self._cookie)

    async def answer(self, content: dict[str, Any]) -> dict[str, Any]:
        """Answer a message; what takes seconds is computed beside, so that coding goes on.

        Parameters
        ----------
        content : dict
            The message.

        Returns
        -------
        dict
            The answer.
        """
        if content.get("do") in ("measure", "propose"):
            return await asyncio.to_thread(self.screen.answer, content)
        answer = self.screen.answer(content)
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(_IDLE, self.screen.tidy)
        return answer


class _Handler(RequestHandler):
    """Refuses what does not come from our own page."""

    def initialize(self, server: PageServer) -> None:
        self.server = server

    def set_default_headers(self) -> None:
        self.clear_header("Server")
        for name, value in _HEADERS.items():
            self.set_header(name, value)

    def prepare(self) -> None:
        if _host_name(f"//{self.request.host}") not in _HOSTS:
            self._refuse(421, "This address is not that of the coding screen.")
        elif not self._may_enter():
            self._refuse(403, "The address is not complete: open the one that framing code printed.")

    def _may_enter(self) -> bool:
        return self.server.knows(self.get_cookie(self.server.cookie_name))

    def _refuse(self, status: int, reason: str) -> None:
        self.set_status(status)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(reason + "\n")

    def write_error(self, status_code: int, **_: Any) -> None:
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(f"{status_code}\n")


class _Page(_Handler):
    """The page and its parts."""

    def _may_enter(self) -> bool:
        return super()._may_enter() or (self.request.path == "/" and bool(self.get_query_arguments("key")))

    async def get(self) -> None:
        """Send a part of the page; the address with the secret leads to the one without."""
        if self.request.path == "/" and self.get_query_arguments("key"):
            cookie = self.server.exchange(self.get_query_argument("key"))
            if not cookie:
                self._refuse(403, "The key in the address is wrong: open the address that framing code printed last.")
                return
            self.set_cookie(self.server.cookie_name, cookie, httponly=True, samesite="Strict", path="/")
            self.redirect("/", status=303)
            return
        name, kind = _PAGES[self.request.path]
        self.set_header("Content-Type", f"{kind}; charset=utf-8")
        self.finish(files("framing.code_screen").joinpath(name).read_bytes())


class _Ask(_Handler):
    """Messages of the page."""

    async def post(self) -> None:
        """Answer a message."""
        origin = self.request.headers.get("Origin")
        same = origin is not None and urlsplit(origin).netloc == self.request.host
        if not same or self.request.headers.get("X-Framing") != "screen":
            self._refuse(403, "Messages come from the page itself.")
            return
        try:
            content = json.loads(self.request.body)
        except (ValueError, RecursionError):
            content = None
        if not isinstance(content, dict):
            self._refuse(400, "Expected a message in JSON.")
            return
        answer = await self.server.answer(content)
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.finish(json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace"))


class _Nothing(_Handler):
    """Any other path."""

    async def get(self) -> None:
        """Say that there is nothing."""
        self._refuse(404, "There is nothing here.")

    post = put = delete = patch = get


def serve_screen(
    screen: Screen,
    *,
    port: int = 0,
    announce: Callable[[str], None],
    browser: bool = True,
) -> None:
    """Serve a screen until the process is told to end.

    Parameters
    ----------
    screen : Screen
        What to show; the caller closes it.
    port : int, default 0
        Port on 127.0.0.1; 0 takes a free one.
    announce : callable
        Is told the address.
    browser : bool, default True
        Whether to open the page in the browser of this machine.

    Raises
    ------
    InputError
        If the port cannot be used.
    KeyboardInterrupt
        When the user ends it by Ctrl+C on Windows; elsewhere SIGINT and SIGTERM end it without an error.
    """

    async def run() -> None:
        server, ended = PageServer(screen), asyncio.Event()
        server.start(port)
        with suppress(RuntimeError, ValueError):  # Windows, or not the main thread
            for number in (signal.SIGINT, signal.SIGTERM):  # SIGINT even where the shell has it ignored
                asyncio.get_running_loop().add_signal_handler(number, ended.set)
        try:
            announce(server.address)
            if browser:
                await asyncio.to_thread(webbrowser.open, server.make_short_lived_address())
            await ended.wait()
        finally:
            await server.stop()

    asyncio.run(run())


def _host_name(address: str) -> str:
    """Host of an address without its port; empty where it is no address."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _is_same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode())
