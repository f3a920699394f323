"""Requests to web servers, politely and within limits: robots.txt, pace, deadlines, sizes, redirects, retries."""

from __future__ import annotations

import asyncio
import math
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from framing.corpus.fetch_rule import FetchRule
from framing.fetch.addresses import RefusedError, is_public, name_host, parse_url
from framing.fetch.unpacking import decode_body

if TYPE_CHECKING:
    import httpx

__all__ = ["Page", "Web"]

_MAX_REDIRECTS = 5
_RETRY_STATUSES = {408, 425, 429, 500, 502, 503, 504}
_MAX_WAIT = 60.0  # seconds, of a server's Retry-After or Crawl-delay
_MAX_ROBOTS_BYTES = 512_000  # RFC 9309 asks for at least 500 KiB
_MAX_AGENTS, _MAX_RULES = (
    2_000,
    1_000_000,
)  # agents of a robots.txt, and rules times agents: each has a copy of each


@dataclass(frozen=True)
class Page:
    """One answer of a server.

    Attributes
    ----------
    url : str
        Address after redirects.
    body : bytes
        Content; empty where `unchanged`.
    kind : str
        Media type, such as `text/html`.
    encoding : str or None
        Character encoding that the server names.
    etag, modified : str
        Validators, sent with the next request.
    unchanged : bool
        Whether the server says that the page is as it was at the last request.
    """

    url: str
    body: bytes
    kind: str
    encoding: str | None
    etag: str
    modified: str
    unchanged: bool = False


@dataclass
class Web:
    """A client for one run.

    Attributes
    ----------
    rule : FetchRule
        Pace, deadline, sizes and tries.
    allowed_hosts : frozenset of str
        Hosts that the corpus names, as `name_host` writes them; they may be addresses of a private network.
    """

    rule: FetchRule
    allowed_hosts: frozenset[str]
    _client: httpx.AsyncClient = field(init=False)
    _robots: dict[str, Any] = field(default_factory=dict)
    _locks: dict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))
    _robots_locks: dict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))
    _last_request: dict[str, float] = field(default_factory=dict)

    async def __aenter__(self) -> Web:
        import httpx

        self._client = httpx.AsyncClient(
            headers={"User-Agent": self.rule.agent, "Accept-Language": "*", "Accept-Encoding": "gzip, deflate"},
            timeout=None,  # the deadline of `_follow` is over the whole answer
            follow_redirects=False,
            trust_env=True,
        )
        return self

    async def __aexit__(self, *problem: object) -> None:
        await self._client.aclose()

    async def get(self, url: str, *, etag: str = "", modified: str = "", max_bytes: int = 0) -> Page:
        """Request a page, with retries.

        Parameters
        ----------
        url : str
            Address.
        etag, modified : str, default ""
            Validators of the last answer: the server leaves out the body of an unchanged page.
        max_bytes : int, default 0
            Most bytes of the unpacked body; 0: those of the rule.

        Returns
        -------
        Page
            The answer.

        Raises
        ------
        RefusedError
            If no whole page came.
        """
        headers = {key: value for key, value in (("If-None-Match", etag), ("If-Modified-Since", modified)) if value}
        last_refusal = RefusedError("not tried")
        for attempt in range(self.rule.attempts):
            if attempt:
                await asyncio.sleep(self._choose_pause(last_refusal, attempt))
            try:
                return await self._follow(url, headers, max_bytes or self.rule.most_bytes)
            except RefusedError as refusal:
                last_refusal = refusal
                if not refusal.later:
                    break
            except Exception as error:  # the libraries may raise anything on a hostile answer
                raise RefusedError(f"not readable: {type(error).__name__}: {error}") from None
        raise last_refusal

    def _choose_pause(self, refusal: RefusedError, attempt: int) -> float:
        """Seconds before a new try: the wait that the server asks for, at least a delay that doubles each time."""
        backoff: float = min(self.rule.delay_seconds * 2.0 ** (attempt - 1), _MAX_WAIT)
        return max(refusal.wait, backoff)

    async def _follow(self, url: str, headers: dict[str, str], max_bytes: int, *, for_robots: bool = False) -> Page:
        """The page at `url`, redirects followed; every request has the whole deadline."""
        import httpx

        first = url
        try:
            async with asyncio.timeout(None) as deadline:
                for _ in range(_MAX_REDIRECTS + 1):
                    await self._check_allowed(url, for_robots=for_robots)
                    async with self._locks[name_host(url)]:
                        await self._keep_pace(url)
                        # the deadline begins here: waiting for the pace of the host does not count
                        deadline.reschedule(asyncio.get_running_loop().time() + self.rule.deadline_seconds)
                        answer = await self._request(url, headers, max_bytes)
                        deadline.reschedule(None)
                    if isinstance(answer, Page):
                        return answer
                    url = answer
        except TimeoutError:
            raise RefusedError(f"no whole answer within {self.rule.deadline_seconds:g} seconds", later=True) from None
        except (httpx.InvalidURL, UnicodeError, ValueError) as error:
            raise RefusedError(f"no address that can be asked for: {error}") from None
        except httpx.HTTPError as error:
            is_unreachable = isinstance(error, httpx.ConnectError) and url == first
            raise RefusedError(f"{type(error).__name__}: {error}", later=True, host_wide=is_unreachable) from None
        except RefusedError as refusal:
            refusal.host_wide = refusal.host_wide and url == first  # what another host lacks is no fault of this one
            raise
        raise RefusedError(f"more than {_MAX_REDIRECTS} redirects")

    async def _request(self, url: str, headers: dict[str, str], max_bytes: int) -> Page | str:
        """One request: its page, or the address that it redirects to."""
        async with self._client.stream("GET", url, headers=headers) as answer:
            status = answer.status_code
            if status in (301, 302, 303, 307, 308):
                target: str = urljoin(url, answer.headers.get("location", "").strip().replace(" ", "%20"))
                if target == url:
                    raise RefusedError("a redirect to itself")
                return target
            kind = answer.headers.get("content-type", "").split(";")[0].strip().lower()
            if status == 304 and headers:
                etag, modified = headers.get("If-None-Match", ""), headers.get("If-Modified-Since", "")
                return Page(url, b"", kind, None, etag, modified, unchanged=True)
            if status != 200:
                wait = _read_wait(answer.headers.get("retry-after", ""))
                raise RefusedError(f"HTTP {status}", later=status in _RETRY_STATUSES, wait=wait, status=status)
            body = bytearray()
            async for piece in answer.aiter_raw(65_536):  # packed: one piece may unpack to more than the memory holds
                body += piece
                if len(body) > max_bytes:
                    raise RefusedError(f"more than {max_bytes} bytes")
            content = decode_body(bytes(body), answer.headers.get("content-encoding", ""), max_bytes)
            etag, modified = answer.headers.get("etag", ""), answer.headers.get("last-modified", "")
            return Page(url, content, kind, answer.charset_encoding, etag, modified)

    async def _keep_pace(self, url: str) -> None:
        """Wait until the host may be asked again."""
        loop = asyncio.get_running_loop()
        host = name_host(url)
        delay = self.rule.delay_seconds
        robots = self._robots.get(_find_origin(url))
        if robots is not None and not isinstance(robots, RefusedError):
            delay = max(delay, min(float(robots.crawl_delay(self.rule.agent) or 0), _MAX_WAIT))
        pause = self._last_request.get(host, -math.inf) + delay - loop.time()
        if pause > 0:
            await asyncio.sleep(pause)
        self._last_request[host] = loop.time()

    async def _check_allowed(self, url: str, *, for_robots: bool) -> None:
        """Raise `RefusedError` for addresses of other schemes, private networks, and those that robots.txt forbids."""
        parsed = parse_url(url)
        if name_host(url) not in self.allowed_hosts:
            host = parsed.raw_host.decode("ascii")
            await self._check_public(host, parsed.port or (443 if parsed.scheme == "https" else 80))
        if for_robots or parsed.path == "/robots.txt":
            return
        robots = await self._read_robots(_find_origin(url))
        if isinstance(robots, RefusedError):
            reason = f"robots.txt could not be read ({robots}), so nothing is asked of this host"
            raise RefusedError(reason, host_wide=True)
        if not robots.can_fetch(url, self.rule.agent):
            raise RefusedError("robots.txt forbids it")

    async def _check_public(self, host: str, port: int) -> None:
        try:
            async with asyncio.timeout(self.rule.deadline_seconds):
                addresses = await asyncio.get_running_loop().getaddrinfo(host, port)
        except OSError as error:
            why = "no answer in time" if isinstance(error, TimeoutError) else error.strerror or error
            raise RefusedError(f"{host} is not found: {why}", later=True, host_wide=True) from None
        if not all(is_public(str(item[4][0])) for item in addresses):
            raise RefusedError(f"{host} is an address of a private network, which the corpus does not name")

    async def _read_robots(self, origin: str) -> Any:
        """Parsed robots.txt of a host, which allows all where it is absent (4xx), or why it is unreadable."""
        from protego import Protego

        async with self._robots_locks[origin]:
            if origin not in self._robots:
                try:
                    page = await self._follow(f"{origin}/robots.txt", {}, _MAX_ROBOTS_BYTES, for_robots=True)
                    text = page.body.decode("utf-8", errors="replace")
                    _check_robots(text)
                    self._robots[origin] = Protego.parse(text)
                except RefusedError as refusal:
                    absent = 400 <= refusal.status < 500 and not refusal.later
                    self._robots[origin] = Protego.parse("") if absent else refusal
        return self._robots[origin]


def _find_origin(url: str) -> str:
    """Scheme and host of an address: what a robots.txt holds for."""
    return f"{url.partition(':')[0].lower()}://{name_host(url)}"


def _check_robots(text: str) -> None:
    """Raise `RefusedError` for a robots.txt so large that parsing it would cost time and memory without measure."""
    lines = text.lower().splitlines()
    n_agents = sum("agent" in line.partition("#")[0] for line in lines)
    if n_agents > _MAX_AGENTS or n_agents * (len(lines) - n_agents) > _MAX_RULES:
        raise RefusedError(f"it has {n_agents} agents and {len(lines)} lines, too many to read")


def _read_wait(text: str) -> float:
    """Seconds of a Retry-After header that gives them, at most a minute; 0 for anything else.

    >>> _read_wait("7"), _read_wait("999999"), _read_wait("Wed, 21 Oct 2026 07:28:00 GMT")
    (7.0, 60.0, 0.0)
    """
    return min(float(text), _MAX_WAIT) if text.isascii() and text.isdigit() else 0.0
