"""After a tick of the rates a Saleor gets the prices that moved, and nothing else."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from pytest_django import Settings

from storefront_backend import wiring
from storefront_backend.catalog.models import Listing, Product, Rate, RateTick
from storefront_backend.jobs import repricing, saleor_prices
from storefront_backend.saleor.transport import Saleor
from storefront_backend.saleor_rows.models import Installation
from storefront_backend.saleor_sync.prices import PricePush
from tests.builders import make_marked_variant, make_shop, make_warehouse
from tests.fakes.saleor_server import FakeSaleor
from tests.fakes.saleor_wire import TOKEN, URL

pytestmark = pytest.mark.django_db


@pytest.fixture
def fake(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> FakeSaleor:
    saleor = FakeSaleor()
    settings.MARKETS = ["us", "de", "jp"]
    make_warehouse()
    row = Installation(api_url=URL, state=Installation.State.ACTIVE)
    row.token = TOKEN
    row.save()
    http = saleor.client()
    monkeypatch.setattr(wiring, "saleor_with_token", lambda url, t: Saleor(url, t, http=http))
    return saleor


@pytest.fixture
def requested(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """What would be queued, and is not."""
    queued: list[tuple[str, Any]] = []
    whole = lambda ids: queued.append(("whole", list(ids)))  # noqa: E731
    monkeypatch.setattr(saleor_prices, "ask_for_push", whole)
    task = SimpleNamespace(
        func=saleor_prices.push_prices.func,
        enqueue=lambda ids, rates: queued.append(("prices", ids)),
    )
    monkeypatch.setattr(saleor_prices, "push_prices", task)
    return queued


def tick(share: str = "0.02") -> RateTick:
    """Gold moves, and every market is repriced."""
    last = Rate.objects.filter(code="gold").latest("as_of")
    Rate.objects.create(
        kind="metal", code="gold", base="CNY", source="test", as_of=wiring.now(),
        value=last.value * (1 + Decimal(share)),
    )  # fmt: skip
    met = wiring.rate_desk().meet()
    repricing.ask(met, ["us", "de", "jp"], "test", wiring.now())
    repricing.reprice.func(met.pk)
    return met


def pushed(fake: FakeSaleor) -> Product:
    """A ring for sale that is the same in Saleor as here."""
    ring = make_shop(make_marked_variant(), markets=("us", "de", "jp"))
    assert wiring.saleor_push().everything(Installation.objects.get()).report.created == (
        ring.product.slug,
    )
    fake.requests.clear()
    return ring.product


def test_prices_that_moved_are_asked_for_once_the_last_market_is_done(
    fake: FakeSaleor,
    requested: list[tuple[str, Any]],
    django_capture_on_commit_callbacks: Any,
) -> None:
    product = pushed(fake)
    with django_capture_on_commit_callbacks(execute=True):
        tick()
    assert requested == [("prices", [product.pk])]


def test_a_tick_sends_prices_and_looks_at_nothing_else(
    fake: FakeSaleor, requested: list[tuple[str, Any]]
) -> None:
    product = pushed(fake)
    met = tick()
    assert saleor_prices.push_prices.func([product.pk], met.version) == 3
    assert fake.requests == ["CatalogueSurroundings", "CatalogueVariants", "UpdateVariants"]
    (listing,) = Listing.objects.filter(market="de")
    rows = fake.variant(listing.variant.sku)["channelListings"]
    there = {each["channel"]["slug"]: each["price"]["amount"] for each in rows}
    assert there["de"] == float(listing.goods)


def test_what_a_later_tick_wrote_is_left_to_it(
    fake: FakeSaleor, requested: list[tuple[str, Any]]
) -> None:
    product = pushed(fake)
    first = tick("0.02")
    tick("0.03")
    assert saleor_prices.push_prices.func([product.pk], first.version) == 0
    assert "UpdateVariants" not in fake.requests


def test_a_piece_that_saleor_does_not_have_yet_is_pushed_whole(
    fake: FakeSaleor, requested: list[tuple[str, Any]]
) -> None:
    product = pushed(fake)
    fake.products.clear()
    met = tick()
    prices = PricePush(wiring.saleor_catalog, lambda ids: requested.append(("whole", ids)))
    requested.clear()
    assert prices.set_prices(Installation.objects.get(), [product.pk], met.version) == 0
    assert requested == [("whole", [product.pk])]
