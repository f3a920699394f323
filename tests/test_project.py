"""Environment variables are changed for a while only."""

from __future__ import annotations

import os

import pytest

from framing.project import changed_environment


def test_variables_are_as_before_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRAMING_ONE", "old")
    monkeypatch.delenv("FRAMING_TWO", raising=False)
    before = dict(os.environ)

    def change() -> None:
        with changed_environment(FRAMING_ONE="new", FRAMING_TWO="new"):
            assert (os.environ["FRAMING_ONE"], os.environ["FRAMING_TWO"]) == ("new", "new")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change()
    assert dict(os.environ) == before
