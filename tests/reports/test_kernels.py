"""Kernels that are copies of a prepared process: each begins clean, and none outlives its report."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys

import pytest

from framing.errors import RunError
from framing.reports.kernels import ForkedProcess, can_fork, open_kernels
from framing.reports.notebooks import run_notebook
from framing.settings import Settings
from tests.reports.report_files import write_notebook

pytestmark = [pytest.mark.kernel, pytest.mark.skipif(not can_fork(), reason="this system cannot copy a process safely")]
HEAD = "corpus = 'a'\ncodebook = 'b'"
SETTINGS = Settings(corpus="a", codebook="b")
STATE = """import os, sys, numpy, framing
before = (hasattr(framing, 'touched'), numpy.random.random(), os.environ.get('TOUCHED'), 'torch' in sys.modules)
framing.touched, os.environ['TOUCHED'] = True, '1'
print(*before, os.getppid())"""


def test_each_kernel_begins_in_the_same_state_and_the_others_outlive_one_that_is_killed(tmp_path):
    state = write_notebook(tmp_path / "state.ipynb", HEAD, STATE)
    killed = write_notebook(tmp_path / "killed.ipynb", HEAD, "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")
    with open_kernels() as kernels:
        first = run_notebook(state, SETTINGS, tmp_path, kernels=kernels).cells[-1].outputs
        with pytest.raises(RunError, match=r"could not be run: Kernel died The earlier report stays\."):
            run_notebook(killed, SETTINGS, tmp_path, kernels=kernels)
        second = run_notebook(state, SETTINGS, tmp_path, kernels=kernels).cells[-1].outputs
    assert first == second
    touched, _, variable, torch, parent = first[0]["text"].split()
    assert (touched, variable, torch) == ("False", "None", "False")
    assert int(parent) != os.getpid(), "it is a copy of the prepared process"


RUNNING = """
import asyncio, os, signal, sys
from pathlib import Path
from framing.reports.kernels import open_kernels
from framing.reports.notebooks import run_notebook
from framing.settings import Settings
signal.signal(signal.SIGINT, signal.default_int_handler)  # what a shell starts behind an & ignores it
with open_kernels() as kernels:
    run_notebook(Path(sys.argv[1]), Settings(corpus="a", codebook="b"), Path(sys.argv[2]), kernels=kernels)
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_kernel_ends_with_the_report_however_that_ends(tmp_path, number):
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    source = f"import os, time\nstream = open({str(fifo)!r}, 'w')\nprint(os.getpid(), file=stream, flush=True)"
    path = write_notebook(tmp_path / "long.ipynb", HEAD, f"{source}\ntime.sleep(600)")
    report = subprocess.Popen([sys.executable, "-c", RUNNING, str(path), str(tmp_path)], stderr=subprocess.DEVNULL)
    with fifo.open(encoding="utf-8") as stream:
        pid = int(stream.readline())
        kernel = os.pidfd_open(pid)
        report.send_signal(number)
        report.wait(timeout=60)
        assert select.select([kernel], [], [], 60)[0], "the kernel lives on"
        os.close(kernel)


def test_a_process_that_has_ended_is_known_by_its_descriptor():
    child = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
    process = ForkedProcess(child.pid, os.pidfd_open(child.pid))
    assert process.poll() is None
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(timeout=0)
    process.kill()
    assert process.wait(timeout=60) == 1
    process.terminate()  # which finds nothing
    child.communicate()
