"""Items in forked processes: in order, with the errors of the function, and none lost with a process that dies."""

from __future__ import annotations

import multiprocessing
import os
from types import SimpleNamespace

import pytest

from framing.executors.forked import map_forked


def test_results_come_in_order_and_from_other_processes():
    results = list(map_forked(lambda item: (item, os.getpid()), range(9), n_processes=2))
    assert [item for item, _ in results] == list(range(9))
    assert results[0][1] == os.getpid()
    assert os.getpid() not in {process for _, process in results[1:]}


@pytest.mark.parametrize("n_items", [0, 1, 2])
def test_few_items_stay_in_this_process(n_items):
    assert list(map_forked(lambda item: os.getpid(), range(n_items), n_processes=2)) == [os.getpid()] * n_items


def test_a_process_that_may_have_no_children_reads_alone(monkeypatch):
    monkeypatch.setattr(multiprocessing, "current_process", lambda: SimpleNamespace(daemon=True))
    assert set(map_forked(lambda item: os.getpid(), range(5), n_processes=2)) == {os.getpid()}


def test_a_system_that_cannot_fork_reads_alone(monkeypatch):
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: ["spawn"])
    assert set(map_forked(lambda item: os.getpid(), range(5), n_processes=2)) == {os.getpid()}


def test_an_error_is_that_of_the_function():
    def fail(item: int) -> int:
        if item == 3:
            raise ValueError("the third")
        return item

    results = map_forked(fail, range(6), n_processes=2)
    assert [next(results) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(ValueError, match="the third"):
        list(results)


def test_what_a_dead_process_owes_is_computed_here():
    here = os.getpid()

    def die(item: int) -> int:
        if item == 2 and os.getpid() != here:
            os._exit(9)
        return 10 * item

    assert list(map_forked(die, range(6), n_processes=2)) == [0, 10, 20, 30, 40, 50]


def test_a_reader_that_stops_early_leaves_no_process():
    results = map_forked(lambda item: item, range(50), n_processes=2)
    assert [next(results) for _ in range(3)] == [0, 1, 2]
    results.close()
    assert multiprocessing.active_children() == []
