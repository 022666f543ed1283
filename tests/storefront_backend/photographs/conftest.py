"""Every test here has an asset store of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.asset_folder import assets_in


@pytest.fixture(autouse=True)
def asset_folder(tmp_path: Path, settings: Settings) -> Iterator[Path]:
    with assets_in(tmp_path / "assets", settings):
        yield tmp_path / "assets"
