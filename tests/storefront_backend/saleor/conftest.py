"""A shop that sells through a Saleor in memory."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from storefront_backend.saleor.transport import Patience
from storefront_backend.wiring import saleor_clients
from tests.fakes.saleor_keys import SigningSaleor
from tests.fakes.saleor_sales import SellingSaleor
from tests.fakes.saleor_wire import URL
from tests.storefront_backend.saleor.selling import selling_saleor

_KEYS = SigningSaleor()


@pytest.fixture
def saleor(db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> SellingSaleor:
    """The Saleor; `wire` is the line from it to our webhooks."""
    fake, wire = selling_saleor(_KEYS)
    fake.wire = wire
    settings.SALEOR_API_URL = URL
    monkeypatch.setattr(saleor_clients, "_connections", fake.client)
    hasty = Patience(connect=0.1, read=0.1, attempts=2, first_wait=0)
    monkeypatch.setattr(saleor_clients, "_SHOPPERS_PATIENCE", hasty)
    saleor_clients.breaker.cache_clear()
    return fake
