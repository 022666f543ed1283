"""A sandbox of its own for each test that takes payments."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from storefront_backend import wiring


@pytest.fixture
def own_sandbox(settings: Settings, tmp_path: Path) -> Iterator[None]:
    """The provider's file in this test's folder; settings are read anew."""
    settings.PAVILION_HOME = tmp_path
    wiring.sandbox.cache_clear()
    yield
    wiring.sandbox.cache_clear()
