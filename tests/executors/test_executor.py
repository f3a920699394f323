"""Parts in this process and on the workers of a cluster, some of which are killed at work."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from framing.errors import FramingError, InputError
from framing.executors.executor import LocalExecutor, open_executor
from tests.cli.outcomes import refused
from tests.tiny import PASSAGES, codebook_file, static_model


def test_this_process_takes_part_after_part():
    taken = []

    def parts() -> Iterator[int]:
        for number in range(3):
            taken.append(number)
            yield number

    results = LocalExecutor().map_parts(lambda part: 10 * part, parts())
    assert next(results) == (0, 0)
    assert taken == [0], "parts are made when they are asked for"
    assert list(results) == [(1, 10), (2, 20)]


@pytest.mark.parametrize("name", ["dask://host", "dask://:8786", "spark://host:1", "Local", "dask://a b:1"])
def test_other_names_are_refused(name):
    with pytest.raises(InputError, match=r"executor: expected local or dask://HOST:PORT, got"):
        open_executor(name)


def test_the_variable_names_the_place(monkeypatch):
    assert open_executor().name == "local"
    monkeypatch.setenv("FRAMING_EXECUTOR", "dask://[::1]:8786")
    assert (open_executor().name, open_executor().remote) == ("dask://[::1]:8786", True)
    assert open_executor("local").name == "local"


def test_without_dask_the_command_to_install_it_is_said(framing, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    source = tmp_path / "rows.csv"
    pd.DataFrame({"text": PASSAGES}).to_csv(source, index=False)
    command = ["classify", source, "--codebook", codebook_file(tmp_path), "--output", tmp_path / "out.csv"]
    refused(
        framing(*command, "--executor", "dask://127.0.0.1:8786"),
        r"--executor: dask://127\.0\.0\.1:8786 needs Dask, .*pip install 'framing\[cluster\]'",
    )


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """A scheduler with two workers of a process each."""
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as running:
        yield running.scheduler_address.replace("tcp://", "dask://")


class Dying:
    """A function that kills its process the first time that it is called for some parts."""

    def __init__(self, folder: Path, deadly: set[int]) -> None:
        self.folder, self.deadly = folder, deadly

    def __call__(self, part: int) -> int:
        mark = self.folder / str(part)
        if part in self.deadly and not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return part * part


class Refusing:
    def __call__(self, part: int) -> int:
        if part == 3:
            raise InputError("part 3 is wrong", argument="source")
        return part


@pytest.mark.slow
def test_parts_of_killed_workers_are_computed_again(cluster, tmp_path):
    said: list[str] = []
    results = list(open_executor(cluster, say=said.append).map_parts(Dying(tmp_path, {2, 9}), range(20)))
    assert sorted(results) == [(part, part * part) for part in range(20)]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["2", "9"], "two workers died"


@pytest.mark.slow
def test_what_a_part_raises_is_raised_here(cluster):
    with pytest.raises(InputError, match="source: part 3 is wrong"):
        list(open_executor(cluster).map_parts(Refusing(), range(6)))


@pytest.mark.slow
def test_a_scheduler_that_is_gone_is_said():
    from distributed import LocalCluster

    options = {
        "n_workers": 1,
        "threads_per_worker": 1,
        "processes": False,
        "protocol": "tcp",
        "dashboard_address": None,
    }
    with LocalCluster(**options) as running:
        results = open_executor(running.scheduler_address.replace("tcp://", "dask://")).map_parts(str, range(50))
        assert next(results)[1] in set(map(str, range(50)))
        running.close()
        with pytest.raises(FramingError, match="is gone"):
            list(results)


@pytest.mark.slow
def test_classify_on_a_cluster_is_classify_here(framing, cluster, tmp_path, monkeypatch):
    monkeypatch.setattr("framing.corpus.streams.PART_DOCUMENTS", 3)
    texts = [f"{PASSAGES[number % 3]} missile talks the {number % 7}" for number in range(40)]
    source = tmp_path / "rows.csv"
    pd.DataFrame({"text": [*texts, " "]}).to_csv(source, index=False)
    command = [
        "classify", source, "--codebook", codebook_file(tmp_path), "--encoder", static_model(tmp_path / "static"),
    ]  # fmt: skip
    here = framing(*command, "--output", tmp_path / "here.csv")
    assert here.code == 0, here.err

    def open_deadly(name: str, *, say: object = None):
        """The cluster; a worker is killed when the first part is ready."""
        executor = open_executor(name)
        compute, n_killed = executor.map_parts, []

        def map_parts(function, parts):
            for result in compute(function, parts):
                if not n_killed:
                    n_killed.append(kill_a_worker(name))
                yield result

        executor.map_parts = map_parts
        return executor

    monkeypatch.setattr("framing.cli.classify.open_executor", open_deadly)
    there = framing(*command, "--output", tmp_path / "there.csv", "--executor", cluster)
    assert there.code == 0, there.err
    assert "40 rows classified, 1 rows refused" in there.err
    assert (tmp_path / "there.csv").read_bytes() == (tmp_path / "here.csv").read_bytes()
    assert not list(tmp_path.glob("*.parts"))


def kill_a_worker(name: str) -> int:
    from distributed import Client

    with Client(name.replace("dask://", "tcp://"), set_as_default=False) as client:
        pid = next(iter(client.run(os.getpid).values()))
    os.kill(pid, signal.SIGKILL)
    return pid
