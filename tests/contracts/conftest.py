"""The shops that the contracts of CheckoutEngine and OrderEngine are run in.

The live one needs SALEOR_API_URL and SALEOR_APP_TOKEN, of a Saleor that `saleor_bootstrap` has set
up and an app whose webhooks point to a free port of this machine: there the tests' own shop listens
meanwhile, and the Saleor asks it for tax and deliveries.
"""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from storefront_backend import wiring
from storefront_backend.catalog.models import Product
from storefront_backend.commerce.checkout import Checkout, OpenCheckout
from storefront_backend.commerce.ports import CheckoutEngine
from storefront_backend.saleor.identity import identity
from storefront_backend.saleor_rows.models import Installation
from storefront_backend.saleor_sync.push import catalog_products
from storefront_backend.wiring import saleor_clients
from tests import builders
from tests.fakes.saleor_keys import SigningSaleor
from tests.fakes.saleor_wire import URL
from tests.storefront_backend.saleor.selling import selling_saleor

_KEYS = SigningSaleor()
# A running Saleor keeps what earlier runs have sold, so each run uses new names.
_NUMBERS = itertools.count(int(time.time()) * 1000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A Saleor that calls us from outside sees only what is committed."""
    for item in items:
        callspec = getattr(item, "callspec", None)
        if callspec is not None and callspec.params.get("shop") == "live":
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(params=["embedded", "saleor", "live"])
def shop(
    request: pytest.FixtureRequest, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """A shop with its own engine, one on a Saleor kept in memory, and one on a running Saleor."""
    settings.SALEOR_API_URL = ""
    if request.param == "saleor":
        request.getfixturevalue("db")
        saleor, _ = selling_saleor(_KEYS)
        settings.SALEOR_API_URL = URL
        monkeypatch.setattr(saleor_clients, "_connections", saleor.client)
    if request.param == "live":
        yield from _live(request, settings, monkeypatch)
    else:
        yield str(request.param)


def _live(
    request: pytest.FixtureRequest, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    url, token = os.environ.get("SALEOR_API_URL"), os.environ.get("SALEOR_APP_TOKEN")
    if not url or not token:
        pytest.skip("no SALEOR_API_URL and SALEOR_APP_TOKEN: `make test-saleor` runs this")
    request.getfixturevalue("transactional_db")
    monkeypatch.setattr(builders, "_count", _NUMBERS)
    client = wiring.saleor_with_token(url, token)
    who = identity(client)
    row = Installation(
        api_url=url,
        state=Installation.State.ACTIVE,
        app_id=who.app_id,
        keys=wiring.saleor_keys(url),
    )
    row.token = token
    row.save()
    settings.SALEOR_API_URL = url
    channels = client.run("setup/channels").data["channels"]
    settings.MARKETS = [each["slug"] for each in channels if each["slug"] in settings.MARKETS]
    engine = wiring.checkouts
    monkeypatch.setattr(wiring, "checkouts", lambda: PushedFirst(engine(), row))
    server = LiveServer(urlsplit(who.webhooks[0].address).netloc)
    yield "live"
    server.stop()


@dataclass(frozen=True, slots=True)
class PushedFirst:
    """A CheckoutEngine whose pieces are brought into the Saleor before they are bought."""

    engine: CheckoutEngine
    row: Installation

    def open(self, request: OpenCheckout) -> Checkout:
        """Push what is on our shelves, with its prices and its stock, and open."""
        catalog = wiring.saleor_catalog(self.row)
        products = list(
            catalog_products(list(Product.objects.values_list("pk", flat=True)), wiring.assets())
        )
        report = catalog.publish(products)
        assert not report.failures
        variants = [variant for product in products for variant in product.variants]
        catalog.set_prices([price for variant in variants for price in variant.prices])
        catalog.set_stock([level for variant in variants for level in variant.stock])
        return self.engine.open(request)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.engine, name)
