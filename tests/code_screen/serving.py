"""The page of a screen, served in a thread of the tests."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from framing.code_screen.screen import Screen
from framing.code_screen.server import PageServer


@contextmanager
def serving(screen: Screen) -> Iterator[PageServer]:
    server, started = PageServer(screen), threading.Event()
    loop, ended = asyncio.new_event_loop(), asyncio.Event()

    async def run() -> None:
        server.start()
        started.set()
        await ended.wait()
        await server.stop()

    thread = threading.Thread(target=lambda: loop.run_until_complete(run()))
    thread.start()
    assert started.wait(10)
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(10)
        loop.close()
        screen.close()
