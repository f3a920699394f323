"""Alerts reach a real web server and a real mail server, cross limits once, and tell no secret."""

from __future__ import annotations

import json
import os
import socketserver
import threading
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from framing.errors import RunError
from framing.operations.alerts import check_watches, send_alert
from framing.operations.due import run_due
from framing.reports.plan import AlertRule

SECRET = "token-5f1e"


@pytest.fixture
def inbox(monkeypatch):
    """What a web hook and a mail server received; both on this machine."""
    received: dict[str, list[str]] = {"posts": [], "mails": []}

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self):
            received["posts"].append(self.path + " " + self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    class Mail(socketserver.StreamRequestHandler):
        def handle(self):
            self.wfile.write(b"220 local\r\n")
            while line := self.rfile.readline():
                if line.upper().startswith(b"DATA"):
                    self.wfile.write(b"354 go\r\n")
                    lines = []
                    while (part := self.rfile.readline()) != b".\r\n":
                        lines.append(part)
                    received["mails"].append(b"".join(lines).decode())
                self.wfile.write(b"250 ok\r\n" if not line.upper().startswith(b"QUIT") else b"221 bye\r\n")

    servers = [ThreadingHTTPServer(("127.0.0.1", 0), Hook), socketserver.ThreadingTCPServer(("127.0.0.1", 0), Mail)]
    for server in servers:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    monkeypatch.setenv("FRAMING_WEBHOOK_URL", f"http://127.0.0.1:{servers[0].server_address[1]}/{SECRET}")
    monkeypatch.setenv("FRAMING_SMTP_URL", f"smtp://127.0.0.1:{servers[1].server_address[1]}")
    monkeypatch.setenv("FRAMING_MAIL_FROM", "reports@paper.example")
    yield received
    for server in servers:
        server.shutdown()
        server.server_close()


def _with_alerts(project, alerts: str) -> None:
    path = project / "reports" / "weekly.yaml"
    path.write_text(path.read_text(encoding="utf-8") + f"alerts: {alerts}\n", encoding="utf-8")


def test_a_failure_is_told_once_a_slot_by_web_hook_and_mail(scheduled, inbox):
    _with_alerts(scheduled, "{webhook: true, email: [a@group.example, b@group.example]}")

    def fail(plan):
        raise RunError("the kernel died")

    for hour in (7, 8):
        run_due(now=datetime(2026, 3, 2, hour, tzinfo=ZoneInfo("Europe/Berlin")), make=fail)
    assert len(inbox["posts"]) == len(inbox["mails"]) == 1
    posted = json.loads(inbox["posts"][0].split(" ", 1)[1])
    assert (posted["report"], posted["result"], posted["message"]) == ("weekly", "failed", "the kernel died")
    assert "To: a@group.example, b@group.example" in inbox["mails"][0]
    assert "Subject: Weekly: the run failed" in inbox["mails"][0]
    files = "".join(path.read_text(errors="replace") for path in (scheduled / "reports").rglob("*") if path.is_file())
    assert SECRET not in files


def test_a_watched_difference_is_told_when_it_crosses_and_not_while_it_stays(scheduled, inbox):
    _with_alerts(scheduled, "{webhook: true, watch: [{frame: blame, groups: [A, B], above: 0.2}]}")
    tables = scheduled / "reports" / "weekly" / "tables"
    tables.mkdir(parents=True)

    def make(value):
        def put(plan):
            row = {"frame": "blame", "group_a": "B", "group_b": "A", "estimate": value}
            pd.DataFrame([{**row, "low": value - 0.1, "high": value + 0.1}]).to_parquet(tables / "contrasts.parquet")

        return put

    crossed = []
    for week, value in enumerate([-0.1, -0.3, -0.35, 0.3, 0.05]):
        now = datetime(2026, 3, 2 + 7 * min(week, 3), 7, tzinfo=ZoneInfo("Europe/Berlin"))
        now = now if week < 4 else datetime(2026, 3, 30, 7, tzinfo=ZoneInfo("Europe/Berlin"))
        crossed.append(list(run_due(now=now, make=make(value))[0].crossed))
    assert crossed == [
        [], ["blame: A against B: +30.0 points (+20.0 to +40.0), now above 20 points"], [], [],
        ["blame: A against B: -5.0 points (-15.0 to +5.0), now below 20 points"],
    ]  # fmt: skip
    assert len(inbox["posts"]) == 2


def test_a_difference_that_is_no_longer_there_is_told_once(tmp_path):
    rule = AlertRule.model_validate({"watch": [{"frame": "blame", "groups": ["A", "B"], "above": 0.2}]})
    states, crossings = check_watches(rule, tmp_path, {})
    assert crossings == ["blame: A against B: the report has no such difference"]
    assert check_watches(rule, tmp_path, states)[1] == []


@pytest.mark.parametrize(
    ("variable", "value", "line"),
    [
        ("FRAMING_WEBHOOK_URL", f"http://127.0.0.1:1/{SECRET}", "alert not sent by webhook: ConnectError"),
        (
            "FRAMING_WEBHOOK_URL",
            "",
            "alert not sent by webhook: the environment variable FRAMING_WEBHOOK",
        ),
        ("FRAMING_SMTP_URL", f"smtp://user:{SECRET}@127.0.0.1:1", "alert not sent by e-mail: ConnectionRefusedError"),
        ("FRAMING_SMTP_URL", f"gopher://{SECRET}", "alert not sent by e-mail: FRAMING_SMTP_URL must be smtps://"),
    ],
)
def test_what_cannot_be_sent_is_said_without_its_secret(inbox, monkeypatch, variable, value, line):
    monkeypatch.setenv(variable, value)
    rule = AlertRule(webhook="WEBHOOK" in variable, email=() if "WEBHOOK" in variable else ("a@group.example",))
    lines: list[str] = []
    assert send_alert(rule, "Subject", {"message": "m"}, say=lines.append) == 0
    assert lines[0].startswith(line)
    assert SECRET not in lines[0]


def test_a_password_is_not_sent_over_a_line_that_is_open(inbox, monkeypatch):
    monkeypatch.setenv("FRAMING_SMTP_URL", os.environ["FRAMING_SMTP_URL"].replace("//", f"//user:{SECRET}@"))
    lines: list[str] = []
    assert send_alert(AlertRule(email=("a@group.example",)), "S", {}, say=lines.append) == 0
    assert "the password was not sent" in lines[0]
    assert inbox["mails"] == []
