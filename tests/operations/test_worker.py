"""One report in a process of its own: the reason of a failure, the deadline, the environment."""

from __future__ import annotations

import os
import select

import pytest

from framing.errors import InputError, RunError
from framing.operations.worker import find_log_folder, run_worker
from framing.reports.plan import read_plan


@pytest.mark.slow
def test_the_worker_gives_the_reason_and_the_kind_of_a_failure(scheduled):
    with pytest.raises(InputError, match="There is no codebook 'gone'"):
        run_worker(read_plan("weekly"))
    assert [path.name.startswith("weekly-") for path in find_log_folder().iterdir()] == [True]


def test_the_worker_says_that_a_run_was_killed(stub_program):
    stub_program("echo Running 03_outlets …\nkill -9 $$")
    with pytest.raises(RunError, match=r"SIGKILL \(out of memory\?\).*The last line of its log: Running 03_outlets"):
        run_worker(read_plan("weekly"))


def test_a_run_over_its_deadline_is_ended_with_all_that_it_started(stub_program, scheduled):
    os.mkfifo(scheduled / "alive")
    reader = os.open(scheduled / "alive", os.O_RDONLY | os.O_NONBLOCK)
    stub_program(f"sleep 600 3> {scheduled}/alive &\nwait")
    plan = read_plan("weekly").model_copy(update={"deadline_minutes": 0.02})
    with pytest.raises(RunError, match=r"took longer than 0\.02 minutes and was ended"):
        run_worker(plan)
    ended, _, _ = select.select([reader], [], [], 20)  # the pipe is at its end once no process holds it open
    assert ended == [reader]
    assert os.read(reader, 1) == b""
    os.close(reader)


def test_a_report_is_made_without_the_secrets_of_alerts(stub_program, monkeypatch):
    monkeypatch.setenv("FRAMING_WEBHOOK_URL", "https://hooks.example/token-5f1e")
    monkeypatch.setenv("FRAMING_SMTP_URL", "smtps://user:token-5f1e@mail.example")
    monkeypatch.setenv("FRAMING_MAIL_FROM", "reports@paper.example")
    stub_program("env")
    run_worker(read_plan("weekly"))
    log = "".join(path.read_text(encoding="utf-8") for path in find_log_folder().iterdir())
    assert "FRAMING_MAIL_FROM=reports@paper.example" in log
    assert "token-5f1e" not in log
