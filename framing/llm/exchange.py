"""One request to the server and what came back: the answer, a refusal, or why there is none."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Literal

from framing.llm.endpoint import Endpoint
from framing.llm.questions import SEED, TEMPERATURE, Question
from framing.llm.reply import NoReplyError, Reply, find_message, read_reply

if TYPE_CHECKING:
    import httpx

__all__ = ["Features", "send"]

_MAX_BYTES = 4 * 2**20  # of an answer
_LATER = {408, 409, 425, 429, 500, 502, 503, 504, 520, 522, 524, 529}  # worth another try
_FATAL = {401, 402, 403, 404, 405, 407}  # no question will be answered
_MAX_WAIT = 300.0  # seconds of a Retry-After that are waited for
_SHOWN = 200  # characters of a server's message
_TOP = 20  # tokens at each place whose log-probabilities are asked for
_FORMATS = ("json_schema", "json_object with schema", "json_object", "")


@dataclass(frozen=True)
class Features:
    """What a server is asked for beside an answer; servers that refuse one of it are asked without.

    Attributes
    ----------
    form : {"json_schema", "json_object with schema", "json_object", ""}
        What holds the answer to the form.
    logprobs : bool
        Whether log-probabilities are asked for.
    temperature : bool
        Whether temperature 0 and a seed are asked for.
    limit : {"max_tokens", "max_completion_tokens", ""}
        Name of the parameter for the most tokens of an answer.
    """

    form: str = _FORMATS[0]
    logprobs: bool = True
    temperature: bool = True
    limit: Literal["max_tokens", "max_completion_tokens", ""] = "max_tokens"

    def reduce(self, message: str, *, asked_logprobs: bool, named_alone: bool = False) -> Features | None:
        """Take away what a server refused.

        Parameters
        ----------
        message : str
            What it said.
        asked_logprobs : bool
            Whether log-probabilities were asked for.
        named_alone : bool, default False
            Whether nothing is taken away that the message does not name: an error of the server may be about something
            else, though some servers refuse a parameter by one.

        Returns
        -------
        Features or None
            Less than these: the part that the message names, else log-probabilities, then the next form. None where
            nothing is left to take away.

        Examples
        --------
        >>> Features().reduce("unsupported: temperature", asked_logprobs=True).temperature
        False
        >>> Features().reduce("out of memory", asked_logprobs=True, named_alone=True) is None
        True
        """
        said = message.lower()
        if "logprob" in said and self.logprobs and asked_logprobs:
            return replace(self, logprobs=False)
        if "max_tokens" in said and self.limit:
            return replace(self, limit="max_completion_tokens" if self.limit == "max_tokens" else "")
        if ("temperature" in said or "seed" in said) and self.temperature:
            return replace(self, temperature=False)
        if self.form and any(word in said for word in ("response_format", "schema", "json_object")):
            return replace(self, form=_FORMATS[_FORMATS.index(self.form) + 1])
        if named_alone:
            return None
        if self.logprobs and asked_logprobs:
            return replace(self, logprobs=False)
        return replace(self, form=_FORMATS[_FORMATS.index(self.form) + 1]) if self.form else None


def send(
    client: httpx.Client,
    endpoint: Endpoint,
    model: str,
    question: Question,
    features: Features,
    *,
    repair: tuple[str, str] | None = None,
) -> Reply:
    """Ask a question once.

    Parameters
    ----------
    client : httpx.Client
        Follows no redirects.
    endpoint : Endpoint
        The server.
    model : str
        Name of the model.
    question : Question
        What is asked.
    features : Features
        How it is asked.
    repair : tuple of str, optional
        An answer that was wrong, and what is said to it.

    Returns
    -------
    Reply
        What came back, not checked against the question.

    Raises
    ------
    NoReplyError
        If nothing came that can be read.
    """
    import httpx

    body = json.dumps(_make_body(model, question, features, repair), ensure_ascii=True).encode()
    headers = {"Content-Type": "application/json", "Accept": "application/json", "Accept-Encoding": "identity"}
    if endpoint.key:
        headers["Authorization"] = f"Bearer {endpoint.key}"
    deadline = time.monotonic() + endpoint.timeout
    try:
        with client.stream("POST", endpoint.url, content=body, headers=headers, timeout=endpoint.timeout) as answer:
            content = _read_body(answer, deadline)
            text = endpoint.scrub_key(content.decode("utf-8-sig", errors="replace"))
            if answer.status_code != 200:
                raise _explain_status(answer, text, endpoint)
    except httpx.TimeoutException:
        raise NoReplyError(f"no whole answer within {endpoint.timeout:g} seconds", later=True) from None
    except httpx.ConnectError as error:
        reason = f"the server cannot be reached: {endpoint.scrub(str(error)) or type(error).__name__}"
        raise NoReplyError(reason, later=True, status=-1) from None
    except httpx.HTTPError as error:
        raise NoReplyError(f"{type(error).__name__}: {endpoint.scrub(str(error))[:_SHOWN]}", later=True) from None
    return read_reply(text)


def _make_body(model: str, question: Question, features: Features, repair: tuple[str, str] | None) -> dict[str, Any]:
    """The request as JSON can represent it."""
    messages = question.list_messages()
    if repair is not None:
        messages += [{"role": "assistant", "content": repair[0]}, {"role": "user", "content": repair[1]}]
    body: dict[str, Any] = {"model": model, "messages": messages, "stream": False}
    if features.temperature:
        body |= {"temperature": TEMPERATURE, "seed": SEED}
    if features.limit:
        body[features.limit] = question.max_tokens
    if features.form == "json_schema":
        schema = {"name": "coding", "strict": True, "schema": question.schema}
        body["response_format"] = {"type": "json_schema", "json_schema": schema}
    elif features.form:
        body["response_format"] = {"type": "json_object"}
        if features.form != "json_object":
            body["response_format"]["schema"] = question.schema
    if features.logprobs and question.form == "yes-no":
        body |= {"logprobs": True, "top_logprobs": _TOP}
    return body


def _read_body(answer: httpx.Response, deadline: float) -> bytes:
    """The bytes of an answer, within its limits."""
    if (packing := answer.headers.get("content-encoding", "identity").lower()) != "identity":
        raise NoReplyError(f"the answer is packed ({packing[:20]}), which was not asked for", later=True)
    body = bytearray()
    for piece in answer.iter_raw(65_536):
        body += piece
        if len(body) > _MAX_BYTES:
            raise NoReplyError(f"an answer of more than {_MAX_BYTES:,} bytes")
        if time.monotonic() > deadline:
            raise NoReplyError("no whole answer in time", later=True)
    return bytes(body)


def _explain_status(answer: httpx.Response, text: str, endpoint: Endpoint) -> NoReplyError:
    """The error of an answer that is no success."""
    status = answer.status_code
    if 300 <= status < 400:
        return NoReplyError(
            f"HTTP {status}: the server sends elsewhere, where no key and no text goes; name the address itself",
            fatal=True, status=status,
        )  # fmt: skip
    said = endpoint.scrub(find_message(text))
    reason = f"HTTP {status}" + (f": {said[:_SHOWN]}" if said else "")
    wait = _read_wait(answer.headers.get("retry-after", ""))
    return NoReplyError(reason, later=status in _LATER, wait=wait, fatal=status in _FATAL, status=status)


def _read_wait(text: str) -> float:
    """Seconds of a Retry-After header, which gives seconds or a date; 0 for anything else."""
    try:
        seconds = float(text)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds()
        except (ValueError, TypeError):
            return 0.0
    return min(seconds, _MAX_WAIT) if seconds > 0 else 0.0
