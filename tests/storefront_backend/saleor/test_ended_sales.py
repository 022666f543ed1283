"""A sale's image in Saleor is kept as long as its checkout, and no longer."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest

from storefront_backend.orders.models import Checkout
from storefront_backend.saleor_rows.models import SaleorSale
from storefront_backend.saleor_sync.ended_sales import forget_ended_sales

pytestmark = pytest.mark.django_db


def sale(token: uuid.UUID, state: str = SaleorSale.State.OPEN) -> SaleorSale:
    return SaleorSale.objects.create(
        api_url="https://saleor.example/graphql/", token=token, checkout_id="c", currency="EUR",
        total=Decimal(1), state=state,
    )  # fmt: skip


def test_a_sale_is_forgotten_with_its_purged_checkout_unless_it_was_paid() -> None:
    checkout = Checkout.objects.create(market="de", language="en", currency="EUR")
    kept = [sale(checkout.token), sale(uuid.uuid4(), SaleorSale.State.SOLD)]
    sale(uuid.uuid4())
    assert forget_ended_sales() == 1
    assert {row.pk for row in SaleorSale.objects.all()} == {row.pk for row in kept}
