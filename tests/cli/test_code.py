"""`framing code`: the screen as a program, exchange of files, and what the next codebook changes."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys

import httpx
import pytest

from framing.code_screen.draws import open_draw
from framing.codebook import read_codebook
from tests.cli.outcomes import read, refused
from tests.code_screen.draws import ask, code_all, save
from tests.tiny import codebook_file


@pytest.fixture
def tiny(tmp_path):
    return codebook_file(tmp_path, multi_label=True)


def code_both(design):
    draw = open_draw(design)
    code_all(draw, "anna", lambda *_: (["war"], {"remark": "Is that war?"}))
    code_all(draw, "ben", lambda _, text: ["war"] if "Missiles" in text else ["trade"])
    return draw


def test_the_screen_is_served_until_it_is_ended_and_a_second_is_refused(framing, design):
    command = [sys.executable, "-m", "framing", "code", str(design), "--coder", "anna", "--no-browser"]
    started = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        address = started.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?key=[\w-]{43}", address)
        base = address.split("/?")[0]
        with httpx.Client(base_url=base, headers={"Origin": base, "X-Framing": "screen"}) as client:
            client.get(address)
            start = client.post("/ask", json={"do": "open", "tab": "a-tab-of-tests"}).json()
            assert len(start["items"]) == 12
            assert " was day " in start["passage"]["text"]
            marks = {"frames": ["war"], "none": False, "unsure": False, "remark": "", "spans": [], "seconds": 1.0}
            message = {"do": "save", "tab": "a-tab-of-tests", "index": 0, "show": 1, "marks": marks}
            assert client.post("/ask", json=message).json()["n_coded"] == 1
        refused(framing("code", design, "--coder", "anna", "--no-browser"), "of anna is open already", code=75)
        started.send_signal(signal.SIGINT)
        _, err = started.communicate(timeout=20)
    finally:
        started.kill()
    assert started.returncode == 0, err
    assert "0 of 12 coded;" in err
    assert err.endswith("1 of 12 coded\n")


def test_decisions_go_to_gold_with_sheets_and_settled_labels(framing, design, tiny, tmp_path):
    draw = code_both(design)
    ended = framing("code", design, "--coder", "ben", "--export", tmp_path / "ben.csv")
    assert (ended.code, ended.out) == (0, f"{tmp_path / 'ben.csv'}\n")
    options = ["--design", design, "--codebook", tiny]
    ended = framing("gold", draw.place("anna"), tmp_path / "ben.csv", *options, "--output", tmp_path / "gold.csv")
    assert ended.code == 0, ended.err
    assert "anna.sqlite: 12 rows in = 12 kept + 0 refused" in ended.err
    notes = read(tmp_path / "gold.notes.csv")
    assert set(notes["notes"][notes["coder"] == "anna"]) == {"Is that war?"}

    from framing.code_screen.settling import SettlingScreen

    screen = SettlingScreen(draw)
    n = screen.n_passages
    ask(screen, "open")
    for index in range(n):
        save(screen, index, "war", "trade", show=0)
    screen.close()
    ended = framing("gold", *sorted((design / "coded").glob("*.sqlite")), *options, "--output", tmp_path / "all.csv")
    assert ended.code == 0, ended.err
    assert f"adjudicated {n}" in ended.err
    assert "settled.sqlite: labels that were settled" in ended.err
    assert (read(tmp_path / "all.csv")["frames"] == "war;trade").sum() == n > 0
    exported = tmp_path / "settled.csv"
    framing("code", design, "--settle", "--export", exported)
    files = [draw.place("anna"), draw.place("ben"), exported]
    ended = framing("gold", *files, *options, "--output", tmp_path / "same.csv")
    assert f"adjudicated {n}" in ended.err
    assert (tmp_path / "same.csv").read_bytes() == (tmp_path / "all.csv").read_bytes()


def test_files_are_taken_over_with_their_counts(framing, design, tmp_path):
    draw = code_both(design)
    path = tmp_path / "anna.csv"
    framing("code", design, "--coder", "anna", "--export", path)
    draw.place("anna").unlink()
    path.write_text(path.read_text(encoding="utf-8-sig").replace("war", "wer", 1), encoding="utf-8")
    ended = framing("code", design, "--import", path)
    assert ended.code == 0, ended.err
    assert "12 decisions of anna = 11 taken over + 0 known + 1 refused" in ended.err
    assert "refused: anna.csv, line 2: unknown frame 'wer'" in ended.err


def test_the_next_codebook_is_drafted_and_what_it_changes_listed(framing, design, tmp_path):
    code_both(design)
    draft = tmp_path / "next.yaml"
    ended = framing("code", design, "--draft", draft)
    assert (ended.code, ended.out) == (0, f"{draft}\n"), ended.err
    assert "Is that war?" in draft.read_text(encoding="utf-8")
    assert read_codebook(draft).version == "1.1.0"
    refused(framing("code", design, "--draft", draft), "expected a new file")
    refused(framing("code", design, "--changed", draft, "--output", tmp_path / "again.csv"), "has the same rules")
    text = draft.read_text(encoding="utf-8").replace("Passages about trade.", "Passages about prices.")
    draft.write_text(text, encoding="utf-8")
    ended = framing("code", design, "--changed", draft, "--output", tmp_path / "again.csv")
    assert ended.code == 0, ended.err
    table = read(tmp_path / "again.csv")
    assert len(table) == int(re.search(r"(\d+) of 12 passages are touched", ended.err).group(1)) > 0
    assert set(table["frames"]) == {"trade"}


def test_options_that_do_not_go_together_are_refused(framing, design, tmp_path):
    refused(framing("code", design), "--coder: expected one of the coders of this draw, anna, ben; got none")
    refused(framing("code", design, "--settle"), "settling needs the decisions of two coders, and nobody has any here")
    refused(framing("code", design, "--settle", "--coder", "anna"), "leave out --coder")
    refused(framing("code", design, "--draft", "a.yaml", "--export", "b.csv"), "Give one of")
    refused(framing("code", design, "--changed", "a.yaml"), "--changed and --output go together")
    refused(framing("code", tmp_path, "--coder", "anna"), "holds neither design.json nor screen.json")


def test_coders_who_agree_have_nothing_to_settle(framing, design):
    draw = open_draw(design)
    for coder in ("anna", "ben"):
        code_all(draw, coder, lambda *_: ["war"])
    ended = framing("code", design, "--settle")
    assert (ended.code, ended.out, ended.err) == (0, "", "the coders differ nowhere: there is nothing to settle\n")


def test_the_address_is_given_to_the_browser(design, tmp_path):
    """The browser notes the address and ends the program as Ctrl+C does."""
    opened, browser = tmp_path / "opened", tmp_path / "browser.py"
    browser.write_text(
        f"import os, signal, sys\nopen({str(opened)!r}, 'w').write(sys.argv[1])\nos.kill(os.getppid(), signal.SIGINT)\n"
    )
    command = [sys.executable, "-m", "framing", "code", str(design), "--coder", "anna"]
    environment = os.environ | {"BROWSER": f"{sys.executable} {browser} %s"}
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 0, ended.stderr
    address = opened.read_text()
    assert address.split("key=")[0] == ended.stdout.split("key=")[0]
    assert address != ended.stdout.strip()  # others can read command lines: this one works once
