"""Calls in another process end within their time and memory, and the next one is answered."""

from __future__ import annotations

import asyncio
import logging
import operator
import os
import sys
import time

import pytest

from framing.fetch.addresses import RefusedError
from framing.fetch.limited_process import LimitedProcess


@pytest.fixture
def process():
    process = LimitedProcess(seconds=1, megabytes=2000)
    yield process
    process.close()


def call(process: LimitedProcess, function, *arguments):
    return asyncio.run(process.run(function, *arguments))


def test_results_and_errors_come_back(process):
    assert call(process, operator.add, b"a", b"b") == b"ab"
    with pytest.raises(RefusedError, match="not readable: ZeroDivisionError: division by zero"):
        call(process, operator.truediv, 1, 0)
    assert call(process, os.getpid) not in (0, os.getpid())


def test_what_a_library_prints_is_no_answer(process):
    assert call(process, print, "noise") is None
    call(process, logging.warning, "noise")
    assert call(process, operator.add, 1, 2) == 3


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="needs limits of the system")
def test_too_much_time_and_memory_end_the_call_alone(process):
    for function, arguments, reason in (
        (sum, (range(10**12),), "reading it took more than 1 seconds"),
        (time.sleep, (60,), "reading it took more than 1 seconds"),
        (operator.mul, (b"a", 4 * 10**9), "reading it took more than 2000 MB of memory"),
        (os._exit, (3,), r"reading it ended the reader \(status 3\)"),
    ):
        with pytest.raises(RefusedError, match=reason):
            call(process, function, *arguments)
        assert call(process, operator.add, 1, 2) == 3
