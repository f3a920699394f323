"""The server of language models: its address and key come from the environment and are written nowhere."""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

from framing.errors import InputError

__all__ = [
    "KEY_VARIABLE",
    "URL_VARIABLE",
    "VARIABLES",
    "Endpoint",
    "read_endpoint",
    "read_number",
]

URL_VARIABLE, KEY_VARIABLE = "FRAMING_LLM_URL", "FRAMING_LLM_KEY"
VARIABLES = (  # all variables of this wing; none of them shapes a result
    URL_VARIABLE,
    KEY_VARIABLE,
    "FRAMING_LLM_RATE",
    "FRAMING_LLM_CONCURRENCY",
    "FRAMING_LLM_TIMEOUT",
    "FRAMING_LLM_PRICE_IN",
    "FRAMING_LLM_PRICE_OUT",
)
_PATH = "/chat/completions"
_LEAST_SECRET = 6  # characters from which a key is removed from what a server says; shorter ones are placeholders
_CONCURRENCY, _TIMEOUT = 4, 300.0


@dataclass(frozen=True)
class Endpoint:
    """A server with the OpenAI chat interface.

    Attributes
    ----------
    url : str
        Address of the chat completions; not shown by `repr`.
    key : str
        Key, sent as a bearer token; empty: none is sent. Not shown by `repr`.
    rate : float
        Most requests a minute; 0: as many as come.
    concurrency : int
        Most requests at once.
    timeout : float
        Seconds that one answer may take.
    """

    url: str = field(repr=False)
    key: str = field(default="", repr=False)
    rate: float = 0.0
    concurrency: int = _CONCURRENCY
    timeout: float = _TIMEOUT

    @property
    def is_local(self) -> bool:
        """Whether the server is on this machine, by its address.

        Returns
        -------
        bool
            True for localhost and loopback addresses.
        """
        host = urlsplit(self.url).hostname or ""
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return host == "localhost" or host.endswith(".localhost")

    @property
    def is_in_clear(self) -> bool:
        """Whether a key would travel to another machine unencrypted.

        Returns
        -------
        bool
            True for http with a key, unless the server is on this machine.
        """
        return bool(self.key) and not self.is_local and urlsplit(self.url).scheme == "http"

    def scrub(self, text: str) -> str:
        """Remove the key and the address from a text that may be shown or stored.

        Parameters
        ----------
        text : str
            What a server or a library says.

        Returns
        -------
        str
            The text, with `[key]` and `[address]` in their places.

        Examples
        --------
        >>> Endpoint("https://models.example/v1/chat/completions", "sk-secret").scrub("bad key sk-secret")
        'bad key [key]'
        """
        parts = urlsplit(self.url)
        secrets = [(self.key, "[key]")] if len(self.key) >= _LEAST_SECRET else []
        addresses = [self.url, parts.netloc, parts.hostname or ""]
        for secret, name in [*secrets, *((item, "[address]") for item in addresses)]:
            if secret:
                text = text.replace(secret, name)
        return text

    def scrub_key(self, text: str) -> str:
        """Remove the key alone from the body of an answer.

        Parameters
        ----------
        text : str
            The body.

        Returns
        -------
        str
            The body without it, also where it stands in JSON with escapes.
        """
        if len(self.key) < _LEAST_SECRET:
            return text
        escaped = self.key.replace("\\", "\\\\").replace('"', '\\"').replace("/", "\\/")
        return text.replace(self.key, "[key]").replace(escaped, "[key]")


def read_endpoint() -> Endpoint:
    """Read where the server is from the environment.

    Returns
    -------
    Endpoint
        From `FRAMING_LLM_URL` (as `http://127.0.0.1:11434/v1`), `FRAMING_LLM_KEY`, `FRAMING_LLM_RATE` (requests a
        minute), `FRAMING_LLM_CONCURRENCY` and `FRAMING_LLM_TIMEOUT` (seconds).

    Raises
    ------
    InputError
        If the address is missing or is none, or a number is none. No message holds the address or the key.
    """
    address = os.environ.get(URL_VARIABLE, "").strip()
    if not address:
        raise InputError(
            f"{URL_VARIABLE} is not set: it names the server of the language model, such as "
            f"http://127.0.0.1:11434/v1 for Ollama on this machine; {KEY_VARIABLE} holds the key, if it needs one."
        )
    key = os.environ.get(KEY_VARIABLE, "").strip()
    if any(not 32 <= ord(sign) < 127 for sign in key):
        raise InputError(f"{KEY_VARIABLE} holds characters that no key has (line breaks, letters with accents).")
    return Endpoint(
        url=_complete(address),
        key=key,
        rate=read_number("FRAMING_LLM_RATE") or 0.0,
        concurrency=max(int(read_number("FRAMING_LLM_CONCURRENCY") or _CONCURRENCY), 1),
        timeout=read_number("FRAMING_LLM_TIMEOUT") or _TIMEOUT,
    )


def read_number(name: str) -> float | None:
    """Read a number from the environment.

    Parameters
    ----------
    name : str
        Name of the variable.

    Returns
    -------
    float or None
        None where it is not set.

    Raises
    ------
    InputError
        For what is no finite number of 0 or more.
    """
    text = os.environ.get(name, "").strip()
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        raise InputError(f"{name}: expected a number of 0 or more, got {text!r}.")
    return value


def _complete(address: str) -> str:
    """The address of chat completions: `/v1` is added where there is no path, and the name of the interface."""
    try:
        parts = urlsplit(address)
        _ = parts.port
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        is_address = False
    if not is_address:
        raise InputError(
            f"{URL_VARIABLE}: expected an address that begins with http:// or https://, such as "
            "http://127.0.0.1:11434/v1."
        )
    path = parts.path.rstrip("/") or "/v1"
    if not path.endswith(_PATH):
        path += _PATH
    return urlunsplit((parts.scheme, parts.netloc, path, parts.query, ""))
