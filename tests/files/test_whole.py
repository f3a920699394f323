"""Files and folders are there whole or as they were, and what writes them leaves nothing behind."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from framing.corpus.rows import read_passages
from framing.errors import InputError, LockedError
from framing.files.spreadsheets import write_csv
from framing.files.whole import (
    check_output,
    find_leftovers,
    hold_lock,
    replace_folder,
    temporary_folder,
    whole_file,
    whole_folder,
    write_table,
    write_whole,
)


def names(folder: Path) -> list[str]:
    return sorted(item.name for item in folder.iterdir())


def test_a_file_appears_when_it_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "table.txt"
    with whole_file(path) as work:
        work.write_text("half", encoding="utf-8")
        assert not path.exists()
        work.write_text("half and half", encoding="utf-8")
    assert path.read_text(encoding="utf-8") == "half and half"
    assert path.stat().st_mode & 0o777 == 0o644
    assert names(tmp_path) == ["table.txt"]


@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_an_interrupted_file_leaves_the_old_one(tmp_path: Path, fault: BaseException) -> None:
    path = tmp_path / "table.txt"
    path.write_text("old", encoding="utf-8")

    def write() -> None:
        with whole_file(path) as work:
            work.write_text("new", encoding="utf-8")
            raise fault

    with pytest.raises(type(fault)):
        write()
    assert path.read_text(encoding="utf-8") == "old"
    assert names(tmp_path) == ["table.txt"]


def test_bytes_and_pieces_of_text_are_written(tmp_path: Path) -> None:
    write_whole(tmp_path / "bytes", b"\x00\xff")
    write_whole(tmp_path / "text", (piece for piece in ("é", "\n", "b")))
    assert (tmp_path / "bytes").read_bytes() == b"\x00\xff"
    assert (tmp_path / "text").read_bytes() == b"\xc3\xa9\nb"


def test_pieces_that_fail_leave_the_old_text(tmp_path: Path) -> None:
    path = tmp_path / "text"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(ZeroDivisionError):
        write_whole(path, (str(1 // number) for number in (1, 0)))
    assert path.read_text(encoding="utf-8") == "old"
    assert names(tmp_path) == ["text"]


def test_who_reads_while_it_is_replaced_reads_the_old_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    write_csv(pd.DataFrame({"n": [1, 2, 3]}), path)
    before = path.read_text(encoding="utf-8")
    with path.open(encoding="utf-8") as stream:
        write_csv(pd.DataFrame({"n": [4]}), path)
        assert stream.read() == before
    assert path.read_text(encoding="utf-8") == '"n"\n4\n'


def test_a_folder_appears_when_it_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "sheets"
    with whole_folder(path) as work:
        (work / "deep").mkdir()
        (work / "deep" / "a.txt").write_text("a", encoding="utf-8")
        assert not path.exists()
    assert (path / "deep" / "a.txt").read_text(encoding="utf-8") == "a"
    assert path.stat().st_mode & 0o777 == 0o755
    assert names(tmp_path) == ["sheets"]


def test_a_folder_takes_the_place_of_an_empty_one_only(tmp_path: Path) -> None:
    path = tmp_path / "sheets"
    path.mkdir()
    with whole_folder(path) as work:
        (work / "a.txt").write_text("a", encoding="utf-8")
    with pytest.raises(OSError, match="not empty"), whole_folder(path) as work:
        (work / "b.txt").write_text("b", encoding="utf-8")
    assert names(path) == ["a.txt"]
    assert names(tmp_path) == ["sheets"]


def test_an_interrupted_folder_is_removed(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), whole_folder(tmp_path / "sheets") as work:
        (work / "none" / "a.txt").write_text("a", encoding="utf-8")
    assert names(tmp_path) == []


def test_a_replaced_folder_gets_the_name_given(tmp_path: Path) -> None:
    path, old = tmp_path / "report", tmp_path / "report.old"
    for number in (1, 2):
        with temporary_folder(path) as work:
            (work / "index.html").write_text(f"page {number}", encoding="utf-8")
            replace_folder(work, path, old=old)
        assert (path / "index.html").read_text(encoding="utf-8") == f"page {number}"
    assert (old / "index.html").read_text(encoding="utf-8") == "page 1"
    assert names(tmp_path) == ["report", "report.old"]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs a signal that cannot be caught")
def test_a_killed_writer_leaves_the_old_file_and_a_hidden_one(tmp_path: Path) -> None:
    path = tmp_path / "table.txt"
    path.write_text("old", encoding="utf-8")
    code = (
        "import sys, pathlib\n"
        "from framing.files.whole import check_output, write_table, whole_file\n"
        "with whole_file(pathlib.Path(sys.argv[1])) as work:\n"
        "    work.write_text('half')\n"
        "    print('written', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", code, str(path)], stdin=pipe, stdout=pipe, text=True) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "written\n"
        os.kill(writer.pid, signal.SIGKILL)
    assert path.read_text(encoding="utf-8") == "old"
    (left,) = find_leftovers(path)
    assert left.read_text(encoding="utf-8") == "half"
    assert find_leftovers(tmp_path / "table") == []


# tables


TABLE = pd.DataFrame(
    {
        "passage_id": ["007", "1e5"],
        "outlet": ["NA", "The Beacon"],
        "published": pd.to_datetime(["2025-07-05 12:30", None]),
        "text": ['He said: "no",\nthen left. 😀', "Größe; null"],
        "score": [0.25, 1.0],
    }
)


@pytest.mark.parametrize("ending", [".csv", ".jsonl", ".parquet"])
def test_a_written_table_reads_back(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"out{ending}"
    write_table(TABLE, path)
    found, refused = read_passages(path, extra=["score"])
    assert refused.empty
    for name in ("passage_id", "outlet", "text"):
        assert found[name].to_list() == TABLE[name].to_list()
    assert found["score"].astype(float).to_list() == [0.25, 1.0]
    assert found["published"][0] == TABLE["published"][0]
    assert pd.isna(found["published"][1])
    assert [item.name for item in tmp_path.iterdir()] == [path.name]


def test_a_text_that_a_spreadsheet_would_run_is_escaped_in_csv_alone(tmp_path: Path) -> None:
    table = pd.DataFrame({"text": ["=HYPERLINK(1)", "@a", "-0.5", "a\r=1"], "=name": [-1.5, 2, 3, 4]})
    for ending in (".csv", ".jsonl", ".parquet"):
        write_table(table, tmp_path / f"out{ending}")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as stream:
        assert list(csv.reader(stream)) == [
            ["text", "'=name"], ["'=HYPERLINK(1)", "-1.5"], ["'@a", "2.0"], ["-0.5", "3.0"], ["a\r=1", "4.0"],
        ]  # fmt: skip
    assert '"a\r=1"' in (tmp_path / "out.csv").read_bytes().decode()
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "out.parquet"), table)
    assert json.loads((tmp_path / "out.jsonl").read_text().splitlines()[0])["text"] == "=HYPERLINK(1)"


def test_texts_are_quoted_where_they_must_be(tmp_path: Path) -> None:
    write_table(pd.DataFrame({"a": ["plain", "a,b"], "n": [1, 2]}), tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_bytes() == b'a,n\nplain,1\n"a,b",2\n'


def test_json_lines_keep_letters_and_dates_readable(tmp_path: Path) -> None:
    write_table(TABLE, tmp_path / "out.jsonl")
    first, second = (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(first)["published"].startswith("2025-07-05T12:30:00")
    assert "Größe; null" in second
    assert json.loads(second)["published"] is None


def test_a_table_replaces_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("old", encoding="utf-8")
    write_table(TABLE, path)
    assert path.read_text().startswith("passage_id,outlet,")
    assert path.stat().st_mode & 0o777 == 0o644


class _NoText:
    def __str__(self) -> str:
        raise OSError(28, "No space left on device")


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(InputError, match=r"out\.csv cannot be written: No space left on device"):
        write_table(pd.DataFrame({"text": ["good", _NoText()]}, dtype=object), path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone/out\.csv cannot be written: No such file or directory"):
        write_table(TABLE, tmp_path / "gone" / "out.csv")
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(InputError, match=r"folder\.csv cannot be written: Is a directory"):
        write_table(TABLE, tmp_path / "folder.csv")
    assert [item.name for item in tmp_path.iterdir()] == ["folder.csv"]


def test_the_output_is_checked_before_any_work(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"output: .*out\.xlsx: expected a name ending in \.csv, \.jsonl or"):
        check_output(tmp_path / "out.xlsx")
    with pytest.raises(InputError, match=r"output: .*: there is no folder .*gone"):
        check_output(tmp_path / "gone" / "out.csv")
    check_output(tmp_path / "OUT.CSV")
    assert not list(tmp_path.iterdir())


# locks


def test_a_lock_is_held_by_one_and_free_again_afterwards(tmp_path: Path) -> None:
    path = tmp_path / ".lock"

    def lock() -> None:
        with hold_lock(path, busy="in use"):
            pass

    with hold_lock(path, busy="in use"), pytest.raises(LockedError, match="in use"):
        lock()
    lock()


def test_a_lock_where_nothing_can_be_written_names_the_place(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(InputError, match="file cannot be written"), hold_lock(tmp_path / "file" / ".lock", busy=""):
        pytest.fail("it cannot be held")
