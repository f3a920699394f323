"""One report made once for all tests of reports: a small corpus with hostile text, through the real door."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from framing.reports import build
from framing.reports.kernels import KernelSource, open_kernels
from framing.reports.run import make_report
from framing.side_by_side.page import PageParts, render_side_by_side
from tests.page_tables import page_tables
from tests.reports.hostile_project import build_project
from tests.reports.side_by_side_page import CHROMIUM, OPTIONS


@pytest.fixture(scope="session", autouse=True)
def _one_prepared_process() -> Iterator[None]:
    """Kernels of all reports are copies of one process that imports once; the tests of kernels start their own."""
    shared: list[KernelSource] = []

    @contextmanager
    def open_shared(*, prepare: bool = True) -> Iterator[KernelSource]:
        if prepare and not shared:
            shared.append(stack.enter_context(open_kernels()))
        yield shared[0] if prepare else KernelSource(None, None)

    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "open_kernels", open_shared)
        yield


@pytest.fixture(scope="session")
def project(tmp_path_factory, root, encoder):
    """The hostile project, as FRAMING_PROJECT while its tests run."""
    return build_project(tmp_path_factory.mktemp("project"), root)


@pytest.fixture
def in_project(project, monkeypatch):
    monkeypatch.setenv("FRAMING_PROJECT", str(project))
    return project


@pytest.fixture(scope="session")
def report_folder(project):
    """Folder of the hostile report, made once."""
    before = os.environ["FRAMING_PROJECT"]
    os.environ["FRAMING_PROJECT"] = str(project)
    try:
        return make_report("hostile").parent
    finally:
        os.environ["FRAMING_PROJECT"] = before


@pytest.fixture(scope="module")
def browser():
    """Chromium without a sandbox and without a network of its own."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def side_by_side_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    (folder / "side_by_side.html").write_text(render_side_by_side(PageParts(**page_tables())), encoding="utf-8")
    return folder


@pytest.fixture
def open_page(browser, side_by_side_folder):
    """Opens the side-by-side page; at the end nothing may have been asked for, and nothing complained."""
    contexts, seen = [], []

    def open_at(link: str = "side_by_side.html", *, path: Path | None = None, **options):
        context = browser.new_context(offline=True, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(5000)
        page.on("request", lambda request: seen.append(request.url))
        page.on("console", lambda message: seen.append(message.text))
        page.on("pageerror", lambda error: seen.append(str(error)))
        name, _, grammar = link.partition("#")
        page.goto((path or side_by_side_folder / name).as_uri() + (f"#{grammar}" if grammar else ""))
        page.wait_for_selector("#heading", state="attached")
        return page

    yield open_at
    for context in contexts:
        context.close()
    assert [item for item in seen if not item.startswith("file:")] == []
