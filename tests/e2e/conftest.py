"""A shop at an address, for tests that walk through it with a browser."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from storefront_backend import wiring

# Playwright runs an event loop in this thread; Django would refuse to touch the database beside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture
def shop(live_server: LiveServer, settings: Settings) -> Iterator[str]:
    """The address of a running, empty shop whose sandbox pays at the same address."""
    settings.PUBLIC_URL = live_server.url
    wiring.sandbox.cache_clear()
    yield live_server.url
    wiring.sandbox.cache_clear()
