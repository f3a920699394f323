"""What a server sent, read: a chat completion in JSON, whole or in pieces, or why there is none."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["NoReplyError", "Reply", "find_message", "read_reply"]

_SHOWN = 200  # characters of a server's message


class NoReplyError(Exception):
    """No answer came.

    Parameters
    ----------
    reason : str
        Why, without key and address.
    later : bool
        Whether another try may help.
    wait : float
        Seconds that the server asks to wait.
    fatal : bool
        Whether no other question will be answered either.
    status : int
        Status of HTTP; 0 where there was none.
    """

    def __init__(
        self, reason: str, *, later: bool = False, wait: float = 0.0, fatal: bool = False, status: int = 0
    ) -> None:
        super().__init__(reason)
        self.later, self.wait, self.fatal, self.status = later, wait, fatal, status


class _Loose(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Message(_Loose):
    content: Any = None
    refusal: str | None = None


class _Choice(_Loose):
    message: _Message = Field(default_factory=_Message)
    finish_reason: Any = None
    logprobs: Any = None


class _Completion(_Loose):
    """A completion; what is told beside the answer may be odd, and the answer counts all the same."""

    choices: list[_Choice]
    model: Any = None
    system_fingerprint: Any = None
    usage: Any = None


@dataclass(frozen=True)
class Reply:
    """What the server sent.

    Attributes
    ----------
    content : str
        What the model wrote.
    refusal : str
        Why the model refused; empty if it did not.
    is_cut : bool
        Whether the answer ended at the most tokens.
    model, fingerprint : str
        Name and version of the model, as the server says.
    tokens_in, tokens_out : int
        Tokens of question and answer, as the server says; 0 where it does not.
    tokens : object
        Log-probabilities of the tokens of the answer, unchecked; None where there are none.
    """

    content: str
    refusal: str
    is_cut: bool
    model: str
    fingerprint: str
    tokens_in: int
    tokens_out: int
    tokens: Any = None


def find_message(text: str) -> str:
    """Find what a server says in an error.

    Parameters
    ----------
    text : str
        Body of its answer.

    Returns
    -------
    str
        On one line; empty for a page.
    """
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = text if len(text) <= _SHOWN and "<" not in text else ""
    for name in ("error", "message", "detail"):
        if isinstance(value, dict) and name in value:
            value = value[name]
    if isinstance(value, dict):
        value = value.get("message", "")
    said = value if isinstance(value, str) else json.dumps(value)
    return re.sub(r"\s+", " ", said).strip()


def read_reply(text: str) -> Reply:
    """Read the body of an answer.

    Parameters
    ----------
    text : str
        JSON of a chat completion, or its events where the server sends it in pieces.

    Returns
    -------
    Reply
        What it says.

    Raises
    ------
    NoReplyError
        If it is no chat completion, or none that holds an answer.

    Examples
    --------
    >>> read_reply('{"choices": [{"message": {"content": "{}"}}]}').content
    '{}'
    """
    stripped = text.removeprefix("\ufeff").lstrip()
    try:
        value = _join_events(stripped) if stripped.startswith(("data:", "event:", ":")) else json.loads(stripped)
        if isinstance(value, dict) and value.get("error") and "choices" not in value:
            raise NoReplyError(f"the server answered with an error: {find_message(stripped)[:_SHOWN]}", later=True)
        completion = _Completion.model_validate(value)
    except (ValueError, RecursionError):  # ValidationError is a ValueError
        raise NoReplyError("what came is no chat completion in JSON", later=True) from None
    if not completion.choices:
        raise NoReplyError("the answer holds no choice", later=True)
    choice = completion.choices[0]
    content = _join_parts(choice.message.content)
    refusal = choice.message.refusal or ""
    if choice.finish_reason == "content_filter":
        refusal = refusal or "a content filter of the server"
    return Reply(
        content=content,
        refusal=refusal,
        is_cut=choice.finish_reason == "length",
        model=_read_name(completion.model),
        fingerprint=_read_name(completion.system_fingerprint),
        tokens_in=_read_count(completion.usage, "prompt_tokens"),
        tokens_out=_read_count(completion.usage, "completion_tokens"),
        tokens=choice.logprobs.get("content") if isinstance(choice.logprobs, dict) else None,
    )


def _read_name(value: Any) -> str:
    return value[:_SHOWN] if isinstance(value, str) else ""


def _read_count(usage: Any, name: str) -> int:
    """A number of tokens; 0 where it is not told, or is none."""
    value = usage.get(name) if isinstance(usage, dict) else None
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**9 else 0


def _join_parts(content: Any) -> str:
    """The text of a message, which some servers send in parts; empty where there is none."""
    if isinstance(content, list):
        return "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return content if isinstance(content, str) else ""


def _join_events(text: str) -> dict[str, Any]:
    """The completion that a server sent in pieces, as server-sent events."""
    whole: dict[str, Any] = {}
    content, refusal, reason, tokens = "", "", None, list[Any]()
    for line in text.splitlines():
        data = line.removeprefix("data:").strip()
        if not line.startswith("data:") or data in ("", "[DONE]"):
            continue
        piece = json.loads(data)
        whole |= {name: value for name, value in piece.items() if name != "choices" and value is not None}
        for choice in piece.get("choices") or []:
            if choice.get("index", 0):
                continue
            delta = choice.get("delta") or {}
            content += delta.get("content") or ""
            refusal += delta.get("refusal") or ""
            reason = choice.get("finish_reason") or reason
            tokens += (choice.get("logprobs") or {}).get("content") or []
    if reason is None:
        raise ValueError("the events end before the answer does")
    message = {"content": content, "refusal": refusal or None}
    choice = {"message": message, "finish_reason": reason, "logprobs": {"content": tokens} if tokens else None}
    return whole | {"choices": [choice]}
