"""The engines that the contracts are run against."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from storefront_backend import wiring
from tests.fakes.saleor_keys import SigningSaleor
from tests.fakes.saleor_server import SCHEMA, URL
from tests.storefront_backend.saleor.selling import selling_saleor

_KEYS = SigningSaleor()


@pytest.fixture(params=["embedded", "saleor"])
def shop(
    request: pytest.FixtureRequest, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> str:
    """A shop with its own engine, and one on a Saleor that is kept in memory."""
    if request.param == "saleor":
        if not SCHEMA.is_file():
            pytest.skip("no API description of Saleor beside the project")
        request.getfixturevalue("db")
        saleor, _ = selling_saleor(_KEYS)
        settings.SALEOR_API_URL = URL
        monkeypatch.setattr(wiring, "_connections", saleor.client)
    return str(request.param)
