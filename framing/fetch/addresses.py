"""Addresses of pages: one form for each page, and which of them may be requested."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from typing import TYPE_CHECKING

from framing.errors import FramingError

if TYPE_CHECKING:
    import httpx

__all__ = ["RefusedError", "is_public", "name_host", "normalise_url", "parse_url"]

_MAX_URL = 2000  # characters
_DEFAULT_PORTS = {"http": 80, "https": 443}
# parameters that tell where a reader comes from, never what is read
_TRACKING = re.compile(
    r"utm_\w+|at_(?:medium|campaign|custom\w*|link\w*|ptr\w*|bbc\w*|format|type)|ns_(?:mchannel|source|campaign|linkname|fee)|"
    r"fbclid|gclid|dclid|gbraid|wbraid|gclsrc|msclkid|yclid|ysclid|twclid|ttclid|igshid|igsh|mc_[ce]id|mkt_tok|_ga|_gl|_hs\w+|"
    r"xtor|cmpid|cmp|smid|guccounter|guce_referrer\w*|itm_\w+|mtm_\w+|pk_(?:campaign|kwd)|piwik_\w+|wt_mc|ref_src|ref_url",
    re.I,
)
_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE")  # that have letters alike
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")  # IPv4 addresses as NAT64 writes them


class RefusedError(FramingError):
    """A URL gave no article, because of its form, the server's answer, a limit, or robots.txt.

    Parameters
    ----------
    reason : str
        Why, for the table of refused addresses.
    later : bool, default False
        Whether the request may be tried again.
    wait : float, default 0.0
        Seconds that the server asks to wait.
    status : int, default 0
        The HTTP status of the answer; 0 where there was none.
    host_wide : bool, default False
        Whether nothing can be asked of the host now, whichever the address.

    Attributes
    ----------
    later : bool
        Whether the request may be tried again.
    wait : float
        Seconds that the server asks to wait.
    status : int
        The HTTP status of the answer; 0 where there was none.
    host_wide : bool
        Whether nothing can be asked of the host now, whichever the address.
    """

    def __init__(
        self, reason: str, *, later: bool = False, wait: float = 0.0, status: int = 0, host_wide: bool = False
    ) -> None:
        super().__init__(reason)
        self.later = later
        self.wait = wait
        self.status = status
        self.host_wide = host_wide


def parse_url(url: str) -> httpx.URL:
    """Parse an address as the client does that requests it.

    Parameters
    ----------
    url : str
        Address as a list or a server gives it.

    Returns
    -------
    httpx.URL
        The parsed address.

    Raises
    ------
    RefusedError
        If it is no http address, names a user, or has a host whose name mixes letters of scripts that look alike.
    """
    import httpx

    if len(url) > _MAX_URL or any(ord(character) < 33 for character in url):
        raise RefusedError("not an http address: too long" if len(url) > _MAX_URL else "not an http address")
    if not url.lower().startswith(("http://", "https://")):
        raise RefusedError(f"not an http address: {url[:200]}")
    try:
        parsed = httpx.URL(url)
        host = parsed.host
        port = parsed.port or 0
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise RefusedError(f"not an http address: {error}") from None
    if not host.strip(".") or "\\" in url.partition("?")[0] or not 0 <= port < 65536:
        raise RefusedError(f"not an http address: {url[:200]}")
    if parsed.userinfo:
        raise RefusedError("an address with a user name")
    for label in host.split("."):
        scripts = {unicodedata.name(letter, "").split(" ")[0] for letter in label if letter.isalpha()}
        if len(scripts.intersection(_SCRIPTS)) > 1:
            raise RefusedError(f"a host whose name mixes scripts: {host[:100]}")
    return parsed


def name_host(url: str) -> str:
    """Name the host of an address, to compare it with others.

    Parameters
    ----------
    url : str
        Address.

    Returns
    -------
    str
        Host in lower case and in ASCII, with its port where that is not the usual one; empty where there is none.

    Examples
    --------
    >>> name_host("HTTP://Paper.EXAMPLE.:80/a"), name_host("https://paper.example:8443/"), name_host("nonsense")
    ('paper.example', 'paper.example:8443', '')
    """
    try:
        return _name_host(parse_url(url))
    except RefusedError:
        return ""


def _name_host(parsed: httpx.URL) -> str:
    host = parsed.raw_host.decode("ascii").lower().rstrip(".")
    host = f"[{host}]" if ":" in host else host
    port = parsed.port
    return host if port is None or port == _DEFAULT_PORTS[parsed.scheme] else f"{host}:{port}"


def normalise_url(url: str) -> str:
    """Address of a page without what only tracks readers or points into the page.

    Parameters
    ----------
    url : str
        Address as a list or a server gives it.

    Returns
    -------
    str
        The normalised address; letters of other scripts in the name of a host are written in ASCII, so that no host
        looks like another.

    Raises
    ------
    RefusedError
        If it is no http address.

    Examples
    --------
    >>> normalise_url("HTTPS://Paper.example:443/a?utm_source=feed&id=7#top")
    'https://paper.example/a?id=7'
    >>> normalise_url("https://paper.example/view?20250704") # not every query has names
    'https://paper.example/view?20250704'
    """
    parsed = parse_url(url)
    pieces = parsed.query.decode("ascii").split("&") if parsed.query else []
    kept = sorted(piece for piece in pieces if piece and not _TRACKING.fullmatch(piece.partition("=")[0]))
    path = parsed.raw_path.decode("ascii").partition("?")[0]
    return f"{parsed.scheme}://{_name_host(parsed)}{path}" + (f"?{'&'.join(kept)}" if kept else "")


def is_public(address: str) -> bool:
    """Check that an IP address belongs to the public internet.

    Parameters
    ----------
    address : str
        IPv4 or IPv6 address. An IPv4 address within one of IPv6 counts too.

    Returns
    -------
    bool
        False for private, local, reserved and multicast addresses.

    Examples
    --------
    >>> is_public("93.184.215.14"), is_public("10.0.0.1"), is_public("::ffff:127.0.0.1"), is_public("2002:7f00:1::")
    (True, False, False, False)
    """
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address):
        inner = parsed.ipv4_mapped or parsed.sixtofour or (parsed.teredo[1] if parsed.teredo else None)
        if inner is None and parsed in _TRANSLATED:
            inner = ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return parsed.is_global and not parsed.is_multicast
