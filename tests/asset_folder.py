"""A local asset store of a test's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pytest_django import Settings

from storefront_backend import wiring


@contextmanager
def assets_in(folder: Path, settings: Settings) -> Iterator[None]:
    """While the block runs, the shop keeps its assets in that folder."""
    settings.ASSET_FOLDER = folder
    _forget()
    yield
    _forget()


def _forget() -> None:
    wiring.local_assets.cache_clear()
    wiring.local_uploads.cache_clear()
