"""A local server for each test."""

from __future__ import annotations

import pytest

from tests.fetch.server import serving


@pytest.fixture
def site():
    with serving() as running:
        yield running
