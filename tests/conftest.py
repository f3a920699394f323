"""Shared by all tests: a cache of their own, the real bundled encoder once, the repository as the project."""

from __future__ import annotations

import fcntl
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import hypothesis
import pytest

# A machine that is busy is no failure. Now and then, and after work on a reader:
# python -m pytest --hypothesis-profile thorough
_PATIENT = {"deadline": None, "suppress_health_check": [hypothesis.HealthCheck.too_slow]}
hypothesis.settings.register_profile("framing", max_examples=25, **_PATIENT)
hypothesis.settings.register_profile("thorough", max_examples=500, **_PATIENT)
hypothesis.settings.load_profile("framing")

# jsonschema, which altair imports, would check IRIs by it; its import compiles 38 grammars in 1.3 s
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this run, the same for all of its workers."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


@pytest.fixture(scope="session", autouse=True)
def _surroundings(shared: Path) -> Iterator[None]:
    """No test reads or writes the user's cache, and none is steered by the user's variables.

    Workers share a cache, so that a text is encoded once.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FRAMING_CACHE", str(shared / "cache"))
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
def crisis_classifier(encoder, shared):
    """Zero-shot classifier of great-power-crisis, fitted by the first worker that needs it."""
    from framing.classify.classifier import FrameClassifier
    from framing.classify.saved import load_classifier, save_classifier
    from framing.codebook import read_codebook

    codebook = read_codebook(ROOT / "seeds" / "great-power-crisis.yaml")
    folder = shared / "crisis"
    with (shared / "crisis.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            save_classifier(FrameClassifier(codebook, encoder).fit(), folder)
    return load_classifier(folder, codebook, encoder=encoder)


@pytest.fixture(scope="module")
def short_background() -> Iterator[None]:
    """40 of the 440 passages of background: a fit of a codebook of several frames takes a fifth of the time."""
    from framing.classify.anchors import read_background

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("framing.classify.anchors.read_background", lambda: read_background()[::11])
        yield


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
    """Tests of the report, a browser or a large classifier are marked by their fixtures, others where they stand.

    Files with long tests come first: at the end no worker waits for another.
    """
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if fixtures & _KERNEL_FIXTURES:
            item.add_marker(pytest.mark.kernel)
        if fixtures & _BROWSER_FIXTURES:
            item.add_marker(pytest.mark.browser)
        if fixtures & _SLOW_FIXTURES:
            item.add_marker(pytest.mark.slow)
    names = ("kernel", "browser", "slow")
    marks: dict[Path, set[str]] = {}
    for item in items:
        marks.setdefault(item.path, set()).update(mark.name for mark in item.iter_markers() if mark.name in names)
    items.sort(key=lambda item: [name not in marks[item.path] for name in names])
