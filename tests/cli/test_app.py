"""The command line as a whole: its help, its start, how errors leave it."""

from __future__ import annotations

import errno
import os
import re
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from framing.errors import InputError, LockedError
from framing.files import cache
from tests.cli.outcomes import refused
from tests.conftest import Ended

HEAVY = ("torch", "sentence_transformers", "transformers", "pandas", "sklearn", "scipy")


MAIN = "import sys; sys.argv = {!r}; from framing.cli import main; main()"


@pytest.mark.parametrize(
    ("code", "heavy"),
    [
        ("import framing, framing.cli", HEAVY),
        (MAIN.format(["framing", "--help"]), HEAVY),
        (MAIN.format(["framing", "corpus", "--help"]), HEAVY),
        (MAIN.format(["framing", "classify", "--help"]), HEAVY[:3]),
        (MAIN.format(["framing", "classify", "x", "--codebook", "y", "--output", "z.txt"]), HEAVY[:3]),
    ],
    ids=["import", "help", "help-of-a-section", "help-of-a-command", "wrong-output"],
)
def test_start_loads_no_heavy_library(code, heavy):
    watch = "import atexit, sys; "
    watch += f"atexit.register(lambda: print('LOADED', [name for name in {heavy!r} if name in sys.modules]))"
    done = subprocess.run([sys.executable, "-c", f"{watch}\n{code}"], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1] == "LOADED []", done.stderr


def test_help_names_every_command(framing):
    ended = framing("--help")
    assert ended.code == 0
    for command in ("report", "classify", "evaluate", "codebook", "corpus", "encoder"):
        assert re.search(rf"\b{command}\b", ended.out)
    assert re.search(r"Commands ─+╮\n│ (\w+)", ended.out)[1] == "report"


def test_version(framing):
    import framing as package

    assert framing("--version") == Ended(0, f"framing {package.__version__}\n", "")


def test_unknown_command_and_missing_option_are_the_users(framing):
    ended = framing("classfy")
    assert ended.code == 2
    assert "No such command 'classfy'" in ended.err
    ended = framing("classify", "rows.csv")
    assert ended.code == 2
    assert "Missing option '--codebook'" in ended.err


@pytest.fixture
def fails(monkeypatch):
    """Makes `framing corpus check` fail with an error of ours or of Python."""

    def with_error(error: BaseException) -> None:
        def read(*_, **__):
            raise error

        monkeypatch.setattr("framing.cli.corpus.read_corpus", read)

    return with_error


def test_fault_of_ours_says_so(framing, fails):
    fails(RuntimeError("a cable\n   was loose"))
    refused(
        framing("corpus", "check", "."),
        r"our fault: RuntimeError: a cable was loose \(run again with --debug",
        code=1,
    )


def test_debug_shows_the_traceback_and_keeps_the_code(framing, fails):
    for error, code in [(InputError("no file"), 2), (LockedError("busy"), 75), (RuntimeError("loose"), 1)]:
        fails(error)
        ended = framing("--debug", "corpus", "check", ".")
        assert ended.code == code
        assert "Traceback (most recent call last)" in ended.err
        assert "raise error" in ended.err
        assert ended.err.splitlines()[-1].startswith("framing: ")
        assert framing("corpus", "check", ".", "--debug").code == code


def test_interrupt_ends_with_130(framing, fails):
    fails(KeyboardInterrupt())
    ended = framing("corpus", "check", ".")
    assert ended.code == 130
    assert "Traceback" not in ended.err


@pytest.mark.slow
def test_script_ends_with_the_code_and_one_paragraph(tmp_path):
    script = Path(sys.executable).with_name("framing")
    if not script.is_file():
        pytest.skip("the package is not installed as a script here")
    environment = {**os.environ, "FRAMING_PROJECT": str(tmp_path)}
    done = subprocess.run([script, "report", "nosuch"], capture_output=True, text=True, check=False, env=environment)
    refused(
        Ended(done.returncode, done.stdout, done.stderr),
        r"There is no report 'nosuch' in reports/\. There are: none\.",
    )


@pytest.mark.slow
def test_closed_pipe_is_no_fault(root):
    command = [sys.executable, "-m", "framing", "corpus", "check", "corpora/deep-strike"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=root) as process:
        process.stdout.close()  # as `| head` does
        assert process.stderr.read() == ""
    assert process.returncode == 1


def test_a_command_that_is_told_to_end_says_so_and_puts_away_what_it_holds(tmp_path):
    """As a timer ends a run: the staging folder is gone, the exit code is the signal's."""
    code = (
        "import os, signal, sys\nfrom pathlib import Path\nimport framing.cli\ndoor = sys.modules['framing.cli.app']\n"
        "from framing.reports.publish import stage\n"
        "def work(**_):\n"
        "    with stage(Path(sys.argv[1]) / 'report'):\n"
        "        os.kill(os.getpid(), signal.SIGTERM)\n"
        "        signal.pause()\n"
        "door.app = work\ndoor.main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 143
    assert done.stderr == "framing: ended by SIGTERM; what was there before is untouched\n"
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_said_to_be_full(framing, monkeypatch):
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("framing.cli.report.make_report", full)
    ended = framing("report", "sample")
    assert ended.code == 1
    assert ended.err == "framing: the disk is full; what was there before is untouched. Make room and run again.\n"


def test_a_warning_is_one_paragraph_and_that_of_another_library_as_python_writes_it(framing, monkeypatch, tmp_path):
    def read(*_, **__):
        warnings.warn_explicit("The store\nis damaged.", UserWarning, cache.__file__, 7)
        warnings.warn_explicit("be careful", UserWarning, str(tmp_path / "other.py"), 7)
        raise InputError("expected a folder.")

    monkeypatch.setattr("framing.cli.corpus.read_corpus", read)
    before = warnings.showwarning
    ended = framing("corpus", "check", ".")
    lines = ended.err.splitlines()
    assert lines[0] == "framing: The store is damaged."
    assert lines[1].endswith("other.py:7: UserWarning: be careful")
    assert lines[-1] == "framing: expected a folder."
    assert warnings.showwarning is before
