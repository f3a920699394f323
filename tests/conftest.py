"""Shared by all tests: a cache of their own, the real bundled encoder once, the repository as the project."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import hypothesis
import pytest

hypothesis.settings.register_profile("framing", deadline=None)  # a machine that is busy is no failure
hypothesis.settings.load_profile("framing")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session", autouse=True)
def _surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test reads or writes the user's cache, and none is steered by the user's variables."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FRAMING_CACHE", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("FRAMING_PROJECT", str(ROOT))
        patch.delenv("FRAMING_DATA", raising=False)
        patch.setenv("HF_HUB_OFFLINE", "1")
        yield


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def encoder(_surroundings: None):
    """The bundled MiniLM with the session's store: every test that encodes shares its vectors."""
    from framing.encoders.sentence import SentenceEncoder, default_store

    return SentenceEncoder("minilm", store=default_store())


@pytest.fixture(scope="session")
def crisis_classifier(encoder):
    """Zero-shot classifier of great-power-crisis, fitted once."""
    from framing.classify.classifier import FrameClassifier
    from framing.codebook import read_codebook

    return FrameClassifier(read_codebook(ROOT / "seeds" / "great-power-crisis.yaml"), encoder).fit()


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of the real corpora, beside the repository; tests that use it skip where it is absent."""
    folder = Path(os.environ.get("FRAMING_TEST_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip("the real corpora are not beside the repository")
    return folder


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str


@pytest.fixture
def framing(monkeypatch, capsys):
    """Runs the command line in this process, through the function that the `framing` script calls."""
    from framing.cli import main

    def run(*arguments: object) -> Ended:
        monkeypatch.setattr(sys, "argv", ["framing", *map(str, arguments)])
        capsys.readouterr()
        try:
            main()
        except SystemExit as stop:
            code = stop.code or 0
        else:
            code = 0
        out, err = capsys.readouterr()
        assert isinstance(code, int)
        return Ended(code, out, err)

    return run


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """With several workers a module stays on one, and those that share the report that is made once stay together."""
    from xdist.scheduler import LoadScopeScheduling

    class Modules(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            path = nodeid.split("::")[0]
            shared = path.startswith("tests/reports/") and "side_by_side" not in path
            return "tests/reports" if shared else path

    return Modules(config, log)


_KERNEL_FIXTURES = {"report_folder"}  # the report that tests share
_BROWSER_FIXTURES = {"browser"}
_SLOW_FIXTURES = {"crisis_classifier", "plover"}  # the first test that uses one encodes hundreds of seeds


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of the report, a browser or a large classifier are marked by their fixtures, others where they stand."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if fixtures & _KERNEL_FIXTURES:
            item.add_marker(pytest.mark.kernel)
        if fixtures & _BROWSER_FIXTURES:
            item.add_marker(pytest.mark.browser)
        if fixtures & _SLOW_FIXTURES:
            item.add_marker(pytest.mark.slow)
