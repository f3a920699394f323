"""Ask servers politely and within limits: robots.txt, a pace for each host, deadlines, sizes, redirects, retries."""

from __future__ import annotations

import asyncio
import ipaddress
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from framing.corpus.fetch_rule import FetchRule
from framing.errors import FramingError

__all__ = ["Page", "RefusedError", "Web"]

_REDIRECTS = 5
_AGAIN = {408, 425, 429, 500, 502, 503, 504}
_LONGEST_WAIT = 60.0  # seconds that a server's Retry-After or Crawl-delay is followed at most
_ROBOTS_BYTES = 512_000  # RFC 9309 asks for at least 500 KiB


class RefusedError(FramingError):
    """Why a URL gave nothing: the server's answer, a limit, robots.txt.

    Attributes
    ----------
    later : bool
        Whether another run may try again.
    wait : float
        Seconds that the server asks to wait.
    status : int
        The HTTP status of the answer; 0 where there was none.
    """

    def __init__(self, reason: str, *, later: bool = False, wait: float = 0.0, status: int = 0) -> None:
        super().__init__(reason)
        self.later = later
        self.wait = wait
        self.status = status


@dataclass(frozen=True)
class Page:
    """One answer: `url` after redirects, `body` (empty where `unchanged`), and what to send to ask again."""

    url: str
    body: bytes
    kind: str
    encoding: str | None
    etag: str
    modified: str
    unchanged: bool = False


@dataclass
class Web:
    """A client for one run. `allowed_hosts` are those that the corpus names: they may be addresses of this network."""

    rule: FetchRule
    allowed_hosts: frozenset[str]
    _client: Any = None
    _robots: dict[str, Any] = field(default_factory=dict)
    _locks: dict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))
    _last: dict[str, float] = field(default_factory=dict)

    async def __aenter__(self) -> Web:
        import httpx

        self._client = httpx.AsyncClient(
            headers={"User-Agent": self.rule.agent, "Accept-Language": "*"},
            timeout=self.rule.deadline_seconds, follow_redirects=False, trust_env=True,
        )  # fmt: skip
        return self

    async def __aexit__(self, *problem: object) -> None:
        await self._client.aclose()

    async def get(self, url: str, *, etag: str = "", modified: str = "", most_bytes: int = 0) -> Page:
        """The page at `url`, without its body where `etag` or `modified` show it unchanged; raises `RefusedError`."""
        headers = {key: value for key, value in (("If-None-Match", etag), ("If-Modified-Since", modified)) if value}
        reason = RefusedError("not tried")
        for attempt in range(self.rule.attempts):
            if attempt:
                await asyncio.sleep(self._pause(reason, attempt))
            try:
                return await self._follow(url, headers, most_bytes or self.rule.most_bytes)
            except RefusedError as refusal:
                reason = refusal
                if not refusal.later:
                    break
        raise reason

    def _pause(self, reason: RefusedError, attempt: int) -> float:
        backing_off: float = min(self.rule.delay_seconds * 2.0 ** (attempt - 1), _LONGEST_WAIT)
        return max(reason.wait, backing_off)

    async def _follow(self, url: str, headers: dict[str, str], most_bytes: int) -> Page:
        import httpx

        try:
            async with asyncio.timeout(None) as clock:
                for _ in range(_REDIRECTS + 1):
                    await self._check(url)
                    async with self._locks[urlsplit(url).netloc]:
                        await self._pace(url)
                        # the time waited for one's turn is the host's, not the page's
                        clock.reschedule(asyncio.get_running_loop().time() + self.rule.deadline_seconds)
                        answer = await self._once(url, headers, most_bytes)
                        clock.reschedule(None)
                    if isinstance(answer, Page):
                        return answer
                    url = answer
        except TimeoutError:
            raise RefusedError(f"no whole answer within {self.rule.deadline_seconds:g} seconds", later=True) from None
        except (httpx.InvalidURL, UnicodeError, ValueError) as error:
            raise RefusedError(f"no address that can be asked for: {error}") from None
        except httpx.HTTPError as error:
            raise RefusedError(f"{type(error).__name__}: {error}", later=True) from None
        raise RefusedError(f"more than {_REDIRECTS} redirects")

    async def _once(self, url: str, headers: dict[str, str], most_bytes: int) -> Page | str:
        """One request: its page, or the address that it redirects to."""
        async with self._client.stream("GET", url, headers=headers) as answer:
            status = answer.status_code
            if status in (301, 302, 303, 307, 308):
                target: str = urljoin(url, answer.headers.get("location", ""))
                if target == url:
                    raise RefusedError("a redirect to itself")
                return target
            kept = answer.headers.get("etag", ""), answer.headers.get("last-modified", "")
            kind = answer.headers.get("content-type", "").split(";")[0].strip().lower()
            if status == 304 and headers:
                return Page(url, b"", kind, None, headers.get("If-None-Match", ""),
                            headers.get("If-Modified-Since", ""), unchanged=True)  # fmt: skip
            if status != 200:
                wait = _seconds(answer.headers.get("retry-after", ""))
                raise RefusedError(f"HTTP {status}", later=status in _AGAIN, wait=wait, status=status)
            body = bytearray()
            async for piece in answer.aiter_bytes(65_536):
                body += piece
                if len(body) > most_bytes:
                    raise RefusedError(f"more than {most_bytes} bytes")
            return Page(url, bytes(body), kind, answer.charset_encoding, *kept)

    async def _pace(self, url: str) -> None:
        host = urlsplit(url).netloc
        delay = self.rule.delay_seconds
        robots = self._robots.get(host)
        if robots is not None and not isinstance(robots, RefusedError):
            delay = max(delay, min(float(robots.crawl_delay(self.rule.agent) or 0), _LONGEST_WAIT))
        rest = self._last.get(host, -1e9) + delay - time.monotonic()
        if rest > 0:
            await asyncio.sleep(rest)
        self._last[host] = time.monotonic()

    async def _check(self, url: str) -> None:
        """Raise `RefusedError` for what is not asked for: other schemes, this network, what robots forbid."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise RefusedError(f"not an http address: {url[:200]}")
        if parts.username or parts.password:
            raise RefusedError("an address with a user name")
        if parts.netloc not in self.allowed_hosts:
            await self._check_public(parts.hostname, parts.port or (443 if parts.scheme == "https" else 80))
        if parts.path == "/robots.txt":
            return
        robots = await self._rules(f"{parts.scheme}://{parts.netloc}")
        if isinstance(robots, RefusedError):
            raise RefusedError(f"robots.txt could not be read ({robots}), so nothing is asked of this host", later=True)
        if not robots.can_fetch(url, self.rule.agent):
            raise RefusedError("robots.txt forbids it")

    async def _check_public(self, host: str, port: int) -> None:
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port)
        except OSError as error:
            raise RefusedError(f"{host} is not found: {error.strerror or error}", later=True) from None
        for item in found:
            address = ipaddress.ip_address(str(item[4][0]).split("%")[0])
            if not address.is_global or address.is_multicast:
                raise RefusedError(f"{host} is an address of a private network, which the corpus does not name")

    async def _rules(self, base: str) -> Any:
        """Parsed robots.txt of a host: all allowed where there is none (4xx), the reason where it cannot be read."""
        from protego import Protego

        host = urlsplit(base).netloc
        if host not in self._robots:
            try:
                page = await self._follow(f"{base}/robots.txt", {}, _ROBOTS_BYTES)
                self._robots[host] = Protego.parse(page.body.decode("utf-8", errors="replace"))
            except RefusedError as refusal:
                absent = 400 <= refusal.status < 500 and not refusal.later
                self._robots[host] = Protego.parse("") if absent else refusal
        return self._robots[host]


def _seconds(text: str) -> float:
    """Seconds of a Retry-After header that gives them, at most a minute; 0 for anything else.

    >>> _seconds("7"), _seconds("999999"), _seconds("Wed, 21 Oct 2026 07:28:00 GMT")
    (7.0, 60.0, 0.0)
    """
    return min(float(text), _LONGEST_WAIT) if text.isascii() and text.isdigit() else 0.0
