"""A storefront of ours at http://app, as the tests of the API are."""

from __future__ import annotations

import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def _a_storefront(settings: Settings) -> None:
    settings.STOREFRONT_ORIGINS = ["http://app"]
