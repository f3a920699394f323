"""Alerts to people: a scheduled run failed, or a watched difference crossed its limit."""

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
from framing.reports.plan import AlertRule, Watch
from framing.steps import Say

__all__ = ["SECRETS", "check_watches", "send_alert"]

WEBHOOK = "FRAMING_WEBHOOK_URL"
SMTP = "FRAMING_SMTP_URL"
SENDER = "FRAMING_MAIL_FROM"
SECRETS = (WEBHOOK, SMTP)  # read from the environment alone, and withheld from the processes that make reports
_SECONDS = 20  # that a server may take to answer
_PORTS = {"smtp": 587, "smtps": 465}


class _UnsetError(FramingError):
    """A variable that an alert needs is not set, or has the wrong form."""


def check_watches(rule: AlertRule, folder: Path, before: dict[str, str]) -> tuple[dict[str, str], list[str]]:
    """Compare the watched differences of a report with their limits.

    Parameters
    ----------
    rule : AlertRule
        Holds the watches.
    folder : Path
        Folder of the report.
    before : dict of str to str
        State of each watch after the last run, by `Watch.key`; empty at first.

    Returns
    -------
    states : dict of str to str
        State of each watch now: `above` or `below` its limit in size, whichever group is ahead; `missing` if the report
        has no such difference.
    crossings : list of str
        A sentence for each watch whose state changed; at first, for each that is not `below`. A difference that goes
        missing is among them, so that a renamed frame does not silence its alert.
    """
    path = folder / "tables" / "contrasts.parquet"
    contrasts = pd.read_parquet(path).to_dict("records") if path.is_file() else []
    states, crossings = {}, []
    for watch in rule.watch:
        row = _find_contrast(contrasts, watch)
        states[watch.key] = state = _read_state(row, watch)
        if before.get(watch.key, "below") != state:
            crossings.append(_describe_crossing(row, watch, state))
    return states, crossings


def _find_contrast(contrasts: list[dict[Any, Any]], watch: Watch) -> dict[Any, Any] | None:
    """The row of a watched difference, in whichever order it names the groups; None if it is not estimated."""
    for row in contrasts:
        if row["frame"] == watch.frame and {row["group_a"], row["group_b"]} == set(watch.groups):
            return None if pd.isna(row["estimate"]) else row
    return None


def _read_state(row: dict[Any, Any] | None, watch: Watch) -> str:
    if row is None:
        return "missing"
    return "above" if abs(row["estimate"]) > watch.above else "below"


def _describe_crossing(row: dict[Any, Any] | None, watch: Watch, state: str) -> str:
    first, second = watch.groups
    name = f"{watch.frame}: {first} against {second}"
    if row is None:
        return f"{name}: the report has no such difference"
    sign = 1 if row["group_a"] == first else -1
    value, *bounds = (100 * sign * row[key] for key in ("estimate", "low", "high"))
    interval = f"{min(bounds):+.1f} to {max(bounds):+.1f}"
    return f"{name}: {value:+.1f} points ({interval}), now {state} {100 * watch.above:g} points"


def send_alert(rule: AlertRule, subject: str, facts: dict[str, Any], *, say: Say) -> int:
    """Send an alert to the web hook and the addresses of a rule.

    Parameters
    ----------
    rule : AlertRule
        Names the recipients.
    subject : str
        Subject in words.
    facts : dict of str to Any
        What happened; sent as JSON.
    say : callable
        Called with a line for each way that failed. A failure raises nothing, and no line holds a secret.

    Returns
    -------
    int
        Number of ways in which the alert was sent, from 0 to 2.
    """
    n_sent = 0
    if rule.webhook:
        n_sent += _try_sending("webhook", lambda: _post({"subject": subject, **facts}), say)
    if rule.email:
        n_sent += _try_sending("e-mail", lambda: _mail(rule.email, subject, facts), say)
    return n_sent


def _try_sending(kind: str, send: Callable[[], None], say: Say) -> bool:
    """Whether it was sent."""
    try:
        send()
    except _UnsetError as error:
        say(f"alert not sent by {kind}: {error}")
        return False
    except Exception as error:  # its text may hold the address with its password
        say(f"alert not sent by {kind}: {type(error).__name__}")
        return False
    return True


def _read_variable(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise _UnsetError(f"the environment variable {name} is not set")
    return value


def _post(content: dict[str, Any]) -> None:
    import httpx

    httpx.post(_read_variable(WEBHOOK), json=content, timeout=_SECONDS).raise_for_status()


def _mail(to: tuple[str, ...], subject: str, facts: dict[str, Any]) -> None:
    address = urlsplit(_read_variable(SMTP))
    if address.scheme not in _PORTS or not address.hostname:
        raise _UnsetError(f"{SMTP} must be smtps://user:password@host:port or smtp://…")
    message = EmailMessage()
    message["Subject"] = " ".join(subject.split())[:200]
    message["From"], message["To"] = _read_variable(SENDER), ", ".join(to)
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
            raise _UnsetError("the server offers no STARTTLS, so the password was not sent; use smtps://")
        if address.username:
            server.login(unquote(address.username), unquote(address.password or ""))
        server.send_message(message)
