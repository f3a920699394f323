"""Tell people when a scheduled run failed, or a difference that they watch crossed its limit."""

from __future__ import annotations

import json
import os
import smtplib
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pandas as pd

from framing.errors import FramingError
from framing.reports.plan import AlertRule

__all__ = ["SECRETS", "send_alert", "watched"]

WEBHOOK, SMTP, SENDER = "FRAMING_WEBHOOK_URL", "FRAMING_SMTP_URL", "FRAMING_MAIL_FROM"
SECRETS = (WEBHOOK, SMTP)  # read from the environment alone, and kept from the processes that make reports
_SECONDS = 20
_PORTS = {"smtp": 587, "smtps": 465}


def watched(rule: AlertRule, folder: Path, before: dict[str, str]) -> tuple[dict[str, str], list[str]]:
    """The state of each watched difference in the report at `folder`, and what crossed since `before`, in words.

    The state is `above`, `below` (in size, whichever group is ahead), or `missing` where the report does not have that
    difference, which is told once too: a renamed frame must not silence an alert.
    """
    path = folder / "tables" / "contrasts.parquet"
    rows_of = pd.read_parquet(path).to_dict("records") if path.is_file() else []
    states, said = {}, []
    for item in rule.watch:
        pair = set(item.groups)
        rows = [
            row for row in rows_of
            if row["frame"] == item.frame and {row["group_a"], row["group_b"]} == pair
        ]  # fmt: skip
        name = f"{item.frame}: {item.groups[0]} against {item.groups[1]}"
        if not rows or pd.isna(rows[0]["estimate"]):
            states[item.key] = "missing"
            if before.get(item.key) != "missing":
                said.append(f"{name}: the report has no such difference")
            continue
        row = rows[0]
        sign = 1 if row["group_a"] == item.groups[0] else -1
        value, low, high = (100 * sign * row[key] for key in ("estimate", "low", "high"))
        states[item.key] = state = "above" if abs(row["estimate"]) > item.above else "below"
        if before.get(item.key, "below") != state:
            low, high = min(low, high), max(low, high)
            said.append(
                f"{name}: {value:+.1f} points ({low:+.1f} to {high:+.1f}), now {state} {100 * item.above:g} points"
            )
    return states, said


def send_alert(rule: AlertRule, subject: str, facts: dict[str, Any], *, say: Callable[[str], None]) -> int:
    """How many of the ways asked for were used. What cannot be sent is said and stops nothing; no secret is said."""
    sent = 0
    if rule.webhook:
        sent += _try("webhook", lambda: _post({"subject": subject, **facts}), say)
    if rule.email:
        sent += _try("e-mail", lambda: _mail(rule.email, subject, facts), say)
    return sent


def _try(kind: str, send: Callable[[], None], say: Callable[[str], None]) -> int:
    try:
        send()
    except _NotSetError as error:
        say(f"alert not sent by {kind}: {error}")
        return 0
    except Exception as error:  # its text may hold the address with its password
        say(f"alert not sent by {kind}: {type(error).__name__}")
        return 0
    return 1


class _NotSetError(FramingError):
    """What an alert needs is not set, or not as it must be."""


def _setting(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise _NotSetError(f"the environment variable {name} is not set")
    return value


def _post(content: dict[str, Any]) -> None:
    import httpx

    httpx.post(_setting(WEBHOOK), json=content, timeout=_SECONDS).raise_for_status()


def _mail(to: tuple[str, ...], subject: str, facts: dict[str, Any]) -> None:
    address = urlsplit(_setting(SMTP))
    if address.scheme not in _PORTS or not address.hostname:
        raise _NotSetError(f"{SMTP} must be smtps://user:password@host:port or smtp://…")
    message = EmailMessage()
    message["Subject"] = " ".join(subject.split())[:200]
    message["From"], message["To"] = _setting(SENDER), ", ".join(to)
    lines = [str(facts.get("message", "")), *map(str, facts.get("crossed", ()))]
    message.set_content("\n".join(line for line in lines if line) + f"\n\n{json.dumps(facts, indent=1, default=str)}\n")
    port = address.port or _PORTS[address.scheme]
    kind = smtplib.SMTP_SSL if address.scheme == "smtps" else smtplib.SMTP
    with kind(address.hostname, port, timeout=_SECONDS) as server:
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls()
            server.ehlo()
        elif address.scheme == "smtp" and address.username:
            raise _NotSetError("the server offers no STARTTLS, so the password was not sent; use smtps://")
        if address.username:
            server.login(unquote(address.username), unquote(address.password or ""))
        server.send_message(message)
