"""Chromium without a sandbox and without a network of its own, for the pages of the screen."""

from __future__ import annotations

import pytest

from framing.code_screen.screen import Screen
from tests.code_screen.serving import serving
from tests.reports.side_by_side_page import CHROMIUM, OPTIONS


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    if not CHROMIUM:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield launched
        launched.close()


@pytest.fixture
def open_screen(browser):
    """Serves a screen and opens its page; at the end nothing else may have been asked for, and nothing complained."""
    contexts, servers, seen = [], [], []

    def open_at(screen, **options):
        if isinstance(screen, Screen):
            server = serving(screen)
            address = server.__enter__().address
            servers.append(server)
        else:
            address = screen
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        origin = address.split("/?")[0]
        page.on("request", lambda request: None if request.url.startswith(origin) else seen.append(request.url))
        page.on("console", lambda message: seen.append(message.text))
        page.on("pageerror", lambda error: seen.append(str(error)))
        page.address = address
        page.goto(address)
        page.wait_for_selector("[data-index]")
        return page

    yield open_at
    for context in contexts:
        context.close()
    for server in servers:
        server.__exit__(None, None, None)
    assert [item for item in seen if not item.startswith("data:")] == []
