"""Shared by the tests of language models: no variable of the user, and models that wait for nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from framing.llm.answers import AnswerStore
from framing.llm.endpoint import VARIABLES, Endpoint
from framing.llm.model import LanguageModel
from framing.llm.pace import Patience
from tests.llm.server import KEY, Server

QUICK = Patience(tries=3, first_wait=0.0, failures=1000)


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def connect(tmp_path):
    """Makes a model of a server, with a file of answers in the folder of the test."""

    def make(server: Server, *, timeout: float = 5.0, concurrency: int = 4, store: Path | None = None, **options):
        endpoint = Endpoint(f"{server.url}/chat/completions", KEY, concurrency=concurrency, timeout=timeout)
        options.setdefault("patience", QUICK)
        return LanguageModel("words", endpoint=endpoint, store=AnswerStore(store or tmp_path / "a.sqlite"), **options)

    return make
